"""Statistics over drawn papers: each attempt met its own questions, in its own order.

A question's figures stand over the attempts that met it. What it needs of an attempt is the mark,
the total and which answers were chosen; totals are cut into at most 1,001 steps of the maximum for
the thirds, so that the memory depends on the number of questions alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from contest.core.later import later
from question_bank.statistics.figures import (
    ItemFigures,
    PaperFigures,
    item_figures,
    paper_figures,
)
from question_bank.statistics.joint import Joint, Sums

if TYPE_CHECKING:
    import numpy as np
else:
    np = later("numpy")

NO_ANSWER: Final = ""
"""The part that stands for a question left empty."""
_STEPS: Final = 1_000
_FLUSH_AT: Final = 200_000
_MOST_PARTS: Final = 300
_LEAST_FOR_VARIANCE: Final = 2


class MarkedPart(NamedTuple):
    """What a gap, or a question on a shared text, adds to its question's marks, in whole units."""

    units: int
    max_units: int
    answered: bool


class MarkedItem(NamedTuple):
    """A marked question of an attempt: marks in whole units, and the parts of the answer.

    `inner` are the marks of its gaps or members, for questions that have some.
    """

    question_id: int
    units: int
    max_units: int
    parts: tuple[str, ...]
    inner: tuple[MarkedPart, ...] = ()


class OptionCount(NamedTuple):
    """How many attempts of each third chose a part of an answer; an empty part = no answer."""

    part: str
    bottom: int
    middle: int
    top: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.bottom + self.middle + self.top


@dataclass(frozen=True, slots=True)
class PartFigures:
    """A gap or a member over the attempts that met its question: as an item of its own.

    `right` counts by thirds who had it wholly right, `answered` who gave any answer.
    """

    figures: ItemFigures
    right: OptionCount
    answered: OptionCount


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """A question over the attempts that met it; `sums` are in units, `maximum` too."""

    question_id: int
    maximum: int
    figures: ItemFigures
    sums: Sums
    options: tuple[OptionCount, ...]
    met: OptionCount
    parts: tuple[PartFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnFigures:
    """All that is known of a round's papers.

    `thirds` counts the attempts of the bottom, middle and top third. `same_paper` says whether
    all had the same questions; else α is an estimate: questions of one stratum stand for one
    another.
    """

    paper: PaperFigures
    items: tuple[DrawnItem, ...]
    thirds: tuple[int, int, int]
    same_paper: bool


@dataclass
class _Marks:
    """Marks beside totals, gathered before they are counted at once."""

    joint: Joint = field(default_factory=Joint)
    marks: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    maximum: int = 0

    def flush(self) -> None:
        if self.marks:
            self.joint.add(
                np.array(self.marks, dtype=np.int64), np.array(self.totals, dtype=np.int64)
            )
            self.marks.clear()
            self.totals.clear()


@dataclass
class _Part(_Marks):
    right: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)

    def add(self, marked: MarkedPart, total: int, step: int) -> None:
        self.marks.append(marked.units)
        self.totals.append(total)
        self.maximum = marked.max_units
        self.right[step] += marked.units >= marked.max_units
        self.answered[step] += marked.answered

    def figures(self, thirds: Mapping[int, int]) -> PartFigures:
        return PartFigures(
            pooled([(self.joint.sums(), self.maximum)]),
            _by_third("", self.right, thirds),
            _by_third("", self.answered, thirds),
        )


@dataclass
class _Item(_Marks):
    met: Counter[int] = field(default_factory=Counter)
    parts: dict[str, Counter[int]] = field(default_factory=dict)
    inner: list[_Part] = field(default_factory=list)

    def add_inner(self, marked: Sequence[MarkedPart], total: int, step: int) -> None:
        self.inner = self.inner or [_Part() for _each in marked]
        for part, each in zip(self.inner, marked, strict=True):
            part.add(each, total, step)


class DrawnTally:
    """Counts attempts one by one; `units` to a point."""

    def __init__(self, units: int) -> None:
        self._units = units
        self._items: dict[int, _Item] = {}
        self._steps: Counter[int] = Counter()
        self._totals: Counter[int] = Counter()
        self._lengths: Counter[int] = Counter()
        self._waiting = 0

    def add(self, marked: Sequence[MarkedItem]) -> None:
        """Count an attempt; an empty one is left out."""
        if not marked:
            return
        total = most = 0
        for each in marked:
            total += each.units
            most += each.max_units
        step = total * _STEPS // most if most else 0
        self._steps[step] += 1
        self._totals[total] += 1
        self._lengths[len(marked)] += 1
        for question_id, units, max_units, parts, inner in marked:
            item = self._items.get(question_id)
            if item is None:
                item = self._items[question_id] = _Item()
            item.marks.append(units)
            item.totals.append(total)
            item.maximum = max_units
            item.met[step] += 1
            for part in parts or (NO_ANSWER,):
                counts = item.parts.get(part)
                if counts is None:
                    if len(item.parts) > _MOST_PARTS:
                        continue
                    counts = item.parts[part] = Counter()
                counts[step] += 1
            if inner:
                item.add_inner(inner, total, step)
        self._waiting += len(marked)
        if self._waiting >= _FLUSH_AT:
            self._flush()

    def _flush(self) -> None:
        for item in self._items.values():
            item.flush()
            for part in item.inner:
                part.flush()
        self._waiting = 0

    def figures(self, strata: Mapping[int, object]) -> DrawnFigures:
        """The figures so far.

        Args:
            strata: by question, what stands for it in other papers (topic and difficulty).
        """
        self._flush()
        attempts = sum(self._totals.values())
        known = sorted(self._items.items())
        sums = [item.joint.sums() for _id, item in known]
        same = all(each.count == attempts for each in sums)
        found = item_figures(
            sums, [Fraction(item.maximum) for _id, item in known], None if same else attempts
        )
        thirds = thirds_of(self._steps)
        values = sorted(self._totals.items())
        length = max(self._lengths, key=lambda each: self._lengths[each], default=0)
        paper = paper_figures(
            (
                np.array([value for value, _n in values], dtype=np.int64),
                np.array([n for _value, n in values], dtype=np.int64),
            ),
            self._units,
            _variances([question for question, _item in known], sums, strata, attempts, same=same),
            length,
        )
        items = tuple(
            DrawnItem(
                question_id,
                item.maximum,
                figures,
                each,
                tuple(_by_third(part, counts, thirds) for part, counts in item.parts.items()),
                _by_third("", item.met, thirds),
                tuple(part.figures(thirds) for part in item.inner),
            )
            for (question_id, item), figures, each in zip(known, found, sums, strict=True)
        )
        return DrawnFigures(paper, items, _sizes(self._steps, thirds), same)


def thirds_of(steps: Mapping[int, int]) -> dict[int, int]:
    """Which third (0 bottom, 1 middle, 2 top) each total belongs to.

    Equal totals are never parted: they go where the middle one of them would stand.
    """
    attempts, passed = sum(steps.values()), 0
    found = {}
    for step in sorted(steps):
        middle = 2 * passed + steps[step]
        found[step] = min(2, 3 * middle // (2 * attempts))
        passed += steps[step]
    return found


def _sizes(steps: Mapping[int, int], thirds: Mapping[int, int]) -> tuple[int, int, int]:
    count = _by_third("", steps, thirds)
    return count.bottom, count.middle, count.top


def _by_third(part: str, counts: Mapping[int, int], thirds: Mapping[int, int]) -> OptionCount:
    found = [0, 0, 0]
    for step, n in counts.items():
        found[thirds[step]] += n
    return OptionCount(part, *found)


def _variances(
    questions: Iterable[int],
    sums: Sequence[Sums],
    strata: Mapping[int, object],
    attempts: int,
    *,
    same: bool,
) -> Fraction | None:
    """Σ Var x over the slots of a paper.

    In drawn papers a slot is filled by any question of its stratum: its variance is that of all
    marks of the stratum, and the stratum has as many slots as an attempt met on average.
    """
    if attempts < _LEAST_FOR_VARIANCE:
        return None
    if same:
        return sum(
            (Fraction(each.spread_x, each.count * (each.count - 1)) for each in sums), Fraction(0)
        )
    by_stratum: dict[object, list[int]] = {}
    for question, each in zip(questions, sums, strict=True):
        whole = by_stratum.setdefault(strata.get(question), [0, 0, 0])
        for place, value in enumerate((each.count, each.x, each.xx)):
            whole[place] += value
    total = Fraction(0)
    for count, x, xx in by_stratum.values():
        if count >= _LEAST_FOR_VARIANCE:
            total += Fraction(count, attempts) * Fraction(count * xx - x * x, count * (count - 1))
    return total


def pooled(uses: Iterable[tuple[Sums, int]]) -> ItemFigures:
    """A question over all its uses: spreads are added within each, so rounds are not mixed.

    Args:
        uses: sums of each use with the maximum it had, in units.
    """
    shares, attempts = Fraction(0), 0
    xx = xo = oo = best = Fraction(0)
    for sums, maximum in uses:
        if sums.count == 0 or maximum == 0:
            continue
        attempts += sums.count
        shares += Fraction(sums.x, maximum)
        xx += Fraction(sums.spread_x, sums.count * maximum * maximum)
        xo += Fraction(sums.spread_xo, sums.count * maximum * maximum)
        oo += Fraction(sums.spread_o, sums.count * maximum * maximum)
        best += Fraction(sums.spread_best, sums.count * maximum * maximum)
    if attempts == 0:
        return ItemFigures()
    deviation = None
    if attempts >= _LEAST_FOR_VARIANCE:
        deviation = 100 * float(xx / (attempts - 1)) ** 0.5
    return ItemFigures(
        attempts=attempts,
        facility=float(shares / attempts),
        sd_percent=deviation,
        discrimination_index=100 * float(xo) / float(xx * oo) ** 0.5 if xx > 0 and oo > 0 else None,
        discriminative_efficiency=float(100 * xo / best) if best else None,
    )
