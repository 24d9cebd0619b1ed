"""Works that lack a judge and can get none of the jury."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from contest.contests.models import Round
from contest.core.db import db
from contest.judging.models import MarkSheet, SheetState
from contest.judging.queries.judges import JudgeProgress
from contest.judging.queries.open_works import OpenWork, Why
from contest.judging.queries.rounds import judge_facts, work_facts
from contest.judging.rules.conflicts import conflict_of

_LACKING = (Why.SHORT, Why.THIRD)


def works_without_free_judge(
    contest_round: Round, judges: Sequence[JudgeProgress], works: Sequence[OpenWork]
) -> list[OpenWork]:
    """Of some open works those that nobody of the jury may mark or has room for.

    A judge is free for a work who has no conflict with it, did not hold it before, and carries
    fewer works than they take at the most.

    Args:
        contest_round: being marked.
        judges: of the round, counted.
        works: open works to look at.
    """
    lacking = [each for each in works if each.why in _LACKING]
    nobody = works_nobody_may_mark(contest_round, judges, [each.work_id for each in lacking])
    return [each for each in lacking if each.work_id in nobody]


def works_nobody_may_mark(
    contest_round: Round, judges: Sequence[JudgeProgress], ids: Sequence[int]
) -> set[int]:
    """Of some works those for which no judge of the jury is free, as above."""
    loads = {each.juror.id: each.load for each in judges}
    holders = {each.juror.person_id for each in judges if each.has_role}
    free = [
        judge
        for judge in judge_facts(contest_round, [each.juror for each in judges], holders)
        if judge.capacity is None or loads[judge.juror_id] < judge.capacity
    ]
    held = _held(contest_round.id, ids)
    facts = {work.work_id: work for work in work_facts(contest_round.id, ids)}
    return {
        work_id
        for work_id in ids
        if work_id in facts
        and not any(
            judge.juror_id not in held[work_id] and conflict_of(judge, facts[work_id]) is None
            for judge in free
        )
    }


def _held(round_id: int, work_ids: Sequence[int]) -> defaultdict[int, set[int]]:
    """By work, the seats that hold or held it; what was moved away may come back."""
    rows = db.session.execute(
        select(MarkSheet.work_id, MarkSheet.juror_id).where(
            MarkSheet.round_id == round_id,
            MarkSheet.work_id.in_(work_ids),
            MarkSheet.state != SheetState.MOVED,
        )
    )
    held: defaultdict[int, set[int]] = defaultdict(set)
    for work_id, juror_id in rows:
        held[work_id].add(juror_id)
    return held
