"""Normal form, folding and counting of Vietnamese text.

Everything that enters the product passes `nfc` once, at the border; everything that is compared
or searched passes `fold`, on both sides.
"""

import re
import unicodedata

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
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")

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
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    if not _COMBINING.search(composed):
        return composed
    apart = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _MARKED_VOWEL.sub(_shape_before_tone, apart))


def one_line(text: str) -> str:
    """Return `text` in NFC, trimmed, each run of white space and line breaks as one space."""
    return " ".join(_INVISIBLE.sub("", nfc(text)).split())


def fold(text: str) -> str:
    """Return `text` as search and duplicate detection see it.

    Marks are dropped, đ becomes d, case is folded, and typographic quotes, dashes and no-break
    spaces become the plain ones. Where the tone stands (hòa, hoà) no longer matters.
    """
    if text.isascii():
        return text.casefold().replace("`", "'")
    bare = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(mark for mark in bare if unicodedata.category(mark) != "Mn")
    # Dropping a mark can uncover a letter that still has a folded form of its own.
    return unicodedata.normalize("NFC", bare.casefold().translate(_SAME_IN_SEARCH))


def same_word_key(text: str) -> str:
    """Return a key that is equal where only the place of the tone mark or case differs.

    hòa and hoà give one key; hoa and hỏa give others, since the marks themselves are kept.
    """
    return " ".join(_tone_last(word) for word in one_line(text).casefold().split(" "))


def _tone_last(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    tones = "".join(mark for mark in apart if mark in TONE_MARKS)
    letters = "".join(mark for mark in apart if mark not in TONE_MARKS)
    return unicodedata.normalize("NFC", letters) + "".join(
        str(TONE_ORDER.index(tone) + 1) for tone in tones
    )


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
