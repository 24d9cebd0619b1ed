"""A table that grows by the million in one partition for each round: PostgreSQL, where asked for.

With `LEDGER_PARTITIONS=1` a round gets its own partition when it opens. The first time, the table
as it is becomes the default partition of a new one with the same name: nothing is copied, and what
was there stays where it is. A partition is scanned, backed up and thrown away by itself.
"""

from typing import Any, Final

import structlog
from flask import current_app
from psycopg.sql import SQL, Composable, Identifier, Literal
from sqlalchemy.exc import OperationalError

from contest.config import Settings
from contest.core.db import db

_PATIENCE: Final = "3s"
"""For how long saves may be kept waiting for the table; then the round goes without a partition."""
_KIND: Final = "SELECT relkind::text FROM pg_class WHERE oid = to_regclass(%s)"
_KEYS: Final = """
SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = to_regclass(%s) AND contype IN ('p', 'f') ORDER BY contype DESC, conname
"""
log = structlog.get_logger("partitions")


def give_partition(table: str, value: int) -> bool:
    """Give a round its own partition, in the unit of work that opens it.

    Args:
        table: its name; it is partitioned by its column `round_id`, the first of its primary key.
        value: the round's id; it has no row in the table yet.

    Returns:
        Whether there is one now: not where nobody asked for it, nor on SQLite, nor where the table
        was locked for seconds; its rows then lie in the default partition.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.ledger_partitions or settings.is_sqlite:
        return False
    try:
        with db.session.begin_nested():
            _run(SQL("SET LOCAL lock_timeout = {}").format(Literal(_PATIENCE)))
            if _rows(_KIND, table)[0][0] == "r":
                _divide(table)
            _add(table, f"{table}_{value}", value)
            _run(SQL("SET LOCAL lock_timeout = DEFAULT"))
    except OperationalError:
        log.warning("the table was locked; the round has no partition", table=table)
        return False
    return True


def _divide(name: str) -> None:
    """Put the table, as it is, into a new one as its default partition."""
    rest = f"{name}_rest"
    keys = _rows(_KEYS, name)
    _run(SQL("ALTER TABLE {} RENAME TO {}").format(Identifier(name), Identifier(rest)))
    for key, kind, _definition in keys:
        if kind == "p":
            new = Identifier(f"{key}_rest")
            _run(
                SQL("ALTER TABLE {} RENAME CONSTRAINT {} TO {}").format(
                    Identifier(rest), Identifier(key), new
                )
            )
    _run(
        SQL(
            "CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) "
            "PARTITION BY LIST (round_id)"
        ).format(Identifier(name), Identifier(rest))
    )
    for key, _kind, definition in keys:
        _run(
            SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                Identifier(name), Identifier(key), SQL(definition)
            )
        )
    _run(
        SQL("ALTER TABLE {} ATTACH PARTITION {} DEFAULT").format(Identifier(name), Identifier(rest))
    )


def _add(name: str, partition: str, value: int) -> None:
    """Attached and not created as a partition: the saves of other rounds go on meanwhile."""
    made = {"name": Identifier(name), "new": Identifier(partition), "value": Literal(value)}
    _run(SQL("CREATE TABLE {new} (LIKE {name} INCLUDING ALL)").format(**made))
    _run(SQL("ALTER TABLE {name} ATTACH PARTITION {new} FOR VALUES IN ({value})").format(**made))


def _run(statement: Composable) -> None:
    db.session.connection().exec_driver_sql(statement.as_string())


def _rows(statement: str, *values: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.connection().exec_driver_sql(statement, values)]
