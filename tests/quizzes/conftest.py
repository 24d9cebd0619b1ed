"""A quiz contest with a bank, a round and registered people; and a device that saves answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from contest.accounts.actions import create_scope, record_consent
from contest.accounts.models import ConsentPurpose, Person, ScopeKind, Unit
from contest.accounts.queries import unit_path
from contest.accounts.rules import token_digest
from contest.contests.models import (
    Contest,
    ContestKind,
    Entry,
    Registration,
    RegistrationSource,
    Round,
    Stage,
)
from contest.core.access import Actor
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.core.vietnamese import fold, name_sort_key, text_sort_key
from contest.quizzes import actions, queries
from contest.quizzes.actions import QuizSettings
from contest.quizzes.actions.saves import SaveOutcome
from contest.quizzes.models import Attempt, QuizRound
from contest.quizzes.rules.answers import Saved, read_answer
from question_bank.actions import Content, create_question
from question_bank.drawing import Cell
from question_bank.kinds.choice import new_choice_body
from question_bank.models import (
    Bank,
    Difficulty,
    Question,
    QuestionRevision,
    QuestionState,
    Topic,
)
from tests.support.cast import Cast, actor_of
from tests.support.kept import kept
from tests.support.rounds import open_quiz_round

DIFFICULTIES = (Difficulty.EASY, Difficulty.MEDIUM)
RIGHT = "Phương án đúng"


@dataclass
class World:
    """Ids of what the stories are about, and shortcuts through the room's own doors."""

    app: Flask
    cast: Cast
    now: datetime
    bank_id: int = 0
    topic_ids: list[int] = field(default_factory=list)
    contest_id: int = 0
    round_id: int = 0
    actors: dict[int, Actor] = field(default_factory=dict)

    @property
    def contest(self) -> Contest:
        found = db.session.get(Contest, self.contest_id)
        assert found is not None
        return found

    @property
    def round(self) -> Round:
        found = db.session.get(Round, self.round_id)
        assert found is not None
        return found

    @property
    def quiz(self) -> QuizRound:
        found = queries.quiz_of(self.round_id)
        assert found is not None
        return found

    def actor(self, person: Person) -> Actor:
        """The person as signed in since the start of the story."""
        if person.id not in self.actors:
            end_read()
            with unit_of_work():
                self.actors[person.id] = actor_of(person, self.now - timedelta(minutes=1))
        return self.actors[person.id]

    def register(self, person: Person, unit: Unit, code: str) -> int:
        """Register somebody; returns the entry's id."""
        with unit_of_work():
            path = unit_path(unit)
            registration = Registration(
                contest_id=self.contest_id,
                person_id=person.id,
                code=code,
                full_name=person.full_name,
                name_folded=fold(person.full_name),
                sort_key=name_sort_key(person.full_name),
                unit_id=unit.id,
                unit_path=path.names,
                unit_ids=path.ids,
                source=RegistrationSource.SELF,
                registered_at=self.now,
            )
            db.session.add(registration)
            db.session.flush()
            entry = Entry(
                contest_id=self.contest_id, registration_id=registration.id, created_at=self.now
            )
            db.session.add(entry)
            db.session.flush()
            return entry.id

    def agree(self, *people: Person, purpose: ConsentPurpose = ConsentPurpose.TAKE_PART) -> None:
        """Let people consent: to take part, or to something else."""
        end_read()
        with unit_of_work():
            for person in people:
                record_consent(
                    person=db.session.merge(person),
                    purpose=purpose,
                    scope=self.contest.scope,
                    channel="web",
                    locale="vi",
                    now=self.now,
                )

    def ask_only(self, *contents: Content, drawn: int | None = None) -> None:
        """Retire the bank's questions; each paper draws from these: all of them, or so many."""
        end_read()
        with unit_of_work():
            db.session.query(Question).update({"state": QuestionState.RETIRED})
            bank = db.session.get_one(Bank, self.bank_id)
            for content in contents:
                create_question(
                    bank=bank,
                    content=content,
                    state=QuestionState.APPROVED,
                    actor=None,
                    now=self.now,
                )
            actions.save_settings(
                contest_round=self.round,
                settings=QuizSettings(bank_id=bank.id, attempts_allowed=2),
                cells=[Cell(None, None, len(contents) if drawn is None else drawn)],
                actor=None,
                now=self.now,
            )

    def configure(self, **settings: Any) -> None:
        """Change settings of the planned round; the blueprint stays."""
        end_read()
        with unit_of_work():
            quiz = self.quiz
            for name, value in settings.items():
                setattr(quiz, name, value)

    def open(self) -> None:
        """Freeze and open the round, as `contests.actions.open_round` does."""
        end_read()
        with unit_of_work():
            contest_round = self.round
            actions.freeze_round(contest_round=contest_round, actor=None, now=self.now)
            contest_round.stage = Stage.OPEN
            contest_round.opened_at = self.now

    def start(
        self, person: Person, at: datetime | None = None, agreed_in: str | None = "vi"
    ) -> actions.Opened:
        """Begin (or go on with) an attempt, agreeing to take part where that is still to do."""
        actor = self.actor(person)
        end_read()
        with unit_of_work():
            door = queries.doorway(person.id, self.contest.slug, 1)
            assert door is not None
            return actions.start_attempt(
                door=door, actor=actor, now=at or self.now, agreed_in=agreed_in
            )

    def save(
        self,
        person: Person,
        opened: actions.Opened,
        sequence: int,
        slot: int,
        answer: object,
        at: datetime | None = None,
        epoch: int | None = None,
    ) -> SaveOutcome:
        """Save an answer as a device does."""
        token = self.actor(person).token
        end_read()
        return actions.save_answer(
            public_id=opened.public_id,
            token_hash=token_digest(token),
            saved=Saved(epoch or opened.epoch, sequence, slot, read_answer(answer)),
            now=at or self.now + timedelta(seconds=sequence),
        )

    def submit(self, person: Person, opened: actions.Opened, at: datetime | None = None) -> bool:
        """Hand in."""
        actor = self.actor(person)
        end_read()
        with unit_of_work():
            attempt = queries.own_attempt(person.id, opened.public_id)
            assert attempt is not None
            return actions.submit_attempt(
                attempt=attempt, actor=actor, now=at or self.now + timedelta(minutes=5)
            )

    def attempt(self, opened: actions.Opened) -> Attempt:
        """The attempt as it stands in the database."""
        db.session.expire_all()
        found = db.session.get(Attempt, opened.attempt_id)
        assert found is not None
        return found

    def right(self, opened: actions.Opened, slot: int) -> str:
        """The id of the right option of a slot."""
        place = self.attempt(opened).paper[slot]
        revision = db.session.get(QuestionRevision, place["r"])
        assert revision is not None
        key: str = revision.body["key"][0]
        return key

    def wrong(self, opened: actions.Opened, slot: int) -> str:
        """The id of a wrong option of a slot."""
        place = self.attempt(opened).paper[slot]
        right = self.right(opened, slot)
        return next(option for option in place["o"] if option != right)


def add_questions(
    bank_id: int, topic_id: int, difficulty: Difficulty, count: int, now: datetime
) -> None:
    """Write approved single-choice questions; the first option is the right one."""
    for number in range(count):
        stem = f"Câu {number + 1} {difficulty.value} của chủ đề {topic_id}: đáp án nào đúng?"
        question = Question(
            bank_id=bank_id,
            kind="single",
            state=QuestionState.APPROVED,
            topic_id=topic_id,
            difficulty=difficulty,
            search_folded=fold(stem),
            stem_digest=f"{topic_id}-{difficulty.value}-{number}",
            created_at=now,
        )
        db.session.add(question)
        db.session.flush()
        revision = QuestionRevision(
            question_id=question.id,
            number=1,
            kind="single",
            stem=stem,
            body=new_choice_body([RIGHT, "Sai một", "Sai hai", "Sai ba"], [0]),
            explanation="Lời giải thích bí mật",
            digest=f"{question.id}",
            created_at=now,
        )
        db.session.add(revision)
        db.session.flush()
        question.revision_id = revision.id


@kept
def make_world(app: Flask, cast: Cast, now: datetime) -> World:
    """A bank of 12 questions and a planned round of 4, with Minh, An and Cúc registered."""
    world = World(app, cast, now)
    with unit_of_work():
        province = db.session.merge(cast.province)
        bank = Bank(
            slug="ngan-hang",
            name="Ngân hàng chung",
            name_folded="ngan hang chung",
            unit_id=province.id,
            scope_id=create_scope(kind=ScopeKind.BANK, parent=province.scope).id,
            created_at=now,
        )
        db.session.add(bank)
        db.session.flush()
        for name in ("Tiểu sử", "Tư tưởng"):
            topic = Topic(
                bank_id=bank.id, name=name, name_folded=fold(name), sort_key=text_sort_key(name)
            )
            db.session.add(topic)
            db.session.flush()
            world.topic_ids.append(topic.id)
            for difficulty in DIFFICULTIES:
                add_questions(bank.id, topic.id, difficulty, 3, now)
        contest = Contest(
            slug="tim-hieu",
            title="Cuộc thi tìm hiểu tư tưởng Hồ Chí Minh",
            title_folded="cuoc thi tim hieu tu tuong ho chi minh",
            kind=ContestKind.QUIZ,
            unit_id=province.id,
            scope_id=create_scope(kind=ScopeKind.CONTEST, parent=province.scope).id,
            rules_text="Thể lệ",
            created_at=now,
            announced_at=now,
        )
        db.session.add(contest)
        db.session.flush()
        contest_round = open_quiz_round(contest, now)
        world.bank_id, world.contest_id, world.round_id = bank.id, contest.id, contest_round.id
        actions.save_settings(
            contest_round=contest_round,
            settings=QuizSettings(bank_id=bank.id, attempts_allowed=2),
            cells=[
                Cell(world.topic_ids[0], "easy", 2),
                Cell(world.topic_ids[1], None, 1),
                Cell(None, None, 1),
            ],
            actor=None,
            now=now,
        )
    world.register(cast.minh, cast.school, "MINH0001")
    world.register(cast.an, cast.other_school, "AN000001")
    world.register(cast.cuc, cast.ward, "CUC00001")
    return world


@pytest.fixture
def world(context: Any, app: Flask, cast: Cast, now: datetime) -> World:
    """The contest of the stories, its round still planned."""
    return make_world(app, cast, now)


@pytest.fixture
def opened(world: World) -> World:
    """The same with the round open."""
    world.open()
    return world


Finder = Callable[..., Any]
