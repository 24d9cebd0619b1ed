"""Starting an attempt, taking it over on another device, and handing it in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from contest.contests.models import Entry, Registration, Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db, insert_once
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.closing import close_attempts, finish_attempts
from contest.quizzes.models import Attempt, ClosedBy, QuizRound
from contest.quizzes.queries.attempts import (
    attempts_of_entry,
    entry_of,
    extra_time,
    open_attempt,
    seen_questions,
)
from contest.quizzes.queries.rounds import blueprint_of, frozen_pool
from contest.quizzes.rules import timing
from question_bank.drawing import DrawnPaper, derive_seed, draw
from question_bank.queries import revisions

_MOST_DEVICE: int = 200


class NotRegistered(RuleBroken):
    """Only registered people begin attempts."""

    message = _l("You are not registered for this contest.")


class OpenedElsewhere(RuleBroken):
    """Two devices opened the attempt at the same moment; the other one was first."""

    message = _l("This attempt has just been opened on another device. Please try again.")


@dataclass(frozen=True, slots=True)
class Opened:
    """An attempt as a device may write to it.

    Attributes:
        attempt_id: the internal key.
        public_id: for addresses.
        epoch: what the device sends with each answer.
        is_new: whether the attempt began just now.
    """

    attempt_id: int
    public_id: str
    epoch: int
    is_new: bool


def start_attempt(
    *,
    quiz: QuizRound,
    contest_round: Round,
    registration: Registration | None,
    actor: Actor,
    now: datetime,
    address: str = "",
    device: str = "",
) -> Opened:
    """Begin an attempt, or go on with the one that is open.

    Two starts at once give one attempt: a unique index stands behind it, and who comes second
    finds the attempt of the first. Address and device of the browser are kept for 90 days.

    Raises:
        NotRegistered, RoundNotOpen, AttemptsUsedUp, NoTimeLeft: no attempt can begin now.
    """
    if registration is None or registration.withdrawn_at is not None:
        raise NotRegistered
    entry = entry_of(registration.id)
    if entry is None:
        raise NotRegistered
    attempts = attempts_of_entry(entry.id, contest_round.id)
    for attempt in attempts:
        phase = timing.attempt_phase(attempt, now)
        if phase in {timing.AttemptPhase.RUNNING, timing.AttemptPhase.GRACE}:
            return open_on_device(attempt=attempt, actor=actor, now=now)
        if phase is timing.AttemptPhase.OVERDUE:
            close_attempts(attempt_ids=[attempt.id], now=now)
    extra = extra_time(contest_round.id, entry.id, registration.unit_ids)
    found = timing.limits_of_start(quiz, contest_round, now, extra)
    timing.check_start(quiz, contest_round, used=len(attempts), found=found, now=now)
    values = _new_attempt(quiz, contest_round, entry, actor, len(attempts) + 1)
    values |= {"started_at": now, "deadline_at": found.deadline_at}
    values |= {"grace_until": found.grace_until}
    values |= {"address": address, "device": device[:_MOST_DEVICE]}
    row = db.session.execute(
        insert_once(Attempt, db.engine.dialect.name)
        .values(values)
        .on_conflict_do_nothing()
        .returning(Attempt.id, Attempt.public_id)
    ).one_or_none()
    if row is None:
        return _open_the_other(entry, contest_round, actor, now)
    audit.record(
        "quizzes.attempt_started",
        actor=actor,
        now=now,
        subject=("attempt", row.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.id, "ordinal": len(attempts) + 1},
    )
    return Opened(row.id, row.public_id, 1, is_new=True)


def _open_the_other(entry: Entry, contest_round: Round, actor: Actor, now: datetime) -> Opened:
    """Somebody pressed twice: the other request has written the attempt."""
    other = open_attempt(entry.id, contest_round.id)
    if other is None:
        raise OpenedElsewhere
    return open_on_device(attempt=other, actor=actor, now=now)


def _new_attempt(
    quiz: QuizRound, contest_round: Round, entry: Entry, actor: Actor, ordinal: int
) -> dict[str, Any]:
    seen = seen_questions(actor.person_id, contest_round.contest_id)
    pool = frozen_pool(quiz)
    paper = draw(
        blueprint_of(quiz),
        pool,
        derive_seed(bytes.fromhex(quiz.seed or ""), entry.public_id, ordinal),
        seen,
        shuffle_questions=quiz.shuffle_questions,
        shuffle_options=quiz.shuffle_options,
    )
    return {
        "round_id": quiz.round_id,
        "entry_id": entry.id,
        "person_id": actor.person_id,
        "ordinal": ordinal,
        "paper": stored_paper(paper, asks_prediction=quiz.prediction_asked),
        "seen": sorted(seen),
        "writer": 1,
        "question_count": len(paper.slots),
    }


def stored_paper(paper: DrawnPaper, *, asks_prediction: bool) -> list[dict[str, Any]]:
    """A drawn paper as the attempt's row keeps it; see `models.Attempt`."""
    parsed = revisions(paper.revision_ids)
    slots: list[dict[str, Any]] = []
    for slot in paper.slots:
        kept: dict[str, Any] = {"r": slot.revision_id, "o": list(slot.option_order)}
        if parsed[slot.revision_id].kind.several:
            kept["m"] = 1
        slots.append(kept)
    if asks_prediction:
        slots.append({"p": 1})
    return slots


def open_on_device(*, attempt: Attempt, actor: Actor, now: datetime) -> Opened:
    """Give the attempt to the device that asks: its epoch rises, the older device is told.

    Raises:
        AttemptEnded: there is nothing left to write to.
        OpenedElsewhere: another device was quicker.
    """
    if timing.attempt_phase(attempt, now) in {
        timing.AttemptPhase.ENDED,
        timing.AttemptPhase.OVERDUE,
    }:
        raise timing.AttemptEnded
    seen = attempt.writer
    claimed = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.submitted_at.is_(None), Attempt.writer == seen)
        .values(writer=seen + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise OpenedElsewhere
    audit.record(
        "quizzes.attempt_opened",
        actor=actor,
        now=now,
        subject=("attempt", attempt.id),
        data={"epoch": seen + 1},
    )
    return Opened(attempt.id, attempt.public_id, seen + 1, is_new=False)


def submit_attempt(*, attempt: Attempt, scope_id: int, actor: Actor, now: datetime) -> bool:
    """Hand in an attempt: claim it, then fold its ledger and mark it.

    Submitting again changes nothing, so that every press leads to the same receipt. After the
    grace the server closes the attempt at its deadline, with what was acknowledged. `scope_id` is
    the contest's, for the audit event.

    Returns:
        Whether this call ended the attempt.
    """
    claimed = db.session.execute(
        update(Attempt)
        .where(
            Attempt.id == attempt.id,
            Attempt.submitted_at.is_(None),
            Attempt.grace_until >= now,
        )
        .values(submitted_at=now, closed_by=ClosedBy.PERSON)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return close_attempts(attempt_ids=[attempt.id], now=now) == 1
    # A statement of its own: a save that held the row until now is seen by it.
    finish_attempts(attempt_ids=[attempt.id])
    audit.record(
        "quizzes.attempt_submitted",
        actor=actor,
        now=now,
        subject=("attempt", attempt.id),
        scope_id=scope_id,
        data={"ordinal": attempt.ordinal},
    )
    return True
