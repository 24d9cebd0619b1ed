"""Decisions about rounds that contestants are told: extension and annulment."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from flask_babel import force_locale
from sqlalchemy import select, update

from contest.accounts.models import Person
from contest.contests.annulling import take_back
from contest.contests.models import (
    Contest,
    Registration,
    Round,
    RoundDecision,
    RoundDecisionKind,
    Stage,
)
from contest.contests.rules.refusals import NothingToAnnul, ReasonMissing, RoundAnnulled
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail

TELL_JOB: Final = "contests.tell_decision"
TOLD_AT_ONCE: Final = 200


def record_extension(
    *, round: Round, old_closes_at: datetime | None, reason: str, actor: Actor | None, now: datetime
) -> RoundDecision:
    """Keep the decision that a running round closes later, and tell everybody registered."""
    return _decide(
        round,
        RoundDecisionKind.EXTENSION,
        reason,
        (old_closes_at, round.closes_at),
        actor=actor,
        now=now,
    )


def annul_round(
    *, round: Round, reason: str, also: Collection[str] = (), actor: Actor, now: datetime
) -> tuple[RoundDecision, list[Words]]:
    """Annul a round that has opened: nobody begins any more, it is not ranked and not added up.

    Attempts, scores and publications stay as they are; the contest's page says that the round was
    annulled and why, and everybody registered is told by mail.

    Args:
        round: that has opened.
        reason: everybody reads it.
        also: codes of what is taken back with it, see `annulling.taken_back_with`.
        actor: who decides.
        now: the instant of the request.

    Returns:
        The decision, and in words what was taken back.

    Raises:
        NothingToAnnul: it has not opened.
        RoundAnnulled: it was annulled before.
        ReasonMissing: no reason is given.
    """
    if round.stage is Stage.PLANNED:
        raise NothingToAnnul
    if not reason.strip():
        raise ReasonMissing
    values: dict[str, object] = {"annulled_at": now}
    if round.stage is Stage.OPEN:
        values |= {"stage": Stage.CLOSED, "closed_at": now}
    claimed = db.session.execute(
        update(Round)
        .where(Round.id == round.id, Round.annulled_at.is_(None), Round.stage == round.stage)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise RoundAnnulled
    db.session.refresh(round, ["stage", "closed_at", "annulled_at"])
    window = (round.closes_at, None)
    decision = _decide(round, RoundDecisionKind.ANNULMENT, reason, window, actor=actor, now=now)
    done = take_back(also, round=round, reason=decision.reason, actor=actor, now=now)
    return decision, done


def _decide(
    round: Round,
    kind: RoundDecisionKind,
    reason: str,
    closes: tuple[datetime | None, datetime | None],
    *,
    actor: Actor | None,
    now: datetime,
) -> RoundDecision:
    decision = RoundDecision(
        round_id=round.id,
        kind=kind,
        reason=reason.strip(),
        old_closes_at=closes[0],
        new_closes_at=closes[1],
        decided_by_id=None if actor is None else actor.person_id,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    audit.record(
        f"contests.round_{kind.value}",
        actor=actor,
        now=now,
        subject=("round", round.id),
        scope_id=round.contest.scope_id,
        data={"decision": decision.id, "reason": decision.reason},
    )
    jobs.enqueue(
        TELL_JOB,
        payload={"decision": decision.id},
        actor=actor,
        now=now,
        key=f"decision-{decision.id}",
    )
    return decision


def tell_some(*, decision: RoundDecision, after: int, now: datetime) -> int | None:
    """Write letters about a decision to the next registered people who have an address.

    Each in the person's language. Run again it writes none twice: each letter has a key.

    Returns:
        The last registration looked at, or None when all have been told.
    """
    rows = db.session.execute(
        select(Registration.id, Person.email, Person.locale)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.contest_id == decision.round.contest_id,
            Registration.withdrawn_at.is_(None),
            Registration.id > after,
            Person.email.is_not(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Registration.id)
        .limit(TOLD_AT_ONCE)
    ).all()
    words: dict[str, tuple[str, str]] = {}
    for registration_id, email, locale in rows:
        if locale not in words:
            with force_locale(locale):
                words[locale] = decision_words(decision)
        subject, body = words[locale]
        key = f"decision-{decision.id}-{registration_id}"
        send_mail(to=email or "", subject=subject, body=body, now=now, key=key)
    decision.told += len(rows)
    if len(rows) < TOLD_AT_ONCE:
        decision.told_at = now
        return None
    return int(rows[-1].id)


def decision_words(decision: RoundDecision) -> tuple[str, str]:
    """Subject and body of the letter about a decision."""
    round = decision.round
    names = {"contest": round.contest.title, "round": round.title}
    if decision.kind is RoundDecisionKind.EXTENSION:
        subject = _("%(round)s closes later: %(contest)s", **names)
        first = _(
            "%(round)s of “%(contest)s” now closes on %(closes)s.",
            **names,
            closes=format_instant(decision.new_closes_at),
        )
    else:
        subject = _("%(round)s is annulled: %(contest)s", **names)
        first = _("%(round)s of “%(contest)s” was annulled and no longer counts.", **names)
    reason = _("Reason: %(reason)s", reason=decision.reason)
    appeal = _(
        "If you disagree, write to the organisers: %(contact)s", contact=contact_of(round.contest)
    )
    return subject, f"{first}\n\n{reason}\n\n{appeal}\n"


def contact_of(contest: Contest) -> str:
    """Where people write to the organisers of a contest."""
    return contest.contact.strip() or contest.unit.name
