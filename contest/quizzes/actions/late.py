"""Late answers: what counting them would change, and the recorded decision that counts them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from contest.accounts.models import Unit
from contest.contests.models import Entry, Registration, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db, from_point_units
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.closing import ENDED, marked_paper
from contest.quizzes.actions.essays import follow_late_answers
from contest.quizzes.actions.pauses import of_branch
from contest.quizzes.models import Attempt, LateEvidence, LateRuling, LedgerLine
from contest.quizzes.queries.essays import judged_units
from contest.quizzes.queries.rounds import quiz_of
from contest.quizzes.rules.rulings import mark_attempt
from question_bank.marking import ParsedRevision
from question_bank.queries import revisions


class NothingLate(RuleBroken):
    """Nobody of them has answers that came too late."""

    message = _l("No late answers wait for a decision there.")


class TooLateToCount(RuleBroken):
    """The round has been ranked or corrected; late answers would change it unseen."""

    message = _l("This round has been decided or corrected, so late answers cannot count any more.")


@dataclass(frozen=True, slots=True)
class LateEffect:
    """What counting late answers changes in one attempt.

    `lines` are the late answers; points and right answers stand before and after.
    """

    attempt_id: int
    full_name: str
    code: str
    lines: int
    old_points: Decimal
    new_points: Decimal
    old_correct: int
    new_correct: int

    @property
    def is_changed(self) -> bool:
        """Whether points or right answers change."""
        return (self.old_points, self.old_correct) != (self.new_points, self.new_correct)


def late_effects(
    *, contest_round: Round, entry: Entry | None = None, unit: Unit | None = None
) -> list[LateEffect]:
    """What counting the late answers of an entry or of a unit would change; writes nothing."""
    return [effect for effect, _values in _counted(contest_round, entry, unit)]


def count_late(
    *,
    contest_round: Round,
    reason: str,
    actor: Actor,
    now: datetime,
    entry: Entry | None = None,
    unit: Unit | None = None,
) -> LateRuling:
    """Count the late answers of an entry, or of everybody of a unit's branch.

    The answers are folded together with the ledger, in the order in which the device numbered
    them, and the paper is marked again. The ledger and the evidence stay; the digest of the
    answers becomes a new one, and the audit event keeps old and new points.

    Raises:
        TooLateToCount, ReasonMissing, NothingLate: it is not possible like this.
    """
    quiz = quiz_of(contest_round.id)
    countable = contest_round.stage in {Stage.OPEN, Stage.CLOSED, Stage.MARKING}
    if quiz is None or quiz.regrade_number or not countable:
        raise TooLateToCount
    if not reason.strip():
        raise ReasonMissing
    found = _counted(contest_round, entry, unit)
    if not found:
        raise NothingLate
    ruling = LateRuling(
        round_id=contest_round.id,
        entry_id=None if entry is None else entry.id,
        unit_id=None if unit is None else unit.id,
        attempts=len(found),
        changed=sum(effect.is_changed for effect, _values in found),
        reason=reason.strip(),
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    db.session.add(ruling)
    db.session.flush()
    touched = [effect.attempt_id for effect, _values in found]
    before = db.session.execute(
        select(Attempt.id, Attempt.answers).where(Attempt.id.in_(touched))
    ).all()
    db.session.connection().execute(_WRITE, [values for _effect, values in found])
    follow_late_answers({row.id: row.answers or {} for row in before}, actor=actor, now=now)
    db.session.execute(
        update(LateEvidence)
        .where(
            LateEvidence.attempt_id.in_(touched),
            LateEvidence.ruling_id.is_(None),
        )
        .values(ruling_id=ruling.id)
        .execution_options(synchronize_session=False)
    )
    audit.record(
        "quizzes.late_counted",
        actor=actor,
        now=now,
        subject=("late_ruling", ruling.id),
        scope_id=contest_round.contest.scope_id,
        data={
            "round": contest_round.id,
            "reason": ruling.reason,
            "attempts": [
                [each.attempt_id, str(each.old_points), str(each.new_points)]
                for each, _values in found
            ],
        },
    )
    return ruling


_WRITTEN: Final = (
    "answers",
    "prediction",
    "points",
    "max_points",
    "correct_count",
    "answers_digest",
)
_WRITE: Final = (
    update(Attempt.__table__)  # type: ignore[arg-type]
    .where(Attempt.__table__.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _WRITTEN})
)


def _counted(
    contest_round: Round, entry: Entry | None, unit: Unit | None
) -> list[tuple[LateEffect, dict[str, Any]]]:
    waiting = (
        select(LateEvidence.attempt_id)
        .where(LateEvidence.ruling_id.is_(None))
        .where(LateEvidence.attempt_id == Attempt.id)
        .exists()
    )
    whose = of_branch(0 if unit is None else unit.id)
    if entry is not None:
        whose = Attempt.entry_id == entry.id
    rows = db.session.execute(
        select(
            *ENDED,
            Attempt.answers,
            Attempt.points,
            Attempt.correct_count,
            Registration.full_name,
            Registration.code,
        )
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(
            Attempt.round_id == contest_round.id, Attempt.submitted_at.is_not(None), waiting, whose
        )
        .order_by(Registration.sort_key, Attempt.id)
    ).all()
    known = revisions({slot["r"] for row in rows for slot in row.paper if "r" in slot})
    lines, late = _all_lines(contest_round.id, [row.id for row in rows])
    judged = judged_units([row.id for row in rows])
    found = []
    for row in rows:
        values = marked_paper(row, lines[row.id], known)
        if row.id in judged:
            values |= _with_judged(row, values["answers"], known, judged[row.id])
        effect = LateEffect(
            attempt_id=row.id,
            full_name=row.full_name,
            code=row.code,
            lines=late[row.id],
            old_points=row.points,
            new_points=values["points"],
            old_correct=row.correct_count,
            new_correct=values["correct_count"],
        )
        found.append((effect, {name: values[name] for name in ("key", *_WRITTEN)}))
    return found


def _with_judged(
    row: Any,
    answers: Mapping[str, list[str]],
    known: Mapping[int, ParsedRevision],
    judged: Mapping[int, int],
) -> dict[str, Any]:
    """Marks with what people gave for essay answers that late ones leave as they were."""
    kept = {
        slot: units
        for slot, units in judged.items()
        if answers.get(str(slot)) == (row.answers or {}).get(str(slot))
    }
    mark = mark_attempt(
        [known[slot["r"]] for slot in row.paper if "r" in slot],
        {int(slot): tuple(parts) for slot, parts in answers.items()},
        {},
        kept,
    )
    return {"points": from_point_units(mark.units), "correct_count": mark.right_count}


def _all_lines(
    round_id: int, attempt_ids: Sequence[int]
) -> tuple[dict[int, dict[int, str]], dict[int, int]]:
    """The last answer by slot over ledger and evidence, and how many late answers there are."""
    found: list[tuple[int, int, int, int, str]] = []
    late = dict.fromkeys(attempt_ids, 0)
    ledger = select(
        LedgerLine.attempt_id,
        LedgerLine.epoch,
        LedgerLine.sequence,
        LedgerLine.slot,
        LedgerLine.answer,
    ).where(LedgerLine.round_id == round_id, LedgerLine.attempt_id.in_(attempt_ids))
    evidence = select(
        LateEvidence.attempt_id,
        LateEvidence.epoch,
        LateEvidence.sequence,
        LateEvidence.slot,
        LateEvidence.answer,
    ).where(LateEvidence.attempt_id.in_(attempt_ids))
    for is_late, statement in ((False, ledger), (True, evidence)):
        for attempt_id, epoch, sequence, slot, answer in db.session.execute(statement):
            late[attempt_id] += is_late
            found.append((attempt_id, epoch, sequence, slot, answer))
    folded: dict[int, dict[int, str]] = {each: {} for each in attempt_ids}
    for attempt_id, _epoch, _sequence, slot, answer in sorted(found):
        folded[attempt_id][slot] = answer
    return folded, late
