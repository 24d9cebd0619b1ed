"""The reason in words for every place in the totals of a contest."""

from collections.abc import Iterable
from decimal import Decimal

from contest.core.i18n import format_count, format_points, ngettext
from contest.core.i18n import gettext as _

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
