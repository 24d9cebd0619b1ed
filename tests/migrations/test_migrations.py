"""Migrations: one head, dated names, up-down-up, and afterwards exactly the models' schema."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, inspect

from contest.app import create_app
from contest.config import PROJECT_ROOT
from contest.core.db import db
from contest.core.full_text import is_of_word_index
from tests.conftest import make_settings
from tests.support.databases import Database, Databases

FOLDER: Final = PROJECT_ROOT / "migrations"
DATED: Final = re.compile(r"^\d{4}-\d{2}-\d{2}_[a-z0-9]+_[a-z0-9_]+\.py$")


@contextmanager
def application(database: Database, instance: Path) -> Iterator[Flask]:
    app = create_app(make_settings(database.url, instance))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def empty(databases: Databases, database_kind: str, instance: Path) -> Iterator[Flask]:
    with databases.empty(database_kind) as database, application(database, instance) as app:
        yield app


def script() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))


def test_there_is_one_head() -> None:
    assert len(script().get_heads()) == 1


def test_names_begin_with_their_day() -> None:
    names = [path.name for path in (FOLDER / "versions").glob("*.py")]
    assert names
    assert [name for name in names if not DATED.match(name)] == []


def tables() -> set[str]:
    """Those of the models; what makes words searchable is derived."""
    names = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    return {name for name in names if not is_of_word_index(name)}


def test_up_down_up(empty: Flask) -> None:
    flask_migrate.upgrade()
    first = tables()
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert tables() == first == set(db.metadata.tables)


def test_the_schema_is_the_models(empty: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, _kind, _parents: not is_of_word_index(name),
            },
        )
        differences = compare_metadata(context, db.metadata)
        connection.commit()
    assert differences == []


def test_words_are_searchable_after_a_migration(empty: Flask) -> None:
    flask_migrate.upgrade()
    if db.engine.dialect.name == "sqlite":
        assert "fts_question" in inspect(db.engine).get_table_names()
    else:
        found = {index["name"] for index in inspect(db.engine).get_indexes("question")}
        assert {"fts_question_words", "fts_question_order"} <= found


def test_check_constraints_are_the_models(empty: Flask) -> None:
    """Alembic compares everything but these."""
    flask_migrate.upgrade()
    found: dict[str, set[str | None]] = {}
    for table in tables():
        constraints: list[Any] = list(inspect(db.engine).get_check_constraints(table))
        found[table] = {constraint["name"] for constraint in constraints}
    wanted = {
        name: {
            str(constraint.name)
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint) and constraint.name
        }
        for name, table in db.metadata.tables.items()
    }
    assert found == wanted
