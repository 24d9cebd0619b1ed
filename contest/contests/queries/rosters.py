"""Reading staged rosters, and the people who wait for an activation code."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Person, Scope, Unit
from contest.contests.models import (
    Contest,
    Registration,
    RegistrationSource,
    RosterImport,
    RosterImportRow,
    RowFate,
)
from contest.contests.rules.roster_staging import UnitGroup, unit_groups
from contest.core.db import db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import text_sort_key

_IDLE: Final = (RowFate.REGISTERED, RowFate.TWICE)


@dataclass(frozen=True, slots=True)
class RosterCounts:
    """Rows of a staged roster.

    Attributes:
        total: all of them.
        good: that can be read; bad: that cannot; flagged: good with a remark.
        fresh: people who would be recorded; known: recorded already, to be registered.
        idle: good, but in the contest already or named twice: nothing happens.
        legacy: in a legacy font, with a conversion to agree to.
    """

    total: int
    good: int
    bad: int
    flagged: int
    fresh: int
    known: int
    idle: int
    legacy: int

    @property
    def takeable(self) -> int:
        """Rows that become registrations."""
        return self.fresh + self.known


def roster_imports(contest: Contest) -> list[RosterImport]:
    """The rosters of a contest, newest first."""
    return list(
        db.session.scalars(
            select(RosterImport)
            .where(RosterImport.contest_id == contest.id)
            .order_by(RosterImport.created_at.desc(), RosterImport.id.desc())
            .limit(50)
        )
    )


def roster_import(contest: Contest, public_id: str) -> RosterImport | None:
    """A roster of a contest that was loaded for somebody."""
    return db.session.scalar(
        select(RosterImport).where(
            RosterImport.contest_id == contest.id, RosterImport.public_id == public_id
        )
    )


def roster_counts(roster: RosterImport) -> RosterCounts:
    """The numbers above the preview."""
    good = RosterImportRow.is_good
    fate = RosterImportRow.fate
    total, taken, *others = db.session.execute(
        select(
            func.count(),
            func.count().filter(good),
            func.count().filter(good, RosterImportRow.is_flagged),
            func.count().filter(good, fate == RowFate.NEW),
            func.count().filter(good, fate == RowFate.KNOWN),
            func.count().filter(good, fate.in_(_IDLE)),
            func.count().filter(RosterImportRow.is_legacy),
        ).where(RosterImportRow.import_id == roster.id)
    ).one()
    return RosterCounts(total, taken, total - taken, *others)


def roster_rows(
    roster: RosterImport, show: str = "all", *, page: int = 1, size: int = 50
) -> Page[RosterImportRow]:
    """One page of the preview: `all`, `good`, `bad`, `flagged` or `known` rows."""
    statement = select(RosterImportRow).where(RosterImportRow.import_id == roster.id)
    if show == "good":
        statement = statement.where(RosterImportRow.is_good)
    elif show == "bad":
        statement = statement.where(~RosterImportRow.is_good)
    elif show == "flagged":
        statement = statement.where(RosterImportRow.is_good, RosterImportRow.is_flagged)
    elif show == "known":
        statement = statement.where(
            RosterImportRow.is_good, RosterImportRow.fate.in_((RowFate.KNOWN, *_IDLE))
        )
    return paginate(statement.order_by(RosterImportRow.position), page=page, size=size)


def roster_row(roster: RosterImport, position: int) -> RosterImportRow | None:
    """A row of a roster that was loaded for somebody."""
    return db.session.get(RosterImportRow, (roster.id, position))


def good_rows(roster: RosterImport) -> list[RosterImportRow]:
    """The rows that can be taken, in the order of the file."""
    return list(
        db.session.scalars(
            select(RosterImportRow)
            .where(RosterImportRow.import_id == roster.id, RosterImportRow.is_good)
            .order_by(RosterImportRow.position)
        )
    )


def legacy_rows(roster: RosterImport, position: int | None = None) -> list[RosterImportRow]:
    """Rows in a legacy font with a conversion to agree to: all, or the one at a place."""
    statement = select(RosterImportRow).where(
        RosterImportRow.import_id == roster.id, RosterImportRow.is_legacy
    )
    if position is not None:
        statement = statement.where(RosterImportRow.position == position)
    return list(db.session.scalars(statement.order_by(RosterImportRow.position)))


def roster_by_id(roster_id: int) -> RosterImport | None:
    """A roster for the job that reads or takes it."""
    return db.session.get(RosterImport, roster_id)


def bad_rows(roster: RosterImport) -> list[RosterImportRow]:
    """The rows that stay behind, in the order of the file."""
    return list(
        db.session.scalars(
            select(RosterImportRow)
            .where(RosterImportRow.import_id == roster.id, ~RosterImportRow.is_good)
            .order_by(RosterImportRow.position)
        )
    )


def roster_unit_groups(roster: RosterImport) -> list[UnitGroup]:
    """The spellings of units in rows that can be taken, alike ones together."""
    rows = db.session.execute(
        select(RosterImportRow.unit, func.count())
        .where(
            RosterImportRow.import_id == roster.id,
            RosterImportRow.is_good,
            RosterImportRow.unit != "",
        )
        .group_by(RosterImportRow.unit)
        .order_by(func.min(RosterImportRow.position))
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    variants: list[list[str]] = roster.layout.get("variants", [])
    return unit_groups(counts, variants)


@dataclass(frozen=True, slots=True)
class WaitingUnit:
    """A unit with people who came by roster and have no password yet."""

    public_id: str
    unit_path: str
    persons: int


def _waiting(contest: Contest) -> Any:
    return (
        Registration.contest_id == contest.id,
        Registration.withdrawn_at.is_(None),
        Registration.source == RegistrationSource.ROSTER,
        Person.password_hash.is_(None),
        Person.disabled_at.is_(None),
    )


def units_waiting_for_codes(contest: Contest) -> list[WaitingUnit]:
    """Units whose people need activation codes, by path."""
    rows = db.session.execute(
        select(Unit.public_id, Registration.unit_path, func.count())
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Unit, Unit.id == Registration.unit_id)
        .where(*_waiting(contest))
        .group_by(Unit.public_id, Registration.unit_path)
    )
    found = [WaitingUnit(public_id or "", path, count) for public_id, path, count in rows]
    return sorted(found, key=lambda unit: text_sort_key(unit.unit_path))


def registrations_waiting_for_codes(
    contest: Contest, unit: Unit | None = None
) -> list[tuple[Registration, str | None]]:
    """Registrations whose people need codes, with the scope path of the person's unit.

    Ordered by unit path and name: the order of the printed sheets.
    """
    statement = (
        select(Registration, Scope.path)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(Scope, Scope.id == Unit.scope_id)
        .where(*_waiting(contest))
        .options(joinedload(Registration.person))
        .order_by(Registration.sort_key, Registration.id)
    )
    if unit is not None:
        statement = statement.where(Registration.unit_id == unit.id)
    rows = [(row[0], row[1]) for row in db.session.execute(statement)]
    return sorted(rows, key=lambda row: text_sort_key(row[0].unit_path))
