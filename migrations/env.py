"""Run the migrations on the application's own database, in one transaction."""

import sys
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB

from contest.core.db import Points, UtcInstant, db, writing
from contest.core.full_text import ensure_word_indexes, is_of_word_index


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write our column types as what they are in the database.

    A migration must still run when the code has moved on, so that it never imports the application.
    """
    if kind == "type" and isinstance(item, UtcInstant | Points):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, JSON) and not isinstance(item, JSONB):
        autogen_context.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return "sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), 'postgresql')"
    return False


def is_of_the_models(name: str | None, _kind: str, _parents: Any) -> bool:
    """Leave out what is derived: what makes words searchable, and partitions of the ledger."""
    return not is_of_word_index(name) and not str(name).startswith("answer_ledger_")


def keep_only_changes(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no file when models and database agree already."""
    if (
        getattr(context.config.cmd_opts, "autogenerate", False)
        and directives[0].upgrade_ops.is_empty()
    ):
        directives[:] = []
        print("Nothing has changed.", file=sys.stderr)  # noqa: T201


def run() -> None:
    """Run the migrations; on SQLite with foreign keys off, because tables are rebuilt."""
    settings: dict[str, Any] = current_app.extensions["migrate"].configure_args
    token = writing.set(True)
    try:
        with db.engine.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            driver: Any = connection.connection.driver_connection
            if sqlite:
                driver.execute("PRAGMA foreign_keys=OFF")
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_item=render_item,
                process_revision_directives=keep_only_changes,
                include_name=is_of_the_models,
                **settings,
            )
            with context.begin_transaction():
                context.run_migrations()
            ensure_word_indexes(connection)
            connection.commit()
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")
    finally:
        writing.reset(token)


run()
