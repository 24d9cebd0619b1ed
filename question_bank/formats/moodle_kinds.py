"""Each kind of question in Moodle XML, as a question of ours."""

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc, one_line
from question_bank.formats.base import ReadOption, ReadQuestion
from question_bank.formats.draft import Draft
from question_bank.formats.markup import from_automatic, from_html, from_plain
from question_bank.formats.media import Budget, FoundMedia
from question_bank.formats.moodle_cloze import read_cloze, with_parts
from question_bank.formats.references import fixed_options
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
from question_bank.kinds.choice import Scoring

_MOST_MARK: Final = 1_000
_TRUTH: Final[Mapping[str, str]] = MappingProxyType({"true": "Đúng", "false": "Sai"})
_LEAST_PAIRS: Final = 2
_FOR_ESSAYS: Final = ("responsetemplate", "graderinfo")
_ALL_OR_NOTHING: Final = "ALL_OR_NOTHING"
NEIGHBOURS: Final = "RELATIVE_NEXT_EXCLUDE_LAST"


class _Answer(NamedTuple):
    """An answer with the share of the marks that it gives."""

    text: str
    share: Fraction
    feedback: str
    element: etree._Element


def text_of(element: etree._Element) -> str:
    """Return what the <text> of an element says, also where its markup stands there as elements.

    Without them "a <b>không</b> b" would end before the first tag.
    """
    text = element.find("text")
    if text is None:
        return ""
    inner = (etree.tostring(child, encoding="unicode") for child in text)
    return (
        (html.escape(text.text or "", quote=False) + "".join(inner))
        if len(text)
        else (text.text or "")
    )


class XmlQuestion:
    """A question's element, and what is found in it."""

    def __init__(
        self, element: etree._Element, draft: Draft, topic: str | None, budget: Budget
    ) -> None:
        self.element, self.draft, self.topic = element, draft, topic
        self.media = FoundMedia(budget)

    def words(self, element: etree._Element | None) -> str:
        """Return the text of an element in its format, without markup."""
        if element is None:
            return ""
        return self.text(element, text_of(element))

    def text(self, element: etree._Element, text: str) -> str:
        """Return a text in the format of an element, with the files that stand in it."""
        way = element.get("format") or "moodle_auto_format"
        if way in {"plain_text", "markdown"}:
            return from_plain(text)
        self.media.files = {
            nfc(file.get("name") or ""): file.text or ""
            for file in element.iterfind("file")
            if (file.get("encoding") or "base64") == "base64"
        }
        plain = (from_html if way == "html" else from_automatic)(text, self.media)
        return plain.text

    def flag(self, name: str, *, default: bool) -> bool:
        """Return what an element such as <single> says: true, false, 1 or 0."""
        said = (self.element.findtext(name) or "").strip().casefold()
        return said in {"true", "1"} if said else default

    def question(self, kind: str) -> ReadQuestion:
        """Return the parts that every kind has."""
        if self.flag("hidden", default=False):
            message = _l("This question is hidden in Moodle. Check it before you take it over.")
            self.draft.note("hidden_in_moodle", message)
        tags = (one_line(tag.text or "") for tag in self.element.iterfind("tags/tag/text"))
        return ReadQuestion(
            place=self.draft.place,
            kind=kind,
            stem=self.words(self.element.find("questiontext")),
            options=(),
            key=(),
            external_id=one_line(self.element.findtext("idnumber") or "") or None,
            topic=self.topic,
            explanation=self.words(self.element.find("generalfeedback")),
            tags=tuple(tag for tag in tags if tag),
            mark=self._mark(),
            name=one_line(self.element.findtext("name/text") or ""),
        )

    def _mark(self) -> Decimal | None:
        text = (self.element.findtext("defaultgrade") or "").strip()
        if not text:
            return None
        try:
            mark = Decimal(text)
        except InvalidOperation:
            mark = Decimal(-1)
        if not mark.is_finite() or not 0 <= mark <= _MOST_MARK:
            message = _l(
                "“%(mark)s” cannot be read as points. Write a number such as 0,25.", mark=text[:40]
            )
            self.draft.refuse("bad_mark", message)
            return None
        return mark.quantize(Decimal("0.0001")).normalize() + 0

    def answers(self) -> Iterator[_Answer]:
        """Yield the answers; a fraction that is none is refused."""
        for element in self.element.iterfind("answer"):
            share = percent((element.get("fraction") or "0").strip())
            if share is None:
                message = _l("The fraction “%(text)s” of an answer is no percentage.",
                             text=(element.get("fraction") or "")[:40])  # fmt: skip
                self.draft.refuse("bad_weight", message)
            feedback = self.words(element.find("feedback"))
            yield _Answer(self.words(element), share or NOTHING, feedback, element)


def _explained(question: ReadQuestion, answers: list[_Answer]) -> str:
    said = [f"{one_line(each.text)}: {each.feedback}" for each in answers if each.feedback]
    return "\n".join(part for part in (question.explanation, *said) if part)


def _multichoice(found: XmlQuestion) -> ReadQuestion:
    single = found.flag("single", default=True)
    question = found.question("single" if single else "multiple")
    answers = list(found.answers())
    texts = [one_line(answer.text) for answer in answers]
    shuffled = found.flag("shuffleanswers", default=True)
    fixed = fixed_options(texts) if shuffled else frozenset(range(len(texts)))
    question = replace(
        question,
        options=tuple(ReadOption(text, place in fixed) for place, text in enumerate(texts)),
        explanation=_explained(question, answers),
    )
    if found.draft.problems:
        return question
    shares = [(text, each.share) for text, each in zip(texts, answers, strict=True)]
    choice = weighed_choice(found.draft, shares, single=single)
    if choice.body is not None:
        for place, option in enumerate(choice.body["options"]):
            option["fixed"] = place in fixed
    return replace(question, kind=choice.kind, key=choice.key, body=choice.body)


def _truefalse(found: XmlQuestion) -> ReadQuestion:
    question = found.question("true_false")
    shares = {one_line(each.text).casefold(): each for each in found.answers()}
    right = [text for text in _TRUTH if text in shares and shares[text].share == WHOLE]
    if not found.draft.problems and (set(shares) != set(_TRUTH) or len(right) != 1):
        message = _l("A true/false question needs the answers true and false, one of them at 100.")
        found.draft.refuse("bad_key", message)
    options = tuple(ReadOption(word, fixed_last=True) for word in _TRUTH.values())
    said = [f"{_TRUTH[text]}: {each.feedback}" for text, each in shares.items()
            if text in _TRUTH and each.feedback]  # fmt: skip
    return replace(
        question,
        options=options,
        key=tuple(list(_TRUTH).index(text) for text in right),
        explanation="\n".join(part for part in (question.explanation, *said) if part),
    )


def _needs_full(draft: Draft, answers: list[_Answer]) -> None:
    if not draft.problems and all(each.share != WHOLE for each in answers):
        draft.refuse("no_key", _l("No answer of this question gives all the marks."))


def _shortanswer(found: XmlQuestion) -> ReadQuestion:
    question = found.question("short_answer")
    answers = [answer for answer in found.answers() if answer.share > 0 or answer.text != "*"]
    _needs_full(found.draft, answers)
    given = [(one_line(each.text), max(each.share, NOTHING)) for each in answers]
    return replace(
        question,
        body=short_body(given, match_case=found.flag("usecase", default=False)),
        answers=tuple(text for text, share in given if share == WHOLE),
        explanation=_explained(question, answers),
    )


def _numerical(found: XmlQuestion) -> ReadQuestion:
    question = found.question("numeric")
    answers = list(found.answers())
    _needs_full(found.draft, answers)
    given = []
    for each in answers:
        if one_line(each.text) == "*" and each.share <= 0:
            continue
        width = (each.element.findtext("tolerance") or "0").strip()
        value, tolerance = read_number(each.text), read_number(width)
        if value is None or tolerance is None or tolerance.value < 0:
            message = _l(
                "“%(text)s” cannot be read as a number.", text=one_line(each.text or width)[:80]
            )
            found.draft.refuse("bad_number", message)
            continue
        for typed, number in ((one_line(each.text), value), (width, tolerance)):
            if number.comma:
                message = _l("%(typed)s read as %(number)s",
                             typed=typed, number=plain_number(number.value))  # fmt: skip
                found.draft.note("decimal_comma", message)
        given.append((value.value, tolerance.value, max(each.share, NOTHING)))
    return replace(
        question,
        body=numeric_body(given, _unit(found)),
        answers=tuple(plain_number(value) for value, _width, share in given if share == WHOLE),
        explanation=_explained(question, answers),
    )


def _unit(found: XmlQuestion) -> str:
    """Return the unit that counts once; others, by which answers are multiplied, are told."""
    unit = ""
    for element in found.element.iterfind("units/unit"):
        factor = read_number(element.findtext("multiplier") or "1")
        if factor is not None and factor.value == 1 and not unit:
            unit = one_line(element.findtext("unit_name") or "")
        else:
            message = _l(
                "The unit “%(unit)s” is left out: one unit is kept.",
                unit=one_line(element.findtext("unit_name") or ""),
            )
            found.draft.note("unit_left_out", message)
    return unit


def _matching(found: XmlQuestion) -> ReadQuestion:
    question = found.question("matching")
    pairs, extra = [], []
    for element in found.element.iterfind("subquestion"):
        left, right = one_line(found.words(element)), one_line(found.words(element.find("answer")))
        if not right:
            found.draft.refuse("bad_pair", _l("A pair of this question has no right side."))
        elif left:
            pairs.append((left, right))
        else:
            extra.append(right)
    if len(pairs) < _LEAST_PAIRS:
        message = _l("A matching question needs two pairs or more.")
        found.draft.refuse("too_few_pairs", message)
    return replace(
        question,
        body={"pairs": [{"left": left, "right": right} for left, right in pairs], "extra": extra},
        answers=tuple(f"{left} -> {right}" for left, right in pairs),
    )


def _ordering(found: XmlQuestion) -> ReadQuestion:
    """Things in their right order; a grading of Moodle's own becomes the one of neighbours."""
    question = found.question("ordering")
    elements = found.element.findall("answer")
    items = [one_line(found.words(element)) for element in elements]
    _refuse_other_order(found.draft, [element.get("fraction") for element in elements])
    way = (found.element.findtext("gradingtype") or "").strip()
    whole = way == _ALL_OR_NOTHING
    if not whole and way != NEIGHBOURS:
        message = _l("The order is marked here by the neighbours that are right.")
        found.draft.note("other_grading", message)
    if (found.element.findtext("selecttype") or "ALL").strip() != "ALL":
        message = _l("Moodle shows some of these things only; here all are shown.")
        found.draft.note("all_shown", message)
    scoring = Scoring.ALL_OR_NOTHING if whole else Scoring.PARTIAL
    return replace(
        question,
        body={"items": [{"text": text} for text in items], "scoring": scoring.value},
        answers=tuple(items),
    )


def _refuse_other_order(draft: Draft, places: list[str | None]) -> None:
    """Refuse things that stand in one order and are numbered in another."""
    numbers = [read_number(place or "0") for place in places]
    told = [number.value for number in numbers if number is not None]
    if len(told) < len(numbers) or told != sorted(told):
        message = _l("The things to put in order are numbered otherwise than they stand.")
        draft.refuse("two_orders", message)


def _essay(found: XmlQuestion) -> ReadQuestion:
    if any(text_of(each).strip() for name in _FOR_ESSAYS if (each := found.element.find(name))
           is not None):  # fmt: skip
        message = _l("The template of the answer and the words for markers are left out.")
        found.draft.note("essay_help_left_out", message)
    return replace(found.question("essay"), body={})


def _description(found: XmlQuestion) -> ReadQuestion:
    return replace(found.question("description"), body={}, mark=Decimal(0))


def _cloze(found: XmlQuestion) -> ReadQuestion:
    element = found.element.find("questiontext")
    question = found.question("cloze")
    if element is None:
        return replace(question, body={})
    read = read_cloze(found.draft, text_of(element), lambda text: found.text(element, text))
    return with_parts(question, read)


READERS: Final[Mapping[str, Callable[[XmlQuestion], ReadQuestion]]] = MappingProxyType(
    {
        "multichoice": _multichoice,
        "truefalse": _truefalse,
        "shortanswer": _shortanswer,
        "numerical": _numerical,
        "matching": _matching,
        "ordering": _ordering,
        "cloze": _cloze,
        "multianswer": _cloze,
        "essay": _essay,
        "description": _description,
    }
)
