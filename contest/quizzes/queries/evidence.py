"""Attempts as evidence of a ranking, for the dossier."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from contest.contests.kinds import AttemptLine, Evidence, ScoreRow
from contest.contests.models import Round
from contest.core.clock import micros
from contest.core.db import db
from contest.quizzes.models import Attempt
from contest.quizzes.queries.rounds import quiz_of

_AT_ONCE: Final = 2_000
_SUBMITTED_AT: Final = "submitted_at"


def attempts_as_evidence(
    round: Round, scores: Iterator[ScoreRow], key_codes: Sequence[str]
) -> Evidence:
    """Finished attempts by entry, numbered from 1 in the order of their starts.

    Instants are told as time since the opening; attempts that do not count carry no keys.

    Args:
        round: a quiz.
        scores: of the counting attempts, by entry.
        key_codes: of the ranking.
    """
    quiz = quiz_of(round.id)
    opened = round.opened_at or round.opens_at
    zero = micros(opened) if opened is not None else 0
    return Evidence(
        rules={"counting": "best" if quiz is None else quiz.counting.value},
        attempts=_lines(round.id, scores, "best" if quiz is None else quiz.counting.value),
        offsets=tuple(zero if code == _SUBMITTED_AT else 0 for code in key_codes),
    )


def _lines(round_id: int, scores: Iterator[ScoreRow], rule: str) -> Iterator[AttemptLine]:
    keys = {score.entry_id: score.keys for score in scores}
    rows = db.session.execute(
        select(Attempt.entry_id, Attempt.points)
        .where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.entry_id, Attempt.ordinal)
        .execution_options(yield_per=_AT_ONCE)
    )
    own: list[Decimal] = []
    entry: int | None = None
    for entry_id, points in rows:
        if entry is not None and entry_id != entry:
            yield from _of_entry(entry, own, keys.get(entry), rule)
            own = []
        entry = entry_id
        own.append(points if points is not None else Decimal(0))
    if entry is not None:
        yield from _of_entry(entry, own, keys.get(entry), rule)


def _of_entry(
    entry_id: int, points: Sequence[Decimal], keys: tuple[int, ...] | None, rule: str
) -> Iterator[AttemptLine]:
    # Where the mean counts, the last attempt carries the keys of all.
    places = {"first": 0, "last": len(points) - 1, "mean": len(points) - 1}
    # One attempt ends before the next begins, so that the earliest of equals is the first.
    counting = places.get(rule, points.index(max(points)))
    for place, each in enumerate(points):
        yield AttemptLine(entry_id, place + 1, each, keys if place == counting else None)
