"""Standings of units over every commune of the country, as then and as now."""

import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import text

from benchmarks import Figure, benchmark, measured
from benchmarks._quiz import Place, in_each_database
from contest.accounts.actions import create_unit
from contest.accounts.models import Unit, UnitKind, UnitTree
from contest.contests.actions import add_round, create_contest
from contest.contests.models import RankRun
from contest.core.clock import micros
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results.queries import round_table
from contest.results.rules.unit_standings import StandingTerms, UnitKey, UnitView

PROVINCES: Final = 34
COMMUNES: Final = 3_321
NOW: Final = datetime(2026, 9, 2, tzinfo=UTC)
TERMS: Final = StandingTerms((UnitKey.RATIO, UnitKey.PERSONS, UnitKey.MEAN), level=2, fewest=10)
_BYTES: Final = {"sqlite": "x'00'", "postgresql": r"'\x00'::bytea"}
_COUNTER: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "


@benchmark("units")
def units() -> Iterator[Figure]:
    """The table by unit over 3,321 communes with head-counts, from the sums kept with a ranking."""
    for place in in_each_database():
        yield from _figures(place, _fill())


def _figures(place: Place, run_id: int) -> Iterator[Figure]:
    for view in UnitView:
        taken = []
        for _turn in range(5):
            db.session.remove()
            with measured() as span:
                table = round_table(db.session.get_one(RankRun, run_id), TERMS, view=view)
            assert len([line for line in table.lines if line.place]) == COMMUNES
            taken.append(span.cpu * 1000)
        yield Figure(
            f"3,321 communes in order, as {view.value}",
            statistics.median(taken),
            "ms CPU",
            at_most=200,
            database=place.kind,
        )


def _fill() -> int:
    """Provinces, communes, head-counts, and a ranking with its sums; returns the ranking's id."""
    with unit_of_work():
        root = _unit("VN", "Việt Nam", None)
        provinces = [_unit(f"P{i}", f"Tỉnh {i}", root) for i in range(PROVINCES)]
        contest = create_contest(title="Cuộc thi lớn", unit=root, actor=None, now=NOW, slug="lon")
        round = add_round(
            contest=contest,
            title="Tuần 1",
            actor=None,
            now=NOW,
            opens_at=NOW - timedelta(days=7),
            closes_at=NOW - timedelta(hours=1),
            rank_keys=("correct",),
        )
        run = RankRun(
            round_id=round.id, number=1, keys=[], facts={}, entries=0, digest="", made_at=NOW
        )
        db.session.add(run)
        db.session.flush()
        values = {"rows": COMMUNES, "run": run.id, "now": micros(NOW), "first": provinces[0].id}
        values |= {"root": root.id, "scope": root.scope_id}
        for statement in _ROWS:
            words = statement.format(bytes=_BYTES[db.engine.dialect.name])
            db.session.execute(text(_COUNTER + words), values)
        return run.id


def _unit(code: str, name: str, parent: Unit | None) -> Unit:
    return create_unit(
        code=code,
        name=name,
        kind=UnitKind.ADMINISTRATIVE,
        tree=UnitTree.ADMINISTRATIVE,
        parent=parent,
        actor=None,
        now=NOW,
    )


_ROWS: Final = (
    (
        "INSERT INTO scope (id, kind, parent_id, path)"
        " SELECT 10000 + i, 'unit', :scope, '/' || :scope || '/' || (10000 + i) || '/' FROM n"
    ),
    (
        "INSERT INTO unit (id, code, name, name_folded, sort_key, kind, tree, parent_id, scope_id,"
        " public_id) SELECT 10000 + i, 'C' || i, 'Xã ' || i, 'xa ' || i, {bytes},"
        " 'administrative', 'administrative', :first + i % 34, 10000 + i, 'u' || i FROM n"
    ),
    (
        "INSERT INTO unit_headcount (unit_id, counted_on, persons)"
        " SELECT 10000 + i, '2026-01-01', 5000 + i * 7919 % 20000 FROM n"
    ),
    (
        "INSERT INTO unit_sum (rank_run_id, number, unit_id, unit_ids, unit_path, status, persons,"
        " attempts, entries, points) SELECT :run, i, 10000 + i,"
        " '/' || (10000 + i) || '/' || (:first + i % 34) || '/' || :root || '/',"
        " 'Xã ' || i || ' › Tỉnh ' || (i % 34) || ' › Việt Nam', 'ranked',"
        " 10 + i * 104729 % 900, 20 + i * 104729 % 2700, 10 + i * 104729 % 900,"
        " (10 + i * 104729 % 900) * (80000 + i * 7919 % 100000) FROM n"
    ),
)
