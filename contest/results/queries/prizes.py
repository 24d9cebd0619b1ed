"""Reading prize levels, allocations and awards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from contest.contests.models import ContestKind, Entry, Registration, Round
from contest.core.db import db
from contest.results.models import Allocation, PrizeAward, PrizeLevel, PrizeTerms
from contest.results.rules.carrying import Carried
from contest.submissions.models import Work, WorkAuthor


@dataclass(frozen=True, slots=True)
class Budget:
    """How many prizes a round (or all divisions of it) gives, and what they cost in đồng."""

    prizes: int
    money: int


def prize_levels(round_id: int) -> list[PrizeLevel]:
    """The prize levels of a round, from the highest."""
    return list(
        db.session.scalars(
            select(PrizeLevel).where(PrizeLevel.round_id == round_id).order_by(PrizeLevel.position)
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
        found[level.round_id].append(level)
    return found


def budget(
    levels: Sequence[PrizeLevel], divisions: int = 1, carried: Sequence[Carried] = ()
) -> Budget:
    """What the levels give and cost, each division having its own.

    Args:
        levels: of the round.
        divisions: how many there are; none counts as one.
        carried: prizes of earlier rounds that come beside them, see `rules.carrying`.
    """
    times = max(1, divisions)
    worth = {level.id: level.money for level in levels} if carried else {}
    return Budget(
        times * sum(level.quota for level in levels) + sum(one.count for one in carried),
        times * sum(level.quota * level.money for level in levels)
        + sum(one.count * worth[one.level_id] for one in carried),
    )


def latest_allocation(round_id: int) -> Allocation | None:
    """The last decision on the prizes of a round."""
    return db.session.scalar(
        select(Allocation)
        .options(joinedload(Allocation.rank_run))
        .where(Allocation.round_id == round_id)
        .order_by(Allocation.number.desc())
        .limit(1)
    )


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


def prize_terms(round_id: int) -> PrizeTerms | None:
    """The caps of a round's prizes; None while none were set."""
    return db.session.get(PrizeTerms, round_id)


def winners_elsewhere(round: Round) -> frozenset[int]:
    """Persons who hold a prize of another round of the contest, by its latest decision.

    Of an essay, everybody who wrote it.
    """
    latest = (
        select(Allocation.round_id, func.max(Allocation.number).label("number"))
        .join(Round, Round.id == Allocation.round_id)
        .where(Round.contest_id == round.contest_id, Round.id != round.id)
        .group_by(Allocation.round_id)
        .subquery()
    )
    in_force = (latest.c.round_id == Allocation.round_id) & (latest.c.number == Allocation.number)
    persons = set(
        db.session.scalars(
            select(Registration.person_id)
            .join(Entry, Entry.registration_id == Registration.id)
            .join(PrizeAward, PrizeAward.entry_id == Entry.id)
            .join(Allocation, Allocation.id == PrizeAward.allocation_id)
            .join(latest, in_force)
        )
    )
    if any(each.kind is ContestKind.ESSAY for each in round.contest.rounds if each is not round):
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
                .join(latest, in_force)
                .where(WorkAuthor.person_id.is_not(None))
            )
        )
    return frozenset(persons)
