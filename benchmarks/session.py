"""A complete session of a contestant: what it costs in CPU, server and database together."""

import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Final
from urllib.parse import urlencode, urlsplit

from benchmarks import Figure, benchmark, family, memory_megabytes, process_cpu
from benchmarks._quiz import (
    PASSWORD,
    QUESTIONS,
    SLUG,
    Contestant,
    Place,
    database_cpu,
    make_round,
    on_postgresql,
    on_sqlite,
)

SAVES: Final = (5, 20)
CLIENTS: Final = (4, 16, 64)
SESSIONS: Final = 120
WARM: Final = 16
MOST: Final = 50.0
_START: Final = f"/contests/{SLUG}/rounds/1/start"
_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SIGNATURE: Final = re.compile(r'data-signature="([^"]+)"')
_OPTION: Final = re.compile(r'name="slot-(\d+)" value="([^"]+)"')


class Visitor:
    """A browser without pictures: one connection, cookies, redirects followed by hand."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port)
        self._cookies: dict[str, str] = {}
        self.requests = 0

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, str, str]:
        """Status, Location and text of an answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._line.request(method, path, body, sent)
        answer = self._line.getresponse()
        text = answer.read().decode()
        self.requests += 1
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, text

    def send(self, path: str, token: str, **values: str) -> str:
        """Post a form; returns where the answer leads."""
        body = urlencode({"csrf_token": token, **values})
        kind = "application/x-www-form-urlencoded"
        status, target, text = self.ask("POST", path, body, Content_Type=kind)
        assert status in {302, 303}, (path, status, text[:2000])
        return target

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def play(port: int, contestant: Contestant, saves: int) -> int:
    """Sign in, start, read 20 questions, save answers, hand in, look at the receipt and result.

    Returns:
        How many requests it took.
    """
    visitor = Visitor(port)
    _status, _target, page = visitor.ask("GET", "/sign-in")
    target = visitor.send(
        "/sign-in", _found(_TOKEN, page), identifier=contestant.phone, password=PASSWORD
    )
    assert target, "nobody is signed in"
    _status, _target, page = visitor.ask("GET", _START)
    attempt = visitor.send(_START, _found(_TOKEN, page))
    status, _target, page = visitor.ask("GET", attempt)
    assert status == 200, status
    signature, token = _found(_SIGNATURE, page), _found(_TOKEN, page)
    options = dict(_OPTION.findall(page))
    for sequence in range(1, saves + 1):
        slot = sequence % QUESTIONS
        body = json.dumps(
            {"epoch": 1, "sequence": sequence, "slot": slot, "answer": [options[str(slot)]]}
        )
        status, _target, text = visitor.ask(
            "POST",
            f"{attempt}/answers",
            body,
            Content_Type="application/json",
            X_Save_Signature=signature,
        )
        assert status == 200, text
    receipt = visitor.send(f"{attempt}/submit", token)
    for path in (receipt, f"{attempt}/result"):
        status, _target, _page = visitor.ask("GET", path)
        assert status == 200, (path, status)
    visitor.close()
    return visitor.requests


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    assert match is not None, page[:2000]
    return match.group(1)


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
                play(server.port, each, SAVES[0])
            served = family(server.pid)
            for saves in SAVES:
                for clients in CLIENTS:
                    yield from _loop(
                        place, server.port, served, people, saves=saves, clients=clients
                    )
            memory = memory_megabytes(served)
        yield Figure("server under load", memory, "MB PSS", at_most=250, database=place.kind)


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
            play(port, each, saves)
            durations.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=work) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(durations) == len(people), "a session failed"
    return durations
