"""Persons written about: who may be the same, and the words they agree to. A person decides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from contest.submissions.models import SubjectPurpose

_TITLES: Final = frozenset(
    {"ong", "ba", "anh", "chi", "co", "chu", "bac", "em", "thay", "bs", "ths", "ts"}
)
_LEAST_WORDS: Final = 2
_LEAST_LETTERS: Final = 8
_MOST_OF_A_UNIT: Final = 200


class Likeness(IntEnum):
    """How much two records look like one person; smaller is more."""

    NAME_AND_UNIT = 1
    NEAR_NAME_AND_UNIT = 2
    NAME = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a record.

    Attributes:
        key: of the record.
        name: folded.
        unit_id: in the tree of units, where it is known.
        unit: as typed, folded.
    """

    key: int
    name: str
    unit_id: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, the smaller key first."""

    low: int
    high: int
    likeness: Likeness


def bare_name(folded: str) -> str:
    """A folded name without the titles before it: "co nguyen thi lan" is "nguyen thi lan"."""
    words = folded.removeprefix("dong chi ").split()
    while len(words) > _LEAST_WORDS and words[0] in _TITLES:
        del words[0]
    return " ".join(words)


def units_alike(one: Known, other: Known) -> bool:
    """Whether the units may be one: the same in the tree, or the words of one stand in the other.

    "Tổ dân phố 4" stands in "Tổ dân phố 4, phường 2"; no unit is like no unit.
    """
    if one.unit_id is not None and one.unit_id == other.unit_id:
        return True
    first, second = set(_words(one.unit)), set(_words(other.unit))
    return bool(first and second) and (first <= second or second <= first)


def _words(folded: str) -> list[str]:
    return "".join(each if each.isalnum() else " " for each in folded).split()


def one_letter_apart(one: str, other: str) -> bool:
    """Whether a single letter was changed, added or left out; equal names are not apart."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    same_length = len(short) == len(long)
    return short[start + 1 if same_length else start :] == long[start + 1 :]


def names_near(one: str, other: str) -> bool:
    """Whether one name may be the other mistyped, in another order, or shortened."""
    first, second = one.split(), other.split()
    if min(len(first), len(second)) < _LEAST_WORDS:
        return False
    if sorted(first) == sorted(second) or set(first) < set(second) or set(second) < set(first):
        return True
    return min(len(one), len(other)) >= _LEAST_LETTERS and one_letter_apart(one, other)


def likeness(one: Known, other: Known) -> Likeness | None:
    """How much two records look like one person; None for not at all."""
    first, second = bare_name(one.name), bare_name(other.name)
    if not first or not second:
        return None
    if first == second:
        return Likeness.NAME_AND_UNIT if units_alike(one, other) else Likeness.NAME
    if units_alike(one, other) and names_near(first, second):
        return Likeness.NEAR_NAME_AND_UNIT
    return None


def likely_pairs(known: Sequence[Known], distinct: Iterable[tuple[int, int]] = ()) -> list[Pair]:
    """Everybody who may be somebody else of the list, those who look most alike first.

    Compared are those of one name, and those of one unit (of a unit with more than
    200 persons only the names).

    Args:
        known: the records.
        distinct: pairs of keys, smaller first, of which a person said that they are two.
    """
    groups: defaultdict[tuple[str, str | int | None], list[Known]] = defaultdict(list)
    for each in known:
        groups["name", bare_name(each.name)].append(each)
        for unit in {("unit", each.unit_id), ("typed", " ".join(_words(each.unit)))}:
            if unit[1]:
                groups[unit].append(each)
    told, found = set(distinct), {}
    for (kind, _what), members in groups.items():
        if kind != "name" and len(members) > _MOST_OF_A_UNIT:
            continue
        for at, one in enumerate(members):
            for other in members[at + 1 :]:
                low, high = sorted((one.key, other.key))
                alike = likeness(one, other)
                if alike is not None and (low, high) not in told:
                    found[low, high] = Pair(low, high, alike)
    return sorted(found.values(), key=lambda pair: (pair.likeness, pair.low, pair.high))


CONSENT_WORDS: Final = {
    SubjectPurpose.NAME: (
        "Tôi đồng ý để ban tổ chức nêu họ tên, đơn vị và việc làm của tôi khi công bố kết quả, "
        "tuyên dương. Tôi biết mình có thể rút lại sự đồng ý bất cứ lúc nào."
    ),
    SubjectPurpose.PORTRAIT: (
        "Tôi đồng ý để ban tổ chức đăng ảnh chân dung của tôi. Tôi biết mình có thể rút lại sự "
        "đồng ý bất cứ lúc nào."
    ),
    SubjectPurpose.ESSAY: (
        "Tôi đồng ý để ban tổ chức đăng bài viết về tôi. Tôi biết mình có thể rút lại sự đồng ý "
        "bất cứ lúc nào."
    ),
}
"""The words on the paper that is signed, as they are kept with each consent: Vietnamese in every
language, since they are what was agreed to."""

GUARDIAN_WORDS: Final = (
    "Tôi là cha, mẹ hoặc người giám hộ của tác giả chưa đủ 18 tuổi. Tôi đồng ý để ban tổ chức đăng "
    "bài viết này; họ tên tác giả chỉ ghi chữ cái đầu. Tôi biết mình có thể rút lại sự đồng ý bất "
    "cứ lúc nào."
)
"""The words that a guardian signs, kept with each consent."""
