"""Figures: counted ones, and those typed in from older reports, which are never added up. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from contest.reports.models.counts import Qualifier
from contest.reports.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure from an older report.

    Attributes:
        value: the number that was written.
        qualifier: the word before it; None where it was exact.
        source: where it was written.
        period: what it speaks of.
    """

    value: int
    qualifier: Qualifier | None
    source: str
    period: Period

    def as_json(self) -> dict[str, Any]:
        """For the command."""
        return {
            "value": self.value,
            "qualifier": self.qualifier.value if self.qualifier else None,
            "source": self.source,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the report.

    Attributes:
        counted: from rows.
        reported: figures of older reports for the same; shown beside, never added.
    """

    counted: int
    reported: tuple[Reported, ...] = ()

    @property
    def shown(self) -> Reported | None:
        """The older figure that stands where nothing was counted: of the longest period."""
        if self.counted or not self.reported:
            return None
        return max(self.reported, key=lambda each: each.period.last - each.period.first)

    @property
    def value(self) -> int:
        """The number that is read."""
        return self.counted if self.shown is None else self.shown.value

    @property
    def qualifier(self) -> Qualifier | None:
        """The word before it; a counted figure has none."""
        return None if self.shown is None else self.shown.qualifier

    def as_json(self) -> dict[str, Any]:
        """{"value", "qualifier"}, and "reported" where older figures stand beside a counted one."""
        plain: dict[str, Any] = {
            "value": self.value,
            "qualifier": self.qualifier.value if self.qualifier else None,
        }
        if self.counted and self.reported:
            plain["reported"] = [each.as_json() for each in self.reported]
        return plain


def summed(parts: Iterable[tuple[int, Qualifier | None]]) -> tuple[int, Qualifier | None] | None:
    """Figures of single older contests as one, with the weakest word that is true of the sum.

    Exact ones keep it exact, "more than" with exact ones stays "more than", and so "almost"; any
    other mixture is "about". None when there are none.
    """
    values = list(parts)
    if not values:
        return None
    words = {qualifier for _value, qualifier in values} - {None}
    total = sum(value for value, _qualifier in values)
    if not words:
        return total, None
    return total, words.pop() if len(words) == 1 else Qualifier.ABOUT


def within(figures: Iterable[Reported], period: Period) -> tuple[Reported, ...]:
    """The older figures whose own period lies in this one, the longest first."""
    inside = [
        each
        for each in figures
        if period.first <= each.period.first and each.period.last <= period.last
    ]
    return tuple(sorted(inside, key=lambda each: each.period.first - each.period.last))


def shares(values: Sequence[int]) -> list[float]:
    """Each number as a share of the largest; zero where all are zero."""
    most = max(values, default=0)
    return [value / most if most else 0.0 for value in values]


def change(now: int, before: int) -> int | None:
    """How many per cent more (or, below zero, fewer) than before; None without a before."""
    return round((now - before) * 100 / before) if before else None
