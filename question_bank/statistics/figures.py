"""Item statistics by classical test theory, from exact sums; what is undefined is None.

s attempts, p items, x mark of an item, M its maximum, T total, o = T − x; variances divide by
s − 1. Formulas: facility = mean(x)/M; discrimination = r(x, o); efficiency = Cov(x, o) over the
largest that sorting both could give; effective weight = √Cov(x, T) / Σ √max(Cov, 0);
consistency = Cronbach's α; skewness and kurtosis from Fisher's k-statistics.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from question_bank.statistics.joint import Joint, Sums

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PERCENT: Final = 100
_LEAST_FOR_VARIANCE: Final = 2
_LEAST_FOR_CONSISTENCY: Final = 3
_LEAST_FOR_SKEWNESS: Final = 3
_LEAST_FOR_KURTOSIS: Final = 4
_LEAST_ITEMS: Final = 2


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """What an item did among the attempts that met it.

    Attributes:
        attempts: how many met it.
        facility: mean mark as a fraction of the maximum.
        sd_percent: standard deviation of its marks, per cent of the maximum.
        intended_weight: its maximum, per cent of the paper's.
        effective_weight: per cent of the paper's spread that it brought; None when it worked
            against the total.
        discrimination_index: 100 · correlation with the rest of the total.
        discriminative_efficiency: 100 · covariance with the rest / the largest possible one.
    """

    attempts: int = 0
    facility: float | None = None
    sd_percent: float | None = None
    intended_weight: float | None = None
    effective_weight: float | None = None
    discrimination_index: float | None = None
    discriminative_efficiency: float | None = None


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """What a paper did; mean, median, sd and standard error are in points, the rest per cent.

    `skewness` and `kurtosis` are pure numbers; 0 is that of a normal distribution.
    """

    attempts: int = 0
    mean: float | None = None
    median: float | None = None
    sd: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    cic: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None


def facility(sums: Sums, maximum: Fraction) -> float | None:
    """Mean mark over the maximum (in units); None without attempts or maximum."""
    if sums.count == 0 or maximum == 0:
        return None
    return float(Fraction(sums.x, sums.count) / maximum)


def discrimination_index(sums: Sums) -> float | None:
    """100 · r(x, o); None when either does not vary."""
    spread = sums.spread_x * sums.spread_o
    if spread <= 0:
        return None
    return _PERCENT * _over_root(sums.spread_xo, spread)


def _over_root(above: int, square: int) -> float:
    """Above / √square for integers of any size."""
    ratio = math.sqrt(Fraction(above * above, square))
    return ratio if above >= 0 else -ratio


def discriminative_efficiency(sums: Sums) -> float | None:
    """100 · Cov(x, o) / Cov_max; None when no covariance is possible."""
    if sums.spread_best == 0:
        return None
    return float(Fraction(_PERCENT * sums.spread_xo, sums.spread_best))


def _sd(spread: int, count: int) -> float | None:
    """Standard deviation in units from s·Σx² − (Σx)², with divisor s − 1."""
    if count < _LEAST_FOR_VARIANCE:
        return None
    return math.sqrt(Fraction(spread, count * (count - 1)))


def _root_of_covariance(sums: Sums) -> float | None:
    """√Cov(x, T) in units; None where it is negative or there are fewer than two attempts."""
    if sums.count < _LEAST_FOR_VARIANCE or sums.spread_xt < 0:
        return None
    return math.sqrt(Fraction(sums.spread_xt, sums.count * (sums.count - 1)))


def item_figures(
    items: Sequence[Sums], maxima: Sequence[Fraction], attempts: int | None = None
) -> list[ItemFigures]:
    """The figures of each item of a paper.

    Args:
        items: sums of each item, over the attempts that met it.
        maxima: of each item, in the units of the sums.
        attempts: of the paper, where not every attempt met every item (drawn papers): weights
            count each item by the share of attempts that met it. None = all met all.
    """
    shares = [1.0 if not attempts else sums.count / attempts for sums in items]
    roots = [_root_of_covariance(sums) for sums in items]
    whole_root = sum(share * (root or 0.0) for share, root in zip(shares, roots, strict=True))
    whole = sum(share * float(most) for share, most in zip(shares, maxima, strict=True))
    found = []
    for sums, maximum, root in zip(items, maxima, roots, strict=True):
        sd = _sd(sums.spread_x, sums.count)
        found.append(
            ItemFigures(
                attempts=sums.count,
                facility=facility(sums, maximum),
                sd_percent=None if sd is None or maximum == 0 else _PERCENT * sd / float(maximum),
                intended_weight=_PERCENT * float(maximum) / whole if whole else None,
                effective_weight=_PERCENT * root / whole_root
                if root is not None and whole_root
                else None,
                discrimination_index=discrimination_index(sums),
                discriminative_efficiency=discriminative_efficiency(sums),
            )
        )
    return found


def paper_figures(
    totals: "tuple[NDArray[np.int64], NDArray[np.int64]]",
    units: int,
    item_variances: Fraction | None,
    items: int,
) -> PaperFigures:
    """The figures of a paper.

    Args:
        totals: each total that was met, in units, and how often.
        units: to a point.
        item_variances: Σ Var x over its items, in units squared with divisor s − 1; None when
            it is not known.
        items: p, how many a paper has.
    """
    values, counts = ([int(each) for each in column] for column in totals)
    s = sum(counts)
    if s == 0:
        return PaperFigures()
    total = sum(value * n for value, n in zip(values, counts, strict=True))
    moments = _central_moments(values, counts, s, total)
    sd = math.sqrt(moments[2] * Fraction(s, s - 1)) if s >= _LEAST_FOR_VARIANCE else None
    cic = _consistency(moments[2], item_variances, s, items)
    ratio = None if cic is None else _PERCENT * math.sqrt(1 - cic / _PERCENT)
    return PaperFigures(
        attempts=s,
        mean=float(Fraction(total, s * units)),
        median=float(_median(values, counts, s) / units),
        sd=None if sd is None else sd / units,
        skewness=_skewness(moments, s),
        kurtosis=_kurtosis(moments, s),
        cic=None if cic is None else float(cic),
        error_ratio=ratio,
        standard_error=None if ratio is None or sd is None else ratio * sd / units / _PERCENT,
    )


def _central_moments(
    values: Sequence[int], counts: Sequence[int], s: int, total: int
) -> tuple[Fraction, ...]:
    """m₀ … m₄ with divisor s, exactly."""
    sums = [0, 0, 0, 0, 0]
    for value, n in zip(values, counts, strict=True):
        away = s * value - total
        square = away * away
        sums[2] += n * square
        sums[3] += n * square * away
        sums[4] += n * square * square
    return (Fraction(1), Fraction(0), *(Fraction(sums[k], s ** (k + 1)) for k in (2, 3, 4)))


def _median(values: Sequence[int], counts: Sequence[int], s: int) -> Fraction:
    def at(place: int) -> int:
        passed = 0
        for value, n in zip(values, counts, strict=True):
            passed += n
            if place < passed:
                return value
        raise AssertionError("the place lies within the attempts")  # pragma: no cover

    return Fraction(at((s - 1) // 2) + at(s // 2), 2)


def _consistency(m2: Fraction, item_variances: Fraction | None, s: int, p: int) -> Fraction | None:
    """Cronbach's α in per cent."""
    if s < _LEAST_FOR_CONSISTENCY or p < _LEAST_ITEMS or m2 == 0 or item_variances is None:
        return None
    variance = m2 * Fraction(s, s - 1)
    found = _PERCENT * Fraction(p, p - 1) * (1 - item_variances / variance)
    # α never passes 100 by itself; an estimate over a handful of drawn papers may.
    return found if found <= _PERCENT else None


def _skewness(m: Sequence[Fraction], s: int) -> float | None:
    """k₃ / k₂^1.5."""
    if s < _LEAST_FOR_SKEWNESS or m[2] == 0:
        return None
    k2 = m[2] * Fraction(s, s - 1)
    k3 = m[3] * Fraction(s * s, (s - 1) * (s - 2))
    return float(k3 / k2) / math.sqrt(k2)


def _kurtosis(m: Sequence[Fraction], s: int) -> float | None:
    """k₄ / k₂²."""
    if s < _LEAST_FOR_KURTOSIS or m[2] == 0:
        return None
    k2 = m[2] * Fraction(s, s - 1)
    k4 = Fraction(s * s, (s - 1) * (s - 2) * (s - 3)) * ((s + 1) * m[4] - 3 * (s - 1) * m[2] * m[2])
    return float(k4 / (k2 * k2))


class Tally:
    """Marks of one paper that everybody had, added in batches; see `figures`."""

    def __init__(self, items: int) -> None:
        self._items = [Joint() for _item in range(items)]
        self.units = 1

    def rescale(self, factor: int) -> None:
        """From now on a unit is `factor` times smaller."""
        self.units *= factor
        for joint in self._items:
            joint.rescale(factor)

    def add(self, marks: Any) -> None:
        """Count a batch: a matrix of whole units, a row for each attempt."""
        totals = marks.sum(axis=1)
        for place, joint in enumerate(self._items):
            joint.add(marks[:, place], totals)

    def figures(self, maxima: Sequence[Fraction]) -> tuple[list[ItemFigures], PaperFigures]:
        """The figures of all items and of the paper; `maxima` in points."""
        sums = [joint.sums() for joint in self._items]
        variances = None
        if sums and sums[0].count >= _LEAST_FOR_VARIANCE:
            variances = sum(
                (Fraction(each.spread_x, each.count * (each.count - 1)) for each in sums),
                Fraction(0),
            )
        return (
            item_figures(sums, [most * self.units for most in maxima]),
            paper_figures(
                self._items[0].histogram_of_totals(), self.units, variances, len(self._items)
            ),
        )
