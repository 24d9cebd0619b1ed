"""Numeric: a typed number within a tolerance, written the Vietnamese way or with a point."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import one_line
from question_bank.kinds.base import (
    NO_ANSWER,
    NOTHING,
    Answer,
    BodyInvalid,
    BodyJson,
    BodyProblem,
    Presented,
    Share,
    Way,
)
from question_bank.kinds.typed import (
    WHOLE,
    as_share,
    parse_entries,
    parse_share,
    parse_typed,
    read_line,
    typed_lines,
    write_line,
)

_MOST_EXPONENT: Final = 40
_MAX_UNIT: Final = 40
_MOST_SIGNS: Final = 100
_DIGITS: Final = re.compile(r"[+-]?(?:[0-9]{1,30}(?:[.,][0-9]{0,30})?|[.,][0-9]{1,30})")
_GROUPS_OF_POINTS: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,30})?")
_GROUPS_OF_COMMAS: Final = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]{1,30})?")
_GROUPS_OF_SPACES: Final = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{1,30})?")
_TOLERANCE: Final = re.compile(r"\s*(?:±|\+/-|\+-)\s*")


def readings(typed: str) -> tuple[Decimal, ...]:
    """Return what a typed number may mean: "1.800" is 1800, and 1.8 to who writes points.

    3,14 and 3.14 are one number; spaces part thousands. Empty when it is no number.
    """
    text = one_line(typed).replace("−", "-").replace("\u00a0", " ").replace("- ", "-")
    found: list[Decimal] = []
    if _GROUPS_OF_POINTS.fullmatch(text):
        found.append(Decimal(text.replace(".", "").replace(",", ".")))
    if _GROUPS_OF_COMMAS.fullmatch(text):
        found.append(Decimal(text.replace(",", "")))
    if _GROUPS_OF_SPACES.fullmatch(text):
        found.append(Decimal(text.replace(" ", "").replace(",", ".")))
    if _DIGITS.fullmatch(text):
        found.append(Decimal(text.replace(",", ".")))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class AcceptedNumber:
    """A right number; typed ones from value − tolerance to value + tolerance earn the share."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    share: Fraction = WHOLE


@dataclass(frozen=True, slots=True)
class NumericBody:
    """A checked body; `unit` may be typed behind the number, and stands behind the field."""

    answers: tuple[AcceptedNumber, ...]
    unit: str = ""

    @property
    def option_ids(self) -> tuple[str, ...]:
        """A typed answer has no options."""
        return ()

    @property
    def fixed_last(self) -> tuple[str, ...]:
        """A typed answer has no options."""
        return ()


def _decimal(raw: object) -> Decimal | None:
    if len(text := str(raw)) > _MOST_SIGNS:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or (value and abs(value.adjusted()) > _MOST_EXPONENT):
        return None
    return value


def plain(value: Decimal) -> str:
    """Return a number without exponent and trailing zeros, with a decimal point."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


@dataclass(frozen=True, slots=True)
class NumericKind:
    """The behaviour of numeric questions."""

    code: str
    label: Any
    lines_hint: Any
    several: bool = False
    way: Way = Way.NUMBER

    def parse(self, body: BodyJson) -> NumericBody:
        """Check a body. Raises ``BodyInvalid``."""
        problems: list[BodyProblem] = []
        answers = []
        for item in parse_entries(body.get("answers"), problems):
            value, tolerance = _decimal(item.get("value")), _decimal(item.get("tolerance", 0))
            if value is None or tolerance is None or tolerance < 0:
                message = _l("Write each right number as 3,14 or 3,14 ± 0,01.")
                problems.append(BodyProblem("answers", message))
                continue
            share = parse_share(item.get("share", 1)) or Fraction(0)
            answers.append(AcceptedNumber(value, tolerance, share))
        unit = one_line(str(body.get("unit", "")))
        if len(unit) > _MAX_UNIT:
            problems.append(BodyProblem("answers", _l("This unit is too long.")))
        if problems:
            raise BodyInvalid(problems)
        return NumericBody(tuple(answers), unit)

    def dump(self, body: NumericBody) -> dict[str, Any]:
        """Return the JSON of a checked body."""
        return {
            "answers": [
                {
                    "value": plain(each.value),
                    "tolerance": plain(each.tolerance),
                    "share": str(each.share),
                }
                for each in body.answers
            ],
            "unit": body.unit,
        }

    def present(self, body: NumericBody, order: Sequence[str] = ()) -> Presented:
        """A field for a number, with the unit behind it."""
        del order
        return Presented(self.code, several=False, options=(), way=self.way, unit=body.unit)

    def parse_answer(self, body: NumericBody, raw: object) -> Answer:
        """Read what was typed; it need not be a number. Raises ``AnswerInvalid``."""
        del body
        return parse_typed(raw, self.code)

    def mark(self, body: NumericBody, answer: Answer) -> Share:
        """The share of the first right number that what was typed may mean."""
        if answer == NO_ANSWER:
            return NOTHING
        text = one_line(answer[0])
        if body.unit and text.casefold().endswith(body.unit.casefold()):
            text = text[: -len(body.unit)].rstrip()
        typed = readings(text)
        for each in body.answers:
            if any(abs(number - each.value) <= each.tolerance for number in typed):
                return as_share(each.share)
        return NOTHING

    def key_letters(self, body: NumericBody, order: Sequence[str] = ()) -> tuple[str, ...]:
        """There are no letters."""
        del body, order
        return ()

    def key_texts(self, body: NumericBody) -> tuple[str, ...]:
        """The right numbers with tolerance and unit, decimals with a point."""
        return tuple(
            " ".join(
                part
                for part in (
                    plain(each.value),
                    f"± {plain(each.tolerance)}" if each.tolerance else "",
                    body.unit,
                )
                if part
            )
            for each in body.answers
            if each.share == WHOLE
        )

    def option_texts(self, body: NumericBody) -> tuple[str, ...]:
        """There are no options."""
        del body
        return ()

    def answer_texts(self, body: NumericBody, answer: Answer) -> tuple[str, ...]:
        """What was typed."""
        del body
        return answer

    def lines(self, body: NumericBody) -> tuple[str, ...]:
        """The right numbers as an author types them, with a decimal comma."""
        written = []
        for each in body.answers:
            width = f" ± {plain(each.tolerance)}" if each.tolerance else ""
            written.append(write_line(f"{plain(each.value)}{width}".replace(".", ","), each.share))
        return tuple(written)

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """Build a body from an author's lines: a decimal comma or point, no parted thousands."""
        answers = []
        for line in typed_lines(text):
            found = read_line(line)
            value, _sign, width = _TOLERANCE.sub("±", found.text, count=1).partition("±")
            answers.append(
                {
                    "value": _written(value),
                    "tolerance": _written(width) if width else "0",
                    "share": str(found.share),
                }
            )
        return {"answers": answers, "unit": str(more.get("unit") or "")}


def _written(text: str) -> str:
    """Return a number with a point; "1.800", which may be two numbers, is left to be refused."""
    typed = readings(text)
    return plain(typed[0]) if len(typed) == 1 else "?"


KIND = NumericKind(
    "numeric",
    _l("Numeric answer"),
    _l(
        "One right number a line: 3,14 or, with a tolerance, 3,14 ± 0,01. “50% 3” gives half of "
        "the marks."
    ),
)
