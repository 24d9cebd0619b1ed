"""The demo's round of all kinds, and one in sections beside it.

Of all kinds: pictures, gaps, pairs, information to read, an essay to write.

Its paper is drawn of the second bank of the demo (`contest.demo.bank`), approved questions only.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from contest.accounts.models import Person
from contest.contests import actions as contests
from contest.contests.models import Contest, ContestKind, RegistrationSource, Round
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.demo import bank, texts
from contest.demo.foundation import Foundation, open_to_the_province
from contest.demo.story.attempts import as_actor
from contest.quizzes import actions as quizzes
from contest.quizzes.actions.set_questions import set_questions
from contest.quizzes.models import ResultShown
from contest.quizzes.rules.sections import Section, sum_of
from contest.quizzes.rules.set_questions import SetQuestion
from contest.results import actions as results
from contest.results.models import PrizeCode, TiePolicy
from question_bank.drawing import Cell
from question_bank.models import Bank, Difficulty, Question

TITLE: Final = "Vui học cùng tranh, công thức và đoạn văn"
SUMMARY: Final = (
    "Một đề ngắn có đủ các kiểu câu hỏi: chọn phương án, điền chỗ trống, ghép đôi, sắp xếp, "
    "và một câu bạn viết vài dòng."
)
_DAY: Final = timedelta(days=1)
_OPEN_FOR: Final = timedelta(days=30)
_BLUEPRINT: Final = (
    Cell(None, Difficulty.EASY, 1),
    Cell(None, Difficulty.MEDIUM, 3),
    Cell(None, Difficulty.HARD, 1),
)
_QUICK: Final = (Cell(None, Difficulty.EASY, 6), Cell(None, Difficulty.MEDIUM, 4))
_SECTIONS: Final = (Section(6, 180), Section(4, 240))
_HALF: Final = Decimal("0.5")


def tell(base: Foundation, *, now: datetime) -> None:
    """Hold the round, open since yesterday, with Minh among those who may take part.

    Args:
        base: units and cast; the second bank is there already.
        now: "today".
    """
    before, opens_at = now - 2 * _DAY, now - _DAY
    held_in = db.session.scalars(select(Bank).where(Bank.slug == bank.SLUG)).one()
    contest = _contest(base, opens_at, now=before)
    rounds = [
        _round(base, contest, held_in, opens_at, now=before),
        _in_sections(base, contest, opens_at, now=before),
    ]
    contests.announce(contest=contest, actor=base.actors["lan"], now=before)
    minh = db.session.get_one(Person, base.people["minh"].id)
    contests.register(
        contest=contest,
        person=minh,
        agreement=contests.Agreement(take_part=True, publish_name=True, locale="vi"),
        source=RegistrationSource.SELF,
        actor=as_actor(minh),
        now=before,
    )
    for each in rounds:
        contests.open_round(round=each, actor=base.actors["lan"], now=opens_at)


def _contest(base: Foundation, opens_at: datetime, *, now: datetime) -> Contest:
    lan = base.actors["lan"]
    contest = contests.create_contest(
        title=TITLE,
        unit=base.units["LS-BTG"],
        summary=SUMMARY,
        contact=texts.CONTACT,
        starts_on=opens_at.astimezone(LOCAL_ZONE).date(),
        ends_on=(opens_at + _OPEN_FOR).astimezone(LOCAL_ZONE).date(),
        actor=lan,
        now=now,
    )
    open_to_the_province(base, contest, one_prize_per_person=True, now=now)
    return contest


def _in_sections(base: Foundation, contest: Contest, opens_at: datetime, *, now: datetime) -> Round:
    """For practice: two sections with a time of their own, no way back to a question."""
    held = contests.add_round(
        contest=contest,
        title="Thi thử nhanh theo phần",
        is_practice=True,
        opens_at=opens_at,
        closes_at=opens_at + _OPEN_FOR,
        actor=base.actors["lan"],
        now=now,
    )
    quizzes.save_settings(
        contest_round=held,
        settings=quizzes.QuizSettings(
            bank_id=base.bank.id,
            time_limit_seconds=sum_of(_SECTIONS),
            attempts_allowed=3,
            prediction_asked=False,
            one_way=True,
            sections=_SECTIONS,
        ),
        cells=_QUICK,
        actor=base.actors["lan"],
        now=now,
    )
    return held


def _round(
    base: Foundation, contest: Contest, held_in: Bank, opens_at: datetime, *, now: datetime
) -> Round:
    lan, closes_at = base.actors["lan"], opens_at + _OPEN_FOR
    held = contests.add_round(
        contest=contest,
        title="Đủ các kiểu câu hỏi",
        kind=ContestKind.QUIZ,
        opens_at=opens_at,
        closes_at=closes_at,
        rank_keys=("correct", "working_time", "submitted_at", "lot"),
        actor=lan,
        now=now,
    )
    contests.set_due_dates(
        round=held,
        marked_by=closes_at + 3 * _DAY,
        decided_by=closes_at + 5 * _DAY,
        published_by=closes_at + 6 * _DAY,
    )
    quizzes.save_settings(
        contest_round=held,
        settings=quizzes.QuizSettings(
            bank_id=held_in.id,
            time_limit_seconds=1_800,
            attempts_allowed=3,
            prediction_asked=False,
            result_shown=ResultShown.NOTHING,
        ),
        cells=_BLUEPRINT,
        actor=lan,
        now=now,
    )
    of_kind = {
        question.kind: question.id
        for question in db.session.scalars(
            select(Question).where(
                Question.bank_id == held_in.id, Question.kind.in_(("description", "essay"))
            )
        )
    }
    set_questions(
        contest_round=held,
        questions=[SetQuestion(of_kind["description"], 1), SetQuestion(of_kind["essay"])],
        step=_HALF,
        actor=lan,
        now=now,
    )
    level = results.LevelValues(PrizeCode.FIRST, 1, 500_000, TiePolicy.EXPAND)
    results.set_prize_levels(over=held, levels=(level,), actor=lan, now=now)
    return held
