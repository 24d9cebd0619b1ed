"""The reason in words for every place in the totals of a contest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contest.contests.models import ContestKind
from contest.core.i18n import format_count, format_points, ngettext
from contest.core.i18n import gettext as _
from contest.results.rules.words import KeyWords

_POINT_UNITS: Final = 10_000

Better = tuple[int, Decimal]
"""A place and the total that stands there."""


def total_reason(
    place: int | None, total: Decimal, above: Better | None, *, taken: int, rounds: int
) -> str:
    """Why somebody stands where they do in a contest, or has no place.

    Args:
        place: None where a missed round leaves them out.
        total: rounded to a ten-thousandth.
        above: the next better place of the division with its total; None for the first.
        taken: in how many rounds they took part.
        rounds: how many count.
    """
    if place is None:
        return str(
            ngettext(
                "no place: took part in %(taken)s of %(num)s round",
                "no place: took part in %(taken)s of %(num)s rounds",
                rounds,
                taken=format_count(taken),
            )
        )
    if above is None:
        return str(_("nobody stands above"))
    gap = above[1] - total
    if not gap:
        return str(
            _(
                "less than place %(place)s by a fraction too small to show",
                place=format_count(above[0]),
            )
        )
    return str(
        _(
            "%(points)s points less than place %(place)s",
            points=format_points(gap),
            place=format_count(above[0]),
        )
    )


def better_places(lines: Iterable[tuple[str, int, Decimal]]) -> dict[tuple[str, int], Better]:
    """For each division and place the next better one among lines in the order of places.

    Args:
        lines: division, place and total of each.
    """
    found: dict[tuple[str, int], Better] = {}
    last: dict[str, Better] = {}
    for division, place, total in lines:
        before = last.get(division)
        if before is not None and before[0] != place:
            found.setdefault((division, place), before)
        last[division] = (place, total)
    return found


@dataclass(frozen=True, slots=True)
class TotalKeyWords(KeyWords):
    """Words for totals as a ranking: points, and a fraction of them too small to show."""

    kind: ContestKind = ContestKind.QUIZ
    codes: tuple[str, ...] = ("total", "fraction")

    def label(self, code: str) -> str:
        """The name of a key."""
        return str(_("Total") if code == "total" else _("A fraction too small to show"))

    def explanation(self, code: str) -> str:
        """What is better in a key."""
        del code
        return str(_("more is better"))

    def shown(self, position: int, values: Sequence[int]) -> str:
        """The value of a key alone."""
        return self.told(self.codes[position], values[position])

    def told(self, code: str, value: int) -> str:
        """A value of a key in words."""
        if code == "total":
            points = Decimal(-value) / _POINT_UNITS
            return str(_("%(points)s points", points=format_points(points)))
        return str(_("place %(place)s", place=format_count(value)))

    def sentence(self, values: Sequence[int], upto: int = 1) -> str:
        """The total in words."""
        return KeyWords.sentence(self, values, min(upto, 1))
