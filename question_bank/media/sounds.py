"""Sounds: MP3 and WAV, with nothing but the sound in them."""

import struct
from typing import Final

from contest.core.errors import BadFile
from contest.core.i18n import lazy_gettext as _l

MOST_BYTES: Final = 15 * 1024 * 1024
_ID3_HEAD: Final = 10
_ID3_TAIL: Final = 128
_APE_FOOT: Final = 32
_LEAST_FRAMES: Final = 3
_RATES: Final = {
    (3, 3): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000),
                   0: (11_025, 12_000, 8_000)}  # fmt: skip


def is_sound(content: bytes) -> bool:
    """Does a content begin as an MP3 or WAV file does?"""
    wave = content.startswith(b"RIFF") and content[8:12] == b"WAVE"
    return wave or content.startswith(b"ID3") or bool(_frame_size(content, 0))


def read_sound(content: bytes) -> tuple[bytes, str]:
    """Return (the bare sound, its media type): titles, names, pictures and places are gone.

    Raises:
        BadFile: neither MP3 nor WAV, too large, or broken.
    """
    if len(content) > MOST_BYTES:
        raise BadFile("too_large", _l("This sound is too large. Make it shorter."))
    if content.startswith(b"RIFF"):
        return _bare_wave(content), "audio/wav"
    return _bare_frames(content), "audio/mpeg"


def not_a_sound() -> BadFile:
    """The refusal of what cannot be heard."""
    return BadFile("not_a_sound", _l("This is not a sound. Send an MP3 or WAV file."))


def _bare_wave(content: bytes) -> bytes:
    """Keep format and samples of a WAV file."""
    kept, at = b"", 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if name in {b"fmt ", b"data"}:
            part = content[at + 8 : at + 8 + size]
            kept += name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2)
        at += 8 + size + size % 2
    if not kept.startswith(b"fmt ") or b"data" not in kept:
        raise not_a_sound()
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WAVE" + kept


def _bare_frames(content: bytes) -> bytes:
    """Keep the frames of an MP3 file, from the first on, as long as they follow each other."""
    at = 0
    while content[at : at + 3] == b"ID3" and at + _ID3_HEAD <= len(content):
        size = 0
        for byte in content[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += _ID3_HEAD + size
    frames, start = 0, at
    kept = []
    while size := _frame_size(content, at):
        frames += 1
        kept.append(content[at : at + size])
        at += size
    if frames < _LEAST_FRAMES or start > len(content):
        raise not_a_sound()
    return b"".join(kept)


def _frame_size(content: bytes, at: int) -> int:
    """Return the size of the frame that begins at a place, 0 when none does (ISO 11172-3)."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, sample = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or not layer or rate in {0, 15} or sample == 3:  # noqa: PLR2004
        return 0
    bits = _RATES[3 if version == 3 else 2, layer][rate] * 1000  # noqa: PLR2004
    hertz = _SAMPLES[version][sample]
    padding = head[2] >> 1 & 1
    if layer == 3:  # noqa: PLR2004
        return (12 * bits // hertz + padding) * 4
    slots = 72 if layer == 1 and version != 3 else 144  # noqa: PLR2004
    return slots * bits // hertz + padding
