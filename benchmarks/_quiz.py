"""A database with an open quiz round and signed-in contestants, for the benchmarks of quizzes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import flask_migrate
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from benchmarks import family, process_cpu
from contest.accounts.actions import create_scope, create_unit, open_sign_in, record_consent
from contest.accounts.models import ConsentPurpose, Person, ScopeKind, UnitKind, UnitTree
from contest.accounts.rules import hash_password
from contest.app import create_app
from contest.config import PROJECT_ROOT, read_settings
from contest.contests.models import (
    Contest,
    ContestKind,
    Entry,
    Registration,
    RegistrationSource,
    Round,
    Stage,
)
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import fold, name_sort_key, text_sort_key
from contest.quizzes import actions, queries
from contest.quizzes.models import Attempt
from question_bank.drawing import Cell
from question_bank.kinds.choice import new_choice_body
from question_bank.models import Bank, Difficulty, Question, QuestionRevision, QuestionState, Topic
from tests.support.cluster import Engine, killable_cluster
from tests.support.rounds import open_quiz_round
from tests.support.server import Server, running_server

SECRET: Final = "a-key-for-benchmarks-alone-0123456789abcdef"  # noqa: S105
PASSWORD: Final = "mot-con-vit-xoe-ra"  # noqa: S105
QUESTIONS: Final = 20
SLUG: Final = "do-toc-do"


@dataclass(frozen=True, slots=True)
class Place:
    """A database and what serves it.

    Attributes:
        kind: `postgresql` or `sqlite`.
        bare: what the plain driver connects to.
        workers, threads: of the server, as `dev.py run` would start it.
        database_pid: the database's own process; 0 where it has none.
    """

    kind: str
    url: str
    bare: str
    folder: Path
    workers: int
    threads: int
    database_pid: int

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the server."""
        return {
            "DATABASE_URL": self.url,
            "BARE_DATABASE": self.bare,
            "INSTANCE_DIR": str(self.folder),
            "SECRET_KEY": SECRET,
            "LOG_LEVEL": "error",
        }

    @contextmanager
    def serving(self, target: str | None = None, port: int | None = None) -> Iterator[Server]:
        """The application, or what a factory `module:function` makes, on this database."""
        log = self.folder / f"{(target or 'contest').replace(':', '-')}.log"
        with running_server(
            self.environment,
            log=log,
            target=target,
            workers=self.workers,
            threads=self.threads,
            port=port,
        ) as server:
            yield server

    def app(self) -> Flask:
        """The application in this process, to prepare data with."""
        return create_app(read_settings({**os.environ, **self.environment}))


def database_cpu(place: Place) -> float:
    """CPU seconds of the database's processes so far; 0 where it has none of its own."""
    return process_cpu(family(place.database_pid)) if place.database_pid else 0.0


@contextmanager
def on_postgresql() -> Iterator[Place]:
    """A durable PostgreSQL cluster of our own."""
    with on_killable_postgresql() as (place, _engine):
        yield place


@contextmanager
def on_killable_postgresql() -> Iterator[tuple[Place, Engine]]:
    """The same with what kills and restarts it."""
    with tempfile.TemporaryDirectory() as name, killable_cluster(durable=True) as engine:
        cluster = engine.cluster
        cluster.create("bench")
        bare = f"host={cluster.socket_folder} user=postgres dbname=bench"
        pid = engine.server.pid
        place = Place("postgresql", cluster.url("bench"), bare, Path(name), 2, 4, pid)
        _migrate(place)
        yield place, engine


@contextmanager
def on_sqlite() -> Iterator[Place]:
    """A file on the disk, not in memory."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "bench.sqlite3"
        place = Place("sqlite", f"sqlite:///{file}", str(file), Path(name), 1, 1, 0)
        _migrate(place)
        yield place


def in_each_database() -> Iterator[Place]:
    """A place on either database, one after the other, with the application awake in it."""
    for opened in (on_sqlite(), on_postgresql()):
        with opened as place, place.app().app_context():
            yield place
            db.session.remove()
            db.engine.dispose()


def _migrate(place: Place) -> None:
    app = place.app()
    with app.app_context():
        if any((PROJECT_ROOT / "migrations" / "versions").glob("*.py")):
            flask_migrate.upgrade()
        else:
            db.create_all()
        db.engine.dispose()


@dataclass(frozen=True, slots=True)
class Contestant:
    """Somebody registered: phone number for signing in, and a live sign-in's token."""

    person_id: int
    phone: str
    token: str


def make_round(app: Flask, people: int) -> list[Contestant]:
    """An open round of 20 questions from a bank of 200, with registered, signed-in people."""
    now = utc_now()
    with app.app_context(), unit_of_work():
        unit = create_unit(
            code="BENCH",
            name="Đơn vị đo",
            kind=UnitKind.OTHER,
            tree=UnitTree.OTHER,
            parent=None,
            actor=None,
            now=now,
        )
        bank = Bank(
            slug="do",
            name="Ngân hàng đo",
            name_folded="ngan hang do",
            unit_id=unit.id,
            scope_id=create_scope(kind=ScopeKind.BANK, parent=unit.scope).id,
            created_at=now,
        )
        db.session.add(bank)
        db.session.flush()
        _write_bank(bank, now)
        contest = Contest(
            slug=SLUG,
            title="Cuộc thi đo tốc độ",
            title_folded="cuoc thi do toc do",
            kind=ContestKind.QUIZ,
            unit_id=unit.id,
            scope_id=create_scope(kind=ScopeKind.CONTEST, parent=unit.scope).id,
            created_at=now,
            announced_at=now,
        )
        db.session.add(contest)
        db.session.flush()
        contest_round = _write_round(contest, bank, now)
        actions.freeze_round(contest_round=contest_round, actor=None, now=now)
        contest_round.stage = Stage.OPEN
        return [_contestant(contest, number, now) for number in range(people)]


def _write_bank(bank: Bank, now: datetime) -> None:
    topic = Topic(bank_id=bank.id, name="Đo", name_folded="do", sort_key=text_sort_key("Đo"))
    db.session.add(topic)
    db.session.flush()
    for number in range(200):
        question = Question(
            bank_id=bank.id,
            kind="single",
            state=QuestionState.APPROVED,
            topic_id=topic.id,
            difficulty=list(Difficulty)[number % 4],
            search_folded=f"cau {number}",
            stem_digest=str(number),
            created_at=now,
        )
        db.session.add(question)
        db.session.flush()
        texts = [f"Phương án thứ {place} của câu hỏi số {number}" for place in range(1, 5)]
        revision = QuestionRevision(
            question_id=question.id,
            number=1,
            kind="single",
            stem=f"Câu hỏi số {number}: trong các phương án sau đây, phương án nào đúng nhất?",
            body=new_choice_body(texts, [number % 4]),
            digest=str(number),
            created_at=now,
        )
        db.session.add(revision)
        db.session.flush()
        question.revision_id = revision.id


def _write_round(contest: Contest, bank: Bank, now: datetime) -> Round:
    contest_round = open_quiz_round(contest, now)
    actions.save_settings(
        contest_round=contest_round,
        settings=actions.QuizSettings(bank_id=bank.id, attempts_allowed=None),
        cells=[Cell(None, level.value, QUESTIONS // 4) for level in Difficulty],
        actor=None,
        now=now,
    )
    return contest_round


_HASH = hash_password(PASSWORD)


def _contestant(contest: Contest, number: int, now: datetime) -> Contestant:
    name, phone = f"Nguyễn Văn {number}", f"09{number:08d}"
    person = Person(
        full_name=name,
        name_folded=fold(name),
        sort_key=name_sort_key(name),
        phone="+84" + phone[1:],
        password_hash=_HASH,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    registration = Registration(
        contest_id=contest.id,
        person_id=person.id,
        code=f"B{number:07d}",
        full_name=name,
        name_folded=fold(name),
        sort_key=name_sort_key(name),
        source=RegistrationSource.SELF,
        registered_at=now,
    )
    db.session.add(registration)
    db.session.flush()
    db.session.add(Entry(contest_id=contest.id, registration_id=registration.id, created_at=now))
    record_consent(
        person=person,
        purpose=ConsentPurpose.TAKE_PART,
        scope=contest.scope,
        channel="web",
        locale="vi",
        now=now,
    )
    token = open_sign_in(person=person, device="bench", address="127.0.0.1", now=now)
    return Contestant(person.id, phone, token)


def open_attempts(app: Flask, people: list[Contestant]) -> list[Attempt]:
    """An open attempt for each, copied from one drawn paper."""
    now = utc_now()
    with app.app_context(), unit_of_work():
        contest_round = db.session.query(Round).one()
        quiz = queries.quiz_of(contest_round.id)
        assert quiz is not None
        pool = queries.live_pool(quiz.bank_id or 0)
        paper = [{"r": i.revision_id, "o": list(i.option_ids)} for i in pool[:QUESTIONS]]
        entries = {
            row.person_id: row.id
            for row in db.session.query(Registration.person_id, Entry.id).join(
                Entry, Entry.registration_id == Registration.id
            )
        }
        attempts = [
            Attempt(
                round_id=contest_round.id,
                entry_id=entries[each.person_id],
                person_id=each.person_id,
                ordinal=1,
                paper=[*paper, {"p": 1}],
                writer=1,
                started_at=now,
                deadline_at=now + timedelta(days=1),
                grace_until=now + timedelta(days=1),
                question_count=QUESTIONS,
            )
            for each in people
        ]
        db.session.add_all(attempts)
        db.session.flush()
        return attempts


def cookie(app: Flask, token: str) -> str:
    """The session cookie of somebody signed in."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"gs={signer.dumps({'_user_id': token, '_fresh': True})}"
