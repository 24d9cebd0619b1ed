"""Texts of a workbook: those that its sheets share, and those that stand in a cell itself."""

import re
import zipfile
from typing import Final, NamedTuple

from contest.core.spreadsheets.containers import too_large
from contest.core.spreadsheets.xlsx.styles import read_font
from contest.core.spreadsheets.xml import PLAIN_TEXT, Attributes, Plain, stream_part
from contest.core.vietnamese import LegacyEncoding, is_composed, nfc

_MAX_SHARED_STRINGS: Final = 3_000_000
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
PLAIN_RUN: Final = rb'<t(?: xml:space="preserve")?>' + PLAIN_TEXT + rb"</t>"
_PLAIN_ITEMS: Final = re.compile(rb"(?:<si>" + PLAIN_RUN + rb"</si>\s*+)++")
_TEXT_OF_ITEM: Final = re.compile("<t[^>]*>([^<]*)</t>")


class SharedText(NamedTuple):
    """A text with the legacy font of its runs; `plain` when a run takes the cell's own font."""

    text: str
    font: LegacyEncoding | None = None
    capitals: bool = False
    plain: bool = True


def unescape(text: str) -> str:
    """Return a text with signs that XML cannot hold (_x000D_) put back, composed."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return nfc(text)


class TextCollector:
    """Collects the runs of one text: `t` elements, outside phonetic hints."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.listening = False
        self.phonetic = False
        self.fonts: list[str] = []
        self.runs = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element, named without its prefix."""
        if name == "t":
            self.listening = not self.phonetic
        elif name == "r":
            self.runs += 1
        elif name == "rPh":
            self.phonetic = True
        elif name == "rFont":
            self.fonts.append(attributes.get("val", ""))

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == "t":
            self.listening = False
        elif name == "rPh":
            self.phonetic = False

    def hear(self, text: str) -> None:
        """Take a piece of text."""
        if self.listening:
            self.pieces.append(text)

    def take(self) -> SharedText:
        """Return the text collected so far and start anew."""
        text = unescape("".join(self.pieces))
        font: LegacyEncoding | None = None
        capitals = False
        for name in self.fonts:
            encoding, only_capitals = read_font(name)
            if encoding is not None:
                font, capitals = encoding, only_capitals
                break
        plain = not self.runs or len(self.fonts) < self.runs
        self.pieces, self.fonts, self.runs = [], [], 0
        return SharedText(text, font, capitals, plain)


def read_shared_texts(archive: zipfile.ZipFile, name: str) -> list[str | SharedText]:
    """Return the texts that cells name by their number; most have no font and are just a text."""
    texts: list[str | SharedText] = []
    collector = TextCollector()

    def end(name: str) -> None:
        if name == "si":
            shared = collector.take()
            simple = shared.plain and shared.font is None
            texts.append(shared.text if simple else shared)
        else:
            collector.end(name)

    def take(found: re.Match[bytes]) -> None:
        run = found[0].decode()
        items = _TEXT_OF_ITEM.findall(run)
        ready = "_x" not in run and is_composed(run)
        texts.extend(items if ready else map(unescape, items))

    plain = Plain(b"<si>", _PLAIN_ITEMS, take)
    for _chunk in stream_part(
        archive, name, start=collector.start, end=end, text=collector.hear, plain=plain
    ):
        if len(texts) > _MAX_SHARED_STRINGS:
            raise too_large()
    return texts
