"""What kinds with a typed answer share: accepted answers, each with its share of the marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.base import (
    NO_ANSWER,
    Answer,
    AnswerInvalid,
    BodyProblem,
    Share,
    read_share,
)

MAX_ANSWERS: Final = 40
MAX_TYPED: Final = 200
WHOLE: Final = Fraction(1)
_WEIGHT: Final = re.compile(r"\s*([0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*%\s+(?=\S)")


def parse_share(raw: object) -> Fraction | None:
    """Return a share from 0 to 1, or None when it is none."""
    share = read_share(raw)
    return share if share is not None and 0 <= share <= 1 else None


def as_share(share: Fraction) -> Share:
    """Return a share as integers."""
    return Share(share.numerator, share.denominator)


def parse_entries(raw: object, problems: list[BodyProblem]) -> list[dict[str, Any]]:
    """Return the list of answers of a body; one of them must give all the marks."""
    if not isinstance(raw, list) or not raw or not all(isinstance(item, dict) for item in raw):
        problems.append(BodyProblem("answers", _l("Write at least one right answer.")))
        return []
    if len(raw) > MAX_ANSWERS:
        problems.append(BodyProblem("answers", _l("There are too many answers.")))
        return []
    shares = [parse_share(item.get("share", 1)) for item in raw]
    if None in shares:
        problems.append(BodyProblem("answers", _l("A share lies between 0 and 100 %.")))
    elif WHOLE not in shares:
        message = _l("No answer of this question gives all the marks.")
        problems.append(BodyProblem("answers", message))
    return raw


def parse_typed(raw: object, code: str) -> Answer:
    """Read one typed text: a string, a list with one, or None. Raises ``AnswerInvalid``."""
    if raw is None or raw in ("", [], ()):
        return NO_ANSWER
    values = [raw] if isinstance(raw, str) else raw
    if not isinstance(values, list | tuple) or len(values) != 1:
        raise AnswerInvalid(code)
    text = values[0]
    if not isinstance(text, str) or len(text) > MAX_TYPED or not text.isprintable():
        raise AnswerInvalid(code)
    return (text.strip(),) if text.strip() else NO_ANSWER


@dataclass(frozen=True, slots=True)
class WeighedLine:
    """A line of an author: "50% Bác Hồ" gives half of the marks."""

    text: str
    share: Fraction = WHOLE


def read_line(line: str) -> WeighedLine:
    """Read a line with its share, if it begins with one."""
    found = _WEIGHT.match(line)
    if found is None:
        return WeighedLine(line.strip())
    share = Fraction(found[1].replace(",", ".")) / 100
    return WeighedLine(line[found.end() :].strip(), share)


def write_line(text: str, share: Fraction) -> str:
    """Write a line that `read_line` reads back."""
    if share == WHOLE:
        return text
    percent = f"{float(share * 100):.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{percent}% {text}"


def typed_lines(text: str) -> list[str]:
    """Return the lines of a field that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def best_first(shares: Sequence[Fraction]) -> Fraction:
    """Return the first share, or nothing."""
    return next(iter(shares), Fraction(0))
