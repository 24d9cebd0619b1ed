"""Questions in an Excel workbook (.xlsx)."""

from collections.abc import Iterator

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import read_workbook
from question_bank.formats.base import FileFormat, Item, UnreadableFile, no_question_file
from question_bank.formats.questions_table import read_table


def _recognises(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def _read(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
    try:
        book = read_workbook(data)
    except UnreadableFile as refusal:
        raise no_question_file() if refusal.code == "not_a_spreadsheet" else refusal from refusal
    return read_table(book, convert_legacy=convert_legacy)


FORMAT = FileFormat("xlsx", _l("Excel workbook (.xlsx)"), _recognises, _read)
