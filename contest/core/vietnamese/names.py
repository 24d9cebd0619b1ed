"""Full names: which word is the given name, and what stands for a minor."""

import re
import unicodedata
from typing import NamedTuple

from contest.core.vietnamese.text import TONE_MARKS, one_line

# Ê Đê, K'Ho and kin put the given name first: H'Hen Niê, K'Brỏih, Y Moan Êban.
_GIVEN_FIRST = re.compile(r"^[HK]['’ʼ`]", re.IGNORECASE)
_MALE_PARTICLE = "y"
_WORDS_WITH_PARTICLE = 3


class NameParts(NamedTuple):
    """The three parts of a full name; any but `given` may be empty."""

    family: str
    middle: str
    given: str


def name_parts(full_name: str) -> NameParts:
    """Split a full name into family name, middle name and given name.

    There is no rule of two words: a single word is the given name.
    """
    words = one_line(full_name).split()
    if not words:
        return NameParts("", "", "")
    if len(words) == 1:
        return NameParts("", "", words[0])
    if _GIVEN_FIRST.match(words[0]):
        return NameParts(" ".join(words[1:]), "", words[0])
    if words[0].casefold() == _MALE_PARTICLE and len(words) >= _WORDS_WITH_PARTICLE:
        return NameParts(" ".join(words[2:]), words[0], words[1])
    return NameParts(words[0], " ".join(words[1:-1]), words[-1])


def given_name(full_name: str) -> str:
    """Return the name a person is greeted by ("An" for Nguyễn Văn An, "Y Moan" for Y Moan Êban)."""
    _family, middle, given = name_parts(full_name)
    # Only the highland male particle "Y" is said with the name.
    return f"{middle} {given}" if middle.casefold() == _MALE_PARTICLE else given


def initials(full_name: str) -> str:
    """Return what is shown instead of the name of a minor: "N.V.A." for Nguyễn Văn Ánh.

    Letters keep their shape (Đ, Ô, Ư); tones are dropped.
    """
    letters = (
        next((sign for sign in word if sign.isalpha()), "") for word in one_line(full_name).split()
    )
    return "".join(f"{_without_tone(letter).upper()}." for letter in letters if letter)


def _without_tone(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in TONE_MARKS))
