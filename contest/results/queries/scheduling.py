"""Reading scheduled publications: for organisers alone, the public sees nothing of them."""

from sqlalchemy import select

from contest.core.db import db
from contest.results.models import Over, ScheduledPublication, ScheduleState


def waiting_publication(over: Over) -> ScheduledPublication | None:
    """The publication of a round, or of totals, that waits for its instant."""
    return db.session.scalar(
        select(ScheduledPublication).where(
            ScheduledPublication.of(over),
            ScheduledPublication.state == ScheduleState.WAITING,
        )
    )


def stopped_publication(over: Over) -> ScheduledPublication | None:
    """The latest scheduled publication, if it was stopped and nothing came after."""
    latest = db.session.scalar(
        select(ScheduledPublication)
        .where(ScheduledPublication.of(over))
        .order_by(ScheduledPublication.id.desc())
        .limit(1)
    )
    return latest if latest is not None and latest.state is ScheduleState.STOPPED else None
