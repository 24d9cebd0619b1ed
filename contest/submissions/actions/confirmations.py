"""Units confirm that person and deeds are real, or send a work back with a remark."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import update

from contest.accounts.models import Unit
from contest.contests.models import Round
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.records import record
from contest.submissions.actions.works import record_event, settings_of
from contest.submissions.letters import send_unit_remark
from contest.submissions.models import (
    ConfirmationDemand,
    ConfirmationLetter,
    ConfirmationOutcome,
    UnitConfirmation,
    Work,
)
from contest.submissions.queries.confirmations import demand_of
from contest.submissions.queries.works import authors_with_accounts
from contest.submissions.rules.limits import takes_words
from contest.submissions.rules.refusals import (
    ConfirmationOver,
    LetterTakenBack,
    OwnWork,
    ReasonsMissing,
    SignatureMissing,
)

_CODE_BYTES: Final = 18


def demand_confirmation(
    *, contest_round: Round, due_at: datetime | None, actor: Actor | None, now: datetime
) -> None:
    """Ask the units of a round to confirm works until an instant; None asks no longer.

    Raises:
        NotAnEssayRound: the round takes no works.
    """
    settings_of(contest_round)
    known = demand_of(contest_round.id)
    if due_at is None:
        if known is not None:
            db.session.delete(known)
    elif known is None:
        db.session.add(ConfirmationDemand(round_id=contest_round.id, due_at=due_at))
    else:
        known.due_at, known.reminded_at = due_at, None
    db.session.flush()
    record(
        "confirmation_demanded" if due_at else "confirmation_waived",
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
    )


def issue_letter(
    *, contest_round: Round, unit: Unit, actor: Actor, now: datetime
) -> ConfirmationLetter:
    """Issue a letter for a unit whose representative has no account; its link is its key."""
    letter = ConfirmationLetter(
        round_id=contest_round.id,
        round=contest_round,
        unit=unit,
        code=secrets.token_urlsafe(_CODE_BYTES),
        issued_by_id=actor.person_id,
        issued_at=now,
    )
    db.session.add(letter)
    db.session.flush()
    record(
        "confirmation_letter_issued",
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
        unit=unit.id,
    )
    return letter


def withdraw_letter(*, letter: ConfirmationLetter, actor: Actor, now: datetime) -> None:
    """Take a letter back: its link opens nothing any more; what was said by it stays.

    Raises:
        LetterTakenBack: it was taken back already.
    """
    claimed = db.session.execute(
        update(ConfirmationLetter)
        .where(ConfirmationLetter.id == letter.id, ConfirmationLetter.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise LetterTakenBack
    db.session.refresh(letter)
    record(
        "confirmation_letter_withdrawn",
        ("round", letter.round_id),
        letter.round.contest.scope_id,
        actor=actor,
        now=now,
        unit=letter.unit_id,
    )


def renew_letter(*, letter: ConfirmationLetter, actor: Actor, now: datetime) -> ConfirmationLetter:
    """Issue a letter with another code for the same unit, in place of one that is taken back.

    Raises:
        LetterTakenBack: it was taken back already.
    """
    withdraw_letter(letter=letter, actor=actor, now=now)
    return issue_letter(contest_round=letter.round, unit=letter.unit, actor=actor, now=now)


def confirm_work(
    *,
    work: Work,
    outcome: ConfirmationOutcome,
    remark: str,
    now: datetime,
    actor: Actor | None = None,
    letter: ConfirmationLetter | None = None,
    signed_as: str = "",
    address: str = "",
) -> UnitConfirmation:
    """Keep what a unit says about the version handed in; a later word takes its place.

    Args:
        work: handed in; that it is of the unit's people, the caller's query has asked.
        outcome: confirmed, or sent back.
        remark: for author and secretary; needed to send back.
        now: the instant of the request.
        actor: who has a right on the unit; or
        letter: by which it was said, and
        signed_as: by whom.
        address: page of the work for its authors, who get a letter where it comes back.

    Raises:
        ConfirmationOver: nobody asks, its day is over, or marking has begun.
        OwnWork: an author confirms nothing of their own.
        ReasonsMissing: sent back without a remark.
        SignatureMissing: by letter without a name.
    """
    if not takes_words(demand_of(work.round_id), work.round, now):
        raise ConfirmationOver
    if actor is not None and actor.person_id in {each.person_id for each in work.authors}:
        raise OwnWork
    if outcome is ConfirmationOutcome.RETURNED and not remark:
        raise ReasonsMissing
    if actor is None and not signed_as:
        raise SignatureMissing
    db.session.execute(
        update(UnitConfirmation)
        .where(UnitConfirmation.work_id == work.id, UnitConfirmation.is_current)
        .values(is_current=False)
    )
    said = UnitConfirmation(
        work_id=work.id,
        version_id=work.submitted_version_id,
        outcome=outcome,
        remark=remark,
        decided_by_id=None if actor is None else actor.person_id,
        letter_id=None if letter is None else letter.id,
        signed_as=signed_as[:120],
        decided_at=now,
        is_current=True,
    )
    db.session.add(said)
    db.session.flush()
    record_event("unit_said", work, actor=actor, now=now, outcome=outcome.value)
    if outcome is ConfirmationOutcome.RETURNED and address:
        for person in authors_with_accounts(work):
            send_unit_remark(
                person=person,
                work=work,
                remark=remark,
                address=address,
                key=f"submissions.unit_remark:{said.id}:{person.id}",
                now=now,
            )
    return said
