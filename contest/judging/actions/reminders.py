"""Letters to judges whose sheets are late: set by the secretary, sent once a day by a job."""

from datetime import datetime

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.judging.letters import send_reminder
from contest.judging.models import JurorState
from contest.judging.queries.judges import judges_progress
from contest.judging.queries.rounds import judged_round
from contest.judging.rules.pace import Pace, pace
from contest.judging.rules.refusals import MarkingClosed, NoRubric


def set_reminders(*, contest_round: Round, reminds: bool, actor: Actor, now: datetime) -> None:
    """Have late judges reminded each morning, or no longer.

    Raises:
        NoRubric: nothing says how the round is marked.
        MarkingClosed: the marks are locked.
    """
    judged = judged_round(contest_round.id)
    if judged is None:
        raise NoRubric
    if judged.closed_at is not None:
        raise MarkingClosed
    judged.reminds_late = reminds
    db.session.flush()
    audit.record(
        "judging.reminders_set",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "reminds": reminds},
    )


def remind_late_judges(*, contest_round: Round, address: str, now: datetime) -> int:
    """Write to every judge who is late and was not written to today.

    Args:
        contest_round: being marked.
        address: of the judge's desk.
        now: the instant of the job.

    Returns:
        How many letters were written; who has no e-mail address gets none.
    """
    judged = judged_round(contest_round.id)
    if judged is None or judged.marks_due_at is None or judged.closed_at is not None:
        return 0
    today, sent = now.astimezone(LOCAL_ZONE).date(), 0
    for each in judges_progress(contest_round):
        juror = each.juror
        stands = pace(
            done=each.done,
            load=each.load,
            begun_at=each.begun_at,
            due_at=judged.marks_due_at,
            now=now,
        )
        is_seated = juror.state is JurorState.ACCEPTED and each.has_role
        before = juror.reminded_at and juror.reminded_at.astimezone(LOCAL_ZONE).date()
        if stands is not Pace.LATE or not is_seated or before == today or not juror.person.email:
            continue
        send_reminder(
            person=juror.person,
            round_title=contest_round.title,
            todo=each.todo,
            due_at=judged.marks_due_at,
            address=address,
            key=f"judging.reminder:{juror.id}:{today.isoformat()}",
            now=now,
        )
        juror.reminded_at = now
        sent += 1
    db.session.flush()
    return sent
