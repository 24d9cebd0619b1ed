"""Two stages: a final round for the shortlist, the band at the cut, and sending works on."""

import secrets
from datetime import datetime

from contest.contests.actions import add_round, close_unopened
from contest.contests.models import ContestKind, Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.actions.extras import call_extras
from contest.judging.actions.rubrics import copy_rubric
from contest.judging.models import ExtraMarking, ExtraPurpose, JudgedRound
from contest.judging.queries.progress import progress
from contest.judging.queries.rounds import judged_round
from contest.judging.queries.stages import (
    advanced_count,
    band_to_call,
    final_stage_of,
    shortlist_view,
)
from contest.judging.rules.refusals import (
    AlreadyAdvanced,
    FinalStageKnown,
    MarkingStillOpen,
    NoFinalStage,
    NoRubric,
    NotEssays,
)
from contest.submissions.actions import advance_works, copy_settings
from contest.submissions.queries.rounds import essay_round


def add_final_stage(
    *, contest_round: Round, title: str, size: int, actor: Actor | None, now: datetime
) -> Round:
    """Plan a final marking (chung khảo) of the best works of a round.

    It begins with the same rubric, which is written anew there; jury and codes are its own.

    Args:
        contest_round: the preliminary marking (sơ khảo).
        title: of the new round.
        size: how many works come onto the shortlist.
        actor: who plans it.
        now: the instant of the request.

    Raises:
        NotEssays: the round is of another kind.
        NoRubric: the preliminary round has none.
        FinalStageKnown: there is one already.
    """
    if contest_round.kind is not ContestKind.ESSAY:
        raise NotEssays
    if judged_round(contest_round.id) is None:
        raise NoRubric
    if final_stage_of(contest_round.id) is not None:
        raise FinalStageKnown
    final = add_round(
        contest=contest_round.contest,
        title=title,
        actor=actor,
        now=now,
        kind=ContestKind.ESSAY,
        weight=contest_round.weight,
    )
    copy_settings(source=contest_round, target=final, actor=actor, now=now)
    essay = essay_round(final.id)
    if essay is not None:
        essay.takes_works = False
    copy_rubric(source=contest_round, target=final, actor=actor, now=now)
    judged = db.session.get_one(JudgedRound, final.id)
    judged.source_round_id, judged.shortlist_size = contest_round.id, size
    db.session.flush()
    audit.record(
        "judging.final_stage_planned",
        actor=actor,
        now=now,
        subject=("round", final.id),
        scope_id=contest_round.contest.scope_id,
        data={"source": contest_round.number, "round": final.number, "size": size},
    )
    return final


def set_shortlist_size(
    *, contest_round: Round, size: int, actor: Actor, now: datetime
) -> JudgedRound:
    """Let more or fewer works onto the shortlist, until they are sent on.

    Raises:
        NoFinalStage, AlreadyAdvanced: see there.
    """
    final = _final(contest_round)
    final.shortlist_size = size
    db.session.flush()
    audit.record(
        "judging.shortlist_sized",
        actor=actor,
        now=now,
        subject=("round", final.round_id),
        scope_id=contest_round.contest.scope_id,
        data={"size": size},
    )
    return final


def _final(contest_round: Round) -> JudgedRound:
    final = final_stage_of(contest_round.id)
    if final is None:
        raise NoFinalStage
    if advanced_count(final.round_id):
        raise AlreadyAdvanced
    return final


def call_band(*, contest_round: Round, actor: Actor | None, now: datetime) -> list[ExtraMarking]:
    """Ask for one more mark of the works near the cut, once every work has its mark.

    Once for each round: a second band around a cut that moved would never end. A job calls it.
    Works that nobody of the jury may mark once more are passed over.

    Returns:
        What was asked for; empty while marks are missing, or where nothing is near the cut.
    """
    judged = judged_round(contest_round.id)
    if judged is None or judged.closed_at is not None:
        return []
    if not progress(contest_round).is_complete:
        return []
    band = band_to_call(contest_round)
    if not band:
        return []
    return call_extras(
        contest_round=contest_round,
        work_ids=band,
        purpose=ExtraPurpose.BAND,
        seed=secrets.token_hex(16),
        actor=actor,
        now=now,
    )


def send_shortlist(*, contest_round: Round, actor: Actor, now: datetime) -> int:
    """Send the shortlist to its final marking, by the corrected order, under new codes.

    Returns:
        How many works went on.

    Raises:
        NoFinalStage: there is none.
        AlreadyAdvanced: it was sent before.
        MarkingStillOpen: the marks of the preliminary round are not locked.
    """
    final = _final(contest_round)
    judged = judged_round(contest_round.id)
    if judged is None or judged.closed_at is None:
        raise MarkingStillOpen
    inside = shortlist_view(contest_round.id, final.shortlist_size or 1).found.inside
    if final.round.stage is Stage.PLANNED and not close_unopened(
        round=final.round, actor=actor, now=now
    ):
        raise AlreadyAdvanced
    advance_works(source=contest_round, target=final.round, work_ids=inside, actor=actor, now=now)
    audit.record(
        "judging.shortlist_sent",
        actor=actor,
        now=now,
        subject=("round", final.round_id),
        scope_id=contest_round.contest.scope_id,
        data={"source": contest_round.number, "works": len(inside)},
    )
    return len(inside)
