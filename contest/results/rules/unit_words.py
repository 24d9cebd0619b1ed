"""The words of unit standings: names of keys, their values, and the reason for every place."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import format_count, format_percent, format_points, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.results.rules.unit_standings import (
    UnitKey,
    UnitStanding,
    Unplaced,
    deciding_key,
)

KEY_NAMES: Final[dict[UnitKey, Words]] = {
    UnitKey.PERSONS: _l("Most persons"),
    UnitKey.ATTEMPTS: _l("Most attempts or entries"),
    UnitKey.MEAN: _l("Highest mean of points"),
    UnitKey.RATIO: _l("Highest share of the head-count"),
    UnitKey.WINNERS: _l("Most prizes of its people"),
}
UNPLACED_WORDS: Final[dict[Unplaced, Words]] = {
    Unplaced.NO_UNIT: _l("no unit named"),
    Unplaced.NO_HEADCOUNT: _l("no head-count is known"),
    Unplaced.TOO_SMALL: _l("fewer people than the rules ask for"),
}
_HUNDREDTH: Final = Decimal("0.01")


def rounded(value: Fraction | None) -> Decimal | None:
    """A mean to two places, half up, for reading; places are found from the exact one."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def phrase(key: UnitKey, line: UnitStanding) -> str:
    """The value of a key in words: "62,5 % of the head-count"."""
    if key is UnitKey.PERSONS:
        return str(ngettext("%(num)s person", "%(num)s people", line.persons))
    if key is UnitKey.ATTEMPTS:
        return str(
            ngettext("%(num)s attempt or entry", "%(num)s attempts or entries", line.attempts)
        )
    if key is UnitKey.MEAN:
        mean = rounded(line.mean)
        return str(
            _("mean of %(points)s points", points="–" if mean is None else format_points(mean))
        )
    if key is UnitKey.RATIO:
        share = line.ratio
        return str(
            _(
                "%(share)s of the head-count",
                share="–" if share is None else format_percent(float(share)),
            )
        )
    return str(ngettext("%(num)s prize", "%(num)s prizes", line.winners))


def reason(line: UnitStanding, above: UnitStanding | None, keys: Sequence[UnitKey]) -> str:
    """Why a unit stands where it does, or has no place.

    The first key that differs from the next better place, and what stands there.
    """
    if line.unplaced is not None:
        return str(UNPLACED_WORDS[line.unplaced])
    key = None if above is None else deciding_key(line, above, keys)
    if above is None or key is None:
        return str(_("nobody stands above"))
    return str(
        _(
            "%(mine)s; place %(place)s: %(theirs)s",
            mine=phrase(key, line),
            place=format_count(above.place or 0),
            theirs=phrase(key, above),
        )
    )
