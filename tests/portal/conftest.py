"""A weekly quiz of Lâm Sơn that is open now, with people in it; requests take their time from the
clock, so its dates do too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from contest.accounts.models import Person, Unit, UnitHeadcount
from contest.contests.actions import add_round, create_contest, register
from contest.contests.models import Contest, RegistrationSource, Round, Stage
from contest.contests.queries import entry_of
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, BlueprintCell, ClosedBy, QuizRound
from contest.results.models import PrizeCode, PrizeLevel
from tests.support.cast import Cast, actor_of

TITLE = "Cuộc thi tìm hiểu tư tưởng, đạo đức, phong cách Hồ Chí Minh"
SLUG = "tim-hieu"
DAY = timedelta(days=1)
RULES = """# Ai không được xét giải?
Thành viên Ban Tổ chức.
# Khiếu nại
Gửi Tổ Thư ký.
"""


@dataclass(frozen=True)
class Weeks:
    """What a story changes: call with the stage of the first week."""

    app: Flask
    cast: Cast

    def __call__(self, stage: Stage = Stage.OPEN, *, announced: bool = True) -> None:
        now = utc_now()
        with self.app.app_context(), unit_of_work():
            contest = self._contest(now, announced=announced)
            opens = now - DAY if stage is Stage.OPEN else now - 8 * DAY
            if stage is Stage.PLANNED:
                opens = now + 2 * DAY
            first = self._round(contest, "Tuần 1", opens, now)
            self._round(contest, "Tuần 2", opens + 7 * DAY, now)
            if stage is not Stage.PLANNED:
                first.stage, first.opened_at = stage, opens
                quiz = db.session.get_one(QuizRound, first.id)
                quiz.frozen_at, quiz.pool_digest, quiz.seed = opens, "0" * 64, "00" * 32

    def _contest(self, now: datetime, *, announced: bool) -> Contest:
        contest = create_contest(
            title=TITLE,
            slug=SLUG,
            unit=db.session.get_one(Unit, self.cast.province.id),
            actor=actor_of(db.session.get_one(Person, self.cast.lan.id), now),
            now=now,
            summary="Dành cho mọi người trong tỉnh.",
            subject_matter="Tác phẩm “Sửa đổi lối làm việc”",
            contact="Tổ Thư ký cuộc thi\n1900 0000",
            starts_on=(now - 10 * DAY).date(),
            ends_on=(now + 30 * DAY).date(),
        )
        contest.rules_text = RULES
        contest.announced_at = now - 3 * DAY if announced else None
        return contest

    def _round(self, contest: Contest, title: str, opens: datetime, now: datetime) -> Round:
        round = add_round(
            contest=contest,
            title=title,
            actor=None,
            now=now,
            opens_at=opens,
            closes_at=opens + 7 * DAY - timedelta(hours=1),
        )
        db.session.add(QuizRound(round_id=round.id, attempts_allowed=7))
        db.session.flush()
        db.session.add(BlueprintCell(round_id=round.id, position=1, count=20))
        for position, (code, quota, money) in enumerate(
            ((PrizeCode.FIRST, 1, 4_000_000), (PrizeCode.CONSOLATION, 8, 1_000_000)), 1
        ):
            db.session.add(
                PrizeLevel(
                    round_id=round.id,
                    position=position,
                    code=code,
                    name="",
                    quota=quota,
                    money=money,
                )
            )
        return round

    def take_part(self, person: Person, *attempts: int | None) -> None:
        """Register somebody, with attempts of so many right answers (None: still running)."""
        now = utc_now()
        with self.app.app_context(), unit_of_work():
            contest = db.session.query(Contest).filter_by(slug=SLUG).one()
            registration = register(
                contest=contest,
                person=db.session.get_one(Person, person.id),
                now=now,
                source=RegistrationSource.ROSTER,
            )
            entry = entry_of(registration.id)
            assert entry is not None
            for ordinal, correct in enumerate(attempts, 1):
                start = now - timedelta(minutes=40 if correct is not None else 5)
                db.session.add(
                    Attempt(
                        round_id=contest.rounds[0].id,
                        entry_id=entry.id,
                        person_id=person.id,
                        ordinal=ordinal,
                        paper=[],
                        started_at=start,
                        deadline_at=start + timedelta(minutes=15),
                        grace_until=start + timedelta(minutes=16),
                        submitted_at=None if correct is None else start + timedelta(minutes=9),
                        closed_by=None if correct is None else ClosedBy.PERSON,
                        answers=None if correct is None else {},
                        points=None if correct is None else Decimal(correct),
                        max_points=Decimal(20),
                        correct_count=correct,
                        question_count=20,
                        receipt_code=None if correct is None else f"T1-{person.id}-{ordinal}",
                    )
                )

    def head_count(self, unit: Unit, persons: int) -> None:
        with self.app.app_context(), unit_of_work():
            row = UnitHeadcount(unit_id=unit.id, counted_on=date(2026, 1, 1), persons=persons)
            db.session.add(row)


@pytest.fixture
def weeks(app: Flask, cast: Cast) -> Callable[..., None]:
    """Writes the contest; `weeks(Stage.PLANNED)`, `weeks.take_part(cast.minh, 18)`."""
    return Weeks(app, cast)
