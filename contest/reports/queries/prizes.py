"""Prizes as a report counts them: of rounds and of totals, to people and to units."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from contest.contests.models import Contest, Entry, Registration
from contest.core.db import db
from contest.reports.queries.counting import countable
from contest.reports.queries.facts import published_rounds
from contest.reports.rules.branches import Branches
from contest.reports.rules.periods import Period
from contest.results.models import Allocation, PrizeAward, Publication
from contest.results.rules.extra_prizes import kept_extras

_Over = tuple[int | None, int | None]
"""(round, None), or (None, contest) for the totals of a contest."""
_Won = tuple[_Over, int | None, str, int]
"""Over what, unit and its path as then, how many."""


def prizes(branches: Branches, period: Period) -> dict[int, int]:
    """Prizes that people and units of the branch won in published results, by contest.

    Those of a round belong to the day on which it opened; those of the totals to the day on which
    the contest's last round opened, so that no two periods count them.
    """
    owners = _published_over(period)
    found: dict[int, int] = {}
    for over, unit_id, then, count in (*_by_level(), *_beside_levels()):
        if over not in owners:
            continue
        contest_id, owner = owners[over]
        path = branches.path(owner if unit_id is None else unit_id, then)
        if branches.part(path) is not None:
            found[contest_id] = found.get(contest_id, 0) + count
    return found


def _published_over(period: Period) -> dict[_Over, tuple[int, int]]:
    """Contest and its unit of everything whose prizes fall into the period."""
    found: dict[_Over, tuple[int, int]] = {
        (round_id, None): owner for round_id, owner in published_rounds(period).items()
    }
    last: dict[int, date] = {}
    for each in countable():
        last[each.contest_id] = max(each.held_on, last.get(each.contest_id, each.held_on))
    rows = db.session.execute(
        select(Contest.id, Contest.unit_id).where(
            Contest.id.in_(
                select(Publication.contest_id).where(Publication.contest_id.is_not(None))
            )
        )
    )
    for contest_id, unit_id in rows:
        if contest_id in last and period.holds(last[contest_id]):
            found[None, contest_id] = (contest_id, unit_id)
    return found


def _is_public() -> ColumnElement[bool]:
    """The decision that was published last over each round, and over the totals of each contest.

    A later one that is not published yet is nobody's to know. Rounds that were loaded as published
    (an older season's rows) have a decision and no publication.
    """
    shown = select(func.max(Publication.allocation_id)).group_by(
        Publication.round_id, Publication.contest_id
    )
    published = select(Publication.round_id).where(Publication.round_id.is_not(None))
    loaded = (
        select(func.max(Allocation.id))
        .where(Allocation.round_id.not_in(published))
        .group_by(Allocation.round_id)
    )
    return or_(Allocation.id.in_(shown), Allocation.id.in_(loaded))


def _by_level() -> Iterator[_Won]:
    rows = db.session.execute(
        select(
            Allocation.round_id,
            Allocation.contest_id,
            Registration.unit_id,
            Registration.unit_ids,
            func.count(),
        )
        .select_from(PrizeAward)
        .join(Allocation, Allocation.id == PrizeAward.allocation_id)
        .join(Entry, Entry.id == PrizeAward.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(_is_public())
        .group_by(
            Allocation.round_id,
            Allocation.contest_id,
            Registration.unit_id,
            Registration.unit_ids,
        )
    )
    for round_id, contest_id, unit_id, then, count in rows:
        yield (round_id, contest_id), unit_id, then, count


def _beside_levels() -> Iterator[_Won]:
    """Unit prizes by the unit itself, side prizes by the unit of whoever got them."""
    people: dict[int, list[_Over]] = {}
    rows = db.session.execute(
        select(Allocation.round_id, Allocation.contest_id, Allocation.extras).where(_is_public())
    )
    for round_id, contest_id, extras in rows:
        for prize in kept_extras(extras):
            for award in prize.awards:
                if prize.is_for_units:
                    yield (round_id, contest_id), award["to"], "", 1
                else:
                    people.setdefault(award["to"], []).append((round_id, contest_id))
    units = db.session.execute(
        select(Entry.id, Registration.unit_id, Registration.unit_ids)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Entry.id.in_(people))
    )
    for entry_id, unit_id, then in units:
        for over in people[entry_id]:
            yield over, unit_id, then, 1
