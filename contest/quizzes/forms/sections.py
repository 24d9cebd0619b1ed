"""Sections of a paper as lines of a form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from contest.quizzes.rules.sections import MOST_SECTIONS, Section

_MINUTE: Final = 60
_WHOLE: Final = re.compile(r"[0-9]{1,3}", re.ASCII)
_MINUTES: Final = re.compile(r"[0-9]{1,4}([.,][0-9]{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A line of the table of sections: its number, what was typed, whether that is wrong."""

    number: int
    questions: str = ""
    minutes: str = ""
    is_wrong: bool = False


def section_lines(sections: Sequence[Section]) -> list[SectionLine]:
    """The table of a round's sections, with empty lines for those it does not have."""
    filled = [
        SectionLine(number, str(each.questions), _as_minutes(each.seconds))
        for number, each in enumerate(sections, start=1)
    ]
    empty = [SectionLine(number) for number in range(len(filled) + 1, MOST_SECTIONS + 1)]
    return filled + empty


def _as_minutes(seconds: int) -> str:
    return f"{seconds / _MINUTE:g}".replace(".", ",")


def read_section_lines(form: MultiDict[str, str]) -> tuple[tuple[Section, ...], list[SectionLine]]:
    """The sections that were typed, and the lines of the table with the wrong ones marked.

    A line counts where something stands in it; minutes may have decimals: 2,5.
    """
    found: list[Section] = []
    lines: list[SectionLine] = []
    for number in range(1, MOST_SECTIONS + 1):
        questions = form.get(f"section-{number}-questions", "").strip()
        minutes = form.get(f"section-{number}-minutes", "").strip()
        if not questions and not minutes:
            lines.append(SectionLine(number))
            continue
        right = _WHOLE.fullmatch(questions) and _MINUTES.fullmatch(minutes)
        lines.append(SectionLine(number, questions, minutes, is_wrong=not right))
        if right:
            seconds = round(float(minutes.replace(",", ".")) * _MINUTE)
            found.append(Section(int(questions), seconds))
    return tuple(found), lines
