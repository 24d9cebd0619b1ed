"""Who handed in essays: persons and works, whole and by unit."""

from sqlalchemy import distinct, func, select

from contest.contests.kinds import RoundCounts, UnitCount
from contest.contests.models import Entry, Registration
from contest.core.db import db
from contest.submissions.models import Work, WorkState


def handed_in(round_id: int) -> RoundCounts:
    """Persons and works handed in."""
    row = db.session.execute(
        select(func.count(distinct(Work.person_id)), func.count()).where(
            Work.round_id == round_id, Work.state == WorkState.SUBMITTED
        )
    ).one()
    return RoundCounts(row[0], row[1])


def handed_in_by_unit(round_id: int) -> list[UnitCount]:
    """Persons and works of each unit, with the path as it was; most persons first."""
    persons = func.count(distinct(Work.person_id))
    rows = db.session.execute(
        select(Registration.unit_id, Registration.unit_path, persons, func.count())
        .select_from(Work)
        .join(Entry, Entry.id == Work.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        .group_by(Registration.unit_id, Registration.unit_path)
        .order_by(persons.desc(), Registration.unit_path)
    )
    return [UnitCount(*row) for row in rows]
