"""The blueprint: how many questions of which topic and difficulty, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l
from question_bank.drawing import Blueprint, Cell, PoolItem, Shortage

MOST_QUESTIONS: Final = 200
MOST_CELLS: Final = 200


class QuizFrozen(RuleBroken):
    """The round has opened; what contestants were promised stays."""

    message = _l("The round has opened, so its questions and limits can no longer be changed.")


class BlueprintEmpty(InvalidInput):
    """A paper needs at least one question."""

    message = _l("Say how many questions of at least one topic the paper takes.")


class PaperTooLong(InvalidInput):
    """More questions than anybody can answer on a phone."""

    message = _l("A paper holds at most %(count)s questions.", count=MOST_QUESTIONS)


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell with words: what is asked for, what the bank holds, what is missing."""

    topic: str
    difficulty: str
    wanted: int
    available: int

    @property
    def missing(self) -> int:
        """How many questions must be added to the bank."""
        return max(self.wanted - self.available, 0)


def checked_cells(cells: Iterable[Cell]) -> Blueprint:
    """The cells that ask for something.

    Raises:
        BlueprintEmpty: none does.
        PaperTooLong: they ask for too many questions.
    """
    wanted = tuple(cell for cell in cells if cell.count > 0)
    if not wanted:
        raise BlueprintEmpty
    if question_count(wanted) > MOST_QUESTIONS or len(wanted) > MOST_CELLS:
        raise PaperTooLong
    return wanted


def question_count(cells: Iterable[Cell]) -> int:
    """How many questions a paper of this blueprint has."""
    return sum(cell.count for cell in cells)


def ranked_by_use(pool: Sequence[PoolItem], uses: Mapping[int, int]) -> list[PoolItem]:
    """The pool with ranks of former use: 0 for the least used, equal counts share a rank."""
    counts = sorted({uses.get(item.question_id, 0) for item in pool})
    rank = {count: place for place, count in enumerate(counts)}
    return [
        replace(item, use_rank=rank[uses.get(item.question_id, 0)]) if uses else item
        for item in pool
    ]


def shortage_lines(
    shortages: Iterable[Shortage],
    topics: Mapping[int | None, str],
    difficulties: Mapping[str | None, str],
) -> list[CellLine]:
    """Shortages in words; cells that compete for the same questions stand in one line."""
    return [
        CellLine(
            topic=" + ".join(dict.fromkeys(topics.get(cell.topic_id, "?") for cell in short.cells)),
            difficulty=" + ".join(
                dict.fromkeys(difficulties.get(cell.difficulty, "?") for cell in short.cells)
            ),
            wanted=short.wanted,
            available=short.available,
        )
        for short in shortages
    ]


def cell_stock(cell: Cell, pool: Iterable[PoolItem]) -> int:
    """How many questions of a pool could fill a cell."""
    return sum(1 for item in pool if item.fits(cell))
