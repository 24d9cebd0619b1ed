"""Choosing whom to honour of those written about, beside the prizes."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.models import Honour
from contest.results.queries.honours import honours, subject_of_work
from contest.results.rules.refusals import CitationMissing, HonourKnown
from contest.submissions.actions import link_subject
from contest.submissions.models import Work


def _record(what: str, round: Round, honour: Honour, *, actor: Actor, now: datetime) -> None:
    audit.record(
        f"results.{what}",
        actor=actor,
        now=now,
        subject=("honour", honour.id),
        scope_id=round.contest.scope_id,
        data={
            "round": round.number,
            "position": honour.position,
            "agreed": honour.agreed_at is not None,
        },
        personal={"name": honour.full_name, "citation": honour.citation},
    )


def honour_subject(
    *, round: Round, work: Work, citation: str, actor: Actor, now: datetime
) -> Honour:
    """Put the person whom a work is about at the end of the list.

    Raises:
        CitationMissing: nothing says why.
        HonourKnown: the person is on the list.
    """
    if not citation.strip():
        raise CitationMissing
    subject = subject_of_work(work.id)
    if subject is None:
        subject = link_subject(work=work, subject=None, actor=actor, now=now)
    present = honours(round.id)
    honour = Honour(
        round_id=round.id,
        subject_id=subject.id,
        position=max((one.position for one in present), default=0) + 1,
        full_name=subject.full_name,
        unit_name=subject.unit_name,
        citation=citation.strip(),
        agreed_at=subject.consented_at,
        added_by_id=actor.person_id,
        added_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(honour)
    except IntegrityError:
        raise HonourKnown from None
    _record("subject_honoured", round, honour, actor=actor, now=now)
    return honour


def edit_honour(
    *,
    round: Round,
    honour: Honour,
    citation: str,
    full_name: str | None = None,
    unit_name: str | None = None,
    agreed: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what the list says of a person, and whether they agree to be named.

    Args:
        round: whose list it is.
        honour: the line.
        citation: why they are honoured.
        full_name: as it is to be published; None leaves it.
        unit_name: likewise.
        agreed: the organisers know that the person agrees to be named.
        actor: who changes it.
        now: the instant of the request.

    Raises:
        CitationMissing: nothing says why.
    """
    if not citation.strip():
        raise CitationMissing
    honour.citation = citation.strip()
    honour.full_name = (full_name or "").strip() or honour.full_name
    if unit_name is not None:
        honour.unit_name = unit_name.strip()
    honour.agreed_at = (honour.agreed_at or now) if agreed else None
    db.session.flush()
    _record("honour_changed", round, honour, actor=actor, now=now)


def move_honour(*, round: Round, honour: Honour, up: bool, actor: Actor, now: datetime) -> None:
    """Let a person change places with the one before or behind."""
    lines = honours(round.id)
    at = next(index for index, one in enumerate(lines) if one.id == honour.id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(lines):
        return
    lines[at], lines[to] = lines[to], lines[at]
    for position, line in enumerate(lines, 1):
        line.position = position
    db.session.flush()
    _record("honour_moved", round, honour, actor=actor, now=now)


def remove_honour(*, round: Round, honour: Honour, actor: Actor, now: datetime) -> None:
    """Take a person off the list; what was decided and published before stays."""
    _record("honour_removed", round, honour, actor=actor, now=now)
    db.session.delete(honour)
    db.session.flush()
