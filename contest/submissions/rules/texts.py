"""The text of an essay as a list of blocks: read from HTML or plain text, written as either.

Everything that enters is cleaned by nh3 and brought to blocks of eight kinds; what leaves is built
from blocks with every sign escaped. A text can therefore hold nothing but paragraphs, headings,
quotations, lists and pictures of its own work, whatever was pasted.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import nh3
from lxml import etree, html
from markupsafe import escape

from contest.core.vietnamese import count_words, nfc

Marks = frozenset[str]
FigureHtml = Callable[[str], str]

MOST_SIGNS: Final = 600_000
_NO_MARKS: Final[Marks] = frozenset()
_MARK_OF: Final = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u"}
_KIND_OF: Final = {
    **dict.fromkeys(("h1", "h2"), "h2"),
    **dict.fromkeys(("h3", "h4", "h5", "h6"), "h3"),
    **dict.fromkeys(("p", "div", "section", "article", "td", "th", "pre", "figcaption"), "p"),
}
_TAGS: Final = {
    *_MARK_OF,
    *_KIND_OF,
    *("br", "ul", "ol", "li", "blockquote", "figure", "img", "table", "tbody", "tr", "hr"),
}
FILE_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,16}")
_FILE_ADDRESS: Final = re.compile(r"^(?:file:|/essays/files/|/blind/)([A-Za-z0-9_-]{8,16})$")
_CELLS: Final = ("td", "th")
_ALONE: Final = ("table", "ul", "ol", "blockquote", "img", "figure", "h1", "h2", "h3", "br")
"""What keeps the cells of a row apart, each a paragraph of its own."""
_SPACES: Final = re.compile(r"[ \t\n\r\f\v]+")
_BULLET: Final = re.compile(r"^[·•▪§\u25cf\uf0b7]\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """Some signs with the same marks; a line break is a line feed."""

    text: str
    marks: Marks = _NO_MARKS


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, quotation, list item or picture.

    Attributes:
        kind: p, h2, h3, quote, ul, ol (an item of such a list), figure.
        runs: the words; none in a figure.
        file_id: public id of the picture of a figure.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    file_id: str = ""

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


def paragraph(text: str, kind: str = "p") -> Block:
    """A block of plain words."""
    return Block(kind, (Run(text),))


# ── reading ────────────────────────────────────────────────────────────────────────────────


def read_html(source: str, known_files: Iterable[str] | None = None) -> list[Block]:
    """The blocks of any HTML: an editor's, Word's, a web page's.

    Args:
        source: whatever was sent.
        known_files: public ids of the work's own pictures; others vanish. None keeps all.
    """
    cleaned = nh3.clean(
        nfc(source),
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "del"},  # del: struck out by a reviser
        attributes={"img": {"src"}},
        attribute_filter=_only_own_pictures,
        url_schemes={"file"},
        link_rel=None,
    )
    if not cleaned.strip():
        return []
    reader = _Reader(None if known_files is None else set(known_files))
    # A parser of the old HTML is enough: what nh3 writes is well-formed.
    reader.walk(html.fragment_fromstring(cleaned, create_parent="div"), "p", _NO_MARKS)
    reader.close()
    return _tidy(reader.blocks)


def _only_own_pictures(tag: str, name: str, value: str) -> str | None:
    return value if tag == "img" and name == "src" and _FILE_ADDRESS.match(value) else None


class _Reader:
    """Walks through clean HTML and gathers blocks."""

    def __init__(self, known_files: set[str] | None) -> None:
        self.blocks: list[Block] = []
        self._known = known_files
        self._runs: list[Run] = []
        self._kind = "p"

    def close(self) -> None:
        """End the block in hand."""
        if any(run.text.strip() for run in self._runs):
            self.blocks.append(Block(self._kind, tuple(self._runs)))
        self._runs = []

    def _words(self, text: str | None, kind: str, marks: Marks) -> None:
        if not text:
            return
        words = _SPACES.sub(" ", text)
        if not self._runs and not words.strip():
            return
        self._kind = kind if not self._runs else self._kind
        self._runs.append(Run(words, marks))

    def walk(self, element: etree._Element, kind: str, marks: Marks) -> None:
        """Take in an element with everything inside it."""
        self._words(element.text, kind, marks)
        for child in element:
            self._child(child, kind, marks)
            self._words(child.tail, kind, marks)

    def _child(self, child: etree._Element, kind: str, marks: Marks) -> None:
        tag = str(child.tag)
        if tag == "br":
            self._runs.append(Run("\n", marks))
        elif tag == "img":
            self._picture(child)
        elif tag in _MARK_OF:
            self.walk(child, kind, marks | {_MARK_OF[tag]})
        elif tag == "tr" and (cells := _short_cells(child)):
            self._row(cells, kind, marks)
        else:
            self.close()
            self.walk(child, self._kind_inside(tag, kind, child), marks)
            self.close()

    def _row(self, cells: Sequence[etree._Element], kind: str, marks: Marks) -> None:
        """A row of a table as one line, so that what stands side by side stays together."""
        self.close()
        runs: list[Run] = []
        for cell in cells:
            inside = _Reader(self._known)
            inside.walk(cell, "p", marks)
            inside.close()
            words = [run for block in _tidy(inside.blocks) for run in block.runs]
            if runs and words:
                label = runs[-1].text.endswith(":")
                runs.append(Run(" " if label else " | "))
            runs += words
        if runs:
            self.blocks.append(Block(kind, tuple(runs)))

    @staticmethod
    def _kind_inside(tag: str, kind: str, child: etree._Element) -> str:
        if tag == "blockquote":
            return "quote"
        if tag == "li":
            parent = child.getparent()
            return "ol" if parent is not None and parent.tag == "ol" else "ul"
        if kind in {"quote", "ul", "ol"}:
            return kind
        return _KIND_OF.get(tag, kind)

    def _picture(self, child: etree._Element) -> None:
        found = _FILE_ADDRESS.match(str(child.get("src") or ""))
        if found is None or (self._known is not None and found[1] not in self._known):
            return
        self.close()
        self.blocks.append(Block("figure", file_id=found[1]))


def _short_cells(row: etree._Element) -> list[etree._Element]:
    """The cells of a row that reads as one line; none where a cell holds more than a few words."""
    cells = [
        cell
        for cell in row
        if cell.tag in _CELLS and any(str(each).strip() for each in cell.itertext())
    ]
    together = all(
        next(cell.iter(*_ALONE), None) is None and sum(1 for _ in cell.iter("p", "div")) <= 1
        for cell in cells
    )
    return cells if together and len(cells) > 1 else []


def _tidy(blocks: Iterable[Block]) -> list[Block]:
    """Equal neighbours joined, spaces at the edges and empty blocks taken away."""
    tidied = []
    for block in blocks:
        if block.kind == "figure":
            tidied.append(block)
            continue
        item = _as_item(Block(block.kind, _tidy_runs(block.runs)))
        if item.text:
            tidied.append(item)
    return tidied


def _as_item(block: Block) -> Block:
    """Word pastes bullets as signs in ordinary paragraphs."""
    bullet = _BULLET.match(block.text) if block.kind == "p" else None
    if bullet is None:
        return block
    return Block("ul", _tidy_runs(cut(block.runs, bullet.end(), len(block.text))))


def _tidy_runs(runs: Sequence[Run]) -> tuple[Run, ...]:
    joined = [
        Run("".join(run.text for run in group), marks)
        for marks, group in groupby((run for run in runs if run.text), key=lambda run: run.marks)
    ]
    text = "".join(run.text for run in joined)
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    kept = list(cut(joined, first, last))
    for place in range(1, len(kept)):
        if kept[place - 1].text.endswith((" ", "\n")):
            kept[place] = replace(kept[place], text=kept[place].text.lstrip(" "))
    return tuple(Run(_around_breaks(run.text), run.marks) for run in kept if run.text)


def _around_breaks(text: str) -> str:
    return re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text))


def cut(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    """The runs between two places of their text."""
    kept, place = [], 0
    for run in runs:
        text = run.text[max(start - place, 0) : max(end - place, 0)]
        if text:
            kept.append(Run(text, run.marks))
        place += len(run.text)
    return tuple(kept)


_PLAIN_FIGURE: Final = re.compile(r"^\[ảnh (\d+)\]$", re.IGNORECASE)
_PLAIN_KINDS: Final = (("## ", "h2"), ("### ", "h3"), ("> ", "quote"), ("- ", "ul"))
_PLAIN_NUMBER: Final = re.compile(r"^\d{1,3}[.)] ")


def read_plain(text: str, file_ids: Sequence[str] = ()) -> list[Block]:
    """The blocks of what was typed into a textarea: an empty line ends a paragraph.

    "## " begins a heading, "> " a quotation, "- " or "1. " an item, "[ảnh 1]" is the first picture.
    """
    return _tidy(
        block
        for part in re.split(r"\n[ \t]*\n", nfc(text).replace("\r\n", "\n").replace("\r", "\n"))
        for block in _plain_part(part.strip(), file_ids)
    )


def _plain_part(part: str, file_ids: Sequence[str]) -> Iterator[Block]:
    lines: list[str] = []
    for line in part.split("\n"):
        marked = _plain_line(line.strip(), file_ids)
        if marked is None:
            lines.append(line.strip())
            continue
        if lines:
            yield paragraph("\n".join(lines))
            lines = []
        yield marked
    if lines:
        yield paragraph("\n".join(lines))


def _plain_line(line: str, file_ids: Sequence[str]) -> Block | None:
    """A line that is a block of its own, or None."""
    figure = _PLAIN_FIGURE.match(line)
    if figure and 0 < int(figure[1]) <= len(file_ids):
        return Block("figure", file_id=file_ids[int(figure[1]) - 1])
    for sign, kind in _PLAIN_KINDS:
        if line.startswith(sign):
            return paragraph(line.removeprefix(sign), kind)
    number = _PLAIN_NUMBER.match(line)
    return paragraph(line[number.end() :], "ol") if number else None


# ── writing ────────────────────────────────────────────────────────────────────────────────


def _no_figure(file_id: str) -> str:
    return f'<figure><img src="file:{file_id}" alt=""></figure>'


def write_html(blocks: Sequence[Block], figure: FigureHtml = _no_figure) -> str:
    """The blocks as HTML.

    Args:
        blocks: what `read_html` gave.
        figure: writes a picture by its public id; what it gives is not escaped.
    """
    parts: list[str] = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind in {"ul", "ol"}:
            items = "".join(f"<li>{_inline(block)}</li>" for block in group)
            parts.append(f"<{kind}>{items}</{kind}>")
        elif kind == "quote":
            inside = "".join(f"<p>{_inline(block)}</p>" for block in group)
            parts.append(f"<blockquote>{inside}</blockquote>")
        elif kind == "figure":
            parts.extend(figure(block.file_id) for block in group)
        else:
            parts.extend(f"<{kind}>{_inline(block)}</{kind}>" for block in group)
    return "\n".join(parts)


def _inline(block: Block) -> str:
    parts = []
    for run in block.runs:
        text = str(escape(run.text)).replace("\n", "<br>")
        for mark in sorted(run.marks):
            text = f"<{mark}>{text}</{mark}>"
        parts.append(text)
    return "".join(parts)


def write_text(blocks: Iterable[Block]) -> str:
    """The words alone, a line for each block, without pictures: what is counted and compared."""
    return "\n".join(block.text for block in blocks if block.kind != "figure")


def write_plain(blocks: Iterable[Block], file_ids: Sequence[str] = ()) -> str:
    """The blocks as a person reads and types them in a textarea; marks of letters are lost."""
    signs = {kind: sign for sign, kind in _PLAIN_KINDS}
    lines: list[str] = []
    before, number = "", 0
    for block in blocks:
        number = number + 1 if block.kind == "ol" == before else 1
        if block.kind == "figure":
            place = file_ids.index(block.file_id) + 1 if block.file_id in file_ids else 0
            text = f"[ảnh {place}]" if place else ""
        elif block.kind == "ol":
            text = f"{number}. {block.text}"
        else:
            text = signs.get(block.kind, "") + block.text
        if text:
            lines.append(text)
        before = block.kind
    return "\n\n".join(lines)


def figure_ids(blocks: Iterable[Block]) -> list[str]:
    """Public ids of the pictures in a text, in order."""
    return [block.file_id for block in blocks if block.kind == "figure"]


def words_of(blocks: Iterable[Block]) -> int:
    """How many words (tiếng) a text has; captions and pictures do not count."""
    return count_words(write_text(blocks))
