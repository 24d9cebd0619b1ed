"""Starting an attempt, taking it over on another device, and handing it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, update

from contest.accounts.actions import record_consent
from contest.accounts.models import ConsentPurpose, Person, Scope
from contest.contests.rules import ConsentMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import UtcInstant, db, insert_once
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.closing import claim_open, close_attempts, finish_attempts
from contest.quizzes.actions.waiting import check_turn
from contest.quizzes.models import Attempt, ClosedBy
from contest.quizzes.queries.attempts import (
    AttemptLine,
    OwnAttempt,
    attempts_of_entry,
    seen_questions,
)
from contest.quizzes.queries.offers import Doorway, OwnEntry
from contest.quizzes.queries.rounds import frozen_pool, round_terms
from contest.quizzes.rules import timing
from contest.quizzes.rules.answers import new_receipt_code
from contest.quizzes.rules.papers import paper_of_attempt
from contest.quizzes.rules.sections import spans_of, write_spans
from contest.quizzes.rules.set_questions import SetQuestion, essay_count, with_set_questions
from contest.quizzes.rules.terms import Terms
from question_bank.drawing import DrawnPaper
from question_bank.kinds.base import COMPOSED, TYPED
from question_bank.queries import revisions

_MOST_DEVICE: Final = 200
_ATTEMPT: Final = cast("Table", Attempt.__table__)


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
    door: Doorway,
    actor: Actor,
    now: datetime,
    agreed_in: str | None = None,
    address: str = "",
    device: str = "",
) -> Opened:
    """Begin an attempt, or go on with the one that is open.

    Two starts at once give one attempt: a unique index stands behind it, and who comes second
    finds the attempt of the first. Address and device of the browser are kept for 90 days.

    Args:
        door: the round with the person's registration.
        actor: who starts.
        now: the instant of the request.
        agreed_in: the language of the words to which the person has just agreed; people who
            came by a roster have not agreed to take part before. It is recorded.
        address: network address of the browser.
        device: what the browser says it is.

    Raises:
        NotRegistered, ConsentMissing, RoundNotOpen, AttemptsUsedUp, UsedUpToday, TooSoon,
            NoTimeLeft: no attempt can begin now.
        MustWait: the round holds as many open attempts as it may.
    """
    own, terms = door.own, round_terms(door.round_id, door.pool_digest)
    if own is None or terms is None:
        raise NotRegistered
    if not own.has_agreed and agreed_in is None:
        raise ConsentMissing
    for attempt in own.attempts:
        if attempt.is_running(now):
            _agree(door, own, actor, agreed_in, now)
            return open_on_device(attempt=attempt, actor=actor, now=now)
        if attempt.phase(now) is timing.AttemptPhase.OVERDUE:
            close_attempts(attempt_ids=[attempt.id], now=now)
    used = len(own.attempts)
    found = timing.limits_of_start(terms, door.ends_at, now, own.extra)
    held = [each.held for each in own.attempts]
    timing.check_start(terms, door.phase(now), held=held, found=found, now=now)
    if terms.most_open is not None:
        _agree(door, own, actor, agreed_in, now)  # kept while they wait
        check_turn(
            round_id=door.round_id, entry_id=own.entry_id, most_open=terms.most_open, now=now
        )
    values = _new_attempt(door, own, terms, actor)
    values |= {"started_at": now, "deadline_at": found.deadline_at}
    values |= {"grace_until": found.grace_until}
    if terms.sections:
        values["sections"] = _sections(terms, len(values["paper"]), found, now)
    values |= {"address": address, "device": device[:_MOST_DEVICE]}
    row = db.session.execute(
        insert_once(Attempt.__table__, db.engine.dialect.name)
        .on_conflict_do_nothing()
        .returning(Attempt.id, Attempt.public_id),
        values,
    ).one_or_none()
    if row is None:
        return _open_the_other(door, own, actor, now)
    _agree(door, own, actor, agreed_in, now)
    audit.record(
        "quizzes.attempt_started",
        actor=actor,
        now=now,
        subject=("attempt", row.id),
        scope_id=door.scope_id,
        data={"round": door.round_id, "ordinal": used + 1},
    )
    return Opened(row.id, row.public_id, 1, is_new=True)


def _agree(
    door: Doorway, own: OwnEntry, actor: Actor, agreed_in: str | None, now: datetime
) -> None:
    """Keep the consent that comes with this start; who presses twice gives it once."""
    if own.has_agreed or agreed_in is None:
        return
    record_consent(
        person=db.session.get_one(Person, actor.person_id),
        purpose=ConsentPurpose.TAKE_PART,
        scope=db.session.get_one(Scope, door.scope_id),
        channel="start",
        locale=agreed_in,
        now=now,
    )


def _open_the_other(door: Doorway, own: OwnEntry, actor: Actor, now: datetime) -> Opened:
    """Somebody pressed twice: the other request has written the attempt."""
    for other in attempts_of_entry(own.entry_id, door.round_id):
        if other.submitted_at is None:
            return open_on_device(attempt=other, actor=actor, now=now)
    raise OpenedElsewhere


def _new_attempt(door: Doorway, own: OwnEntry, terms: Terms, actor: Actor) -> dict[str, Any]:
    ordinal = len(own.attempts) + 1
    seen = seen_questions(actor.person_id, door.contest_id)
    pool = frozen_pool(door.round_id, door.pool_digest)
    paper = paper_of_attempt(terms, pool, own.entry_public_id, ordinal, seen)
    return {
        "round_id": door.round_id,
        "entry_id": own.entry_id,
        "person_id": actor.person_id,
        "ordinal": ordinal,
        "paper": stored_paper(
            paper, asks_prediction=terms.prediction_asked, set_questions=terms.set_questions
        ),
        "seen": sorted(seen),
        "writer": 1,
        "one_way": terms.one_way or None,
        "question_count": len(paper.slots) + essay_count(terms.set_questions),
    }


def _sections(
    terms: Terms, slots: int, found: timing.Limits, now: datetime
) -> list[dict[str, int]]:
    spans = spans_of(
        terms.sections,
        slots,
        started_at=now,
        deadline_at=found.deadline_at,
        grace=found.grace_until - found.deadline_at,
    )
    return write_spans(spans)


def stored_paper(
    paper: DrawnPaper, *, asks_prediction: bool, set_questions: Sequence[SetQuestion] = ()
) -> list[dict[str, Any]]:
    """A drawn paper, with what stands in every paper, as the attempt's row keeps it.

    See `models.Attempt`.
    """
    parsed = revisions(paper.revision_ids)
    slots: list[dict[str, Any]] = []
    for slot in paper.slots:
        kept: dict[str, Any] = {"r": slot.revision_id, "o": list(slot.option_order)}
        kind = parsed[slot.revision_id].kind
        if kind.several:
            kept["m"] = 1
        if kind.way in TYPED | COMPOSED:
            kept["t"] = 1
        slots.append(kept)
    slots = with_set_questions(slots, set_questions)
    if asks_prediction:
        slots.append({"p": 1})
    return slots


def open_on_device(*, attempt: AttemptLine, actor: Actor, now: datetime) -> Opened:
    """Give the attempt to the device that asks: its epoch rises, the older device is told.

    Raises:
        AttemptEnded: there is nothing left to write to.
        OpenedElsewhere: another device was quicker.
    """
    if not attempt.is_running(now):
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


_NOW: Final = bindparam("now", type_=UtcInstant)
_HAND_IN: Final = claim_open(_NOW).where(
    _ATTEMPT.c.id == bindparam("key"), _ATTEMPT.c.grace_until >= _NOW
)


def submit_attempt(
    *,
    attempt: OwnAttempt,
    actor: Actor,
    now: datetime,
    codes: Callable[[int], str] = new_receipt_code,
) -> bool:
    """Hand in an attempt: claim it, then fold its ledger and mark it.

    Submitting again changes nothing, so that every press leads to the same receipt. After the
    grace the server closes the attempt at its deadline, with what was acknowledged.

    Args:
        attempt: the person's own.
        actor: who hands in.
        now: the instant of the request.
        codes: where receipt codes come from, given the round's number.

    Returns:
        Whether this call ended the attempt.
    """
    line = attempt.line
    claimed = db.session.connection().execute(_HAND_IN, {"key": line.id, "now": now}).all()
    if not claimed:
        return close_attempts(attempt_ids=[line.id], now=now) == 1
    # A statement of its own: a save that held the row until now is seen by it.
    finish_attempts(
        claimed=claimed,
        closed_by=ClosedBy.PERSON,
        numbers={claimed[0].round_id: attempt.round_number},
        codes=codes,
    )
    audit.record(
        "quizzes.attempt_submitted",
        actor=actor,
        now=now,
        subject=("attempt", line.id),
        scope_id=attempt.scope_id,
        data={"ordinal": line.ordinal},
    )
    return True
