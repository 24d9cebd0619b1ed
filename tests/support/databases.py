"""A fresh migrated database for each test, copied from a template that is made once.

There are two: one is migrated and empty, in the other the cast of the stories stands already.

SQLite: a file copy. PostgreSQL: CREATE DATABASE … TEMPLATE in the session's own cluster.
"""

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from tests.support.cluster import Cluster

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
KINDS: Final = (SQLITE, POSTGRESQL)
MIGRATED: Final = "migrated"
WITH_CAST: Final = "with_cast"
_numbers: Final = itertools.count()


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test.

    Attributes:
        kind: `sqlite` or `postgresql`.
        url: SQLAlchemy's.
        cast: who is in it already, pickled; empty in a database without people.
    """

    kind: str
    url: str
    cast: bytes = b""


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes databases of both kinds.

    Attributes:
        folder: shared by all workers of the session; holds templates and locks.
        cluster: starts the PostgreSQL server on first use, or finds the session's.
        migrate: brings the database at a URL to the newest revision.
        people: writes the cast into the database at a URL; gives it pickled.
    """

    folder: Path
    cluster: Callable[[], Cluster]
    migrate: Callable[[str], None]
    people: Callable[[str], bytes]
    _ready: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @contextmanager
    def fresh(self, kind: str, template: str = MIGRATED) -> Iterator[Database]:
        """A copy of a template, dropped at the end."""
        cast = self._make_template(kind, template)
        name = f"test_{os.getpid()}_{next(_numbers)}"
        if kind == SQLITE:
            file = self.folder / f"{name}.sqlite3"
            shutil.copyfile(self._file_of(template), file)
            try:
                yield Database(kind, f"sqlite:///{file}", cast)
            finally:
                for suffix in ("", "-wal", "-shm"):
                    file.with_name(file.name + suffix).unlink(missing_ok=True)
        else:
            cluster = self.cluster()
            cluster.create(name, template)
            try:
                yield Database(kind, cluster.url(name), cast)
            finally:
                cluster.drop(name)

    def keep(self, database: Database, name: str) -> None:
        """Keep a copy of a database, to which nobody is connected now, under a name."""
        if database.kind == SQLITE:
            shutil.copyfile(_file_behind(database), self._file_of(name))
        else:
            self.cluster().create(name, _name_of(database))

    def replace(self, database: Database, name: str) -> None:
        """Put what `keep` has kept in the place of a database to which nobody is connected."""
        if database.kind == SQLITE:
            file = _file_behind(database)
            for suffix in ("-wal", "-shm"):
                file.with_name(file.name + suffix).unlink(missing_ok=True)
            shutil.copyfile(self._file_of(name), file)
        else:
            cluster = self.cluster()
            cluster.drop(_name_of(database))
            cluster.create(_name_of(database), name)

    @contextmanager
    def empty(self, kind: str) -> Iterator[Database]:
        """A database without any table, for tests of the migrations themselves."""
        name = f"empty_{os.getpid()}_{next(_numbers)}"
        if kind == SQLITE:
            yield Database(kind, f"sqlite:///{self.folder / name}.sqlite3")
        else:
            cluster = self.cluster()
            cluster.create(name)
            try:
                yield Database(kind, cluster.url(name))
            finally:
                cluster.drop(name)

    def _make_template(self, kind: str, template: str) -> bytes:
        """Make a template unless this or another worker has done so; gives the cast in it."""
        known = self._ready.get((kind, template))
        if known is not None:
            return known
        if template == WITH_CAST:
            self._make_template(kind, MIGRATED)
        with (self.folder / f"{kind}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.folder / f"{kind}.{template}.done"
            if not done.exists():
                cast = self._fill(self._begin(kind, template), template)
                done.write_bytes(cast)
            self._ready[kind, template] = done.read_bytes()
        return self._ready[kind, template]

    def _begin(self, kind: str, template: str) -> str:
        """The URL of a template that is still as the one below it, or without any table."""
        if kind == POSTGRESQL:
            cluster = self.cluster()
            cluster.create(template, MIGRATED if template == WITH_CAST else "template0")
            return cluster.url(template)
        if template == WITH_CAST:
            shutil.copyfile(self._file_of(MIGRATED), self._file_of(template))
        return f"sqlite:///{self._file_of(template)}"

    def _fill(self, url: str, template: str) -> bytes:
        if template == WITH_CAST:
            return self.people(url)
        self.migrate(url)
        return b""

    def _file_of(self, template: str) -> Path:
        return self.folder / f"{template}.sqlite3"


def _file_behind(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def _name_of(database: Database) -> str:
    return make_url(database.url).database or ""
