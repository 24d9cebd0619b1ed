"""A PostgreSQL server of our own for one test session or benchmark.

It listens on a unix socket in a short temporary folder and nowhere else, keeps nothing, and is
stopped in `finally`; on Linux it also goes down with the process that started it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from toolchain.programs import find_postgresql

START_SECONDS: Final = 30
FAST: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
DURABLE: Final = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server, known by the folder of its socket."""

    socket_folder: str

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A driver connection in autocommit."""
        return psycopg.connect(
            host=self.socket_folder, user="postgres", dbname=database, autocommit=True
        )

    def create(self, database: str, template: str = "template0") -> None:
        """Create a database as a copy of another that nobody is connected to."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(database), sql.Identifier(template)
                )
            )

    def drop(self, database: str) -> None:
        """Drop a database, throwing out whoever is still connected."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
            )

    def has(self, database: str) -> bool:
        """Whether a database exists."""
        with self.connect() as connection:
            row = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [database]
            ).fetchone()
        return row is not None


def memory_folder() -> str | None:
    """A folder in memory where there is one with room; temporary files are quicker there."""
    shared = Path("/dev/shm")  # noqa: S108  (a fresh folder is made inside)
    if os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 1 << 30:
        return str(shared)
    return None


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Make and start a cluster; stop it and remove everything at the end.

    Args:
        durable: keep the settings that make a commit survive a power cut; tests do without.
    """
    with killable_cluster(durable=durable) as engine:
        yield engine.cluster


@dataclass(slots=True)
class Engine:
    """A cluster whose server can be killed in the middle of its work, and started again."""

    cluster: Cluster
    start: Callable[[], subprocess.Popen[bytes]]
    server: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End the server and all its processes by SIGKILL, as a crash would (Linux)."""
        main = self.server.pid
        # Each of them leads a session of its own, so that no group holds them all.
        listed = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
        for pid in (main, *map(int, listed)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()

    def restart(self) -> None:
        """Start it again on what it left on the disk; returns when it takes connections."""
        self.server = self.start()


@contextmanager
def killable_cluster(*, durable: bool = False) -> Iterator[Engine]:
    """The same as `running_cluster`, whose server may be killed meanwhile."""
    programs = find_postgresql()
    if programs is None:
        words = (
            "PostgreSQL is missing. `python3 dev.py test` fetches it; or install it (Debian: "
            "apt-get install postgresql), or name the folder of its programs in PG_BIN."
        )
        raise RuntimeError(words)
    folder = Path(tempfile.mkdtemp(prefix="gs-pg-", dir=None if durable else memory_folder()))
    engine: Engine | None = None
    try:
        programs, become = _as_ordinary_user(programs, folder)
        data = folder / "data"
        _check(
            [
                *become,
                *(str(programs / "initdb"), "--pgdata", str(data), "--username", "postgres"),
                *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ]
        )
        start = partial(_start, programs, become, folder, DURABLE if durable else FAST)
        engine = Engine(Cluster(str(folder)), start, start())
        yield engine
    finally:
        if engine is not None:
            _stop(engine.server)
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    programs: Path, become: list[str], folder: Path, settings: tuple[str, ...]
) -> subprocess.Popen[bytes]:
    options = ("listen_addresses=", "max_connections=200", "shared_buffers=64MB", *settings)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                *become,
                *(str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)),
                *(word for option in options for word in ("-c", option)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            Cluster(str(folder)).connect().close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                said = (folder / "log").read_text(errors="replace")
                _stop(server)
                raise RuntimeError("PostgreSQL did not start:\n" + said) from error
            time.sleep(0.05)
        else:
            return server


def _stop(server: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(number)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                continue


def _as_ordinary_user(programs: Path, folder: Path) -> tuple[Path, list[str]]:
    """Words that start a program as an ordinary user, because PostgreSQL refuses root.

    The programs are copied beside the data when that user cannot reach them where they are.
    """
    setpriv = shutil.which("setpriv")
    die_with_us = [setpriv, "--pdeathsig", "INT"] if setpriv else []
    if os.geteuid() != 0:
        return programs, [*die_with_us, "--"] if die_with_us else []
    if setpriv is None:
        words = "As root the tests need `setpriv` (package util-linux), or run them as a user."
        raise RuntimeError(words)
    user = next(entry for entry in map(_user, ("postgres", "nobody")) if entry is not None)
    os.chown(folder, user.pw_uid, user.pw_gid)
    become = [
        *(setpriv, "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"),
        *("--pdeathsig", "INT", "--"),
    ]
    reachable = subprocess.run(
        [*become, str(programs / "postgres"), "--version"], capture_output=True, check=False
    )
    if reachable.returncode != 0:
        own = folder / "programs"
        shutil.copytree(programs.parent, own, symlinks=True)
        programs = own / programs.name
    return programs, become


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _check(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        print(done.stdout + done.stderr, file=sys.stderr)  # noqa: T201
        raise RuntimeError("failed: " + " ".join(command))
