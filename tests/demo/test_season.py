"""A seeded season: what was written in bulk is what the rooms' actions would have left."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert, select

from contest.accounts.actions import NewPerson, create_people
from contest.accounts.models import Consent, Person
from contest.app import create_app
from contest.contests import actions as contests
from contest.contests.models import (
    Contest,
    ContestKind,
    Entry,
    RankRun,
    Registration,
    RegistrationSource,
    Round,
    RoundScore,
    Stage,
)
from contest.core import audit
from contest.core.audit import AuditEvent
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from contest.demo import foundation
from contest.demo.season import attempts, crowd, marking
from contest.demo.season.sizes import SMALL
from contest.demo.seed import seed
from contest.demo.story.attempts import as_actor
from contest.judging import actions as judging
from contest.judging.models import Juror, MarkSheet, Resolution, SheetMark, SheetRemark, SheetState
from contest.judging.queries.rounds import criteria_of
from contest.quizzes import actions as quizzes
from contest.quizzes import queries as quiz_queries
from contest.quizzes.models import Attempt, LedgerLine
from contest.quizzes.rules.answers import Folded, answers_digest
from contest.results.models import Honour, PrizeAward, PrizeLevel, Publication
from contest.submissions.models import NearDuplicate, Screening, Work, WorkState, WorkVersion
from contest.submissions.rules.codes import receipt_digest
from tests.conftest import make_settings
from tests.support.databases import SQLITE, Databases

AT = datetime.fromisoformat("2026-11-20T09:00:00+00:00")
OWN = {"id", "public_id", "code", "receipt_code", "answers_digest", "salt"}
"""Columns that are random, or made from something random."""


def told(row, *without) -> dict[str, object]:
    """A row as a mapping, without what differs by chance."""
    left_out = OWN | set(without)
    return {
        column.key: getattr(row, column.key)
        for column in row.__table__.columns
        if column.key not in left_out
    }


def events_about(kind: str, key: int) -> list[dict[str, object]]:
    rows = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject_kind == kind, AuditEvent.subject_id == key)
        .order_by(AuditEvent.id)
    )
    return [told(row, "subject_id", "personal", "personal_hash") for row in rows]


def seeded(stage: Stage, number: int = 2026) -> Contest:
    seed(stage=stage, whole_demo=False, now=AT, season=SMALL, number=number)
    return db.session.scalars(select(Contest).where(Contest.kind == ContestKind.ESSAY)).one()


def essay_round(contest: Contest) -> Round:
    return next(each for each in contest.rounds if each.kind is ContestKind.ESSAY)


def count(model, *where) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_a_published_season_holds_what_its_size_says_and_its_records_check(context):
    contest = seeded(Stage.PUBLISHED)
    essay = essay_round(contest)
    assert [each.stage for each in contest.rounds] == [Stage.PUBLISHED] * 4
    assert count(Work, Work.state == WorkState.SUBMITTED) == SMALL.essays
    assert count(Attempt) == 3 * SMALL.attempts
    assert count(Juror, Juror.round_id == essay.id) == SMALL.judges
    assert count(MarkSheet, MarkSheet.state == SheetState.DONE) >= 2 * SMALL.essays
    assert count(Resolution) == SMALL.essays
    assert count(Honour) == SMALL.honoured
    levels = select(PrizeLevel.id).where(PrizeLevel.round_id == essay.id)
    assert count(PrizeAward, PrizeAward.level_id.in_(levels)) == sum(SMALL.prizes)
    assert count(Publication) == 4
    assert count(NearDuplicate) >= SMALL.copies
    report = audit.verify_chain(now=utc_now())
    assert report.is_whole
    assert report.unsealed == 0
    for attempt in db.session.scalars(select(Attempt).limit(20)):
        chosen = {int(slot): tuple(parts) for slot, parts in attempt.answers.items()}
        assert (
            answers_digest(
                public_id=attempt.public_id,
                revision_ids=[slot["r"] for slot in attempt.paper if "r" in slot],
                folded=Folded(chosen, attempt.prediction),
                started_at=attempt.started_at,
                submitted_at=attempt.submitted_at,
            )
            == attempt.answers_digest
        )
    for work in db.session.scalars(select(Work).limit(20)):
        version = db.session.get(WorkVersion, work.submitted_version_id)
        assert (
            receipt_digest(
                public_id=work.public_id,
                version_digest=version.digest,
                files=[],
                authors=[author.full_name for author in work.authors],
                submitted_at=work.submitted_at,
            )
            == work.receipt_digest
        )


@pytest.mark.sqlite_only
@pytest.mark.parametrize("stage", [each for each in Stage if each is not Stage.PUBLISHED])
def test_a_season_can_be_seeded_at_each_stage(context, stage):
    contest = seeded(stage)
    assert essay_round(contest).stage is stage
    first = min(contest.rounds, key=lambda each: each.number)
    assert first.stage is (Stage.PLANNED if stage is Stage.PLANNED else Stage.PUBLISHED)
    handed_in = count(Work, Work.state == WorkState.SUBMITTED)
    screened = count(Screening, Screening.is_current)
    marked = count(MarkSheet, MarkSheet.state == SheetState.DONE)
    if stage is Stage.PLANNED:
        assert (handed_in, screened, marked) == (0, 0, 0)
    elif stage is Stage.OPEN:
        assert 0 < handed_in < SMALL.essays
        assert screened == 0
    elif stage is Stage.CLOSED:
        assert (handed_in, screened) == (SMALL.essays, round(SMALL.essays * 0.4))
    elif stage is Stage.MARKING:
        assert screened == SMALL.essays
        assert 0 < marked < 2 * SMALL.essays
        assert 0 < count(Resolution) < SMALL.essays
    else:
        assert count(RankRun) == 4
        assert count(Resolution) == SMALL.essays


def outcome() -> list[object]:
    """Everything that a seed number decides, without keys and codes."""
    people = db.session.scalars(select(Person.full_name).order_by(Person.id)).all()
    texts = db.session.execute(
        select(WorkVersion.title, WorkVersion.body_text, Work.submitted_at)
        .join(Work, Work.submitted_version_id == WorkVersion.id)
        .order_by(Work.id)
    ).all()
    points = db.session.execute(
        select(Attempt.correct_count, Attempt.prediction, Attempt.working_ms).order_by(Attempt.id)
    ).all()
    marks = db.session.execute(
        select(Resolution.points, Resolution.method).order_by(Resolution.work_id)
    ).all()
    places = db.session.execute(
        select(RoundScore.entry_id, RoundScore.place, RoundScore.points).order_by(
            RoundScore.rank_run_id, RoundScore.entry_id
        )
    ).all()
    return [people, texts, points, marks, places]


def outcome_of_a_new_database(databases: Databases, folder: Path) -> list[object]:
    with databases.fresh(SQLITE) as database:
        app = create_app(make_settings(database.url, folder))
        with app.app_context():
            seeded(Stage.DECIDED)
            found = outcome()
            db.session.remove()
            db.engine.dispose()
    return found


def test_the_same_number_makes_the_same_season(databases, tmp_path):
    first, again = (
        outcome_of_a_new_database(databases, tmp_path / name) for name in ("one", "other")
    )
    assert again == first


@pytest.fixture
def planned(context) -> SimpleNamespace:
    """A season that was planned only, with Minh, who registered by the action."""
    contest = seeded(Stage.PLANNED)
    return SimpleNamespace(contest_id=contest.id, base=foundation.found())


def test_a_registration_in_bulk_equals_one_by_the_action(planned):
    with unit_of_work():
        contest = db.session.get(Contest, planned.contest_id)
        unit = planned.base.units["LS-BL"]
        people = twins(unit.id)
        at = AT + timedelta(minutes=1)
        contests.register(
            contest=contest,
            person=people[0],
            agreement=contests.Agreement(take_part=True, publish_name=True, locale="vi"),
            source=RegistrationSource.SELF,
            actor=as_actor(people[0]),
            now=at,
        )
        crowd.register_all(contest, [crowd.Signing(people[1], at, publish_name=True)])
    by_action, in_bulk = (
        db.session.scalars(select(Registration).where(Registration.person_id == each.id)).one()
        for each in people
    )
    assert told(in_bulk, "person_id") == told(by_action, "person_id")
    entries = [
        db.session.scalars(select(Entry).where(Entry.registration_id == each.id)).one()
        for each in (by_action, in_bulk)
    ]
    assert told(entries[1], "registration_id") == told(entries[0], "registration_id")
    consents = [
        [
            told(row, "person_id")
            for row in db.session.scalars(
                select(Consent).where(Consent.person_id == each.id).order_by(Consent.purpose)
            )
        ]
        for each in people
    ]
    assert consents[1] == consents[0]
    assert len(consents[0]) == 2
    assert without_actor(events_about("registration", in_bulk.id)) == without_actor(
        events_about("registration", by_action.id)
    )
    assert events_about("person", people[1].id) == events_about("person", people[0].id)
    assert db.session.scalars(
        select(AuditEvent.actor_id).where(
            AuditEvent.subject_kind == "registration", AuditEvent.subject_id == in_bulk.id
        )
    ).all() == [people[1].id]


def without_actor(events: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{key: value for key, value in each.items() if key != "actor_id"} for each in events]


def twins(unit_id: int) -> list[Person]:
    """Two people of whom nothing differs but the number of the telephone."""
    birth = PartialDate(date(1985, 4, 30), DatePrecision.DAY)
    new = [
        NewPerson(full_name="Lê Thị Song", phone=phone, birth=birth, unit_id=unit_id)
        for phone in ("+84904000001", "+84904000002")
    ]
    return create_people(people=new, is_demo=True, actor=None, now=AT)


def test_an_attempt_in_bulk_equals_one_by_the_actions(planned):
    """The same person sits the same paper twice: the first time is rolled back."""
    with unit_of_work():
        contest = db.session.get(Contest, planned.contest_id)
        week = contest.rounds[0]
        contests.open_round(round=week, actor=planned.base.actors["lan"], now=week.opens_at)
        week_id, opens = week.id, week.opens_at
        minh = planned.base.people["minh"]
        registration = db.session.scalars(
            select(Registration).where(Registration.person_id == minh.id)
        ).one()
        entry = db.session.scalars(
            select(Entry).where(Entry.registration_id == registration.id)
        ).one()
        member = crowd.Member(
            minh.id, registration.id, entry.id, entry.public_id, minh.full_name, as_actor(minh)
        )
    begun = opens + timedelta(hours=3)
    sitting = attempts.Sitting(member, 1, 0.7, begun, 400.0, begun + timedelta(seconds=412))
    by_action = acted(week_id, sitting)
    db.session.rollback()
    assert count(Attempt) == 0
    end_read()
    with unit_of_work():
        attempts.hold(db.session.get(Round, week_id), [sitting], attempts.Memory(), seed="hạt")
    assert left_by(sitting) == by_action


def acted(week_id: int, sitting: attempts.Sitting) -> object:
    week = db.session.get(Round, week_id)
    actor = sitting.member.actor
    door = quiz_queries.doorway(actor.person_id, week.contest.slug, week.number)
    opened = quizzes.start_attempt(door=door, actor=actor, now=sitting.begun, agreed_in="vi")
    attempt = db.session.get(Attempt, opened.attempt_id)
    lines = attempts.lines_of(sitting, attempt, "hạt")
    db.session.execute(insert(LedgerLine), list(lines))
    own = quiz_queries.own_attempt(actor.person_id, opened.public_id)
    quizzes.submit_attempt(attempt=own, actor=actor, now=sitting.done)
    db.session.expire_all()
    return left_by(sitting)


def left_by(sitting: attempts.Sitting) -> object:
    attempt = db.session.scalars(
        select(Attempt).where(Attempt.person_id == sitting.member.person_id)
    ).one()
    ledger = db.session.scalars(
        select(LedgerLine).where(LedgerLine.attempt_id == attempt.id).order_by(LedgerLine.sequence)
    )
    return (
        told(attempt),
        [told(line, "attempt_id") for line in ledger],
        events_about("attempt", attempt.id),
    )


def test_a_mark_sheet_in_bulk_equals_one_by_the_action(context):
    contest = seeded(Stage.MARKING)
    essay = essay_round(contest)
    sheet = db.session.scalars(
        select(MarkSheet).where(MarkSheet.state == SheetState.TODO).order_by(MarkSheet.id)
    ).first()
    sheet_id, juror_id, work_id = sheet.id, sheet.juror_id, sheet.work_id
    essay_id = essay.id
    criteria = criteria_of(essay_id)
    given = judging.MarkInput({each.public_id: Decimal("0.5") for each in criteria}, "Bài hay.")
    end_read()
    sheet = db.session.get(MarkSheet, sheet_id)
    actor = marking.actors_of(db.session.get(Round, essay_id))[juror_id]
    judging.finish_sheet(sheet=sheet, given=given, edit=sheet.edit, actor=actor, now=AT)
    db.session.expire_all()
    by_action = sheet_left(sheet_id)
    db.session.rollback()
    end_read()
    with unit_of_work():
        finished = marking.Finished(marking.Waiting(sheet_id, juror_id, work_id), given, AT)
        live = db.session.get(Round, essay_id)
        marking.finish_all(live, criteria_of(essay_id), [finished])
    db.session.expire_all()
    assert sheet_left(sheet_id) == by_action


def sheet_left(sheet_id: int) -> object:
    return (
        told(db.session.get(MarkSheet, sheet_id)),
        [
            told(row)
            for row in db.session.scalars(
                select(SheetMark)
                .where(SheetMark.sheet_id == sheet_id)
                .order_by(SheetMark.criterion_id)
            )
        ],
        [
            told(row)
            for row in db.session.scalars(
                select(SheetRemark).where(SheetRemark.sheet_id == sheet_id)
            )
        ],
        events_about("mark_sheet", sheet_id),
    )
