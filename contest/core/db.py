"""The database: base class, column types and the few statements that differ by dialect.

Instants and points are stored as integers through type decorators, so that SQLite (whose
NUMERIC is a float) and PostgreSQL sort and sum alike.
"""

import secrets
import sqlite3
from contextvars import ContextVar
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import partial
from typing import Any, Final

import structlog
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    SelectBase,
    String,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.attributes import InstrumentedAttribute
from sqlalchemy.pool import ConnectionPoolEntry

from contest.core.clock import from_micros, micros, monotonic
from contest.core.later import Later, later
from contest.core.sql import sha256_head

POINT_UNITS: Final = 10_000
_PAUSE_SECONDS: Final = 5.0
_NAMING: Final = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigKey: Final = BigInteger().with_variant(Integer, "sqlite")
"""Primary keys of tables that grow by the million (SQLite's rowid is 64 bits already)."""

JsonData: Final = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

writing: Final[ContextVar[bool]] = ContextVar("writing", default=False)
"""Whether transactions begun now will write. SQLite then begins IMMEDIATE: a deferred
transaction that reads first and writes later fails at once, whatever the timeout."""


reporting: Final[ContextVar[bool]] = ContextVar("reporting", default=False)
"""Whether what is read now may come from the follower; see `core.replica`."""

FOLLOWER: Final = "follower"

only_reading: Final[ContextVar[bool]] = ContextVar("only_reading", default=False)
"""Whether this request has promised to write nothing; see `core.transactions.only_reads`."""

_READS: Final = ("SELECT", "WITH", "BEGIN")
_READING: Final = "reading_engine"


class Base(DeclarativeBase):
    """Base of all tables, with names for constraints so that migrations can drop them."""

    metadata = MetaData(naming_convention=_NAMING)


class _Session(Session):
    """Selects of reports go to the follower; every change goes to the primary.

    So does what is run on the session's own connection, of which nobody knows what it will do.
    """

    def get_bind(
        self,
        mapper: Any | None = None,
        clause: Any | None = None,
        bind: Engine | Connection | None = None,
        **kwargs: Any,
    ) -> Engine | Connection:
        """The engine of a statement."""
        reads = isinstance(clause, SelectBase) and not self._flushing
        if reporting.get() and bind is None and reads:
            return self._db.engines[FOLLOWER]
        if only_reading.get() and bind is None:
            reading: Engine = current_app.extensions[_READING]
            return reading
        return super().get_bind(mapper, clause, bind, **kwargs)


db: Final = SQLAlchemy(
    model_class=Base, session_options={"expire_on_commit": False, "class_": _Session}
)
flask_migrate: Final = later("flask_migrate")


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC instant stored as integer microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware instant → microseconds; a naive one is a mistake of ours and raises."""
        del dialect
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds → aware instant."""
        del dialect
        return None if value is None else from_micros(value)


class Points(TypeDecorator[Decimal]):
    """Points or marks stored as integer ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Decimal → ten-thousandths, half up."""
        del dialect
        return None if value is None else to_point_units(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Ten-thousandths → Decimal."""
        del dialect
        return None if value is None else from_point_units(value)


def to_point_units(value: Decimal | int) -> int:
    """Points as integer ten-thousandths, rounded half up."""
    return int((Decimal(value) * POINT_UNITS).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_point_units(value: int) -> Decimal:
    """Integer ten-thousandths as points."""
    return Decimal(value) / POINT_UNITS


def enum_type(enumeration: type[StrEnum]) -> Enum:
    """A column type that stores the values of a StrEnum, held by a check constraint."""
    return Enum(
        enumeration,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=enumeration.__name__.lower(),
        length=40,
    )


def new_public_id() -> str:
    """A random id for URLs: 72 bits, 12 signs."""
    return secrets.token_urlsafe(9)


class PublicIdMixin:
    """A random id for URLs beside the internal key, which never leaves the server."""

    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=new_public_id)


def contains_folded(
    column: InstrumentedAttribute[str] | ColumnElement[str], folded_query: str
) -> ColumnElement[bool]:
    """Whether a folded column contains every word of a query that was folded already."""
    condition: ColumnElement[bool] | None = None
    for word in folded_query.split():
        part = column.contains(word, autoescape=True)
        condition = part if condition is None else condition & part
    return text("1 = 1") if condition is None else condition  # type: ignore[return-value]


def insert_once(table: Any, dialect_name: str) -> Any:
    """An INSERT that leaves a row alone whose key is there already (row count 0)."""
    make = postgresql.insert if dialect_name == "postgresql" else sqlite.insert
    return make(table)


def init_database(
    app: Flask, database_url: str, follower_url: str = "", *, echo: bool = False
) -> None:
    """Bind the database to the application and set the pragmas it relies on.

    Args:
        app: the application.
        database_url: of the primary.
        follower_url: of a PostgreSQL that follows it, for reports; empty = there is none.
        echo: say every statement.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    options: dict[str, Any] = {"echo": echo}
    if database_url.startswith("sqlite"):
        # One connection per thread, and waiting for the writer instead of failing.
        options["connect_args"] = {"timeout": 15, "check_same_thread": False}
    else:
        # The connection used last comes first: its statements are prepared and its pages warm.
        options |= {"pool_size": 8, "max_overflow": 8, "pool_use_lifo": True}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    if follower_url:
        # Read only, even where the address leads to a database that could be written to.
        asked = {"options": "-c default_transaction_read_only=on", "connect_timeout": 3}
        app.config["SQLALCHEMY_BINDS"] = {
            FOLLOWER: {"url": follower_url, "pool_pre_ping": True, "connect_args": asked}
        }
    db.init_app(app)
    app.extensions["migrate"] = Later(partial(_migrations, app))
    with app.app_context():
        _prepare_engine(db.engine)
        app.extensions[_READING] = _for_reading(db.engine)


def _migrations(app: Flask) -> Any:
    """Flask-Migrate's part of an application, which `flask db` and the tests alone ask for."""
    directory = str(app.config["MIGRATIONS_DIR"])
    flask_migrate.Migrate(app, db, directory, render_as_batch=True, compare_type=True)
    return app.extensions["migrate"]


def _prepare_engine(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "checkout", _ping_after_a_pause)


def _for_reading(engine: Engine) -> Engine:
    """The same engine and pool, for requests that write nothing; on PostgreSQL no transactions.

    A transaction adds a BEGIN and a COMMIT to the two or three SELECTs of a page; under READ
    COMMITTED each of them has a snapshot of its own either way.
    """
    alone = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}
    reading = engine.execution_options(**alone)
    event.listen(reading, "before_cursor_execute", _refuse_writing)
    return reading


def _refuse_writing(connection: Connection, cursor: Any, statement: str, *_rest: Any) -> None:
    """A write that nothing could undo; a mistake of ours."""
    del connection, cursor
    if not statement.lstrip(" (\n").startswith(_READS):
        raise AssertionError(f"a page that only reads ran: {statement[:60]}")


def _note_return(connection: Any, record: ConnectionPoolEntry) -> None:
    del connection
    record.info["returned_at"] = monotonic()


def _ping_after_a_pause(connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
    """Look whether a connection that has rested still lives; the pool makes a new one if not.

    Not at each request: a ping costs as much as a statement.
    """
    del proxy
    returned_at: float | None = record.info.get("returned_at")
    if returned_at is None or monotonic() - returned_at < _PAUSE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def prepare_sqlite_connection(connection: Any, record: object = None) -> None:
    """Set the pragmas on a new SQLite connection.

    `synchronous=FULL` makes an acknowledged answer survive a power cut; transactions are begun
    by us (`isolation_level=None`), because the driver's own BEGIN is always deferred.
    """
    del record
    if not isinstance(connection, sqlite3.Connection):  # pragma: no cover  (other dialects)
        return
    connection.isolation_level = None
    connection.create_function("sha256_head", 2, sha256_head, deterministic=True)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def assert_durability() -> list[str]:
    """Names of durability settings that are off, each also logged as a warning.

    Checked at start: SQLite `synchronous`; PostgreSQL `fsync`, `synchronous_commit`,
    `full_page_writes`.
    """
    log = structlog.get_logger("database")
    weak: list[str] = []
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            if connection.execute(text("PRAGMA synchronous")).scalar_one() < 2:  # noqa: PLR2004
                weak.append("synchronous")
        else:
            weak += [
                name
                for name in ("fsync", "synchronous_commit", "full_page_writes")
                if connection.execute(text(f"SHOW {name}")).scalar_one() == "off"
            ]
        connection.commit()
    for name in weak:
        log.warning("durability setting is off", setting=name)
    return weak
