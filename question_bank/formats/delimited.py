"""Questions in delimited text: CSV from Excel or elsewhere, and Excel's "Unicode Text"."""

from collections.abc import Iterator

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import read_workbook
from question_bank.formats import xlsx
from question_bank.formats.base import FileFormat, Item
from question_bank.formats.questions_table import read_table
from question_bank.formats.text import refuse_foreign, refuse_long_line


def _recognises(data: bytes) -> bool:
    return not xlsx.FORMAT.recognises(data)


def _read(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
    refuse_foreign(data)
    refuse_long_line(data)
    return read_table(read_workbook(data), convert_legacy=convert_legacy)


FORMAT = FileFormat("csv", _l("CSV text (.csv)"), _recognises, _read)
