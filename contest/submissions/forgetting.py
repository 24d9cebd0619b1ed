"""What this room keeps for a time only: essays that were begun and never handed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from contest.contests.models import Round
from contest.core.db import db
from contest.core.files import discard_files
from contest.core.retention import RetentionRule, register_rule
from contest.submissions.keeping import blank_essay, let_files_go
from contest.submissions.models import Work, WorkFile, WorkState, WorkVersion


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


def register() -> None:
    """Tell what is kept for how long."""
    register_rule(RetentionRule("drafts", _abandoned, _forget))
