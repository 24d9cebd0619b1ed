"""Recorded decisions about attempts: extra time, and what becomes of a reported question."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, select, type_coerce, update

from contest.accounts.models import Unit
from contest.contests.models import Entry, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import UtcInstant, db
from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.pauses import of_branch
from contest.quizzes.actions.sections import move_sections
from contest.quizzes.models import (
    Attempt,
    BlueprintCell,
    ExtraTime,
    QuestionReport,
    ReportOutcome,
)
from contest.quizzes.queries.reported import open_reports_of
from contest.quizzes.queries.sittings import Sitting
from contest.quizzes.rules.sections import with_more

MOST_EXTRA = timedelta(days=7)


class ExtraTimeRange(InvalidInput):
    """Extra time is at least a second and at most a week."""

    message = _l("Extra time lies between one second and seven days.")


class TooLateForExtraTime(RuleBroken):
    """Nobody of this round can use extra time any more."""

    message = _l("This round has been marked, so extra time would change nothing.")


class NoSuchQuestion(InvalidInput):
    """The report names a slot that the paper does not have, or has not shown yet."""

    message = _l("There is no such question in this paper.")


class AlreadyReported(RuleBroken):
    """One report per question and attempt."""

    message = _l("You have reported this question already. The organisers will look at it.")


def give_extra_time(
    *,
    contest_round: Round,
    seconds: int,
    reason: str,
    actor: Actor,
    now: datetime,
    entry: Entry | None = None,
    unit: Unit | None = None,
) -> ExtraTime:
    """Give an entry, or everybody of a unit and of the units below it, more time in a round.

    Open attempts move at once, past the close if need be; later ones begin with it. Exactly one
    of `entry` and `unit` is given.

    Raises:
        ExtraTimeRange, TooLateForExtraTime, ReasonMissing: it is not possible like this.
    """
    if not 0 < seconds <= MOST_EXTRA.total_seconds():
        raise ExtraTimeRange
    if contest_round.stage not in {Stage.PLANNED, Stage.OPEN, Stage.CLOSED}:
        raise TooLateForExtraTime
    if not reason.strip():
        raise ReasonMissing
    decision = ExtraTime(
        round_id=contest_round.id,
        entry_id=None if entry is None else entry.id,
        unit_id=None if unit is None else unit.id,
        seconds=seconds,
        reason=reason,
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    moved = _move_open_attempts(contest_round, seconds, entry, unit, now)
    audit.record(
        "quizzes.extra_time_given",
        actor=actor,
        now=now,
        subject=("extra_time", decision.id),
        scope_id=contest_round.contest.scope_id,
        data={
            "round": contest_round.id,
            "entry": decision.entry_id,
            "unit": decision.unit_id,
            "seconds": seconds,
            "open_attempts": moved,
            "reason": reason,
        },
    )
    return decision


def _move_open_attempts(
    contest_round: Round, seconds: int, entry: Entry | None, unit: Unit | None, now: datetime
) -> int:
    micros = seconds * 1_000_000
    whose = of_branch(unit.id) if unit is not None else Attempt.entry_id == (entry and entry.id)
    moved = db.session.execute(
        update(Attempt)
        .where(Attempt.round_id == contest_round.id, Attempt.submitted_at.is_(None), whose)
        .values(
            {
                name: type_coerce(
                    type_coerce(getattr(Attempt, name), BigInteger) + micros, UtcInstant
                )
                for name in ("deadline_at", "grace_until")
            }
        )
        .execution_options(synchronize_session=False)
    )
    more = timedelta(seconds=seconds)
    move_sections(
        Attempt.round_id == contest_round.id,
        whose,
        follow=lambda _key, spans: with_more(spans, more, now),
    )
    return int(moved.rowcount)  # type: ignore[attr-defined]


def report_question(
    *, sitting: Sitting, slot: int, body: str, actor: Actor, now: datetime
) -> QuestionReport:
    """Keep a contestant's word that a question is wrong or unclear.

    Raises:
        NoSuchQuestion, AlreadyReported: it cannot be kept.
    """
    if not 0 <= slot < sitting.question_count or slot > sitting.reached(now):
        raise NoSuchQuestion
    known = db.session.scalar(
        select(QuestionReport.id).where(
            QuestionReport.attempt_id == sitting.id, QuestionReport.slot == slot
        )
    )
    if known is not None:
        raise AlreadyReported
    report = QuestionReport(
        round_id=sitting.round_id,
        attempt_id=sitting.id,
        revision_id=sitting.paper[slot]["r"],
        slot=slot,
        body=body,
        reported_at=now,
    )
    db.session.add(report)
    db.session.flush()
    audit.record(
        "quizzes.question_reported",
        actor=actor,
        now=now,
        subject=("question_report", report.id),
        scope_id=sitting.contest_scope_id,
        data={"round": sitting.round_id, "revision": report.revision_id},
    )
    return report


def settle_reports(
    *,
    question_id: int,
    reply: str,
    outcome: ReportOutcome,
    scope_id: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Answer everybody who reported a question and has no answer yet; returns how many.

    `scope_id` is the scope of the question's bank.
    """
    reports = open_reports_of(question_id)
    for report in reports:
        settle_report(
            report=report, reply=reply, outcome=outcome, scope_id=scope_id, actor=actor, now=now
        )
    db.session.flush()
    return len(reports)


def move_topic(*, topic_id: int, other_id: int) -> None:
    """Papers not yet drawn that take a topic take the other one from now on."""
    db.session.execute(
        update(BlueprintCell)
        .where(BlueprintCell.topic_id == topic_id)
        .values(topic_id=other_id)
        .execution_options(synchronize_session=False)
    )


def settle_report(
    *,
    report: QuestionReport,
    reply: str,
    outcome: ReportOutcome = ReportOutcome.ANSWERED,
    scope_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Answer a report; the contestant sees the reply with the attempt's result."""
    report.reply = reply
    report.outcome = outcome
    report.settled_at = now
    report.settled_by_id = actor.person_id
    audit.record(
        "quizzes.report_settled",
        actor=actor,
        now=now,
        subject=("question_report", report.id),
        scope_id=scope_id,
    )
