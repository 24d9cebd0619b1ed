"""A question while it is being read, with what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contest.core.errors import Words
from contest.core.spreadsheets import column_letters
from contest.core.vietnamese import nfc, squeeze
from question_bank.formats.base import Place, RowError
from question_bank.formats.headers import Column


@dataclass
class Draft:
    """A question row while it is being read.

    `unreadable` are the cells that hold nothing to read, as a formula without a result: they are
    told once, and nothing more is said of them.
    """

    place: Place
    columns: Mapping[Column, int]
    problems: list[RowError] = field(default_factory=list)
    flags: list[RowError] = field(default_factory=list)
    unreadable: set[Column] = field(default_factory=set)

    def refuse(self, code: str, message: Words, at: Column | None = None) -> None:
        """Note what rejects the row, and in which column."""
        if at not in self.unreadable:
            self.problems.append(RowError(self.place, code, message, self._column(at)))

    @property
    def lacks_option(self) -> bool:
        """Is an option unreadable, so that nothing can be said of options and key?"""
        return any(isinstance(each, int) for each in self.unreadable)

    def flag(self, code: str, message: Words, at: Column | None = None) -> None:
        """Note what a person should see though the row is good."""
        self.flags.append(RowError(self.place, code, message, self._column(at), level="flag"))

    def note(self, code: str, message: Words, at: Column | None = None) -> None:
        """Note what was understood otherwise than it is written, or left out."""
        self.flags.append(RowError(self.place, code, message, self._column(at), level="note"))

    def _column(self, at: Column | None) -> str | None:
        column = None if at is None else self.columns.get(at)
        return None if column is None else column_letters(column)


def paragraphs(text: str) -> str:
    """Trim each line and drop empty ones; breaks that the author made stay."""
    composed = nfc(text)
    if "\n" not in composed:  # nearly always
        return squeeze(composed)
    lines = (squeeze(line) for line in composed.split("\n"))
    return "\n".join(line for line in lines if line)
