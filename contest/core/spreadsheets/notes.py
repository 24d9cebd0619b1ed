"""What a reader says about rows: where, what, and whether the row is rejected."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from contest.core.errors import Words

Level: TypeAlias = Literal["error", "flag", "note"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: sheet and row of a workbook, or the first line in a text file.

    In a document without lines `question` is the number that is printed before a question.
    """

    row: int
    sheet: str | None = None
    question: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return {"sheet", "row"}, {"question"} or {"line"}."""
        if self.question is not None:
            return {"question": self.question}
        if self.sheet is None:
            return {"line": self.row}
        return {"sheet": self.sheet, "row": self.row}


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something to say about a row. Level "error" rejects it, "flag" only shows it in the preview.

    A "note" tells what was understood otherwise than it is written, or left out; it stands in
    reports beside the errors.

    `column` is the column's letters, where one is meant. `of_row` names the other row of a
    duplicate.
    """

    place: Place
    code: str
    message: Words
    column: str | None = None
    level: Level = "error"
    of_row: int | None = None

    @property
    def sheet(self) -> str | None:
        """The name of the sheet; None for a text file."""
        return self.place.sheet

    @property
    def row(self) -> int:
        """The row, or the first line in a text file."""
        return self.place.row

    def as_json(self) -> dict[str, Any]:
        """Return {"sheet", "row" or "line" or "question", "column", "level", "code", "message"}."""
        return {
            **self.place.as_json(),
            "column": self.column,
            "level": self.level,
            "code": self.code,
            "message": str(self.message),
        }
