"""Which revision tables and program are of, and making the tables of a revision."""

import flask_migrate
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, inspect, select, table

from contest.core.full_text import is_of_word_index

VERSIONS = "alembic_version"


def _scripts() -> ScriptDirectory:
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config)


def code_revision() -> str:
    """The newest revision that this program knows."""
    return _scripts().get_current_head() or ""


def knows_revision(revision: str) -> bool:
    """Whether this program can make the tables of a revision and migrate them."""
    try:
        return bool(revision) and _scripts().get_revision(revision) is not None
    except CommandError:
        return False


def revision_of(connection: Connection) -> str:
    """The revision of a database, empty where there are no tables."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def tables_with_rows(connection: Connection) -> list[str]:
    """The tables that hold something, without the one that holds the revision."""
    return [
        name
        for name in sorted(inspect(connection).get_table_names())
        if name != VERSIONS
        and not is_of_word_index(name)
        and connection.execute(select(1).select_from(table(name)).limit(1)).first() is not None
    ]


def migrate_to(revision: str) -> None:
    """Bring the database to a revision ("head": the newest)."""
    flask_migrate.upgrade(revision=revision)
