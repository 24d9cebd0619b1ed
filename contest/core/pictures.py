"""Pictures: known by their content, drawn anew without metadata."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from contest.core.errors import BadFile
from contest.core.i18n import lazy_gettext as _l

MOST_BYTES: Final = 15 * 1024 * 1024
MOST_PIXELS: Final = 60_000_000
LONGEST_SIDE: Final = 2_000
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_QUALITY: Final = 86
_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg"}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS: Final = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
_JPEG_PLAIN: Final = frozenset((0xC0, 0xC2, 0xC4, 0xDB, 0xDD))
_JPEG_HEAD: Final = b"JFIF\0"
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture drawn anew: nothing of the file that was sent but its colours."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """End of a file name for it."""
        return "png" if self.media_type == "image/png" else "jpg"


def read_picture(
    content: bytes, *, most_pixels: int = MOST_PIXELS, keep_bare: bool = False
) -> CleanPicture:
    """Read a PNG, JPEG or WebP picture and draw it anew, turned upright, at most 2,000 px long.

    Camera, place, names, colour profiles, thumbnails and whatever was hung behind the picture are
    gone with the file.

    Args:
        content: the whole file.
        most_pixels: width × height that is opened at most.
        keep_bare: leave a file as it is that holds nothing but its picture (`is_bare`), so that
            what was drawn anew once stays the same, byte for byte, however often it travels.

    Raises:
        BadFile: not such a picture, too large, or broken.
    """
    _refuse_others(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if picture.width * picture.height > most_pixels:
                    raise BadFile("too_large", _l("This picture is too large. Make it smaller."))
                picture.load()
                if keep_bare and max(picture.size) <= LONGEST_SIDE and is_bare(content):
                    return CleanPicture(content, _TYPES[picture.format or ""], *picture.size)
                return _draw_anew(ImageOps.exif_transpose(picture))
    except UnidentifiedImageError as reason:
        raise BadFile(
            "not_a_picture", _l("This is not a picture. Send a JPEG, PNG or WebP file.")
        ) from reason
    except _BROKEN as reason:
        raise BadFile(
            "damaged", _l("This picture is damaged or was cut off on the way. Send it again.")
        ) from reason


def _refuse_others(content: bytes) -> None:
    if not content:
        raise BadFile("empty", _l("This file is empty."))
    if len(content) > MOST_BYTES:
        raise BadFile("too_large", _l("This picture is too large. Make it smaller."))
    start = content[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype")) or b"<svg" in start:
        raise BadFile(
            "svg", _l("SVG drawings are not taken. Save it as a PNG or JPEG and send that.")
        )


def _draw_anew(picture: Image.Image) -> CleanPicture:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    drawn = picture.convert("RGBA" if has_alpha else "RGB")
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    file = io.BytesIO()
    if has_alpha:
        bare.save(file, "PNG", optimize=True)
    else:
        bare.save(file, "JPEG", quality=_QUALITY, optimize=True)
    media_type = "image/png" if has_alpha else "image/jpeg"
    return CleanPicture(file.getvalue(), media_type, bare.width, bare.height)


def is_bare(content: bytes) -> bool:
    """Does a PNG or JPEG hold its picture and nothing beside it: no data of a camera, no tail?"""
    if content.startswith(_PNG):
        return _bare_png(content)
    return content.startswith(b"\xff\xd8") and _bare_jpeg(content)


def _bare_png(content: bytes) -> bool:
    at, name = len(_PNG), b""
    while at + 12 <= len(content) and name != b"IEND":
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if name not in _PNG_PARTS:
            return False
        at += 12 + size
    return name == b"IEND" and at == len(content)


def _bare_jpeg(content: bytes) -> bool:
    """Walk the segments: tables, frame, one short head of JFIF, then scans up to the very end."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004  (how each begins)
        mark, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if mark == 0xDA:  # noqa: PLR2004  (a scan: signs of the picture up to the next segment)
            at = _end_of_scan(content, at + 2 + size)
            if content[at : at + 2] == b"\xff\xd9":
                return at + 2 == len(content)
            continue
        head = mark == 0xE0 and size == 16 and content[at + 4 : at + 9] == _JPEG_HEAD  # noqa: PLR2004
        if not head and mark not in _JPEG_PLAIN:
            return False
        at += 2 + size
    return False


def _end_of_scan(content: bytes, at: int) -> int:
    while 0 <= (at := content.find(b"\xff", at)) < len(content) - 1:
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:  # noqa: PLR2004  (data)
            at += 2
        else:
            return at
    return len(content)
