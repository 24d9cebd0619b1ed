"""What is kept for a time only is forgotten when its time is over, and never a moment before."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import (
    CodePurpose,
    OneTimeCode,
    RequestKind,
    RequestState,
    SignIn,
    SubjectRequest,
)
from contest.config import PROJECT_ROOT, RETENTION_DAYS, WrongSetting, read_settings
from contest.contests.models import (
    Contest,
    ContestKind,
    Entry,
    Registration,
    RegistrationSource,
    RosterImport,
    RosterImportRow,
    RosterState,
    Round,
    Stage,
)
from contest.core import audit, jobs
from contest.core.db import db
from contest.core.files import StoredFile, store_file
from contest.core.mail import Mail
from contest.core.retention import rule_codes, run_retention
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt
from contest.submissions.models import Work, WorkState, WorkVersion
from tests.support.cast import Cast, sign_in_as

JUST = timedelta(microseconds=1)


def sign_in(cast: Cast, ended: datetime) -> SignIn:
    return SignIn(
        token_hash=ended.isoformat(),
        person_id=cast.minh.id,
        created_at=ended - timedelta(days=1),
        seen_at=ended,
        expires_at=ended + timedelta(days=900),
        ended_at=ended,
    )


def expired(cast: Cast, ended: datetime) -> SignIn:
    row = sign_in(cast, ended)
    row.ended_at, row.expires_at = None, ended
    return row


def used_code(cast: Cast, ended: datetime) -> OneTimeCode:
    return OneTimeCode(
        code_hash=ended.isoformat(),
        purpose=CodePurpose.RESET,
        person_id=cast.minh.id,
        issued_at=ended - timedelta(days=1),
        expires_at=ended + timedelta(days=900),
        used_at=ended,
    )


def sent_letter(cast: Cast, ended: datetime) -> Mail:
    created = ended - timedelta(days=800)
    return Mail(
        recipient="a@b.vn", subject="x", body="y", created_at=created, due_at=created, sent_at=ended
    )


def report(cast: Cast, ended: datetime) -> jobs.Job:
    return jobs.Job(
        kind="x",
        payload={},
        state=jobs.JobState.DONE,
        owner_id=cast.minh.id,
        created_at=ended - timedelta(days=800),
        due_at=ended,
        finished_at=ended,
    )


ROWS: list[tuple[str, Callable[[Cast, datetime], Any]]] = [
    ("sign_ins", sign_in),
    ("sign_ins", expired),
    ("codes", used_code),
    ("letters", sent_letter),
    ("job_reports", report),
]


@pytest.mark.parametrize(("code", "make"), ROWS)
def test_a_row_is_deleted_at_its_end_and_not_before(
    app: Flask, cast: Cast, now: datetime, code: str, make: Callable[[Cast, datetime], Any]
) -> None:
    ended = now - timedelta(days=RETENTION_DAYS[code])
    with app.app_context():
        with unit_of_work():
            db.session.add_all([make(cast, ended), make(cast, ended + JUST)])
        table = type(make(cast, ended))
        assert forgotten(now - 2 * JUST) == {}
        assert forgotten(now, dry_run=True) == {code: 1}
        assert len(all_of(table)) == 2
        assert forgotten(now) == {code: 1}
        assert len(all_of(table)) == 1
        assert forgotten(now) == {}
        assert forgotten(now + JUST) == {code: 1}
        assert all_of(table) == []


def forgotten(now: datetime, *, dry_run: bool = False) -> dict[str, int]:
    lines = run_retention(now=now, dry_run=dry_run)
    return {line.code: line.found for line in lines if line.found}


def all_of(table: Any) -> list[Any]:
    keys = table.__table__.primary_key.columns
    return list(db.session.scalars(select(table).order_by(*keys)))


def test_what_has_no_end_yet_stays(app: Flask, cast: Cast, now: datetime) -> None:
    """An open sign-in, a code that still works, a letter that waits, a job that runs, a READY roster."""
    with app.app_context():
        with unit_of_work():
            open_one = sign_in(cast, now)
            open_one.ended_at = None
            code = used_code(cast, now)
            code.used_at = None
            waiting = sent_letter(cast, now)
            waiting.sent_at, waiting.created_at = None, now
            running = report(cast, now)
            running.state, running.finished_at = jobs.JobState.RUNNING, None
            db.session.add_all([open_one, code, waiting, running])
        assert forgotten(now + timedelta(days=29)) == {}


def contest(cast: Cast, closed: datetime, number: int) -> Round:
    made = Contest(
        slug=f"cuoc-thi-{number}",
        title="Cuộc thi",
        title_folded="cuoc thi",
        kind=ContestKind.ESSAY,
        unit_id=cast.province.id,
        scope_id=[cast.province, cast.board][number].scope_id,
        created_at=closed,
    )
    db.session.add(made)
    db.session.flush()
    round = Round(
        contest_id=made.id,
        number=1,
        title="Vòng 1",
        kind=ContestKind.ESSAY,
        stage=Stage.PUBLISHED,
        closed_at=closed,
    )
    db.session.add(round)
    db.session.flush()
    return round


def entry(cast: Cast, round: Round, at: datetime) -> Entry:
    registration = Registration(
        contest_id=round.contest_id,
        person_id=cast.minh.id,
        code=f"M{round.id}",
        full_name="Nguyễn Văn Minh",
        name_folded="nguyen van minh",
        sort_key=b"",
        source=RegistrationSource.SELF,
        registered_at=at,
    )
    db.session.add(registration)
    db.session.flush()
    made = Entry(contest_id=round.contest_id, registration_id=registration.id, created_at=at)
    db.session.add(made)
    db.session.flush()
    return made


def draft(cast: Cast, closed: datetime, number: int, state: WorkState) -> Work:
    round = contest(cast, closed, number)
    work = Work(
        round_id=round.id,
        entry_id=entry(cast, round, closed).id,
        person_id=cast.minh.id,
        state=state,
        created_at=closed,
    )
    db.session.add(work)
    db.session.flush()
    version = WorkVersion(
        work_id=work.id, number=1, body_text="Chị Lan …", digest="0" * 64, saved_at=closed
    )
    db.session.add(version)
    db.session.flush()
    work.version_id = version.id
    return work


def test_drafts_lose_their_words_only_when_the_round_closed_long_ago(
    app: Flask, cast: Cast, now: datetime
) -> None:
    closed = now - timedelta(days=RETENTION_DAYS["drafts"])
    with app.app_context():
        with unit_of_work():
            abandoned = draft(cast, closed, 0, WorkState.DRAFT).id
            handed_in = draft(cast, closed, 1, WorkState.SUBMITTED).id

        def words(work_id: int) -> str:
            work = db.session.get_one(Work, work_id, populate_existing=True)
            return work.version.body_text

        assert forgotten(now - JUST) == {}
        assert words(abandoned) == "Chị Lan …"
        db.session.rollback()
        assert forgotten(now) == {"drafts": 1}
        assert (words(abandoned), words(handed_in)) == ("", "Chị Lan …")
        db.session.rollback()
        assert forgotten(now + timedelta(days=999)) == {}


def attempt(
    cast: Cast, round: Round, submitted: datetime | None, ordinal: int, of: Entry
) -> Attempt:
    return Attempt(
        round_id=round.id,
        entry_id=of.id,
        person_id=cast.minh.id,
        ordinal=ordinal,
        paper=[],
        started_at=round.closed_at,
        deadline_at=round.closed_at,
        grace_until=round.closed_at,
        submitted_at=submitted,
        question_count=0,
        address="192.0.2.7",
        device="Chrome",
    )


def test_traces_are_blanked_and_the_rest_stays(app: Flask, cast: Cast, now: datetime) -> None:
    then = now - timedelta(days=90)
    with app.app_context():
        with unit_of_work():
            round = contest(cast, then, 0)
            of = entry(cast, round, then)
            db.session.add_all(
                [
                    attempt(cast, round, then, 1, of),
                    attempt(cast, round, then + JUST, 2, of),
                    attempt(cast, round, None, 3, of),
                ]
            )
            for at in (then, then + JUST):
                audit.record(
                    "accounts.signed_in", actor=None, now=at, personal={"address": "192.0.2.7"}
                )
            audit.record("accounts.other", actor=None, now=then, personal={"name": "An"})
        assert forgotten(now - 2 * JUST) == {}
        assert forgotten(now) == {"attempt_traces": 1, "audit_traces": 1}
        addresses = [row.address for row in all_of(Attempt)]
        assert sorted(addresses) == ["", "192.0.2.7", "192.0.2.7"]
        left = {
            kind: [row.personal for row in all_of(audit.AuditEvent) if row.kind == kind]
            for kind in ("accounts.signed_in", "accounts.other")
        }
        assert left == {
            "accounts.signed_in": [None, {"address": "192.0.2.7"}],
            "accounts.other": [{"name": "An"}],
        }
        db.session.rollback()
        with unit_of_work():
            audit.seal_events(now=now)
        assert audit.verify_chain(now=now).is_whole


def stored(now: datetime) -> StoredFile:
    return store_file(b"abc", name="a.bin", media_type="x/y", actor=None, now=now)


def test_files_go_with_what_they_belong_to(app: Flask, cast: Cast, now: datetime) -> None:
    with app.app_context():
        with unit_of_work():
            round = contest(cast, now, 0)
            taken = now - timedelta(days=RETENTION_DAYS["rosters"])
            roster = RosterImport(
                contest_id=round.contest_id,
                file_id=stored(now).id,
                file_name="a.xlsx",
                state=RosterState.TAKEN,
                accepted=1,
                created_at=taken - timedelta(days=9),
                taken_at=taken,
            )
            waiting = RosterImport(
                contest_id=round.contest_id,
                file_id=stored(now).id,
                file_name="b.xlsx",
                created_at=taken - timedelta(days=900),
            )
            db.session.add_all([roster, waiting])
            db.session.flush()
            db.session.add(
                RosterImportRow(
                    import_id=roster.id, position=1, row=2, person={"name": "An"}, is_good=True
                )
            )
            copy = SubjectRequest(
                person_id=cast.minh.id,
                kind=RequestKind.COPY,
                state=RequestState.DONE,
                filed_at=taken,
                confirm_due_at=taken,
                finish_due_at=taken,
                file_id=stored(now).id,
                file_until=now - timedelta(days=1),
            )
            db.session.add(copy)
        assert len(all_of(StoredFile)) == 3
        db.session.rollback()
        assert forgotten(now - JUST) == {}
        assert forgotten(now) == {"rosters": 1, "data_copies": 1}
        assert (len(all_of(StoredFile)), all_of(RosterImportRow)) == (1, [])
        assert [(row.accepted, row.file_id is None) for row in all_of(RosterImport)] == [
            (1, True),
            (0, False),
        ]
        db.session.rollback()
        jobs.run_due_jobs()
        kept = [path for path in (files_of(app)).rglob("*") if path.is_file()]
        assert len(kept) == 1
        assert forgotten(now) == {}


def test_files_made_by_jobs_go_with_what_was_asked_for(
    app: Flask, cast: Cast, now: datetime
) -> None:
    then = now - timedelta(days=7)
    with app.app_context():
        with unit_of_work():
            for kind, ended in (
                ("accounts.people_file", then),
                ("results.ranking_file", then),
                ("accounts.people_file", then + 2 * JUST),
            ):
                job = report(cast, ended)
                job.kind, job.payload = kind, {"text": "Minh", "address": "/x"}
                file_id = stored(now).id
                job.report = {"title": "T", "rows": 3, "download": "/x", "file_id": file_id}
                db.session.add(job)
            failed = report(cast, then)
            failed.kind, failed.state = "accounts.people_file", jobs.JobState.FAILED
            failed.payload = {"text": "An", "address": "/x"}
            db.session.add(failed)
        assert forgotten(now - JUST) == {}
        assert forgotten(now) == {"made_files": 3}
        blank = {"title": "T", "rows": 3, "gone": "/x"}
        ours = [job for job in all_of(jobs.Job) if job.owner_id == cast.minh.id]
        assert [(job.payload, job.report) for job in (*ours[:2], ours[3])] == [
            ({}, blank),
            ({}, blank),
            ({}, None),
        ]
        assert (ours[2].payload["text"], len(all_of(StoredFile))) == ("Minh", 1)
        db.session.rollback()
        jobs.run_due_jobs()
        assert len([path for path in files_of(app).rglob("*") if path.is_file()]) == 1
        assert forgotten(now) == {}


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_page_of_a_job_says_that_its_file_is_gone_and_where_to_ask_again(
    app: Flask, cast: Cast, now: datetime, new_client: Any, language: str
) -> None:
    with app.app_context(), unit_of_work():
        for kind, address in (
            ("accounts.people_file", "/people/files/abc"),
            ("results.ranking_file", "/organise/contests/guong/rounds/2/ranking-files/abc"),
            ("judging.export", "/organise/contests/guong/rounds/2/marking/file/abc"),
            ("results.dossier", "/organise/contests/guong/dossiers/abc"),
            ("results.ranking_file", "/an/address/of/long/ago"),
        ):
            job = report(cast, now - timedelta(days=7))
            job.kind, job.payload = kind, {"address": address}
            job.report = {"title": "The file is ready", "download": address, "file_id": 0}
            db.session.add(job)
    with app.app_context():
        assert forgotten(now) == {"made_files": 5}
        ids = [job.public_id for job in all_of(jobs.Job) if job.owner_id == cast.minh.id]
    minh = new_client()
    sign_in_as(minh, cast.minh)
    minh.get(f"/language/{language}")
    pages = [minh.get(f"/jobs/{each}").get_data(as_text=True) for each in ids]
    words = {"en": "The file has been deleted", "vi": "Tệp đã được xóa"}[language]
    for page in pages:
        assert words in page
        assert "The file is ready" not in page
        assert "/files/abc" not in page
    rounds = "/organise/contests/guong/rounds/2"
    for page, again in zip(
        pages,
        ("/people", f"{rounds}/ranking", f"{rounds}/marking", "/organise/contests/guong/dossier"),
        strict=False,
    ):
        assert f'href="{again}"' in page
    assert "job-next" not in pages[-1]


@pytest.mark.parametrize("app_options", [{"RETENTION_DAYS": "made_files=never"}])
def test_a_job_is_not_forgotten_without_its_file(app: Flask, cast: Cast, now: datetime) -> None:
    with app.app_context():
        with unit_of_work():
            job = report(cast, now - timedelta(days=90))
            job.kind, job.payload = "accounts.people_file", {"address": "/x"}
            job.report = {"file_id": stored(now).id}
            db.session.add(job)
        assert forgotten(now) == {"job_reports": 1}
        assert all_of(StoredFile) == []


def files_of(app: Flask) -> Any:
    return app.extensions["settings"].instance / "files"


def test_the_command_counts_and_changes_nothing(app: Flask, cast: Cast, now: datetime) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(sent_letter(cast, now - timedelta(days=3_000)))
    runner = app.test_cli_runner()
    for dry, left in ((True, 1), (False, 0)):
        told = runner.invoke(args=["retention", "--json", *(["--dry-run"] if dry else [])])
        document = json.loads(told.stdout)
        assert (document["dry_run"], document["letters"]) == (dry, {"days": 30, "found": 1})
        with app.app_context():
            assert len(all_of(Mail)) == left


def test_days_can_be_changed_and_wrong_names_are_refused(tmp_path: Any) -> None:
    def days(value: str) -> dict[str, int | None]:
        settings = read_settings({"INSTANCE_DIR": str(tmp_path), "RETENTION_DAYS": value})
        return dict(settings.retention_days)

    assert days("") == RETENTION_DAYS
    assert days("letters=7 rosters=never") == {**RETENTION_DAYS, "letters": 7, "rosters": None}
    for wrong in ("letter=7", "letters=0", "letters=-1", "letters", "letters=soon"):
        with pytest.raises(WrongSetting, match="RETENTION_DAYS"):
            days(wrong)


@pytest.mark.parametrize("app_options", [{"RETENTION_DAYS": "letters=never"}])
def test_what_is_never_forgotten_stays(app: Flask, cast: Cast, now: datetime) -> None:
    with app.app_context():
        with unit_of_work():
            db.session.add(sent_letter(cast, now - timedelta(days=9_000)))
        assert forgotten(now) == {}


@pytest.mark.sqlite_only
def test_every_rule_has_days_and_stands_in_the_document(app: Flask) -> None:
    assert rule_codes() == set(RETENTION_DAYS)
    text = (PROJECT_ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE)
    told = {code: int(days) for code, days in rows}
    assert told == RETENTION_DAYS
