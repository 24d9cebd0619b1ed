"""Ranking many attempts by five keys, against a plain sort of the same rows."""

import gc
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Select, select, text

from benchmarks import Figure, benchmark, measured, peak_megabytes
from benchmarks._quiz import Place, database_cpu, in_each_database
from contest.accounts.actions import create_unit
from contest.accounts.models import UnitKind, UnitTree
from contest.contests.actions import add_round, create_contest, set_stage
from contest.contests.kinds import SelectsScores, kind_of
from contest.contests.models import RankRun, Round, Stage
from contest.core.clock import micros
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import QuizRound
from contest.results.actions import make_rank_run, ranked_select
from contest.results.queries import latest_run, ranking_page

ROWS: Final = 200_000
KEYS: Final = ("correct", "prediction", "working_time", "submitted_at", "lot")
NOW: Final = datetime(2026, 9, 2, tzinfo=UTC)
_COUNTER: Final = (
    "WITH RECURSIVE n(i) AS"
    " (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
)
_SPELLING: Final = {
    "sqlite": {"bytes": "x'00'", "false": "0"},
    "postgresql": {"bytes": r"'\x00'::bytea", "false": "false"},
}


def _insert(statement: str) -> str:
    """The counter stands before the INSERT; both databases take it there."""
    return _COUNTER + statement


# What plain SQL would do with the attempts themselves; in place of the lot, which is a SHA-256,
# their number. A sort of the scores as they are stored would be another one on each database.
_SORT: Final = (
    "SELECT entry_id, -correct_count AS wrong, abs(prediction - :rows) AS off, working_ms,"
    " submitted_at, id FROM attempt WHERE round_id = :round"
    " ORDER BY wrong, off, working_ms, submitted_at, id"
)
_ROWS: Final = (
    (
        "INSERT INTO person (id, full_name, name_folded, sort_key, form_of_address, locale,"
        " is_demo, created_at, public_id)"
        " SELECT i, 'Người ' || i, 'nguoi ' || i, {bytes}, '', 'vi', {false}, :now, 'p' || i FROM n"
    ),
    (
        "INSERT INTO registration (id, contest_id, person_id, code, full_name, name_folded,"
        " sort_key, unit_id, unit_path, unit_folded, unit_ids, source, registered_at, public_id)"
        " SELECT i, :contest, i, 'c' || i, 'Người ' || i, 'nguoi ' || i, {bytes}, :unit,"
        " 'Tỉnh Lâm Sơn', 'tinh lam son', '/' || CAST(:unit AS TEXT) || '/', 'self', :now,"
        " 'r' || i FROM n"
    ),
    (
        "INSERT INTO entry (id, contest_id, registration_id, ordinal, created_at, public_id)"
        " SELECT i, :contest, i, 1, :now, 'e' || i FROM n"
    ),
    # Numbers without a pattern, from a multiplication that wraps.
    (
        "INSERT INTO attempt (id, round_id, entry_id, person_id, ordinal, paper, seen, writer,"
        " started_at, deadline_at, grace_until, submitted_at, closed_by, points, max_points,"
        " dropped_count, correct_count, question_count, prediction, working_ms, address, device,"
        " public_id)"
        " SELECT i, :round, i, i, 1, '[]', '[]', 0, :start, :start, :start,"
        " :start + (i * 7919 % 900000) * 1000, 'person', (i * 104729 % 21) * 10000, 200000, 0,"
        " i * 104729 % 21, 20, i * 1299709 % 15000, i * 7919 % 900000, '', '', 'a' || i FROM n"
    ),
)


@benchmark("rank")
def rank() -> Iterator[Figure]:
    """A rank run over 200,000 marked attempts with five keys, against a plain sort of its rows."""
    for place in in_each_database():
        yield from _figures(place, _fill())


def _figures(place: Place, round_id: int) -> Iterator[Figure]:
    with unit_of_work():  # what a round does once after its close is no part of a ranking
        set_stage(round=db.session.get_one(Round, round_id), to=Stage.MARKING, actor=None, now=NOW)
    gc.collect()
    before = peak_megabytes()
    with _spent(place) as run, unit_of_work():
        made = make_rank_run(round=db.session.get_one(Round, round_id), actor=None, now=NOW)
        assert made.entries == ROWS
    grown = peak_megabytes() - before
    made_run = latest_run(round_id)
    assert made_run is not None
    sorts = []
    for _turn in range(3):
        with _spent(place) as sort:
            count = sum(
                1 for _row in db.session.execute(text(_SORT), {"round": round_id, "rows": ROWS})
            )
            assert count == ROWS
        sorts.append(sort[0])
    ranked = _ranked(made_run)
    places = []
    for _turn in range(3):
        with _spent(place) as rank_alone:
            assert sum(1 for _row in db.session.execute(ranked)) == ROWS
        places.append(rank_alone[0])
    with measured() as page:
        assert ranking_page(made_run, page=1000).items
    per_million = 1_000_000 / ROWS
    kind = place.kind
    yield Figure(
        "a million entries ranked / sorted",
        statistics.median(places) * per_million,
        "s CPU",
        at_most=3.0,
        database=kind,
        baseline=statistics.median(sorts) * per_million,
    )
    yield Figure(
        "a million entries ranked and written / sorted",
        run[0] * per_million,
        "s CPU",
        at_most=4.0,
        database=kind,
        baseline=statistics.median(sorts) * per_million,
    )
    yield Figure("memory that the run needed", grown, "MB", at_most=120, database=kind)
    yield Figure("a page in the middle of the ranking", page.wall * 1000, "ms", database=kind)


def _ranked(run: RankRun) -> Select[tuple[int, int]]:
    """The place of every entry, from the attempts and by the keys of a run; nothing is written."""
    contest_round = db.session.get_one(Round, run.round_id)
    kind = kind_of(contest_round)
    assert isinstance(kind, SelectsScores)
    scores = kind.score_select(contest_round, run.facts, tuple(run.keys))
    assert scores is not None
    rows = ranked_select(run, scores, set(), set()).subquery()
    return select(rows.c.entry_id, rows.c.place)


@contextmanager
def _spent(place: Place) -> Iterator[list[float]]:
    """CPU seconds of this process and the database's; stands in the list afterwards."""
    seconds: list[float] = []
    theirs = database_cpu(place)
    with measured() as span:
        yield seconds
    seconds.append(span.cpu + database_cpu(place) - theirs)


def _fill() -> int:
    """A closed round with an attempt of everybody; returns the round's id."""
    with unit_of_work():
        unit = create_unit(
            code="LS",
            name="Tỉnh Lâm Sơn",
            kind=UnitKind.ADMINISTRATIVE,
            tree=UnitTree.ADMINISTRATIVE,
            parent=None,
            actor=None,
            now=NOW,
        )
        contest = create_contest(title="Cuộc thi lớn", unit=unit, actor=None, now=NOW, slug="lon")
        round = add_round(
            contest=contest,
            title="Tuần 1",
            actor=None,
            now=NOW,
            opens_at=NOW - timedelta(days=7),
            closes_at=NOW - timedelta(hours=1),
            rank_keys=KEYS,
        )
        quiz = db.session.get(QuizRound, round.id) or QuizRound(round_id=round.id)
        db.session.add(quiz)
        quiz.seed, quiz.frozen_at = "ab" * 32, NOW
        round.stage = Stage.CLOSED
        db.session.flush()
        values = {
            "rows": ROWS,
            "contest": contest.id,
            "round": round.id,
            "unit": unit.id,
            "now": micros(NOW),
            "start": micros(NOW - timedelta(days=3)),
        }
        for statement in _ROWS:
            words = statement.format(**_SPELLING[db.engine.dialect.name])
            db.session.execute(text(_insert(words)), values)
        return round.id
