"""Vietnamese sort keys as bytes.

Neither SQLite nor PostgreSQL (without the right ICU collation) sorts Vietnamese; both compare
bytes alike. A key is a row of words; each word is its letters, then its tones, so that words
compare one by one, by letter first and by tone second.
"""

import re
import unicodedata
from functools import lru_cache

from contest.core.vietnamese.names import name_parts
from contest.core.vietnamese.text import TONE_MARKS, TONE_ORDER, nfc, one_line

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_WEIGHT = {letter: 0x40 + place for place, letter in enumerate(_ALPHABET)}
_TONE_WEIGHT = {tone: 0x10 + place for place, tone in enumerate(TONE_ORDER)}

_END_OF_PART = b"\x01"
_END_OF_SERIES = b"\x02"
_NUMBER = 0x20
_SIGN = 0x10
_FOREIGN = 0xF0
_LONGEST_NUMBER = 0x3F

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_PIECE = re.compile(r"[0-9]+|.", re.DOTALL)


def _digits(run: str) -> bytes:
    """Encode a run of digits so that 9 comes before 10."""
    bare = run.lstrip("0")
    return bytes((_NUMBER, min(len(bare), _LONGEST_NUMBER) + _NUMBER)) + bare.encode()


def _letter(letter: str) -> bytes:
    if letter in _LETTER_WEIGHT:
        return bytes((_LETTER_WEIGHT[letter],))
    base = unicodedata.normalize("NFD", letter)[0]
    if base in _LETTER_WEIGHT:
        return bytes((_LETTER_WEIGHT[base],))
    if base.isascii():
        return bytes((_SIGN, ord(base) + 1))
    return bytes((_FOREIGN,)) + base.encode(errors="replace")


@lru_cache(maxsize=8_192)
def _word(word: str) -> bytes:
    # Lists repeat the same few thousand syllables.
    apart = unicodedata.normalize("NFD", word)
    tones = bytes(_TONE_WEIGHT[mark] for mark in apart if mark in TONE_MARKS)
    shaped = unicodedata.normalize("NFC", "".join(m for m in apart if m not in TONE_MARKS))
    letters = b"".join(
        _digits(piece) if piece.isdecimal() and piece.isascii() else _letter(piece)
        for piece in _PIECE.findall(shaped)
        if piece not in "'’ʼ" and not unicodedata.combining(piece[0])
    )
    return letters + _END_OF_SERIES + tones + _END_OF_SERIES


def _words(text: str) -> bytes:
    return b"".join(_word(word) for word in _WORD.findall(one_line(text).casefold()))


def _tie(text: str) -> bytes:
    """Settle what letters and tones leave equal, the same way on every database."""
    return b"\x00" + nfc(text).encode(errors="replace")


def text_sort_key(text: str) -> bytes:
    """Return the bytes by which `text` sorts in a Vietnamese list (titles, units, words)."""
    return _words(text) + _tie(text)


def name_sort_key(full_name: str) -> bytes:
    """Return the bytes by which a person sorts: given name, then family name, then middle."""
    family, middle, given = name_parts(full_name)
    parts = (_words(given), _words(family), _words(middle))
    return _END_OF_PART.join(parts) + _tie(full_name)
