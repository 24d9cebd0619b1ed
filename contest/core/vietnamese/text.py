"""Normal form, folding and counting of Vietnamese text.

Everything that enters the product passes `nfc` once, at the border; everything that is compared
or searched passes `fold`, on both sides.
"""

import re
import unicodedata
from codecs import charmap_build, charmap_decode, charmap_encode
from functools import lru_cache
from typing import Final

CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
GRAVE, HOOK, TILDE, ACUTE, DOT_BELOW = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"

SHAPE_MARKS = frozenset((CIRCUMFLEX, BREVE, HORN))
"""Marks that make another letter: a → â, ă; o → ô, ơ; u → ư."""

TONE_ORDER = (GRAVE, HOOK, TILDE, ACUTE, DOT_BELOW)
"""Tone marks in dictionary order after the bare vowel: huyền, hỏi, ngã, sắc, nặng."""

TONE_MARKS = frozenset(TONE_ORDER)

_COMBINING = re.compile("[\u0300-\u036f]")
_MARKED_VOWEL = re.compile(
    "([AEIOUYaeiouy])([\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]{2,})"
)
_SAME_IN_SEARCH = str.maketrans(
    {
        "đ": "d",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_TONES = re.compile(f"[{''.join(TONE_ORDER)}]")
_TONED_WORD = re.compile(f"[^ ]*[{''.join(TONE_ORDER)}][^ ]*")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_WITHOUT_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))

# The white space of JavaScript's \s, so that the live counter and the server agree.
_SPACES = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")


def _shape_before_tone(match: re.Match[str]) -> str:
    marks = sorted(match[2], key=lambda mark: mark not in SHAPE_MARKS)
    return match[1] + "".join(marks)


def nfc(text: str) -> str:
    """Return `text` composed (NFC), mending tone marks typed before shape marks.

    Unicode's own normal form keeps o + grave + circumflex as it is, because both marks stand
    above; people and old keyboards write them in either order and mean the same letter.
    """
    if text.isascii() or in_bytes(text) is not None:
        return text
    composed = unicodedata.normalize("NFC", text)
    if not _COMBINING.search(composed):
        return composed
    apart = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _MARKED_VOWEL.sub(_shape_before_tone, apart))


def one_line(text: str) -> str:
    """Return `text` in NFC, trimmed, each run of white space and line breaks as one space."""
    return squeeze(nfc(text))


@lru_cache(maxsize=1024)
def squeeze(text: str) -> str:
    """Return text that is NFC already trimmed, each run of white space as one space."""
    if not text.isascii() and in_bytes(text) is None:
        text = text.translate(_WITHOUT_INVISIBLE)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return `text` as search and duplicate detection see it.

    Marks are dropped, đ becomes d, case is folded, and typographic quotes, dashes and no-break
    spaces become the plain ones. Where the tone stands (hòa, hoà) no longer matters.
    """
    if text.isascii():
        return text.casefold().replace("`", "'")
    short = in_bytes(text)
    return _fold(text) if short is None else charmap_decode(short, "strict", _FOLDED)[0]


def _fold(text: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    # Dropping a mark can uncover a letter that still has a folded form of its own.
    return unicodedata.normalize("NFC", bare.casefold().translate(_SAME_IN_SEARCH))


# Nearly every text here is ASCII, letters of Vietnamese and a few signs: fewer than 256 in all.
# As one byte each they are checked and folded by two look-ups in C, thirty times as fast as by
# normal forms; any other text takes the long way. Each of them is composed, and folds by itself.
_ASCII: Final = "".join(map(chr, (*range(9, 11), 13, *range(32, 127))))
_VOWELS: Final = "aăâeêioôơuưy"
_SMALL: Final = "".join(
    letter
    for vowel in _VOWELS
    for tone in ("", *TONE_ORDER)
    if not (letter := unicodedata.normalize("NFC", vowel + tone)).isascii()
)
_LETTERS: Final = f"đĐ{_SMALL}{_SMALL.upper()}"
_SIGNS: Final = "“”‘’–—…−‑•\u00a0"
_UNUSED: Final = "\ufffe"
# The byte 0 must stand for itself, or the look-up becomes a slow one.
_TABLE: Final = ("\0" + _ASCII + _LETTERS + _SIGNS).ljust(256, _UNUSED)
_OF_LETTERS_AND_SIGNS: Final = charmap_build(_TABLE)
_OF_LETTERS: Final = charmap_build(("\0" + _ASCII + _LETTERS).ljust(256, _UNUSED))
_FOLDED: Final = "".join(sign if sign == _UNUSED else _fold(sign) for sign in _TABLE)


def in_bytes(text: str) -> bytes | None:
    """Return a text of Vietnamese letters and common signs as one byte each; None for another.

    What it returns a value for is composed already (NFC).
    """
    try:
        return charmap_encode(text, "strict", _OF_LETTERS_AND_SIGNS)[0]
    except UnicodeEncodeError:
        return None


def is_composed(text: str) -> bool:
    """Say whether a text is surely what `nfc` makes of it; False when that takes a longer look."""
    return text.isascii() or in_bytes(text) is not None


def has_only_letters(text: str) -> bool:
    """Say whether a text holds nothing but ASCII and letters of Vietnamese."""
    try:
        charmap_encode(text, "strict", _OF_LETTERS)
    except UnicodeEncodeError:
        return False
    return True


def same_word_key(text: str) -> str:
    """Return a key that is equal where only the place of the tone mark or case differs.

    hòa and hoà give one key; hoa and hỏa give others, since the marks themselves are kept.
    """
    line = one_line(text).casefold()
    if line.isascii():
        return line
    apart = _TONED_WORD.sub(_tone_last, unicodedata.normalize("NFD", line))
    return unicodedata.normalize("NFC", apart)


def _tone_last(match: re.Match[str]) -> str:
    tones = "".join(str(TONE_ORDER.index(tone) + 1) for tone in _TONES.findall(match[0]))
    return _TONES.sub("", match[0]) + tones


def count_words(text: str) -> int:
    r"""Count *tiếng*: tokens between white space that hold a letter or a digit.

    The page counts alike with `/[\p{L}\p{N}]/u` on tokens split at `/\s+/`.
    """
    return sum(
        any(unicodedata.category(sign)[0] in "LN" for sign in token)
        for token in _SPACES.split(text)
    )


_CENTRAL = re.compile(r"\bTƯ\b", re.IGNORECASE)
_NUMBER_WORD = re.compile(r"^so\b[\s:.]*")
_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")


def fold_document_number(text: str) -> str:
    """Return one key for the spellings of a document number.

    05-CT/TW, 05/CT-TW and 5 CT/TƯ are one document; 05-CT/TU is another (a province's).
    """
    folded = fold(_CENTRAL.sub("TW", one_line(text)))
    parts = _NOT_ALPHANUMERIC.split(_NUMBER_WORD.sub("", folded))
    return "-".join(part.lstrip("0") or "0" for part in parts if part)
