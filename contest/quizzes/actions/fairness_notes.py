"""Who looked at the signs of a round, and what they wrote about it."""

from datetime import datetime

from sqlalchemy import Connection, insert

from contest.contests.models import Entry, Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.core.transactions import record_apart
from contest.quizzes.models import FairnessNote


class NoteEmpty(RuleBroken):
    """A note says something."""

    message = _l("Write what you looked at and what you think.")


def record_look(*, contest_round: Round, entry: Entry | None, actor: Actor, now: datetime) -> None:
    """Keep who looked at the signs of a round, or of one person; the page itself only reads."""
    event = audit.event_values(
        "quizzes.signs_seen",
        actor=actor,
        now=now,
        subject=("round", contest_round.id) if entry is None else ("entry", entry.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number},
    )

    def write(connection: Connection) -> None:
        connection.execute(insert(audit.AuditEvent).values(**event))

    record_apart(write)


def write_note(
    *,
    contest_round: Round,
    entry: Entry,
    body: str,
    settles: bool,
    actor: Actor,
    now: datetime,
) -> FairnessNote:
    """Keep what somebody thinks after looking; notes are never changed.

    Args:
        contest_round: the round.
        entry: whose signs.
        body: the words.
        settles: whether nothing is left to look at.
        actor: who writes.
        now: the instant of the request.

    Raises:
        NoteEmpty: there are no words.
    """
    if not body.strip():
        raise NoteEmpty
    note = FairnessNote(
        round_id=contest_round.id,
        entry_id=entry.id,
        body=body.strip(),
        settles=settles,
        written_by_id=actor.person_id,
        written_at=now,
    )
    db.session.add(note)
    db.session.flush()
    audit.record(
        "quizzes.signs_noted",
        actor=actor,
        now=now,
        subject=("entry", entry.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "settles": settles},
    )
    return note
