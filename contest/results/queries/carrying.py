"""Which prizes of earlier rounds a round gives, and which round gives those it leaves."""

from sqlalchemy import func, select

from contest.contests.models import Round, Unawarded
from contest.contests.rules import ranked_rounds
from contest.core.db import db
from contest.results.models import Allocation, PrizeCode, PrizeLevel
from contest.results.rules.carrying import Carried, carried_of
from contest.results.rules.trace import TraceCode, trace_line


def _series(round: Round) -> list[Round]:
    """The ranked rounds of the contest in their order; empty where prizes are not carried on."""
    if round.is_practice or round.contest.unawarded is not Unawarded.NEXT_ROUND:
        return []
    return sorted(ranked_rounds(round.contest.rounds), key=lambda each: each.number)


def _latest(round_ids: list[int]) -> dict[int, Allocation]:
    """The decision in force of several rounds."""
    newest = (
        select(Allocation.round_id, func.max(Allocation.number).label("number"))
        .where(Allocation.round_id.in_(round_ids))
        .group_by(Allocation.round_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(Allocation).join(
            newest,
            (newest.c.round_id == Allocation.round_id) & (newest.c.number == Allocation.number),
        )
    )
    return {each.round_id: each for each in rows}


def _with_levels(round_ids: list[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(PrizeLevel.round_id).where(PrizeLevel.round_id.in_(round_ids)).distinct()
        )
    )


def carried_into(round: Round) -> list[Carried]:
    """Prizes that nobody got in earlier rounds and that this one gives beside its own.

    What was meant for a round that was annulled since comes with them.
    """
    series = _series(round)
    earlier = [each for each in series if each.number < round.number]
    if not earlier:
        return []
    meant = [round.id]
    for each in reversed(earlier):
        if each.annulled_at is None:
            break
        meant.append(each.id)
    levels = [
        (row.id, row.code)
        for row in db.session.execute(
            select(PrizeLevel.id, PrizeLevel.code)
            .where(PrizeLevel.round_id == round.id)
            .order_by(PrizeLevel.position)
        )
    ]
    decided = _latest([each.id for each in earlier if each.annulled_at is None])
    rows = db.session.execute(
        select(PrizeLevel.id, PrizeLevel.code).where(PrizeLevel.round_id.in_(decided))
    )
    codes: dict[int, PrizeCode] = {row.id: row.code for row in rows}
    found: list[Carried] = []
    for each in earlier:
        if each.id in decided:
            lines = map(trace_line, decided[each.id].trace)
            found += carried_of(lines, title=each.title, codes=codes, levels=levels, rounds=meant)
    return found


def carries_onto(round: Round) -> Round | None:
    """The round that gives what this one leaves; None where it lapses.

    It is the next ranked one that has prizes, is not annulled and not decided yet. Where a decision
    taken before named one, it stays that round, so that nothing is given twice.
    """
    later = [
        each for each in _series(round) if each.number > round.number and each.annulled_at is None
    ]
    if not later:
        return None
    decided = _latest([round.id, *(each.id for each in later)])
    if round.id in decided:
        named = {
            value
            for line in map(trace_line, decided[round.id].trace)
            if line.code is TraceCode.CARRIED_ON
            for value in line.values
        }
        for each in later:
            if each.id in named:
                return each
    having = _with_levels([each.id for each in later])
    return next((each for each in later if each.id in having and each.id not in decided), None)
