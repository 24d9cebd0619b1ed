"""Assigning works: a preview from a seed, and taking exactly what the preview showed."""

import random
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.contests.actions import set_stage
from contest.contests.models import Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.judging.actions.handing import Handed, hand_out
from contest.judging.actions.juries import release_seats
from contest.judging.models import AssignmentRun
from contest.judging.queries.progress import assignment_problem
from contest.judging.queries.rounds import judged_round, next_run_number, sheet_lines
from contest.judging.rules.assignment import Assigned, Certificate, Impossible, Problem, assign
from contest.judging.rules.refusals import (
    CannotAssign,
    MarkingClosed,
    NoJury,
    NoRubric,
    NotClosedYet,
    NothingToAssign,
    NoWorks,
    PreviewStale,
)
from contest.judging.rules.sheets import LIVE
from contest.submissions.actions import ask_for_codes, complete_codes

_ASSIGNABLE = frozenset({Stage.CLOSED, Stage.MARKING})


def new_seed() -> str:
    """A seed for the draw: random, recorded, and enough to replay it."""
    return secrets.token_hex(16)


def _checked(contest_round: Round, problem: Problem, *, afresh: bool) -> None:
    judged = judged_round(contest_round.id)
    if judged is None or not judged.criteria:
        raise NoRubric
    if judged.closed_at is not None and not afresh:
        raise MarkingClosed
    if not problem.works:
        raise NoWorks
    if not problem.judges:
        raise NoJury
    if not any(problem.need(work.work_id) for work in problem.works):
        raise NothingToAssign


def draw_proposal(*, contest_round: Round, actor: Actor, now: datetime) -> str:
    """Draw a new seed; sheets of judges who lost the role go back to the pool first.

    Blind codes that are missing are made by a job while the proposal is looked at.
    """
    release_seats(contest_round=contest_round, actor=actor, now=now)
    ask_for_codes(
        contest_round=contest_round,
        title=_("Blind codes of %(round)s", round=contest_round.title),
        actor=actor,
        now=now,
    )
    return new_seed()


def preview_assignment(
    *, contest_round: Round, seed: str, afresh: bool = False
) -> tuple[Problem, Assigned]:
    """What an assignment with this seed would be; nothing is written.

    Args:
        contest_round: the round.
        seed: of the draw.
        afresh: as if nobody had a sheet yet; for a look only.

    Raises:
        NoRubric, NoWorks, NoJury, NothingToAssign, MarkingClosed: there is nothing to draw from.
        Impossible: some work cannot get its marks; it carries the cause.
    """
    problem = assignment_problem(contest_round)
    if afresh:
        problem = Problem(problem.judges, problem.works, problem.quorum)
    _checked(contest_round, problem, afresh=afresh)
    return problem, assign(problem, seed)


def take_assignment(
    *, contest_round: Round, seed: str, input_digest: str, actor: Actor, now: datetime
) -> AssignmentRun:
    """Make the sheets that the preview showed; the round goes into marking.

    Raises:
        NotClosedYet: essays still come in.
        PreviewStale: the input is no longer what the preview was made from.
        CannotAssign: some work cannot get its marks.
        StillScreening: works wait for the screening.
        CodesBeingMade: the job that makes the blind codes is not done.
    """
    if contest_round.stage not in _ASSIGNABLE:
        raise NotClosedYet
    db.session.execute(select(Round.id).where(Round.id == contest_round.id).with_for_update())
    try:
        problem, result = preview_assignment(contest_round=contest_round, seed=seed)
    except Impossible:
        raise CannotAssign from None
    if result.certificate.input_digest != input_digest:
        raise PreviewStale
    complete_codes(contest_round=contest_round, actor=actor, now=now)
    run = AssignmentRun(
        round_id=contest_round.id,
        number=next_run_number(contest_round.id),
        seed=seed,
        input_digest=input_digest,
        certificate=plain_certificate(result.certificate),
        made_by_id=actor.person_id,
        made_at=now,
    )
    db.session.add(run)
    _write_sheets(contest_round, problem, result.panels, seed, now)
    if contest_round.stage is Stage.CLOSED:
        set_stage(round=contest_round, to=Stage.MARKING, actor=actor, now=now)
    db.session.flush()
    audit.record(
        "judging.assigned",
        actor=actor,
        now=now,
        subject=("assignment_run", run.id),
        scope_id=contest_round.contest.scope_id,
        data={
            "round": contest_round.number,
            "seed": seed,
            "input": input_digest,
            "result": result.certificate.result_digest,
            "sheets": result.certificate.new_marks,
        },
    )
    return run


def plain_certificate(certificate: Certificate) -> dict[str, Any]:
    """A certificate as JSON."""
    plain = asdict(certificate)
    plain["loads"] = {str(juror): load for juror, load in certificate.loads.items()}
    return plain


def _write_sheets(
    contest_round: Round,
    problem: Problem,
    panels: Mapping[int, tuple[int, ...]],
    seed: str,
    now: datetime,
) -> None:
    used: defaultdict[int, set[int]] = defaultdict(set)
    for sheet in sheet_lines(contest_round.id):
        if sheet.state in LIVE:
            used[sheet.work_id].add(sheet.marking)
    by_juror: defaultdict[int, list[Handed]] = defaultdict(list)
    for work in problem.works:
        free = (number for number in range(1, 100) if number not in used[work.work_id])
        for juror_id in panels.get(work.work_id, ()):
            by_juror[juror_id].append(Handed(work.work_id, next(free)))
    for juror_id, mine in sorted(by_juror.items()):
        # Each judge has an order of their own, so that the order of marking tells nothing about
        # works and tired hours fall on different ones.
        random.Random(f"{seed}/{juror_id}").shuffle(mine)  # noqa: S311  (replayable)
    hand_out(round_id=contest_round.id, by_juror=by_juror, now=now)
