"""What the databases of one test process share of their SQL.

Each test has a database, and so an engine, of its own, and an engine forgets what its statements
look like as SQL. Compiling the same statements for each test took a third of the whole run, asking
PostgreSQL about itself a part of the rest.
"""

from typing import Any, Final, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

STATEMENTS: Final = 3000
_compiled: Final[LRUCache[Any, Any]] = LRUCache(STATEMENTS)


class _OneDialect(DefaultDialect):
    """A dialect of which there is one in a process: compiled SQL is kept by dialect."""

    _only: Self | None = None
    _asked = False

    def __new__(cls, **options: Any) -> Self:
        """The one there is."""
        if "_only" not in cls.__dict__ or cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __init__(self, **options: Any) -> None:
        if not self.__dict__:
            super().__init__(**options)

    def initialize(self, connection: Connection) -> None:
        """Ask the server about itself, once: all databases of a session are alike."""
        if not self._asked:
            super().initialize(connection)
            self._asked = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let the engine find what engines before it have compiled."""
        engine.update_execution_options(compiled_cache=_compiled)


class OneSqlite(_OneDialect, SQLiteDialect_pysqlite):
    """SQLite's dialect."""

    supports_statement_cache = True


class OnePostgresql(_OneDialect, PGDialect_psycopg):
    """PostgreSQL's dialect."""

    supports_statement_cache = True


def share_compiled_sql() -> None:
    """Let a statement be compiled once in a process, however many databases it is asked of."""
    registry.register("sqlite", __name__, OneSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, OnePostgresql.__name__)
