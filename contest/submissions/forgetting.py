"""What this room keeps for a time only: drafts, records nobody needs, remarks about works."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, Text, cast, or_, select

from contest.contests.models import Round
from contest.core.db import db
from contest.core.files import discard_files
from contest.core.retention import RetentionRule, register_rule
from contest.submissions.actions.subject_records import erase_subject
from contest.submissions.decision_words import (
    forget_late_reasons,
    forget_remarks,
    late_with_reason,
    remarked,
)
from contest.submissions.keeping import blank_essay, let_files_go
from contest.submissions.models import (
    Subject,
    Work,
    WorkFile,
    WorkState,
    WorkSubject,
    WorkVersion,
)
from contest.submissions.subject_rooms import rooms
from contest.submissions.unit_words import forget_words, worded

_EMPTY: Final = "{}"


def _abandoned(before: datetime) -> Select[Any]:
    """Drafts of rounds that closed by then, as long as they hold words or files."""
    has_words = select(WorkVersion.id).where(
        WorkVersion.work_id == Work.id,
        or_(
            WorkVersion.title != "",
            WorkVersion.body_html != "",
            WorkVersion.body_text != "",
            WorkVersion.subject_name != "",
            WorkVersion.subject_unit != "",
            WorkVersion.subject_reason != "",
            cast(WorkVersion.answers, Text) != _EMPTY,
            cast(WorkVersion.private_answers, Text) != _EMPTY,
        ),
    )
    has_files = select(WorkFile.id).where(WorkFile.work_id == Work.id)
    return (
        select(Work.id)
        .join(Round, Round.id == Work.round_id)
        .where(
            Work.state == WorkState.DRAFT,
            Round.closed_at <= before,
            or_(has_words.exists(), has_files.exists()),
        )
        .order_by(Work.id)
    )


def _forget(keys: Sequence[Any], now: datetime) -> None:
    for work in db.session.scalars(select(Work).where(Work.id.in_(keys))):
        discard_files(let_files_go(work), now=now)
        blank_essay(work)


def _unneeded(before: datetime) -> Select[Any]:
    """Records of persons written about that no essay and no other room needs any more.

    Their essays were linked to somebody else, or they were merged: the time to undo it is over.
    """
    needed = [select(WorkSubject.subject_id), *(room.held() for room in rooms())]
    return (
        select(Subject.id)
        .where(
            Subject.created_at <= before,
            Subject.erased_at.is_(None),
            *(Subject.id.not_in(each) for each in needed),
        )
        .order_by(Subject.id)
    )


def _forget_records(keys: Sequence[Any], now: datetime) -> None:
    for subject in db.session.scalars(select(Subject).where(Subject.id.in_(keys))):
        if subject.erased_at is None:
            erase_subject(subject=subject, actor=None, now=now)


def register() -> None:
    """Tell what is kept for how long."""
    register_rule(RetentionRule("subjects", _unneeded, _forget_records))
    register_rule(RetentionRule("drafts", _abandoned, _forget))
    register_rule(RetentionRule("unit_confirmations", worded, forget_words))
    register_rule(RetentionRule("screening_remarks", remarked, forget_remarks))
    register_rule(RetentionRule("late_reasons", late_with_reason, forget_late_reasons))
