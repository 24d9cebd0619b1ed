"""Pictures: known by their content, drawn anew without metadata."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from contest.core.i18n import lazy_gettext as _l
from contest.submissions.rules.refusals import BadFile

MOST_BYTES: Final = 15 * 1024 * 1024
MOST_PIXELS: Final = 60_000_000
LONGEST_SIDE: Final = 2_000
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_QUALITY: Final = 86
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


def read_picture(content: bytes) -> CleanPicture:
    """Read a PNG, JPEG or WebP picture and draw it anew, turned upright, at most 2,000 px long.

    Camera, place, names, colour profiles, thumbnails and whatever was hung behind the picture are
    gone with the file.

    Raises:
        BadFile: not such a picture, too large, or broken.
    """
    _refuse_others(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise BadFile("too_large", _l("This picture is too large. Make it smaller."))
                picture.load()
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
