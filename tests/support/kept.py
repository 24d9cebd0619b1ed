"""Worlds of stories that are made once and then copied, as the databases with the cast are.

A world is a dataclass of ids with shortcuts through the rooms' own doors. Making one goes through
those doors, essay by essay, and took a fifth of the whole run; copying its database takes as long
as copying an empty one.
"""

import fcntl
import functools
import hashlib
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Concatenate, Final, ParamSpec, Protocol, TypeVar

from flask import Flask

from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read
from tests.support.cast import Cast
from tests.support.databases import Database, Databases

HOME: Final = "story_database"
"""Where the fixtures of `tests/conftest.py` leave the application's database and its maker."""

FRESH: Final = timedelta(minutes=5)


class World(Protocol):
    """What can be kept: everything but these two is plain data."""

    app: Flask
    cast: Cast


P = ParamSpec("P")
W = TypeVar("W", bound=World)
Builder = Callable[Concatenate[Flask, Cast, datetime, P], W]


def keep_for_copies(app: Flask, databases: Databases, database: Database, now: datetime) -> None:
    """Let worlds be copied into this application's database; it holds the cast of `now` alone."""
    app.extensions[HOME] = (databases, database, now)


def kept(build: Builder[P, W]) -> Builder[P, W]:
    """Make a builder of worlds copy what it made before with the same words.

    It must write nothing but rows, commit them, and be called before anything else has been
    written beside the cast. A world of the present (stories told by requests, which read the
    clock) serves for some minutes, and tells its own instant; one of any other instant than that
    of the cast is built anew.
    """

    def make(app: Flask, cast: Cast, now: datetime, /, *args: P.args, **kwargs: P.kwargs) -> W:
        databases, database, known = app.extensions.get(HOME, (None, None, None))
        instant = _instant(now, known) if databases else None
        if instant is None:
            return build(app, cast, now, *args, **kwargs)
        words = repr((build.__module__, build.__qualname__, instant, args, sorted(kwargs.items())))
        name = "world_" + hashlib.sha256(words.encode()).hexdigest()[:16]
        del app.extensions[HOME]  # What one builder calls builds into the same world.
        with (databases.folder / f"{database.kind}.{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = databases.folder / f"{database.kind}.{name}.done"
            if not state.exists():
                world = build(app, cast, now, *args, **kwargs)
                _let_go()
                databases.keep(database, name)
                state.write_bytes(_plain(world))
                return world
        _let_go()
        databases.replace(database, name)
        copied: W = pickle.loads(state.read_bytes())  # noqa: S301  (we wrote it)
        copied.app, copied.cast = app, cast
        return copied

    functools.update_wrapper(make, build)
    return make


def _instant(now: datetime, known: datetime) -> str | None:
    """What tells worlds of one builder apart by time; nothing where none is kept."""
    if now == known:
        return now.isoformat()
    if abs(utc_now() - now) < FRESH:
        return f"present {now.timestamp() // FRESH.total_seconds()}"
    return None


def _let_go() -> None:
    end_read()
    db.session.remove()
    db.engine.dispose()


def _plain(world: World) -> bytes:
    app, cast = world.app, world.cast
    try:
        vars(world).update(app=None, cast=None)
        return pickle.dumps(world)
    finally:
        world.app, world.cast = app, cast
