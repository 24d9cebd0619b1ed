"""Styles of a workbook: number formats, and fonts that stand for an old encoding."""

import zipfile
from typing import NamedTuple

from contest.core.spreadsheets.number_formats import BUILT_IN, NumberFormat, read_format
from contest.core.spreadsheets.xml import children, parse_part
from contest.core.vietnamese import LegacyEncoding, legacy_font


class Style(NamedTuple):
    """What a cell's style says: its number format, and its font when that is a legacy one."""

    format: NumberFormat = NumberFormat()
    font: LegacyEncoding | None = None
    capitals: bool = False


def read_font(name: str) -> tuple[LegacyEncoding | None, bool]:
    """Return the encoding that a font's name stands for, and whether it has capitals only."""
    encoding = legacy_font(name)
    return encoding, encoding is LegacyEncoding.TCVN3 and name.strip().upper().endswith("H")


def read_styles(archive: zipfile.ZipFile, name: str) -> list[Style]:
    """Return the cell styles of a workbook, by their number."""
    root = parse_part(archive, name)
    codes = {
        int(fmt.get("numFmtId", "-1")): fmt.get("formatCode", "")
        for fmt in children(root, "numFmts", "numFmt")
    }
    fonts = [
        next((read_font(part.get("val", "")) for part in children(font, "name")), (None, False))
        for font in children(root, "fonts", "font")
    ]
    formats: dict[int, NumberFormat] = {}
    styles = []
    for xf in children(root, "cellXfs", "xf"):
        number = int(xf.get("numFmtId", "0"))
        if number not in formats:
            formats[number] = read_format(codes.get(number, BUILT_IN.get(number, "")))
        place = int(xf.get("fontId", "0"))
        font, capitals = fonts[place] if 0 <= place < len(fonts) else (None, False)
        styles.append(Style(formats[number], font, capitals))
    return styles
