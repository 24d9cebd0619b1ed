"""Reading registrations, entries, exclusions and disqualifications."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import Grant, Unit
from contest.contests.kinds import kind_of
from contest.contests.models import (
    Contest,
    Disqualification,
    Division,
    Entry,
    Registration,
    Round,
)
from contest.contests.rules import ids_of_path, read_registration_code
from contest.core.access import Role
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, text_sort_key

STAFF_ROLES: Final = (
    Role.ADMINISTRATOR,
    Role.ORGANISER,
    Role.SECRETARY,
    Role.JUDGE,
    Role.QUESTION_AUTHOR,
    Role.QUESTION_REVIEWER,
    Role.AUDITOR,
)
"""Roles that keep a person from prizes; a unit's coordinator competes like everybody."""


def registration_of(contest_id: int, person_id: int) -> Registration | None:
    """A person's registration in a contest, withdrawn ones too."""
    return db.session.scalar(
        select(Registration)
        .where(Registration.contest_id == contest_id, Registration.person_id == person_id)
        .options(joinedload(Registration.division))
    )


def own_registrations(person_id: int) -> list[Registration]:
    """A person's live registrations with contest and rounds, the newest first."""
    return list(
        db.session.scalars(
            select(Registration)
            .where(Registration.person_id == person_id, Registration.withdrawn_at.is_(None))
            .options(
                joinedload(Registration.contest).selectinload(Contest.rounds),
                joinedload(Registration.division),
            )
            .order_by(Registration.registered_at.desc(), Registration.id.desc())
        ).unique()
    )


def own_registration(person_id: int, public_id: str) -> Registration | None:
    """A registration that is this person's."""
    return db.session.scalar(
        select(Registration).where(
            Registration.public_id == public_id, Registration.person_id == person_id
        )
    )


def entry_of(registration_id: int, ordinal: int = 1) -> Entry | None:
    """The entry with which a registration competes."""
    return db.session.scalar(
        select(Entry).where(Entry.registration_id == registration_id, Entry.ordinal == ordinal)
    )


def registration_in(contest: Contest, public_id: str) -> Registration | None:
    """A registration of a contest that was loaded for somebody."""
    return db.session.scalar(
        select(Registration)
        .where(Registration.contest_id == contest.id, Registration.public_id == public_id)
        .options(joinedload(Registration.division), joinedload(Registration.person))
    )


@dataclass(frozen=True, slots=True)
class RegistrationFilter:
    """What an organiser looks for in the list.

    Attributes:
        text: words of the name or unit path without marks, or a registration code.
        unit: only the branch of this unit, as it was when people registered.
        division: only this division; `no_division` = only those without one.
        state: `live` (default), `withdrawn`, `disqualified` or `all`.
        sort: `name`, `unit`, `division`, `registered`.
        descending: the other way round.
    """

    text: str = ""
    unit: Unit | None = None
    division: Division | None = None
    no_division: bool = False
    state: str = "live"
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A line of the list."""

    registration: Registration
    is_disqualified: bool


_SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "name": (Registration.sort_key,),
    "unit": (Unit.sort_key, Registration.sort_key),
    "division": (Division.position, Registration.sort_key),
    "registered": (Registration.registered_at,),
}


def _disqualified_now() -> ColumnElement[bool]:
    return (
        select(Disqualification.id)
        .join(Entry, Entry.id == Disqualification.entry_id)
        .where(Entry.registration_id == Registration.id, Disqualification.lifted_at.is_(None))
        .correlate(Registration)
        .exists()
    )


def _filtered(contest: Contest, wanted: RegistrationFilter) -> Select[Registration, bool]:
    statement = (
        select(Registration, _disqualified_now())
        .outerjoin(Registration.division)
        .outerjoin(Registration.unit)
        .where(Registration.contest_id == contest.id)
        .options(joinedload(Registration.division))
    )
    code = read_registration_code(wanted.text)
    if wanted.text:
        words = or_(
            contains_folded(Registration.name_folded, fold(wanted.text)),
            contains_folded(Registration.unit_folded, fold(wanted.text)),
        )
        statement = statement.where(
            words if code is None else or_(words, Registration.code == code)
        )
    if wanted.unit is not None:
        statement = statement.where(Registration.unit_ids.contains(f"/{wanted.unit.id}/"))
    if wanted.division is not None:
        statement = statement.where(Registration.division_id == wanted.division.id)
    if wanted.no_division:
        statement = statement.where(Registration.division_id.is_(None))
    if wanted.state == "withdrawn":
        statement = statement.where(Registration.withdrawn_at.is_not(None))
    elif wanted.state != "all":
        statement = statement.where(Registration.withdrawn_at.is_(None))
    if wanted.state == "disqualified":
        statement = statement.where(_disqualified_now())
    order = _SORTS.get(wanted.sort, _SORTS["name"])
    turned = [column.desc() if wanted.descending else column.asc() for column in order]
    return statement.order_by(*turned, Registration.id)


def registrations_page(
    contest: Contest, wanted: RegistrationFilter, *, page: int = 1, size: int = 50
) -> Page[RegistrationRow]:
    """One page of a contest's registrations."""
    found = paginate(_filtered(contest, wanted), page=page, size=size)
    rows = [RegistrationRow(registration, flag) for registration, flag in found.items]
    return Page(rows, found.number, found.size, found.total)


def registrations_for_export(
    contest: Contest, wanted: RegistrationFilter
) -> Iterator[RegistrationRow]:
    """All registrations that a filter finds, a thousand at a time."""
    rows = db.session.execute(
        _filtered(contest, wanted)
        .options(joinedload(Registration.person))
        .execution_options(yield_per=1_000)
    )
    for registration, flag in rows:
        yield RegistrationRow(registration, flag)


@dataclass(frozen=True, slots=True)
class RegistrationCounts:
    """How many registrations a contest has: live, withdrawn, without a division."""

    live: int
    withdrawn: int
    without_division: int


def registration_counts(contest: Contest) -> RegistrationCounts:
    """The numbers above the list."""
    live = Registration.withdrawn_at.is_(None)
    total, gone, without = db.session.execute(
        select(
            func.count().filter(live),
            func.count().filter(~live),
            func.count().filter(live, Registration.division_id.is_(None)),
        ).where(Registration.contest_id == contest.id)
    ).one()
    return RegistrationCounts(total, gone, without if contest.divisions else 0)


def units_with_registrations(contest: Contest) -> list[tuple[str, str, int]]:
    """Public ids of units that registrations name, with path and number of live people."""
    rows = db.session.execute(
        select(Unit.public_id, Registration.unit_path, func.count())
        .join(Unit, Unit.id == Registration.unit_id)
        .where(Registration.contest_id == contest.id, Registration.withdrawn_at.is_(None))
        .group_by(Unit.public_id, Registration.unit_path)
    )
    found = [(public_id, path, count) for public_id, path, count in rows]
    return sorted(found, key=lambda line: text_sort_key(line[1]))


def disqualified(round: Round) -> set[int]:
    """Ids of entries that are not ranked in a round: disqualified there or in the contest."""
    return set(
        db.session.scalars(
            select(Disqualification.entry_id)
            .join(Entry, Entry.id == Disqualification.entry_id)
            .where(
                Entry.contest_id == round.contest_id,
                Disqualification.lifted_at.is_(None),
                or_(Disqualification.round_id == round.id, Disqualification.round_id.is_(None)),
            )
        )
    )


def disqualifications_of(registration: Registration) -> list[Disqualification]:
    """All decisions about a registration's entries, lifted ones too, newest first."""
    return list(
        db.session.scalars(
            select(Disqualification)
            .join(Disqualification.entry)
            .where(Entry.registration_id == registration.id)
            .order_by(Disqualification.decided_at.desc(), Disqualification.id.desc())
        )
    )


def disqualification_in(contest: Contest, public_id: str) -> Disqualification | None:
    """A decision about an entry of a contest that was loaded for somebody."""
    return db.session.scalar(
        select(Disqualification)
        .join(Disqualification.entry)
        .where(Entry.contest_id == contest.id, Disqualification.public_id == public_id)
        .options(selectinload(Disqualification.entry).joinedload(Entry.registration))
    )


def contest_staff(contest: Contest) -> set[int]:
    """Ids of persons who win no prize here, by account.

    Those whose staff role covers the contest or did since it was begun (given on the contest, on
    the unit that runs it or above), and those whom a round's kind names because they wrote or
    checked what is asked. Ending a grant shortly before the prizes changes nothing.
    """
    granted = set(
        db.session.scalars(
            select(Grant.person_id).where(
                Grant.scope_id.in_(ids_of_path(contest.scope.path)),
                Grant.role.in_(STAFF_ROLES),
                or_(Grant.ended_at.is_(None), Grant.ended_at > contest.created_at),
            )
        )
    )
    return granted.union(*(kind_of(each).insiders(each) for each in contest.rounds))


def excluded_from_prizes(contest: Contest) -> set[int]:
    """Ids of entries that are ranked but win nothing, because their persons are staff."""
    if not contest.exclude_staff:
        return set()
    return entries_of_persons(contest, contest_staff(contest))


def entries_of_persons(contest: Contest, person_ids: Collection[int]) -> set[int]:
    """Ids of the entries in a contest of some persons."""
    if not person_ids:
        return set()
    return set(
        db.session.scalars(
            select(Entry.id)
            .join(Entry.registration)
            .where(Entry.contest_id == contest.id, Registration.person_id.in_(person_ids))
        )
    )
