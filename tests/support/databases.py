"""A fresh migrated database for each test, copied from a template that is migrated once.

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

from tests.support.cluster import Cluster

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
KINDS: Final = (SQLITE, POSTGRESQL)
TEMPLATE: Final = "migrated"
_numbers: Final = itertools.count()


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes databases of both kinds.

    Attributes:
        folder: shared by all workers of the session; holds templates and locks.
        cluster: starts the PostgreSQL server on first use, or finds the session's.
        migrate: brings the database at a URL to the newest revision.
    """

    folder: Path
    cluster: Callable[[], Cluster]
    migrate: Callable[[str], None]
    _ready: set[str] = field(default_factory=set)

    @contextmanager
    def fresh(self, kind: str) -> Iterator[Database]:
        """A copy of the template, dropped at the end."""
        self._make_template(kind)
        name = f"test_{os.getpid()}_{next(_numbers)}"
        if kind == SQLITE:
            file = self.folder / f"{name}.sqlite3"
            shutil.copyfile(self.folder / f"{TEMPLATE}.sqlite3", file)
            try:
                yield Database(kind, f"sqlite:///{file}")
            finally:
                for suffix in ("", "-wal", "-shm"):
                    file.with_name(file.name + suffix).unlink(missing_ok=True)
        else:
            cluster = self.cluster()
            cluster.create(name, TEMPLATE)
            try:
                yield Database(kind, cluster.url(name))
            finally:
                cluster.drop(name)

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

    def _make_template(self, kind: str) -> None:
        """Migrate the template unless this or another worker has done so."""
        if kind in self._ready:
            return
        with (self.folder / f"{kind}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.folder / f"{kind}.done"
            if not done.exists():
                self._migrate_template(kind)
                done.touch()
        self._ready.add(kind)

    def _migrate_template(self, kind: str) -> None:
        if kind == SQLITE:
            unfinished = self.folder / "unfinished.sqlite3"
            self.migrate(f"sqlite:///{unfinished}")
            unfinished.rename(self.folder / f"{TEMPLATE}.sqlite3")
        else:
            cluster = self.cluster()
            cluster.create(TEMPLATE)
            self.migrate(cluster.url(TEMPLATE))
