"""Pictures and sounds as people bring them, scrubbed of everything beside them."""

from typing import Final

from contest.core.errors import BadFile
from contest.core.pictures import read_picture
from contest.core.vietnamese import nfc, one_line
from question_bank.media.sounds import is_sound, read_sound
from question_bank.media.tokens import MOST_WORDS, MediumKind, ReadMedium

MOST_PIXELS: Final = 20_000_000
"""What is opened at most: three copies of it in memory stay far below 300 MB."""


def read_medium(content: bytes, words: str = "", *, is_decorative: bool = False) -> ReadMedium:
    """Read a picture (PNG, JPEG, WebP) or a sound (MP3, WAV) with its words.

    Raises:
        BadFile: it is neither, too large, or broken.
    """
    said = "" if is_decorative else one_line(nfc(words))[:MOST_WORDS]
    if is_sound(content):
        bare, media_type = read_sound(content)
        return ReadMedium(
            MediumKind.SOUND, bare, media_type, words=said, is_decorative=is_decorative
        )
    picture = read_picture(content, most_pixels=MOST_PIXELS, keep_bare=True)
    return ReadMedium(
        MediumKind.PICTURE,
        picture.content,
        picture.media_type,
        words=said,
        is_decorative=is_decorative,
        width=picture.width,
        height=picture.height,
    )


def same_with_words(medium: ReadMedium, words: str, *, is_decorative: bool) -> ReadMedium:
    """Return a medium with other words; it is another medium then. Raises ``BadFile``."""
    said = "" if is_decorative else one_line(nfc(words))[:MOST_WORDS]
    return ReadMedium(
        medium.kind,
        medium.content,
        medium.media_type,
        medium.markup,
        said,
        is_decorative,
        medium.width,
        medium.height,
    )


__all__ = ["MOST_PIXELS", "BadFile", "read_medium", "same_with_words"]
