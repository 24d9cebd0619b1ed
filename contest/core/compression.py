"""Pages are packed before they leave: a paper of 20 questions is 44 kB of HTML, 8 kB packed.

Packed pages tell something about what stands in them by their length (BREACH). Against that, three
things: cookies do not travel with requests of other sites (SameSite), each packed page has a
random length more (the file name that the format has room for), and what echoes words from its
address is not packed at all.
"""

import secrets
import struct
import zlib
from typing import Final

from flask import Response, request

_LEAST: Final = 2_048
"""Bytes; a smaller page fits into the first packets as it is."""
_LEVEL: Final = 3
"""0.3 ms for the largest page; level 6 takes 0.75 ms for a tenth less."""
_MOST_PADDING: Final = 100
_KINDS: Final = frozenset({"text/html", "application/json", "text/plain", "image/svg+xml"})
_GZIP_WITH_NAME: Final = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"
_NUMBERS: Final = frozenset({"page", "q"})
"""What an address may carry all the same, with a number: the page of a list, the question."""
_OK: Final = 200


def pack(content: bytes, padding: int) -> bytes:
    """The content as gzip (RFC 1952), with a file name of so many letters in its head."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(content) + deflate.flush()
    end = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join((_GZIP_WITH_NAME, b"x" * padding, b"\x00", body, end))


def pack_response(response: Response) -> None:
    """Pack the answer to this request where the browser takes it and nothing speaks against it."""
    if response.status_code != _OK or response.mimetype not in _KINDS:
        return
    if response.is_streamed or response.direct_passthrough or response.content_encoding:
        return
    if _echoes() or (response.content_length or 0) < _LEAST:
        return
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return
    response.set_data(pack(response.get_data(), secrets.randbelow(_MOST_PADDING + 1)))
    response.content_encoding = "gzip"
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:  # the same page in other bytes
        response.set_etag(tag, weak=True)


def _echoes() -> bool:
    """Whether the address carries words that the page could show beside its secrets."""
    return any(
        name not in _NUMBERS or not value.isdecimal()
        for name, value in request.args.items(multi=True)
    )
