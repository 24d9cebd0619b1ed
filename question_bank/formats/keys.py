"""Reading the key of a choice question as people write it, and never guessing.

A key may be read as letters, as numbers of options, or as the text of an option. When two
readings give different answers the key is refused: a wrong key is worse than a rejected row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold, one_line, same_word_key
from question_bank.formats.base import LETTERS
from question_bank.formats.references import reference

Key = tuple[int, ...]


class BadKey(ValueError):
    """A key that cannot be taken; `code` and `message` say why."""

    def __init__(self, code: str, message: Words) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class ReadKey:
    """A key: places of the right options, from 0, and whether it was written as numbers."""

    places: Key
    by_number: bool = False


_NOTHING = re.compile(r"[\s.…?\-–_/x*]*", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:[=\-–]+>|[→⇒➔])\s*")
_PREFIX = re.compile(
    r"(?:dap an dung la|dap an dung|dap an la|dap an|phuong an dung|phuong an|lua chon|cau tra loi"
    r"|tra loi|d/an|d\.an|d/a|p/a|pa|da|cau|chon|y|key|answer|correct|option)(?![a-z])[\s:.=\-]*"
)
_BOTH = re.compile(r"(?:ca|gom|both)\s+(?=[a-h]\b)")
_ALL_RIGHT = re.compile(r"\s+(?:deu dung|dung)$")
_JOIN = re.compile(r"\s*(?:[,;/&+]|\bv[àa]\b|\bv[ớo]i\b|\band\b|\s)\s*", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:hoac|hay|or)\b")
_WRAP = " .:()[]\"'"
_LETTER_AND_TEXT = re.compile(r"\(?([A-Ha-h])\s*[.:)\-–]\s*(\S.*)")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*\s*%?")
_LARGEST_PLACE = 10

_TRUE_WORDS = frozenset(("đúng", "true"))
_FALSE_WORDS = frozenset(("sai", "false"))
_TRUE_KEYS = {"đúng": _TRUE_WORDS, "đ": _TRUE_WORDS, "true": _TRUE_WORDS, "t": _TRUE_WORDS}
_FALSE_KEYS = {"sai": _FALSE_WORDS, "s": _FALSE_WORDS, "false": _FALSE_WORDS, "f": _FALSE_WORDS}
TRUE_FALSE_KEYS = {**_TRUE_KEYS, **_FALSE_KEYS}


def _plain(text: str) -> str:
    return same_word_key(text.strip(_WRAP))


def is_true_false(options: Sequence[str]) -> bool:
    """Are these options "Đúng" and "Sai" (or True and False), in either order?"""
    words = {option.casefold().strip(_WRAP) for option in options}
    return len(options) == len(words) == 2 and (  # noqa: PLR2004 -- a pair
        words in ({"đúng", "sai"}, {"true", "false"})
    )


def _by_text(typed: str, options: Sequence[str]) -> Key | None:
    if is_true_false(options):
        words = TRUE_FALSE_KEYS.get(typed.casefold().strip(_WRAP))
        if words is not None:
            return tuple(
                place
                for place, option in enumerate(options)
                if option.casefold().strip(_WRAP) in words
            )
    wanted = _plain(typed)
    # Moving a tone mark or changing case keeps the length: most options need no second look.
    length = len(typed.strip(_WRAP))
    found = tuple(
        place
        for place, option in enumerate(options)
        if len(option.strip(_WRAP)) == length and _plain(option) == wanted
    )
    return found or None


def _without_prefix(typed: str) -> str:
    """Cut "Đáp án", "Chọn", or an arrow off; what is nothing without them stays."""
    if arrow := _ARROW.match(typed):
        typed = typed[arrow.end() :] or typed
    folded = fold(typed)
    if len(folded) != len(typed):
        return typed
    found = _PREFIX.match(folded)
    rest = typed[found.end() :] if found else typed
    return rest if rest.strip(_WRAP) else typed


def _cut_words(rest: str) -> str:
    folded = fold(rest)
    if len(folded) != len(rest):
        return rest
    start = _BOTH.match(folded)
    end = _ALL_RIGHT.search(folded)
    return rest[start.end() if start else 0 : end.start() if end else len(rest)]


def _by_letters(rest: str) -> Key | None:
    """Read "B", "A,C", "A và C", "ABD"; None when it is nothing of the kind."""
    words = _cut_words(rest)
    items = [item for part in _JOIN.split(words) if (item := part.strip(_WRAP))]
    if len(items) == 1 and len(items[0]) > 1 and words.strip(_WRAP).isupper():
        letters = list(items[0])
        if sorted(set(letters)) != letters:
            return None
        items = letters
    if not items or any(len(item) != 1 or item.upper() not in LETTERS for item in items):
        return None
    places = [LETTERS.index(item.upper()) for item in items]
    return tuple(sorted(set(places))) if len(set(places)) == len(places) else None


def _by_numbers(rest: str) -> Key | None:
    items = [item.strip(_WRAP) for item in _JOIN.split(rest.strip(_WRAP))]
    if not items or any(not item.isascii() or not item.isdecimal() for item in items):
        return None
    places = [int(item) - 1 for item in items]
    return tuple(sorted(set(places))) if len(set(places)) == len(places) else None


def _outside(places: Key, options: Sequence[str]) -> bool:
    return any(not 0 <= place < len(options) or not options[place] for place in places)


def _refuse_outside(typed: str) -> NoReturn:
    raise BadKey(
        "key_outside_options",
        _l("The key “%(key)s” is not among the options of this question.", key=typed),
    )


def _refuse_ambiguous(typed: str) -> NoReturn:
    raise BadKey(
        "ambiguous_key",
        _l(
            "The key “%(key)s” can be understood in two ways. Write the letter of the option.",
            key=typed,
        ),
    )


def unreadable_key(typed: str) -> BadKey:
    """Return the refusal of a key that is nothing we know."""
    return BadKey(
        "bad_key",
        _l(
            "The key “%(key)s” is no letter, number or text of an option of this question.",
            key=typed,
        ),
    )


def _letter_and_text(typed: str, options: Sequence[str]) -> Key | None:
    """Read "C. Nguyễn Sinh Cung": letter and text must agree."""
    found = _LETTER_AND_TEXT.fullmatch(typed)
    if found is None or _by_letters(typed) is not None:
        return None
    place = LETTERS.index(found[1].upper())
    if not _outside((place,), options) and _plain(options[place]) == _plain(found[2]):
        return (place,)
    _refuse_ambiguous(typed)


def _number_key(typed: str, places: Key, text: Key | None, options: Sequence[str]) -> ReadKey:
    numeric = any(_NUMBER.fullmatch(option) for option in options)
    if numeric:
        surely_text = len(places) == 1 and places[0] >= max(_LARGEST_PLACE, len(options))
        if text is not None and surely_text:
            return ReadKey(text)
        _refuse_ambiguous(typed)
    if text is not None and text != places:
        _refuse_ambiguous(typed)
    if _outside(places, options):
        _refuse_outside(typed)
    return ReadKey(places, by_number=True)


def _single_letter(typed: str, options: Sequence[str]) -> int | None:
    """Return the place of a lone letter, as most keys are, where no option could be meant by it."""
    place = LETTERS.find(typed.upper()) if len(typed) == 1 else -1
    if not 0 <= place < len(options) or not options[place]:
        return None
    return None if any(len(option.strip(_WRAP)) == 1 for option in options) else place


def read_key(typed: str, options: Sequence[str]) -> ReadKey:
    """Read a key against the options of its question (empty texts where an option is missing).

    Raises BadKey: no_key, key_outside_options, ambiguous_key or bad_key.
    """
    typed = one_line(typed)
    place = _single_letter(typed, options)
    return _weighed(typed, options) if place is None else ReadKey((place,))


def _weighed(typed: str, options: Sequence[str]) -> ReadKey:
    """Read a key in each of the ways it may be meant. Raises BadKey when they differ."""
    text = _by_text(typed, options) if typed else None
    if text is None and _NOTHING.fullmatch(typed):
        raise BadKey("no_key", _l("The right answer is missing."))
    if text is not None and len(text) == 1 and reference(options[text[0]]) is not None:
        return ReadKey(text)  # "Cả A và B đều đúng" is an option's own text, not two letters
    rest = _without_prefix(typed)
    if text is None and _EITHER.search(fold(rest)):
        _refuse_ambiguous(typed)
    numbers = _by_numbers(rest)
    if numbers is not None:
        return _number_key(typed, numbers, text, options)
    letters = _by_letters(rest)
    if letters is None:
        letters = text or _by_text(rest, options) or _letter_and_text(rest, options)
    elif _outside(letters, options):
        if text is None:
            _refuse_outside(typed)
        letters = text
    if letters is None:
        raise unreadable_key(typed)
    if len(text or ()) > 1 or (text is not None and text != letters):
        _refuse_ambiguous(typed)
    return ReadKey(letters)
