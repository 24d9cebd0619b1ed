"""Judged rounds, their rubric and jury, and the facts of the assignment."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import Grant, Person, Scope, Unit
from contest.accounts.queries import units_below
from contest.contests.models import Round, Stage
from contest.core.access import Role
from contest.core.db import db
from contest.judging.models import (
    AssignmentRun,
    Conflict,
    Criterion,
    JudgedRound,
    Juror,
    JurorState,
    LoweredQuorum,
    MarkSheet,
    SheetMark,
    SheetState,
)
from contest.judging.rules.conflicts import JudgeFacts, WorkFacts
from contest.submissions import models as submitted
from contest.submissions.queries import marking


def judged_round(round_id: int) -> JudgedRound | None:
    """How a round is marked, with its rubric; None while it was never set."""
    return db.session.scalar(
        select(JudgedRound)
        .where(JudgedRound.round_id == round_id)
        .options(selectinload(JudgedRound.criteria))
    )


def judged_rounds_of(contest_id: int) -> dict[int, JudgedRound]:
    """The same for every round of a contest, by round."""
    rows = db.session.scalars(
        select(JudgedRound)
        .join(JudgedRound.round)
        .where(Round.contest_id == contest_id)
        .options(selectinload(JudgedRound.criteria))
    )
    return {row.round_id: row for row in rows}


def rounds_being_marked() -> list[int]:
    """Keys of the rounds whose sheets are with judges now."""
    return list(
        db.session.scalars(
            select(Round.id)
            .join(JudgedRound, JudgedRound.round_id == Round.id)
            .where(Round.stage == Stage.MARKING, JudgedRound.closed_at.is_(None))
            .order_by(Round.id)
        )
    )


def rounds_to_remind(now: datetime) -> list[int]:
    """Keys of the rounds being marked whose late judges are to be reminded."""
    return list(
        db.session.scalars(
            select(Round.id)
            .join(JudgedRound, JudgedRound.round_id == Round.id)
            .where(
                Round.stage == Stage.MARKING,
                JudgedRound.closed_at.is_(None),
                JudgedRound.reminds_late,
                JudgedRound.marks_due_at < now,
            )
            .order_by(Round.id)
        )
    )


def has_marks(round_id: int) -> bool:
    """Whether anybody has marked anything in a round."""
    return bool(
        db.session.scalar(
            select(
                exists().where(SheetMark.sheet_id == MarkSheet.id, MarkSheet.round_id == round_id)
            )
        )
    )


def jurors(round_id: int) -> list[Juror]:
    """Everybody who was ever invited, in the order of their names."""
    return list(
        db.session.scalars(
            select(Juror)
            .join(Juror.person)
            .where(Juror.round_id == round_id)
            .order_by(Person.sort_key, Juror.id)
            .options(joinedload(Juror.person).joinedload(Person.unit))
        )
    )


def seated_person_ids(round_id: int) -> set[int]:
    """Persons who accepted a seat on a round's jury, also those who left it."""
    return set(
        db.session.scalars(
            select(Juror.person_id).where(
                Juror.round_id == round_id,
                Juror.state.in_((JurorState.ACCEPTED, JurorState.LEFT)),
            )
        )
    )


def juror_in(round_id: int, public_id: str) -> Juror | None:
    """A seat of a round's jury, by the id of its URL."""
    return db.session.scalar(
        select(Juror)
        .where(Juror.round_id == round_id, Juror.public_id == public_id)
        .options(joinedload(Juror.person))
    )


def juror_of(round_id: int, person_id: int) -> Juror | None:
    """A person's seat on a round's jury."""
    return db.session.scalar(
        select(Juror)
        .where(Juror.round_id == round_id, Juror.person_id == person_id)
        .options(joinedload(Juror.person))
    )


def people_to_invite(scope_path: str, round_id: int) -> list[Person]:
    """Holders of the judge's role on a scope or above it, who are not on the jury yet."""
    paths = _paths_above(scope_path)
    return list(
        db.session.scalars(
            select(Person)
            .join(Grant, Grant.person_id == Person.id)
            .join(Scope, Scope.id == Grant.scope_id)
            .where(
                Grant.role == Role.JUDGE,
                Grant.ended_at.is_(None),
                Scope.path.in_(paths),
                Person.disabled_at.is_(None),
                ~exists().where(Juror.person_id == Person.id, Juror.round_id == round_id),
            )
            .order_by(Person.sort_key)
            .options(joinedload(Person.unit))
        ).unique()
    )


def conflicts_of(juror_ids: Collection[int]) -> dict[int, list[Conflict]]:
    """Conflicts that judges declared and did not take back, by seat."""
    found: defaultdict[int, list[Conflict]] = defaultdict(list)
    for conflict in db.session.scalars(
        select(Conflict)
        .where(Conflict.juror_id.in_(juror_ids), Conflict.withdrawn_at.is_(None))
        .order_by(Conflict.id)
        .options(joinedload(Conflict.unit))
    ):
        found[conflict.juror_id].append(conflict)
    return dict(found)


def own_conflict(juror_id: int, public_id: str) -> Conflict | None:
    """A conflict that a judge declared."""
    return db.session.scalar(
        select(Conflict).where(
            Conflict.juror_id == juror_id,
            Conflict.public_id == public_id,
            Conflict.withdrawn_at.is_(None),
        )
    )


def judge_facts(
    contest_round: Round, known: Sequence[Juror], holders: Collection[int] | None = None
) -> tuple[JudgeFacts, ...]:
    """What is known about the judges who accepted and hold the role, for finding conflicts.

    Args:
        contest_round: for whose marking.
        known: seats of its jury.
        holders: persons who hold the role, where that is known already.
    """
    if holders is None:
        holders = role_holders(contest_round.contest.scope.path)
    seated = [
        juror
        for juror in known
        if juror.state is JurorState.ACCEPTED and juror.person_id in holders
    ]
    declared = conflicts_of([juror.id for juror in seated])
    before = marked_before(contest_round, [juror.person_id for juror in seated])
    branches = units_below(
        {each.unit_id for each in chain(*declared.values()) if each.unit_id is not None}
    )
    facts = []
    for juror in sorted(seated, key=lambda each: each.id):
        conflicts = declared.get(juror.id, [])
        unit = juror.person.unit
        facts.append(
            JudgeFacts(
                juror_id=juror.id,
                person_id=juror.person_id,
                name_folded=juror.person.name_folded,
                unit_id=juror.person.unit_id,
                unit_folded=unit.name_folded if unit is not None else "",
                phone=juror.person.phone or "",
                email=juror.person.email or "",
                capacity=juror.capacity,
                declared_units=frozenset().union(
                    *(branches[each.unit_id] for each in conflicts if each.unit_id is not None)
                ),
                declared_names=frozenset(
                    each.name_folded for each in conflicts if each.name_folded
                ),
                marked_before=before.get(juror.person_id, frozenset()),
            )
        )
    return tuple(facts)


def marked_before(contest_round: Round, person_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By judge, works of this round whose entry the judge marked in an earlier round."""
    here = select(submitted.Work.id, submitted.Work.entry_id).where(
        submitted.Work.round_id == contest_round.id
    )
    earlier = (
        select(Juror.person_id, submitted.Work.entry_id)
        .select_from(MarkSheet)
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .join(submitted.Work, submitted.Work.id == MarkSheet.work_id)
        .join(Round, Round.id == MarkSheet.round_id)
        .where(
            Round.contest_id == contest_round.contest_id,
            Round.number < contest_round.number,
            MarkSheet.state == SheetState.DONE,
            Juror.person_id.in_(person_ids),
        )
        .subquery()
    )
    works = here.subquery()
    rows = db.session.execute(
        select(earlier.c.person_id, works.c.id).join(works, works.c.entry_id == earlier.c.entry_id)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person_id, work_id in rows:
        found[person_id].add(work_id)
    return {person_id: frozenset(works) for person_id, works in found.items()}


def work_facts(round_id: int, work_ids: Collection[int] | None = None) -> tuple[WorkFacts, ...]:
    """What is known about the works to be marked, or some of them, for conflicts; never shown."""
    return tuple(
        WorkFacts(
            work_id=work.work_id,
            person_ids=work.author_person_ids,
            names_folded=work.author_names_folded,
            unit_ids=work.author_unit_ids,
            branch_ids=work.author_unit_path_ids,
            phones=work.author_phones,
            emails=work.author_emails,
            subject_names_folded=work.subject_names_folded,
            subject_unit_ids=work.subject_unit_ids,
            subject_units_folded=work.subject_units_folded,
            subject_person_ids=work.subject_person_ids,
            units_folded=work.author_units_folded,
            named=work.named,
        )
        for work in marking.works_for_marking(round_id, work_ids)
    )


def unit_names(unit_ids: Collection[int]) -> list[str]:
    """Names of units, in the order of the alphabet."""
    return list(
        db.session.scalars(select(Unit.name).where(Unit.id.in_(unit_ids)).order_by(Unit.sort_key))
    )


class SheetLine(NamedTuple):
    """A sheet as the lists of organisers need it: no text, no entity."""

    id: int
    work_id: int
    juror_id: int
    marking: int
    state: SheetState
    total: Decimal | None
    reason: str


def sheet_lines(round_id: int) -> list[SheetLine]:
    """All sheets of a round, by work and marking; one statement."""
    rows = db.session.execute(
        select(*(getattr(MarkSheet, name) for name in SheetLine._fields))
        .where(MarkSheet.round_id == round_id)
        .order_by(MarkSheet.work_id, MarkSheet.marking, MarkSheet.id)
    )
    return [SheetLine(*row) for row in rows]


def quorums(round_id: int) -> dict[int, int]:
    """By work, the fewer markings with which it is content by a decision; the newest counts."""
    rows = db.session.execute(
        select(LoweredQuorum.work_id, LoweredQuorum.quorum)
        .where(LoweredQuorum.round_id == round_id)
        .order_by(LoweredQuorum.id)
    )
    return dict(rows.all())


def quorum_of(work_id: int) -> int | None:
    """The same for one work; None where nobody lowered it."""
    return db.session.scalar(
        select(LoweredQuorum.quorum)
        .where(LoweredQuorum.work_id == work_id)
        .order_by(LoweredQuorum.id.desc())
        .limit(1)
    )


def round_codes(round_id: int) -> dict[int, str]:
    """The codes of a round's works; one statement, however many there are."""
    rows = db.session.execute(
        select(submitted.BlindCode.work_id, submitted.BlindCode.code).where(
            submitted.BlindCode.round_id == round_id
        )
    )
    return dict(rows.all())


def role_holders(scope_path: str) -> set[int]:
    """Persons who hold the judge's role on a scope or above it, with an account that is open."""
    return set(
        db.session.scalars(
            select(Grant.person_id)
            .join(Scope, Scope.id == Grant.scope_id)
            .join(Person, Person.id == Grant.person_id)
            .where(
                Grant.role == Role.JUDGE,
                Grant.ended_at.is_(None),
                Scope.path.in_(_paths_above(scope_path)),
                Person.disabled_at.is_(None),
            )
        )
    )


def _paths_above(path: str) -> list[str]:
    ids = path.strip("/").split("/")
    return ["/" + "/".join(ids[: place + 1]) + "/" for place in range(len(ids))]


def criteria_of(round_id: int) -> list[Criterion]:
    """The rubric, in order."""
    return list(
        db.session.scalars(
            select(Criterion).where(Criterion.round_id == round_id).order_by(Criterion.position)
        )
    )


def assignment_runs(round_id: int) -> list[AssignmentRun]:
    """Assignments that were taken, the newest first."""
    return list(
        db.session.scalars(
            select(AssignmentRun)
            .where(AssignmentRun.round_id == round_id)
            .order_by(AssignmentRun.number.desc())
        )
    )


def next_run_number(round_id: int) -> int:
    """The number of the next assignment."""
    last = db.session.scalar(
        select(func.max(AssignmentRun.number)).where(AssignmentRun.round_id == round_id)
    )
    return (last or 0) + 1
