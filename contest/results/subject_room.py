"""Honoured persons of rounds, as the record of a person written about knows them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import aliased

from contest.accounts.personal_data import ERASED_NAME
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import gettext as _
from contest.results.models import Honour
from contest.submissions.models import SubjectPurpose
from contest.submissions.subject_rooms import Mention, SubjectRoom, register_room


def _mentions(subject_id: int) -> Sequence[Mention]:
    rows = db.session.execute(
        select(Honour, Round, Contest)
        .join(Round, Round.id == Honour.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Honour.subject_id == subject_id)
    )
    return [
        Mention(
            _("Honoured in %(round)s, %(contest)s", round=each.title, contest=contest.title),
            honour.added_at,
            honour.agreed_at is not None,
            "results.honours",
            {"slug": contest.slug, "number": each.number},
        )
        for honour, each, contest in rows
    ]


def _count(subject_ids: Collection[int]) -> Mapping[int, int]:
    rows = db.session.execute(
        select(Honour.subject_id, func.count())
        .where(Honour.subject_id.in_(subject_ids))
        .group_by(Honour.subject_id)
    )
    return dict(rows.all())


def _held() -> Select[int]:
    return select(Honour.subject_id)


def _obstacles(kept_id: int, merged_id: int) -> Sequence[Words]:
    other = aliased(Honour)
    titles = db.session.scalars(
        select(Round.title)
        .join(Honour, Honour.round_id == Round.id)
        .join(other, other.round_id == Round.id)
        .where(Honour.subject_id == kept_id, other.subject_id == merged_id)
    )
    return [
        _("Both are honoured in “%(round)s”: take one off that list first.", round=each)
        for each in titles
    ]


def _hand_over(from_id: int, to_id: int, keys: Collection[int] | None) -> list[int]:
    mine = select(Honour.id).where(Honour.subject_id == from_id)
    if keys is not None:
        mine = mine.where(Honour.id.in_(keys))
    going = list(db.session.scalars(mine.order_by(Honour.id)))
    _change(going, subject_id=to_id)
    return going


def _change(keys: Collection[int], **values: Any) -> int:
    changed: int = db.session.execute(
        update(Honour).where(Honour.id.in_(keys)).values(**values)
    ).rowcount  # type: ignore[attr-defined]
    return changed


def _keys(subject_id: int) -> list[int]:
    return list(db.session.scalars(select(Honour.id).where(Honour.subject_id == subject_id)))


def _withdraw(subject_id: int, purpose: str, now: datetime) -> int:
    """Whoever no longer agrees to be named stands in publications by initials, at once."""
    del now
    if purpose != SubjectPurpose.NAME:
        return 0
    return _change(_keys(subject_id), agreed_at=None)


def _erase(subject_id: int, now: datetime) -> int:
    del now
    hidden = {"full_name": ERASED_NAME, "unit_name": "", "citation": "", "agreed_at": None}
    return _change(_keys(subject_id), **hidden)


def register() -> None:
    """Tell the room of essays about honoured persons."""
    register_room(
        SubjectRoom("honours", _mentions, _count, _held, _obstacles, _hand_over, _withdraw, _erase)
    )
