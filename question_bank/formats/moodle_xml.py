"""Moodle XML: questions of a quiz with their categories and files."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import one_line
from question_bank.formats.base import (
    MOST_ORIGINAL,
    FileFormat,
    Item,
    Place,
    UnreadableFile,
    some_questions,
)
from question_bank.formats.draft import Draft
from question_bank.formats.gift import category_path
from question_bank.formats.media import Budget
from question_bank.formats.moodle_kinds import READERS, XmlQuestion, text_of
from question_bank.formats.sieve import Sieve, skipped_kind
from question_bank.formats.text import encoding, peek

# Possessive: comments without end would be tried in every way to part them.
_START: Final = re.compile(
    r"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--(?:(?!-->).)*+-->\s*)*+<quiz[\s>/]", re.DOTALL
)
_TYPED: Final = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*<!DOCTYPE", re.IGNORECASE)
_DECLARES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def _bad_xml(line: int) -> UnreadableFile:
    return UnreadableFile(
        "bad_xml",
        _l("This is not well-formed XML: the fault is in line %(line)s.", line=line),
    )


def _long_text(line: int) -> UnreadableFile:
    return UnreadableFile(
        "too_long",
        _l("A text or picture before line %(line)s is longer than 10 MB.", line=line + 1),
    )


def _entities() -> UnreadableFile:
    return UnreadableFile(
        "entities", _l("This file declares a document type or entities and is not read.")
    )


def _elements(data: bytes) -> Iterator[etree._Element]:
    """Yield the questions as they are parsed; each is forgotten afterwards.

    Raises UnreadableFile for XML that is broken, or that declares entities.
    """
    name = encoding(data)
    # In UTF-8, whatever the declaration says: the text is looked at and parsed as it lies there.
    content = data if name.startswith("utf-8") else data.decode(name).encode()
    if _DECLARES.search(content, 0, max(content.find(b"<quiz"), 0)):
        raise _entities()
    if b"<quiz" not in content:
        raise UnreadableFile(
            "no_quiz", _l("There is no <quiz> in this file: it holds no questions.")
        )
    try:
        for _event, element in etree.iterparse(
            io.BytesIO(content),
            encoding="utf-8",
            events=("end",),
            tag="question",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
        ):
            # A declaration behind a comment that holds "<quiz" was not seen above.
            if element.getroottree().docinfo.doctype:
                raise _entities()
            yield element
            element.clear()
            while element.getprevious() is not None:
                parent = element.getparent()
                if parent is None:
                    break
                del parent[0]
    except etree.XMLSyntaxError as reason:
        if "too long" in str(reason) or "huge" in str(reason):
            raise _long_text(reason.lineno or 1) from reason
        raise _bad_xml(reason.lineno or 1) from reason


def _original(element: etree._Element) -> str:
    stem = element.find("questiontext")
    return "" if stem is None else text_of(stem)


@dataclass
class _File:
    """What is remembered from question to question."""

    sieve: Sieve
    budget: Budget = field(default_factory=Budget)
    topic: str | None = None
    count: int = 0
    last_line: int = 0

    def _place(self, element: etree._Element) -> Place:
        """The line; in a file written on one line, the number of the question in the file."""
        line: int = getattr(element, "sourceline", None) or 1  # the stubs do not know its type
        self.count += 1
        again = line == self.last_line
        self.last_line = line
        return Place(line, question=self.count) if again else Place(line)

    def items(self, element: etree._Element) -> Iterator[Item]:
        kind = element.get("type") or ""
        if kind == "category":
            self.topic = category_path(element.findtext("category/text") or "")
            return
        place = self._place(element)
        reader = READERS.get(kind)
        if reader is None:
            yield from skipped_kind(place, one_line(kind)[:40] or "?")
            return
        draft = Draft(place, {})
        found = XmlQuestion(element, draft, self.topic, self.budget)
        question = reader(found)
        found.media.tell(draft)
        original = _original(element)[:MOST_ORIGINAL]
        question = replace(
            question,
            media=tuple(found.media.found.values()),
            original=original.strip(),
        )
        yield from self.sieve.items(draft, question)


def _recognises(data: bytes) -> bool:
    """Also a quiz with a document type is one: it is refused for that, in the words for it."""
    start = peek(data)[:20_000]
    return bool(_START.match(start)) or ("<quiz" in start and bool(_TYPED.match(start)))


def _may_be(data: bytes) -> bool:
    return peek(data).lstrip().startswith("<")


@some_questions
def _read(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
    file = _File(Sieve(convert_legacy))
    for element in _elements(data):
        yield from file.items(element)


FORMAT = FileFormat("moodle-xml", _l("Moodle XML (.xml)"), _recognises, _read, _may_be)
