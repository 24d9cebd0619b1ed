"""A quiz round that has closed, with people who took part, for the stories of results."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from contest.accounts.actions import create_person, create_scope
from contest.accounts.models import Person, ScopeKind, Unit
from contest.contests.actions import (
    Agreement,
    DivisionPlan,
    add_round,
    create_contest,
    edit_divisions,
    register,
)
from contest.contests.kinds import register_kind, register_rank_key
from contest.contests.models import (
    Contest,
    Entry,
    RegistrationSource,
    Round,
    Stage,
)
from contest.core.access import Actor
from contest.core.audit import sha256_hex
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from contest.quizzes.models import Attempt, ClosedBy, PoolQuestion, QuizRound
from contest.quizzes.rank_keys import KEYS
from contest.quizzes.round_kind import QuizKind
from contest.results.actions import LevelValues, set_prize_levels
from contest.results.models import PrizeCode, TiePolicy
from question_bank.models import Bank, Difficulty, Question, QuestionRevision, QuestionState
from tests.support.cast import Cast, actor_of, make_cast

KEY_CODES: Final = ("correct", "prediction", "working_time", "submitted_at")
QUESTIONS: Final = 20


@dataclass(frozen=True)
class Taker:
    """Somebody who took part: name, right answers, prediction, working time in ms."""

    name: str
    correct: int
    prediction: int | None
    ms: int
    born: date = date(1985, 6, 15)
    publish: bool = True
    unit: str = "school"
    submitted: int = 0  # seconds after the opening


TAKERS: Final = (
    Taker("Phan Nguyễn Hoàng Tường Vi", 20, 4, 478_204),
    Taker("K'Brỏih", 20, 4, 491_930, unit="ward"),
    Taker("Trần Ngọc Bảo Trân", 20, 5, 466_551, publish=False),
    Taker("Tôn Nữ Quỳnh Như", 19, 3, 542_117, born=date(2010, 1, 1)),
    Taker("Lê Văn Đức", 19, 7, 418_340, unit="other_school"),
    Taker("H'Nhung Êban", 18, 3, 500_006),
)
"""Three are all right, so N = 3: the first two predicted 1 off, the third 2 off."""


@dataclass
class Story:
    """What a story works on; objects belong to the session that made them."""

    cast: Cast
    contest: Contest
    round: Round
    entries: dict[str, Entry] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    lan: Actor | None = None

    @property
    def organiser(self) -> Actor:
        assert self.lan is not None
        return self.lan


def know_quizzes() -> None:
    """The registry as the application has it."""
    register_kind(QuizKind())
    for key in KEYS:
        register_rank_key(key.entry)


def _unit(cast: Cast, name: str) -> Unit:
    unit = getattr(cast, name)
    assert isinstance(unit, Unit)
    return unit


def take_part(story: Story, taker: Taker, now: datetime, *, person: Person | None = None) -> Entry:
    """Register somebody and give them one finished attempt."""
    if person is None:
        person = create_person(
            full_name=taker.name,
            birth=PartialDate(taker.born, DatePrecision.DAY),
            unit=_unit(story.cast, taker.unit),
            actor=None,
            now=now,
        )
    agreement = Agreement(take_part=True, publish_name=taker.publish, locale="vi")
    registration = register(
        contest=story.contest,
        person=person,
        now=now,
        actor=None,
        agreement=agreement,
        source=RegistrationSource.ROSTER,
    )
    entry = db.session.query(Entry).filter_by(registration_id=registration.id).one()
    add_attempt(story.round, entry, person, taker)
    story.entries[taker.name] = entry
    story.persons[taker.name] = person
    return entry


def add_attempt(
    round: Round, entry: Entry, person: Person, taker: Taker, *, ordinal: int = 1
) -> None:
    """A finished attempt of an entry."""
    assert round.opens_at is not None
    start = round.opens_at + timedelta(minutes=ordinal)
    end = start + timedelta(milliseconds=taker.ms, seconds=taker.submitted)
    db.session.add(
        Attempt(
            round_id=round.id,
            entry_id=entry.id,
            person_id=person.id,
            ordinal=ordinal,
            paper=[],
            started_at=start,
            deadline_at=start + timedelta(minutes=15),
            grace_until=start + timedelta(minutes=16),
            submitted_at=end,
            closed_by=ClosedBy.PERSON,
            answers={},
            points=Decimal(taker.correct),
            max_points=Decimal(QUESTIONS),
            correct_count=taker.correct,
            question_count=QUESTIONS,
            prediction=taker.prediction,
            working_ms=taker.ms,
        )
    )
    db.session.flush()


def add_pool(story: Story, now: datetime) -> None:
    """Two questions in the round's frozen pool."""
    scope = create_scope(kind=ScopeKind.BANK, parent=story.cast.province.scope)
    bank = Bank(
        slug="ngan-hang-tuan",
        name="Ngân hàng tuần",
        name_folded="ngan hang tuan",
        unit_id=story.cast.province.id,
        scope_id=scope.id,
        created_at=now,
    )
    db.session.add(bank)
    db.session.flush()
    quiz = db.session.get(QuizRound, story.round.id)
    assert quiz is not None
    quiz.bank_id = bank.id
    stems = ("Bác Hồ sinh ngày nào?", "Tác phẩm “Đường Kách mệnh” in năm nào?")
    keys = ("Ngày 19/5/1890", "Năm 1927")
    for number, (stem, key) in enumerate(zip(stems, keys, strict=True), 1):
        question = Question(
            bank_id=bank.id,
            kind="single",
            state=QuestionState.APPROVED,
            difficulty=Difficulty.EASY,
            search_folded="",
            stem_digest=str(number) * 64,
            created_at=now,
        )
        db.session.add(question)
        db.session.flush()
        revision = QuestionRevision(
            question_id=question.id,
            number=1,
            kind="single",
            stem=stem,
            body={
                "options": [
                    {"id": "a", "text": key, "fixed": False},
                    {"id": "b", "text": "Ngày khác", "fixed": False},
                ],
                "key": ["a"],
            },
            explanation=f"Giải thích {number}",
            digest=str(number) * 64,
            created_at=now,
        )
        db.session.add(revision)
        db.session.flush()
        db.session.add(
            PoolQuestion(
                round_id=story.round.id,
                question_id=question.id,
                revision_id=revision.id,
                difficulty=Difficulty.EASY,
                use_rank=number,
                enemies=[],
            )
        )
    db.session.flush()


def closed_round(
    now: datetime,
    takers: Sequence[Taker] = TAKERS,
    *,
    levels: Sequence[LevelValues] | None = None,
    divisions: Sequence[DivisionPlan] = (),
    key_codes: Sequence[str] = KEY_CODES,
) -> Story:
    """A quiz of Lâm Sơn whose only round closed an hour ago; in the present transaction."""
    know_quizzes()
    cast = make_cast(now)
    contest = create_contest(
        title="Tìm hiểu tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        unit=cast.province,
        actor=None,
        now=now,
        slug="tim-hieu-2026",
        starts_on=date(2026, 8, 24),
        ends_on=date(2026, 9, 30),
    )
    contest.announced_at = now - timedelta(days=10)
    if divisions:
        edit_divisions(contest=contest, divisions=divisions, actor=None, now=now)
    round = add_round(
        contest=contest,
        title="Tuần 1",
        actor=None,
        now=now,
        opens_at=now - timedelta(days=7),
        closes_at=now - timedelta(hours=1),
        rank_keys=key_codes,
    )
    story = Story(cast, contest, round)
    hold(round, now)
    add_pool(story, now)
    for taker in takers:
        take_part(story, taker, now - timedelta(days=8))
    set_prize_levels(
        over=round,
        levels=levels
        if levels is not None
        else [
            LevelValues(PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP),
            LevelValues(PrizeCode.SECOND, 2, 2_000_000, TiePolicy.STOP),
            LevelValues(PrizeCode.THIRD, 1, 1_500_000, TiePolicy.STOP),
        ],
        actor=None,
        now=now,
    )
    story.lan = actor_of(cast.lan, now)
    db.session.flush()
    return story


def hold(round: Round, now: datetime) -> None:
    quiz = db.session.get(QuizRound, round.id)
    if quiz is None:
        quiz = QuizRound(round_id=round.id, attempts_allowed=1)
        db.session.add(quiz)
    quiz.seed, quiz.pool_digest = "ab" * 32, "ef" * 32
    quiz.seed_digest = sha256_hex(bytes.fromhex(quiz.seed))
    quiz.frozen_at = now - timedelta(days=7)
    round.stage = Stage.CLOSED
    round.opened_at, round.closed_at = round.opens_at, round.closes_at
    db.session.flush()


def committed_round(now: datetime, takers: Sequence[Taker] = TAKERS) -> Story:
    """The same in the database, committed; its objects are detached but loaded."""
    with unit_of_work():
        return closed_round(now, takers)
