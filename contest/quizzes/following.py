"""Attempts follow a person when accounts makes one record of two."""

from datetime import datetime

from sqlalchemy import func, select, update

from contest.accounts.merging import Follower, register_follower
from contest.core.db import db
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.models import Attempt


def _count(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.person_id == person_id)
        )
        or 0
    )


def _move(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    moved: int = db.session.execute(
        update(Attempt).where(Attempt.person_id == merged_id).values(person_id=kept_id)
    ).rowcount  # type: ignore[attr-defined]
    return moved


def register() -> None:
    """Tell accounts about attempts."""
    register_follower(Follower("attempts", _l("Attempts"), _count, _move))
