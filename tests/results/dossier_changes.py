"""Every single change of a dossier's tables and documents, one at a time."""

import copy
import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

Rows = list[list[str]]

CHOICES = {
    "ties": ("expand", "shrink", "stop"),
    "kind": ("quiz", "essay"),
    "counting": ("best", "first", "last", "mean"),
    "missing": ("zero", "unplaced"),
    "measure": ("persons", "attempts", "mean", "winners", "youngest", "oldest", "by_hand"),
    "why": ("unit_full", "has_one", "drawn_out", "author_full"),
    "seed_form": ("hex", "text"),
    "resolution": ("protocol", "mean", "third", "mean_of_three", "closest", "median", "trimmed"),
}


def table_changes(rows: Rows) -> Iterator[tuple[str, Rows]]:
    """Cells swapped with the row below, moved by a little or emptied; rows taken, given, swapped.

    Args:
        rows: of a table, its head first.
    """
    head = rows[0]
    for at in range(1, len(rows)):
        below = at + 1 if at + 1 < len(rows) else 1
        for place, column in enumerate(head):
            where = f"line {at + 1} column {column}"
            if rows[at][place] != rows[below][place]:
                other = copy.deepcopy(rows)
                other[at][place], other[below][place] = rows[below][place], rows[at][place]
                yield f"{where}: swapped with line {below + 1}", other
            for value in _near(rows[at][place]):
                other = copy.deepcopy(rows)
                other[at][place] = value
                yield f"{where}: {value!r}", other
        yield f"line {at + 1} is gone", rows[:at] + rows[at + 1 :]
        yield f"line {at + 1} stands twice", [*rows[: at + 1], *rows[at:]]
        if below == at + 1:
            swapped = [*rows]
            swapped[at], swapped[below] = rows[below], rows[at]
            yield f"lines {at + 1} and {below + 1} changed places", swapped
    fresh = ["ABCDEFGHIJKL" if column in {"entry", "person"} else cell
             for column, cell in zip(head, rows[-1], strict=True)]  # fmt: skip
    yield "a row of somebody new", [*rows, fresh]


def _near(cell: str) -> list[str]:
    """Values that could stand in the same cell."""
    try:
        value = Decimal(cell)
    except ArithmeticError:
        return [f"{cell}x", ""] if cell else ["1", "1.00", "ABCDEFGHIJKL"]
    if "." in cell:
        places = len(cell.partition(".")[2])
        return [f"{value + Decimal('0.01'):.{places}f}", str(value + 1), ""]
    return [str(int(value) + 1), str(int(value) - 1), ""]


def document_changes(document: Any) -> Iterator[tuple[str, Any]]:
    """Each value another one, each part of a list or object gone, twice, or in another place."""
    for path, value in _parts(document):
        for other in _others(path, value):
            yield f"{_said(path)}: {other!r}", _with(document, path, other)
        if isinstance(value, list):
            for at in range(len(value)):
                yield (
                    f"{_said(path)} without {at}",
                    _with(document, path, value[:at] + value[at + 1 :]),
                )
                yield f"{_said(path)} with {at} twice", _with(document, path, [*value, value[at]])
                if at + 1 < len(value) and value[at] != value[at + 1]:
                    swapped = [*value]
                    swapped[at], swapped[at + 1] = value[at + 1], value[at]
                    yield (
                        f"{_said(path)}: {at} and {at + 1} changed places",
                        _with(document, path, swapped),
                    )
        if isinstance(value, dict):
            for name in value:
                left = {key: one for key, one in value.items() if key != name}
                yield f"{_said(path)} without {name}", _with(document, path, left)


def _said(path: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in path) or "all"


def _parts(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, document
    if isinstance(document, dict):
        for name, value in document.items():
            yield from _parts(value, (*path, name))
    elif isinstance(document, list):
        for at, value in enumerate(document):
            yield from _parts(value, (*path, at))


def _others(path: tuple[Any, ...], value: Any) -> list[Any]:
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, *([value - 1] if value else [])]
    if value is None:
        return [1, []]
    if isinstance(value, str):
        if name in CHOICES:
            return [one for one in CHOICES[name] if one != value]
        near = [] if name in {"title", "slug", "decision", "digest"} else _near(value)
        return [one for one in (*near, value + "x") if one != value]
    return []


def _with(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    other = copy.deepcopy(document)
    target = other
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return other


def changed_dossiers(folder: Path) -> Iterator[str]:
    """Writes each change into the folder, says which one it is, and takes it back afterwards."""
    for path in sorted(folder.iterdir()):
        before = path.read_bytes()
        if path.suffix == ".csv":
            rows = list(csv.reader(io.StringIO(before.decode())))
            for what, table in table_changes(rows):
                held = io.StringIO()
                csv.writer(held, lineterminator="\n").writerows(table)
                path.write_text(held.getvalue(), encoding="utf-8")
                yield f"{path.name} {what}"
        elif path.suffix == ".json":
            for what, document in document_changes(json.loads(before)):
                path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True))
                yield f"{path.name} {what}"
        path.write_bytes(before)
