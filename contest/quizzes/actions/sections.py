"""Sections with a time limit of their own: going on to the next, and moving them by decisions."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import InvalidInput
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.models import Attempt
from contest.quizzes.queries.sittings import Sitting
from contest.quizzes.rules.sections import (
    Span,
    left_behind,
    place_at,
    read_spans,
    write_spans,
)
from contest.quizzes.rules.timing import AttemptEnded


class NoSuchSection(InvalidInput):
    """Sections are gone through one after another."""

    message = _l("From here you can only go on to the next section.")


def go_on(*, sitting: Sitting, onto: int, actor: Actor, now: datetime) -> bool:
    """Leave the present section before its end; the next one begins now with its whole time.

    Where the attempt is already there (a second press, or the time was over), nothing changes.
    The end of the attempt comes earlier by what was left over; a claim looks at that end, so that
    of two presses or a decision at the same moment one is first and nothing is done twice.

    Args:
        sitting: the person's own attempt, on the device that writes.
        onto: the section to go to, counted from 0.
        actor: whose attempt it is.
        now: the instant of the request.

    Returns:
        Whether this call left the section.

    Raises:
        AttemptEnded: it was handed in, or its time is over.
        NoSuchSection: there is none, or it is not the next one.
    """
    if sitting.submitted_at is not None or now > sitting.grace_until:
        raise AttemptEnded
    spans = sitting.spans
    place = place_at(spans, now)
    if not 0 <= onto < len(spans) or onto > place + 1:
        raise NoSuchSection
    if onto <= place:
        return False
    after = left_behind(spans, now)
    claimed = db.session.execute(
        update(Attempt)
        .where(
            Attempt.id == sitting.id,
            Attempt.submitted_at.is_(None),
            Attempt.deadline_at == sitting.deadline_at,
            Attempt.writer == sitting.writer,
        )
        .values(
            sections=write_spans(after),
            deadline_at=after[-1].ends_at,
            grace_until=after[-1].until,
        )
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    audit.record(
        "quizzes.section_left",
        actor=actor,
        now=now,
        subject=("attempt", sitting.id),
        scope_id=sitting.contest_scope_id,
        data={
            "section": place + 1,
            "left_over_s": int((spans[place].ends_at - now).total_seconds()),
        },
    )
    return True


def move_sections(
    *whose: ColumnElement[bool], follow: Callable[[int, tuple[Span, ...]], tuple[Span, ...]]
) -> None:
    """Let the sections of open attempts follow a decision that has just moved their ends.

    To be called after the statement that moved them, in the same unit: that has locked the rows.

    Args:
        whose: which attempts.
        follow: the new sections, given the attempt's id and the present ones; the last one ends
            where the attempt does.
    """
    rows = db.session.execute(
        select(Attempt.id, Attempt.sections).where(
            Attempt.submitted_at.is_(None), Attempt.sections.is_not(None), *whose
        )
    ).all()
    for row in rows:
        db.session.execute(
            update(Attempt)
            .where(Attempt.id == row.id)
            .values(sections=write_spans(follow(row.id, read_spans(row.sections))))
            .execution_options(synchronize_session=False)
        )
