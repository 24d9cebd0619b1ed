"""Having works marked once more: checks drawn with the top in them, and the band at a cut."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.actions.settling import hold_for_decision, write_decision
from contest.judging.models import (
    ExtraMarking,
    ExtraPurpose,
    JudgedRound,
    MarkSheet,
    Resolution,
    ResolutionMethod,
)
from contest.judging.queries.extras import ExtraLine, extra_lines, extra_markings
from contest.judging.queries.free_judges import works_nobody_may_mark
from contest.judging.queries.marks import latest_resolutions
from contest.judging.queries.progress import progress
from contest.judging.queries.rounds import judged_round
from contest.judging.rules.extra_markings import CheckState, works_to_check
from contest.judging.rules.refusals import (
    ChecksDrawn,
    MarkingClosed,
    NotAllMarked,
    NothingToCheck,
    NotToDecide,
    ReasonNeeded,
    SomebodyIsFree,
)
from contest.judging.rules.sheets import LIVE


def _open_round(contest_round: Round) -> JudgedRound:
    """The round, held shared against closing, with every work marked.

    Raises:
        MarkingClosed, NotAllMarked: see there.
    """
    judged = db.session.scalar(
        select(JudgedRound)
        .where(JudgedRound.round_id == contest_round.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if judged is None or judged.closed_at is not None:
        raise MarkingClosed
    if not progress(contest_round).is_complete:
        raise NotAllMarked
    return judged


def draw_checks(
    *, contest_round: Round, actor: Actor, now: datetime, seed: str = ""
) -> list[ExtraMarking]:
    """Draw the works that are marked once more; the assignment then finds a judge for each.

    Args:
        contest_round: with every work marked.
        actor: who draws.
        now: the instant of the request.
        seed: of the lots; a new one when not given. It is kept with each work.

    Raises:
        MarkingClosed: the marking was closed.
        NotAllMarked: the top is not known yet.
        NothingToCheck: the rules of the round ask for none.
        ChecksDrawn: they were drawn before.
    """
    judged = _open_round(contest_round)
    if judged.check_share <= 0:
        raise NothingToCheck
    if extra_markings(contest_round.id, ExtraPurpose.CHECK):
        raise ChecksDrawn
    seed = seed or secrets.token_hex(16)
    points = {each.work_id: each.points for each in latest_resolutions(contest_round.id)}
    works = works_to_check(points, share=judged.check_share, top=judged.check_top, seed=seed)
    return call_extras(
        contest_round=contest_round,
        work_ids=works,
        purpose=ExtraPurpose.CHECK,
        seed=seed,
        actor=actor,
        now=now,
    )


def call_extras(
    *,
    contest_round: Round,
    work_ids: Sequence[int],
    purpose: ExtraPurpose,
    seed: str,
    actor: Actor | None,
    now: datetime,
) -> list[ExtraMarking]:
    """Ask for one more mark for each of some works; works that have it already are passed over."""
    used: defaultdict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(MarkSheet.work_id, MarkSheet.marking).where(
            MarkSheet.round_id == contest_round.id, MarkSheet.state.in_(LIVE)
        )
    )
    for work_id, marking in rows:
        used[work_id].add(marking)
    known = extra_markings(contest_round.id)
    for each in known:
        used[each.work_id].add(each.marking)
    have = {each.work_id for each in known if each.purpose is purpose}
    made = [
        ExtraMarking(
            round_id=contest_round.id,
            work_id=work_id,
            purpose=purpose,
            marking=next(number for number in range(1, 100) if number not in used[work_id]),
            seed=seed,
            called_by_id=None if actor is None else actor.person_id,
            called_at=now,
        )
        for work_id in work_ids
        if work_id not in have
    ]
    db.session.add_all(made)
    db.session.flush()
    audit.record(
        "judging.extra_markings_called",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={
            "round": contest_round.number,
            "purpose": purpose.value,
            "works": len(made),
            "seed": seed,
        },
    )
    return made


def leave_out(
    *,
    contest_round: Round,
    work_id: int,
    purpose: ExtraPurpose,
    reason: str,
    actor: Actor,
    now: datetime,
) -> ExtraMarking:
    """Do without marking a work once more, since nobody of the jury may.

    Args:
        contest_round: whose marking is open.
        work_id: the work.
        purpose: a check, or the band at the cut.
        reason: kept, and shown where the checks are.
        actor: who decides.
        now: the instant of the request.

    Raises:
        ReasonNeeded: no reason.
        MarkingClosed: the marking was closed.
        NotToDecide: nothing of this kind waits for a judge.
        SomebodyIsFree: a judge could mark it.
    """
    if not reason.strip():
        raise ReasonNeeded
    judged = _open_round(contest_round)
    line = next(
        (each for each in extra_lines(judged, purpose) if each.work_id == work_id),
        None,
    )
    if line is None or line.state is not CheckState.WAITING or line.sheet_id is not None:
        raise NotToDecide
    judges = progress(contest_round).judges
    if not works_nobody_may_mark(contest_round, judges, [work_id]):
        raise SomebodyIsFree
    extra = db.session.get_one(ExtraMarking, (work_id, purpose))
    extra.left_out_at, extra.left_out_by_id = now, actor.person_id
    extra.left_out_reason = reason.strip()
    db.session.flush()
    audit.record(
        "judging.extra_marking_left_out",
        actor=actor,
        now=now,
        subject=("work", work_id),
        scope_id=contest_round.contest.scope_id,
        data={"purpose": purpose.value, "reason": reason.strip()},
    )
    return extra


def _check_beyond(contest_round: Round, work_id: int) -> ExtraLine:
    """The check of a work that lies too far from its mark, in a round that is held.

    Raises:
        NotToDecide: none waits for a decision.
    """
    judged = judged_round(contest_round.id)
    assert judged is not None  # noqa: S101  (`hold_for_decision` found it)
    for line in extra_lines(judged, ExtraPurpose.CHECK):
        if line.work_id == work_id and line.state is CheckState.BEYOND:
            return line
    raise NotToDecide


def decide_check(
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
    """Say what the mark is, after a check lay too far from it; it may stay as it was.

    Args:
        contest_round: the round.
        work_id: the work.
        points: the mark from now on, on the round's scale.
        minutes: what was discussed and why.
        by_chief: the judges did not agree and the chief judge decided.
        present: names of those who took part.
        actor: who writes it down.
        now: the instant of the request.

    Raises:
        ReasonNeeded: no minutes.
        WrongMark: outside the scale.
        NotToDecide: no check of this work waits for a decision.
        MarkingClosed: the marking was closed.
    """
    hold_for_decision(contest_round, work_id, points, minutes)
    line = _check_beyond(contest_round, work_id)
    before = next(each for each in latest_resolutions(contest_round.id) if each.work_id == work_id)
    return write_decision(
        "judging.check_decided",
        contest_round=contest_round,
        work_id=work_id,
        method=ResolutionMethod.CHIEF if by_chief else ResolutionMethod.AGREED,
        points=points,
        detail={
            "sheets": before.detail.get("sheets", []),
            "totals": [*before.detail.get("totals", []), str(line.total)],
            "difference": str(line.difference),
            "minutes": minutes.strip(),
            "present": list(present),
            "check": line.sheet_id,
            "before": str(before.points),
        },
        actor=actor,
        now=now,
    )
