"""The project's own source files, read for the tests of its laws."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contest.config import PROJECT_ROOT

PACKAGES: Final = ("contest", "question_bank")


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file of the application."""

    path: Path
    module: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """The path inside the project."""
        return self.path.relative_to(PROJECT_ROOT).as_posix()

    @property
    def room(self) -> str:
        """`contest.quizzes`, `question_bank`; for files beside the rooms their own module."""
        parts = self.module.split(".")
        return parts[0] if parts[0] == "question_bank" else ".".join(parts[:2])

    @property
    def layer(self) -> str:
        """`models`, `rules` … of a room, whether a file or a folder."""
        inside = self.module.removeprefix(self.room).strip(".")
        return inside.split(".")[0]

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of everything imported, `from a import b` giving `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield node.lineno, name.name
            elif isinstance(node, ast.ImportFrom):
                for name in node.names:
                    yield node.lineno, f"{node.module or ''}.{name.name}"


@functools.cache
def python_sources() -> tuple[Source, ...]:
    """Every Python file of the application, parsed."""
    sources = []
    for package in PACKAGES:
        for path in sorted((PROJECT_ROOT / package).rglob("*.py")):
            module = path.relative_to(PROJECT_ROOT).with_suffix("").as_posix().replace("/", ".")
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
            sources.append(Source(path, module.removesuffix(".__init__"), tree))
    return tuple(sources)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f"?.{node.attr}"
    return ""


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


@functools.cache
def tracked_files() -> tuple[Path, ...]:
    """The files that belong to the project: what git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = [PROJECT_ROOT / name for name in listed.split("\0") if name]
    return tuple(path for path in paths if path.is_file())
