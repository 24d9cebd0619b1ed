"""Restoring a backup into an empty place, wholly or not at all."""

import itertools
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import obstore
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from contest.core import audit
from contest.core.backups.archive import ArchiveReader, reading_archive
from contest.core.backups.refusals import BackupRefused
from contest.core.backups.schema import (
    knows_revision,
    migrate_to,
    revision_of,
    tables_with_rows,
)
from contest.core.backups.tables import TableShape, row_reader
from contest.core.backups.taking import Progress
from contest.core.db import db
from contest.core.files import file_store
from contest.core.transactions import unit_of_work

_ROWS: Final = 1_000
_KEY: Final = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored.

    Attributes:
        file: from where.
        revision: of the tables in the archive.
        made_at: when the backup was made, ISO.
        rows: of all tables together.
        tables: how many tables.
        files: how many files of people.
        missing: storage keys of files that the backup could not find.
        audit_whole: whether the chain of the audit record holds.
    """

    file: str
    revision: str
    made_at: str
    rows: int
    tables: int
    files: int
    missing: list[str]
    audit_whole: bool


@dataclass
class _NewFiles:
    """What was put into the storage, to be taken away again if the rows are refused."""

    keys: list[str] = field(default_factory=list)

    def take_away(self) -> None:
        for key in self.keys:
            with suppress(FileNotFoundError):
                obstore.delete(file_store(), key)


def restore_backup(path: Path, *, now: datetime, progress: Progress) -> RestoreReport:
    """Read an archive into an empty database and its storage.

    Everything is checked before anything is written. The rows are one transaction; files that it
    brought are taken away when it fails.

    Args:
        path: what `take_backup` has written.
        now: for the check of the audit chain.
        progress: told a line for each step.

    Raises:
        BackupRefused: the database is not empty, the archive is damaged, cut, or of a revision
            that this program does not know.
    """
    with reading_archive(path) as archive:
        manifest = archive.manifest
        revision = str(manifest.get("revision", ""))
        shapes = [TableShape.read(document) for document in manifest["tables"]]
        _check_place(revision)
        for name in archive.names:
            archive.verify(name)
        progress(f"{len(archive.names)} parts are whole")
        _make_tables(revision, progress)
        brought = _NewFiles()
        try:
            files = _bring_files(archive, brought, progress)
            with unit_of_work():
                rows = _load(archive, shapes, progress)
        except BaseException:
            brought.take_away()
            raise
    migrate_to("head")
    chain = audit.verify_chain(now=now)
    return RestoreReport(
        file=str(path),
        revision=revision,
        made_at=str(manifest["made_at"]),
        rows=rows,
        tables=len(shapes),
        files=files,
        missing=list(manifest["missing"]),
        audit_whole=not (chain.broken or chain.gaps),
    )


def _check_place(revision: str) -> None:
    if not knows_revision(revision):
        words = (
            f"The archive is of revision {revision or 'none'}, which this program does not know. "
            "Restore it with the program that wrote it, or a newer one."
        )
        raise BackupRefused(words)
    with db.engine.connect() as connection:
        filled = tables_with_rows(connection)
        present = revision_of(connection)
    if filled:
        words = (
            f"The database is not empty: {filled[0]} holds rows. A restore never writes over "
            "anything; give it an empty database."
        )
        raise BackupRefused(words)
    if present and present != revision:
        words = (
            f"The tables are of revision {present}, the archive of {revision}. Give a database "
            "without tables: they are made as the archive needs them, then brought up to date."
        )
        raise BackupRefused(words)


def _make_tables(revision: str, progress: Progress) -> None:
    with db.engine.connect() as connection:
        present = revision_of(connection)
    if not present:
        migrate_to(revision)
        progress(f"tables made, revision {revision}")


def _bring_files(archive: ArchiveReader, brought: _NewFiles, progress: Progress) -> int:
    names = [name for name in archive.names if name.startswith("files/")]
    for number, name in enumerate(names, 1):
        key = name.removeprefix("files/")
        if not _KEY.fullmatch(key):
            words = f"The archive holds a file under a name that no backup gives: {key!r}."
            raise BackupRefused(words)
        with archive.open(name) as member:
            if not _is_there(key):
                brought.keys.append(key)
            obstore.put(file_store(), key, member)
        if number % 500 == 0:
            progress(f"files: {number} of {len(names)}")
    progress(f"files: {len(names)}")
    return len(names)


def _is_there(key: str) -> bool:
    with suppress(FileNotFoundError):
        obstore.head(file_store(), key)
        return True
    return False


def _load(archive: ArchiveReader, shapes: list[TableShape], progress: Progress) -> int:
    total = 0
    for shape, document in zip(shapes, archive.manifest["tables"], strict=True):
        rows = _load_table(archive, shape)
        if rows != document["rows"]:
            words = (
                f"{shape.name} has {rows} rows in the archive and {document['rows']} in its list."
            )
            raise BackupRefused(words)
        progress(f"{shape.name}: {rows} rows")
        total += rows
    for shape in shapes:
        if shape.later:
            _fill_later(archive, shape)
        if shape.serial:
            _number_on(shape)
    return total


def _parts(member: IO[bytes], shape: TableShape) -> Iterator[list[dict[str, Any]]]:
    read = row_reader(shape)
    while part := [read(line) for line in itertools.islice(member, _ROWS)]:
        yield part


def _load_table(archive: ArchiveReader, shape: TableShape) -> int:
    table = shape.table()
    empty = dict.fromkeys(shape.later)
    rows = 0
    with archive.open(f"tables/{shape.name}.jsonl") as member:
        for part in _parts(member, shape):
            try:
                db.session.execute(insert(table), [{**row, **empty} for row in part])
            except SQLAlchemyError as error:
                raise _refused(shape, error) from error
            rows += len(part)
    return rows


def _fill_later(archive: ArchiveReader, shape: TableShape) -> None:
    """Set the columns that point to rows which were not there yet."""
    table = shape.table()
    statement = (
        update(table)
        .where(*(table.c[name] == bindparam(f"key_{name}") for name in shape.key))
        .values({name: bindparam(f"to_{name}") for name in shape.later})
    )
    with archive.open(f"tables/{shape.name}.jsonl") as member:
        for part in _parts(member, shape):
            values = [
                {f"key_{name}": row[name] for name in shape.key}
                | {f"to_{name}": row[name] for name in shape.later}
                for row in part
                if any(row[name] is not None for name in shape.later)
            ]
            if not values:
                continue
            try:
                db.session.connection().execute(statement, values)
            except SQLAlchemyError as error:
                raise _refused(shape, error) from error


def _number_on(shape: TableShape) -> None:
    """Let PostgreSQL go on numbering after the highest key; SQLite does so by itself."""
    if db.session.get_bind().dialect.name == "postgresql":
        quote = db.session.get_bind().dialect.identifier_preparer.quote
        sequence = func.pg_get_serial_sequence(quote(shape.name), shape.serial)
        following = func.coalesce(func.max(shape.table().c[shape.serial]), 0) + 1
        db.session.execute(select(func.setval(sequence, following, False)))  # noqa: FBT003


def _refused(shape: TableShape, error: SQLAlchemyError) -> BackupRefused:
    return BackupRefused(
        f"The database refused rows of {shape.name} ({type(error).__name__}); nothing was restored."
    )
