"""Rows as JSON, the same from SQLite and PostgreSQL.

The shape of a table (columns with their kinds) is taken from the models when a backup is made and
travels in its manifest, so that a restore needs the manifest alone: an older archive is loaded into
tables of its own revision and migrated afterwards.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.types import TypeEngine

from contest.core.backups.refusals import BackupRefused
from contest.core.db import JsonData

_KINDS: Final[tuple[tuple[type[TypeEngine[Any]], str], ...]] = (
    (JSON, "json"),
    (Boolean, "bool"),
    (Date, "date"),
    (LargeBinary, "bytes"),
    (Integer, "int"),
    (String, "text"),
)
_TYPES: Final[dict[str, Callable[[], TypeEngine[Any]]]] = {
    "json": lambda: JsonData,
    "bool": Boolean,
    "date": Date,
    "bytes": LargeBinary,
    "int": BigInteger,
    "text": Text,
}


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a table looks like in an archive.

    Attributes:
        name: of the table.
        columns: name and kind of each, in order.
        key: columns of the primary key.
        later: columns that may point to rows which come later (to the same table, or round a
            circle of tables); they are filled when all rows are there.
        serial: column numbered by the database, or empty.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    later: tuple[str, ...]
    serial: str

    def document(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "TableShape":
        """From the manifest."""
        return cls(
            name=str(document["name"]),
            columns=tuple((str(name), str(kind)) for name, kind in document["columns"]),
            key=tuple(document["key"]),
            later=tuple(document["later"]),
            serial=str(document["serial"]),
        )

    def table(self) -> Table:
        """The table with plain types: instants and points are the integers they are stored as."""
        return Table(
            self.name,
            MetaData(),
            *(
                Column(name, _TYPES[kind](), primary_key=name in self.key)
                for name, kind in self.columns
            ),
        )


def shapes_of(metadata: MetaData) -> list[TableShape]:
    """The shapes of all tables, each after those it points to."""
    done: set[str] = set()
    shapes: list[TableShape] = []
    for table in metadata.sorted_tables:
        later = tuple(
            column.name
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table.name not in done
        )
        shapes.append(
            TableShape(
                name=table.name,
                columns=tuple((column.name, _kind_of(column)) for column in table.columns),
                key=tuple(column.name for column in table.primary_key.columns),
                later=later,
                serial=_serial_of(table),
            )
        )
        done.add(table.name)
    return shapes


def _kind_of(column: Column[Any]) -> str:
    found: TypeEngine[Any] = column.type
    while isinstance(found, TypeDecorator):
        found = found.impl_instance
    for kind, name in _KINDS:
        if isinstance(found, kind):
            return name
    words = f"Column {column.table.name}.{column.name} is of a kind that backups do not know."
    raise BackupRefused(words)


def _serial_of(table: Table) -> str:
    column = table.autoincrement_column
    return "" if column is None or column.foreign_keys else column.name


def write_row(values: tuple[Any, ...]) -> bytes:
    """One row as a line of JSON."""
    line = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_written)
    return line.encode() + b"\n"


def _written(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode("ascii")


def row_reader(shape: TableShape) -> Callable[[bytes], dict[str, Any]]:
    """Makes the function that reads a line of this table."""
    names = [name for name, _ in shape.columns]
    special = [
        (position, _READ[kind]) for position, (_, kind) in enumerate(shape.columns) if kind in _READ
    ]

    def read(line: bytes) -> dict[str, Any]:
        values = json.loads(line)
        for position, convert in special:
            if values[position] is not None:
                values[position] = convert(values[position])
        return dict(zip(names, values, strict=True))

    return read


_READ: Final[dict[str, Callable[[str], Any]]] = {
    "date": date.fromisoformat,
    "bytes": base64.b64decode,
}
