"""Preparing the counts of reports, one round at a time."""

import sys
from array import array
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert

from contest.awards.rules.unit_book import UnitBook
from contest.contests.models import ContestKind
from contest.core.db import db
from contest.reports.models import ParticipationCount
from contest.reports.queries.counting import Counted, countable, counted_rounds, crowds

KEY_BYTES: Final = 4
"""Of each person in a packed list."""


def packed(members: list[int]) -> bytes:
    """Keys of persons as ascending little-endian 32-bit numbers."""
    numbers = array("I", sorted(set(members)))
    if sys.byteorder == "big":  # pragma: no cover  (no such machine here)
        numbers.byteswap()
    return numbers.tobytes()


def waiting_counts(*, everything: bool = False) -> list[Counted]:
    """What is to be counted anew.

    What is published and counted does not change any more, so it is left alone; merging people
    throws the counts of their contests away.

    Args:
        everything: published rounds too.
    """
    known = set() if everything else counted_rounds()
    return [
        each
        for each in countable()
        if not (each.is_final and (each.contest_id, each.round_id) in known)
    ]


def recount(*, counted: Counted, book: UnitBook, now: datetime) -> None:
    """Count one round (or the rest of a contest) anew, in the present unit of work.

    Args:
        counted: the round.
        book: all units.
        now: the instant kept with the counts.
    """
    which = (
        ParticipationCount.round_id.is_(None)
        if counted.round_id is None
        else ParticipationCount.round_id == counted.round_id
    )
    db.session.execute(
        delete(ParticipationCount).where(ParticipationCount.contest_id == counted.contest_id, which)
    )
    rows = list(_rows(counted, book, now))
    if rows:
        db.session.execute(insert(ParticipationCount), rows)


def _rows(counted: Counted, book: UnitBook, now: datetime) -> Iterator[dict[str, Any]]:
    """One row for each unit; people without a unit are counted at the contest's own."""
    for unit_id, path, person_ids, things, entries in crowds(counted):
        members = packed(person_ids)
        owner = counted.unit_id if unit_id is None else unit_id
        yield {
            "contest_id": counted.contest_id,
            "round_id": counted.round_id,
            "unit_id": owner,
            "unit_ids": path or book.path(owner),
            "held_on": counted.held_on,
            "persons": len(members) // KEY_BYTES,
            "attempts": things if counted.kind is ContestKind.QUIZ and counted.round_id else 0,
            "entries": entries,
            "essays": things if counted.kind is ContestKind.ESSAY and counted.round_id else 0,
            "members": members,
            "built_at": now,
        }
