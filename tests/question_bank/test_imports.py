"""Stories of importing: preview, errors at their cells, duplicates, accept, import again."""

import json
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.core import jobs
from contest.core.db import db
from contest.core.spreadsheets import read_workbook
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import fold
from question_bank import actions, queries
from question_bank.drawing import Cell, draw, shortage
from question_bank.models import (
    ImportState,
    Question,
    QuestionImport,
    QuestionImportRow,
    QuestionRevision,
    QuestionState,
    QuestionTag,
    Topic,
)
from question_bank.rules import ImportEnded, NothingChosen
from question_bank.tasks import import_questions_command
from question_bank.views import imports as import_views
from tests.question_bank.conftest import INPUTS, SAMPLE, Room
from tests.support.cast import actor_of
from tests.support.counting import count_queries
from tests.support.pages import CheckingClient, Page

SignIn = Callable[[Any], CheckingClient]
HEAD = "mã,chủ đề,mức độ,câu hỏi,A,B,C,D,đáp án,nhãn\n"
GOOD = (
    HEAD
    + 'X-1,Tiểu sử,Dễ,Quê Bác ở đâu?,Nghệ An,Huế,Hà Tĩnh,Bình Định,A,"quê, enemy:que"\n'
    + "X-2,Tác phẩm > Thơ,Khó,“Nhật ký trong tù” viết năm nào?,1942,1930,1945,1954,A,\n"
)
BAD = GOOD + "X-3,Tiểu sử,Dễ,Câu hỏng?,Một,Hai,,,E,\n"


def upload(client: CheckingClient, room: Room, text: str, name: str = "Bộ câu hỏi.csv") -> str:
    """Upload a CSV and return the address of the preview."""
    sent = client.post(
        f"/banks/{room.bank.slug}/imports/new",
        data={"file": (BytesIO(text.encode()), name)},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 302, sent.text
    return str(sent.headers["Location"])


def test_a_good_file_is_shown_then_accepted(app: Flask, room: Room, as_person: SignIn) -> None:
    lan = as_person(room.cast.lan)
    preview = upload(lan, room, GOOD)
    page = lan.page(preview)
    assert page.words("//h:h1") == ["Preview of 2 questions"]
    assert "Accept all 2 questions" in page.words("//h:p/h:b")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Question)) == 0
    waiting = lan.page(f"/banks/{room.bank.slug}")
    assert "A file is waiting for your decision" in waiting.text
    accepted = lan.submit(preview, action="accept", follow=True)
    assert "Accepted: 2 new questions, 0 changed, 0 as before." in accepted.text
    with app.app_context():
        questions = db.session.scalars(select(Question).order_by(Question.id)).all()
        assert [question.state for question in questions] == [QuestionState.DRAFT] * 2
        assert [question.created_by_id for question in questions] == [room.cast.lan.id] * 2
        assert [question.revision.number for question in questions if question.revision] == [1, 1]
        assert queries.tags_of([questions[0].id]) == {questions[0].id: ("enemy:que", "quê")}
        assert [node.path for node in queries.topics(room.bank.id)] == [
            "Tác phẩm",
            "Tác phẩm › Thơ",
            "Tiểu sử",
        ]
    assert lan.post(f"{preview}/accept").status_code == 409
    assert "This file was accepted" in lan.page(preview).text


def test_an_error_stands_at_its_cell_and_can_be_mended(
    app: Flask, room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    preview = upload(lan, room, BAD)
    page = lan.page(f"{preview}?rows=errors")
    assert page.words("//h:td[contains(concat(@class, ' '), ' e ')]") == ["E"]
    assert page.words("//h:tr[@id='row-2']/h:th") == ["4"]
    assert "Accept 2, leave 1" in page.words("//h:p/h:b")
    mended = lan.submit(f"{preview}/rows/2", {"key": "1", "new_topic": "Tiểu sử"}, action="rows/2")
    assert mended.status_code == 302
    page = lan.page(preview)
    assert "Accept all 3 questions" in page.words("//h:p/h:b")
    lan.submit(preview, action="accept")
    with app.app_context():
        last = db.session.scalars(select(Question).order_by(Question.id.desc())).first()
        assert last is not None
        assert last.revision is not None
        assert last.external_id == "X-3"
        options = last.revision.body["options"]
        assert last.revision.body["key"] == [options[1]["id"]]


def test_a_mended_code_may_not_be_taken_twice(room: Room, as_person: SignIn) -> None:
    lan = as_person(room.cast.lan)
    preview = upload(lan, room, BAD)
    refused = lan.submit(f"{preview}/rows/2", {"key": "1", "external_id": "X-1"}, action="rows/2")
    assert refused.status_code == 422
    assert lan.get(f"{preview}/rows/77").status_code == 404


def test_duplicates_are_left_out_until_somebody_takes_them(
    app: Flask, room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    lan.submit(upload(lan, room, GOOD), action="accept")
    again = HEAD + (
        ",Tiểu sử,Dễ,QUE BAC  o dau ?,Nghệ An,Huế,Hà Tĩnh,Bình Định,A,\n"
        ",Tiểu sử,Dễ,Câu mới?,Một,Hai,Ba,Bốn,A,\n"
        ",Tiểu sử,Dễ,Câu mới,Một,Hai,Ba,Bốn,A,\n"
        ",Tiểu sử,Dễ,Quê Bác ở đâu?,Kim Liên,Pác Bó,Tân Trào,Ba Đình,A,\n"
    )
    preview = upload(lan, room, again)
    page = lan.page(preview)
    assert "Repeats question X-1 of the bank, marks aside." in page.text
    assert "Repeats row 3 of this file." in page.text
    assert "Accept 2, leave 2" in page.words("//h:p/h:b")
    lan.post(f"{preview}/rows/0/choice", data={"chosen": "1"})
    assert "Accept 3, leave 1" in lan.page(preview).words("//h:p/h:b")
    lan.post(f"{preview}/duplicates", data={"chosen": "1"})
    assert "Accept all 4 questions" in lan.page(preview).words("//h:p/h:b")
    lan.post(f"{preview}/duplicates", data={"chosen": "0"})
    assert len(lan.page(f"{preview}?rows=duplicates").all("//h:tr[starts-with(@id, 'row-')]")) == 2
    lan.submit(preview, action="accept")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Question)) == 4


def test_importing_again_updates_by_code_and_keeps_the_old_revision(
    app: Flask, room: Room, as_person: SignIn, now: datetime
) -> None:
    lan = as_person(room.cast.lan)
    lan.submit(upload(lan, room, GOOD), action="accept")
    with app.app_context(), unit_of_work():
        for question in db.session.scalars(select(Question)):
            question.state = QuestionState.APPROVED
    changed = GOOD.replace("Quê Bác ở đâu?", "Quê hương của Bác ở đâu?").replace(
        'A,"quê, enemy:que"', "A,nhãn khác"
    )
    preview = upload(lan, room, changed)
    page = lan.page(preview)
    assert "The code X-1 is known" in page.text
    assert "Of these 1 change known questions and 1 change nothing." in page.text
    accepted = lan.submit(preview, action="accept", follow=True)
    assert "Accepted: 0 new questions, 1 changed, 1 as before." in accepted.text
    with app.app_context():
        first, second = db.session.scalars(select(Question).order_by(Question.id)).all()
        assert first.revision is not None
        assert (first.revision.number, first.revision.stem) == (2, "Quê hương của Bác ở đâu?")
        assert (first.state, second.state) == (QuestionState.DRAFT, QuestionState.APPROVED)
        assert queries.tags_of([first.id])[first.id] == ("nhãn khác",)
        assert fold("Quê hương của Bác") in first.search_folded
        assert db.session.scalar(select(func.count()).select_from(QuestionRevision)) == 3


def test_dropping_a_file_takes_nothing(app: Flask, room: Room, as_person: SignIn) -> None:
    lan = as_person(room.cast.lan)
    preview = upload(lan, room, GOOD)
    assert lan.submit(preview, action="drop").status_code == 302
    assert "nothing was taken" in lan.page(preview).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(QuestionImportRow)) == 0
        assert db.session.scalar(select(func.count()).select_from(Question)) == 0


def test_rows_left_come_back_as_a_file_that_can_be_read_again(
    room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    preview = upload(lan, room, BAD)
    sent = lan.get(f"{preview}/rows-left")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    [sheet] = read_workbook(sent.data).sheets
    rows = [[cell.text for cell in row.cells.values()] for row in sheet.rows()]
    assert rows[1][:2] == ["X-3", "Tiểu sử"]
    assert "E" in rows[1]
    table = read_workbook(lan.get("/banks/import-table").data)
    assert len(list(table.sheets[0].rows())) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        ((INPUTS / "cau hoi may Win cu.csv").read_bytes(), ""),
        (b"PK\x03\x04 broken", ""),
        (b"\xd0\xcf\x11\xe0 old Excel", ""),
        ("không,có,đầu bảng\n1,2,3\n".encode(), ""),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    app: Flask, room: Room, as_person: SignIn, content: bytes, words: str
) -> None:
    lan = as_person(room.cast.lan)
    sent = lan.post(
        f"/banks/{room.bank.slug}/imports/new",
        data={"file": (BytesIO(content), "x.csv")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    page = Page(sent.text)
    said = page.words("//h:p[@class='field-error'] | //h:div[contains(@class, 'banner')]")
    assert words in " ".join(said)
    assert said
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(QuestionImportRow)) == 0


def test_choosing_no_file_is_told(room: Room, as_person: SignIn) -> None:
    lan = as_person(room.cast.lan)
    sent = lan.post(f"/banks/{room.bank.slug}/imports/new", data={})
    assert sent.status_code == 422
    assert "Choose a file first." in sent.text


def test_strangers_and_others_do_not_see_the_preview(room: Room, as_person: SignIn) -> None:
    preview = upload(as_person(room.cast.lan), room, GOOD)
    for person in (room.cast.bao, room.cast.minh, room.cast.an):
        client = as_person(person)
        assert client.get(preview).status_code in {403, 404}
        assert client.post(f"{preview}/accept").status_code in {403, 404}
        assert client.get(f"{preview}/rows-left").status_code in {403, 404}


def test_legacy_fonts_are_held_back_until_the_conversion_is_agreed_to(
    app: Flask, room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    name = "Cau hoi cu 2009 may phong VH"
    expected = json.loads((INPUTS / f"{name}.expected.json").read_text())
    sent = lan.post(
        f"/banks/{room.bank.slug}/imports/new",
        data={"file": (BytesIO((INPUTS / f"{name}.xlsx").read_bytes()), f"{name}.xlsx")},
        content_type="multipart/form-data",
    )
    preview = sent.headers["Location"]
    with app.app_context():
        found = db.session.scalars(select(QuestionImport)).one()
        assert (found.accepted, found.rejected) == (expected["accepted"], expected["rejected"])
    page = lan.page(preview)
    assert "Proposed: “Tập thơ chữ Hán Bác viết khi bị giam ở Quảng Tây tên là gì?”" in page.text
    lan.post(f"{preview}/convert", data={"position": "1"})
    done = lan.post(f"{preview}/convert", data={}, follow_redirects=True)
    assert "rows converted." in done.text
    agreed = expected["if_conversion_accepted"]
    with app.app_context():
        counts = queries.row_counts(found.id)
        assert counts.usable + counts.duplicates == agreed["accepted"]
        assert counts.errors == agreed["rejected"]


def test_a_large_file_is_read_and_accepted_by_jobs(
    app: Flask, room: Room, as_person: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_views, "SMALL_FILE", 10)
    monkeypatch.setattr(import_views, "FEW_ROWS", 1)
    lan = as_person(room.cast.lan)
    progress = upload(lan, room, BAD)
    assert progress.startswith("/jobs/")
    with app.app_context():
        assert jobs.run_due_jobs() == 1
        found = db.session.scalars(select(QuestionImport)).one()
        assert (found.state, found.accepted, found.rejected) == (ImportState.READY, 2, 1)
        assert found.layout["columns"][""]["options"] == "E–H"
        db.session.commit()
    preview = f"/banks/{room.bank.slug}/imports/{found.public_id}"
    assert lan.page(preview).words("//h:td[contains(concat(@class, ' '), ' e ')]") == ["E"]
    accepted = lan.submit(preview, action="accept")
    assert accepted.headers["Location"].startswith("/jobs/")
    with app.app_context():
        jobs.run_due_jobs()
        job = db.session.scalars(select(jobs.Job).order_by(jobs.Job.id.desc())).first()
        assert job is not None
        assert (job.state, job.problem) == ("done", "")
        assert db.session.scalar(select(func.count()).select_from(Question)) == 2
        authors = set(db.session.scalars(select(Question.created_by_id)))
        assert authors == {room.cast.lan.id}


def test_a_large_file_without_a_table_ends_its_job_with_words(
    app: Flask, room: Room, as_person: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_views, "SMALL_FILE", 1)
    upload(as_person(room.cast.lan), room, "một,hai\n1,2\n")
    with app.app_context():
        jobs.run_due_jobs()
        found = db.session.scalars(select(QuestionImport)).one()
        assert found.state is ImportState.UNREADABLE
        assert found.problem


@pytest.mark.parametrize("content", ["%PDF-1.7\n1 0 obj\n", HEAD, "\ufeff \r\n"])
@pytest.mark.parametrize("small", [0, 10_000])
def test_a_file_without_questions_is_kept_with_the_sentence_that_says_so(
    app: Flask,
    room: Room,
    as_person: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    content: str,
    small: int,
) -> None:
    monkeypatch.setattr(import_views, "SMALL_FILE", small)
    lan = as_person(room.cast.lan)
    upload(lan, room, content)
    with app.app_context():
        jobs.run_due_jobs()
        found = db.session.scalars(select(QuestionImport)).one()
        assert found.state is ImportState.UNREADABLE
        assert found.file_id is not None
        assert db.session.scalar(select(func.count()).select_from(Question)) == 0
        address, problem = f"/banks/{room.bank.slug}/imports/{found.public_id}", found.problem
    assert problem
    assert problem in lan.page(address).text


def test_nothing_is_accepted_from_a_file_without_good_rows(
    app: Flask, room: Room, now: datetime
) -> None:
    bad = (HEAD + "X-3,Tiểu sử,Dễ,Câu hỏng?,Một,Hai,,,E,\n").encode()
    with app.app_context(), unit_of_work():
        report = actions.import_file(
            bank=room.bank, content=bad, file_name="x.csv", actor=None, now=now
        )
        assert (report.accepted, report.rejected) == (0, 1)
        found = db.session.scalars(select(QuestionImport)).one()
        with pytest.raises(NothingChosen):
            actions.accept_import(bank=room.bank, question_import=found, actor=None, now=now)
        lan = actor_of(room.cast.lan, now)
        with pytest.raises(ImportEnded):
            actions.drop_import(bank=room.bank, question_import=found, actor=lan, now=now)
        with pytest.raises(ImportEnded):
            actions.choose_duplicates(question_import=found, chosen=True)


def test_the_sample_bank_is_approved_and_ready_to_draw(
    app: Flask, room: Room, now: datetime
) -> None:
    with app.app_context(), unit_of_work():
        report = actions.import_file(
            bank=room.bank,
            content=SAMPLE.read_bytes(),
            file_name=SAMPLE.name,
            approve=True,
            actor=None,
            now=now,
        )
        assert (report.accepted, report.rejected) == (66, 0)
        pool = queries.pool_items(room.bank.id)
        assert len(pool) == 66
        assert sum(queries.stock(room.bank.id).values()) == 66
        assert sum(bool(item.enemies) for item in pool) == 6
        blueprint = (Cell(None, "easy", 8), Cell(None, "medium", 8), Cell(None, "hard", 4))
        assert shortage(blueprint, pool) == []
        paper = draw(blueprint, pool, b"seed")
        parsed = queries.revisions(paper.revision_ids)
        assert len(parsed) == 20
        assert all(
            sorted(slot.option_order) == sorted(parsed[slot.revision_id].body.option_ids)
            for slot in paper.slots
        )


def test_the_command_imports_or_only_reads(app: Flask, room: Room, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(GOOD)
    bad.write_text(BAD)
    with app.app_context():
        report, code = import_questions_command(bad, "no-such-bank", dry_run=True)
        assert (code, report["format"], report["accepted"], report["rejected"]) == (1, "csv", 2, 1)
        assert report["questions"][0] == {
            "kind": "single",
            "name": "X-1",
            "text": "Quê Bác ở đâu?",
            "key": "A",
        }
        assert report["errors"][0]["line"] == 4
        assert db.session.scalar(select(func.count()).select_from(Question)) == 0
        assert import_questions_command(good, "no-such-bank")[1] == 2
        assert import_questions_command(tmp_path / "none.csv", "x", dry_run=True)[1] == 2
        assert import_questions_command(good, "x", "riddle", dry_run=True)[1] == 2
        assert import_questions_command(good, "x", "xlsx", dry_run=True)[1] == 2
        report, code = import_questions_command(good, room.bank.slug)
        assert (code, report["accepted"]) == (0, 2)
        assert import_questions_command(good, room.bank.slug)[1] == 0
        assert db.session.scalar(select(func.count()).select_from(Question)) == 2
        assert db.session.scalar(select(func.count()).select_from(Topic)) == 3
        assert db.session.scalar(select(func.count()).select_from(QuestionTag)) == 2


def test_in_lines_for_a_person_the_command_tells_flags_and_notes_too(
    app: Flask, tmp_path: Path
) -> None:
    table, gift = tmp_path / "table.csv", tmp_path / "pi.gift"
    table.write_text(
        HEAD + "X-1,Tiểu sử,Vừa vừa,Quê Bác ở đâu?,Nghệ An,Huế,,,E,\n" + GOOD.splitlines()[2]
    )
    gift.write_text("Số pi là bao nhiêu? {#3,14}")
    command = ["import-questions", "--dry-run"]
    said = app.test_cli_runner().invoke(args=[*command, str(table)])
    assert said.stdout.splitlines() == ["format: csv", "accepted: 1", "rejected: 1", "skipped: 0"]
    assert [line.rsplit(": ", 1)[0] for line in said.stderr.splitlines()] == ["2 I: error"]
    table.write_text(table.read_text().replace(",E,", ",A,"))
    said = app.test_cli_runner().invoke(args=[*command, str(table)])
    assert "2 C: flag: “Vừa vừa”" in said.stderr
    assert "flags" not in json.loads(
        app.test_cli_runner().invoke(args=[*command, "--json", str(table)]).stdout
    )
    said = app.test_cli_runner().invoke(args=[*command, str(gift)])
    assert (said.exit_code, said.stderr) == (0, "1: note: 3,14 được đọc là 3.14\n")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_asks_the_same_number_of_statements(
    app: Flask, room: Room, as_person: SignIn, rows: int
) -> None:
    lan = as_person(room.cast.lan)
    lines = "".join(
        f"Q-{n},Tiểu sử,Dễ,Câu số {n}?,Một,Hai,Ba,Bốn,{'A' if n % 2 else 'E'},\n"
        for n in range(rows)
    )
    preview = upload(lan, room, HEAD + lines)
    with app.app_context(), count_queries() as seen:
        assert len(lan.page(preview).all("//h:tr[starts-with(@id, 'row-')]")) == rows
    assert seen.count == 8, str(seen)


GIFT = """// [id:G1]
::Một::Bác Hồ sinh năm nào? {#1890}

Tên khai sinh của Bác? {=Nguyễn Sinh Cung =%50%Cung}

Ghép {=1911 -> ra đi =1945 -> độc lập}

Chọn {~%50%a ~%50%b ~%-50%c ~d}

Số pi? {#3,14}

Sai {#abc}

Viết vài dòng {}
"""


def test_a_gift_file_of_every_kind_lands_in_the_bank_and_twice_changes_nothing(
    app: Flask, room: Room, now: datetime
) -> None:
    with app.app_context():
        for _time in range(2):
            with unit_of_work():
                report = actions.import_file(
                    bank=room.bank,
                    content=GIFT.encode(),
                    file_name="cau-hoi.gift",
                    actor=None,
                    now=now,
                )
            assert (report.format, report.accepted, report.rejected) == ("gift", 6, 1)
        rows = db.session.execute(
            select(QuestionRevision.kind, func.count())
            .join(Question, Question.revision_id == QuestionRevision.id)
            .group_by(QuestionRevision.kind)
        ).all()
        first = db.session.scalar(select(Question).where(Question.external_id == "G1"))
        assert first is not None
        assert first.revision is not None
        assert first.revision.number == 1
        counts = {row[0]: row[1] for row in rows}
    assert counts == {"numeric": 3, "short_answer": 2, "matching": 2, "multiple": 2, "essay": 2}


def test_the_preview_of_a_gift_file_shows_the_question_with_its_fault(
    room: Room, as_person: Callable[[Any], CheckingClient]
) -> None:
    lan = as_person(room.cast.lan)
    upload = {"file": (BytesIO(GIFT.encode()), "cau-hoi.gift"), "format": "auto"}
    address = f"/banks/{room.bank.slug}/imports/new"
    answer = lan.post(address, data=upload, content_type="multipart/form-data")
    page = lan.page(answer.headers["Location"] + "?rows=errors")
    words = " ".join(page.words("//h:tbody"))
    assert "Sai" in words
    assert "“abc” cannot be read as a number" in words
    everything = " ".join(lan.page(answer.headers["Location"]).words("//h:tbody"))
    assert "3,14 read as 3.14" in everything
    assert "1911 -> ra đi" in everything
