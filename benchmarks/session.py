"""A complete session of a contestant: what it costs in CPU, server and database together."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Final

from benchmarks import Figure, benchmark, family, memory_megabytes, process_cpu
from benchmarks._quiz import (
    Contestant,
    Place,
    database_cpu,
    make_round,
    on_postgresql,
    on_sqlite,
)
from benchmarks._visitor import line_to, play
from benchmarks._where import where_it_goes

SAVES: Final = (5, 20)
CLIENTS: Final = (4, 16, 64)
SESSIONS: Final = 120
WARM: Final = 16
MOST: Final = 50.0


@benchmark("session")
def session() -> Iterator[Figure]:
    """Sign-in, start, 20 questions, 5 or 20 saves, submit, result; at 4, 16 and 64 clients."""
    yield from _on(on_postgresql())
    yield from _on(on_sqlite())


def _on(opened: AbstractContextManager[Place]) -> Iterator[Figure]:
    with opened as place:
        people = make_round(place.app(), SESSIONS)
        with place.serving() as server:
            for each in people[:WARM]:
                with line_to(server.port) as line:
                    play(line, each, SAVES[0])
            served = family(server.pid)
            for saves in SAVES:
                for clients in CLIENTS:
                    yield from _loop(
                        place, server.port, served, people, saves=saves, clients=clients
                    )
            memory = memory_megabytes(served)
        yield Figure("server under load", memory, "MB PSS", at_most=250, database=place.kind)
        yield from where_it_goes(place, people, SAVES[0])


def _loop(
    place: Place,
    port: int,
    served: list[int],
    people: list[Contestant],
    *,
    saves: int,
    clients: int,
) -> Iterator[Figure]:
    before = _cpu(served, place)
    begun = time.perf_counter()
    durations = sorted(_many(port, people, saves, clients))
    seconds = time.perf_counter() - begun
    pairs = zip(_cpu(served, place), before, strict=True)
    ours, theirs = ((now - then) * 1000 / len(people) for now, then in pairs)
    where = f"{saves} saves, {clients} clients"
    most = MOST if (saves, clients) == (SAVES[0], CLIENTS[0]) else None
    kind = place.kind
    yield Figure(f"{where}: one session", ours + theirs, "ms CPU", at_most=most, database=kind)
    yield Figure(f"{where}: of it database", theirs, "ms CPU", database=kind)
    speed = len(people) * 60 / seconds
    yield Figure(f"{where}: sessions", speed, "per minute", database=kind)
    for share in (0.5, 0.95, 0.99):
        took = durations[min(int(len(durations) * share), len(durations) - 1)]
        yield Figure(f"{where}: p{share * 100:.0f}", took * 1000, "ms", database=kind)


def _cpu(server: list[int], place: Place) -> tuple[float, float]:
    return process_cpu(server), database_cpu(place)


def _many(port: int, people: list[Contestant], saves: int, clients: int) -> list[float]:
    """Every person's session, from some threads; returns how long each took in seconds."""
    durations: list[float] = []
    waiting = list(people)

    def work() -> None:
        while waiting:
            each = waiting.pop()
            begun = time.perf_counter()
            with line_to(port) as line:
                play(line, each, saves)
            durations.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=work) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(durations) == len(people), "a session failed"
    return durations
