"""A copied contest has every setting of the one it was copied from.

The tests walk the columns of all tables of settings and set each to something that is no default:
a column, or a table beside a contest or a round, that is added later and forgotten fails here.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

import contest.reports.models  # noqa: F401  (so that its tables are known)
from contest.awards.models import CertificateDesign, CertificateKind
from contest.contests import actions
from contest.contests.copying import values_of
from contest.contests.models import (
    Contest,
    ContestKind,
    ContestUnit,
    Division,
    RankKey,
    Round,
)
from contest.core.db import Base, Points, UtcInstant, db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import Criterion, JudgedRound
from contest.quizzes.models import BlueprintCell, QuizRound
from contest.results.models import ExtraPrize, PrizeLevel, PrizeTerms, UnitTerms
from contest.submissions.actions.entry_forms import write_fields
from contest.submissions.models import EssayRound, FormField
from contest.submissions.rules.entry_forms import entry_form
from question_bank.models import Difficulty
from tests.quizzes.conftest import make_world

NOT_COPIED: dict[type[Base], set[str]] = {
    Contest: {
        # What it is called, whose it is and how far its wizard has come are its own.
        "slug", "title", "title_folded", "scope_id", "wizard_step", "copied_from_id",
        "created_by_id", "created_at", "announced_at",
    },
    ContestUnit: {"contest_id"},
    Division: {"contest_id"},
    # What happened in a round stays behind.
    Round: {"contest_id", "stage", "opened_at", "closed_at", "annulled_at"},
    RankKey: {"round_id"},
    QuizRound: {
        "round_id", "pool_digest", "seed", "seed_digest", "frozen_at", "use_counted", "rulings",
        "regrade_number",
    },
    BlueprintCell: {"round_id"},
    EssayRound: {"round_id"},
    # That judges saw a field by mistake was a matter of that round.
    FormField: {"round_id", "hidden_at", "hidden_by_id", "hidden_reason"},
    # A seed of lots that is known already draws no others; the earlier stage is looked at apart.
    JudgedRound: {"round_id", "closed_at", "lot_seed", "source_round_id"},
    Criterion: {"round_id"},
    PrizeLevel: {"round_id", "contest_id"},
    PrizeTerms: {"round_id", "contest_id"},
    ExtraPrize: {"round_id", "contest_id"},
    # Head-counts of a day of the old contest; empty means the day of the close.
    UnitTerms: {"contest_id", "counted_on"},
    CertificateDesign: {"contest_id", "edited_by_id", "edited_at"},
}  # fmt: skip

HAPPENED = {
    # What people did, and what was found, decided, signed and published about it.
    "allocation", "appeal", "assignment_run", "attempt", "blind_code", "certificate",
    "certificate_batch", "commendation", "disqualification", "entry", "essay_answer",
    "extra_marking", "fairness_finding", "fairness_note", "fairness_report", "honour",
    "item_statistic", "late_evidence", "mark_sheet", "near_duplicate", "participation_count",
    "printed_paper", "public_board", "publication", "question_report", "question_use",
    "rank_run", "registration", "regrade", "regrade_mark", "resolution", "roster_import",
    "round_decision", "round_pulse", "round_statistic", "scheduled_publication", "total_run",
    "unit_pulse", "unsealing", "unsealing_request", "verification", "waiting_place", "work",
    "calibration_essay",
    # Pools are frozen anew.
    "pool_question",
    # Persons do not come along: who judges and who signs; nor exceptions made for somebody.
    "juror", "jury_list", "signatory", "confirmation_letter", "extra_time", "late_code",
    "late_ruling", "lowered_quorum", "moved_window", "pause",
    # Dates that are set when the round runs.
    "appeal_terms", "confirmation_demand",
}  # fmt: skip
ROOTS = {"contest", "round", "quiz_round", "essay_round", "judged_round"}

R = TypeVar("R", bound=Base)


def other(column: Any, now: datetime) -> Any:
    """A value that is not the column's default."""
    default = None if column.default is None else column.default.arg
    if isinstance(column.type, UtcInstant):
        return now + timedelta(days=40)
    if isinstance(column.type, Points):
        return (default or Decimal(0)) + Decimal("0.05")
    sort = column.type.python_type
    if issubclass(sort, Enum):
        return next(each for each in reversed(sort) if each is not default)
    if sort is bool:
        return default is not True
    if sort is int:
        return (default or 0) + 2
    if sort is date:
        return date(2026, 12, 31)
    return "khác"


def filled(row: R, now: datetime, **told: Any) -> R:
    """The row with each of its settings changed, but for what is told and for foreign keys."""
    table: Any = row.__table__
    for name in values_of(row, without=NOT_COPIED[type(row)]):
        column = type(row).__mapper__.columns[name]
        if name in told:
            setattr(row, name, told[name])
        elif not column.foreign_keys and column.name not in table.primary_key.columns:
            setattr(row, name, other(column, now))
    return row


def add_settings(world: Any, now: datetime) -> Contest:
    """A quiz contest with an essay round and its second stage, and no setting as by default."""
    contest: Contest = world.contest
    filled(
        contest,
        now,
        kind=contest.kind,
        starts_on=date(2026, 9, 7),
        open_to_all_units=False,
        min_age=16,
        max_age=60,
    )
    contest.eligible_units = [ContestUnit(unit_id=world.cast.school.id)]
    contest.divisions = [Division(position=1, name="Bảng A", min_age=16, max_age=30)]
    quiz_round: Round = world.round
    filled(quiz_round, now, kind=quiz_round.kind, opens_at=now, number=1)
    bank_id = world.bank_id
    quiz = world.quiz
    filled(
        quiz,
        now,
        bank_id=bank_id,
        sections=[{"q": 1, "s": 60}, {"q": 3, "s": 90}],
        time_limit_seconds=150,
        set_questions=[{"q": 1, "n": 2}],
    )
    quiz.blueprint = [
        BlueprintCell(position=1, topic_id=world.topic_ids[0], difficulty=Difficulty.EASY, count=4)
    ]
    essay, final = (
        actions.add_round(
            contest=contest, title=title, kind=ContestKind.ESSAY, actor=None, now=now,
            opens_at=now, closes_at=now + timedelta(days=3),
        )
        for title in ("Sơ khảo", "Chung khảo")
    )  # fmt: skip
    for each in (essay, final):
        settings = filled(EssayRound(round_id=each.id), now, min_words=5, max_words=1100)
        settings.fields = [
            filled(FormField(round_id=each.id), now, key="x1", position=1, options=["một", "hai"])
        ]
        db.session.add(settings)
        db.session.flush()
        write_fields(settings, list(entry_form(settings).fields))  # with those of every form
        judged = filled(JudgedRound(round_id=each.id), now, shortlist_size=None)
        judged.criteria = [
            filled(
                Criterion(round_id=each.id), now, position=1, max_points=Decimal(7),
                bands=[{"from": "5", "to": "7", "words": "sâu sắc"}],
            )
        ]  # fmt: skip
        db.session.add(judged)
    db.session.flush()
    judged.source_round_id, judged.shortlist_size = essay.id, 20
    for over in ({"round_id": quiz_round.id}, {"contest_id": contest.id}):
        for model in (PrizeLevel, PrizeTerms, ExtraPrize):
            without = db.session.scalars(select(model).filter_by(**over)).all()
            if not without:
                db.session.add(filled(model(**over), now))
    db.session.add(filled(UnitTerms(contest_id=contest.id), now, keys=["ratio", "persons"]))
    design = CertificateDesign(contest_id=contest.id, edited_at=now)
    db.session.add(filled(design, now, kind=CertificateKind.PRIZE))
    db.session.flush()
    return contest


def settings_of(contest: Contest) -> dict[str, Any]:
    """Every setting of a contest: by table, what stands in each row, in their order."""
    rounds = {each.id: place for place, each in enumerate(contest.rounds)}
    found: dict[str, Any] = {}
    for model, without in NOT_COPIED.items():
        columns = model.__mapper__.columns
        rows: list[Any] = []
        if model is Contest:
            rows = [contest]
        for name, ids in (("contest_id", [contest.id]), ("round_id", list(rounds))):
            if name in columns:
                rows += db.session.scalars(select(model).where(columns[name].in_(ids)))
        if model is Round:
            rows = list(contest.rounds)
        told = [
            (rounds.get(getattr(row, "round_id", None)), values_of(row, without=without))
            for row in rows
        ]
        found[model.__tablename__] = sorted(told, key=repr)
    return found


def test_every_table_beside_a_contest_is_copied_or_says_why_not() -> None:
    beside = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name in ROOTS for key in column.foreign_keys)
    }
    settings = {model.__tablename__ for model in NOT_COPIED}
    assert not settings & HAPPENED
    assert beside | {"contest"} == settings | HAPPENED


@pytest.fixture
def copied_from(app, cast, now):
    """The contest that is copied, in an open context."""
    with app.app_context():
        world = make_world(app, cast, now)
        end_read()
        with unit_of_work():
            add_settings(world, now)
        yield world
        db.session.rollback()


def copy_of(world, starts_on=None):
    lan = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        copy = actions.copy_contest(
            source=world.contest, title="Lần hai", starts_on=starts_on, actor=lan, now=world.now
        ).id
    return db.session.get_one(Contest, copy)


def test_a_copy_has_every_setting(copied_from):
    before = settings_of(copied_from.contest)
    assert all(before.values())
    copy = copy_of(copied_from)
    assert settings_of(copy) == before
    stages = [db.session.get_one(JudgedRound, each.id) for each in copy.rounds[1:]]
    assert [each.source_round_id for each in stages] == [None, copy.rounds[1].id]


def test_the_day_on_which_marks_are_due_moves_with_the_contest(copied_from):
    copy = copy_of(copied_from, copied_from.contest.starts_on + timedelta(days=364))
    old, new = (
        db.session.get_one(JudgedRound, each.rounds[1].id) for each in (copied_from.contest, copy)
    )
    assert new.marks_due_at - old.marks_due_at == timedelta(days=364)
