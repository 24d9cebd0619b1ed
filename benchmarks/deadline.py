"""The last minute: everybody who is still at it saves once more and hands in."""

import random
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import select

from benchmarks import Figure, benchmark, family, process_cpu
from benchmarks._crowd import Sitter, seat_crowd
from benchmarks._load import Errand, run_errands
from benchmarks._quiz import (
    QUESTIONS,
    Place,
    database_cpu,
    make_round,
    on_postgresql,
    on_sqlite,
    open_attempts,
)
from contest.core.db import db
from contest.quizzes.models import Attempt, ClosedBy

ATTEMPTS: Final = 10_000
SECONDS: Final = 60.0
_SLOT: Final = QUESTIONS - 1


@benchmark("deadline")
def deadline() -> Iterator[Figure]:
    """10,000 open attempts send their last save and hand in within 60 seconds."""
    yield from _on(on_postgresql())
    yield from _on(on_sqlite())


def _on(opened: AbstractContextManager[Place]) -> Iterator[Figure]:
    with opened as place:
        app = place.app()
        with app.app_context():
            crowd = seat_crowd(app, open_attempts(app, make_round(app, 1))[0], ATTEMPTS)
            db.session.remove()
            db.engine.dispose()
        chance = random.Random(7)
        chosen = {each.public_id: chance.choice(each.options[_SLOT]) for each in crowd}
        errands = [
            Errand(
                chance.uniform(0, SECONDS),
                (each.save(1, _SLOT, chosen[each.public_id]), each.submit()),
            )
            for each in crowd
        ]
        with place.serving() as server:
            served = family(server.pid)
            before = process_cpu(served) + database_cpu(place)
            done = run_errands(server.port, errands)
            spent = process_cpu(served) + database_cpu(place) - before
        with app.app_context():
            lost, unfinished = _lost(crowd, chosen)
            db.session.remove()
            db.engine.dispose()
        kind = place.kind
        wrong = Counter(status for status in done.statuses.elements() if status != 200)
        yield Figure("attempts", len(crowd), database=kind)
        yield Figure("errors", wrong.total() + done.failures, at_most=0, database=kind)
        yield Figure("lost answers", lost, at_most=0, database=kind)
        yield Figure("not handed in", unfinished, at_most=0, database=kind)
        yield Figure("p99", done.percentile(0.99), "ms", at_most=2_000, database=kind)
        yield Figure("median", statistics.median(done.waits) * 1000, "ms", database=kind)
        yield Figure("from first to last", done.seconds, "s", database=kind)
        yield Figure("save and submit", spent * 1000 / len(crowd), "ms CPU", database=kind)


def _lost(crowd: list[Sitter], chosen: dict[str, str]) -> tuple[int, int]:
    """How many attempts lack the answer that was sent last, and how many are not handed in."""
    rows = db.session.execute(
        select(Attempt.public_id, Attempt.answers, Attempt.closed_by, Attempt.receipt_code).where(
            Attempt.id.in_([each.attempt_id for each in crowd])
        )
    ).all()
    kept = {row.public_id: (row.answers or {}).get(str(_SLOT)) for row in rows}
    lost = sum(kept.get(public_id) != [answer] for public_id, answer in chosen.items())
    done = sum(row.closed_by is ClosedBy.PERSON and bool(row.receipt_code) for row in rows)
    return lost, len(crowd) - done
