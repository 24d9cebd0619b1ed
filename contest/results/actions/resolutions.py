"""The mark of a work after it was marked once more: a new resolution beside the earlier ones."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from contest.contests.models import Round
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.models import Resolution, ResolutionMethod


def resolve_again(
    *,
    round: Round,
    work_id: int,
    points: Decimal,
    official: Decimal,
    totals: Sequence[Decimal | None],
    appeal: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Let another mark of a work count; the ranking is not made anew by this.

    Args:
        round: of the work.
        work_id: whose mark it is.
        points: the mark from now on.
        official: the mark until now.
        totals: the marks that it comes from.
        appeal: public id of the appeal it follows; empty where it is only supposed.
        actor: who decides.
        now: when.
    """
    last = db.session.scalar(
        select(Resolution)
        .where(Resolution.work_id == work_id)
        .order_by(Resolution.number.desc())
        .limit(1)
    )
    db.session.add(
        Resolution(
            round_id=round.id,
            work_id=work_id,
            number=1 if last is None else last.number + 1,
            method=ResolutionMethod.APPEAL,
            points=points,
            detail={
                "appeal": appeal,
                "sheets": [] if last is None else last.detail.get("sheets", []),
                "totals": [str(total) for total in totals],
                "difference": str(abs(points - official)),
            },
            decided_by_id=actor.person_id,
            decided_at=now,
        )
    )
    db.session.flush()
