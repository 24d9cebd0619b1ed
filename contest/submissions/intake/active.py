"""What a PDF could do by itself, looked for twice: damage must not hide it.

First the bytes are looked at, because a reader that stumbles over a broken table never comes to the
script behind it; then every object that a reader finds.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from contest.core.errors import BadFile, Words
from contest.core.i18n import lazy_gettext as _l

MOST_OBJECTS: Final = 20_000
MOST_UNPACKED: Final = 20 * 1024 * 1024

SCRIPT: Final = "script"
STARTS: Final = "starts"
ATTACHED: Final = "attached"
FORM: Final = "form"

_WORDS: Final[dict[str, Words]] = {
    SCRIPT: _l(
        "This PDF carries a script (JavaScript) and was not taken. Print it to a new PDF and send "
        "that, or send a .docx."
    ),
    STARTS: _l(
        "This PDF would start something by itself: a program, a film, or a page on the internet. "
        "Print it to a new PDF and send that, or send a .docx."
    ),
    ATTACHED: _l(
        "Other files are attached inside this PDF. Print it to a new PDF and send that, or send a "
        ".docx."
    ),
    FORM: _l(
        "This PDF is a form that is filled in or sent. Print it to a new PDF and send that, or "
        "send a .docx."
    ),
}
"""In the order of weight: of several things the first is told."""

_BY_KEY: Final = {
    **dict.fromkeys(("/JavaScript", "/JS"), SCRIPT),
    **dict.fromkeys(("/Launch", "/RichMedia", "/Movie", "/AA"), STARTS),
    **dict.fromkeys(("/EmbeddedFiles", "/EmbeddedFile", "/EF"), ATTACHED),
    **dict.fromkeys(("/XFA", "/SubmitForm", "/ImportData"), FORM),
}
_BY_ACTION: Final = {
    "/JavaScript": SCRIPT,
    **dict.fromkeys(("/Launch", "/GoToR", "/GoToE", "/Movie", "/Sound", "/Rendition"), STARTS),
    **dict.fromkeys(("/SubmitForm", "/ImportData"), FORM),
}
_BY_NOTE: Final = {
    **dict.fromkeys(("/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"), STARTS),
    "/FileAttachment": ATTACHED,
}

_GAP: Final = r"(?:[\s\0]|%[^\r\n]{0,30}+[\r\n]){0,8}+"
_HAS_VALUE: Final = f"(?={_GAP}(?:<<|[0-9]{{1,10}}{_GAP}[0-9]{{1,5}}{_GAP}R))"


def _name(name: str) -> str:
    """A pattern for a name, whose letters may be disguised: /J#61vaScript is /JavaScript."""
    letters = (f"(?:{sign}|#{ord(sign):02x}|#{ord(sign):02X})" for sign in name)
    return "/" + "".join(letters)


def _action(*names: str) -> str:
    return f"/S{_GAP}(?:{'|'.join(map(_name, names))})\\b"


def _pattern(*parts: str) -> re.Pattern[bytes]:
    return re.compile("|".join(parts).encode("ascii"))


_IN_BYTES: Final = {
    SCRIPT: _pattern(_action("JavaScript"), _name("JavaScript") + _HAS_VALUE),
    STARTS: _pattern(_action("Launch", "GoToE", "GoToR")),
    ATTACHED: _pattern(_name("EmbeddedFiles") + _HAS_VALUE, _name("EF") + _HAS_VALUE),
    FORM: _pattern(_action("SubmitForm", "ImportData")),
}
"""A name alone may stand in a text; only as it stands in an object does it mean something."""
_BOX: Final = b"/ObjStm"
_BOX_HEAD: Final = 400
_BOX_START: Final = re.compile(rb"stream\r?\n")
_BOX_END: Final = b"endstream"


def refuse_by_bytes(content: bytes) -> None:
    """Look at the file as it lies there, streams of objects unpacked.

    Raises:
        BadFile: it carries something, which the sentence names.
    """
    found = {
        code
        for part in (content, *_unpacked(content))
        for code, pattern in _IN_BYTES.items()
        if pattern.search(part)
    }
    _refuse(found)


def refuse_by_objects(reader: PdfReader) -> None:
    """Look through every object that is reached from the beginning of the file.

    Raises:
        BadFile: it carries something, which the sentence names, or has too many objects.
    """
    found: set[str] = set()
    try:
        found.update(_walk(reader))
    finally:
        # A file that breaks off on the way is told by what was found up to there.
        _refuse(found)


def _refuse(found: set[str]) -> None:
    for code, words in _WORDS.items():
        if code in found:
            raise BadFile(code, words)


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The streams that hold objects, as far as they can be unpacked, within a limit over all."""
    left, at = MOST_UNPACKED, 0
    while left > 0 and (at := content.find(_BOX, at)) >= 0:
        at += len(_BOX)
        start = _BOX_START.search(content, at, at + _BOX_HEAD)
        if start is None:
            continue
        end = content.find(_BOX_END, start.end())
        packed = content[start.end() : end if end >= 0 else len(content)]
        at = start.end() + len(packed)
        try:
            part = zlib.decompressobj().decompress(packed, left)
        except zlib.error:
            continue
        left -= len(part)
        yield part


def _walk(reader: PdfReader) -> Iterator[str]:
    todo: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    count = 0
    while todo:
        item = todo.pop()
        count += 1
        if count > MOST_OBJECTS * 20:
            raise _too_long()
        if isinstance(item, IndirectObject):
            place = (item.idnum, item.generation)
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > MOST_OBJECTS:
                raise _too_long()
            todo.append(item.get_object())
        elif isinstance(item, DictionaryObject):
            yield from _carried(item)
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


def _carried(item: DictionaryObject) -> Iterator[str]:
    """What one dictionary says that it carries or starts."""
    yield from (_BY_KEY[key] for key in item if key in _BY_KEY)
    for key, known in (("/S", _BY_ACTION), ("/Subtype", _BY_NOTE)):
        name = _resolved(item.get(key))
        if isinstance(name, str) and name in known:
            yield known[name]
    # A place to begin at is no harm; everything else that happens on opening is.
    opened = _resolved(item.get("/OpenAction"))
    if isinstance(opened, DictionaryObject) and _resolved(opened.get("/S")) != "/GoTo":
        yield STARTS


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _too_long() -> BadFile:
    return BadFile("too_long", _l("This PDF has too many pages for an essay."))
