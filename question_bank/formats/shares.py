"""Weights as other systems write them, and the bodies that several formats build from them."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final, NamedTuple

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from question_bank.formats.draft import Draft
from question_bank.formats.references import fixed_options
from question_bank.kinds.choice import Scoring, new_choice_body

WHOLE: Final = Fraction(1)
NOTHING: Final = Fraction(0)
_NEAR: Final = Fraction(1, 10_000)
_LARGEST_PART: Final = 20
_NUMBER: Final = re.compile(
    r"[-+]?(?:[0-9]{1,18}(?:[.,][0-9]{0,18})?|[.,][0-9]{1,18})(?:[eE][-+]?[0-9]{1,3})?"
)
_THOUSAND: Final = re.compile(r"[-+]?[0-9]{1,3},[0-9]{3}")
_MOST_EXPONENT: Final = 30
_LONGEST: Final = 40


def percent(text: str) -> Fraction | None:
    """Return "50" as 1/2 and "33.33333" as 1/3; None when it is no percentage from -100 to 100."""
    try:
        value = Decimal(text[:_LONGEST])
    except InvalidOperation:
        return None
    # 1e999999999 as a fraction would have a thousand million digits.
    if len(text) > _LONGEST or not value.is_finite() or abs(value.adjusted()) > _MOST_EXPONENT:
        return None
    share = Fraction(value) / 100
    if not -1 <= share <= 1:
        return None
    simple = share.limit_denominator(_LARGEST_PART)
    return simple if abs(simple - share) < _NEAR else share.limit_denominator(100_000)


class Number(NamedTuple):
    """A number as it was read; `comma` when a decimal comma was read as a point."""

    value: Decimal
    comma: bool = False


def read_number(text: str) -> Number | None:
    """Read a number with a decimal point or comma; None when it is none.

    "1,500" is refused: it may be one and a half or fifteen hundred.
    """
    text = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(text) or _THOUSAND.fullmatch(text):
        return None
    comma = "," in text
    value = Decimal(text.replace(",", "."))
    return None if abs(value.adjusted()) > _MOST_EXPONENT else Number(value, comma)


class Weighed(NamedTuple):
    """An answer in words and the share of the marks that it gives; None where none is written."""

    text: str
    share: Fraction | None
    feedback: str = ""


def plain_number(value: Decimal) -> str:
    """Return a number without exponent and trailing zeros, with a decimal point."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def short_body(
    answers: Sequence[tuple[str, Fraction]], *, match_case: bool = False
) -> dict[str, Any]:
    """Build the body of a short answer from texts with their shares."""
    return {
        "answers": [{"text": text, "share": str(share)} for text, share in answers],
        "match_case": match_case,
        "ignore_tones": False,
    }


def numeric_body(
    answers: Sequence[tuple[Decimal, Decimal, Fraction]], unit: str = ""
) -> dict[str, Any]:
    """Build the body of a numeric question from (value, tolerance, share)."""
    return {
        "answers": [
            {
                "value": plain_number(value),
                "tolerance": plain_number(tolerance),
                "share": str(share),
            }
            for value, tolerance, share in answers
        ],
        "unit": unit,
    }


class Choice(NamedTuple):
    """What a choice question comes to: kind, places of the right options, and its body.

    `body` is None where options and key say everything.
    """

    kind: str
    key: tuple[int, ...]
    body: dict[str, Any] | None = None


def weighed_choice(
    draft: Draft, options: Sequence[tuple[str, Fraction]], *, single: bool
) -> Choice:
    """Turn options with shares into a choice question; what does not add up is refused."""
    right = tuple(place for place, (_text, share) in enumerate(options) if share > 0)
    if not right:
        draft.refuse("no_key", _l("The right answer is missing."))
        return Choice("single" if single else "multiple", ())
    if single:
        return _single(draft, options, right)
    total = sum((options[place][1] for place in right), NOTHING)
    if abs(total - WHOLE) > _NEAR * len(right):
        draft.refuse("bad_weights", _weights_do_not_add_up())
        return Choice("multiple", ())
    wrong = len(options) - len(right)
    usual = {True: Fraction(1, len(right)), False: Fraction(-1, wrong) if wrong else NOTHING}
    if all(share == usual[share > 0] for _text, share in options):
        return Choice("multiple", right, _body(options, right, {}))
    shares = {place: share for place, (_text, share) in enumerate(options)}
    return Choice("multiple", right, _body(options, right, shares))


def _single(
    draft: Draft, options: Sequence[tuple[str, Fraction]], right: tuple[int, ...]
) -> Choice:
    full = tuple(place for place in right if options[place][1] == WHOLE)
    if len(full) != 1:
        message = _l("One option must be wholly right; here there are %(count)s.", count=len(full))
        draft.refuse("several_keys" if full else "no_key", message)
        return Choice("single", ())
    if all(share in (WHOLE, NOTHING) for _text, share in options):
        return Choice("single", full)
    shares = {place: share for place, (_text, share) in enumerate(options)}
    return Choice("single", full, _body(options, full, shares))


def _weights_do_not_add_up() -> Words:
    return _l("The weights of the right options must add up to a hundred.")


def _body(
    options: Sequence[tuple[str, Fraction]], right: tuple[int, ...], shares: dict[int, Fraction]
) -> dict[str, Any]:
    texts = [text for text, _share in options]
    body = new_choice_body(texts, right, fixed=fixed_options(texts), scoring=Scoring.PARTIAL)
    for place, share in shares.items():
        body["options"][place]["share"] = str(share)
    return body
