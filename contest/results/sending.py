"""Sending tables as files within a request."""

import tempfile
from typing import Any

from flask import Response, send_file

from contest.results.sheets import CSV_TYPE, XLSX_TYPE, Sheet, csv_lines, write_xlsx


def send_sheets(sheets: list[Sheet], kind: str, name: str) -> Response:
    """Tables as a file to keep: all of them in Excel, the first in CSV."""
    target: Any = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115  (closed when sent)
    if kind == "csv":
        for part in csv_lines(sheets[0]):
            target.write(part.encode())
    else:
        write_xlsx(target, sheets)
    target.seek(0)
    return send_file(
        target,
        mimetype=CSV_TYPE if kind == "csv" else XLSX_TYPE,
        as_attachment=True,
        download_name=f"{name}.{kind}",
        max_age=0,
        etag=False,  # made anew each time
    )
