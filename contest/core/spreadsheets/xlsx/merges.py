"""Merged ranges of a sheet."""

import re
import zipfile
from typing import Final

from contest.core.spreadsheets.cells import Merge, column_number
from contest.core.spreadsheets.containers import open_part, read_chunk, too_large

_MAX_MERGES: Final = 100_000
_MERGE: Final = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?"'
)
_LONGEST_MERGE: Final = 200
_CHUNK: Final = 1024 * 1024


def read_merges(archive: zipfile.ZipFile, part: str) -> tuple[Merge, ...]:
    """Find the merged ranges, which stand behind all rows, without parsing the rows."""
    merges: list[Merge] = []
    tail = b""
    with open_part(archive, part) as stream:
        while chunk := read_chunk(stream, _CHUNK):
            window = tail + chunk
            cut = len(window) - _LONGEST_MERGE if len(chunk) == _CHUNK else len(window)
            taken = 0
            for found in _MERGE.finditer(window):
                if found.end() <= cut or len(chunk) < _CHUNK:
                    merges.append(_merge(found))
                    taken = found.end()
            tail = window[max(taken, cut) :]
            if len(merges) > _MAX_MERGES:
                raise too_large()
    return tuple(merges)


def _merge(found: re.Match[bytes]) -> Merge:
    first_column = column_number(found[1].decode())
    last_column = column_number((found[3] or found[1]).decode())
    first_row = int(found[2])
    return Merge(first_row, int(found[4] or first_row), first_column, last_column)
