"""The check as the only script of a dossier: our modules one behind the other."""

import ast
import inspect
from types import ModuleType
from typing import Final

from contest.results.dossier import (
    attempt_checks,
    checking,
    decision_checks,
    extra_checks,
    file_checks,
    form_checks,
    given,
    mark_checks,
    name_checks,
    order_checks,
    place_checks,
    prize_checks,
    reading,
    standing_checks,
)

_PARTS: Final = (
    reading,
    file_checks,
    form_checks,
    given,
    mark_checks,
    attempt_checks,
    place_checks,
    prize_checks,
    standing_checks,
    extra_checks,
    decision_checks,
    order_checks,
    name_checks,
    checking,
)
_OURS: Final = "contest."


def verify_script() -> str:
    """`verify.py`: what the application checks a dossier with, needing Python alone."""
    imports: set[str] = set()
    bodies = []
    for part in _PARTS:
        known, body = _taken_apart(part)
        imports |= known
        bodies.append(body)
    head = sorted(imports, key=lambda line: (not line.startswith("import"), line))
    first = f'"""{inspect.getdoc(checking)}\n"""\n\nfrom __future__ import annotations\n'
    return "\n".join([first, *head, "", "", "\n\n\n".join(bodies)]) + "\n"


def _taken_apart(part: ModuleType) -> tuple[set[str], str]:
    """The imports of Python's own library, and everything behind the imports."""
    source = inspect.getsource(part)
    known: set[str] = set()
    last = 0
    for node in ast.parse(source).body[1:]:  # behind the docstring
        inner = node.body if isinstance(node, ast.If) else [node]
        if not all(isinstance(one, ast.Import | ast.ImportFrom) for one in inner):
            break
        last = node.end_lineno or 0
        known |= {ast.unparse(one) for one in inner if not _is_ours(one)}
    return known, "\n".join(source.splitlines()[last:]).strip()


def _is_ours(node: ast.stmt) -> bool:
    """Our own modules stand in the script; `__future__` has its place at the top."""
    name = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    return name == "__future__" or name.startswith(_OURS)
