"""What units said about works: in copies of people's data, in erasure and in retention."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import joinedload

from contest.accounts.personal_data import Line, Record, Section
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.models import (
    ConfirmationOutcome,
    LateCode,
    UnitConfirmation,
    Work,
    WorkSubject,
)


def _outcome(outcome: ConfirmationOutcome) -> str:
    names = {
        ConfirmationOutcome.CONFIRMED: _("Confirmed by the unit"),
        ConfirmationOutcome.RETURNED: _("Sent back by the unit"),
    }
    return names[outcome]


def _said(title: str, said: UnitConfirmation) -> Record:
    return Record(
        [
            Line("contest", _l("Contest"), title),
            Line("outcome", _l("What the unit says"), _outcome(said.outcome)),
            Line("remark", _l("Remark"), said.remark or None),
            Line("said_at", _l("Said on"), said.decided_at),
        ]
    )


def _records(whose: ColumnElement[bool]) -> list[Record]:
    rows = db.session.execute(
        select(Contest.title, UnitConfirmation)
        .join(Work, Work.id == UnitConfirmation.work_id)
        .join(Round, Round.id == Work.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(whose)
        .order_by(UnitConfirmation.id)
    )
    return [_said(*row) for row in rows]


def unit_sections(person_id: int) -> list[Section]:
    """What units said about the person's essays, and what the person said for a unit.

    Who spoke for the unit, and whose essay the person confirmed, are data of others.
    """
    return [
        Section(
            "unit_confirmations",
            _l("What units said about your essays"),
            _records(Work.person_id == person_id),
        ),
        Section(
            "confirmations_given",
            _l("What you said for your unit about essays of others"),
            _records(UnitConfirmation.decided_by_id == person_id),
        ),
    ]


def late_door_section(person_id: int) -> Section:
    """Codes to hand in late that were issued for the person, or that the person used."""
    codes = db.session.execute(
        select(LateCode, Contest.title)
        .join(Round, Round.id == LateCode.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(or_(LateCode.person_id == person_id, LateCode.used_by_id == person_id))
        .options(joinedload(LateCode.unit))
        .order_by(LateCode.id)
    )
    return Section(
        "late_codes",
        _l("Codes to hand in late"),
        [
            Record(
                [
                    Line("contest", _l("Contest"), title),
                    Line("unit", _l("Unit"), None if code.unit is None else code.unit.name),
                    Line("reason", _l("Reason for handing in late"), code.reason or None),
                    Line("issued_at", _l("Issued on"), code.issued_at),
                    Line("valid_until", _l("Valid until"), code.valid_until),
                    Line("used_at", _l("Used on"), code.used_at),
                    Line("withdrawn_at", _l("Withdrawn on"), code.withdrawn_at),
                ]
            )
            for code, title in codes
        ],
    )


def _blank(which: ColumnElement[bool]) -> int:
    touched: int = db.session.execute(
        update(UnitConfirmation)
        .where(which)
        .values(remark="", signed_as="")
        .execution_options(synchronize_session="fetch")
    ).rowcount  # type: ignore[attr-defined]
    return touched


def forget_about_works(work_ids: Collection[int]) -> int:
    """Take remarks and names out of what units said about works; that it was said stays."""
    return _blank(UnitConfirmation.work_id.in_(work_ids))


def forget_about_subject(subject_id: int) -> int:
    """The same for the essays about a person: what their unit remarked tells of that person."""
    works = select(WorkSubject.work_id).where(WorkSubject.subject_id == subject_id)
    return _blank(UnitConfirmation.work_id.in_(works))


def worded(before: datetime) -> Select[Any]:
    """What still holds words or names, of rounds that closed by then."""
    return (
        select(UnitConfirmation.id)
        .join(Work, Work.id == UnitConfirmation.work_id)
        .join(Round, Round.id == Work.round_id)
        .where(
            Round.closed_at <= before,
            or_(UnitConfirmation.remark != "", UnitConfirmation.signed_as != ""),
        )
        .order_by(UnitConfirmation.id)
    )


def forget_words(keys: Collection[int], now: datetime) -> None:
    """Take remarks and names out of some of them."""
    del now
    _blank(UnitConfirmation.id.in_(keys))
