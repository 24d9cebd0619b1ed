"""Moodle XML: questions with their categories, as other systems read them."""

import base64
import json
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from question_bank.exports.base import ExportFormat, ExportQuestion
from question_bank.exports.moodle_html import as_html, cloze_html, file_name, percent
from question_bank.kinds.choice import Scoring, option_shares
from question_bank.kinds.multiple import KIND as MULTIPLE
from question_bank.media import refs_in

_TYPES: Final = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "essay": "essay",
    "description": "description",
    "cloze": "cloze",
    "group": "cloze",
}


# XML 1.0 can say none of these signs; one of them must not keep a bank from being written.
_UNSAYABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _sayable(words: str | None) -> str | None:
    return None if words is None else _UNSAYABLE.sub("", words)


def _sub(parent: etree._Element, name: str, words: str | None = None, **others: str) -> Any:
    """Add an element; `words` stand in a <text> of their own, as Moodle wants them."""
    element = etree.SubElement(parent, name, others)
    if words is not None:
        etree.SubElement(element, "text").text = _sayable(words)
    return element


def _leaf(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = _sayable(text)


def _text(
    parent: etree._Element, name: str, text: str, question: ExportQuestion, **others: str
) -> etree._Element:
    """Add an element with a text; one that shows media becomes HTML with its files beside it."""
    if not any(ref in question.media for ref in refs_in(text)):
        plain: etree._Element = _sub(parent, name, text, format="plain_text", **others)
        return plain
    return _html(parent, name, as_html(text, question.media), text, question, **others)


def _html(
    parent: etree._Element, name: str, html: str, text: str, question: ExportQuestion, **others: str
) -> etree._Element:
    element: etree._Element = _sub(parent, name, html, format="html", **others)
    for ref in dict.fromkeys(refs_in(text)):
        medium = question.media.get(ref)
        if medium is not None and medium.content:
            about = {"name": file_name(medium), "path": "/", "encoding": "base64"}
            file = etree.SubElement(element, "file", about)
            file.text = base64.b64encode(medium.content).decode()
    return element


def _answer(
    parent: etree._Element, text: str, share: Fraction, question: ExportQuestion | None = None
) -> etree._Element:
    if question is not None:
        return _text(parent, "answer", text, question, fraction=percent(share))
    found: etree._Element = _sub(
        parent, "answer", text, fraction=percent(share), format="plain_text"
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
        _answer(element, option["text"], share, question)


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
            side = _text(element, "subquestion", left, question)
            _sub(side, "answer", question.in_words(right))
    elif question.kind == "ordering":
        _ordering(element, question)


def _ordering(element: etree._Element, question: ExportQuestion) -> None:
    items = question.body["items"]
    whole = question.body["scoring"] == Scoring.ALL_OR_NOTHING
    _leaf(element, "layouttype", "VERTICAL")
    _leaf(element, "selecttype", "ALL")
    _leaf(element, "selectcount", "0")
    _leaf(element, "gradingtype", "ALL_OR_NOTHING" if whole else "RELATIVE_NEXT_EXCLUDE_LAST")
    _leaf(element, "showgrading", "SHOW")
    for place, item in enumerate(items, start=1):
        _text(element, "answer", item["text"], question, fraction=f"{place}.0000000")


def _question(root: etree._Element, question: ExportQuestion, number: int) -> None:
    element = _sub(root, "question", type=_TYPES[question.kind])
    _sub(element, "name", question.name or question.external_id or str(number))
    if _TYPES[question.kind] == "cloze":
        shown = json.dumps([question.stem, question.body], ensure_ascii=False)
        _html(element, "questiontext", cloze_html(question), shown, question)
    else:
        _text(element, "questiontext", question.stem, question)
    _text(element, "generalfeedback", question.explanation, question)
    _leaf(element, "defaultgrade", format(question.mark.normalize(), "f"))
    _leaf(element, "idnumber", question.external_id)
    if "options" in question.body:
        _choice(element, question)
    elif _TYPES[question.kind] != "cloze":
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
