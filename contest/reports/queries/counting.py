"""What the prepared counts are made of: who took part in a round, unit by unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import String, cast, func, select

from contest.contests.models import Contest, ContestKind, Entry, Registration, Round, Stage
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.quizzes.models import Attempt
from contest.reports.models import ParticipationCount
from contest.submissions.models import Work, WorkAuthor, WorkState


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


class Crowd(NamedTuple):
    """Those of one unit who took part in a round.

    Attributes:
        unit_id: as registered; None for no unit.
        path: ids from the unit upwards as they were then, "/12/5/1/"; "" for as they are now.
        person_ids: who; one with several registrations stands there several times.
        things: attempts, or works.
        entries: how many entries they have together.
    """

    unit_id: int | None
    path: str
    person_ids: list[int]
    things: int
    entries: int


class Participant(NamedTuple):
    """Somebody who wrote an essay of a round.

    Attributes:
        unit_id: as registered; None for no unit.
        path: ids from the unit upwards as they were then, "/12/5/1/"; "" for as they are now.
        person_id: who.
        things: works; 0 for a co-author.
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


def crowds(counted: Counted) -> Iterator[Crowd]:
    """Who took part in a round, unit by unit; authors and co-authors of an essay alike.

    The database gives one row for each unit with the keys of its people as one text: a row for
    each of two million people took most of the time of counting them.
    """
    if counted.round_id is not None and counted.kind is ContestKind.ESSAY:
        yield from _crowds_of(authors(counted))
        return
    each = (
        select(Entry.registration_id, func.count(Entry.id).label("things"))
        .where(Entry.contest_id == counted.contest_id)
        .group_by(Entry.registration_id)
    )
    if counted.round_id is not None:
        tried = (
            select(Attempt.entry_id, func.count(Attempt.id).label("things"))
            .where(Attempt.round_id == counted.round_id, Attempt.submitted_at.is_not(None))
            .group_by(Attempt.entry_id)
            .subquery()
        )
        each = select(Entry.registration_id, tried.c.things).join(
            tried, tried.c.entry_id == Entry.id
        )
    did = each.subquery()
    entries = func.sum(did.c.things) if counted.round_id is None else func.count()
    members = func.aggregate_strings(cast(Registration.person_id, String), ",")
    row = Registration
    statement = (
        select(row.unit_id, row.unit_ids, members, func.sum(did.c.things), entries)
        .join(did, did.c.registration_id == row.id)
        .group_by(row.unit_id, row.unit_ids)
    )
    if counted.round_id is None:
        statement = statement.where(row.withdrawn_at.is_(None))
    for unit_id, path, keys, things, entry_count in db.session.execute(statement):
        yield Crowd(
            unit_id, path, [int(key) for key in keys.split(",")], int(things), int(entry_count)
        )


def _crowds_of(people: Iterable[Participant]) -> Iterator[Crowd]:
    places: dict[tuple[int | None, str], list[Participant]] = {}
    for one in people:
        places.setdefault(one[:2], []).append(one)
    for (unit_id, path), there in places.items():
        yield Crowd(
            unit_id,
            path,
            [one.person_id for one in there],
            sum(one.things for one in there),
            sum(one.entries for one in there),
        )


def authors(counted: Counted) -> list[Participant]:
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
    return list(found.values())
