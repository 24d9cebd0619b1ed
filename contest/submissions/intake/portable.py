"""PDF documents: text and pictures are taken out; what a PDF could start is refused."""

import io
import re
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from contest.core.errors import BadFile
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc, one_line
from contest.submissions.intake.active import refuse_by_bytes, refuse_by_objects
from contest.submissions.rules.structure import begins_closing, is_caption
from contest.submissions.rules.texts import Block, paragraph

MOST_BYTES: Final = 15 * 1024 * 1024
MOST_PAGES: Final = 60
MOST_PICTURES: Final = 40
_NAMES: Final = ("/Author", "/Creator", "/Subject", "/Keywords", "/Company")
_BROKEN: Final = (
    *(PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(OSError, RecursionError, AssertionError, NotImplementedError, MemoryError),
)
_PICTURE: Final = "picture-{:04d}"
_DIGITS: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(
    r"(?:^|[–\-\s])(?:trang|page)\s*\d+(?:\s*/\s*\d+)?\s*$|^\W*\d+\W*$"
)
_TERMINAL: Final = tuple('.!?…"”:')
_SHORT: Final = 0.8
_LEAST_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class PdfContent:
    """What a PDF says; `captions` by the name of the picture before them."""

    blocks: list[Block]
    pictures: dict[str, bytes]
    hints: list[str]


def damaged() -> BadFile:
    """The refusal of a PDF that cannot be read."""
    return BadFile(
        "damaged", _l("This PDF is damaged or was cut off on the way. Make it anew and send that.")
    )


def read_pdf(content: bytes) -> PdfContent:
    """Read a PDF.

    Page headers and footers that repeat are left out; names in the document information come
    back as hints.

    Raises:
        BadFile: protected, active (a script, a program, attached files, a form), too long,
            without text, or broken.
    """
    refuse_by_bytes(content)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise BadFile(
                "password", _l("This PDF is protected by a password. Remove it and try again.")
            )
        refuse_by_objects(reader)
        if len(reader.pages) > MOST_PAGES:
            raise BadFile("too_long", _l("This PDF has too many pages for an essay."))
        pages = [nfc(page.extract_text() or "") for page in reader.pages]
        pictures = _pictures(reader)
        hints = _hints(reader)
    except _BROKEN as reason:
        raise damaged() from reason
    blocks = _blocks(_lines(pages), list(pictures))
    if not any(block.text for block in blocks):
        raise BadFile(
            "no_text",
            _l("No text could be read in this PDF: it may be a scan. Send a .docx or type it."),
        )
    return PdfContent(blocks, pictures, hints)


def _hints(reader: PdfReader) -> list[str]:
    information: dict[str, Any] = dict(reader.metadata or {})
    return [one_line(nfc(str(information[name]))) for name in _NAMES if information.get(name)]


def _pictures(reader: PdfReader) -> dict[str, bytes]:
    """The pictures of all pages; one that cannot be drawn is left out."""
    found: dict[str, bytes] = {}
    for page in reader.pages:
        for name in page.images.keys():  # noqa: SIM118  (no mapping: iterating draws each)
            if len(found) >= MOST_PICTURES:
                return found
            try:
                content = page.images[name].data
            except _BROKEN:
                continue
            if content not in found.values():
                found[_PICTURE.format(len(found) + 1)] = content
    return found


def _lines(pages: list[str]) -> list[str]:
    """All lines without running heads and feet; a space at the beginning marks an indent."""
    edges: dict[str, int] = {}
    split = [[line for line in page.split("\n") if line.strip()] for page in pages]
    for lines in split:
        for line in {*lines[:2], *lines[-2:]}:
            key = _DIGITS.sub("#", one_line(line))
            edges[key] = edges.get(key, 0) + 1
    kept = []
    for lines in split:
        for place, line in enumerate(lines):
            at_edge = place < 2 or place >= len(lines) - 2  # noqa: PLR2004
            repeats = edges.get(_DIGITS.sub("#", one_line(line)), 0) > 1
            if not (at_edge and (repeats or _PAGE_NUMBER.search(line.strip().lower()))):
                kept.append(line)
    return kept


def _blocks(lines: list[str], pictures: list[str]) -> list[Block]:
    """Lines joined to paragraphs, by indents, short last lines, captions and closing words."""
    lengths = sorted(len(line.strip()) for line in lines)
    usual = quantiles(lengths, n=10)[-2] if len(lengths) >= _LEAST_LINES else 0
    indents = sum(line.startswith(" ") for line in lines)
    by_indent = _LEAST_LINES <= indents < len(lines) * 0.7
    waiting = list(pictures)
    blocks: list[Block] = []
    words: list[str] = []

    def close() -> None:
        if words:
            blocks.append(paragraph(one_line(" ".join(words))))
            words.clear()

    for line in lines:
        text = one_line(line)
        ended = bool(words) and words[-1].endswith(_TERMINAL)
        short = bool(words) and len(words[-1]) < usual * _SHORT
        caption = is_caption(text) and (ended or not words)
        starts = (
            (by_indent and line.startswith(" "))
            or (short and (ended or not by_indent))
            or (ended and begins_closing(text))
            or caption
        )
        if starts:
            close()
        if caption and waiting:
            blocks.append(Block("figure", file_id=waiting.pop(0)))
        words.append(text)
        if caption:
            close()
    close()
    blocks += [Block("figure", file_id=name) for name in waiting]
    return blocks
