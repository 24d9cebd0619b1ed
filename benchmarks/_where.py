"""Where the CPU of a session goes: by request, and by what the request spends it on.

The sessions are played in this process, so that it can be looked at while it runs. What a request
costs is measured apart (thread CPU); the looks only say the shares.
"""

import os
import re
import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import Final

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from benchmarks import Figure
from benchmarks._quiz import Contestant, Place
from benchmarks._visitor import Answer, play
from contest.app import serve

_LAYERS: Final = (
    ("hash of the password", ("nacl", "_sodium")),
    ("SQLAlchemy and driver", ("sqlalchemy", "psycopg", "sqlite3", "flask_sqlalchemy")),
    ("templates", ("jinja2", "markupsafe", "/templates/", "wtforms/widgets")),
    (
        "Flask and its kin",
        ("flask", "werkzeug", "itsdangerous", "wtforms", "whitenoise", "blinker", "limits"),
    ),
    ("our code", ("/contest/", "/question_bank/")),
)
_EVERY: Final = 0.00025
_CODE: Final = re.compile(r"/attempts/[^/]+")


class _Sampler:
    """Looks every quarter of a millisecond at what runs, and gives it the CPU since the last look.

    A profile of every call would make Python's own parts look dear and those in C cheap. The timer
    is that of the wall clock, because that of the CPU looks no more often than the kernel ticks.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._last: float | None = None
        self._goes_on = False

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look at whatever runs inside `on`."""
        before = signal.signal(signal.SIGALRM, self._look)
        self._goes_on = True
        signal.setitimer(signal.ITIMER_REAL, _EVERY)
        try:
            yield
        finally:
            self._goes_on = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    @contextmanager
    def on(self) -> Iterator[None]:
        """What is done here counts."""
        self._last = time.thread_time()
        try:
            yield
        finally:
            self._last = None

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        if self._last is not None:
            spent = time.thread_time() - self._last
            self.seconds[_layer(frame)] += spent
            self._last = time.thread_time()  # the look itself counts for nobody
        if self._goes_on:  # set anew each time: a look may take longer than until the next
            signal.setitimer(signal.ITIMER_REAL, _EVERY)


class _Inside:
    """A line into the application in this process, which adds up what each request costs."""

    def __init__(self, app: Flask, sampler: _Sampler | None = None) -> None:
        self._app = app
        self._sampler = sampler
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def __call__(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        environ = create_environ(path, method=method, data=body, headers=headers)
        begun = time.thread_time()
        with nullcontext() if self._sampler is None else self._sampler.on():
            parts, status, got = run_wsgi_app(self._app, environ, buffered=True)
        self.seconds[f"{method} {_CODE.sub('/attempts/…', path)}"] += time.thread_time() - begun
        return int(status[:3]), list(got), b"".join(parts).decode()


def where_it_goes(place: Place, people: Sequence[Contestant], saves: int) -> Iterator[Figure]:
    """CPU of the application for each request of a session, and for each layer of it.

    Args:
        place: the database with an open round.
        people: who plays; a third each warms up, is measured, and is looked at.
        saves: answers in a session.
    """
    os.environ.update(place.environment)
    app, third = serve(), len(people) // 3
    measured, sampler = _Inside(app), _Sampler()
    for each in people[:third]:
        play(measured, each, saves)
    measured.seconds.clear()
    for each in people[third : 2 * third]:
        play(measured, each, saves)
    sampled = _Inside(app, sampler)
    with sampler.looking():
        for each in people[2 * third : 3 * third]:
            play(sampled, each, saves)
    total = sum(measured.seconds.values())
    seen = sum(sampler.seconds.values())
    parts = {layer: seconds * total / seen for layer, seconds in sampler.seconds.items()}
    yield Figure("inside, one session", total * 1000 / third, "ms CPU", database=place.kind)
    for name, seconds in (*_largest_first(measured.seconds), *_largest_first(parts)):
        yield Figure(f"of it {name}", seconds * 1000 / third, "ms CPU", database=place.kind)


def _largest_first(parts: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(parts.items(), key=lambda part: -part[1])


def _layer(frame: FrameType | None) -> str:
    """The layer of the innermost frame that has one; Python's own library works for its caller."""
    while frame is not None:
        file = frame.f_code.co_filename.rpartition("site-packages/")[2]
        for name, signs in _LAYERS:
            if any(sign in file for sign in signs):
                return name
        frame = frame.f_back
    return "the rest"
