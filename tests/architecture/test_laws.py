"""One module commits, one reads the clock; what columns may be."""

import ast
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from contest.app import ROOMS
from contest.core.db import Base
from tests.support.sources import Source, calls, python_sources

COMMITS: Final = "contest/core/transactions.py"
READS_ONLY: Final = {
    # Each ends a read of its own connection, where a ROLLBACK would be the alternative.
    "contest/core/db.py": "assert_durability",
}
CLOCK: Final = "contest/core/clock.py"
CLOCKS: Final = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "func.now",
    "func.current_timestamp",
}


def function_around(source: Source, line: int) -> str:
    """The name of the innermost function a line stands in."""
    around = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda node: node.lineno).name if around else ""


def test_commits_happen_in_one_module() -> None:
    found = {
        (source.place, function_around(source, call.lineno))
        for source in python_sources()
        for call, name in calls(source)
        if name.split(".")[-1] == "commit" and "." in name
    }
    elsewhere = {(place, function) for place, function in found if place != COMMITS}
    assert elsewhere <= set(READS_ONLY.items())


def test_only_the_clock_reads_the_clock() -> None:
    faults = [
        f"{source.place}:{call.lineno} {name}()"
        for source in python_sources()
        if source.place != CLOCK
        for call, name in calls(source)
        if name in CLOCKS
    ]
    assert faults == []


def test_actions_take_everything_by_name() -> None:
    """Who acts is read at the call, never guessed from a position."""
    faults = [
        f"{source.place}:{node.lineno} {node.name}"
        for source in python_sources()
        if source.layer == "actions"
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.args.args
        and any(argument.arg == "actor" for argument in node.args.args)
    ]
    assert faults == []


def test_a_column_that_may_be_empty_has_no_default() -> None:
    """SQLAlchemy takes a None set on a new row for "nothing said" and writes the default."""
    for room in ROOMS:
        if find_spec(f"{room}.models"):
            import_module(f"{room}.models")
    assert [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.nullable and column.default is not None
    ] == []
