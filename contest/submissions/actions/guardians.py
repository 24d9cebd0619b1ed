"""A guardian agrees that an essay of a child is published, or agrees no longer."""

from datetime import date, datetime

from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.records import record
from contest.submissions.models import ConsentChannel, GuardianConsent, Work, WorkAuthor
from contest.submissions.rules.refusals import ConsentInTheFuture
from contest.submissions.rules.subjects import GUARDIAN_WORDS


def record_guardian_consent(
    *,
    work: Work,
    author: WorkAuthor,
    guardian: str,
    relation: str,
    given_on: date,
    channel: ConsentChannel,
    kept_where: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> GuardianConsent:
    """Note that a guardian agrees; the child's own consent is asked for apart.

    Args:
        work: the essay.
        author: the child, an author of it.
        guardian: full name.
        relation: what they are to the child.
        given_on: the day on the paper.
        channel: how it reached the organisers.
        kept_where: where the paper lies.
        actor: who notes it.
        now: the instant of the request.
        today: its day.

    Raises:
        ConsentInTheFuture: the day is yet to come.
    """
    if given_on > today:
        raise ConsentInTheFuture
    made = GuardianConsent(
        work_id=work.id,
        position=author.position,
        guardian=guardian,
        relation=relation,
        wording=GUARDIAN_WORDS,
        channel=channel,
        given_on=given_on,
        kept_where=kept_where,
        recorded_by_id=actor.person_id,
        recorded_at=now,
    )
    db.session.add(made)
    db.session.flush()
    _note("guardian_agreed", work, author.position, actor=actor, now=now)
    return made


def withdraw_guardian_consent(
    *, work: Work, consent: GuardianConsent, actor: Actor, now: datetime
) -> None:
    """The guardian agrees no longer; the page of the essay closes at once."""
    if consent.withdrawn_at is not None:
        return
    consent.withdrawn_at, consent.withdrawn_by_id = now, actor.person_id
    db.session.flush()
    _note("guardian_withdrew", work, consent.position, actor=actor, now=now)


def _note(what: str, work: Work, position: int, *, actor: Actor, now: datetime) -> None:
    scope_id = work.round.contest.scope_id
    record(what, ("work", work.id), scope_id, actor=actor, now=now, position=position)
