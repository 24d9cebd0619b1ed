"""What follows a person into another record: appeals, re-markings and signatures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from contest.accounts.merging import Follower, register_follower
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.results.models import Appeal, AppealMark, Signatory, Signature

_TABLES: Final[tuple[type[Any], ...]] = (Appeal, AppealMark, Signatory, Signature)


def _count(person_id: int) -> int:
    return sum(
        db.session.scalar(
            select(func.count()).select_from(table).where(table.person_id == person_id)
        )
        or 0
        for table in _TABLES
    )


def _obstacles(kept_id: int, merged_id: int) -> Sequence[Words]:
    """One person cannot mark an appeal twice, nor mark their own."""
    both = (kept_id, merged_id)
    other = aliased(AppealMark)
    titles = db.session.scalars(
        select(Contest.title)
        .join(Round, Round.contest_id == Contest.id)
        .join(Appeal, Appeal.round_id == Round.id)
        .join(AppealMark, AppealMark.appeal_id == Appeal.id)
        .outerjoin(other, (other.appeal_id == Appeal.id) & (other.position != AppealMark.position))
        .where(
            AppealMark.person_id.in_(both),
            Appeal.person_id.in_(both) | other.person_id.in_(both),
        )
        .distinct()
        .order_by(Contest.title)
    )
    return [
        _(
            "In “%(contest)s” both records have a part in marking one appeal again: it has to be "
            "decided first with different people.",
            contest=title,
        )
        for title in titles
    ]


def _move(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    moved = 0
    for table in _TABLES:
        moved += db.session.execute(
            update(table).where(table.person_id == merged_id).values(person_id=kept_id)
        ).rowcount  # type: ignore[attr-defined]
    return moved


def register() -> None:
    """Tell accounts about appeals and signatures."""
    register_follower(Follower("appeals", _l("Appeals and signatures"), _count, _move, _obstacles))
