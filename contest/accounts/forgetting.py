"""What this room keeps for a time only: ended sign-ins, spent codes, fetched copies of data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, update

from contest.accounts.models import OneTimeCode, SignIn, SubjectRequest
from contest.core.db import db
from contest.core.files import discard_files
from contest.core.retention import RetentionRule, forgetting_rows, register_rule


def _ended_sign_ins(before: datetime) -> Select[Any]:
    return select(SignIn.id).where(or_(SignIn.ended_at <= before, SignIn.expires_at <= before))


def _spent_codes(before: datetime) -> Select[Any]:
    return select(OneTimeCode.id).where(
        or_(
            OneTimeCode.used_at <= before,
            OneTimeCode.withdrawn_at <= before,
            OneTimeCode.expires_at <= before,
        )
    )


def _old_copies(before: datetime) -> Select[Any]:
    return select(SubjectRequest.id).where(
        SubjectRequest.file_id.is_not(None), SubjectRequest.file_until <= before
    )


def _forget_copies(keys: Sequence[Any], now: datetime) -> None:
    files = db.session.scalars(
        select(SubjectRequest.file_id).where(SubjectRequest.id.in_(keys))
    ).all()
    db.session.execute(
        update(SubjectRequest).where(SubjectRequest.id.in_(keys)).values(file_id=None)
    )
    discard_files([file_id for file_id in files if file_id is not None], now=now)


def register() -> None:
    """Tell what is kept for how long."""
    register_rule(RetentionRule("sign_ins", _ended_sign_ins, forgetting_rows(SignIn)))
    register_rule(RetentionRule("codes", _spent_codes, forgetting_rows(OneTimeCode)))
    register_rule(RetentionRule("data_copies", _old_copies, _forget_copies))
