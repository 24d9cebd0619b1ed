"""Tokens of media in texts, and what stands behind one. Pure."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from contest.core.vietnamese import one_line

TOKEN: Final = re.compile(r"⟦m:([a-z2-7]{20})⟧")
MOST_WORDS: Final = 500
_REF_BYTES: Final = 13
_REF_SIGNS: Final = 20
_SIGN: Final = "⟦"


class MediumKind(StrEnum):
    """What a medium is."""

    PICTURE = "picture"
    SOUND = "sound"
    FORMULA = "formula"


@dataclass(frozen=True)
class ReadMedium:
    """A medium as a file or a person brought it, clean already.

    `content` are the bytes of a picture or sound, `markup` the MathML of a formula. `words` are
    read aloud instead of it; `is_decorative` says openly that there is nothing to read.
    """

    kind: MediumKind
    content: bytes = b""
    media_type: str = ""
    markup: str = ""
    words: str = ""
    is_decorative: bool = False
    width: int = 0
    height: int = 0

    @cached_property
    def ref(self) -> str:
        """Twenty letters drawn from everything that the medium is."""
        digest = hashlib.sha256()
        parts = (self.kind.value, self.media_type, self.markup, self.words, self.is_decorative)
        for part in parts:
            digest.update(f"{part}\0".encode())
        digest.update(self.content)
        return base64.b32encode(digest.digest()[:_REF_BYTES]).decode().lower()[:_REF_SIGNS]

    @property
    def token(self) -> str:
        """How it stands in a text."""
        return token(self.ref)

    @property
    def is_described(self) -> bool:
        """Has it words for people who do not see or hear it, or needs it none?"""
        return bool(self.words) or self.is_decorative


@dataclass(frozen=True, slots=True)
class Medium:
    """A kept medium as pages show it; nothing of its file but what a browser needs."""

    ref: str
    kind: MediumKind
    words: str
    markup: str = ""
    is_decorative: bool = False
    width: int = 0
    height: int = 0

    @property
    def is_described(self) -> bool:
        """Has it words for people who do not see or hear it, or needs it none?"""
        return bool(self.words) or self.is_decorative


def token(ref: str) -> str:
    """How a medium stands in a text."""
    return f"⟦m:{ref}⟧"


def refs_in(value: Any) -> Iterator[str]:
    """Yield the media that a text, or any text inside a JSON value, names; with repeats."""
    if isinstance(value, str):
        if _SIGN in value:
            yield from TOKEN.findall(value)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from refs_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from refs_in(part)


def without_media(text: str) -> str:
    """Return a text without its media: what is searched, and what a report of a file prints."""
    return one_lines(TOKEN.sub(" ", text)) if _SIGN in text else text


def plain(text: str, media: Mapping[str, Any]) -> str:
    """Return a text with words in the place of its media: for lists, titles and plain formats.

    A formula is its words, a picture or sound its words in brackets; what is unknown is left out.
    """
    if _SIGN not in text:
        return text

    def words(found: re.Match[str]) -> str:
        medium = media.get(found[1])
        if medium is None or not medium.words:
            return " "
        return str(medium.words) if medium.kind == MediumKind.FORMULA else f" [{medium.words}] "

    return one_lines(TOKEN.sub(words, text))


def one_lines(text: str) -> str:
    """Squeeze the white space of each line; empty lines go."""
    lines = (one_line(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
