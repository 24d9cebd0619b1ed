"""Word documents (.docx): opened within limits, read into blocks and pictures."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, Final
from xml.sax import SAXException

from lxml import etree

from contest.core.errors import BadFile
from contest.core.i18n import lazy_gettext as _l
from contest.core.later import later
from contest.core.vietnamese import nfc, one_line
from contest.submissions.rules.texts import Block, read_html

mammoth = later("mammoth")

MOST_BYTES: Final = 15 * 1024 * 1024
MOST_ENTRIES: Final = 1_000
MOST_UNPACKED: Final = 120 * 1024 * 1024
MOST_TEXT: Final = 20 * 1024 * 1024
MOST_RATIO: Final = 150
_RATIO_FROM: Final = 2 * 1024 * 1024
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_DECLARES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PICTURE: Final = "picture-{:04d}"
_PARTS_WITH_NAMES: Final = ("docProps/core.xml", "docProps/app.xml")
_NAME_TAGS: Final = {"creator", "lastModifiedBy", "Company", "Manager"}


@dataclass(frozen=True, slots=True)
class WordContent:
    """What a document says: blocks, with figures named by place, and the pictures themselves."""

    blocks: list[Block]
    pictures: dict[str, bytes]
    hints: list[str]


def damaged() -> BadFile:
    """The refusal of a document that breaks off or contradicts itself."""
    return BadFile(
        "damaged",
        _l("This document is damaged or was cut off on the way. Open it, save it, send it again."),
    )


def too_large() -> BadFile:
    """The refusal of a document that would fill memory."""
    return BadFile("too_large", _l("This document is too large. Make its pictures smaller."))


def read_word(content: bytes) -> WordContent:
    """Read a .docx.

    Headers, footers, comments and hidden properties are left out; names in the properties come
    back as hints, to be masked in the text.

    Raises:
        BadFile: with a macro, broken, too large, or not such a document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive)
            hints = _names(archive)
        return _convert(content, hints)
    except (*_DAMAGED, KeyError, ValueError, SAXException, etree.XMLSyntaxError) as reason:
        raise damaged() from reason


def _check(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFile(
            "password", _l("This document is protected by a password. Remove it and try again.")
        )
    heavy = any(
        entry.file_size > _RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or size > MOST_UNPACKED or heavy:
        raise too_large()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macros()
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise BadFile(
            "not_a_document",
            _l("This file is named .docx but is no Word document. Save it from Word as .docx."),
        )
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            _check_part(archive, entry)


def _macros() -> BadFile:
    return BadFile(
        "macros", _l("This document holds macros. Save it as .docx, without macros, and try again.")
    )


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No office program declares entities; both bombs and foreign files need them."""
    if entry.file_size > MOST_TEXT:
        raise too_large()
    part = archive.read(entry)
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or _DECLARES.search(part):
        raise damaged()
    if entry.filename == "[Content_Types].xml" and b"macroEnabled" in part:
        raise _macros()


def _names(archive: zipfile.ZipFile) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    found: list[str] = []
    for part in _PARTS_WITH_NAMES:
        if part not in archive.namelist():
            continue
        root = etree.fromstring(archive.read(part), parser)
        found += [
            one_line(nfc(element.text))
            for element in root.iter(etree.Element)
            if etree.QName(element).localname in _NAME_TAGS and element.text
        ]
    return found


def _convert(content: bytes, hints: list[str]) -> WordContent:
    pictures: dict[str, bytes] = {}

    def keep(image: Any) -> dict[str, str]:
        name = _PICTURE.format(len(pictures) + 1)
        with image.open() as file:
            pictures[name] = file.read()
        return {"src": f"file:{name}"}

    converted = mammoth.convert_to_html(
        io.BytesIO(content),
        convert_image=mammoth.images.img_element(keep),
        style_map="u => u\np[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh",
        external_file_access=False,
    )
    return WordContent(read_html(converted.value), pictures, hints)
