"""The matrix of topics and difficulties as fields of a form."""

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from contest.quizzes.rules.blueprints import MOST_QUESTIONS
from question_bank.drawing import Blueprint, Cell
from question_bank.models import Difficulty

LEVELS: tuple[Difficulty | None, ...] = (*Difficulty, None)


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell of the blueprint's table: field name, what was typed, what the bank holds."""

    name: str
    typed: str
    stock: int
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A topic of the blueprint's table; the first row is "any topic"."""

    topic_id: int | None
    topic: str
    depth: int
    cells: tuple[MatrixCell, ...]


def cell_name(topic_id: int | None, level: Difficulty | None) -> str:
    """The field's name of a cell."""
    return f"cell-{topic_id or 'any'}-{level.value if level else 'any'}"


def typed_cells(blueprint: Blueprint) -> dict[str, str]:
    """What stands in the cells of a stored blueprint."""
    return {
        cell_name(cell.topic_id, Difficulty(cell.difficulty) if cell.difficulty else None): str(
            cell.count
        )
        for cell in blueprint
    }


def read_cells(
    form: MultiDict[str, str], topic_ids: Iterable[int]
) -> tuple[list[Cell], dict[str, str]]:
    """The cells that were typed, and the fields whose content is no number from 0 to 200."""
    cells: list[Cell] = []
    wrong: dict[str, str] = {}
    for topic_id in (None, *topic_ids):
        for level in LEVELS:
            name = cell_name(topic_id, level)
            typed = form.get(name, "").strip()
            if not typed:
                continue
            if not (typed.isascii() and typed.isdecimal()) or int(typed[:6]) > MOST_QUESTIONS:
                wrong[name] = typed
            else:
                cells.append(Cell(topic_id, level.value if level else None, int(typed)))
    return cells, wrong
