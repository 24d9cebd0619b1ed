"""Marked-up text from other systems, as the plain text that the bank keeps."""

import html
import re
from html.parser import HTMLParser
from typing import Final, NamedTuple, Protocol

from contest.core.vietnamese import nfc, one_line

_BLOCKS: Final = frozenset(
    re.findall(
        r"\S+", "p div li ul ol br tr table h1 h2 h3 h4 h5 h6 blockquote pre section dd dt hr"
    )
)
_HIDDEN: Final = frozenset(("script", "style", "head", "title", "template"))
_MEDIA: Final = frozenset(("img", "audio", "video", "object", "embed", "iframe"))
_SOUNDING: Final = frozenset(("audio", "video"))
_TAKEN: Final = frozenset(("img", "audio", "video", "source"))
_TAG: Final = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup|img|ul|ol|li|table|tr|td|h[1-6]|a|font|pre|code|math|audio|video)"
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


class Taker(Protocol):
    """Takes the media of a text and returns what stands in their place, "" for nothing."""

    def source(self, source: str, words: str, *, is_decorative: bool = False) -> str:
        """Take a picture or sound."""
        ...

    def formula(self, markup: str, words: str = "") -> str:
        """Take a formula."""
        ...


class _Reader(HTMLParser):
    def __init__(self, taker: Taker | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.taker = taker
        self.formula: list[str] | None = None
        self.sounding = 0
        self.sound_words = ""
        self.parts: list[str] = []
        self.marked: list[tuple[str, int]] = []
        self.too_deep = 0
        self.hidden = 0
        self.media = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.formula is not None or (tag == "math" and self.taker is not None):
            self.formula = [*(self.formula or []), self.get_starttag_text() or ""]
        elif self.taker is not None and tag in _TAKEN:
            self._take(self.taker, tag, {name: value or "" for name, value in attrs})
        elif tag in _HIDDEN:
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

    def _take(self, taker: Taker, tag: str, attrs: dict[str, str]) -> None:
        """Let a picture or sound be taken; without a source it is the frame of one that has."""
        self.sounding += tag in _SOUNDING
        source = attrs.get("src", "")
        words = attrs.get("alt") or attrs.get("aria-label") or attrs.get("title") or ""
        if not source:
            self.sound_words = words
            return
        words = words or (self.sound_words if tag == "source" else "")
        decorative = tag == "img" and not words and attrs.get("role") == "presentation"
        token = taker.source(source, one_line(words), is_decorative=decorative)
        self.parts.append(f" {token or one_line(words)} ")

    def _end_formula(self, tag: str, taker: Taker) -> None:
        assert self.formula is not None  # noqa: S101  (only called within one)
        self.formula.append(f"</{tag}>")
        if tag == "math":
            self.parts.append(taker.formula("".join(self.formula)))
            self.formula = None

    def handle_endtag(self, tag: str) -> None:
        if self.formula is not None and self.taker is not None:
            self._end_formula(tag, self.taker)
        elif tag in _SOUNDING and self.taker is not None:
            self.sounding = max(0, self.sounding - 1)
        elif tag in _HIDDEN:
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
        if self.formula is not None:
            self.formula.append(html.escape(data))
        elif not self.hidden and not self.sounding:
            self.parts.append(data)


def from_html(text: str, taker: Taker | None = None) -> Plain:
    """Return HTML as plain text: blocks become lines, x<sup>2</sup> becomes x².

    Media go to the taker; without one their words stay and they are counted.
    """
    reader = _Reader(taker)
    reader.feed(" ".join(text.split()))
    reader.close()
    lines = (one_line(line) for line in "".join(reader.parts).split("\n"))
    return Plain("\n".join(line for line in lines if line), reader.media)


def from_automatic(text: str, taker: Taker | None = None) -> Plain:
    """Return text that may hold HTML tags: read as such only where there are some."""
    if _TAG.search(text) or _ENTITY.search(text):
        kept = "<br>".join(text.split("\n"))
        return from_html(kept, taker)
    return Plain(from_plain(text))


def from_plain(text: str) -> str:
    """Return plain text, trimmed line by line; the author's breaks stay."""
    lines = (" ".join(line.split()) for line in nfc(text).split("\n"))
    return "\n".join(line for line in lines if line)
