"""Works that units confirm, and what they said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import Grant, Person, Scope, Unit
from contest.contests.models import Entry, Registration, Round
from contest.core.access import ROLE_PERMISSIONS, Actor, Permission, Role
from contest.core.db import db
from contest.submissions.models import (
    ConfirmationDemand,
    ConfirmationLetter,
    ConfirmationOutcome,
    UnitConfirmation,
    Work,
    WorkFile,
    WorkState,
)


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """A work handed in, and what its unit said about this version; None while it waits."""

    work: Work
    said: UnitConfirmation | None


def demand_of(round_id: int) -> ConfirmationDemand | None:
    """Whether and until when a round asks units to confirm."""
    return db.session.get(ConfirmationDemand, round_id)


def units_of(actor: Actor) -> frozenset[int]:
    """The units for which a person speaks: each stands for everything below it."""
    paths = {
        grant.scope_path
        for grant in actor.grants
        if Permission.NOMINATE in ROLE_PERMISSIONS[grant.role]
    }
    rows = select(Unit.id).join(Scope, Scope.id == Unit.scope_id).where(Scope.path.in_(paths))
    return frozenset(db.session.scalars(rows)) if paths else frozenset()


def _of_units(unit_ids: Collection[int]) -> ColumnElement[bool]:
    if not unit_ids:
        return false()
    return or_(*(Registration.unit_ids.contains(f"/{unit_id}/") for unit_id in sorted(unit_ids)))


def _rows() -> Select[Work, UnitConfirmation]:
    return (
        select(Work, UnitConfirmation)
        .join(Entry, Entry.id == Work.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .outerjoin(
            UnitConfirmation,
            (UnitConfirmation.work_id == Work.id)
            & UnitConfirmation.is_current
            & (UnitConfirmation.version_id == Work.submitted_version_id),
        )
        .where(Work.state == WorkState.SUBMITTED, Work.advanced_from_id.is_(None))
        .options(
            joinedload(Work.submitted_version),
            joinedload(Work.round).joinedload(Round.contest),
            joinedload(Work.entry).joinedload(Entry.registration),
            selectinload(Work.authors),
            selectinload(Work.files).joinedload(WorkFile.original),
            joinedload(UnitConfirmation.decided_by),
        )
        .order_by(Work.round_id.desc(), UnitConfirmation.id.is_not(None), Work.submitted_at)
    )


def works_of_units(unit_ids: Collection[int], round_id: int | None = None) -> list[ConfirmationRow]:
    """Works of the people of these units in rounds that ask for it, those that wait first."""
    statement = _rows().join(ConfirmationDemand, ConfirmationDemand.round_id == Work.round_id)
    statement = statement.where(_of_units(unit_ids))
    if round_id is not None:
        statement = statement.where(Work.round_id == round_id)
    return [ConfirmationRow(*row) for row in db.session.execute(statement).unique()]


def work_of_units(
    unit_ids: Collection[int], public_id: str, round_id: int | None = None
) -> ConfirmationRow | None:
    """One of them."""
    rows = works_of_units(unit_ids, round_id)
    return next((row for row in rows if row.work.public_id == public_id), None)


def said_about(work: Work) -> UnitConfirmation | None:
    """What the unit said about the version handed in last."""
    return db.session.scalar(
        select(UnitConfirmation).where(
            UnitConfirmation.work_id == work.id,
            UnitConfirmation.is_current,
            UnitConfirmation.version_id == work.submitted_version_id,
        )
    )


def letter_by_code(code: str) -> ConfirmationLetter | None:
    """A letter that holds, by the code in its link."""
    return db.session.scalar(
        select(ConfirmationLetter)
        .where(ConfirmationLetter.code == code, ConfirmationLetter.withdrawn_at.is_(None))
        .options(
            joinedload(ConfirmationLetter.unit),
            joinedload(ConfirmationLetter.round).joinedload(Round.contest),
        )
    )


def letter_in(round_id: int, public_id: str) -> ConfirmationLetter | None:
    """A letter of a round by its public id."""
    return db.session.scalar(
        select(ConfirmationLetter)
        .where(ConfirmationLetter.round_id == round_id, ConfirmationLetter.public_id == public_id)
        .options(joinedload(ConfirmationLetter.unit))
    )


def letters_of(round_id: int) -> list[ConfirmationLetter]:
    """The letters issued in a round, the newest first."""
    return list(
        db.session.scalars(
            select(ConfirmationLetter)
            .where(ConfirmationLetter.round_id == round_id)
            .options(joinedload(ConfirmationLetter.unit))
            .order_by(ConfirmationLetter.id.desc())
        )
    )


def confirmation_counts(round_id: int) -> dict[str, int]:
    """How many works wait (""), are confirmed, were returned."""
    counted = _rows().with_only_columns(UnitConfirmation.outcome, func.count()).order_by(None)
    rows = db.session.execute(
        counted.where(Work.round_id == round_id).group_by(UnitConfirmation.outcome)
    )
    counts: dict[ConfirmationOutcome | None, int] = dict(rows.all())
    return {"" if outcome is None else outcome.value: count for outcome, count in counts.items()}


def demands_due(now: datetime, within: timedelta) -> list[ConfirmationDemand]:
    """Rounds whose units have to answer soon and were not reminded."""
    return list(
        db.session.scalars(
            select(ConfirmationDemand)
            .where(
                ConfirmationDemand.reminded_at.is_(None),
                ConfirmationDemand.due_at > now,
                ConfirmationDemand.due_at <= now + within,
            )
            .options(joinedload(ConfirmationDemand.round).joinedload(Round.contest))
        )
    )


def coordinators_with_waiting(contest_round: Round) -> list[tuple[Person, int]]:
    """Coordinators whose people's works still wait, with how many."""
    holders = db.session.execute(
        select(Person, Unit.id)
        .join(Grant, Grant.person_id == Person.id)
        .join(Unit, Unit.scope_id == Grant.scope_id)
        .where(Grant.role == Role.UNIT_COORDINATOR, Grant.ended_at.is_(None))
        .order_by(Person.id)
    )
    units: dict[Person, set[int]] = {}
    for person, unit_id in holders:
        units.setdefault(person, set()).add(unit_id)
    found = []
    for person, unit_ids in units.items():
        rows = works_of_units(unit_ids, contest_round.id)
        waiting = sum(row.said is None for row in rows)
        if waiting:
            found.append((person, waiting))
    return found
