"""What the prepared counts are made of: who took part in a round, unit by unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from contest.contests.models import Contest, ContestKind, Entry, Registration, Round, Stage
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.quizzes.models import Attempt
from contest.reports.models import ParticipationCount
from contest.submissions.models import Work, WorkAuthor, WorkState

_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Counted:
    """A round, or a contest without rounds, that can be counted.

    `held_on` is the local day on which it opened.
    """

    contest_id: int
    round_id: int | None
    unit_id: int
    kind: ContestKind
    held_on: date
    is_final: bool


class Participant(NamedTuple):
    """Somebody who took part in a round.

    Attributes:
        unit_id: as registered; None for no unit.
        path: ids from the unit upwards as they were then, "/12/5/1/"; "" for as they are now.
        person_id: who.
        things: attempts, or works; 0 for a co-author.
        entries: how many entries they belong to; 0 for a co-author.
    """

    unit_id: int | None
    path: str
    person_id: int
    things: int
    entries: int


def local_day(instant: datetime) -> date:
    """The day in Việt Nam."""
    return instant.astimezone(LOCAL_ZONE).date()


def countable() -> list[Counted]:
    """Rounds of announced contests that have opened, and contests without rounds; no practice."""
    rows: Any = db.session.execute(
        select(
            Contest.id,
            Contest.unit_id,
            Contest.kind,
            Contest.starts_on,
            Round.id,
            Round.kind,
            Round.stage,
            Round.is_practice,
            Round.opened_at,
            Round.opens_at,
        )
        .outerjoin(Round, Round.contest_id == Contest.id)
        .where(Contest.announced_at.is_not(None))
        .order_by(Contest.id, Round.number)
    )
    found: list[Counted] = []
    for contest_id, unit_id, kind, starts_on, round_id, round_kind, stage, practice, *at in rows:
        if round_id is None:
            if starts_on is not None:
                found.append(Counted(contest_id, None, unit_id, kind, starts_on, is_final=False))
            continue
        opened = at[0] or at[1]
        day = starts_on if opened is None else local_day(opened)
        if practice or stage is Stage.PLANNED or day is None:
            continue
        final = stage is Stage.PUBLISHED
        found.append(Counted(contest_id, round_id, unit_id, round_kind, day, is_final=final))
    return found


def counted_rounds() -> set[tuple[int, int | None]]:
    """Contests and rounds of which there are counts."""
    rows = db.session.execute(
        select(ParticipationCount.contest_id, ParticipationCount.round_id).distinct()
    )
    return {(row[0], row[1]) for row in rows}


def participants(counted: Counted) -> Iterator[Participant]:
    """Who took part in a round, unit by unit; authors and co-authors of an essay alike."""
    if counted.round_id is not None and counted.kind is ContestKind.ESSAY:
        yield from _authors(counted)
        return
    columns = (Registration.unit_id, Registration.unit_ids, Registration.person_id)
    statement: Any
    if counted.round_id is None:
        statement = (
            select(*columns, func.count(Entry.id), func.count(Entry.id))
            .join(Entry, Entry.registration_id == Registration.id)
            .where(
                Registration.contest_id == counted.contest_id, Registration.withdrawn_at.is_(None)
            )
        )
    else:
        statement = (
            select(*columns, func.count(Attempt.id), func.count(Attempt.entry_id.distinct()))
            .select_from(Attempt)
            .join(Entry, Entry.id == Attempt.entry_id)
            .join(Registration, Registration.id == Entry.registration_id)
            .where(Attempt.round_id == counted.round_id, Attempt.submitted_at.is_not(None))
        )
    statement = statement.group_by(*columns).order_by(*columns)
    for row in db.session.execute(statement.execution_options(yield_per=_BATCH)):
        yield Participant(*row)


def _authors(counted: Counted) -> list[Participant]:
    """Who handed essays in, and the co-authors who have an account, each once.

    A co-author stands in the unit of their own registration where they have one, else in the one
    that the work names, and adds no essay: the work is counted where it was handed in.
    """
    columns = (Registration.unit_id, Registration.unit_ids, Registration.person_id)
    handed_in = (Work.round_id == counted.round_id, Work.state == WorkState.SUBMITTED)
    rows = db.session.execute(
        select(*columns, func.count(Work.id), func.count(Work.entry_id.distinct()))
        .select_from(Work)
        .join(Entry, Entry.id == Work.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(*handed_in)
        .group_by(*columns)
    )
    found = {row[2]: Participant(*row) for row in rows}
    paths = {each.unit_id: each.path for each in found.values()}
    own = (Registration.person_id == WorkAuthor.person_id) & (
        Registration.contest_id == counted.contest_id
    )
    others: Any = db.session.execute(
        select(
            WorkAuthor.person_id, WorkAuthor.unit_id, Registration.unit_id, Registration.unit_ids
        )
        .join(Work, Work.id == WorkAuthor.work_id)
        .outerjoin(Registration, own)
        .where(*handed_in, WorkAuthor.person_id.is_not(None))
        .order_by(WorkAuthor.work_id, WorkAuthor.position)
    )
    for person_id, named_id, unit_id, path in others:
        at = named_id if path is None else unit_id
        known = paths.setdefault(at, "") if path is None else path
        found.setdefault(person_id, Participant(at, known, person_id, 0, 0))
    return sorted(found.values(), key=lambda each: (each.unit_id or 0, each.path, each.person_id))
