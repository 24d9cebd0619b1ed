"""The save of an answer through the whole application, against bare Flask and the driver."""

import itertools
import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final

from benchmarks import Figure, benchmark, family, process_cpu
from benchmarks._load import Load, drive
from benchmarks._quiz import (
    QUESTIONS,
    SECRET,
    Contestant,
    Place,
    cookie,
    make_round,
    on_postgresql,
    on_sqlite,
    open_attempts,
)
from contest.core.clock import micros, utc_now
from contest.quizzes.models import Attempt
from contest.quizzes.rules.answers import save_signature

PAIRS: Final = 5
SECONDS: Final = 3.0
PEOPLE: Final = 200
CONNECTIONS: Final = 16
Request = Callable[[int], bytes]


@benchmark("save")
def save() -> Iterator[Figure]:
    """Answers saved per second, and the share of bare Flask with the same INSERT."""
    yield from _on(on_postgresql(), at_least=0.70)
    yield from _on(on_sqlite(), at_least=0.65)


def _on(opened: AbstractContextManager[Place], at_least: float) -> Iterator[Figure]:
    with opened as place:
        app = place.app()
        people = make_round(app, PEOPLE)
        attempts = open_attempts(app, people)
        cookies = [cookie(app, each.token) for each in people]
        numbers = itertools.count(100_000)
        whole = _whole_request(people, attempts, cookies, numbers)
        bare = _bare_request(attempts, numbers)
        with place.serving() as ours, place.serving("benchmarks._bare:serve") as theirs:
            sides = ((ours, whole, 200), (theirs, bare, 204))
            for server, request, wanted in sides:
                _checked(drive(server.port, CONNECTIONS, 1.0, request), wanted)
            ratios: list[float] = []
            speeds: tuple[list[float], list[float]] = ([], [])
            cpu: tuple[list[float], list[float]] = ([], [])
            waits: list[float] = []
            for _pair in range(PAIRS):
                for side, (server, request, wanted) in enumerate(sides):
                    pids = [*family(server.pid), *_database(place)]
                    before = process_cpu(pids)
                    load = _checked(drive(server.port, CONNECTIONS, SECONDS, request), wanted)
                    cpu[side].append((process_cpu(pids) - before) * 1000 / load.answers)
                    speeds[side].append(load.per_second)
                    if side == 0:
                        waits.append(load.percentile(0.99))
                ratios.append(speeds[0][-1] / speeds[1][-1])
        kind = place.kind
        yield Figure(
            "answers saved",
            statistics.median(speeds[0]),
            "per second",
            at_least=at_least,
            database=kind,
            baseline=statistics.median(speeds[1]),
            paired=statistics.median(ratios),
        )
        yield Figure(
            "one save",
            statistics.median(cpu[0]),
            "ms CPU",
            database=kind,
            baseline=statistics.median(cpu[1]),
        )
        yield Figure("one save, p99", statistics.median(waits), "ms", database=kind)


def _database(place: Place) -> list[int]:
    return family(place.database_pid) if place.database_pid else []


def _checked(load: Load, wanted: int) -> Load:
    assert set(load.statuses) == {wanted}, load.statuses
    return load


def _whole_request(
    people: list[Contestant],
    attempts: list[Attempt],
    cookies: list[str],
    numbers: Iterator[int],
) -> Request:
    heads = [
        (
            f"POST /attempts/{attempt.public_id}/answers HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: {kept}\r\nX-Save-Signature: {save_signature(SECRET, each.token)}\r\n"
            "Content-Type: application/json\r\n"
        )
        for each, attempt, kept in zip(people, attempts, cookies, strict=True)
    ]
    options = [[slot["o"][0] for slot in attempt.paper if "o" in slot] for attempt in attempts]

    def make(_connection: int) -> bytes:
        number = next(numbers)
        who = number % len(heads)
        slot = number % QUESTIONS
        body = json.dumps(
            {"epoch": 1, "sequence": number, "slot": slot, "answer": [options[who][slot]]}
        )
        return f"{heads[who]}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    return make


def _bare_request(attempts: list[Attempt], numbers: Iterator[int]) -> Request:
    kept = [(attempt.round_id, attempt.id) for attempt in attempts]

    def make(_connection: int) -> bytes:
        number = next(numbers)
        round_id, attempt_id = kept[number % len(kept)]
        body = json.dumps(
            {
                "round": round_id,
                "attempt": attempt_id,
                "epoch": 1,
                "sequence": number,
                "slot": number % QUESTIONS,
                "answer": '["abcde"]',
                "now": micros(utc_now()),
            }
        )
        return (
            "POST /save HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    return make
