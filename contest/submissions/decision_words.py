"""What secretaries wrote about works: in copies of people's data, in erasure and in retention.

Remarks of the screening, remarks on works that share passages, and why somebody was late. The
decisions themselves stay: a result rests on them.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update

from contest.accounts.personal_data import Line, Record, Section
from contest.contests.models import Contest, Round, Stage
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold
from contest.submissions.models import (
    BlindCode,
    LateCode,
    NearDuplicate,
    Screening,
    ScreeningOutcome,
    Work,
    WorkAuthor,
    WorkSubject,
)
from contest.submissions.rules.screening import reason_words


def _outcome(outcome: ScreeningOutcome) -> str:
    names = {
        ScreeningOutcome.PASSED: _("Goes on to the judges"),
        ScreeningOutcome.RETURNED: _("Back to the author, to be mended"),
        ScreeningOutcome.INELIGIBLE: _("Breaks the rules, is not marked"),
    }
    return names[outcome]


def screening_section(person_id: int) -> Section:
    """What the screening decided about the person's essays, as the person was told.

    Who decided is data of others. A work that came onto a shortlist was screened before.
    """
    rows = db.session.execute(
        select(Contest.title, Screening)
        .join(Work, Work.id == Screening.work_id)
        .join(Round, Round.id == Work.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Work.person_id == person_id, Work.advanced_from_id.is_(None))
        .order_by(Screening.id)
    )
    return Section(
        "screening",
        _l("What was decided about your essays before the marking"),
        [
            Record(
                [
                    Line("contest", _l("Contest"), title),
                    Line("outcome", _l("Decision"), _outcome(decision.outcome)),
                    Line("reasons", _l("Reasons"), "; ".join(reason_words(decision.reasons))),
                    Line("note", _l("Note for the author"), decision.note or None),
                    Line("decided_at", _l("Decided on"), decision.decided_at),
                ]
            )
            for title, decision in rows
        ],
    )


def forget_about_works(work_ids: Collection[int]) -> int:
    """Take remarks out of what secretaries noted about works.

    Returns:
        How many remarks there were.
    """
    return _blank_screenings(Screening.work_id.in_(work_ids)) + _blank_pairs(_either(work_ids))


def forget_about_subject(subject_id: int) -> int:
    """The same for the essays about a person."""
    works = select(WorkSubject.work_id).where(WorkSubject.subject_id == subject_id)
    return _blank_screenings(Screening.work_id.in_(works)) + _blank_pairs(
        or_(NearDuplicate.work_a_id.in_(works), NearDuplicate.work_b_id.in_(works))
    )


def _either(work_ids: Collection[int]) -> ColumnElement[bool]:
    return or_(NearDuplicate.work_a_id.in_(work_ids), NearDuplicate.work_b_id.in_(work_ids))


def _blank_screenings(which: ColumnElement[bool]) -> int:
    touched: int = db.session.execute(
        update(Screening)
        .where(which, Screening.note != "")
        .values(note="")
        .execution_options(synchronize_session="fetch")
    ).rowcount  # type: ignore[attr-defined]
    return touched


def _blank_pairs(which: ColumnElement[bool]) -> int:
    touched: int = db.session.execute(
        update(NearDuplicate)
        .where(which, NearDuplicate.verdict_note != "")
        .values(verdict_note="")
        .execution_options(synchronize_session="fetch")
    ).rowcount  # type: ignore[attr-defined]
    return touched


def forget_found_names(person_id: int, name: str) -> None:
    """Take the name of an author out of what was found in texts and hidden from judges.

    In works that are decided: before that, what was found is what hides the name.

    Args:
        person_id: an author or co-author.
        name: as recorded until now.
    """
    mine = select(WorkAuthor.work_id).where(WorkAuthor.person_id == person_id)
    rows = db.session.scalars(
        select(BlindCode)
        .join(Round, Round.id == BlindCode.round_id)
        .where(
            or_(
                BlindCode.work_id.in_(mine),
                BlindCode.work_id.in_(select(Work.id).where(Work.person_id == person_id)),
            ),
            Round.stage == Stage.PUBLISHED,
        )
    )
    for row in rows:
        # Beside the name: addresses and telephone numbers, which nobody else's page needs.
        row.masked = [
            {**each, "found": ""} if _tells(each["kind"], each["found"], name) else each
            for each in row.masked
        ]
    db.session.flush()


def _tells(kind: str, found: str, name: str) -> bool:
    part, whole = fold(found), fold(name)
    return kind != "name" or part in whole or whole in part


def remarked(before: datetime) -> Select[Any]:
    """Works with remarks of secretaries, of rounds that closed by then."""
    noted = select(Screening.id).where(Screening.work_id == Work.id, Screening.note != "")
    paired = select(NearDuplicate.id).where(
        NearDuplicate.round_id == Work.round_id,
        or_(NearDuplicate.work_a_id == Work.id, NearDuplicate.work_b_id == Work.id),
        NearDuplicate.verdict_note != "",
    )
    return (
        select(Work.id)
        .join(Round, Round.id == Work.round_id)
        .where(Round.closed_at <= before, or_(noted.exists(), paired.exists()))
        .order_by(Work.id)
    )


def forget_remarks(keys: Collection[int], now: datetime) -> None:
    """Take the remarks out of some works; pairs with works of later rounds keep theirs."""
    del now
    _blank_screenings(Screening.work_id.in_(keys))
    rounds = select(Work.round_id).where(Work.id.in_(keys))
    _blank_pairs(_either(keys) & NearDuplicate.round_id.in_(rounds))


def late_with_reason(before: datetime) -> Select[Any]:
    """Works and codes of the late door: rounds that closed by then and still hold why.

    Their keys are those of the rounds.
    """
    works = select(Work.id).where(Work.round_id == Round.id, Work.late_reason != "")
    codes = select(LateCode.id).where(LateCode.round_id == Round.id, LateCode.reason != "")
    return (
        select(Round.id)
        .where(Round.closed_at <= before, or_(works.exists(), codes.exists()))
        .order_by(Round.id)
    )


def forget_late_reasons(keys: Collection[int], now: datetime) -> None:
    """Why somebody was late is often an illness; that they were late stays."""
    del now
    db.session.execute(update(Work).where(Work.round_id.in_(keys)).values(late_reason=""))
    db.session.execute(update(LateCode).where(LateCode.round_id.in_(keys)).values(reason=""))
