"""Tables as files for spreadsheets."""

import csv
import io
from typing import Final

from flask import Response

from contest.core.files import download
from contest.core.later import later

xlsxwriter = later("xlsxwriter")

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(table: list[list[str]], *, name: str, kind: str, sheet: str) -> Response:
    """A table as Excel or CSV. Cells are text: nothing in them is ever run as a formula."""
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([_plain(cell) for cell in line] for line in table)
        return download(("\ufeff" + text.getvalue()).encode(), name=name, media_type="text/csv")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for place, line in enumerate(table):
            for column, cell in enumerate(line):
                page.write_string(place, column, cell, bold if place == 0 else wrap)
        for column in range(len(table[0])):
            longest = max(len(line[column]) for line in table)
            page.set_column(column, column, min(max(10, longest + 2), 60))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(1, len(table) - 1), len(table[0]) - 1)
    return download(buffer.getvalue(), name=name, media_type=XLSX)


def _plain(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
