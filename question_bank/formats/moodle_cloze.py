"""Cloze of Moodle: gaps such as {2:SHORTANSWER:=Nghệ An~%50%Nam Đàn#gần đúng} inside a text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import one_line
from question_bank.formats.base import ReadQuestion
from question_bank.formats.draft import Draft
from question_bank.formats.markup import from_automatic
from question_bank.formats.shares import (
    NOTHING,
    WHOLE,
    numeric_body,
    percent,
    plain_number,
    read_number,
    short_body,
    weighed_choice,
)
from question_bank.kinds.choice import Scoring, new_choice_body
from question_bank.kinds.parts import MOST_PARTS, SIMPLE

MEMBER: Final = "gs-part"
"""The class of the elements in which our own writer puts the questions on a shared text."""

_TYPES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        name: (kind, layout)
        for kind, layout, names in (
            ("short_answer", "", "SHORTANSWER SA MW"),
            ("short_answer", "C", "SHORTANSWER_C SAC MWC"),
            ("numeric", "", "NUMERICAL NM"),
            ("single", "", "MULTICHOICE MC"),
            ("single", "L", "MULTICHOICE_V MCV MULTICHOICE_H MCH"),
            ("single", "S", "MULTICHOICE_S MCS"),
            ("single", "LS", "MULTICHOICE_VS MCVS MULTICHOICE_HS MCHS"),
            ("multiple", "L", "MULTIRESPONSE MR MULTIRESPONSE_H MRH"),
            ("multiple", "LS", "MULTIRESPONSE_S MRS MULTIRESPONSE_HS MRHS"),
        )
        for name in names.split()
    }
)
_GAP: Final = re.compile(
    r"\{\s*([0-9]{0,3})\s*:\s*([A-Za-z_]{2,20})\s*:((?:\\.|[^{}\\]){0,8000}+)\}", re.DOTALL
)
_LIKE_A_GAP: Final = re.compile(r"\{\s*[0-9.,]{0,8}\s*:\s*[A-Za-z_]{2,20}\s*:")
_PART: Final = re.compile(rf'<div class="{MEMBER}">(.{{0,20000}}?)</div>', re.DOTALL)
_TILDE: Final = re.compile(r"(?<!\\)~")
# "B&#225;c" is one word: an entity begins no words to an answer.
_HASH: Final = re.compile(r"(?<!\\)(?!(?<=&)#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});)#")
_OPEN_TAG: Final = re.compile(r"<[A-Za-z][A-Za-z0-9]*\s[^<>]*=[^<>]*$")
_ESCAPED: Final = re.compile(r"\\([}#~/\"\\{=%])")
_WEIGHT: Final = re.compile(r"\s*(?:%(-?[0-9]{1,3}(?:[.,][0-9]{1,10})?)%|(=))?")
_MARKS: Final = re.compile(r"([}{#~\\\"/])")


class _Answer(NamedTuple):
    text: str
    share: Fraction
    feedback: str
    is_equals: bool


@dataclass
class ClozeText:
    """What a text with gaps comes to: the text with [[1]], [[2]] … and their parts."""

    stem: str
    parts: list[dict[str, Any]]
    kind: str


def read_cloze(draft: Draft, text: str, plain: Any) -> ClozeText:
    """Read the gaps of a text; what cannot be read stands in the draft afterwards.

    Args:
        draft: of the question.
        text: as it stands in the file, HTML and all.
        plain: makes plain text of a piece of it, in the format that the file names.
    """
    members = list(_PART.finditer(text))
    if members:
        parts = []
        for place, member in enumerate(members, start=1):
            found: list[dict[str, Any]] = []
            # The gap leaves nothing behind: “[[1]]” in the words is the author's own.
            words = _GAP.sub(lambda gap, found=found: _taken(draft, gap, found) and "", member[1])
            if len(found) != 1:
                _refuse(draft, place)
                continue
            parts.append(found[0] | {"stem": plain(words).strip()})
        return ClozeText(plain(text[: members[0].start()]), parts, "group")
    gaps: list[dict[str, Any]] = []
    stem = _GAP.sub(lambda gap: _taken(draft, gap, gaps), text)
    if _LIKE_A_GAP.search(stem):
        _refuse(draft, len(gaps) + 1)
    if not gaps and not draft.problems:
        draft.refuse("no_gaps", _l("There is no gap in this text that can be read."))
    return ClozeText(plain(stem), gaps, "cloze")


def _refuse(draft: Draft, number: int) -> None:
    message = _l("Gap %(number)s cannot be read. Write it as {1:SHORTANSWER:=…}.", number=number)
    draft.refuse("bad_gap", message)


def _taken(draft: Draft, gap: re.Match[str], parts: list[dict[str, Any]]) -> str:
    number = len(parts) + 1
    if number > MOST_PARTS:
        draft.refuse("too_many_parts", _l("This question has too many parts."))
        return ""
    found = _TYPES.get(gap[2]) or _TYPES.get(gap[2].upper())
    answers = list(_answers(draft, gap[3], number))
    if found is None or not answers:
        _refuse(draft, number)
        return f"[[{number}]]"
    kind, layout = found
    own = Draft(draft.place, {})
    read = _READERS[kind](own, answers, layout)
    for problem in own.problems:
        message = _l("Gap %(number)s: %(words)s", number=number, words=problem.message)
        draft.problems.append(replace(problem, message=message))
    draft.flags += own.flags
    parts.append(
        {
            "kind": kind,
            "stem": "",
            "weight": (gap[1].lstrip("0") or "0") if gap[1] else "1",
            "feedback": _feedback(answers),
            "is_list": "L" in layout,
            "body": read,
        }
    )
    return f"[[{number}]]"


def _unescaped(text: str) -> str:
    return one_line(from_automatic(_ESCAPED.sub(r"\1", text)).text)


def _answers(draft: Draft, text: str, number: int) -> Iterator[_Answer]:
    for piece in _TILDE.split(text):
        if not piece.strip():
            continue
        weight = _WEIGHT.match(piece)
        assert weight is not None  # noqa: S101  (it matches nothing too)
        words, *said = _HASH.split(piece[weight.end() :], maxsplit=1)
        if _OPEN_TAG.search(words):  # color:#f00 would end the answer within its tag
            _refuse(draft, number)
        share = WHOLE if weight[2] else NOTHING
        if weight[1] is not None:
            read = percent(weight[1].replace(",", "."))
            if read is None:
                _refuse(draft, number)
                continue
            share = read
        feedback = _unescaped(said[0]) if said else ""
        yield _Answer(_unescaped(words), share, feedback, bool(weight[2]))


def _feedback(answers: Sequence[_Answer]) -> str:
    told = [each for each in answers if each.feedback]
    if len(told) == 1 and told[0].share == WHOLE:
        return told[0].feedback
    return "\n".join(f"{each.text}: {each.feedback}" for each in told)


def _needs_full(draft: Draft, answers: Sequence[_Answer]) -> None:
    if all(each.share != WHOLE for each in answers):
        draft.refuse("no_key", _l("No answer of this question gives all the marks."))


def _short(draft: Draft, answers: Sequence[_Answer], layout: str) -> dict[str, Any]:
    given = [each for each in answers if each.share > 0 or each.text != "*"]
    _needs_full(draft, given)
    shares = [(each.text, max(each.share, NOTHING)) for each in given]
    return short_body(shares, match_case="C" in layout)


def _numeric(draft: Draft, answers: Sequence[_Answer], layout: str) -> dict[str, Any]:
    del layout
    _needs_full(draft, answers)
    given = []
    for each in answers:
        if each.text == "*" and each.share <= 0:
            continue
        typed, _sign, width = each.text.partition(":")
        value, tolerance = read_number(typed), read_number(width or "0")
        if value is None or tolerance is None or tolerance.value < 0:
            message = _l("“%(text)s” cannot be read as a number.", text=each.text[:80])
            draft.refuse("bad_number", message)
            continue
        if value.comma:
            number = plain_number(value.value)
            message = _l("%(typed)s read as %(number)s", typed=typed.strip(), number=number)
            draft.note("decimal_comma", message)
        given.append((value.value, tolerance.value, max(each.share, NOTHING)))
    return numeric_body(given)


def _single(draft: Draft, answers: Sequence[_Answer], layout: str) -> dict[str, Any]:
    return _choice(draft, [(each.text, each.share) for each in answers], layout, single=True)


def _multiple(draft: Draft, answers: Sequence[_Answer], layout: str) -> dict[str, Any]:
    """Several “=” mean that each of them is right, and all of them together everything."""
    right = [each for each in answers if each.is_equals]
    if len(right) > 1 and all(each.is_equals or each.share <= 0 for each in answers):
        part = Fraction(1, len(right))
        shares = [(each.text, part if each.is_equals else each.share) for each in answers]
    else:
        shares = [(each.text, each.share) for each in answers]
    return _choice(draft, shares, layout, single=False)


def _choice(
    draft: Draft, shares: Sequence[tuple[str, Fraction]], layout: str, *, single: bool
) -> dict[str, Any]:
    choice = weighed_choice(draft, shares, single=single)
    scoring = Scoring.ALL_OR_NOTHING if single else Scoring.PARTIAL
    texts = [text for text, _share in shares]
    body = choice.body or new_choice_body(texts, choice.key, scoring=scoring)
    for option in body["options"]:
        option["fixed"] = "S" not in layout
    return body


_READERS: Final = {
    "short_answer": _short,
    "numeric": _numeric,
    "single": _single,
    "multiple": _multiple,
}


def with_parts(question: ReadQuestion, found: ClozeText) -> ReadQuestion:
    """Return a question made of the parts that were read."""
    keys = []
    for part in found.parts:
        kind = SIMPLE[part["kind"]]
        try:
            keys.append(" / ".join(kind.key_texts(kind.parse(part["body"]))))
        except ValueError:
            keys.append("?")
    return replace(
        question, kind=found.kind, stem=found.stem, body={"parts": found.parts}, answers=tuple(keys)
    )


def escaped(text: str) -> str:
    """Return a text in which no sign is one of a gap's."""
    return _MARKS.sub(r"\\\1", text)
