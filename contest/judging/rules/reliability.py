"""How far marks can be trusted: severity of judges, and agreement between them.

A statistic that is not defined is None, never 0, 1 or NaN. Marks enter as they are; nothing is
rounded but the last digits of the floating point.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contest.core.errors import InvalidInput
from contest.core.i18n import gettext as _
from contest.core.later import later
from contest.judging.rules.linking import components, laplacian, pseudo_inverse

if TYPE_CHECKING:
    import numpy as np
else:
    np = later("numpy")

LEAST_MARKS: Final = 10
LEAST_RATIO: Final = 2.0
MOST_JUDGES: Final = 3_000
_DIGITS: Final = 10
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that a judge gave a work; names may be any text."""

    work: str
    judge: str
    points: float


@dataclass(frozen=True, slots=True)
class Severity:
    """Additive least squares: mark = work + judge.

    Attributes:
        bias: by judge; above 0 is generous. Its load-weighted mean is 0.
        errors: standard error by judge; None where nothing is left to estimate it from.
        marks: how many marks each judge gave.
        corrected: by work, with every judge's bias taken off.
        order_corrected: by work, with the bias of those judges only who have ten marks and whose
            bias is at least two standard errors.
        deviation: standard deviation of a single mark around work and judge; None where nothing
            is left to estimate it from.
    """

    bias: Mapping[str, float]
    errors: Mapping[str, float | None]
    marks: Mapping[str, int]
    corrected: Mapping[str, float]
    order_corrected: Mapping[str, float]
    deviation: float | None

    def counts(self, judge: str) -> bool:
        """Whether a judge's bias is sure enough for ordering a shortlist."""
        return _is_sure(self.bias[judge], self.errors[judge], self.marks[judge])


@dataclass(frozen=True, slots=True)
class Reliability:
    """Everything that is reported about a table of marks."""

    krippendorff_alpha: float | None
    icc_2_1: float | None
    icc_2_k: float | None
    severity: Severity | None
    components: tuple[tuple[str, ...], ...]


def _tidy(value: float) -> float:
    return round(float(value), _DIGITS) + 0.0


def reliability(marks: Iterable[Mark]) -> Reliability:
    """Compute all figures; `severity` is None with more than one component."""
    known = list(marks)
    table = complete_table(known)
    single, average = (None, None) if table is None else icc(table)
    return Reliability(
        krippendorff_alpha=krippendorff_alpha(_by_work(known).values()),
        icc_2_1=single,
        icc_2_k=average,
        severity=severity(known),
        components=judge_components(known),
    )


def _by_work(marks: Iterable[Mark]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for mark in marks:
        found.setdefault(mark.work, []).append(mark.points)
    return found


def _places(marks: Sequence[Mark]) -> tuple[list[str], list[str]]:
    return sorted({mark.judge for mark in marks}), sorted({mark.work for mark in marks})


def _panels(marks: Sequence[Mark], judges: Sequence[str], works: Sequence[str]) -> list[list[int]]:
    place = {judge: at for at, judge in enumerate(judges)}
    panels: dict[str, list[int]] = {work: [] for work in works}
    for mark in marks:
        panels[mark.work].append(place[mark.judge])
    return [panels[work] for work in works]


def judge_components(marks: Sequence[Mark]) -> tuple[tuple[str, ...], ...]:
    """Groups of judges who are linked by shared works."""
    judges, works = _places(marks)
    if not judges:
        return ()
    groups = components(_panels(marks, judges, works), len(judges))
    return tuple(tuple(judges[at] for at in group) for group in groups)


def severity(marks: Sequence[Mark]) -> Severity | None:
    """Bias of each judge and corrected marks; None when judges are not all linked.

    Eliminating the works leaves C b = y, with C the Laplacian of the co-marking graph and
    y_j the sum over j's marks of mark − mean of the work.

    Raises:
        InvalidInput: more judges than the matrix between them can hold.
    """
    judges, works = _places(marks)
    if not judges:
        return None
    panels = _panels(marks, judges, works)
    if len(components(panels, len(judges))) != 1:
        return None
    if len(judges) > MOST_JUDGES:
        raise InvalidInput(
            _(
                "The table names %(count)s judges, and severity is computed for %(most)s at the "
                "most. Perhaps the columns work and judge are exchanged.",
                count=len(judges),
                most=MOST_JUDGES,
            )
        )
    means = {work: sum(points) / len(points) for work, points in _by_work(marks).items()}
    place = {judge: at for at, judge in enumerate(judges)}
    left = np.zeros(len(judges))
    load = np.zeros(len(judges))
    for mark in marks:
        left[place[mark.judge]] += mark.points - means[mark.work]
        load[place[mark.judge]] += 1
    inverse = pseudo_inverse(laplacian(panels, len(judges)))
    centre = np.eye(len(judges)) - np.outer(np.ones(len(judges)), load / load.sum())
    centred = centre @ inverse
    bias = centred @ left
    biases = {judge: _tidy(bias[at]) for judge, at in place.items()}
    counts = {judge: int(load[at]) for judge, at in place.items()}
    variances = (centred * centre).sum(axis=1)
    deviation = _deviation(marks, means, dict(zip(judges, bias, strict=True)))
    errors = {
        judge: None if deviation is None else _tidy(deviation * math.sqrt(max(0.0, variances[at])))
        for judge, at in place.items()
    }
    sure = {
        judge: value if _is_sure(value, errors[judge], counts[judge]) else 0.0
        for judge, value in biases.items()
    }
    return Severity(
        bias=biases,
        errors=errors,
        marks=counts,
        corrected=_corrected(marks, biases),
        order_corrected=_corrected(marks, sure),
        deviation=deviation,
    )


def _deviation(
    marks: Sequence[Mark], means: Mapping[str, float], bias: Mapping[str, float]
) -> float | None:
    """Of what is left of the marks after works and judges, over its degrees of freedom."""
    freedom = len(marks) - len(means) - len(bias) + 1
    if freedom < 1:
        return None
    mean_bias: dict[str, list[float]] = {}
    for mark in marks:
        mean_bias.setdefault(mark.work, []).append(bias[mark.judge])
    rest = sum(
        (
            (mark.points - means[mark.work])
            - (bias[mark.judge] - sum(mean_bias[mark.work]) / len(mean_bias[mark.work]))
        )
        ** 2
        for mark in marks
    )
    return math.sqrt(rest / freedom)


def _is_sure(bias: float, error: float | None, marks: int) -> bool:
    if error is None or marks < LEAST_MARKS or bias == 0:
        return False
    return error == 0 or abs(bias) / error >= LEAST_RATIO


def _corrected(marks: Sequence[Mark], bias: Mapping[str, float]) -> dict[str, float]:
    taken: dict[str, list[float]] = {}
    for mark in marks:
        taken.setdefault(mark.work, []).append(mark.points - bias[mark.judge])
    return {work: _tidy(sum(points) / len(points)) for work, points in sorted(taken.items())}


def krippendorff_alpha(units: Iterable[Sequence[float]]) -> float | None:
    """α for interval data; units with fewer than two marks do not count.

    None without a pair of marks, or when all marks are equal.
    """
    pairable = [list(unit) for unit in units if len(unit) >= _PAIR]
    pooled = np.array([value for unit in pairable for value in unit])
    total = len(pooled)
    # Asked of the marks themselves: the mean of equal decimals is not always that decimal, and
    # what the floating point leaves over would make an α of 1.
    if total < _PAIR or pooled.min() == pooled.max():
        return None
    observed = sum(_pair_sum(np.array(unit)) / (len(unit) - 1) for unit in pairable) / total
    expected = _pair_sum(pooled) / (total * (total - 1))
    return _tidy(1 - observed / expected)


def _pair_sum(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """Σ over ordered pairs of (x − y)²."""
    centred = values - values.mean()
    return float(2 * len(values) * (centred @ centred))


def complete_table(marks: Sequence[Mark]) -> list[list[float]] | None:
    """Works × judges when every judge marked every work once, else None."""
    judges, works = _places(marks)
    cells = {(mark.work, mark.judge): mark.points for mark in marks}
    if len(cells) != len(marks) or len(cells) != len(judges) * len(works):
        return None
    return [[cells[work, judge] for judge in judges] for work in works]


def icc(table: Sequence[Sequence[float]]) -> tuple[float | None, float | None]:
    """ICC(2,1) and ICC(2,k) of a complete table of works × judges (Shrout and Fleiss, 1979).

    With n works, k judges and the mean squares of rows, columns and rest:
    ICC(2,1) = (R - E) / (R + (k - 1) E + k (C - E) / n) and ICC(2,k) = (R - E) / (R + (C - E) / n).
    Both estimate a share of variance, so 1 is the most. Below 0, marks of one work differ more than
    marks of different works; there is no floor: with few works ICC(2,1) may be less than -1 (three
    works of two judges who mark the opposite: -3) and ICC(2,k) any number, and is given as the
    formula says, so that whoever computes it elsewhere finds the same.

    The divisor of ICC(2,k) estimates a variance and falls below 0 when C < E - n R. A share of less
    than nothing is no share (opposite marks of three works would "agree" with 3): None then. None
    too when all marks are equal, or when there is one work or one judge.

    Both are the same on every scale; the marks are taken to 0 … 1 first, so that what the floating
    point leaves over is never taken for a spread, nor a small spread for what is left over.
    """
    values = np.array(table, dtype=float)
    if values.ndim != _PAIR or min(values.shape) < _PAIR:
        return None, None
    low, high = values.min(), values.max()
    if low == high:
        return None, None
    values = (values - low) / (high - low)
    works, judges = values.shape
    grand = values.mean()
    rows = judges * ((values.mean(axis=1) - grand) ** 2).sum() / (works - 1)
    columns = works * ((values.mean(axis=0) - grand) ** 2).sum() / (judges - 1)
    all_rest = ((values - grand) ** 2).sum() - rows * (works - 1) - columns * (judges - 1)
    rest = all_rest / ((works - 1) * (judges - 1))
    single = rows + (judges - 1) * rest + judges * (columns - rest) / works
    average = rows + (columns - rest) / works
    return _ratio(rows - rest, single), _ratio(rows - rest, average)


def _ratio(top: float, bottom: float) -> float | None:
    return None if bottom < 1e-12 else _tidy(top / bottom)  # noqa: PLR2004


def weighted_kappa(
    first: Sequence[int], second: Sequence[int], labels: Sequence[int]
) -> float | None:
    """Cohen's κ with quadratic weights over the full scale of `labels`, in their order."""
    if not first or len(first) != len(second) or len(labels) < _PAIR:
        return None
    place = {label: at for at, label in enumerate(labels)}
    one, other = [place[label] for label in first], [place[label] for label in second]
    # With quadratic weights no table of label × label is needed (a fine step on a long scale
    # would make one of gigabytes), and whole numbers leave nothing to the floating point.
    observed = sum((x - y) ** 2 for x, y in zip(one, other, strict=True))
    squares = sum(x * x for x in one) + sum(y * y for y in other)
    expected = len(one) * squares - 2 * sum(one) * sum(other)
    return None if expected == 0 else _tidy(1 - len(one) * observed / expected)
