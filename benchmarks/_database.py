"""An application on an empty SQLite file of its own, for benchmarks of what rooms do."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import measured
from contest.accounts.actions import create_unit
from contest.accounts.models import Unit, UnitKind, UnitTree
from contest.app import create_app
from contest.config import read_settings
from contest.core.db import db

NOW: Final = datetime(2026, 9, 2, tzinfo=UTC)


@contextmanager
def empty_database() -> Iterator[Path]:
    """Inside it the application is awake; gives the path of its database."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.sqlite3"
        app = create_app(
            read_settings(
                {
                    "DATABASE_URL": f"sqlite:///{file}",
                    "INSTANCE_DIR": folder,
                    "SECRET_KEY": "k" * 40,
                    "LOG_LEVEL": "error",
                }
            )
        )
        with app.app_context():
            db.create_all()
            db.session.remove()
            yield file
            db.session.remove()
            db.engine.dispose()


def make_unit() -> Unit:
    """A unit that everything may belong to."""
    return create_unit(
        code="LS",
        name="Tỉnh Lâm Sơn",
        kind=UnitKind.ADMINISTRATIVE,
        tree=UnitTree.ADMINISTRATIVE,
        parent=None,
        actor=None,
        now=NOW,
    )


def bare_insert_seconds(file: Path, tables: Sequence[str]) -> float:
    """CPU seconds of the plain driver writing the rows of these tables into a new file.

    Indexes and constraints stand there as well; only the application is missing.
    """
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(file)) as source:
        marks = ", ".join("?" * len(tables))
        schema = source.execute(
            "SELECT sql FROM sqlite_master"  # noqa: S608  (marks alone)
            f" WHERE tbl_name IN ({marks}) AND sql IS NOT NULL AND type IN ('table', 'index')"
            " ORDER BY type DESC",
            tables,
        ).fetchall()
        rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608  (names of ours)
        with closing(sqlite3.connect(Path(folder) / "bare.sqlite3")) as target:
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                target.execute(f"PRAGMA {pragma}")
            for (statement,) in schema:
                target.execute(statement)
            with measured() as span, target:
                for name, lines in rows.items():
                    if lines:
                        width = ", ".join("?" * len(lines[0]))
                        target.executemany(f"INSERT INTO {name} VALUES ({width})", lines)  # noqa: S608  (as above)
    return span.cpu
