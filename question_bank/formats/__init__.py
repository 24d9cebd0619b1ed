"""The registry of file formats: a new format is one file here and one line below."""

from types import MappingProxyType

from contest.core.i18n import lazy_gettext as _l
from question_bank.formats import aiken, delimited, docx, gift, moodle_xml, own_json, xlsx
from question_bank.formats.base import (
    FileFormat,
    ImportReport,
    UnreadableFile,
    collect,
)
from question_bank.formats.text import is_foreign, refuse_foreign

__all__ = [
    "AUTO",
    "FORMATS",
    "FileFormat",
    "ImportReport",
    "UnreadableFile",
    "collect",
    "find_format",
    "read_questions",
]

# In the order in which they are asked whether a content is theirs; plain text comes last.
FORMATS: MappingProxyType[str, FileFormat] = MappingProxyType(
    {
        found.code: found
        for found in (
            docx.FORMAT,
            xlsx.FORMAT,
            own_json.FORMAT,
            moodle_xml.FORMAT,
            aiken.FORMAT,
            gift.FORMAT,
            delimited.FORMAT,
        )
    }
)
AUTO = "auto"


def find_format(data: bytes, code: str = AUTO) -> FileFormat:
    """Return the format of a content; `code` names one that is expected, or "auto".

    Raises UnreadableFile when the content is not what was named, KeyError for an unknown code.
    """
    if code == AUTO:
        # What is nobody's is refused where it is read: the file is kept for the report then.
        if is_foreign(data):
            return delimited.FORMAT
        return next(found for found in FORMATS.values() if found.recognises(data))
    refuse_foreign(data)
    wanted = FORMATS[code]
    if not wanted.accepts(data):
        raise UnreadableFile(
            "other_format",
            _l("The content of this file is not in the format that was chosen."),
        )
    return wanted


def read_questions(data: bytes, code: str = AUTO, *, convert_legacy: bool = False) -> ImportReport:
    """Read a whole file into a report. Raises UnreadableFile."""
    found = find_format(data, code)
    return collect(found.code, found.read(data, convert_legacy=convert_legacy))
