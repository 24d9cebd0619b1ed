"""Opening what was sent as a spreadsheet: by its content, within limits, one clear refusal each."""

import io
import struct
import zipfile
import zlib
from typing import Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.cells import UnreadableFile

MAX_FILE_BYTES: Final = 50 * 1024 * 1024
MAX_ENTRIES: Final = 2_000
MAX_ROWS: Final = 200_000
MAX_UNPACKED_BYTES: Final = 500 * 1024 * 1024
MAX_RATIO: Final = 150
_RATIO_COUNTS_FROM: Final = 10 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,  # a directory that points before the file
)


def too_large() -> UnreadableFile:
    """The refusal of a file that would fill memory or disk."""
    return UnreadableFile(
        "too_large",
        _l("This file is too large to be read. Split it into smaller files and try again."),
    )


def damaged() -> UnreadableFile:
    """The refusal of a file that breaks off or contradicts itself."""
    return UnreadableFile(
        "damaged",
        _l("This file is damaged or incomplete. Open it in Excel, save it again and retry."),
    )


def _password() -> UnreadableFile:
    return UnreadableFile(
        "password",
        _l("This file is protected by a password. Remove the password and try again."),
    )


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _password()
        if _OLD_WORD in data:
            raise UnreadableFile(
                "old_word",
                _l("This is a Word file of the old kind (.doc). Save it as .docx and try again."),
            )
        raise UnreadableFile(
            "old_excel",
            _l("This is an Excel file of the old kind (.xls). Save it as .xlsx and try again."),
        )
    start = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z")):
        raise _not_a_spreadsheet()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise UnreadableFile(
            "web_page",
            _l("This is a web page or XML, not a spreadsheet. Open it in Excel and save as .xlsx."),
        )


def _not_a_spreadsheet() -> UnreadableFile:
    return UnreadableFile(
        "not_a_spreadsheet",
        _l("This is not a spreadsheet. Send an Excel file (.xlsx) or a CSV file."),
    )


def is_zip(data: bytes) -> bool:
    """Check size and kind; say whether the content is a zip container (else it may be text).

    Raises UnreadableFile for what is certainly no spreadsheet that we read.
    """
    if not data.strip(b"\x00 \r\n\t"):
        raise UnreadableFile("empty", _l("This file is empty."))
    if len(data) > MAX_FILE_BYTES:
        raise too_large()
    if data.startswith(_ZIP):
        return True
    _refuse_other_kinds(data)
    return False


def _check_limits(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise too_large()
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise too_large()
    for entry in entries:
        heavy = entry.file_size > _RATIO_COUNTS_FROM
        if heavy and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise too_large()


def _check_is_workbook(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _not_a_spreadsheet()
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        raise UnreadableFile(
            "macros",
            _l("This file holds macros (.xlsm). Save it as .xlsx, without macros, and try again."),
        )
    if "xl/workbook.bin" in names:
        raise UnreadableFile(
            "binary_workbook",
            _l("This is a binary Excel file (.xlsb). Save it as .xlsx and try again."),
        )


def open_container(data: bytes) -> zipfile.ZipFile:
    """Open an .xlsx after checking its limits. Raises UnreadableFile."""
    archive = open_archive(data)
    try:
        _check_is_workbook(archive)
    except _DAMAGED as reason:
        raise damaged() from reason
    return archive


def open_archive(data: bytes) -> zipfile.ZipFile:
    """Open any zip container after checking its limits. Raises UnreadableFile.

    It must hold no more than we unpack, and no part behind a password.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_limits(archive)
    except _DAMAGED as reason:
        raise damaged() from reason
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise _password()
    return archive


def read_part(archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes:
    """Return one small part of the container. Raises UnreadableFile, or KeyError."""
    if archive.getinfo(name).file_size > most_bytes:
        raise too_large()
    try:
        return archive.read(name)
    except _DAMAGED as reason:
        raise damaged() from reason


def open_part(archive: zipfile.ZipFile, name: str) -> zipfile.ZipExtFile:
    """Open one part of the container for streaming. Raises UnreadableFile."""
    try:
        return archive.open(name)  # type: ignore[return-value]
    except (*_DAMAGED, KeyError) as reason:
        raise damaged() from reason


def read_chunk(stream: zipfile.ZipExtFile, size: int) -> bytes:
    """Return the next bytes of a part; empty at its end. Raises UnreadableFile."""
    try:
        return stream.read(size)
    except _DAMAGED as reason:
        raise damaged() from reason
