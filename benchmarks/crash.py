"""Processes killed in the middle of load: what was acknowledged is there, once, in one state.

SIGKILL shows what becomes of a process that dies. That a commit survives a power cut is argued
from the settings that are asserted at the start (`synchronous=FULL`; `fsync`,
`synchronous_commit` and `full_page_writes` on), not from this.
"""

import http.client
import itertools
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from benchmarks import Figure, benchmark, family
from benchmarks._crowd import Sitter, seat_crowd
from benchmarks._quiz import (
    QUESTIONS,
    Place,
    make_round,
    on_killable_postgresql,
    on_sqlite,
    open_attempts,
)
from contest.core.db import db
from contest.quizzes.models import Attempt, LedgerLine
from contest.quizzes.rules.answers import fold, pack
from tests.support.server import Server, free_port

KILLS: Final = 20
CLIENTS: Final = 8
ATTEMPTS: Final = 6_000
SAVES: Final = 10
_RUN: Final = (1.0, 2.5)
_PATIENCE: Final = 90.0
_OK: Final = 200


@dataclass(slots=True)
class Told:
    """What the server has acknowledged.

    Attributes:
        saves: by attempt, what each sequence said: slot and answer.
        submitted: attempts whose handing in was acknowledged.
        retries: requests that were sent again.
        refused: answers that were neither an acknowledgement nor a failure to pass.
    """

    saves: dict[int, dict[int, tuple[int, str]]] = field(default_factory=dict)
    submitted: set[int] = field(default_factory=set)
    retries: int = 0
    refused: list[str] = field(default_factory=list)


@benchmark("crash")
def crash() -> Iterator[Figure]:
    """Workers and the database killed 20 times under load: nothing acknowledged is lost."""
    with on_killable_postgresql() as (place, engine):

        def kill_database() -> None:
            engine.kill()
            engine.restart()

        yield from _on(place, kill_database)
    with on_sqlite() as place:
        yield from _on(place, None)


def _on(place: Place, kill_database: Callable[[], None] | None) -> Iterator[Figure]:
    app = place.app()
    with app.app_context():
        crowd = seat_crowd(app, open_attempts(app, make_round(app, 1))[0], ATTEMPTS)
        db.session.remove()
        db.engine.dispose()
    port, told, ended = free_port(), Told(), threading.Event()
    people = iter(crowd)
    clients = [
        threading.Thread(target=_client, args=(port, people, told, ended, number))
        for number in range(CLIENTS)
    ]
    workers = databases = 0
    with _served(place, port) as served:
        for client in clients:
            client.start()
        chance = random.Random(11)
        for turn in range(KILLS):
            time.sleep(chance.uniform(*_RUN))
            if kill_database is not None and turn % 2:
                kill_database()
                databases += 1
            else:
                served.restart()
                workers += 1
        time.sleep(1)
        ended.set()
        for client in clients:
            client.join(_PATIENCE)
        assert not any(client.is_alive() for client in clients), "a client waits for ever"
    yield from _figures(app, place.kind, crowd, told)
    yield Figure("servers killed", workers, database=place.kind)
    yield Figure("databases killed", databases, database=place.kind)


class _Served:
    """A server that can be killed with its workers and started again on its port."""

    def __init__(self, place: Place, port: int) -> None:
        self._place, self._port = place, port
        self._open = self._place.serving(port=self._port)
        self._server: Server = self._open.__enter__()

    def restart(self) -> None:
        self.kill()
        self._open = self._place.serving(port=self._port)
        self._server = self._open.__enter__()

    def kill(self) -> None:
        for pid in family(self._server.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._open.__exit__(None, None, None)


@contextmanager
def _served(place: Place, port: int) -> Iterator[_Served]:
    served = _Served(place, port)
    try:
        yield served
    finally:
        served.kill()


def _client(
    port: int, people: Iterator[Sitter], told: Told, ended: threading.Event, number: int
) -> None:
    """Take one attempt after the other: save, and hand most of them in."""
    line = _Line(port, told)
    chance = random.Random(number)
    for sitter in people:
        kept = told.saves.setdefault(sitter.attempt_id, {})
        for sequence in range(1, SAVES + 1):
            slot = chance.randrange(QUESTIONS)
            answer = chance.choice(sitter.options[slot])
            if line.ask(sitter.save(sequence, slot, answer)):
                kept[sequence] = (slot, answer)
        if chance.random() < 0.8 and line.ask(sitter.submit()):
            told.submitted.add(sitter.attempt_id)
        if ended.is_set():
            return


class _Line:
    """A browser's queue: what was not answered is sent again until it is."""

    def __init__(self, port: int, told: Told) -> None:
        self._port, self._told = port, told
        self._line: http.client.HTTPConnection | None = None

    def ask(self, request: bytes) -> bool:
        """Send a request until an answer counts; whether it was acknowledged."""
        end = time.monotonic() + _PATIENCE
        for turn in itertools.count():
            status, text = self._sent(request)
            self._told.retries += turn > 0
            if status == _OK:
                return True
            if 0 < status < 500:
                self._told.refused.append(f"{status} {text[:200]}")
                return False
            if time.monotonic() > end:
                break
            time.sleep(0.2)
        self._told.refused.append("no answer")
        return False

    def _sent(self, request: bytes) -> tuple[int, str]:
        head, _gap, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _version = first.split()
        try:
            if self._line is None:
                self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self._line.request(method, path, body, dict(each.split(": ", 1) for each in lines))
            answer = self._line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            if self._line is not None:
                self._line.close()
            self._line = None
            return 0, ""


def _figures(app: Flask, kind: str, crowd: list[Sitter], told: Told) -> Iterator[Figure]:
    with app.app_context():
        ids = [each.attempt_id for each in crowd]
        ledger: dict[int, dict[int, tuple[int, str]]] = {}
        rows = 0
        for line in db.session.execute(
            select(
                LedgerLine.attempt_id, LedgerLine.sequence, LedgerLine.slot, LedgerLine.answer
            ).where(LedgerLine.attempt_id.in_(ids))
        ):
            rows += 1
            ledger.setdefault(line.attempt_id, {})[line.sequence] = (line.slot, line.answer)
        attempts = db.session.execute(select(*Attempt.__table__.c).where(Attempt.id.in_(ids))).all()
        db.session.remove()
        db.engine.dispose()
    acknowledged = [
        (attempt_id, sequence, slot, pack((answer,)))
        for attempt_id, saves in told.saves.items()
        for sequence, (slot, answer) in saves.items()
    ]
    lost = sum(
        ledger.get(attempt_id, {}).get(sequence) != (slot, answer)
        for attempt_id, sequence, slot, answer in acknowledged
    )
    once = sum(map(len, ledger.values()))
    halves = sum(_is_torn(row, ledger.get(row.id, {})) for row in attempts)
    done = {row.id for row in attempts if row.submitted_at is not None}
    yield Figure("answers acknowledged", len(acknowledged), database=kind)
    yield Figure("acknowledged answers lost", lost, at_most=0, database=kind)
    yield Figure("answers there twice", rows - once, at_most=0, database=kind)
    yield Figure("answers nobody sent", once - len(acknowledged), at_most=0, database=kind)
    yield Figure("attempts handed in", len(told.submitted), database=kind)
    yield Figure("handed in, yet open", len(told.submitted - done), at_most=0, database=kind)
    yield Figure("ended, yet not handed in", len(done - told.submitted), at_most=0, database=kind)
    yield Figure("attempts in no one state", halves, at_most=0, database=kind)
    yield Figure("requests sent again", told.retries, database=kind)
    yield Figure("requests refused", len(told.refused), at_most=0, database=kind)


def _is_torn(row: Any, lines: dict[int, tuple[int, str]]) -> bool:
    """Whether an attempt is neither open with nothing written nor ended with its whole ledger."""
    written = [
        getattr(row, name)
        for name in ("closed_by", "answers", "answers_digest", "receipt_code", "points")
    ]
    if row.submitted_at is None:
        return any(value is not None for value in written)
    folded = fold(lines[sequence] for sequence in sorted(lines))
    answers = {str(slot): list(answer) for slot, answer in folded.items()}
    return any(value is None for value in written) or answers != written[1]
