"""By what essays are compared: the chain of ties, each step optional and printed."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contest.contests.kinds import RankKeyKind
from contest.contests.models import ContestKind
from contest.core.db import from_point_units, to_point_units
from contest.core.i18n import format_count, format_points, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l

ESSAY: Final = frozenset({ContestKind.ESSAY})


@dataclass(frozen=True, slots=True)
class Scored:
    """A work with everything that it may be ranked by.

    Attributes:
        total: its official mark.
        main: mean mark of the main criterion, over the sheets that its mark was made from.
        top_bands: criteria whose mean mark stands in the best band.
        place_sum: twice the sum of its mid-ranks over the judges; 0 where judges marked
            different works, so that places cannot be compared.
        lot: drawn from the recorded seed.
    """

    work_id: int
    entry_id: int
    division_id: int | None
    total: Decimal
    main: Decimal
    top_bands: int
    place_sum: int
    lot: int


@dataclass(frozen=True, slots=True)
class EssayKey:
    """A ranking key of essays: its line in the registry, and how its value is counted and read."""

    entry: RankKeyKind
    value: Callable[[Scored], int]
    explain: Callable[[int], str]
    shown: Callable[[int], str]


def _points(value: int) -> str:
    return format_points(from_point_units(-value))


def _half(value: int) -> str:
    return format_points(Decimal(value) / 2)


KEYS: Final = (
    EssayKey(
        RankKeyKind(
            "essay_total",
            _l("Total mark"),
            _l("Whoever has the higher total mark stands higher."),
            ESSAY,
            is_merit=True,
            is_default=True,
        ),
        lambda scored: -to_point_units(scored.total),
        lambda value: _("%(points)s points in all", points=_points(value)),
        _points,
    ),
    EssayKey(
        RankKeyKind(
            "essay_main",
            _l("Main criterion"),
            _l("Whoever has more points in the main criterion stands higher."),
            ESSAY,
            is_merit=True,
            is_default=True,
        ),
        lambda scored: -to_point_units(scored.main),
        lambda value: _("%(points)s points in the main criterion", points=_points(value)),
        _points,
    ),
    EssayKey(
        RankKeyKind(
            "essay_bands",
            _l("Criteria in the best band"),
            _l("Whoever has more criteria in the best band stands higher."),
            ESSAY,
            is_merit=True,
            is_default=True,
        ),
        lambda scored: -scored.top_bands,
        lambda value: ngettext(
            "%(num)s criterion in the best band", "%(num)s criteria in the best band", -value
        ),
        lambda value: format_count(-value),
    ),
    EssayKey(
        RankKeyKind(
            "essay_places",
            _l("Sum of places"),
            _l(
                "The places that each judge gave are added; the smaller sum stands higher. It "
                "counts only where every judge marked every work."
            ),
            ESSAY,
        ),
        lambda scored: scored.place_sum,
        lambda value: _("sum of places %(sum)s", sum=_half(value)),
        lambda value: _half(value) if value else "–",
    ),
    EssayKey(
        RankKeyKind(
            "essay_lot",
            _l("Lots, for essays"),
            _l("A draw of lots from a recorded seed decides what is still equal."),
            ESSAY,
        ),
        lambda scored: scored.lot,
        lambda value: _("lot number %(number)s", number=format_count(value)),
        format_count,
    ),
)
BY_CODE: Final = {key.entry.code: key for key in KEYS}
