"""Inviting winners to answer again under the organisers' eyes, and what it showed."""

from datetime import datetime

from flask_babel import force_locale

from contest.accounts.models import Person
from contest.contests.actions import contact_of
from contest.contests.models import Entry, Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.mail import send_mail
from contest.quizzes.models import Verification, VerificationOutcome
from contest.quizzes.queries.fairness import finished_of_entry, verification_of


class NothingToVerify(RuleBroken):
    """Only finished attempts of a closed round can be confirmed."""

    message = _l("Only somebody with a finished attempt in a closed round can be invited.")


class InvitedAlready(RuleBroken):
    """There is one verification for each entry and round."""

    message = _l("This person was invited already.")


class OutcomeRecorded(RuleBroken):
    """An outcome is recorded once."""

    message = _l("The outcome has been recorded already.")


class CountsDoNotFit(RuleBroken):
    """More right answers than questions."""

    message = _l("There cannot be more right answers than questions.")


def invite_to_verification(
    *,
    contest_round: Round,
    entry: Entry,
    held_at: datetime,
    words: str,
    actor: Actor,
    now: datetime,
) -> Verification:
    """Ask somebody to answer again, by letter where there is an address.

    Args:
        contest_round: the round whose result is to be confirmed.
        entry: who is invited.
        held_at: when it is held.
        words: where, how long, what to bring.
        actor: who invites.
        now: the instant of the request.

    Raises:
        NothingToVerify: the round is open, or there is no finished attempt.
        InvitedAlready: they were invited before.
    """
    is_open = contest_round.stage in (Stage.PLANNED, Stage.OPEN)
    if is_open or not finished_of_entry(contest_round.id, entry.id):
        raise NothingToVerify
    if verification_of(contest_round.id, entry.id) is not None:
        raise InvitedAlready
    found = Verification(
        round_id=contest_round.id,
        entry_id=entry.id,
        held_at=held_at,
        words=words.strip(),
        invited_by_id=actor.person_id,
        invited_at=now,
        note="",
    )
    db.session.add(found)
    db.session.flush()
    _tell(found, contest_round, entry.registration.person, now)
    data: dict[str, object] = {"held_at": held_at.isoformat()}
    _record("invited_to_verify", contest_round, entry, actor=actor, now=now, data=data)
    return found


def _tell(found: Verification, contest_round: Round, person: Person, now: datetime) -> None:
    if not person.email:
        return
    contest = contest_round.contest
    with force_locale(person.locale):
        body = _(
            "The organisers of “%(contest)s” invite you to confirm your result in %(round)s on "
            "%(when)s.\n\n%(words)s\n\nSuch an invitation is usual for people who may win. "
            "It is no accusation, and no result changes by itself. Contact: %(contact)s\n",
            contest=contest.title,
            round=contest_round.title,
            when=format_instant(found.held_at),
            words=found.words,
            contact=contact_of(contest),
        )
        subject = _("Confirm your result: %(contest)s", contest=contest.title)
    key = f"verification-{found.id}"
    send_mail(to=person.email, subject=subject, body=body, now=now, key=key)


def record_verification(
    *,
    found: Verification,
    contest_round: Round,
    outcome: VerificationOutcome,
    right_count: int | None,
    question_count: int | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what a verification showed; the ranking does not change by it.

    Args:
        found: the invitation.
        contest_round: its round.
        outcome: what it showed.
        right_count: right answers there, or None.
        question_count: of so many questions, or None.
        note: in words.
        actor: who records.
        now: the instant of the request.

    Raises:
        OutcomeRecorded: it has an outcome.
        CountsDoNotFit: more right answers than questions.
    """
    if found.outcome is not None:
        raise OutcomeRecorded
    if right_count is not None and right_count > (question_count or 0):
        raise CountsDoNotFit
    found.outcome = outcome
    found.right_count, found.question_count = right_count, question_count
    found.note = note.strip()
    found.recorded_by_id, found.recorded_at = actor.person_id, now
    db.session.flush()
    data: dict[str, object] = {"outcome": outcome.value}
    data |= {"right": right_count, "questions": question_count}
    _record("verified", contest_round, found.entry, actor=actor, now=now, data=data)


def _record(
    what: str,
    contest_round: Round,
    entry: Entry,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, object],
) -> None:
    audit.record(
        f"quizzes.{what}",
        actor=actor,
        now=now,
        subject=("entry", entry.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, **data},
    )
