"""What follows two records that become one: the prepared counts of their contests are thrown away.

The job of the next hour counts them anew, so that nobody stands there as two persons.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from contest.accounts.merging import Follower, register_follower
from contest.contests.models import Registration
from contest.core.db import db
from contest.core.i18n import lazy_gettext as _l
from contest.reports.models import ParticipationCount


def _contests(*person_ids: int) -> Sequence[int]:
    return db.session.scalars(
        select(Registration.contest_id).where(Registration.person_id.in_(person_ids)).distinct()
    ).all()


def _count(person_id: int) -> int:
    return len(_contests(person_id))


def _move(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    thrown: int = db.session.execute(
        delete(ParticipationCount).where(
            ParticipationCount.contest_id.in_(_contests(kept_id, merged_id))
        )
    ).rowcount  # type: ignore[attr-defined]
    return thrown


def register() -> None:
    """Tell accounts what follows a person."""
    register_follower(
        Follower("participation_counts", _l("Contests counted in reports"), _count, _move)
    )
