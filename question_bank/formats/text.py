"""Text files: their letters, and the numbers and lines in them."""

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import UnreadableFile
from contest.core.spreadsheets.containers import MAX_FILE_BYTES, too_large
from contest.core.spreadsheets.delimited import encoding_of

_PEEK = 200_000


def decode(data: bytes) -> str:
    """Return the text of a file, each line end as one sign. Raises UnreadableFile."""
    if not data.strip(b"\x00 \r\n\t"):
        raise UnreadableFile("empty", _l("This file is empty."))
    if len(data) > MAX_FILE_BYTES:
        raise too_large()
    text = data.decode(encoding_of(data)).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
