"""The only module that commits.

There are three ways:

- `unit_of_work()`: one per request (opened by `init_transactions`), per attempt closed, per job
  step; everything in it becomes true together or not at all.
- `SingleStatement`: one statement in autocommit on a driver connection of its own per thread;
  the save of an answer.
- `record_apart()`: what must survive a rollback (failed sign-ins, refusals) and audited reads.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import Connection, Engine, Executable

from contest.core.db import db, only_reading, prepare_sqlite_connection, writing
from contest.core.later import later

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FIRST_ERROR: Final = 400
_ONLY_READS: Final = "__only_reads__"
View = TypeVar("View", bound=Callable[..., Any])
psycopg: Final = later("psycopg")
_thread = threading.local()


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit everything done inside, or nothing when an exception leaves it.

    Outside requests only: a request is one unit of work already. On SQLite it begins IMMEDIATE.
    What was recorded apart is written afterwards in either case.
    """
    token = writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        writing.reset(token)
        db.session.remove()
        _run_apart(_queue())


def end_read() -> None:
    """End a read-only unit by COMMIT: a ROLLBACK makes psycopg drop its prepared statements."""
    db.session.commit()


def _queue() -> list[Callable[[Connection], None]]:
    if has_request_context():
        if "apart" not in g:
            g.apart = []
        queue: list[Callable[[Connection], None]] = g.apart
        return queue
    if not hasattr(_thread, "apart"):
        _thread.apart = []
    own: list[Callable[[Connection], None]] = _thread.apart
    return own


def record_apart(write: Callable[[Connection], None]) -> None:
    """Have something written in a transaction of its own after this request's has ended.

    It happens whether the request's transaction is committed or rolled back, and before the
    response leaves; afterwards, because SQLite has one writer at a time.
    """
    _queue().append(write)


def _run_apart(queue: list[Callable[[Connection], None]]) -> None:
    while queue:
        write = queue.pop(0)
        token = writing.set(True)
        try:
            with db.engine.begin() as connection:
                write(connection)
        finally:
            writing.reset(token)


def only_reads(view: View) -> View:
    """Marks a view that, looked at, writes nothing but what is recorded apart.

    PostgreSQL then runs its SELECTs without a transaction around them. For pages that thousands
    open at once; an attempt to write there is an error.
    """
    setattr(view, _ONLY_READS, True)
    return view


def init_transactions(app: Flask) -> None:
    """Make every request one unit of work."""

    @app.before_request
    def begin() -> None:
        is_safe = request.method in SAFE_METHODS
        g.writing_token = writing.set(not is_safe)
        view = current_app.view_functions.get(request.endpoint or "")
        g.reading_token = only_reading.set(is_safe and hasattr(view, _ONLY_READS))

    @app.after_request
    def end(response: Response) -> Response:
        if "keep_apart" in g:  # the save of an answer has committed in its own statement
            return response
        if response.status_code < _FIRST_ERROR:
            db.session.commit()
        elif request.method in SAFE_METHODS:
            end_read()
        else:
            db.session.rollback()
        if "apart" in g:
            _run_apart(g.apart)
        return response

    @app.teardown_request
    def forget(error: BaseException | None) -> None:
        del error
        for held, name in ((writing, "writing_token"), (only_reading, "reading_token")):
            token = g.pop(name, None)
            if token is not None:
                with suppress(ValueError):
                    held.reset(token)


def roll_back() -> None:
    """Undo what the request has done so far; the error handlers call it before their page."""
    db.session.rollback()


class _Compiled:
    """A statement compiled once for the driver."""

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=db.engine.dialect)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self.positions = compiled.positiontup
        # What the values do not bring: the constants of the statement, processed once.
        processors = getattr(compiled, "_bind_processors", {})
        self.constants = {
            name: processors[name](value) if name in processors and value is not None else value
            for name, value in compiled.params.items()
        }
        self.processors = list(processors.items())

    def arguments(self, values: Mapping[str, Any]) -> Any:
        merged = {**self.constants, **values}
        for name, process in self.processors:
            if name in values:
                merged[name] = process(merged[name])
        if self.positions is not None:
            return [merged[name] for name in self.positions]
        return merged


class SingleStatement:
    """A statement that is a whole unit of work: compiled once per dialect, run by the driver.

    Args:
        build: makes the Core statement, with named bind parameters, for a dialect's name.
    """

    def __init__(self, build: Callable[[str], Executable]) -> None:
        self._build = build
        self._built: dict[str, Executable] = {}
        self._compiled: dict[str, _Compiled] = {}

    def core(self) -> Executable:
        """The Core statement for the database in use, for running it inside a unit of work."""
        name = db.engine.dialect.name
        if name not in self._built:
            self._built[name] = self._build(name)
        return self._built[name]

    def _run(self, values: Mapping[str, Any]) -> Any:
        name = db.engine.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _Compiled(self.core())
        arguments = compiled.arguments(values)
        try:
            return driver_connection().execute(compiled.sql, arguments)
        except psycopg.OperationalError:
            # The server closed the connection (restart, idle limit). A save carries its own key,
            # so that running it again cannot write it twice.
            drop_driver_connection()
            return driver_connection().execute(compiled.sql, arguments)

    def write(self, values: Mapping[str, Any]) -> int:
        """Run it in autocommit; when it returns, the change is durable.

        Returns:
            The number of rows it touched.
        """
        count: int = self._run(values).rowcount
        return count

    def read(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run a SELECT and return its first row as the driver gives it, or None."""
        row: tuple[Any, ...] | None = self._run(values).fetchone()
        return row


def driver_connection() -> Any:
    """This thread's autocommit connection of the driver itself."""
    engine = db.engine
    known: tuple[Engine, Any] | None = getattr(_thread, "driver", None)
    if known is not None and known[0] is engine:
        return known[1]
    drop_driver_connection()
    connection = _connect(engine)
    _thread.driver = (engine, connection)
    return connection


def _connect(engine: Engine) -> Any:
    arguments, options = engine.dialect.create_connect_args(engine.url)
    if engine.dialect.name == "sqlite":
        options = {**options, "timeout": 15, "check_same_thread": False}
        connection = engine.dialect.loaded_dbapi.connect(*arguments, **options)
        prepare_sqlite_connection(connection)
        return connection
    # One plan for all values: planning a join of three tables takes longer than running it.
    return psycopg.connect(
        *arguments,
        autocommit=True,
        prepare_threshold=0,
        **{"options": "-c plan_cache_mode=force_generic_plan", **options},
    )


def drop_driver_connection() -> None:
    """Close this thread's driver connection, if it has one."""
    known: tuple[Engine, Any] | None = getattr(_thread, "driver", None)
    _thread.driver = None
    if known is not None:
        with suppress(Exception):
            known[1].close()


def commits_apart() -> None:
    """Tell the request's unit of work that a single statement has done everything."""
    g.keep_apart = True
