"""Prepared counts read for a branch and a period: distinct persons are counted from their keys."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from contest.accounts.models import UnitHeadcount
from contest.core.db import db
from contest.core.later import later
from contest.reports.models import ParticipationCount
from contest.reports.rules.branches import Branches, TreeView
from contest.reports.rules.periods import Period

np: Any = later("numpy")
_NUMBERS: Final = "<u4"
_BYTES: Final = 4
_AIR: Final = 200
_SMALL: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class CountRow:
    """A prepared count whose unit lies in the branch; `part` is the unit below the report's."""

    contest_id: int
    round_id: int | None
    path: str
    part: int
    attempts: int
    entries: int
    essays: int
    members: bytes


@dataclass(frozen=True, slots=True)
class Participation:
    """Lượt and người of some rows: attempts, entries and essays are sums, persons are distinct."""

    persons: int = 0
    attempts: int = 0
    entries: int = 0
    essays: int = 0


def distinct_persons(members: Collection[bytes]) -> int:
    """How many different keys some packed lists hold."""
    if not members:
        return 0
    if len(members) == 1:  # a list names nobody twice
        return sum(len(each) for each in members) // _BYTES
    numbers = np.frombuffer(b"".join(members), dtype=_NUMBERS)
    if not len(numbers):
        return 0
    top = int(numbers.max())
    if top > _AIR * len(numbers) + _SMALL:  # few people with large keys: a map would be mostly air
        ordered = np.sort(numbers)
        return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))
    seen = np.zeros(top + 1, dtype=bool)
    seen[numbers] = True
    return int(np.count_nonzero(seen))


def participation(rows: Sequence[CountRow]) -> Participation:
    """Lượt and người of rows."""
    return Participation(
        persons=distinct_persons([row.members for row in rows]),
        attempts=sum(row.attempts for row in rows),
        entries=sum(row.entries for row in rows),
        essays=sum(row.essays for row in rows),
    )


def count_rows(branches: Branches, period: Period) -> list[CountRow]:
    """The prepared counts of a branch in a period; one statement."""
    row = ParticipationCount
    statement = select(
        row.contest_id,
        row.round_id,
        row.unit_id,
        row.unit_ids,
        row.attempts,
        row.entries,
        row.essays,
        row.members,
    ).where(row.held_on >= period.first, row.held_on <= period.last)
    if branches.view is TreeView.THEN:
        statement = statement.where(row.unit_ids.contains(f"/{branches.root_id}/", autoescape=True))
    found: list[CountRow] = []
    for (
        contest_id,
        round_id,
        unit_id,
        then,
        attempts,
        entries,
        essays,
        members,
    ) in db.session.execute(statement):
        path = branches.path(unit_id, then)
        part = branches.part(path)
        if part is not None:
            found.append(
                CountRow(contest_id, round_id, path, part, attempts, entries, essays, members)
            )
    return found


def built_at() -> datetime | None:
    """When the oldest of the prepared counts was made; None when there are none."""
    return db.session.scalar(select(func.min(ParticipationCount.built_at)))


def headcounts(period: Period) -> dict[int, int]:
    """The newest head-count of each unit until the end of a period."""
    rows = db.session.execute(
        select(UnitHeadcount.unit_id, UnitHeadcount.persons)
        .where(UnitHeadcount.counted_on <= period.last)
        .order_by(UnitHeadcount.unit_id, UnitHeadcount.counted_on)
    )
    return {row[0]: row[1] for row in rows}


def by_part(rows: Iterable[CountRow]) -> dict[int, list[CountRow]]:
    """Rows by the unit directly below the report's."""
    found: dict[int, list[CountRow]] = {}
    for row in rows:
        found.setdefault(row.part, []).append(row)
    return found
