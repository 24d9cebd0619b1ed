"""Decisions that somebody is not ranked, with evidence, and the letters about them."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select

from contest.accounts.models import Person
from contest.contests.actions.decisions import contact_of
from contest.contests.models import Disqualification, Entry, Registration, Round
from contest.contests.queries import disqualified
from contest.contests.rules import AlreadyDisqualified, AlreadyLifted, ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail


def disqualify(
    *,
    entry: Entry,
    round: Round | None,
    reason: str,
    actor: Actor,
    now: datetime,
    evidence: Sequence[dict[str, str]] = (),
) -> Disqualification:
    """Decide that an entry is not ranked, in one round or in the whole contest.

    It takes effect in the next rank run; what was published stays until a correction says why. The
    person is told by mail, with the reason, the evidence and where to appeal.

    Args:
        entry: who is not ranked.
        round: where; None for the whole contest.
        reason: for the person and for the record.
        actor: who decides.
        now: the instant of the request.
        evidence: what it rests on, `{"sign", "words"}`, without anybody else's name.

    Raises:
        ReasonMissing: without a reason.
        AlreadyDisqualified: the entry is out there already.
    """
    if not reason.strip():
        raise ReasonMissing
    if _is_out(entry, round):
        raise AlreadyDisqualified
    decision = Disqualification(
        entry_id=entry.id,
        entry=entry,
        round_id=None if round is None else round.id,
        reason=reason.strip(),
        evidence=[dict(each) for each in evidence],
        decided_by_id=actor.person_id,
        decided_at=now,
        lifted_reason="",
    )
    db.session.add(decision)
    db.session.flush()
    registration = entry.registration
    _record(
        "disqualified",
        registration,
        actor=actor,
        now=now,
        data={
            "round": None if round is None else round.number,
            "reason": decision.reason,
            "evidence": [each["sign"] for each in decision.evidence],
        },
    )
    if _write(decision, round, registration, now):
        decision.told_at = now
    return decision


def _is_out(entry: Entry, round: Round | None) -> bool:
    if round is not None:
        return entry.id in disqualified(round)
    standing = db.session.scalar(
        select(Disqualification.id).where(
            Disqualification.entry_id == entry.id,
            Disqualification.round_id.is_(None),
            Disqualification.lifted_at.is_(None),
        )
    )
    return standing is not None


def _write(
    decision: Disqualification, round: Round | None, registration: Registration, now: datetime
) -> bool:
    """The letter about a decision; False for somebody without an address."""
    person: Person = registration.person
    if not person.email:
        return False
    with force_locale(person.locale):
        subject, body = disqualification_words(decision, round, registration)
        key = f"disqualified-{decision.id}"
        send_mail(to=person.email, subject=subject, body=body, now=now, key=key)
    return True


def disqualification_words(
    decision: Disqualification, round: Round | None, registration: Registration
) -> tuple[str, str]:
    """Subject and body of the letter to a person who is not ranked."""
    contest = registration.contest
    subject = _("You are not ranked: %(contest)s", contest=contest.title)
    if round is None:
        first = _("The organisers of “%(contest)s” decided not to rank you.", contest=contest.title)
    else:
        first = _(
            "The organisers of “%(contest)s” decided not to rank you in %(round)s.",
            contest=contest.title,
            round=round.title,
        )
    parts = [first, _("Reason: %(reason)s", reason=decision.reason)]
    if decision.evidence:
        lines = "\n".join(f"– {each['words']}" for each in decision.evidence)
        parts.append(_("What the decision rests on:") + f"\n{lines}")
    parts.append(
        _(
            "You have the right to appeal: write to the organisers and say what they should look "
            "at again. Your attempts and answers are kept as they are. Contact: %(contact)s",
            contact=contact_of(contest),
        )
    )
    return subject, "\n\n".join(parts) + "\n"


def lift_disqualification(
    *, disqualification: Disqualification, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a disqualification back; both decisions stay on record.

    Raises:
        ReasonMissing: without a reason.
        AlreadyLifted: it was lifted before.
    """
    if not reason.strip():
        raise ReasonMissing
    if disqualification.lifted_at is not None:
        raise AlreadyLifted
    disqualification.lifted_at, disqualification.lifted_reason = now, reason.strip()
    db.session.flush()
    _record(
        "disqualification_lifted",
        disqualification.entry.registration,
        actor=actor,
        now=now,
        data={"reason": disqualification.lifted_reason},
    )


def _record(
    what: str, registration: Registration, *, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    audit.record(
        f"contests.{what}",
        actor=actor,
        now=now,
        subject=("registration", registration.id),
        scope_id=registration.contest.scope_id,
        data=data,
        personal={"name": registration.full_name, "code": registration.code},
    )
