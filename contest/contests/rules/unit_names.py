"""Spellings of unit names that mean one unit: "PGD&ĐT H. Vân Sơn", "Phòng GD-ĐT Vân Sơn".

Pure text: what comes out is proposed to a person, who matches it with the tree of units.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from contest.core.vietnamese import fold, one_line, same_word_key

_SHORT: Final = {
    "cb": "chi bo",
    "db": "dang bo",
    "du": "dang uy",
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubmttq": "uy ban mat tran to quoc",
    "mttq": "mat tran to quoc",
    "lhpn": "lien hiep phu nu",
    "hlhpn": "hoi lien hiep phu nu",
    "hpn": "hoi phu nu",
    "hnd": "hoi nong dan",
    "ccb": "cuu chien binh",
    "hccb": "hoi cuu chien binh",
    "tncs": "thanh nien cong san",
    "hcm": "ho chi minh",
    "ldld": "lien doan lao dong",
    "cdcs": "cong doan co so",
    "pgd": "phong giao duc",
    "sgd": "so giao duc",
    "gd": "giao duc",
    "gddt": "giao duc dao tao",
    "pgddt": "phong giao duc dao tao",
    "dt": "dao tao",
    "mn": "mam non",
    "mg": "mau giao",
    "th": "tieu hoc",
    "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "ptdtnt": "pho thong dan toc noi tru",
    "gdtx": "giao duc thuong xuyen",
    "tyt": "tram y te",
    "ttyt": "trung tam y te",
    "bv": "benh vien",
    "bvdk": "benh vien da khoa",
    "ca": "cong an",
    "qs": "quan su",
    "bch": "ban chi huy",
    "vp": "van phong",
    "vhtt": "van hoa thong tin",
    "vhxh": "van hoa xa hoi",
    "kt": "kinh te",
    "htx": "hop tac xa",
    "tdp": "to dan pho",
}
_LEVELS: Final = {
    "xa": "xa",
    "x": "xa",
    "phuong": "phuong",
    "p": "phuong",
    "huyen": "huyen",
    "h": "huyen",
    "quan": "quan",
    "q": "quan",
    "tinh": "tinh",
    "t": "tinh",
    "thi tran": "thi tran",
    "tt": "thi tran",
    "thi xa": "thi xa",
    "tx": "thi xa",
    "thanh pho": "thanh pho",
    "tp": "thanh pho",
    "dac khu": "dac khu",
}
_TWO_WORD_LEVELS: Final = frozenset(level for level in _LEVELS if " " in level)
_DROPPED: Final = frozenset(("va", "truong", "cua", "thuoc", "tai"))
_WORD = re.compile(r"[^\W_]+")


class _Word(NamedTuple):
    """A word without marks, and with them where they are known (not in an abbreviation)."""

    bare: str
    marked: str | None

    def agrees(self, other: "_Word") -> bool:
        return self.bare == other.bare and (
            None in (self.marked, other.marked) or self.marked == other.marked
        )


class _Parsed(NamedTuple):
    """A name as typed, its words without levels, and the levels it names (xã, huyện)."""

    name: str
    words: tuple[_Word, ...]
    levels: frozenset[str]

    def agrees(self, other: "_Parsed") -> bool:
        return all(one.agrees(two) for one, two in zip(self.words, other.words, strict=True))


def _word(typed: str) -> _Word:
    return _Word(fold(typed), None if typed.isascii() else same_word_key(typed))


def _parse(name: str) -> _Parsed:
    """Write abbreviations out and take the levels apart from the words."""
    typed = _WORD.findall(name)
    words: list[_Word] = []
    levels: set[str] = set()
    place = 0
    while place < len(typed):
        word = fold(typed[place])
        is_last = place + 1 == len(typed)
        pair = "" if is_last else f"{word} {fold(typed[place + 1])}"
        if pair in _TWO_WORD_LEVELS and place + 2 < len(typed):
            levels.add(_LEVELS[pair])
            place += 1
        elif word in _LEVELS and place and not is_last:
            levels.add(_LEVELS[word])
        elif word in _SHORT:
            words.extend(_Word(part, None) for part in _SHORT[word].split())
        elif word not in _DROPPED:
            words.append(_word(typed[place]))
        place += 1
    return _Parsed(name, tuple(words), frozenset(levels))


def unit_variants(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of different spellings that seem to mean one unit, in order of sight.

    Names that say different levels (xã Vân Sơn, huyện Vân Sơn) are never put together; one that
    says none joins the others only when these agree. thôn Thượng and thôn Thương stay apart.
    """
    by_bare: dict[tuple[str, ...], list[_Parsed]] = {}
    for name in dict.fromkeys(filter(None, map(one_line, names))):
        parsed = _parse(name)
        by_bare.setdefault(tuple(word.bare for word in parsed.words), []).append(parsed)
    groups = [group for members in by_bare.values() for group in _by_level(members)]
    return tuple(tuple(member.name for member in group) for group in groups if len(group) > 1)


def _by_level(members: list[_Parsed]) -> list[list[_Parsed]]:
    levels = dict.fromkeys(member.levels for member in members if member.levels)
    if len(levels) <= 1:
        return _by_marks(members)
    kept = [[member for member in members if member.levels == level] for level in levels]
    return [group for same in kept for group in _by_marks(same)]


def _by_marks(members: list[_Parsed]) -> list[list[_Parsed]]:
    groups: list[list[_Parsed]] = []
    for member in members:
        home = next((group for group in groups if all(map(member.agrees, group))), None)
        if home is None:
            groups.append([member])
        else:
            home.append(member)
    return groups
