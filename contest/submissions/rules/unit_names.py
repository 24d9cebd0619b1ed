"""How units are called in a text: short forms, and the place that an office is named after."""

import re
from functools import lru_cache
from typing import Final

from contest.core.vietnamese import fold

TOKEN: Final = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
"""A word, with a sign inside it as in H’Nhung."""
_UNIT_SHORT: Final = (
    ("trung hoc co so", "thcs"),
    ("trung hoc pho thong", "thpt"),
    ("tieu hoc", "th"),
    ("mam non", "mn"),
    ("uy ban nhan dan", "ubnd"),
    ("hoi lien hiep phu nu", "hoi lhpn"),
    ("hoi lien hiep phu nu", "hoi phu nu"),
    ("hoi lien hiep phu nu", "hpn"),
    ("mat tran to quoc", "mttq"),
    ("giao duc va dao tao", "gd dt"),
    ("doan thanh nien cong san ho chi minh", "doan tncs ho chi minh"),
    ("trung tam", "tt"),
    ("van hoa xa hoi", "vhxh"),
    ("benh vien", "bv"),
    ("phuong", "p"),
    ("thi tran", "tt"),
    ("thanh pho", "tp"),
    ("dac khu", "dk"),
    ("chi bo", "cb"),
    ("doan thanh nien", "dtn"),
)
_PLACE_HEADS: Final = (
    *("dang uy", "uy ban nhan dan", "ubnd", "hoi dong nhan dan", "hdnd", "mat tran to quoc"),
    *("mttq", "hoi lien hiep phu nu", "hoi phu nu", "hoi nong dan", "hoi cuu chien binh"),
    *("doan thanh nien", "cong an", "ban chi huy quan su", "tram y te", "dang bo", "trung tam"),
)
"""Offices that are called by their place; the place alone may also be where a story happens."""
_PLACES: Final = frozenset(
    {"phuong", "p", "xa", "thi", "thanh", "tp", "quan", "huyen", "dac", "dk"}
)
_LEVELS: Final = (
    *("thcs", "thpt", "th", "mn"),
    *("trung hoc co so", "trung hoc pho thong", "tieu hoc", "mam non"),
)
_GENERIC_HEAD: Final = frozenset({"truong", "phong", "ban", "khoa", "to"})
_LEAST_UNIT_WORDS: Final = 2
_LEAST_OF_FIRST_HALF: Final = 3


def names_of_unit(unit: str) -> list[str]:
    """A unit's name; of an office named after both halves of a place also by the first."""
    first = unit.split(" - ", maxsplit=1)[0]
    both = first != unit and len(first.split()) >= _LEAST_OF_FIRST_HALF
    return [unit, first] if both else [unit]


@lru_cache(maxsize=1_024)
def unit_variants(unit: str) -> frozenset[tuple[str, ...]]:
    """A unit's name as folded words: whole, with usual short forms, without its first word."""
    words = tuple(fold(word) for word in TOKEN.findall(unit))
    variants = {words}
    for long, short in _UNIT_SHORT:
        for source, target in ((long, short), (short, long)):
            for known in tuple(variants):
                joined = f" {' '.join(known)} "
                if f" {source} " in joined:
                    variants.add(tuple(joined.replace(f" {source} ", f" {target} ").split()))
    for known in tuple(variants):
        shorter = known[1:]
        if known[0] in _GENERIC_HEAD and len(shorter) > _LEAST_UNIT_WORDS:
            variants.add(shorter)
    for known in tuple(variants):  # "trường Kim Đồng": said without its level
        for level in _LEVELS:
            name = " ".join(known).removeprefix(f"truong {level} ").split()
            if _LEAST_UNIT_WORDS <= len(name) < len(known):
                variants.add(("truong", *name))
    return frozenset(known for known in variants if len(known) >= _LEAST_UNIT_WORDS)


@lru_cache(maxsize=1_024)
def place_variants(unit: str) -> frozenset[tuple[str, ...]]:
    """The place by which an office is called: "phường Xuân Hòa" of its party committee."""
    places = set()
    for known in unit_variants(unit):
        joined = " ".join(known)
        for head in _PLACE_HEADS:
            rest = tuple(joined.removeprefix(f"{head} ").split())
            if len(rest) < len(known) and rest[0] in _PLACES and len(rest) > _LEAST_UNIT_WORDS:
                places.add(rest)
    return frozenset(places)
