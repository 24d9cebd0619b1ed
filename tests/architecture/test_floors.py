"""What each file of a room may use. The floors themselves are held by import-linter."""

from typing import Final

import pytest

from tests.support.sources import Source, python_sources

ROOMS: Final = frozenset(
    {source.room for source in python_sources() if source.layer == "models"} - {"contest.core"}
)
ABOVE_THE_ROOMS: Final = ("contest.app", "contest.cli", "contest.demo")
FLASK: Final = ("flask", "flask_login", "flask_wtf", "wtforms")
CLOCK: Final = ("contest.core.clock.utc_now", "contest.core.clock.request_now", "time")
TRANSACTIONS: Final = ("contest.core.transactions",)
COMMITTING: Final = (
    "contest.core.transactions.unit_of_work",
    "contest.core.transactions.end_read",
    "contest.core.transactions.roll_back",
)
DATABASE: Final = ("contest.core.db.db", "sqlalchemy")
NEVER: Final = {
    "models": (*FLASK, *CLOCK, *TRANSACTIONS, "contest.core.db.db"),
    "rules": (*FLASK, *CLOCK, *TRANSACTIONS, "contest.core.db.db"),
    "queries": (*FLASK, *CLOCK, *TRANSACTIONS),
    "actions": (*FLASK, *CLOCK, *COMMITTING),
    "views": DATABASE,
}
RULES_NEVER_USE: Final = ("queries", "actions", "forms", "views", "tasks")
EXCEPTIONS: Final = {
    # The loader of a signed-in person notes when they were last seen, after the request has ended.
    ("contest/accounts/queries/sign_ins.py", "contest.core.transactions.record_apart"),
}
PRIVATE_LAYERS: Final = ("forms", "views", "tasks")
EMPTY_NAMES: Final = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "managers",
    "common",
    "misc",
}


def is_within(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


def layered(source: Source) -> bool:
    return source.room in ROOMS


@pytest.mark.parametrize("layer", sorted(NEVER))
def test_a_layer_does_not_use_what_it_must_not(layer: str) -> None:
    faults = [
        f"{source.place}:{line} imports {name}"
        for source in python_sources()
        if layered(source) and source.layer == layer
        for line, name in source.imports()
        if is_within(name, NEVER[layer]) and (source.place, name) not in EXCEPTIONS
    ]
    assert faults == []


def test_rules_use_models_and_rules_alone() -> None:
    faults = [
        f"{source.place}:{line} imports {name}"
        for source in python_sources()
        if layered(source) and source.layer == "rules"
        for line, name in source.imports()
        for room in ROOMS
        if is_within(name, tuple(f"{room}.{layer}" for layer in RULES_NEVER_USE))
    ]
    assert faults == []


def test_a_room_never_uses_the_forms_views_or_tasks_of_another() -> None:
    faults = [
        f"{source.place}:{line} imports {name}"
        for source in python_sources()
        if not is_within(source.module, ABOVE_THE_ROOMS)
        for line, name in source.imports()
        for room in ROOMS - {source.room}
        if is_within(name, tuple(f"{room}.{layer}" for layer in PRIVATE_LAYERS))
    ]
    assert faults == []


def test_core_knows_no_room() -> None:
    faults = [
        f"{source.place}:{line} imports {name}"
        for source in python_sources()
        if source.room == "contest.core"
        for line, name in source.imports()
        if is_within(name, tuple(ROOMS))
    ]
    assert faults == []


def test_the_package_is_empty_on_purpose() -> None:
    (package,) = [source for source in python_sources() if source.module == "contest"]
    assert package.tree.body == []


def test_files_are_named_for_what_they_hold() -> None:
    faults = [
        source.place for source in python_sources() if EMPTY_NAMES & set(source.module.split("."))
    ]
    assert faults == []
