"""Functions of SQL that each database spells in its own way."""

import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    String,
    TableValuedAlias,
    func,
    literal,
    literal_column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm.attributes import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class JsonItemHas(FunctionElement[bool]):
    """Whether the object at an index of a JSON array has a key: `(array, index, key)`."""

    type = Boolean()
    inherit_cache = True
    name = "json_item_has"


class JsonItemHolds(FunctionElement[bool]):
    """Whether a list inside the object at an index of a JSON array holds every wanted string.

    `(array, index, key of the list, wanted as the text of a JSON list)`; false when there is no
    such index or key.
    """

    type = Boolean()
    inherit_cache = True
    name = "json_item_holds"


@compiles(JsonItemHas, "postgresql")
def _item_has_postgresql(element: JsonItemHas, compiler: SQLCompiler, **options: Any) -> str:
    array, index, key = (compiler.process(part, **options) for part in element.clauses)
    return f"jsonb_exists({array} -> CAST({index} AS INTEGER), {key})"


@compiles(JsonItemHas, "sqlite")
def _item_has_sqlite(element: JsonItemHas, compiler: SQLCompiler, **options: Any) -> str:
    array, index, key = (compiler.process(part, **options) for part in element.clauses)
    return f"json_type({array}, '$[' || {index} || '].' || {key}) IS NOT NULL"


@compiles(JsonItemHolds, "postgresql")
def _item_holds_postgresql(element: JsonItemHolds, compiler: SQLCompiler, **options: Any) -> str:
    array, index, key, wanted = (compiler.process(part, **options) for part in element.clauses)
    return f"({array} -> CAST({index} AS INTEGER) -> {key}) @> CAST({wanted} AS JSONB)"


@compiles(JsonItemHolds, "sqlite")
def _item_holds_sqlite(element: JsonItemHolds, compiler: SQLCompiler, **options: Any) -> str:
    array, index, key, wanted = (compiler.process(part, **options) for part in element.clauses)
    path = f"'$[' || {index} || '].' || {key}"
    return (
        f"(json_type({array}, {path}) = 'array' AND NOT EXISTS ("  # noqa: S608
        f"SELECT 1 FROM json_each({wanted}) AS wanted WHERE wanted.value NOT IN ("
        f"SELECT held.value FROM json_each({array}, {path}) AS held)))"
    )


def json_items(
    array: ColumnElement[Any] | InstrumentedAttribute[Any], dialect_name: str
) -> TableValuedAlias:
    """The objects of a JSON array as a table with the column `value`, to be joined."""
    return _unfolded(array, "jsonb_array_elements", dialect_name)


def json_texts(
    array: ColumnElement[Any] | InstrumentedAttribute[Any], dialect_name: str
) -> TableValuedAlias:
    """The texts of a JSON array as a table with the column `value`, to be joined."""
    return _unfolded(array, "jsonb_array_elements_text", dialect_name)


def _unfolded(array: Any, by_postgresql: str, dialect_name: str) -> TableValuedAlias:
    name = by_postgresql if dialect_name == "postgresql" else "json_each"
    items: TableValuedAlias = getattr(func, name)(array).table_valued(
        "value", joins_implicitly=True
    )
    return items


class JsonNumber(FunctionElement[int]):
    """The whole number under a key of a JSON object, NULL without one: `(object, key)`."""

    type = BigInteger()
    inherit_cache = True
    name = "json_number"


@compiles(JsonNumber, "postgresql")
def _json_number_postgresql(element: JsonNumber, compiler: SQLCompiler, **options: Any) -> str:
    value, key = (compiler.process(part, **options) for part in element.clauses)
    return f"CAST({value} ->> {key} AS BIGINT)"


@compiles(JsonNumber, "sqlite")
def _json_number_sqlite(element: JsonNumber, compiler: SQLCompiler, **options: Any) -> str:
    value, key = (compiler.process(part, **options) for part in element.clauses)
    return f"json_extract({value}, '$.' || {key})"


def json_number(items: TableValuedAlias, key: str) -> JsonNumber:
    """The whole number under a key of each object of `json_items`."""
    return JsonNumber(items.c.value, literal_column(f"'{key}'"))


class Sha256Head(FunctionElement[int]):
    """The first 48 bits of SHA-256 over some bytes and a text: `(bytes in hexadecimal, text)`."""

    type = BigInteger()
    inherit_cache = True
    name = "sha256_head"


@compiles(Sha256Head, "postgresql")
def _sha256_head_postgresql(element: Sha256Head, compiler: SQLCompiler, **options: Any) -> str:
    head, words = (compiler.process(part, **options) for part in element.clauses)
    hashed = f"sha256(decode({head}, 'hex') || convert_to({words}, 'UTF8'))"
    return f"CAST(CAST('x' || left(encode({hashed}, 'hex'), 12) AS BIT(48)) AS BIGINT)"


@compiles(Sha256Head, "sqlite")
def _sha256_head_sqlite(element: Sha256Head, compiler: SQLCompiler, **options: Any) -> str:
    head, words = (compiler.process(part, **options) for part in element.clauses)
    return f"sha256_head({head}, {words})"


def sha256_head(head: str, words: str) -> int:
    """What `Sha256Head` says in SQL; `head` is hexadecimal."""
    hashed = _begun(head).copy()
    hashed.update(words.encode())
    return int.from_bytes(hashed.digest()[:6])


@lru_cache(maxsize=8)
def _begun(head: str) -> "hashlib._Hash":
    """SHA-256 over the bytes that a million lots begin with."""
    return hashlib.sha256(bytes.fromhex(head))


class IsAmong(FunctionElement[bool]):
    """Whether a column holds one of many numbers, which are one parameter however many they are.

    `(column, JSON text of a list of whole numbers)`
    """

    type = Boolean()
    inherit_cache = True
    name = "is_among"


@compiles(IsAmong, "postgresql")
def _is_among_postgresql(element: IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(part, **options) for part in element.clauses)
    each = f"jsonb_array_elements_text(CAST({numbers} AS JSONB)) AS each(n)"
    return f"({column} IN (SELECT CAST(each.n AS BIGINT) FROM {each}))"  # noqa: S608


@compiles(IsAmong, "sqlite")
def _is_among_sqlite(element: IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({numbers})))"  # noqa: S608


def is_among(
    column: ColumnElement[int] | InstrumentedAttribute[int], numbers: Collection[int]
) -> IsAmong:
    """Whether a column holds one of some numbers."""
    return IsAmong(column, json.dumps(sorted(numbers)))


class FormattedText(FunctionElement[str]):
    """A text with each `%s` replaced by a value, an empty one by nothing: `(text, value …)`."""

    type = String()
    inherit_cache = True
    name = "formatted_text"


@compiles(FormattedText, "postgresql")
def _formatted_postgresql(element: FormattedText, compiler: SQLCompiler, **options: Any) -> str:
    return f"format({compiler.process(element.clauses, **options)})"


@compiles(FormattedText, "sqlite")
def _formatted_sqlite(element: FormattedText, compiler: SQLCompiler, **options: Any) -> str:
    # Its name since 3.8.3; `format` came with 3.38, which the Python of an older system lacks.
    return f"printf({compiler.process(element.clauses, **options)})"


def formatted_text(form: str, *values: ColumnElement[Any]) -> FormattedText:
    """A text with each `%s` replaced by the next value, an empty one by nothing."""
    return FormattedText(literal(form, String), *values)


class JoinedText(FunctionElement[str]):
    """The texts of all rows joined: `(text, between two, what they are put in order by)`."""

    type = String()
    inherit_cache = True
    name = "joined_text"


@compiles(JoinedText, "postgresql")
def _joined_postgresql(element: JoinedText, compiler: SQLCompiler, **options: Any) -> str:
    text, between, order = (compiler.process(part, **options) for part in element.clauses)
    return f"string_agg({text}, {between} ORDER BY {order})"


@compiles(JoinedText, "sqlite")
def _joined_sqlite(element: JoinedText, compiler: SQLCompiler, **options: Any) -> str:
    # The rows come in the order of the subquery; an order of its own came with 3.44.
    text, between, _order = (compiler.process(part, **options) for part in element.clauses)
    return f"group_concat({text}, {between})"


def joined_text(text: ColumnElement[str], between: str, order: ColumnElement[Any]) -> JoinedText:
    """The texts of a subquery's rows joined; the subquery must be in the same order itself."""
    return JoinedText(text, literal(between, String), order)


def give_room_to_sort(connection: Connection) -> None:
    """Let PostgreSQL sort large results of this transaction in 64 MB instead of through files.

    SQLite sorts as it is set up for every connection.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL work_mem = '64MB'")
