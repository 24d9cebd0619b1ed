"""Profiles of the honour roll, as the record of a person written about knows them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from contest.accounts.personal_data import ERASED_NAME
from contest.awards.models import HonourProfile
from contest.awards.queries.honours import entry_of, has_consent
from contest.awards.rules.honours import searched
from contest.core.db import db
from contest.core.errors import Words
from contest.core.files import discard_files
from contest.core.i18n import gettext as _
from contest.core.vietnamese import name_sort_key
from contest.submissions.models import SubjectPurpose
from contest.submissions.subject_rooms import Mention, SubjectRoom, register_room


def _profiles(subject_id: int) -> list[HonourProfile]:
    return list(
        db.session.scalars(
            select(HonourProfile)
            .where(HonourProfile.subject_id == subject_id)
            .order_by(HonourProfile.id)
        )
    )


def _mentions(subject_id: int) -> Sequence[Mention]:
    return [
        Mention(
            _("On the honour roll") if each.published_at else _("Honour roll, not public yet"),
            each.created_at,
            entry_of(each, has_consent=has_consent(each)).is_open,
            public_endpoint="awards.honour" if each.published_at else "",
            public_values={"profile_id": each.public_id},
        )
        for each in _profiles(subject_id)
    ]


def _count(subject_ids: Collection[int]) -> Mapping[int, int]:
    rows = db.session.execute(
        select(HonourProfile.subject_id, func.count())
        .where(HonourProfile.subject_id.in_(subject_ids))
        .group_by(HonourProfile.subject_id)
    )
    return {key: count for key, count in rows if key is not None}


def _held() -> Select[Any]:
    return select(HonourProfile.subject_id).where(HonourProfile.subject_id.is_not(None))


def _obstacles(kept_id: int, merged_id: int) -> Sequence[Words]:
    del kept_id, merged_id
    return ()


def _hand_over(from_id: int, to_id: int, keys: Collection[int] | None) -> list[int]:
    going = [each for each in _profiles(from_id) if keys is None or each.id in keys]
    for each in going:
        each.subject_id = to_id
    db.session.flush()
    return [each.id for each in going]


def _withdraw(subject_id: int, purpose: str, now: datetime) -> int:
    """Without the name the public reads initials and no story; without the portrait, none."""
    del now
    changed = _profiles(subject_id)
    for each in changed:
        if purpose == SubjectPurpose.NAME:
            each.name_agreed_at = None
            each.search_folded = searched(each)
        elif purpose == SubjectPurpose.PORTRAIT:
            each.photo_agreed_at = None
    db.session.flush()
    return len(changed)


def _erase(subject_id: int, now: datetime) -> int:
    changed = _profiles(subject_id)
    portraits = [each.portrait_id for each in changed if each.portrait_id is not None]
    for each in changed:
        each.full_name, each.sort_key = ERASED_NAME, name_sort_key(ERASED_NAME)
        each.search_folded = each.summary = each.story = each.portrait_text = ""
        each.portrait_id = each.published_at = None
    db.session.flush()
    discard_files(portraits, now=now)
    return len(changed)


def register() -> None:
    """Tell the room of essays about the honour roll."""
    register_room(
        SubjectRoom(
            "honour_roll", _mentions, _count, _held, _obstacles, _hand_over, _withdraw, _erase
        )
    )
