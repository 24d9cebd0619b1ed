"""A text cut into paragraphs and sentences, so that a passage can be chosen from a list."""

import re
from dataclasses import dataclass
from typing import Final

_END: Final = re.compile(r"[.!?…]+[\"”’»)\]]*\s+")
_OPENING: Final = '"“‘«([-–— '


@dataclass(frozen=True, slots=True)
class Place:
    """A passage: its places in the plain text, and its words."""

    start: int
    end: int
    words: str

    @property
    def value(self) -> str:
        """The places as a form sends them."""
        return f"{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a whole; `sentences` is empty where it is one sentence."""

    whole: Place
    sentences: tuple[Place, ...]


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a plain text, one a line; empty lines are passed over."""
    found: list[Paragraph] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            parts = _sentences(line, start)
            whole = Place(start, start + len(line), line)
            found.append(Paragraph(whole, tuple(parts) if len(parts) > 1 else ()))
        start += len(line) + 1
    return found


def _sentences(line: str, offset: int) -> list[Place]:
    """Cut where a sentence ends and the next word is not small: "TP. Huế" is cut, "v.v. và" not."""
    cuts = [0]
    for end in _END.finditer(line):
        following = line[end.end() :].lstrip(_OPENING)
        if following and not following[0].islower():
            cuts.append(end.end())
    borders = zip(cuts, [*cuts[1:], len(line)], strict=True)
    return [
        Place(offset + start, offset + start + len(words), words)
        for start, stop in borders
        if (words := line[start:stop].rstrip())
    ]
