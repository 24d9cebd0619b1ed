"""Sheets of a stage: assigned, and finished with the totals that the story asks for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from contest.contests.models import (
    Round,
)
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo.foundation import Foundation
from contest.demo.season import marking
from contest.judging import actions as judging
from contest.judging.actions.settling import settle_work
from contest.judging.models import Criterion, MarkSheet
from contest.judging.queries.rounds import criteria_of
from contest.judging.rules.sheets import UNDONE

QUARTER: Final = Decimal("0.25")


def take(base: Foundation, contest_round: Round, seed: str, now: datetime) -> None:
    """Draw from this seed and take what was drawn."""
    with unit_of_work():
        live = db.session.get_one(Round, contest_round.id)
        _problem, drawn = judging.preview_assignment(contest_round=live, seed=seed)
        judging.take_assignment(
            contest_round=live,
            seed=seed,
            input_digest=drawn.certificate.input_digest,
            actor=base.actors["lan"],
            now=now,
        )


def finish(
    contest_round: Round,
    totals: Mapping[tuple[int, int], Decimal],
    *,
    since: datetime,
    settles: bool = True,
) -> None:
    """Finish the sheets of these works and markings, and settle the works."""
    with unit_of_work():
        live = db.session.get_one(Round, contest_round.id)
        criteria = criteria_of(live.id)
        sheets = db.session.execute(
            select(MarkSheet.id, MarkSheet.juror_id, MarkSheet.work_id, MarkSheet.marking)
            .where(MarkSheet.round_id == live.id, MarkSheet.state.in_(UNDONE))
            .order_by(MarkSheet.work_id, MarkSheet.marking)
        ).all()
        finished = [
            marking.Finished(
                marking.Waiting(key, juror_id, work_id),
                _given(criteria, totals[(work_id, marked)], place),
                since + place * timedelta(hours=5),
            )
            for place, (key, juror_id, work_id, marked) in enumerate(sheets)
            if (work_id, marked) in totals
        ]
        marking.finish_all(live, criteria, finished)
        for work_id in sorted({one.sheet.work_id for one in finished}) if settles else ():
            settle_work(
                round_id=live.id,
                work_id=work_id,
                scope_id=live.contest.scope_id,
                now=max(one.at for one in finished if one.sheet.work_id == work_id),
            )
    db.session.expunge_all()


def _given(criteria: Sequence[Criterion], total: Decimal, place: int) -> judging.MarkInput:
    """This total in quarters over the criteria, what is left over to the main one."""
    parts = {
        each.public_id: (each.max_points * total / 10 / QUARTER).quantize(Decimal(1)) * QUARTER
        for each in criteria
    }
    main = next(each for each in criteria if each.is_main)
    parts[main.public_id] += total - sum(parts.values(), Decimal(0))
    return judging.MarkInput(parts, marking.COMMENTS[place % len(marking.COMMENTS)])
