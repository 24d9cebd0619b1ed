"""Documents of either format, read into title, body and clean pictures."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from contest.core.errors import BadFile
from contest.core.i18n import lazy_gettext as _l
from contest.core.later import later
from contest.core.pictures import CleanPicture, read_picture
from contest.submissions.intake.word import MOST_BYTES, read_word, too_large
from contest.submissions.rules.structure import Document, take_apart

if TYPE_CHECKING:
    from contest.submissions.intake import portable
else:
    portable = later("contest.submissions.intake.portable")

WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE: Final = "application/pdf"
MOST_PICTURES: Final = 200
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_PICTURE_STARTS: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
_ZIP: Final = b"PK\x03\x04"
_PDF: Final = b"%PDF-"


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture of a document, clean, with its caption; `name` is what figures call it."""

    name: str
    picture: CleanPicture
    caption: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as an essay: what was found in it, and which pictures did not come along.

    Attributes:
        media_type: of the document.
        document: title, body, captions, what was left out.
        pictures: drawn anew, in order.
        lost_pictures: how many could not be drawn.
        further_pictures: how many there are beyond the limit; they were not looked at.
    """

    media_type: str
    document: Document
    pictures: list[ReadPicture]
    lost_pictures: int
    further_pictures: int = 0


def read_document(content: bytes, name: str, *, most_pictures: int = MOST_PICTURES) -> ReadDocument:
    """Read a .docx or .pdf by its content.

    Args:
        content: the whole file.
        name: as the person called it; only its end is looked at.
        most_pictures: so many are drawn, the others left where they are.

    Raises:
        BadFile: one clear sentence each.
    """
    media_type = _kind(content, name)
    read = read_word(content) if media_type == WORD_TYPE else portable.read_pdf(content)
    document = take_apart(read.blocks, read.hints)
    pictures: list[ReadPicture] = []
    lost: set[str] = set()
    further: set[str] = set()
    for picture_name, data in read.pictures.items():
        if len(pictures) >= most_pictures:
            further.add(picture_name)
            continue
        try:
            clean = read_picture(data)
        except BadFile:
            lost.add(picture_name)
            continue
        caption = document.captions.get(picture_name, "")
        pictures.append(ReadPicture(picture_name, clean, caption))
    kept = [block for block in document.body if block.file_id not in lost | further]
    whole = replace(document, body=kept)
    return ReadDocument(media_type, whole, pictures, len(lost), len(further))


def _kind(content: bytes, name: str) -> str:
    """Known by the content; a name that says something else is refused."""
    suffix = name.lower().rpartition(".")[2]
    if not content.strip(b"\x00 \r\n\t"):
        raise BadFile("empty", _l("This file is empty."))
    if len(content) > MOST_BYTES:
        raise too_large()
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise BadFile(
                "password", _l("This document is protected by a password. Remove it and try again.")
            )
        raise BadFile(
            "old_word", _l("This is a Word file of the old kind (.doc). Save it as .docx.")
        )
    if content.startswith(_PICTURE_STARTS):
        raise BadFile(
            "picture",
            _l(
                "This is a picture. Only a .docx or .pdf goes here; a picture goes into a field "
                "for pictures."
            ),
        )
    if content.startswith(_ZIP) and suffix != "pdf":
        if suffix == "docm":
            raise BadFile(
                "macros",
                _l("This document holds macros. Save it as .docx, without macros, and try again."),
            )
        return WORD_TYPE
    if content.startswith(_PDF) and suffix != "docx":
        return PDF_TYPE
    if content.startswith((_ZIP, _PDF)):
        raise BadFile(
            "renamed",
            _l("The name of this file does not fit its content. Send it under its right name."),
        )
    raise BadFile("unknown", _l("This is no document that can be read. Send a .docx or a .pdf."))
