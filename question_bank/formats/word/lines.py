"""A Word document as lines of marked signs: what is bold, underlined, red, or in an old font."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from lxml import etree

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import UnreadableFile
from contest.core.spreadsheets.containers import open_archive, read_part, too_large
from contest.core.spreadsheets.xml import parse_part
from contest.core.vietnamese import LegacyEncoding, legacy_font, nfc
from question_bank.formats.word.equations import linear, mathml
from question_bank.formats.word.pictures import Pictures
from question_bank.media import TOKEN, ReadMedium

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_VAL: Final = f"{_W}val"
_SIGNS: Final = {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-", f"{_W}cr": "\n"}
_PICTURES: Final = frozenset((f"{_W}drawing", f"{_W}pict", f"{_W}object"))
_LEFT_OUT: Final = frozenset((f"{_W}del", f"{_W}moveFrom", _FALLBACK, f"{_W}pPr", f"{_W}rPr"))
_OFF: Final = frozenset(("0", "false", "none", "off"))
_HEX: Final = re.compile("[0-9A-Fa-f]{6}")
_MARGIN: Final = re.compile(r"word/(?:header|footer)[0-9]*\.xml")
_BODY: Final = "word/document.xml"
_MOST_BODY_BYTES: Final = 20 * 1024 * 1024
_MOST_MARKS: Final = 600_000
_MOST_LINES: Final = 100_000
_NEW_LINE: Final = re.compile(rb"<w:(?:p|br|cr)[\s/>]")
_REDDISH: Final = 0xB0
_FAINT: Final = 0x60

Marks: TypeAlias = frozenset[str]
NO_MARKS: Final[Marks] = frozenset()


@dataclass(slots=True)
class Run:
    """Signs that are marked alike. Marks: bold, underline, red, highlight."""

    text: str
    marks: Marks = NO_MARKS
    font: LegacyEncoding | None = None


@dataclass(slots=True)
class Line:
    """A line of the document; `number` is the format of Word's own numbering of it.

    Pictures and equations stand in it as tokens of media; `pictures` and `equations` count those
    that could not be taken so.
    """

    runs: list[Run] = field(default_factory=list)
    number: str = ""
    pictures: int = 0
    equations: int = 0

    @property
    def text(self) -> str:
        """The line's signs."""
        return "".join(run.text for run in self.runs)

    def font(self) -> LegacyEncoding | None:
        """The first legacy font in the line."""
        return next((run.font for run in self.runs if run.font and run.text.strip()), None)

    @property
    def is_picture(self) -> bool:
        """Does it hold pictures or equations and nothing else?"""
        return bool(TOKEN.search(self.text)) and not TOKEN.sub("", self.text).strip()

    def cut(self, start: int, end: int) -> "Line":
        """Return the signs from `start` to `end` with their marks."""
        part, at = Line(), 0
        for run in self.runs:
            text = run.text[max(0, start - at) : max(0, end - at)]
            if text:
                part.runs.append(Run(text, run.marks, run.font))
            at += len(run.text)
        return part


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells, each of them lines."""

    rows: Sequence[Sequence[Sequence[Line]]]


Block: TypeAlias = Line | Table


def is_document(archive: zipfile.ZipFile) -> bool:
    """Is this container a Word document?"""
    return "word/document.xml" in archive.namelist()


@dataclass(frozen=True, slots=True)
class Document:
    """A document's lines and tables in its order, and the media that they name.

    `margins` are the words at the head and the foot of its pages.
    """

    blocks: list[Block]
    media: Mapping[str, ReadMedium] = field(default_factory=dict)
    margins: tuple[str, ...] = ()


def read_blocks(data: bytes) -> Document:
    """Read a document. Raises UnreadableFile."""
    try:
        archive = open_archive(data)
        _refuse_endless(archive)
        names = set(archive.namelist())
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise _macros()
        reader = _Reader(
            _styles(_part(archive, "word/styles.xml")),
            _numbering(_part(archive, "word/numbering.xml")),
            Pictures.of(archive),
        )
        body = parse_part(archive, "word/document.xml").find(f"{_W}body")
        blocks = [] if body is None else list(reader.blocks(body))
        margins = tuple(
            "".join(str(text) for text in parse_part(archive, name).itertext(f"{_W}t"))
            for name in sorted(names)
            if _MARGIN.fullmatch(name)
        )
        return Document(blocks, reader.pictures.media.found, margins)
    except UnreadableFile as refusal:
        if refusal.code != "damaged":
            raise
        raise _damaged() from refusal


def _refuse_endless(archive: zipfile.ZipFile) -> None:
    """Refuse a document of so many marks that reading them would take minutes."""
    try:
        body = read_part(archive, _BODY, _MOST_BODY_BYTES)
    except KeyError as reason:
        raise _damaged() from reason
    if body.count(b"<") > _MOST_MARKS or len(_NEW_LINE.findall(body)) > _MOST_LINES:
        raise too_large()


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    return parse_part(archive, name) if name in archive.namelist() else None


def _macros() -> UnreadableFile:
    return UnreadableFile(
        "macros", _l("This document holds macros. Save it as .docx, without macros, and try again.")
    )


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        "damaged",
        _l("This document is damaged or was cut off on the way. Open it, save it, send it again."),
    )


def _is_on(element: etree._Element | None) -> bool | None:
    if element is None:
        return None
    return (element.get(_VAL) or "1") not in _OFF


def _is_red(color: str) -> bool:
    if not _HEX.fullmatch(color):
        return False
    red, green, blue = (int(color[place : place + 2], 16) for place in (0, 2, 4))
    return red >= _REDDISH and green <= _FAINT and blue <= _FAINT


def _marks(properties: etree._Element | None) -> dict[str, bool]:
    """Return which marks some run properties set or take away."""
    if properties is None:
        return {}
    found: dict[str, bool | None] = {
        "bold": _is_on(properties.find(f"{_W}b")),
        "underline": _is_on(properties.find(f"{_W}u")),
        "hidden": _is_on(properties.find(f"{_W}vanish")),
    }
    color = properties.find(f"{_W}color")
    if color is not None:
        found["red"] = _is_red(color.get(_VAL) or "")
    light = properties.find(f"{_W}highlight")
    if light is not None:
        found["highlight"] = (light.get(_VAL) or "none") not in {"none", "white", "black"}
    return {name: value for name, value in found.items() if value is not None}


Styles: TypeAlias = Mapping[str, dict[str, bool]]


def _styles(root: etree._Element | None) -> Styles:
    """Return the marks that each style sets, with those that it builds on."""
    if root is None:
        return {}
    own: dict[str, tuple[str, dict[str, bool]]] = {}
    for style in root.iterfind(f"{_W}style"):
        based = style.find(f"{_W}basedOn")
        parent = "" if based is None else based.get(_VAL) or ""
        own[style.get(f"{_W}styleId") or ""] = (parent, _marks(style.find(f"{_W}rPr")))
    found: dict[str, dict[str, bool]] = {}
    for name in own:
        chain: dict[str, None] = {}
        at = name
        while at in own and at not in found and at not in chain:
            chain[at] = None
            at = own[at][0]
        for each in reversed(chain):
            found[each] = found.get(own[each][0], {}) | own[each][1]
    return found


def _numbering(root: etree._Element | None) -> dict[tuple[str, str], str]:
    """Return by (list, level) how Word numbers: "letter", "question" or "number"."""
    if root is None:
        return {}
    formats: dict[str, dict[str, str]] = {}
    for abstract in root.iterfind(f"{_W}abstractNum"):
        for level in abstract.iterfind(f"{_W}lvl"):
            shape, text = level.find(f"{_W}numFmt"), level.find(f"{_W}lvlText")
            name = "" if shape is None else shape.get(_VAL) or ""
            words = "" if text is None else text.get(_VAL) or ""
            kind = {"upperLetter": "letter", "lowerLetter": "letter", "decimal": "number"}.get(name)
            if kind == "number" and "câu" in words.casefold():
                kind = "question"
            levels = formats.setdefault(abstract.get(f"{_W}abstractNumId") or "", {})
            levels[level.get(f"{_W}ilvl") or "0"] = kind or ""
    found = {}
    for number in root.iterfind(f"{_W}num"):
        abstract_id = number.find(f"{_W}abstractNumId")
        wanted = "" if abstract_id is None else abstract_id.get(_VAL) or ""
        for level_name, kind in formats.get(wanted, {}).items():
            found[number.get(f"{_W}numId") or "", level_name] = kind
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    styles: Styles
    numbers: Mapping[tuple[str, str], str]
    pictures: Pictures

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        for element in parent.iterchildren(tag=etree.Element):
            if element.tag == f"{_W}p":
                yield from self.lines(element)
            elif element.tag == f"{_W}tbl":
                yield self.table(element)
            elif element.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"}:
                yield from self.blocks(element)

    def table(self, element: etree._Element) -> Table:
        return Table(
            [
                [
                    [line for paragraph in cell.iter(f"{_W}p") for line in self.lines(paragraph)]
                    for cell in row.iterfind(f"{_W}tc")
                ]
                for row in element.iterfind(f"{_W}tr")
            ]
        )

    def lines(self, paragraph: etree._Element) -> Iterator[Line]:
        properties = paragraph.find(f"{_W}pPr")
        style = "" if properties is None else _value(properties, "pStyle")
        base = dict(self.styles.get(style, {}))
        line = Line(number=self._number(properties))
        for run in self._runs(paragraph, base, line):
            pieces = run.text.split("\n")
            line.runs.append(Run(pieces[0], run.marks, run.font))
            for piece in pieces[1:]:
                yield line
                line = Line([Run(piece, run.marks, run.font)])
        yield line

    def _number(self, properties: etree._Element | None) -> str:
        numbering = None if properties is None else properties.find(f"{_W}numPr")
        if numbering is None:
            return ""
        place = (_value(numbering, "numId"), _value(numbering, "ilvl") or "0")
        return self.numbers.get(place, "")

    def _runs(self, parent: etree._Element, base: dict[str, bool], line: Line) -> Iterator[Run]:
        for element in parent.iterchildren(tag=etree.Element):
            if element.tag in _LEFT_OUT:
                continue
            if element.tag == f"{_W}r":
                yield from self._run(element, base, line)
            elif element.tag in {f"{_M}oMath", f"{_M}oMathPara"}:
                words = linear(element)
                token = self.pictures.formula(mathml(element), words)
                line.equations += not token
                yield Run(token or words)
            else:
                yield from self._runs(element, base, line)

    def _run(self, run: etree._Element, base: dict[str, bool], line: Line) -> Iterator[Run]:
        properties = run.find(f"{_W}rPr")
        style = {} if properties is None else self.styles.get(_value(properties, "rStyle"), {})
        set_on = base | dict(style) | _marks(properties)
        if set_on.pop("hidden", False):
            return
        marks = frozenset(name for name, is_on in set_on.items() if is_on)
        text = ""
        for child in run.iterchildren(tag=etree.Element):
            if child.tag == f"{_W}t":
                text += (child.text or "").replace("\n", " ")
            elif child.tag == f"{_W}br":
                text += "\n"
            elif child.tag in _PICTURES or next(child.iter(*_PICTURES), None) is not None:
                tokens = self.pictures.tokens(child)
                line.pictures += tokens.count("")
                text += " ".join(token for token in tokens if token)
            else:
                text += _SIGNS.get(str(child.tag), "")
        yield Run(nfc(text), marks, _font(properties))


def _font(properties: etree._Element | None) -> LegacyEncoding | None:
    fonts = None if properties is None else properties.find(f"{_W}rFonts")
    if fonts is None:
        return None
    name = fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or ""
    return legacy_font(name)


def _value(parent: etree._Element, name: str) -> str:
    element = parent.find(f"{_W}{name}")
    return "" if element is None else element.get(_VAL) or ""
