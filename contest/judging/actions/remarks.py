"""Choosing which remarks of judges the authors may read."""

from datetime import datetime

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.models import MarkSheet, PassedRemark
from contest.judging.queries.rounds import judged_round
from contest.judging.rules.refusals import NoRemarks

_LONGEST = 5_000


def pass_remark(
    *, contest_round: Round, sheet: MarkSheet, body: str, actor: Actor, now: datetime
) -> None:
    """Let the authors read a remark, as it is or shortened; empty words take it back.

    The sheet itself stays as the judge wrote it.

    Raises:
        NoRemarks: the rules of the round allow none.
    """
    judged = judged_round(contest_round.id)
    if judged is None or not judged.gives_comments:
        raise NoRemarks
    known = db.session.get(PassedRemark, sheet.id)
    words = body.strip()[:_LONGEST]
    if not words:
        if known is not None:
            db.session.delete(known)
    elif known is None:
        db.session.add(
            PassedRemark(sheet_id=sheet.id, body=words, chosen_by_id=actor.person_id, chosen_at=now)
        )
    else:
        known.body, known.chosen_by_id, known.chosen_at = words, actor.person_id, now
    db.session.flush()
    audit.record(
        "judging.remark_passed",
        actor=actor,
        now=now,
        subject=("mark_sheet", sheet.id),
        scope_id=contest_round.contest.scope_id,
        data={"passed": bool(words)},
    )
