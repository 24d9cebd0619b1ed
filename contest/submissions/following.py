"""Works, and what is written about a person, follow when accounts makes one record of two."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update

from contest.accounts.merging import Follower, register_follower
from contest.core.db import db
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.models import LateCode, Subject, Work, WorkAuthor


def written_by(person_ids: Collection[int]) -> ColumnElement[bool]:
    """Whether one of these people handed a work in or is named as its author."""
    named = select(WorkAuthor.work_id).where(WorkAuthor.person_id.in_(person_ids))
    return or_(Work.person_id.in_(person_ids), Work.id.in_(named))


def _count(person_id: int) -> int:
    return (
        db.session.scalar(select(func.count()).select_from(Work).where(written_by([person_id])))
        or 0
    )


def _move(kept_id: int, merged_id: int, now: datetime) -> int:
    """Hand over works and codes of the late door; names of authors stay as handed in."""
    del now
    moved = _count(merged_id)
    db.session.execute(update(Work).where(Work.person_id == merged_id).values(person_id=kept_id))
    db.session.execute(
        update(WorkAuthor).where(WorkAuthor.person_id == merged_id).values(person_id=kept_id)
    )
    db.session.execute(
        update(LateCode).where(LateCode.person_id == merged_id).values(person_id=kept_id)
    )
    return moved


def _count_records(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(Subject).where(Subject.person_id == person_id)
        )
        or 0
    )


def _move_records(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    moved = _count_records(merged_id)
    db.session.execute(
        update(Subject).where(Subject.person_id == merged_id).values(person_id=kept_id)
    )
    return moved


def register() -> None:
    """Tell accounts about works and about records of persons written about."""
    register_follower(
        Follower(
            "written_about", _l("Records as a person written about"), _count_records, _move_records
        )
    )
    register_follower(Follower("works", _l("Essays"), _count, _move))
