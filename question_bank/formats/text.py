"""Text files: their letters, and the numbers and lines in them."""

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import NotUnicode, UnreadableFile
from contest.core.spreadsheets.containers import MAX_FILE_BYTES, too_large
from contest.core.spreadsheets.delimited import encoding_of
from question_bank.formats.base import no_question_file

_PEEK = 200_000
_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t"
MOST_OF_PLAIN_TEXT = 16 * 1024 * 1024
"""Bytes of a text that holds no files: more than fifty thousand questions."""
_MOST_LINE = 4 * 1024 * 1024


def refuse_long_line(data: bytes) -> None:
    """Refuse a line that is far too long for a question, by its number. Raises UnreadableFile."""
    start, line = 0, 1
    while len(data) - start > _MOST_LINE:
        end = data.find(b"\n", start)
        if end < 0 or end - start > _MOST_LINE:
            message = _l("Line %(line)s is longer than 4 MB: that is no question.", line=line)
            raise UnreadableFile("too_long", message)
        start, line = end + 1, line + 1


class TextNotUnicode(NotUnicode):
    """As NotUnicode, with what to do in a program for texts."""

    def __init__(self, fault: NotUnicode) -> None:
        super().__init__(offset=fault.offset, byte=fault.byte, line=fault.line)
        self.message = _l(
            "The text is not UTF-8: the first wrong byte is 0x%(byte)s at position %(offset)s "
            "(line %(line)s). In Notepad choose Save As, encoding UTF-8, and try again.",
            byte=f"{fault.byte:02X}",
            offset=fault.offset,
            line=fault.line,
        )


# PDF, RTF, pictures, archives of other kinds: whatever name they bear, nothing of ours.
_OTHERS = (
    *(b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
    *(b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"),
)


def is_foreign(data: bytes) -> bool:
    """Is a file empty, or of a kind that no reader is for?"""
    start = data[:200]
    return is_blank(data) or start.startswith(_OTHERS) or start.lstrip(_BLANK).startswith(_OTHERS)


def refuse_foreign(data: bytes) -> None:
    """Refuse such a file, in the words for it. Raises UnreadableFile."""
    if is_blank(data):
        raise UnreadableFile("empty", _l("This file is empty."))
    if is_foreign(data):
        raise no_question_file()


def is_blank(data: bytes) -> bool:
    """Is there nothing in a file but perhaps a mark of its encoding and white space?"""
    return not data[:1_000].strip(_BLANK) and not data.strip(_BLANK)


def encoding(data: bytes, most: int = MAX_FILE_BYTES) -> str:
    """Return the encoding of a text after checking its size and signs. Raises UnreadableFile."""
    if is_blank(data):
        raise UnreadableFile("empty", _l("This file is empty."))
    if len(data) > most:
        raise too_large()
    try:
        return encoding_of(data)
    except NotUnicode as fault:
        raise TextNotUnicode(fault) from fault


def decode(data: bytes, most: int = MAX_FILE_BYTES) -> str:
    """Return the text of a file, each line end as one sign. Raises UnreadableFile."""
    text = data.decode(encoding(data, most)).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_plain(data: bytes) -> str:
    """Return the text of a file that holds words alone. Raises UnreadableFile."""
    refuse_long_line(data)
    return decode(data, MOST_OF_PLAIN_TEXT)


def is_text(data: bytes) -> bool:
    """Is this neither a container nor XML nor a picture, but perhaps a text?"""
    return bool(peek(data)) and not peek(data).lstrip().startswith(("<", "PK", "%PDF", "{\\rtf"))


def peek(data: bytes) -> str:
    """Return the beginning of what may be a text, to see of which format it is; "" when not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[:_PEEK].decode("utf-16", "replace")
    if b"\x00" in data[:1_000]:
        return ""
    return data[:_PEEK].decode("utf-8", "replace").removeprefix("\ufeff")
