"""Which prizes that nobody got are given elsewhere, and what gives those that are left.

They go to the next round of the series, or to the prizes over the totals, as the contest says.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from contest.contests.models import Round, Unawarded
from contest.contests.rules import ranked_rounds
from contest.core.db import db
from contest.results.models import Allocation, Over, PrizeCode, PrizeLevel, contest_of
from contest.results.queries.prizes import latest_allocation, prize_levels
from contest.results.rules.carrying import TO_TOTALS, Carried, carried_of
from contest.results.rules.trace import TraceCode, trace_line


def _series(over: Over) -> list[Round]:
    """The ranked rounds of a contest in their order; empty where prizes are not carried on."""
    contest = contest_of(over)
    if contest.unawarded is Unawarded.LAPSE or (isinstance(over, Round) and over.is_practice):
        return []
    return sorted(ranked_rounds(contest.rounds), key=lambda each: each.number)


def _latest(round_ids: list[int]) -> dict[int, Allocation]:
    """The decision in force of several rounds."""
    if not round_ids:
        return {}
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
    return {each.round_id: each for each in rows if each.round_id is not None}


def _with_levels(round_ids: list[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(PrizeLevel.round_id)
            .where(PrizeLevel.round_id.in_(round_ids), PrizeLevel.round_id.is_not(None))
            .distinct()
        )
    )


def carried_into(over: Over) -> list[Carried]:
    """Prizes that nobody got in rounds and that this one, or the totals, gives beside its own.

    What was meant for a round that was annulled since comes to the one after it.
    """
    series = _series(over)
    to_totals = contest_of(over).unawarded is Unawarded.OVERALL
    if to_totals is isinstance(over, Round):
        return []
    if not isinstance(over, Round):
        return _left_by(series, over, [TO_TOTALS])
    earlier = [each for each in series if each.number < over.number]
    meant = [over.id]
    for each in reversed(earlier):
        if each.annulled_at is None:
            break
        meant.append(each.id)
    return _left_by(earlier, over, meant)


def _left_by(rounds: Sequence[Round], over: Over, meant: Sequence[int]) -> list[Carried]:
    """What decided rounds leave to one of these ids, at the levels of who gives it."""
    decided = _latest([each.id for each in rounds if each.annulled_at is None])
    if not decided:
        return []
    levels = [(level.id, level.code) for level in prize_levels(over)]
    rows = db.session.execute(
        select(PrizeLevel.id, PrizeLevel.code).where(PrizeLevel.round_id.in_(decided))
    )
    codes: dict[int, PrizeCode] = {row.id: row.code for row in rows}
    found: list[Carried] = []
    for each in rounds:
        if each.id in decided:
            lines = map(trace_line, decided[each.id].trace)
            found += carried_of(lines, title=each.title, codes=codes, levels=levels, rounds=meant)
    return found


def carries_onto(over: Over) -> Over | None:
    """What gives the prizes that this round leaves; None where they lapse.

    It is the next ranked round that has prizes, is not annulled and not decided yet, or the totals
    while they are not decided. Where a decision taken before named one, it stays that one, so that
    nothing is given twice. What the totals leave lapses.
    """
    series = _series(over)
    if not series or not isinstance(over, Round):
        return None
    named = _named(over)
    if over.contest.unawarded is Unawarded.OVERALL:
        if TO_TOTALS in named:
            return over.contest
        has_prizes = bool(prize_levels(over.contest))
        return over.contest if has_prizes and latest_allocation(over.contest) is None else None
    later = [each for each in series if each.number > over.number and each.annulled_at is None]
    for each in later:
        if each.id in named:
            return each
    ids = [each.id for each in later]
    having, decided = _with_levels(ids), _latest(ids)
    return next((each for each in later if each.id in having and each.id not in decided), None)


def _named(round: Round) -> set[int]:
    """What the decision in force on a round says that gives the prizes it leaves."""
    decision = latest_allocation(round)
    lines = [] if decision is None else map(trace_line, decision.trace)
    return {value for line in lines if line.code is TraceCode.CARRIED_ON for value in line.values}
