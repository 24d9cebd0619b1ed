"""Corrections of a closed round: ruled, marked aside, applied as a whole or given up.

Until it is applied a correction changes nothing that counts: its marks stand in a table of their
own. Papers, answers and receipts are never touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from contest.contests.models import Round
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db, from_point_units
from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.statistics import may_have_statistics
from contest.quizzes.models import (
    Attempt,
    QuizRound,
    Regrade,
    RegradeMark,
    RegradeMove,
    RegradeState,
    RulingKind,
)
from contest.quizzes.queries.essays import judged_units, unmarked_count
from contest.quizzes.queries.regrades import (
    finished_attempts,
    finished_count,
    open_regrade,
    regrades,
)
from contest.quizzes.queries.rounds import pool_revision_ids, quiz_of
from contest.quizzes.rules.essays import EssaysUnmarked
from contest.quizzes.rules.rulings import ALONE, mark_attempt, parse_rulings
from question_bank.kinds.base import BodyInvalid
from question_bank.kinds.other_keys import shows_the_same
from question_bank.queries import revisions

_PAGE: Final = 1_000


class RegradeTooEarly(RuleBroken):
    """Somebody can still answer."""

    message = _l("A round is corrected when it has closed and every attempt has ended.")


class RegradeUnderWay(RuleBroken):
    """One correction at a time."""

    message = _l("Another correction of this round is open. Apply it or give it up first.")


class RegradeMoved(RuleBroken):
    """What was looked at is no longer what would be applied."""

    message = _l(
        "Something has changed since this correction was worked out. Give it up and begin again."
    )


class RulingInvalid(InvalidInput):
    """A ruling without a key, or on a question that the round has not."""

    message = _l("Say which answers are right.")


_OTHER_THINGS: Final = _l(
    "Use exactly what the question shows, word for word; only the order or the pairs may differ."
)


@dataclass(frozen=True, slots=True)
class NewRuling:
    """A decision about a question; `bodies` are unchecked bodies whose keys count."""

    kind: RulingKind
    bodies: Sequence[Mapping[str, Any]] = ()


def begin_regrade(
    *, contest_round: Round, rulings: Mapping[int, NewRuling], actor: Actor, now: datetime
) -> Regrade:
    """Rule on questions of a closed round; what follows is marked aside by `mark_stretch`.

    Args:
        contest_round: the round.
        rulings: by the revision that stood in its papers.
        actor: who rules.
        now: the instant of the request.

    Raises:
        RegradeTooEarly: attempts are or may become open.
        RegradeUnderWay: another correction is open.
        RulingInvalid: a ruling cannot be used.
        EssaysUnmarked: who would move is not known before all essay answers are marked.
    """
    quiz = quiz_of(contest_round.id)
    if quiz is None or not may_have_statistics(contest_round):
        raise RegradeTooEarly
    if not rulings or not set(rulings) <= set(pool_revision_ids(contest_round.id)):
        raise RulingInvalid
    if open_regrade(contest_round.id) is not None:
        raise RegradeUnderWay
    spared = [key for key, ruling in rulings.items() if ruling.kind in ALONE]
    waiting = unmarked_count(contest_round, spared)
    if waiting:
        raise EssaysUnmarked(waiting)
    earlier = regrades(contest_round.id)
    regrade = Regrade(
        round_id=contest_round.id,
        number=earlier[0].number + 1 if earlier else 1,
        state=RegradeState.MARKING,
        base_number=quiz.regrade_number,
        rulings=_checked(rulings),
        made_by_id=actor.person_id,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(regrade)
    except IntegrityError:
        raise RegradeUnderWay from None
    audit.record(
        "quizzes.regrade_begun",
        actor=actor,
        now=now,
        subject=("regrade", regrade.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "number": regrade.number, "rulings": regrade.rulings},
    )
    return regrade


def _checked(rulings: Mapping[int, NewRuling]) -> dict[str, Any]:
    """Rulings as JSON, their bodies read and written by their questions' kinds."""
    known = revisions(list(rulings))
    stored: dict[str, Any] = {}
    for revision_id, ruling in sorted(rulings.items()):
        kind = known[revision_id].kind
        try:
            parsed = [kind.parse(body) for body in ruling.bodies]
        except BodyInvalid as wrong:
            raise RulingInvalid(wrong.problems[0].message) from wrong
        if not all(shows_the_same(known[revision_id].body, body) for body in parsed):
            raise RulingInvalid(_OTHER_THINGS)
        bodies = [kind.dump(body) for body in parsed]
        if ruling.kind in {RulingKind.KEY, RulingKind.ALSO} and not bodies:
            raise RulingInvalid
        stored[str(revision_id)] = {"kind": ruling.kind.value, "bodies": bodies}
    return stored


def effective_rulings(regrade: Regrade) -> dict[str, Any]:
    """How questions count once a correction is applied: earlier rulings, and its own over them."""
    quiz = quiz_of(regrade.round_id)
    return {**(quiz.rulings if quiz is not None else {}), **regrade.rulings}


@dataclass(frozen=True, slots=True)
class Marking:
    """How far the marking aside is: attempts looked at, those that count otherwise, the last id."""

    round_id: int
    total: int
    done: int = 0
    changed: int = 0
    last: int = 0


def begin_marking(*, regrade_id: int) -> Marking | None:
    """Clear what an interrupted run left; None when the correction is marked already."""
    regrade = db.session.get_one(Regrade, regrade_id)
    if regrade.state is not RegradeState.MARKING:
        return None
    db.session.execute(delete(RegradeMark).where(RegradeMark.regrade_id == regrade_id))
    return Marking(regrade.round_id, finished_count(regrade.round_id))


def mark_stretch(*, regrade_id: int, marking: Marking) -> Marking | None:
    """Mark the next attempts that met a corrected question anew, into the correction's own table.

    A job calls it in a unit of its own each time, so that memory stays flat and nobody waits long.

    Returns:
        How far it is now; None when no attempt is left.
    """
    rows = finished_attempts(marking.round_id, marking.last, _PAGE)
    if not rows:
        return None
    regrade = db.session.get_one(Regrade, regrade_id)
    touched = {int(each) for each in regrade.rulings}
    found = _marked(regrade_id, rows, touched, effective_rulings(regrade))
    if found:
        rows_found = [each | {"round_id": marking.round_id} for each in found]
        db.session.execute(insert(RegradeMark), rows_found)
    return replace(
        marking,
        done=marking.done + len(rows),
        changed=marking.changed + len(found),
        last=rows[-1].id,
    )


def _marked(
    regrade_id: int, rows: Sequence[Any], touched: set[int], effective: Mapping[str, Any]
) -> list[dict[str, Any]]:
    met = [row for row in rows if any(slot.get("r") in touched for slot in row.paper)]
    wanted = {slot["r"] for row in met for slot in row.paper if "r" in slot}
    known = revisions(wanted | {int(each) for each in effective})
    rulings = parse_rulings(effective, known)
    judged = judged_units([row.id for row in met])
    found = []
    for row in met:
        paper = [known[slot["r"]] for slot in row.paper if "r" in slot]
        answers = {int(slot): tuple(parts) for slot, parts in (row.answers or {}).items()}
        mark = mark_attempt(paper, answers, rulings, judged.get(row.id, {}))
        values = {
            "points": from_point_units(mark.units),
            "max_points": from_point_units(mark.max_units),
            "correct_count": mark.right_count,
            "dropped_count": mark.dropped_count,
        }
        if any(getattr(row, name) != value for name, value in values.items()):
            found.append({"regrade_id": regrade_id, "attempt_id": row.id, **values})
    return found


_ATTEMPT: Final = cast("Table", Attempt.__table__)
_MARKS: Final = ("points", "max_points", "correct_count", "dropped_count")


def put_into_effect(*, regrade: Regrade) -> None:
    """Let a correction count: its rulings for the round, its marks for the attempts.

    Everything in the caller's unit, so that all of it becomes true together.

    Raises:
        RegradeMoved: another correction was applied since it was marked.
    """
    claimed = db.session.execute(
        update(QuizRound)
        .where(
            QuizRound.round_id == regrade.round_id,
            QuizRound.regrade_number == regrade.base_number,
        )
        .values(rulings=effective_rulings(regrade), regrade_number=regrade.number)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise RegradeMoved
    staged = select(RegradeMark).where(RegradeMark.regrade_id == regrade.id).subquery()
    db.session.connection().execute(
        update(_ATTEMPT)
        .where(_ATTEMPT.c.id == staged.c.attempt_id)
        .values({name: staged.c[name] for name in _MARKS})
    )
    db.session.expire_all()


def claim_applying(*, regrade: Regrade, actor: Actor | None, now: datetime) -> bool:
    """Take a correction that is ready; False when it was applied or given up meanwhile."""
    claimed = db.session.execute(
        update(Regrade)
        .where(Regrade.id == regrade.id, Regrade.state == RegradeState.READY)
        .values(
            state=RegradeState.APPLIED,
            applied_by_id=None if actor is None else actor.person_id,
            applied_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(regrade)
    return bool(claimed.rowcount == 1)  # type: ignore[attr-defined]


def give_up_regrade(*, regrade: Regrade, actor: Actor, now: datetime) -> None:
    """Close a correction without applying it; its row stays, its marks and moves go.

    Raises:
        RegradeMoved: it was applied meanwhile.
    """
    claimed = db.session.execute(
        update(Regrade)
        .where(
            Regrade.id == regrade.id,
            Regrade.state.in_((RegradeState.MARKING, RegradeState.READY)),
        )
        .values(state=RegradeState.DROPPED)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise RegradeMoved
    db.session.execute(delete(RegradeMark).where(RegradeMark.regrade_id == regrade.id))
    db.session.execute(delete(RegradeMove).where(RegradeMove.regrade_id == regrade.id))
    db.session.refresh(regrade)
    audit.record(
        "quizzes.regrade_given_up",
        actor=actor,
        now=now,
        subject=("regrade", regrade.id),
        scope_id=regrade.round.contest.scope_id,
        data={"round": regrade.round.number, "number": regrade.number},
    )


def check_reason(reason: str) -> str:
    """The reason of a correction.

    Raises:
        ReasonMissing: it is empty.
    """
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()
