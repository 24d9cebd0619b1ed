"""The public results page for strangers, warm, through the whole server."""

import statistics
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from benchmarks import Figure, benchmark, family, process_cpu
from benchmarks._load import drive
from benchmarks._quiz import on_sqlite
from contest.core.transactions import unit_of_work
from contest.results.actions import decide_prizes, make_rank_run, publish
from tests.results.stories import closed_round

CONNECTIONS: Final = 16
SECONDS: Final = 3.0
RUNS: Final = 3
NOW: Final = datetime(2026, 9, 2, 2, tzinfo=UTC)


@benchmark("results")
def results() -> Iterator[Figure]:
    """Whole pages with status 200 a second; answers 304 are not counted among them."""
    with on_sqlite() as place:
        app = place.app()
        with app.app_context(), unit_of_work():
            story = closed_round(NOW)
            make_rank_run(round=story.round, actor=story.organiser, now=NOW)
            decide_prizes(over=story.round, actor=story.organiser, now=NOW)
            publish(
                over=story.round,
                decision_number="47-QĐ/BTC",
                decided_on=None,
                actor=story.organiser,
                now=NOW,
            )
        request = (
            b"GET /contests/tim-hieu-2026/results/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Accept-Language: vi\r\n\r\n"
        )
        with place.serving() as server:
            drive(server.port, CONNECTIONS, 1.0, lambda _line: request)
            speeds, cpu = [], []
            for _run in range(RUNS):
                pids = family(server.pid)
                before = process_cpu(pids)
                load = drive(server.port, CONNECTIONS, SECONDS, lambda _line: request)
                assert set(load.statuses) == {200}
                cpu.append((process_cpu(pids) - before) * 1000 / load.answers)
                speeds.append(load.per_second)
    yield Figure("results page", statistics.median(speeds), "per second", at_least=2_000)
    yield Figure("results page, CPU", statistics.median(cpu), "ms CPU")
