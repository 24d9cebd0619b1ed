"""The registry of file formats: a new format is one file here and one line below."""

from types import MappingProxyType

from contest.core.i18n import lazy_gettext as _l
from question_bank.formats import aiken, delimited, docx, gift, moodle_xml, own_json, xlsx
from question_bank.formats.base import (
    FileFormat,
    ImportReport,
    UnreadableFile,
    collect,
    no_question_file,
)
from question_bank.formats.text import is_blank

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
# PDF, RTF, pictures, archives of other kinds: whatever name they bear, nothing of ours.
_OTHERS = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)


def find_format(data: bytes, code: str = AUTO) -> FileFormat:
    """Return the format of a content; `code` names one that is expected, or "auto".

    Raises UnreadableFile when the content is not what was named, KeyError for an unknown code.
    """
    if is_blank(data):
        raise UnreadableFile("empty", _l("This file is empty."))
    if data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_OTHERS):
        raise no_question_file()
    if code == AUTO:
        return next(found for found in FORMATS.values() if found.recognises(data))
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
