"""Corrections of a closed round as the ranking feels them: shown first, then applied as a whole.

The dry run is the real thing in a unit of work that is rolled back: marks are put in, the round is
ranked, prizes are given, and all of it is undone. What was seen is kept beside the correction.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert

from contest.contests.models import RankRun, Round
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.core.i18n import language
from contest.quizzes.actions.regrades import (
    NewRuling,
    RegradeMoved,
    begin_regrade,
    check_reason,
    claim_applying,
    put_into_effect,
)
from contest.quizzes.models import Regrade, RegradeMove, RegradeState
from contest.quizzes.queries.regrades import changed_attempts, regrade_by_id
from contest.quizzes.queries.rounds import quiz_of
from contest.results.actions.prizes_given import prizes_by_rules, prizes_in_force
from contest.results.actions.rank_runs import make_rank_run
from contest.results.queries.kept_answers import answers_in_force
from contest.results.queries.prizes import latest_allocation
from contest.results.queries.regrades import (
    move_counts,
    moved_entries,
    scores_of,
)
from contest.results.queries.runs import latest_run

PREVIEW_JOB: Final = "results.regrade_preview"
APPLY_JOB: Final = "results.regrade_apply"


def ask_for_regrade(
    *,
    round: Round,
    rulings: Mapping[int, NewRuling],
    title: str,
    address: Callable[[Regrade], str],
    actor: Actor,
    now: datetime,
) -> tuple[Regrade, jobs.Job]:
    """Rule on questions and have a job work out who would move; nothing counts otherwise yet.

    Args:
        round: a closed one.
        rulings: by the revision that stood in its papers.
        title: of the job's page, in the person's language.
        address: of the page of a correction.
        actor: who rules.
        now: the instant of the request.

    Raises:
        RegradeTooEarly, RegradeUnderWay, RulingInvalid: with their sentences.
    """
    regrade = begin_regrade(contest_round=round, rulings=rulings, actor=actor, now=now)
    job = jobs.enqueue(
        PREVIEW_JOB,
        payload={"regrade_id": regrade.id, "locale": language(), "address": address(regrade)},
        actor=actor,
        now=now,
        key=f"{PREVIEW_JOB}:{regrade.id}",
        title=title,
    )
    regrade.job_public_id = job.public_id
    return regrade, job


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a correction would do: the counts that the page shows, and who moves."""

    seen: dict[str, Any]
    moves: list[dict[str, Any]]


def look_ahead(*, regrade_id: int, now: datetime) -> Ahead | None:
    """Apply, rank and give prizes to see who moves; the caller undoes this unit of work.

    Returns:
        None when the correction was looked at already, or given up.
    """
    regrade = db.session.get_one(Regrade, regrade_id)
    if regrade.state is not RegradeState.MARKING:
        return None
    return Ahead(*_look_ahead(regrade, now))


def keep_preview(*, regrade_id: int, ahead: Ahead) -> None:
    """Keep what was seen beside the correction, which now waits for a decision."""
    regrade = db.session.get_one(Regrade, regrade_id)
    if regrade.state is not RegradeState.MARKING:
        return
    db.session.execute(delete(RegradeMove).where(RegradeMove.regrade_id == regrade_id))
    if ahead.moves:
        db.session.execute(insert(RegradeMove), ahead.moves)
    latest = latest_run(regrade.round_id)
    regrade.preview, regrade.state = ahead.seen, RegradeState.READY
    regrade.old_run_id = None if latest is None else latest.id
    regrade.digest = audit.sha256_hex(
        audit.canonical_json({"rulings": regrade.rulings, "seen": ahead.seen})
    )


def _look_ahead(regrade: Regrade, now: datetime) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Ranking and prizes before and after, inside a unit that the caller undoes."""
    round, attempts = regrade.round, changed_attempts(regrade.id)
    ranked_before = latest_run(round.id)
    old = ranked_before or make_rank_run(round=round, actor=None, now=now)
    answers = answers_in_force(round)
    held = prizes_in_force(round, old, answers)
    put_into_effect(regrade=regrade)
    new = make_rank_run(round=round, reason="dry run", actor=None, now=now)
    then = prizes_by_rules(round, new, answers)
    before, after = held.levels, then.levels
    counts = move_counts(old, new)
    lost = {entry for entry in before if entry not in after}
    gained = {entry for entry in after if entry not in before}
    other = {entry for entry in before if entry in after and before[entry] != after[entry]}
    seen = asdict(counts) | {
        "attempts": attempts,
        "ranked": ranked_before is not None,
        "decided": latest_allocation(round) is not None,
        "old_run": None if ranked_before is None else ranked_before.digest,
        "gained": sorted(gained),
        "lost": sorted(lost),
        "other": sorted(other),
        "ties": then.stops,
        "money": [held.money, then.money],
        "extras": [asdict(move) for move in held.extras_moved(then)],
        "old_n": old.facts.get("n", {}).get("all"),
        "new_n": new.facts.get("n", {}).get("all"),
    }
    return seen, _moves(regrade.id, old, new, (before, after), lost | gained | other)


def _moves(
    regrade_id: int,
    old: RankRun,
    new: RankRun,
    prizes: tuple[Mapping[int, int], Mapping[int, int]],
    changed: set[int],
) -> list[dict[str, Any]]:
    before, after = prizes
    rows = {
        row.entry_id: (row.old_place, row.new_place, row.old_points, row.new_points)
        for row in moved_entries(old, new)
    }
    missing = sorted(changed - set(rows))
    then, now = scores_of(old, missing), scores_of(new, missing)
    for entry_id in missing:
        old_place, old_points = then.get(entry_id, (None, None))
        new_place, new_points = now.get(entry_id, (None, None))
        rows[entry_id] = (old_place, new_place, old_points, new_points)
    names = ("old_place", "new_place", "old_points", "new_points")
    return [
        {
            "regrade_id": regrade_id,
            "entry_id": entry_id,
            **dict(zip(names, values, strict=True)),
            "old_prize": str(before.get(entry_id, "")),
            "new_prize": str(after.get(entry_id, "")),
            "is_prize_changed": entry_id in changed,
        }
        for entry_id, values in rows.items()
    ]


def ask_to_apply(
    *,
    regrade: Regrade,
    expected: str,
    reason: str,
    title: str,
    address: str,
    actor: Actor,
    now: datetime,
) -> jobs.Job:
    """Have a correction applied by a job, with its reason.

    Args:
        regrade: one that is ready.
        expected: digest of what was looked at.
        reason: why; it stands with the new ranking.
        title: of the job's page, in the person's language.
        address: of the correction's page.
        actor: who decides.
        now: the instant of the request.

    Raises:
        ReasonMissing: there is none.
        RegradeMoved: it is not ready, or not what was looked at.
    """
    words = check_reason(reason)
    if regrade.state is not RegradeState.READY or regrade.digest != expected:
        raise RegradeMoved
    _check_unmoved(regrade)
    regrade.reason = words
    return jobs.enqueue(
        APPLY_JOB,
        payload={"regrade_id": regrade.id, "locale": language(), "address": address},
        actor=actor,
        now=now,
        key=f"{APPLY_JOB}:{regrade.id}:{regrade.digest[:16]}",
        title=title,
    )


def _check_unmoved(regrade: Regrade) -> None:
    """Ranking and corrections are those over which it was worked out."""
    latest, quiz = latest_run(regrade.round_id), quiz_of(regrade.round_id)
    if (None if latest is None else latest.id) != regrade.old_run_id:
        raise RegradeMoved
    if quiz is None or quiz.regrade_number != regrade.base_number:
        raise RegradeMoved


def apply_regrade(*, regrade_id: int, actor: Actor | None, now: datetime) -> RankRun | None:
    """Apply a correction: rulings, marks and a new ranking become true together, or nothing does.

    Applied twice it changes nothing more. Prizes and publication stay until people decide and
    publish again, with this reason before their eyes.

    Raises:
        RegradeMoved: it was given up, or the round has moved on since it was looked at.
    """
    regrade = regrade_by_id(regrade_id)
    if regrade is None:
        raise RegradeMoved
    if regrade.state is RegradeState.APPLIED:
        return None if regrade.new_run_id is None else db.session.get(RankRun, regrade.new_run_id)
    _check_unmoved(regrade)
    if not claim_applying(regrade=regrade, actor=actor, now=now):
        raise RegradeMoved
    attempts = changed_attempts(regrade.id)
    put_into_effect(regrade=regrade)
    run = None
    if regrade.old_run_id is not None:
        run = make_rank_run(round=regrade.round, reason=regrade.reason, actor=actor, now=now)
        regrade.new_run_id = run.id
    audit.record(
        "results.regrade_applied",
        actor=actor,
        now=now,
        subject=("regrade", regrade.id),
        scope_id=regrade.round.contest.scope_id,
        data={
            "round": regrade.round.number,
            "number": regrade.number,
            "attempts": attempts,
            "run": None if run is None else run.number,
            "digest": regrade.digest,
            "reason": regrade.reason,
        },
    )
    db.session.flush()
    return run
