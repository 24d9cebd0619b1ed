"""Cloze: a text with gaps, ``[[1]]``, ``[[2]]``, each of them a simple question."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.base import BodyInvalid, BodyProblem, Way
from question_bank.kinds.parts import PartsKind

GAP: Final = re.compile(r"\[\[([0-9]{1,3})\]\]")
KIND: Final = PartsKind("cloze", _l("Gaps in a text"), Way.GAPS, has_stems=False)
T = TypeVar("T")


def check_gaps(stem: str, body: Any) -> None:
    """Check that a text has each gap of its body once. Raises ``BodyInvalid``."""
    found = [int(number) for number in GAP.findall(stem)]
    wanted = list(range(1, len(body.parts) + 1))
    if sorted(found) == wanted:
        return
    missing = next((number for number in wanted if number not in found), None)
    twice = next((number for number in found if found.count(number) > 1), None)
    if missing is not None:
        message = _l("Gap [[%(number)s]] is missing in the text.", number=missing)
    elif twice is not None:
        message = _l("Gap [[%(number)s]] stands twice in the text.", number=twice)
    else:
        message = _l("Gap [[%(number)s]] of the text has no answers.", number=max(found))
    raise BodyInvalid([BodyProblem("stem", message)])


def pieces(stem: str, parts: Sequence[T]) -> Iterator[tuple[str, T | None]]:
    """Yield the text between the gaps, each time with the gap that follows it."""
    split = GAP.split(stem)
    for place in range(0, len(split), 2):
        number = int(split[place + 1]) if place + 1 < len(split) else 0
        yield split[place], parts[number - 1] if 0 < number <= len(parts) else None


def with_blanks(stem: str) -> str:
    """Return a text with dots in the place of its gaps: for lists and titles."""
    return GAP.sub("……", stem)
