"""Telling question rows from titles, sections, totals and signatures."""

import re
from collections.abc import Mapping
from typing import Final

from contest.core.spreadsheets import Cell
from contest.core.spreadsheets.tables import (
    is_decoration,
    is_decorative,
    is_running_number,
    readable,
)
from question_bank.formats.headers import Column, Role

_MANY_WORDS: Final = 12

_LOOKS_LIKE_A_QUESTION = re.compile(r".*(?:\?|:|…|\.\.\.)\s*$", re.DOTALL)


def _is_numbered(cells: Mapping[Column, Cell]) -> bool:
    number, own_id = cells.get(Role.NUMBER), cells.get(Role.ID)
    if number is not None:
        return is_running_number(number)
    return own_id is not None and not is_decorative(own_id.line)


def is_question(cells: Mapping[Column, Cell], *, has_numbers: bool) -> bool:
    """Is this row meant as a question, good or bad, or does it only decorate the table?

    `has_numbers`: the table numbers its questions, so that a row of options alone is no question
    but, say, three signatures side by side.
    """
    options = sum(isinstance(role, int) for role in cells)
    stem, key = cells.get(Role.STEM), cells.get(Role.KEY)
    if options > 1 and (stem or key or not has_numbers):
        return True
    if _is_numbered(cells) and (stem or key or options):
        return True
    if stem is None:
        return False
    if is_decoration(stem) and not _LOOKS_LIKE_A_QUESTION.match(readable(stem)):
        return False
    if key is not None:
        return not is_decoration(key) or len(key.line) == 1
    text = readable(stem)
    return bool(_LOOKS_LIKE_A_QUESTION.match(text)) or len(text.split()) >= _MANY_WORDS
