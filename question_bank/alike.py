"""Which questions of a bank say the same, or nearly the same. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from contest.core.later import later

if TYPE_CHECKING:
    from contest.core import copies
else:
    copies = later("contest.core.copies")

SEARCHED_AT_ONCE: Final = 2_000
"""A larger bank is searched by a job."""
WHOLE: Final = 1_000
_WIDTH: Final = 3
_LEAST_SHARED: Final = 3
_LEAST_SHARE: Final = 0.6
_COMMON_SHARE: Final = 0.002


@dataclass(frozen=True, slots=True)
class ComparedText:
    """What a question says, for comparing: stem and options in words."""

    question_id: int
    stem_digest: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two questions that look alike, by key; the smaller first. `share` in thousandths."""

    first_id: int
    second_id: int
    is_exact: bool
    share: int


def alike(texts: Sequence[ComparedText]) -> list[FoundPair]:
    """Return the pairs of questions with equal stems, and of those with nearly equal texts.

    Of many with one stem each is paired with the next. Nearly equal: at least 60 % of the runs of
    three words of the shorter one stand in the other; runs that stand in more than two questions
    of a thousand (and more than five) are phrases of the trade and decide nothing.
    """
    by_digest: defaultdict[str, list[int]] = defaultdict(list)
    for each in texts:
        by_digest[each.stem_digest].append(each.question_id)
    pairs = [
        FoundPair(first, second, is_exact=True, share=WHOLE)
        for same in by_digest.values()
        for first, second in pairwise(same)
    ]
    near = copies.find_copies(
        [each.text for each in texts],
        least_shared=_LEAST_SHARED,
        winnow_above=len(texts),
        width=_WIDTH,
        least_share=_LEAST_SHARE,
        common_share=_COMMON_SHARE,
    )
    for found in near:
        one, other = texts[found.first], texts[found.second]
        if one.stem_digest != other.stem_digest:
            share = int(max(found.share_first, found.share_second) * WHOLE)
            pairs.append(FoundPair(one.question_id, other.question_id, is_exact=False, share=share))
    return pairs
