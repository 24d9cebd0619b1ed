"""Works, and what is written about a person, follow when accounts makes one record of two."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from contest.accounts.merging import Follower, register_follower
from contest.contests.models import Round
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.submissions.models import (
    ConfirmationLetter,
    LateCode,
    Subject,
    UnitConfirmation,
    Work,
    WorkAuthor,
)
from contest.submissions.rules.limits import BEFORE_MARKING


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
    db.session.execute(
        update(LateCode).where(LateCode.used_by_id == merged_id).values(used_by_id=kept_id)
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


def _said_by(person_ids: Collection[int]) -> ColumnElement[bool]:
    return UnitConfirmation.decided_by_id.in_(person_ids)


def _count_said(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(UnitConfirmation).where(_said_by([person_id]))
        )
        or 0
    )


def _own_words(person_ids: Collection[int]) -> Select[Any]:
    """What would turn out to be said about an own work, while it still counts for screening."""
    return (
        select(UnitConfirmation.id)
        .join(Work, Work.id == UnitConfirmation.work_id)
        .join(Round, Round.id == Work.round_id)
        .where(
            _said_by(person_ids),
            written_by(person_ids),
            UnitConfirmation.is_current,
            Round.stage.in_(BEFORE_MARKING),
        )
    )


def _warn_said(kept_id: int, merged_id: int) -> Sequence[Words]:
    own = _own_words((kept_id, merged_id)).subquery()
    count = db.session.scalar(select(func.count()).select_from(own)) or 0
    if not count:
        return ()
    return [
        ngettext(
            "This person would have confirmed %(num)s own essay. It waits for the unit again.",
            "This person would have confirmed %(num)s own essays. They wait for the unit again.",
            count,
        )
    ]


def _move_said(kept_id: int, merged_id: int, now: datetime) -> int:
    """Hand over what was said for a unit and letters issued; nobody confirms an own work."""
    del now
    own = db.session.scalars(_own_words((kept_id, merged_id))).all()
    db.session.execute(
        update(UnitConfirmation).where(UnitConfirmation.id.in_(own)).values(is_current=False)
    )
    db.session.execute(
        update(ConfirmationLetter)
        .where(ConfirmationLetter.issued_by_id == merged_id)
        .values(issued_by_id=kept_id)
    )
    moved: int = db.session.execute(
        update(UnitConfirmation).where(_said_by([merged_id])).values(decided_by_id=kept_id)
    ).rowcount  # type: ignore[attr-defined]
    return moved


def register() -> None:
    """Tell accounts about works, records of persons written about, and words of units."""
    register_follower(
        Follower(
            "written_about", _l("Records as a person written about"), _count_records, _move_records
        )
    )
    register_follower(Follower("works", _l("Essays"), _count, _move))
    # After the works: by then both records' works are the one person's.
    register_follower(
        Follower(
            "unit_confirmations",
            _l("Essays confirmed for a unit"),
            _count_said,
            _move_said,
            warnings=_warn_said,
        )
    )
