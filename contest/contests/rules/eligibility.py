"""Who may take part, and in which division.

Only what is certain refuses. A birth date of which only the year or month is known leaves a
range of ages: when part of the range fits, the person is accepted and the answer says that it is
not certain, so that the organiser can ask; nobody is turned away for a missing day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from contest.contests.models import Contest, Division
from contest.contests.rules.refusals import NotEligible, OtherUnit, TooOld, TooYoung
from contest.core.clock import LOCAL_ZONE
from contest.core.vietnamese import DatePrecision, PartialDate

_DECEMBER = 12

Birth = PartialDate
"""A birth date and how much of it is known; unknown parts are held as 1."""


class AgeRange(NamedTuple):
    """The least and the greatest age a person can have on a day."""

    least: int
    greatest: int


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether somebody may take part.

    Attributes:
        refusal: why certainly not; None when they may.
        is_certain: False when an unknown part of the birth date decides.
    """

    refusal: type[NotEligible] | None
    is_certain: bool = True

    @property
    def is_eligible(self) -> bool:
        """Whether they may take part."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class DivisionChoice:
    """The division of a person; None when the contest has none for them."""

    division: Division | None
    is_certain: bool


def age_on(born: date, on: date) -> int:
    """Whole years from a birth date to a day; 29 February has its birthday on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def latest_birth(birth: Birth) -> date:
    """The last day on which somebody with this birth date can have been born."""
    born, precision = birth
    if precision is DatePrecision.DAY:
        return born
    month = _DECEMBER if precision is DatePrecision.YEAR else born.month
    following = date(born.year + month // _DECEMBER, month % _DECEMBER + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def age_range(birth: Birth, on: date) -> AgeRange:
    """The ages somebody can have on a day, given what is known of their birth."""
    return AgeRange(age_on(latest_birth(birth), on), age_on(birth.date, on))


def first_day(contest: Contest) -> date | None:
    """The day on which ages are counted: the contest's first, else that of its first round."""
    if contest.starts_on is not None:
        return contest.starts_on
    openings = [each.opens_at for each in contest.rounds if each.opens_at and not each.is_practice]
    return min(openings).astimezone(LOCAL_ZONE).date() if openings else None


def asks_for_birth(contest: Contest) -> bool:
    """Whether ages matter in this contest."""
    limits = [contest.min_age, contest.max_age]
    limits += [age for each in contest.divisions for age in (each.min_age, each.max_age)]
    return any(limit is not None for limit in limits)


def eligibility(
    contest: Contest,
    birth: Birth | None,
    unit_ids: Collection[int],
    on: date | None,
) -> Eligibility:
    """Whether somebody may take part.

    Args:
        contest: with its branches of units loaded.
        birth: what is known; None = nothing.
        unit_ids: the person's unit and everything above it; empty = no unit.
        on: the day on which ages are counted; None = not settled yet, so ages refuse nobody.
    """
    if not contest.open_to_all_units:
        branches = {branch.unit_id for branch in contest.eligible_units}
        if not branches.intersection(unit_ids):
            return Eligibility(OtherUnit)
    if contest.min_age is None and contest.max_age is None:
        return Eligibility(None)
    if birth is None or on is None:
        return Eligibility(None, is_certain=False)
    ages = age_range(birth, on)
    if contest.min_age is not None and ages.greatest < contest.min_age:
        return Eligibility(TooYoung)
    if contest.max_age is not None and ages.least > contest.max_age:
        return Eligibility(TooOld)
    return Eligibility(None, is_certain=_within(ages, contest.min_age, contest.max_age))


def _within(ages: AgeRange, least: int | None, greatest: int | None) -> bool:
    """Whether every possible age lies between two limits."""
    return (least is None or ages.least >= least) and (
        greatest is None or ages.greatest <= greatest
    )


def _touches(ages: AgeRange, least: int | None, greatest: int | None) -> bool:
    """Whether some possible age lies between two limits."""
    return (least is None or ages.greatest >= least) and (
        greatest is None or ages.least <= greatest
    )


def division_for(
    divisions: Sequence[Division], birth: Birth | None, on: date | None
) -> DivisionChoice:
    """The division of a person: the first, by position, whose ages hold theirs.

    When the birth date leaves several, the first possible one is taken and said not to be
    certain. Without a birth date only a division without ages can take the person.
    """
    ordered = sorted(divisions, key=lambda each: each.position)
    if not ordered:
        return DivisionChoice(None, is_certain=True)
    if birth is None or on is None:
        free = next((d for d in ordered if d.min_age is None and d.max_age is None), None)
        return DivisionChoice(free, is_certain=False)
    ages = age_range(birth, on)
    for division in ordered:
        if _touches(ages, division.min_age, division.max_age):
            return DivisionChoice(division, _within(ages, division.min_age, division.max_age))
    return DivisionChoice(None, is_certain=True)


def ids_of_path(path: str) -> list[int]:
    """The ids in a path of units "/12/5/1/" (near to far) or scopes "/1/5/" (from the root)."""
    return [int(part) for part in path.strip("/").split("/") if part]
