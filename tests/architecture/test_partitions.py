"""Nothing in the schema stands in the way of partitions by round: see docs/scaling.md."""

from sqlalchemy import Table, UniqueConstraint

import contest.quizzes.models
from contest.core.db import Base

assert contest.quizzes.models, "the tables are known once their module is"
HOT = (
    "attempt",
    "answer_ledger",
    "essay_answer",
    "late_evidence",
    "question_report",
    "regrade_mark",
)
"""The tables that grow with every attempt."""


def table(name: str) -> Table:
    return Base.metadata.tables[name]


def test_what_hangs_on_an_attempt_is_in_the_list() -> None:
    """A new table with a foreign key to the attempt has to carry the round as well."""
    hanging = {
        each.name
        for each in Base.metadata.tables.values()
        for key in each.foreign_keys
        if key.column.table.name == "attempt"
    }
    assert hanging == set(HOT) - {"attempt"}


def test_every_table_of_the_hot_path_carries_the_round() -> None:
    for name in HOT:
        assert not table(name).c.round_id.nullable, name


def test_the_ledger_can_be_partitioned_as_it_is() -> None:
    """PostgreSQL wants the partition's key in every unique constraint of the table."""
    assert table("answer_ledger").primary_key.columns.keys()[0] == "round_id"


def test_what_the_other_tables_need_is_written_down() -> None:
    """Keys without the round, to be widened by it on the day of the partitions; no others."""
    found = {
        (name, tuple(columns))
        for name in HOT
        for columns in _unique(table(name))
        if "round_id" not in columns
    }
    assert found == {
        ("attempt", ("id",)),
        ("attempt", ("public_id",)),
        ("attempt", ("receipt_code",)),
        ("essay_answer", ("id",)),
        ("essay_answer", ("public_id",)),
        ("essay_answer", ("attempt_id", "slot")),
        ("late_evidence", ("id",)),
        ("late_evidence", ("attempt_id", "epoch", "sequence")),
        ("question_report", ("id",)),
        ("question_report", ("public_id",)),
        ("question_report", ("attempt_id", "slot")),
        ("regrade_mark", ("regrade_id", "attempt_id")),
    }


def _unique(found: Table) -> list[list[str]]:
    keys = [found.primary_key.columns.keys()]
    keys += [
        each.columns.keys() for each in found.constraints if isinstance(each, UniqueConstraint)
    ]
    keys += [[column.name] for column in found.c if column.unique]
    keys += [index.columns.keys() for index in found.indexes if index.unique]
    return keys
