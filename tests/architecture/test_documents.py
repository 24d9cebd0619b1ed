"""Every command and every setting is in the README, and what the README names exists."""

import ast
import re
from typing import Final

import pytest
from click import Context
from flask import Flask

from contest.config import PROJECT_ROOT

README: Final = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
CONFIG: Final = (PROJECT_ROOT / "contest" / "config.py").read_text(encoding="utf-8")
VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
FLASKS_OWN: Final = {"run", "routes", "shell", "limiter"}


def table_under(heading: str) -> set[str]:
    """The first column of the table under a heading: the words in `code`."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return {re.findall(r"`([^`]+)`", line.split("|")[1])[0].split(" ")[0] for line in rows}


def settings_in_code() -> set[str]:
    """Names of the environment that `contest/config.py` reads."""
    return {
        node.value
        for node in ast.walk(ast.parse(CONFIG))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) >= 4
        and VARIABLE.fullmatch(node.value)
    }


def test_settings() -> None:
    assert table_under("Settings") == settings_in_code()


@pytest.mark.sqlite_only
def test_commands(app: Flask) -> None:
    known = app.cli.list_commands(Context(app.cli))
    assert table_under("Commands") == set(known) - FLASKS_OWN


@pytest.mark.parametrize("path", sorted(set(re.findall(r"!\[[^]]*\]\(([^)]+)\)", README))))
def test_pictures_are_there(path: str) -> None:
    assert (PROJECT_ROOT / path).is_file()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_files_that_a_document_points_to_are_there(document: str) -> None:
    text = (PROJECT_ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"\]\((?!http|#)([^)#]+)", text)
    named += [
        path
        for path in re.findall(r"`([a-z_./-]+/[a-z_.-]+\.(?:py|md|html|toml|css|js))`", text)
        if "<" not in path
    ]
    assert [path for path in named if not (PROJECT_ROOT / path).exists()] == []
