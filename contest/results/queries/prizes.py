"""Reading prize levels, allocations and awards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from contest.contests.models import ContestKind, Entry, Registration
from contest.core.db import db
from contest.results.models import (
    PLACES_SHOWN,
    Allocation,
    ExtraPrize,
    Over,
    PrizeAward,
    PrizeLevel,
    PrizeTerms,
    contest_of,
)
from contest.results.rules.carrying import Carried
from contest.submissions.models import Work, WorkAuthor


@dataclass(frozen=True, slots=True)
class Budget:
    """How many prizes a round (or all divisions of it) gives, and what they cost in đồng."""

    prizes: int
    money: int


def prize_levels(over: Over) -> list[PrizeLevel]:
    """The prize levels of a round or over the totals, from the highest."""
    return list(
        db.session.scalars(
            select(PrizeLevel).where(PrizeLevel.of(over)).order_by(PrizeLevel.position)
        )
    )


def levels_of_rounds(round_ids: Sequence[int]) -> dict[int, list[PrizeLevel]]:
    """The prize levels of several rounds in one statement."""
    found: dict[int, list[PrizeLevel]] = {round_id: [] for round_id in round_ids}
    rows = db.session.scalars(
        select(PrizeLevel)
        .where(PrizeLevel.round_id.in_(round_ids))
        .order_by(PrizeLevel.round_id, PrizeLevel.position)
    )
    for level in rows:
        if level.round_id is not None:
            found[level.round_id].append(level)
    return found


def budget(
    levels: Sequence[PrizeLevel],
    divisions: int = 1,
    carried: Sequence[Carried] = (),
    extras: Sequence[ExtraPrize] = (),
) -> Budget:
    """What the levels give and cost, each division having its own, and the prizes beside them.

    Args:
        levels: of the round.
        divisions: how many there are; none counts as one.
        carried: prizes of earlier rounds that come beside them, see `rules.carrying`.
        extras: unit prizes and side prizes, which no division multiplies.
    """
    times = max(1, divisions)
    worth = {level.id: level.money for level in levels} if carried else {}
    return Budget(
        times * sum(level.quota for level in levels)
        + sum(one.count for one in carried)
        + sum(one.quota for one in extras),
        times * sum(level.quota * level.money for level in levels)
        + sum(one.count * worth[one.level_id] for one in carried)
        + sum(one.quota * one.money for one in extras),
    )


def latest_allocation(over: Over) -> Allocation | None:
    """The last decision on the prizes of a round, or over the totals of a contest."""
    return db.session.scalar(
        select(Allocation)
        .options(joinedload(Allocation.rank_run), joinedload(Allocation.total_run))
        .where(Allocation.of(over))
        .order_by(Allocation.number.desc())
        .limit(1)
    )


def allocation_by_id(allocation_id: int) -> Allocation:
    """A decision, for what was published of it."""
    return db.session.get_one(Allocation, allocation_id)


def registered(entry_ids: Sequence[int]) -> dict[int, Registration]:
    """Who stands behind some entries."""
    rows = db.session.scalars(
        select(Entry).options(joinedload(Entry.registration)).where(Entry.id.in_(entry_ids))
    )
    return {entry.id: entry.registration for entry in rows}


def awards_of(allocation_id: int) -> list[PrizeAward]:
    """The awards of an allocation, with entry, registration, level and division loaded.

    By division, level and place; among equals in the order of names.
    """
    return list(
        db.session.scalars(
            select(PrizeAward)
            .join(PrizeAward.entry)
            .join(Entry.registration)
            .join(PrizeAward.level)
            .options(
                contains_eager(PrizeAward.entry).contains_eager(Entry.registration),
                contains_eager(PrizeAward.level),
                joinedload(PrizeAward.division),
            )
            .where(PrizeAward.allocation_id == allocation_id)
            .order_by(
                func.coalesce(PrizeAward.division_id, 0),
                PrizeLevel.position,
                PrizeAward.place,
                Registration.sort_key,
                PrizeAward.entry_id,
            )
        )
    )


def award_entries(allocation_id: int) -> list[int]:
    """Ids of the entries that an allocation gives prizes to."""
    return list(
        db.session.scalars(
            select(PrizeAward.entry_id).where(PrizeAward.allocation_id == allocation_id)
        )
    )


def prize_terms(over: Over) -> PrizeTerms | None:
    """The caps of the prizes of a round or over the totals; None while none were set."""
    return db.session.scalar(select(PrizeTerms).where(PrizeTerms.of(over)))


def places_shown(over: Over) -> int:
    """How many places of the totals everybody reads."""
    terms = prize_terms(over)
    return PLACES_SHOWN if terms is None else terms.places_shown


def decisions_elsewhere(over: Over) -> list[int]:
    """Ids of the decisions in force of a contest on everything but this and annulled rounds."""
    contest = contest_of(over)
    rounds = [each.id for each in contest.rounds if each.annulled_at is None]
    mine = None if over is contest else over.id
    rows = db.session.execute(
        select(Allocation.round_id, func.max(Allocation.id))
        .where(or_(Allocation.round_id.in_(rounds), Allocation.contest_id == contest.id))
        .group_by(Allocation.round_id)
    )
    return [latest for round_id, latest in rows if round_id != mine]


def winners_elsewhere(over: Over) -> frozenset[int]:
    """Persons who hold a prize of another round of the contest, or over its totals.

    The decisions in force count. Of an essay, everybody who wrote it.
    """
    decisions = decisions_elsewhere(over)
    if not decisions:
        return frozenset()
    persons = set(
        db.session.scalars(
            select(Registration.person_id)
            .join(Entry, Entry.registration_id == Registration.id)
            .join(PrizeAward, PrizeAward.entry_id == Entry.id)
            .where(PrizeAward.allocation_id.in_(decisions))
        )
    )
    rounds = contest_of(over).rounds
    if any(each.kind is ContestKind.ESSAY for each in rounds if each is not over):
        persons |= set(
            db.session.scalars(
                select(WorkAuthor.person_id)
                .join(Work, Work.id == WorkAuthor.work_id)
                .join(PrizeAward, PrizeAward.entry_id == Work.entry_id)
                .join(
                    Allocation,
                    (Allocation.id == PrizeAward.allocation_id)
                    & (Allocation.round_id == Work.round_id),
                )
                .where(Allocation.id.in_(decisions), WorkAuthor.person_id.is_not(None))
            )
        )
    return frozenset(persons)
