"""From marks to the mark: settling, decisions of people, and closing the marking."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.models import (
    JudgedRound,
    LoweredQuorum,
    MarkSheet,
    Resolution,
    ResolutionMethod,
    SheetState,
)
from contest.judging.queries.desk import is_settled
from contest.judging.queries.extras import extras_open, is_extra_marking
from contest.judging.queries.marks import criteria_apart
from contest.judging.queries.open_works import limits_of
from contest.judging.queries.progress import progress, verdict_of
from contest.judging.queries.rounds import criteria_of, judged_round, quorum_of
from contest.judging.queries.stages import band_to_call
from contest.judging.rules.adjudication import Step, Verdict, rounded
from contest.judging.rules.refusals import (
    BandDue,
    ChecksOpen,
    MarkingClosed,
    MarksOpen,
    NotToDecide,
    QuorumNotLower,
    ReasonNeeded,
    SheetSettled,
    WrongMark,
)
from contest.judging.rules.sheets import LIVE, UNDONE, scale_of


def live_sheets(work_id: int) -> list[MarkSheet]:
    """The sheets of a work that count, by marking; extra markings are not among them."""
    return list(
        db.session.scalars(
            select(MarkSheet)
            .where(MarkSheet.work_id == work_id, MarkSheet.state.in_(LIVE), ~is_extra_marking())
            .order_by(MarkSheet.marking, MarkSheet.id)
        )
    )


def _verdict(round_id: int, work_id: int) -> tuple[Verdict, list[MarkSheet]]:
    judged = db.session.get_one(JudgedRound, round_id)
    live = live_sheets(work_id)
    limits = limits_of(judged, criteria_of(round_id))
    apart = criteria_apart(judged, [work_id]).get(work_id, Decimal(0))
    return verdict_of(live, judged, limits, quorum_of(work_id), apart), live


def write_resolution(
    *,
    round_id: int,
    work_id: int,
    method: ResolutionMethod,
    points: Decimal,
    detail: dict[str, object],
    actor: Actor | None,
    now: datetime,
) -> Resolution:
    """Write the next mark in force of a work; the earlier ones stay.

    Args:
        round_id: of the round.
        work_id: of the work.
        method: how it came about.
        points: on the round's scale.
        detail: JSON: the sheets it was made from, their totals, minutes.
        actor: who decided it; None where the rule did.
        now: the instant of the request.
    """
    last = db.session.scalar(
        select(func.max(Resolution.number)).where(Resolution.work_id == work_id)
    )
    resolution = Resolution(
        round_id=round_id,
        work_id=work_id,
        number=(last or 0) + 1,
        method=method,
        points=points,
        detail=detail,
        decided_by_id=None if actor is None else actor.person_id,
        decided_at=now,
    )
    db.session.add(resolution)
    db.session.flush()
    return resolution


def settle_work(*, round_id: int, work_id: int, scope_id: int, now: datetime) -> Resolution | None:
    """Give a work its mark when its sheets are done and agree; else it is listed for what follows.

    The caller holds the work's sheets.
    """
    if is_settled(work_id):
        return None
    verdict, live = _verdict(round_id, work_id)
    if verdict.points is None or verdict.method is None:
        return None
    resolution = write_resolution(
        round_id=round_id,
        work_id=work_id,
        method=verdict.method,
        points=verdict.points,
        detail={
            "sheets": [live[at].id for at in verdict.used],
            "totals": [str(sheet.total) for sheet in live],
            "difference": str(verdict.difference),
        },
        actor=None,
        now=now,
    )
    audit.record(
        "judging.settled",
        actor=None,
        now=now,
        subject=("resolution", resolution.id),
        scope_id=scope_id,
        data={"points": str(verdict.points), "method": verdict.method.value},
    )
    return resolution


def hold_for_decision(contest_round: Round, work_id: int, points: Decimal, minutes: str) -> None:
    """Hold a work about whose mark people decide, with minutes and on the round's scale.

    Raises:
        ReasonNeeded: no minutes.
        WrongMark: outside the scale.
        MarkingClosed: the marking was closed.
    """
    if not minutes.strip():
        raise ReasonNeeded
    hold_work(contest_round.id, work_id)
    if not 0 <= points <= scale_of(criteria_of(contest_round.id)):
        raise WrongMark


def write_decision(
    event: str,
    *,
    contest_round: Round,
    work_id: int,
    method: ResolutionMethod,
    points: Decimal,
    detail: dict[str, object],
    actor: Actor,
    now: datetime,
) -> Resolution:
    """Write the mark that people decided, and the event that tells of it.

    Args:
        event: name of the event.
        contest_round: of the work.
        work_id: held by the caller.
        method: how it was decided.
        points: on the round's scale, rounded here.
        detail: JSON, see `write_resolution`; a mark that stood `before` is told by the event.
        actor: who writes it down.
        now: the instant of the request.
    """
    resolution = write_resolution(
        round_id=contest_round.id,
        work_id=work_id,
        method=method,
        points=rounded(points),
        detail=detail,
        actor=actor,
        now=now,
    )
    told = {"points": str(resolution.points), "method": method.value}
    audit.record(
        event,
        actor=actor,
        now=now,
        subject=("resolution", resolution.id),
        scope_id=contest_round.contest.scope_id,
        data=told | ({"before": detail["before"]} if "before" in detail else {}),
    )
    return resolution


_METHODS = {Step.DISCUSS: ResolutionMethod.AGREED, Step.PANEL: ResolutionMethod.PANEL}


def decide_work(
    *,
    contest_round: Round,
    work_id: int,
    points: Decimal,
    minutes: str,
    by_chief: bool,
    present: Sequence[str] = (),
    actor: Actor,
    now: datetime,
) -> Resolution:
    """Record the mark that people agreed on, with minutes; sheets stay as they are.

    Args:
        contest_round: the round.
        work_id: a work that waits for discussion or for the panel.
        points: agreed, on the round's scale.
        minutes: what was discussed and why.
        by_chief: the two did not agree and the chief judge decided.
        present: names of those who took part.
        actor: who writes it down.
        now: the instant of the request.

    Raises:
        ReasonNeeded: no minutes.
        WrongMark: outside the scale.
        NotToDecide: the work does not wait for a decision.
        MarkingClosed: the marking was closed.
    """
    hold_for_decision(contest_round, work_id, points, minutes)
    verdict, live = _verdict(contest_round.id, work_id)
    if is_settled(work_id) or verdict.step not in _METHODS:
        raise NotToDecide
    return write_decision(
        "judging.decided",
        contest_round=contest_round,
        work_id=work_id,
        method=ResolutionMethod.CHIEF if by_chief else _METHODS[verdict.step],
        points=points,
        detail={
            "sheets": [sheet.id for sheet in live],
            "totals": [str(sheet.total) for sheet in live],
            "difference": str(verdict.difference),
            "minutes": minutes.strip(),
            "present": list(present),
        },
        actor=actor,
        now=now,
    )


def lower_quorum(
    *,
    contest_round: Round,
    work_id: int,
    quorum: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Resolution | None:
    """Let a work be content with fewer markings; sheets that nobody needs any more are withdrawn.

    Args:
        contest_round: the round.
        work_id: a work without its mark.
        quorum: how many markings are enough from now on.
        reason: why, for the record.
        actor: who decides it.
        now: the instant of the request.

    Returns:
        The work's mark when it has one now.

    Raises:
        ReasonNeeded: no reason is given.
        QuorumNotLower: it is not lower, or below what is finished already.
        MarkingClosed, SheetSettled: of the round and of the work.
    """
    if not reason.strip():
        raise ReasonNeeded
    judged = hold_work(contest_round.id, work_id)
    if is_settled(work_id):
        raise SheetSettled
    live = live_sheets(work_id)
    done = sum(sheet.state is SheetState.DONE for sheet in live)
    before = quorum_of(work_id) or judged.marks_per_work
    if not max(1, done) <= quorum < before:
        raise QuorumNotLower
    db.session.add(
        LoweredQuorum(
            round_id=contest_round.id,
            work_id=work_id,
            quorum=quorum,
            reason=reason.strip(),
            decided_by_id=actor.person_id,
            decided_at=now,
        )
    )
    spare = len(live) - quorum
    # Those that nobody has begun are withdrawn first, of these the latest marking.
    undone = sorted(
        (sheet for sheet in live if sheet.state in UNDONE),
        key=lambda sheet: (sheet.state is SheetState.OPEN, -sheet.marking),
    )
    for sheet in undone[: max(0, spare)]:
        sheet.state, sheet.reason = SheetState.MOVED, reason.strip()
    db.session.flush()
    audit.record(
        "judging.quorum_lowered",
        actor=actor,
        now=now,
        subject=("work", work_id),
        scope_id=contest_round.contest.scope_id,
        data={"from": before, "to": quorum, "reason": reason.strip()},
    )
    return settle_work(
        round_id=contest_round.id,
        work_id=work_id,
        scope_id=contest_round.contest.scope_id,
        now=now,
    )


def hold_work(round_id: int, work_id: int) -> JudgedRound:
    """Hold the round against closing, and the work's sheets, until the end of the transaction.

    Raises:
        MarkingClosed: the marking was closed.
    """
    judged = db.session.scalar(
        select(JudgedRound)
        .where(JudgedRound.round_id == round_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if judged is None or judged.closed_at is not None:
        raise MarkingClosed
    db.session.scalars(
        select(MarkSheet)
        .where(MarkSheet.work_id == work_id, MarkSheet.round_id == round_id)
        .order_by(MarkSheet.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return judged


def close_marking(*, contest_round: Round, actor: Actor, now: datetime) -> bool:
    """Lock the marks: refused while a work is without its mark.

    Returns:
        True when this call closed it, False when it was closed already.

    Raises:
        MarksOpen: a work waits for a mark, a third marking or a decision.
        ChecksOpen: the works to be checked are not drawn, marked or decided.
        BandDue: works near the cut of the shortlist lack their further mark.
    """
    judged = judged_round(contest_round.id)
    if judged is None:
        raise MarksOpen
    # Held exclusively: a save under way ends first, a later one sees the marking closed.
    db.session.execute(
        select(JudgedRound.round_id)
        .where(JudgedRound.round_id == contest_round.id)
        .with_for_update()
    )
    if not progress(contest_round).is_complete:
        raise MarksOpen
    if extras_open(judged):
        raise ChecksOpen
    if band_to_call(contest_round):
        raise BandDue
    result = db.session.execute(
        update(JudgedRound)
        .where(JudgedRound.round_id == contest_round.id, JudgedRound.closed_at.is_(None))
        .values(closed_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  (what an UPDATE gives)
    db.session.refresh(judged, ["closed_at"])
    if result.rowcount != 1:
        return False
    audit.record(
        "judging.closed",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number},
    )
    return True
