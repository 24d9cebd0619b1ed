"""An essay contest whose round is open, and Minh who has registered for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from contest.accounts.actions import record_consent
from contest.accounts.models import ConsentPurpose, Person, Unit
from contest.contests import actions as contests
from contest.contests.models import Contest, ContestKind, Registration, Round, Stage
from contest.core.access import Actor
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.submissions import actions, queries
from contest.submissions.actions import Draft, EssaySettings
from contest.submissions.models import ScreeningOutcome, Work
from contest.submissions.rules.texts import read_plain
from tests.support.cast import Cast, actor_of
from tests.support.kept import kept

WORDS = "Mỗi sáng chị quét sân trường từ lúc trời còn tối và không bao giờ kể công với ai cả"


@dataclass
class World:
    """Ids of what the stories are about, and shortcuts through the room's own doors."""

    app: Flask
    cast: Cast
    now: datetime
    contest_id: int = 0
    round_id: int = 0
    slug: str = ""
    actors: dict[int, Actor] = field(default_factory=dict)

    @property
    def round(self) -> Round:
        found = db.session.get(Round, self.round_id)
        assert found is not None
        return found

    def actor(self, person: Person) -> Actor:
        if person.id not in self.actors:
            end_read()
            with unit_of_work():
                self.actors[person.id] = actor_of(person, self.now - timedelta(minutes=1))
        return self.actors[person.id]

    def register(self, person: Person, unit: Unit | None = None) -> None:
        actor = self.actor(person)
        with unit_of_work():
            known = db.session.get(Person, person.id)
            contest = db.session.get(Contest, self.contest_id)
            assert known is not None
            assert contest is not None
            contests.register(
                contest=contest,
                person=known,
                unit=db.session.get(Unit, unit.id) if unit else None,
                agreement=contests.Agreement(take_part=True, publish_name=False, locale="vi"),
                actor=actor,
                now=self.now,
            )

    def begin(self, person: Person, at: datetime | None = None) -> str:
        actor = self.actor(person)
        with unit_of_work():
            registration = (
                db.session.query(Registration)
                .filter_by(contest_id=self.contest_id, person_id=person.id)
                .one_or_none()
            )
            work = actions.create_work(
                contest_round=self.round,
                registration=registration,
                actor=actor,
                now=at or self.now,
            )
            return work.public_id

    def work(self, public_id: str) -> Work:
        found = queries.work_in_round(self.round_id, public_id)
        assert found is not None
        return found

    def draft(self, text: str = WORDS, **others: Any) -> Draft:
        values: dict[str, Any] = {
            "title": "Tiếng chổi đầu ngày",
            "subject_name": "Lê Thị Nhạn",
            "subject_unit": "Tổ dân phố 4",
            "subject_reason": "Mười bảy năm giữ sân trường sạch",
            **others,
        }
        return Draft(blocks=read_plain(text), **values)

    def save(self, person: Person, public_id: str, draft: Draft, **others: Any) -> actions.Saved:
        actor = self.actor(person)
        with unit_of_work():
            work = self.work(public_id)
            values = {"edit": work.edit, "now": self.now, **others}
            return actions.save_draft(work=work, draft=draft, actor=actor, **values)

    def submit(self, person: Person, public_id: str, **others: Any) -> None:
        actor = self.actor(person)
        with unit_of_work():
            work = self.work(public_id)
            values: dict[str, Any] = {
                "edit": work.edit,
                "pledge": True,
                "consents": [],
                "locale": "vi",
                "now": self.now,
                **others,
            }
            actions.submit_work(work=work, actor=actor, **values)

    def screen(
        self, public_id: str, outcome: ScreeningOutcome = ScreeningOutcome.PASSED, note: str = ""
    ) -> None:
        actor = self.actor(self.cast.lan)
        with unit_of_work():
            actions.screen_work(
                work=self.work(public_id),
                outcome=outcome,
                reasons=[],
                note=note,
                actor=actor,
                now=self.now,
            )

    def codes(self) -> int:
        actor = self.actor(self.cast.lan)
        with unit_of_work():
            return actions.make_blind_codes(contest_round=self.round, actor=actor, now=self.now)

    def handed_in(self, person: Person, text: str = WORDS, **others: Any) -> str:
        """An essay from its beginning to its receipt."""
        public_id = self.begin(person)
        self.save(person, public_id, self.draft(text, **others))
        self.submit(person, public_id)
        return public_id

    def configure(self, **values: Any) -> None:
        with unit_of_work():
            essay = queries.essay_round(self.round_id)
            for name, value in values.items():
                setattr(essay, name, value)

    def set_round(self, **values: Any) -> None:
        with unit_of_work():
            found = self.round
            for name, value in values.items():
                setattr(found, name, value)


@kept
def make_world(app: Flask, cast: Cast, now: datetime) -> World:
    world = World(app, cast, now)
    lan = world.actor(cast.lan)
    with unit_of_work():
        contest = contests.create_contest(
            title="Gương sáng làm theo lời Bác",
            kind=ContestKind.ESSAY,
            unit=db.session.get(Unit, cast.province.id),
            actor=lan,
            now=now,
        )
        contest.announced_at = now - timedelta(days=2)
        contest_round = contests.add_round(
            contest=contest,
            title="Vòng viết bài",
            kind=ContestKind.ESSAY,
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=7),
            rank_keys=[],
            actor=lan,
            now=now,
        )
        contest_round.stage = Stage.OPEN
        contest_round.opened_at = now - timedelta(days=1)
        actions.save_settings(
            contest_round=contest_round,
            settings=EssaySettings(call_text="Viết về một tấm gương.", pledge_text="Tôi cam đoan."),
            actor=lan,
            now=now,
        )
        world.contest_id, world.round_id = contest.id, contest_round.id
        world.slug = contest.slug
    world.register(cast.minh)
    return world


@pytest.fixture
def world(app: Flask, cast: Cast, now: datetime) -> Iterator[World]:
    """The contest at the instant of the story, in an open application context."""
    with app.app_context():
        yield make_world(app, cast, now)


@pytest.fixture
def live(app: Flask, cast: Cast) -> World:
    """The contest as requests meet it, which take their time from the clock."""
    with app.app_context():
        return make_world(app, cast, utc_now())


def consent(world: World, person: Person, purpose: ConsentPurpose) -> None:
    with unit_of_work():
        known = db.session.get(Person, person.id)
        contest = db.session.get(Contest, world.contest_id)
        assert known is not None
        assert contest is not None
        record_consent(
            person=known,
            purpose=purpose,
            scope=contest.scope,
            channel="test",
            locale="vi",
            now=world.now,
        )
