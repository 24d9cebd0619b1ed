"""Seats in juries follow a person when accounts makes one record of two.

Nobody marks their own essay: where the two records are a judge and an author of one round, sheets
not yet done are taken back for another judge, and marks already given are left to the chief judge.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from contest.accounts.merging import Follower, register_follower
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.judging.models import Juror, JurorState, MarkSheet, SheetState
from contest.judging.rules.sheets import UNDONE
from contest.submissions.following import written_by
from contest.submissions.models import Work

_SEATED = (JurorState.INVITED, JurorState.ACCEPTED)


def _count(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(Juror).where(Juror.person_id == person_id)
        )
        or 0
    )


def _obstacles(kept_id: int, merged_id: int) -> Sequence[Words]:
    """Two seats in one jury: marks of both would count as two judges'."""
    mine, theirs = aliased(Juror), aliased(Juror)
    titles = db.session.scalars(
        select(Contest.title)
        .join(Round, Round.contest_id == Contest.id)
        .join(mine, mine.round_id == Round.id)
        .join(theirs, theirs.round_id == Round.id)
        .where(mine.person_id == kept_id, theirs.person_id == merged_id)
        .order_by(Round.id)
    )
    return [_("Both records sit in the jury of “%(contest)s”.", contest=title) for title in titles]


def _warnings(kept_id: int, merged_id: int) -> Sequence[Words]:
    """Rounds in which the one person would be judge and author."""
    both = (kept_id, merged_id)
    sheets = (
        select(func.count())
        .select_from(MarkSheet)
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .join(Work, Work.id == MarkSheet.work_id)
        .where(
            Juror.person_id.in_(both),
            MarkSheet.round_id == Round.id,
            MarkSheet.state == SheetState.DONE,
            written_by(both),
        )
        .correlate(Round)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Contest.title, sheets)
        .join(Round, Round.contest_id == Contest.id)
        .where(
            Round.id.in_(
                select(Juror.round_id).where(Juror.person_id.in_(both), Juror.state.in_(_SEATED))
            ),
            Round.id.in_(select(Work.round_id).where(written_by(both))),
        )
        .order_by(Round.id)
    )
    return [_warning(title, done) for title, done in rows]


def _warning(title: str, done: int) -> str:
    if done:
        return _(
            "In “%(contest)s” this person would be judge and author, and has marked an own essay "
            "already: the chief judge has to decide about these marks.",
            contest=title,
        )
    return _(
        "In “%(contest)s” this person would be judge and author. It becomes a conflict: the own "
        "essays go to other judges.",
        contest=title,
    )


def _move(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    seats = select(Juror.id).where(Juror.person_id.in_((kept_id, merged_id)))
    own = select(Work.id).where(written_by((kept_id, merged_id)))
    db.session.execute(
        update(MarkSheet)
        .where(
            MarkSheet.juror_id.in_(seats),
            MarkSheet.work_id.in_(own),
            MarkSheet.state.in_(UNDONE),
        )
        .values(state=SheetState.MOVED, reason=_("The judge turned out to be an author."))
        .execution_options(synchronize_session=False)
    )
    moved: int = db.session.execute(
        update(Juror).where(Juror.person_id == merged_id).values(person_id=kept_id)
    ).rowcount  # type: ignore[attr-defined]
    return moved


def register() -> None:
    """Tell accounts about seats in juries."""
    register_follower(
        Follower("seats", _l("Seats in juries"), _count, _move, _obstacles, _warnings)
    )
