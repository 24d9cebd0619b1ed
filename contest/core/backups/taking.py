"""Making a backup: everything of one instant, while people go on working."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import obstore
from sqlalchemy import Connection, select

from contest.core.backups.archive import CHUNK, ArchiveWriter, writing_archive
from contest.core.backups.refusals import BackupRefused
from contest.core.backups.schema import code_revision, revision_of
from contest.core.backups.tables import TableShape, shapes_of, write_row
from contest.core.db import Base, db
from contest.core.files import StoredFile, file_store

_ROWS: Final = 1_000
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written.

    Attributes:
        file: where.
        revision: of the tables.
        rows: of all tables together.
        tables: how many tables.
        files: how many files of people.
        bytes: size of the archive.
        missing: storage keys of files that a row names and the storage does not hold.
    """

    file: str
    revision: str
    rows: int
    tables: int
    files: int
    bytes: int
    missing: list[str]


def take_backup(path: Path, *, now: datetime, progress: Progress) -> BackupReport:
    """Write the whole database and all files into one archive.

    One read transaction sees one state: on SQLite (WAL) a snapshot from its first read, on
    PostgreSQL REPEATABLE READ. Nobody waits for it. Files are never changed once stored, so that
    they can be copied after the rows.

    Args:
        path: a file that is not there yet.
        now: written into the manifest.
        progress: told a line for each step.

    Raises:
        BackupRefused: with the sentence for the operator.
    """
    with writing_archive(path) as archive, db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        revision = revision_of(connection)
        if revision != code_revision():
            words = (
                f"The tables are of revision {revision or 'none'}, this program is of revision "
                f"{code_revision()}. Run `flask db upgrade` first."
            )
            raise BackupRefused(words)
        shapes = shapes_of(Base.metadata)
        counts = {shape.name: _add_table(archive, connection, shape, progress) for shape in shapes}
        files, missing = _add_files(archive, connection, progress)
        archive.finish(
            {
                "made_at": now.isoformat(),
                "revision": revision,
                "database": connection.dialect.name,
                "tables": [{**shape.document(), "rows": counts[shape.name]} for shape in shapes],
                "files": files,
                "missing": missing,
            }
        )
    return BackupReport(
        file=str(path),
        revision=revision,
        rows=sum(counts.values()),
        tables=len(shapes),
        files=files,
        bytes=path.stat().st_size,
        missing=missing,
    )


def _add_table(
    archive: ArchiveWriter, connection: Connection, shape: TableShape, progress: Progress
) -> int:
    table = shape.table()
    rows = 0

    def lines() -> Iterator[bytes]:
        nonlocal rows
        found = connection.execute(
            select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS)
        )
        for part in found.partitions():
            rows += len(part)
            yield b"".join(write_row(tuple(row)) for row in part)

    archive.add(f"tables/{shape.name}.jsonl", lines(), packed=True)
    progress(f"{shape.name}: {rows} rows")
    return rows


def _add_files(
    archive: ArchiveWriter, connection: Connection, progress: Progress
) -> tuple[int, list[str]]:
    """Copy the bytes of every stored file; returns how many, and keys that are not there."""
    files, missing = 0, []
    keys = connection.execute(
        select(StoredFile.storage_key, StoredFile.sha256)
        .order_by(StoredFile.id)
        .execution_options(yield_per=_ROWS)
    )
    for key, digest in keys:
        try:
            stream = obstore.get(file_store(), key).stream(min_chunk_size=CHUNK)
        except FileNotFoundError:
            missing.append(key)
            progress(f"file {key} is not in the storage")
            continue
        written = archive.add(f"files/{key}", (bytes(chunk) for chunk in stream), packed=False)
        if written["sha256"] != digest:
            missing.append(key)
            progress(f"file {key} is not what was handed in")
        files += 1
        if files % 500 == 0:
            progress(f"files: {files}")
    progress(f"files: {files}")
    return files, missing
