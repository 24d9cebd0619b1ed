"""Moodle XML: questions with their categories, as other systems read them."""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from question_bank.exports.base import ExportFormat, ExportQuestion
from question_bank.kinds.choice import option_shares
from question_bank.kinds.multiple import KIND as MULTIPLE

_TYPES: Final = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "essay": "essay",
    "description": "description",
}


# XML 1.0 can say none of these signs; one of them must not keep a bank from being written.
_UNSAYABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _sayable(words: str | None) -> str | None:
    return None if words is None else _UNSAYABLE.sub("", words)


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.5f}".rstrip("0").rstrip(".")


def _sub(parent: etree._Element, name: str, words: str | None = None, **others: str) -> Any:
    """Add an element; `words` stand in a <text> of their own, as Moodle wants them."""
    element = etree.SubElement(parent, name, others)
    if words is not None:
        etree.SubElement(element, "text").text = _sayable(words)
    return element


def _leaf(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = _sayable(text)


def _answer(parent: etree._Element, text: str, share: Fraction) -> etree._Element:
    found: etree._Element = _sub(
        parent, "answer", text, fraction=_percent(share), format="plain_text"
    )
    return found


def _choice(element: etree._Element, question: ExportQuestion) -> None:
    given = question.body["options"]
    if question.kind == "multiple":
        body = MULTIPLE.parse(question.body)
        shares = [option_shares(body)[option["id"]] for option in given]
    else:
        shares = [
            Fraction(1) if right else Fraction(option.get("share") or 0)
            for option, (_text, right) in zip(given, question.options, strict=True)
        ]
    if question.kind == "true_false":
        words = {"đúng": "true", "true": "true", "sai": "false", "false": "false"}
        for option, share in zip(given, shares, strict=True):
            _answer(element, words.get(option["text"].casefold(), option["text"]), share)
        return
    _leaf(element, "single", "true" if question.kind == "single" else "false")
    _leaf(element, "shuffleanswers", "0" if all(each["fixed"] for each in given) else "1")
    for option, share in zip(given, shares, strict=True):
        _answer(element, option["text"], share)


def _answers(element: etree._Element, question: ExportQuestion) -> None:
    body = question.body
    if question.kind == "short_answer":
        _leaf(element, "usecase", "1" if body["match_case"] else "0")
        for answer in body["answers"]:
            _answer(element, answer["text"], Fraction(answer["share"]))
    elif question.kind == "numeric":
        for answer in body["answers"]:
            _leaf(_answer(element, answer["value"], Fraction(answer["share"])), "tolerance",
                  answer["tolerance"])  # fmt: skip
        if body["unit"]:
            unit = _sub(_sub(element, "units"), "unit")
            _leaf(unit, "multiplier", "1")
            _leaf(unit, "unit_name", body["unit"])
    elif question.kind == "matching":
        pairs = [(pair["left"], pair["right"]) for pair in body["pairs"]]
        for left, right in [*pairs, *(("", text) for text in body["extra"])]:
            side = _sub(element, "subquestion", left, format="plain_text")
            _sub(side, "answer", right)


def _question(root: etree._Element, question: ExportQuestion, number: int) -> None:
    element = _sub(root, "question", type=_TYPES[question.kind])
    _sub(element, "name", question.external_id or str(number))
    _sub(element, "questiontext", question.stem, format="plain_text")
    _sub(element, "generalfeedback", question.explanation, format="plain_text")
    _leaf(element, "defaultgrade", format(question.mark.normalize(), "f"))
    _leaf(element, "idnumber", question.external_id)
    if "options" in question.body:
        _choice(element, question)
    else:
        _answers(element, question)
    if question.tags:
        tags = _sub(element, "tags")
        for tag in question.tags:
            _sub(tags, "tag", tag)


def write(questions: Iterable[ExportQuestion]) -> bytes:
    """Return the file."""
    root = etree.Element("quiz")
    topic: tuple[str, ...] | None = None
    for number, question in enumerate(questions, start=1):
        if question.topic != topic:
            topic = question.topic
            path = "/".join(["$course$/top", *(name.replace("/", "//") for name in topic)])
            _sub(_sub(root, "question", type="category"), "category", path)
        _question(root, question, number)
    document: bytes = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return document


FORMAT = ExportFormat(
    "moodle-xml",
    _l("Moodle XML (.xml)"),
    "xml",
    "application/xml",
    frozenset(_TYPES),
    write,
)
