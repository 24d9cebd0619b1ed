"""Rows written in a legacy font: held back as a whole, converted cell by cell when agreed to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TypeVar

from contest.core.spreadsheets.cells import Cell
from contest.core.vietnamese import (
    LegacyEncoding,
    are_plain_vietnamese,
    could_be_legacy,
    from_legacy,
    is_garbled,
    is_plain_vietnamese,
    legacy_votes,
)

Where = TypeVar("Where")


class Verdict(Enum):
    """What the cells of a row are written in, taken together."""

    UNICODE = "unicode"
    LEGACY = "legacy"
    UNCLEAR = "unclear"
    GARBLED = "garbled"


def _is_surely_unicode(text: str, encoding: LegacyEncoding) -> bool:
    return not text.isascii() and not could_be_legacy(text, encoding)


def _row_encoding(cells: Iterable[Cell]) -> LegacyEncoding | None:
    """Return the encoding that the legacy cells of a row share; None when they leave it open.

    A font's name counts before the words; "Hoa Lö" alone could be either encoding.
    """
    votes: Counter[LegacyEncoding] = Counter()
    fonts: set[LegacyEncoding] = set()
    for cell in cells:
        found = legacy_votes(cell.text)
        votes.update(found)
        if cell.font in found:
            fonts.add(cell.font)
    if len(fonts) == 1:
        return fonts.pop()
    (best, most), *others = votes.most_common()
    return None if others and others[0][1] == most else best


def _own_encoding(cell: Cell, row: LegacyEncoding | None) -> LegacyEncoding | None:
    """Return the encoding of one legacy cell, by its font, its row, or its words."""
    found = legacy_votes(cell.text)
    for likely in (cell.font, row):
        if likely in found:
            return likely
    return next(iter(found)) if len(found) == 1 else None


def verdict(cells: Iterable[Cell]) -> Verdict:
    """Say what a row is written in.

    One cell in an old encoding makes the row a legacy one. A cell in a legacy font that reads both
    ways is taken as Unicode beside another in the same font that surely is; alone it is unclear.
    """
    cells = list(cells)
    texts = [cell.text for cell in cells if not cell.text.isascii()]
    # Most rows are Vietnamese in every cell, which one look tells.
    if are_plain_vietnamese(texts) and not any(cell.font for cell in cells):
        return Verdict.UNICODE
    cells = [
        cell
        for cell in cells
        if not cell.text.isascii() and (cell.font is not None or not is_plain_vietnamese(cell.text))
    ]
    if not cells:
        return Verdict.UNICODE
    if any(is_garbled(cell.text) for cell in cells):
        return Verdict.GARBLED
    legacy = [cell for cell in cells if legacy_votes(cell.text)]
    if legacy:
        row = _row_encoding(legacy)
        settled = all(_own_encoding(cell, row) is not None for cell in legacy)
        return Verdict.LEGACY if settled else Verdict.UNCLEAR
    fonts = [(cell.text, cell.font) for cell in cells if cell.font is not None]
    unclear = any(could_be_legacy(text, font) for text, font in fonts)
    settled = any(_is_surely_unicode(text, font) for text, font in fonts)
    return Verdict.UNCLEAR if unclear and not settled else Verdict.UNICODE


def converted_cells(cells: Mapping[Where, Cell]) -> dict[Where, Cell]:
    """Return a legacy row as it was meant. Cells that are Unicode already stay as they are.

    A cell that reads both ways follows the row when nothing else in it is surely Unicode.
    """
    legacy = [cell for cell in cells.values() if legacy_votes(cell.text)]
    row = _row_encoding(legacy) if legacy else None
    mixed = row is not None and any(
        cell not in legacy and _is_surely_unicode(cell.text, row) for cell in cells.values()
    )
    return {where: _converted(cell, row, mixed=mixed) for where, cell in cells.items()}


def _converted(cell: Cell, row: LegacyEncoding | None, *, mixed: bool) -> Cell:
    encoding = _own_encoding(cell, row)
    likely = cell.font or (None if mixed else row)
    if encoding is None and likely is not None and could_be_legacy(cell.text, likely):
        encoding = likely
    if encoding is None:
        return cell
    text = from_legacy(cell.text, encoding, capitals=cell.capitals)
    return cell._replace(text=text, font=None, capitals=False)
