"""Options in lines of a paper: one, two or four on a line, and which of them are marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contest.core.vietnamese import one_line
from question_bank.formats.word.lines import Line
from question_bank.media import TOKEN

_STRONG: Final = re.compile(
    r"(?:^|\t|[ \u00a0]{2,})\s*([*✓✔☑]?)\s*\(?([A-Ha-h])[.:)/](?=\s|\w|$|[“\"(])"
)
_WEAK: Final = re.compile(r"(?:^|\s)([*✓✔☑]?)\(?([A-Ha-h])[.:)](?=\s)")
_MANY: Final = 3
MARKS: Final = ("star", "underline", "red", "highlight", "bold")


@dataclass(slots=True)
class Option:
    """An option with its letter (empty where Word numbers) and what is marked of it."""

    letter: str
    text: Line
    label_marks: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The text in one line."""
        return one_line(self.text.text)

    def text_marks(self) -> frozenset[str]:
        """The marks that all signs of the text carry."""
        shown = [run for run in self.text.runs if run.text.strip()]
        # A picture cannot be bold: it follows the words beside it.
        worded = [run for run in shown if TOKEN.sub("", run.text).strip()]
        found = [run.marks for run in worded or shown]
        return frozenset.intersection(*found) if found else frozenset()


@dataclass(frozen=True, slots=True)
class _Label:
    start: int
    letter_at: int
    end: int
    letter: str
    star: bool


def _labels(pattern: re.Pattern[str], text: str) -> list[_Label]:
    return [
        _Label(found.start(), found.start(2), found.end(), found[2], bool(found[1]))
        for found in pattern.finditer(text)
    ]


def _following(labels: Sequence[_Label], expected: str) -> list[_Label]:
    """Keep the labels that continue the letters from `expected` on."""
    kept: list[_Label] = []
    for label in labels:
        if label.letter == expected:
            kept.append(label)
            expected = chr(ord(expected) + 1)
    return kept


def first_label(line: Line) -> str:
    """Return the letter with which a line begins as an option, or ""."""
    found = _STRONG.match(line.text.lstrip())
    return found[2] if found else ""


def split_options(
    line: Line, given: Sequence[Option], following: Line | None, *, on_one_line: int = 0
) -> list[Option]:
    """Return the options in a line that continue those `given`; none when it holds no option.

    Options stand apart by a tab or two spaces. Where single spaces part them, the letters must go
    on in the next line, or be three and more: "Ông Nguyễn Văn B. và …" is no second option. The
    last line follows the ones before, of which one held `on_one_line` options.
    """
    text = line.text
    expected = chr(ord(given[-1].letter) + 1) if given and given[-1].letter else ""
    first = first_label(line)
    if not first or (expected and first != expected) or (not given and first not in "Aa"):
        return []
    strong = _following(_labels(_STRONG, text), first)
    weak = _following(_labels(_WEAK, text), first)
    chosen = strong
    if len(weak) > len(strong):
        after = chr(ord(weak[-1].letter) + 1)
        upcoming = "" if following is None else first_label(following)
        if len(weak) >= _MANY or upcoming == after or (not upcoming and on_one_line != 1):
            chosen = weak
    ends = [label.start for label in chosen[1:]] + [len(text)]
    return [_option(line, label, end) for label, end in zip(chosen, ends, strict=True)]


def options_inside(line: Line) -> int | None:
    """Return where options begin inside the line of a question: A, B and C in a row, at least."""
    labels = _following(_labels(_WEAK, line.text), "A")
    if len(labels) < _MANY or not line.text[: labels[0].start].strip():
        return None
    return labels[0].start


def _option(line: Line, label: _Label, end: int) -> Option:
    letter = line.cut(label.letter_at, label.letter_at + 1)
    marks = frozenset(("star",)) if label.star else frozenset()
    for run in letter.runs:
        marks |= run.marks
    return Option(label.letter, line.cut(label.end, end), marks)


def numbered_option(line: Line) -> Option:
    """Return an option whose letter Word writes."""
    text, stripped = line.text, line.text.lstrip()
    if stripped.startswith("*"):
        start = len(text) - len(stripped) + 1
        return Option("", line.cut(start, len(text)), frozenset(("star",)))
    return Option("", line)


def marked(options: Sequence[Option]) -> dict[str, tuple[int, ...]]:
    """Return by mark the options that carry it, on the letter or on the whole text.

    A mark on every letter, or on every text, is a habit of layout and says nothing.
    """
    return {mark: places for mark in MARKS if (places := tuple(_places(mark, options)))}


def _places(mark: str, options: Sequence[Option]) -> Iterator[int]:
    labels = {place for place, option in enumerate(options) if mark in option.label_marks}
    texts = {place for place, option in enumerate(options) if mark in option.text_marks()}
    everything = set(range(len(options)))
    found = (labels if labels != everything else set()) | (texts if texts != everything else set())
    return iter(sorted(found))
