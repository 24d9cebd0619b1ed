"""Codes of the late door, and works that came through it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.contests.models import Entry
from contest.core.db import db
from contest.submissions.models import BlindCode, LateCode, Work, WorkState
from contest.submissions.rules.late_doors import read_late_code


def late_code(round_id: int, typed: str) -> LateCode | None:
    """A code of a round as typed."""
    return db.session.scalar(
        select(LateCode).where(
            LateCode.round_id == round_id, LateCode.code == read_late_code(typed)
        )
    )


def late_codes(round_id: int) -> list[LateCode]:
    """Every code issued in a round, the newest first."""
    return list(
        db.session.scalars(
            select(LateCode)
            .where(LateCode.round_id == round_id)
            .options(
                joinedload(LateCode.person),
                joinedload(LateCode.unit),
                joinedload(LateCode.used_by),
                joinedload(LateCode.issued_by),
            )
            .order_by(LateCode.id.desc())
        ).unique()
    )


def late_code_in(round_id: int, public_id: str) -> LateCode | None:
    """A code of a round by its public id."""
    return db.session.scalar(
        select(LateCode).where(LateCode.round_id == round_id, LateCode.public_id == public_id)
    )


def work_to_open(round_id: int, registration_id: int) -> Work | None:
    """The newest work of a registration that was not withdrawn; drafts before what is handed in."""
    return db.session.scalar(
        select(Work)
        .join(Work.entry)
        .where(
            Work.round_id == round_id,
            Entry.registration_id == registration_id,
            Work.state != WorkState.WITHDRAWN,
        )
        .order_by(Work.state == WorkState.SUBMITTED, Work.id.desc())
        .limit(1)
    )


def doors_open(round_id: int, now: datetime) -> bool:
    """Whether somebody who used a code is still writing within its validity."""
    return (
        db.session.scalar(
            select(Work.id)
            .where(Work.round_id == round_id, Work.late_until > now, Work.state == WorkState.DRAFT)
            .limit(1)
        )
        is not None
    )


def late_blind_codes(round_id: int) -> list[str]:
    """Blind codes of the works that came late by decision: for the chair, without a reason."""
    return list(
        db.session.scalars(
            select(BlindCode.code)
            .join(Work, Work.id == BlindCode.work_id)
            .where(BlindCode.round_id == round_id, Work.came_late)
            .order_by(BlindCode.code)
        )
    )
