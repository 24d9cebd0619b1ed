"""Marked-up text from other systems, as the plain text that the bank keeps."""

import re
from html.parser import HTMLParser
from typing import Final, NamedTuple

from contest.core.vietnamese import nfc, one_line

_BLOCKS: Final = frozenset(
    re.findall(
        r"\S+", "p div li ul ol br tr table h1 h2 h3 h4 h5 h6 blockquote pre section dd dt hr"
    )
)
_HIDDEN: Final = frozenset(("script", "style", "head", "title", "template"))
_MEDIA: Final = frozenset(("img", "audio", "video", "object", "embed", "iframe"))
_TAG: Final = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|img|ul|ol|li|table|tr|td|h[1-6]|a|font|pre|code)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,10}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_MOST_NESTED: Final = 20
_SUPERSCRIPT: Final = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPT: Final = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class Plain(NamedTuple):
    """Text without tags, and how many pictures or sounds stood in it."""

    text: str
    media: int = 0


def raised(text: str) -> str:
    """Return text as an exponent: ², or ^(…) where there are no such signs."""
    small = text.translate(_SUPERSCRIPT)
    return small if all(sign not in text for sign in small) else f"^({text})"


def lowered(text: str) -> str:
    """Return text as an index: ₂, or _(…) where there are no such signs."""
    small = text.translate(_SUBSCRIPT)
    return small if all(sign not in text for sign in small) else f"_({text})"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.marked: list[tuple[str, int]] = []
        self.too_deep = 0
        self.hidden = 0
        self.media = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag in {"sup", "sub"}:
            if len(self.marked) == _MOST_NESTED:
                self.too_deep += 1
                return
            self.marked.append((tag, len(self.parts)))
        elif tag in _MEDIA:
            self.media += 1
            self.parts.append(f" {one_line(dict(attrs).get('alt') or '')} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in {"sup", "sub"} and self.too_deep:
            self.too_deep -= 1
        elif tag in {"sup", "sub"} and self.marked and self.marked[-1][0] == tag:
            _tag, start = self.marked.pop()
            inner = one_line("".join(self.parts[start:]))
            del self.parts[start:]
            if inner:
                self.parts.append(raised(inner) if tag == "sup" else lowered(inner))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def from_html(text: str) -> Plain:
    """Return HTML as plain text: blocks become lines, x<sup>2</sup> becomes x²."""
    reader = _Reader()
    reader.feed(" ".join(text.split()))
    reader.close()
    lines = (one_line(line) for line in "".join(reader.parts).split("\n"))
    return Plain("\n".join(line for line in lines if line), reader.media)


def from_automatic(text: str) -> Plain:
    """Return text that may hold HTML tags: read as such only where there are some."""
    if _TAG.search(text) or _ENTITY.search(text):
        kept = "<br>".join(text.split("\n"))
        return from_html(kept)
    return Plain(from_plain(text))


def from_plain(text: str) -> str:
    """Return plain text, trimmed line by line; the author's breaks stay."""
    lines = (" ".join(line.split()) for line in nfc(text).split("\n"))
    return "\n".join(line for line in lines if line)
