"""How often each pair (mark of an item, total of its attempt) was met: all that statistics need.

Marks are whole units here (a fraction of a point that the caller chooses), so that every sum is
exact. A pair is one integer, and a histogram two sorted arrays: a million attempts leave a few
dozen pairs, and even marks that never repeat cost twelve bytes each.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contest.core.later import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = later("numpy")

_SHIFT: Final = 32
_ZERO: Final = 1 << 31
LARGEST_UNITS: Final = (1 << 31) - 1
"""Neither a mark nor a total may be larger, in units; nor smaller than its opposite."""
_LEAST_PENDING: Final = 200_000
_SAFE: Final = 1 << 62


class Joint:
    """A histogram of pairs (mark, total), filled batch by batch."""

    def __init__(self) -> None:
        self._keys: NDArray[np.int64] | None = None
        self._counts: NDArray[np.int64] | None = None
        self._pending: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        self._waiting = 0

    def add(self, marks: "NDArray[np.int64]", totals: "NDArray[np.int64]") -> None:
        """Count some attempts; both arrays hold units, none beyond `LARGEST_UNITS`."""
        found = np.unique((marks << _SHIFT) + (totals + _ZERO), return_counts=True)
        self._pending.append((found[0], found[1].astype(np.int64)))
        self._waiting += len(found[0])
        if self._waiting > max(_LEAST_PENDING, 0 if self._keys is None else len(self._keys)):
            self._merge()

    def rescale(self, factor: int) -> None:
        """Make a unit `factor` times smaller."""
        self._merge()
        if self._keys is not None:
            marks, totals = self._pairs()
            self._keys = ((marks * factor) << _SHIFT) + (totals * factor + _ZERO)

    def _merge(self) -> None:
        if not self._pending:
            return
        kept = [] if self._keys is None else [(self._keys, self._counts)]
        parts: list[Any] = [*kept, *self._pending]
        self._pending, self._waiting = [], 0
        keys, places = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
        counts = np.zeros(len(keys), dtype=np.int64)
        np.add.at(counts, places, np.concatenate([part[1] for part in parts]))
        self._keys, self._counts = keys, counts

    def _pairs(self) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
        assert self._keys is not None  # noqa: S101  (for the types: the caller has looked)
        marks = self._keys >> _SHIFT
        return marks, self._keys - (marks << _SHIFT) - _ZERO

    def sums(self) -> "Sums":
        """The sums over all attempts that were counted, and the largest possible covariance."""
        self._merge()
        if self._keys is None or self._counts is None:
            return Sums(0, 0, 0, 0, 0, 0, 0)
        marks, totals = self._pairs()
        counts = self._counts
        return Sums(
            count=int(counts.sum()),
            x=_dot(marks, counts),
            t=_dot(totals, counts),
            xx=_dot(marks, marks, counts),
            xt=_dot(marks, totals, counts),
            tt=_dot(totals, totals, counts),
            best=_sorted_product(marks, totals - marks, counts),
        )

    def histogram_of_totals(self) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
        """Each total that was met, in rising order, and how often."""
        self._merge()
        if self._keys is None or self._counts is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return _histogram(self._pairs()[1], self._counts)


@dataclass(frozen=True, slots=True)
class Sums:
    """Exact sums over the attempts that met an item, in units and their squares.

    Attributes:
        count: s, how many attempts.
        x: Σ mark of the item.
        t: Σ total of the attempt.
        xx, xt, tt: Σ of their products.
        best: Σ mark · rest with marks and rests (total − mark) each sorted: what the sum of
            products could reach.
    """

    count: int
    x: int
    t: int
    xx: int
    xt: int
    tt: int
    best: int

    # Spreads are s²·(covariance with divisor s): whole numbers, so that zero is zero.

    @property
    def spread_x(self) -> int:
        """s·Σx² − (Σx)²."""
        return self.count * self.xx - self.x * self.x

    @property
    def spread_t(self) -> int:
        """s·ΣT² − (ΣT)²."""
        return self.count * self.tt - self.t * self.t

    @property
    def spread_xt(self) -> int:
        """s·ΣxT − Σx·ΣT."""
        return self.count * self.xt - self.x * self.t

    @property
    def spread_xo(self) -> int:
        """The same of the mark and the rest of the total."""
        return self.spread_xt - self.spread_x

    @property
    def spread_o(self) -> int:
        """The same of the rest of the total."""
        return self.spread_t - 2 * self.spread_xt + self.spread_x

    @property
    def spread_best(self) -> int:
        """The largest that `spread_xo` could be with these marks and these rests."""
        return self.count * self.best - self.x * (self.t - self.x)


def _histogram(
    values: "NDArray[np.int64]", counts: "NDArray[np.int64]"
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    found, places = np.unique(values, return_inverse=True)
    summed = np.zeros(len(found), dtype=np.int64)
    np.add.at(summed, places, counts)
    return found, summed


def _dot(*factors: "NDArray[np.int64]") -> int:
    """Σ of the products, exactly: by the machine's integers where they suffice, else Python's."""
    bound = len(factors[0]) or 1
    for factor in factors:
        bound *= max(1, int(np.abs(factor).max(initial=0)))
    exact = list(factors) if bound < _SAFE else [factor.astype(object) for factor in factors]
    product = exact[0]
    for factor in exact[1:]:
        product = product * factor
    return int(product.sum())


def _sorted_product(
    marks: "NDArray[np.int64]", rests: "NDArray[np.int64]", counts: "NDArray[np.int64]"
) -> int:
    """Σ mark · rest when the smallest mark meets the smallest rest, and so on."""
    left, left_counts = _histogram(marks, counts)
    right, right_counts = _histogram(rests, counts)
    left_ends, right_ends = np.cumsum(left_counts), np.cumsum(right_counts)
    ends = np.union1d(left_ends, right_ends)
    lengths = np.diff(ends, prepend=0)
    return _dot(
        left[np.searchsorted(left_ends, ends)], right[np.searchsorted(right_ends, ends)], lengths
    )
