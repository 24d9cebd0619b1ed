"""An essay round that has closed, with works of several units, a rubric and a jury."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, g

from contest.accounts.actions import create_person
from contest.accounts.models import Person, Unit
from contest.contests.actions import Agreement, add_round, create_contest, register
from contest.contests.models import (
    Contest,
    ContestKind,
    Entry,
    RegistrationSource,
    Round,
    Stage,
)
from contest.core.access import Actor
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate, fold
from contest.judging import actions
from contest.judging.actions import CriterionValues, JudgingSettings, MarkInput
from contest.judging.models import Juror, MarkSheet
from contest.judging.queries import desk
from contest.judging.queries.rounds import criteria_of
from contest.judging.rules.sheets import Band
from contest.submissions.actions import EssaySettings, make_blind_codes, save_settings
from contest.submissions.models import (
    Screening,
    ScreeningOutcome,
    Work,
    WorkAuthor,
    WorkState,
    WorkVersion,
)
from tests.support.cast import Cast, actor_of, sign_in_as
from tests.support.kept import kept

HALF = Decimal("0.25")
RUBRIC = (
    CriterionValues("Nhân vật, việc thật", Decimal(2), HALF),
    CriterionValues(
        "Nội dung, chiều sâu",
        Decimal(4),
        HALF,
        is_main=True,
        bands=(
            Band(Decimal(3), Decimal(4), "Việc làm cụ thể, bền bỉ"),
            Band(Decimal(2), Decimal("2.75"), "Đúng nhưng còn chung chung"),
        ),
    ),
    CriterionValues("Sức lan tỏa", Decimal(2), HALF),
    CriterionValues("Bố cục, văn phong", Decimal(2), HALF),
)
AUTHORS = (
    ("Tôn Nữ Quỳnh Như", "school"),
    ("K'Brỏih", "ward"),
    ("Trần Ngọc Bảo Trân", "other_school"),
    ("H'Nhung Êban", "other_school"),
    ("Phan Nguyễn Hoàng Tường Vi", "ward"),
    ("Lý Thị Kim Thoa", "school"),
)


@dataclass
class Jury:
    """Ids of what the stories are about, and shortcuts through the room's own doors."""

    app: Flask
    cast: Cast
    now: datetime
    contest_id: int = 0
    round_id: int = 0
    work_ids: list[int] = field(default_factory=list)
    actors: dict[int, Actor] = field(default_factory=dict)

    @property
    def round(self) -> Round:
        found = db.session.get(Round, self.round_id)
        assert found is not None
        return found

    @property
    def contest(self) -> Contest:
        return self.round.contest

    def actor(self, person: Person) -> Actor:
        """The person as signed in now, with the roles held now."""
        end_read()
        with unit_of_work():
            return actor_of(person, self.now - timedelta(minutes=1))

    def seat(self, person: Person) -> Juror:
        """Invite somebody, who accepts."""
        with unit_of_work():
            member = db.session.get_one(Person, person.id)
            juror = actions.invite_juror(
                contest_round=self.round, person=member, actor=None, now=self.now
            )
            actions.answer_invitation(
                contest_round=self.round, juror=juror, accept=True, actor=None, now=self.now
            )
            return juror

    def assign(self, seed: str = "hạt") -> Any:
        """Preview and take."""
        lan = self.actor(self.cast.lan)
        end_read()
        with unit_of_work():
            _, result = actions.preview_assignment(contest_round=self.round, seed=seed)
            return actions.take_assignment(
                contest_round=self.round,
                seed=seed,
                input_digest=result.certificate.input_digest,
                actor=lan,
                now=self.now,
            )

    def sheets(self, person: Person) -> list[MarkSheet]:
        """A judge's sheets in their own order."""
        end_read()
        return list(
            db.session.query(MarkSheet)
            .join(Juror, Juror.id == MarkSheet.juror_id)
            .filter(Juror.person_id == person.id, MarkSheet.round_id == self.round_id)
            .order_by(MarkSheet.position)
        )

    def sheet_for(self, person: Person, work_id: int) -> MarkSheet:
        return next(each for each in self.sheets(person) if each.work_id == work_id)

    def marks(self, *points: str, comment: str = "") -> MarkInput:
        """Marks in the order of the rubric."""
        criteria = criteria_of(self.round_id)
        pairs = zip(criteria, points, strict=False)
        return MarkInput({each.public_id: Decimal(value) for each, value in pairs}, comment)

    def save(
        self,
        person: Person,
        sheet: MarkSheet,
        given: MarkInput,
        *,
        done: bool = False,
        edit: int | None = None,
    ) -> MarkSheet:
        """Save a sheet as its judge's page does."""
        actor = self.actor(person)
        public_id, seen = sheet.public_id, sheet.edit if edit is None else edit
        end_read()
        with unit_of_work():
            mine = desk.own_sheet(person.id, public_id)
            assert mine is not None
            act = actions.finish_sheet if done else actions.save_sheet
            return act(sheet=mine, given=given, edit=seen, actor=actor, now=self.now)

    def finish(self, person: Person, work_id: int, total: str) -> None:
        """Give a work this total, out of 10."""
        left, parts = Decimal(total), []
        for most in (2, 4, 2, 2):
            part = min(Decimal(most), left)
            parts.append(str(part))
            left -= part
        self.save(person, self.sheet_for(person, work_id), self.marks(*parts), done=True)


def add_work(jury: Jury, name: str, unit: Unit, number: int) -> int:
    """Register somebody and hand an essay in for them."""
    now = jury.now
    person = create_person(
        full_name=name,
        phone=f"+8490001{number:04d}",
        email=f"tacgia{number}@vi-du.example",
        birth=PartialDate(date(1985, 1, 1), DatePrecision.DAY),
        unit=unit,
        actor=None,
        now=now,
    )
    registration = register(
        contest=jury.contest,
        person=person,
        now=now - timedelta(days=5),
        actor=None,
        agreement=Agreement(take_part=True, publish_name=True, locale="vi"),
        source=RegistrationSource.ROSTER,
    )
    entry = db.session.query(Entry).filter_by(registration_id=registration.id).one()
    work = Work(
        round_id=jury.round_id,
        entry_id=entry.id,
        person_id=person.id,
        state=WorkState.SUBMITTED,
        submitted_at=now - timedelta(days=2),
        created_at=now - timedelta(days=3),
    )
    db.session.add(work)
    db.session.flush()
    text = (
        f"Sáng nào cũng vậy, chị Năm đã có mặt ở cổng cơ quan.\n"
        f"Tôi là {name}, công tác tại {unit.name}. Mười chín năm, chưa một lần cổng mở muộn."
    )
    html = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    version = WorkVersion(
        work_id=work.id,
        number=1,
        title=f"Những cuốn sổ bút chì {number}",
        body_html=html,
        body_text=text,
        word_count=33,
        subject_name=f"Lơ Mu Thị Năm {number}",
        subject_unit="Nhà máy Nước Lâm Sơn",
        digest=f"{number:064d}",
        saved_at=now - timedelta(days=2),
    )
    db.session.add(version)
    db.session.flush()
    work.version_id = work.submitted_version_id = version.id
    db.session.add_all(
        [
            WorkAuthor(
                work_id=work.id,
                position=1,
                person_id=person.id,
                full_name=name,
                name_folded=fold(name),
                phone=person.phone,
                unit_id=unit.id,
                unit_name=unit.name,
            ),
            Screening(
                work_id=work.id,
                version_id=version.id,
                outcome=ScreeningOutcome.PASSED,
                decided_by_id=jury.cast.lan.id,
                decided_at=now - timedelta(days=1),
            ),
        ]
    )
    db.session.flush()
    return work.id


def make_jury(app: Flask, cast: Cast, now: datetime, *, works: int = 6) -> Jury:
    """Six essays of three units in a closed round, with codes and a rubric of ten points."""
    jury = Jury(app, cast, now)
    with unit_of_work():
        province = db.session.merge(cast.province)
        contest = create_contest(
            title="Gương sáng làm theo lời Bác 2026",
            unit=province,
            actor=None,
            now=now,
            slug="guong-sang",
            kind=ContestKind.ESSAY,
            starts_on=date(2026, 8, 1),
            ends_on=date(2026, 10, 30),
        )
        contest.announced_at = now - timedelta(days=30)
        contest_round = add_round(
            contest=contest,
            title="Sơ khảo",
            actor=None,
            now=now,
            kind=ContestKind.ESSAY,
            opens_at=now - timedelta(days=20),
            closes_at=now - timedelta(hours=1),
        )
        jury.contest_id, jury.round_id = contest.id, contest_round.id
        save_settings(contest_round=contest_round, settings=EssaySettings(), actor=None, now=now)
        actions.save_rubric(
            contest_round=contest_round,
            settings=JudgingSettings(marks_due_at=now + timedelta(days=9)),
            criteria=RUBRIC,
            actor=None,
            now=now,
        )
        for number in range(works):
            name, unit = AUTHORS[number % len(AUTHORS)]
            extra = "" if number < len(AUTHORS) else f" {number}"
            place = db.session.merge(getattr(cast, unit))
            jury.work_ids.append(add_work(jury, name + extra, place, number))
        contest_round.stage = Stage.CLOSED
        contest_round.opened_at = now - timedelta(days=20)
        contest_round.closed_at = now - timedelta(hours=1)
        make_blind_codes(contest_round=contest_round, actor=None, now=now)
    return jury


@kept
def seated_jury(app: Flask, cast: Cast, now: datetime, *, assigned: bool = False) -> Jury:
    """A jury whose seats Hoa, Tú and Cúc have accepted."""
    made = make_jury(app, cast, now)
    for person in (cast.hoa, cast.tu, cast.cuc):
        made.seat(person)
    if assigned:
        made.assign()
    return made


@pytest.fixture
def jury(context: Any, app: Flask, cast: Cast, now: datetime) -> Jury:
    """The essay round of the stories; Hoa, Tú and Cúc have accepted seats, nothing is assigned."""
    return seated_jury(app, cast, now)


@pytest.fixture
def marking(context: Any, app: Flask, cast: Cast, now: datetime) -> Jury:
    """The same with works assigned: Tú and Cúc mark nothing of their own units."""
    return seated_jury(app, cast, now, assigned=True)


@pytest.fixture
def signed_in(new_client):
    """As everywhere; what a request keeps in `g` is forgotten before each, since the stories hold
    an application context of their own."""

    def sign_in(person):
        client = new_client()
        sign_in_as(client, person)
        plain = client.open

        def open_fresh(*arguments, **options):
            for name in list(g):
                g.pop(name)
            end_read()
            answer = plain(*arguments, **options)
            db.session.expire_all()
            return answer

        client.open = open_fresh
        return client

    return sign_in


@pytest.fixture
def live(context, app, cast):
    """The round of the stories at the present instant, since requests read the clock."""
    return seated_jury(app, cast, utc_now(), assigned=True)
