"""Reading scheduled publications: for organisers alone, the public sees nothing of them."""

from sqlalchemy import select

from contest.core.db import db
from contest.results.models import ScheduledPublication, ScheduleState


def waiting_publication(round_id: int) -> ScheduledPublication | None:
    """The publication of a round that waits for its instant."""
    return db.session.scalar(
        select(ScheduledPublication).where(
            ScheduledPublication.round_id == round_id,
            ScheduledPublication.state == ScheduleState.WAITING,
        )
    )


def stopped_publication(round_id: int) -> ScheduledPublication | None:
    """The latest scheduled publication of a round, if it was stopped and nothing came after."""
    latest = db.session.scalar(
        select(ScheduledPublication)
        .where(ScheduledPublication.round_id == round_id)
        .order_by(ScheduledPublication.id.desc())
        .limit(1)
    )
    return latest if latest is not None and latest.state is ScheduleState.STOPPED else None
