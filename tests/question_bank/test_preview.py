"""The preview of a file: the original beside what was read, mending, reports, dropped files."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select

from contest.core.db import db
from contest.core.spreadsheets import read_workbook
from question_bank import queries
from question_bank.exports import EXPORTS, ExportQuestion
from question_bank.formats import read_questions
from question_bank.media.reading import read_medium
from question_bank.models import Question, QuestionMedium
from tests.question_bank.conftest import Room
from tests.question_bank.test_media import picture
from tests.support.pages import CheckingClient

SignIn = Callable[[Any], CheckingClient]


def sent(client: CheckingClient, room: Room, name: str, content: bytes, **more: str) -> str:
    """Upload a file; returns the address of its preview."""
    answer = client.post(
        f"/banks/{room.bank.slug}/imports/new",
        data={"file": (BytesIO(content), name), "format": "auto", **more},
    )
    assert answer.status_code == 302
    return str(answer.headers["Location"])


MIXED_GIFT = (
    "::Quê::Quê Bác ở đâu? {=Nghệ An ~Huế}\n\n"
    "Bác sinh năm nào? {#abc}\n\n"
    "Ghép {=Ra đi -> 1911 =Về nước -> 1941}\n"
)


def test_what_stands_in_the_file_is_shown_beside_what_was_read(
    room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    page = lan.page(sent(lan, room, "cau hoi.gift", MIXED_GIFT.encode()))
    assert page.words("//h:pre") == [
        "::Quê::Quê Bác ở đâu? {=Nghệ An ~Huế}",
        "Bác sinh năm nào? {#abc}",
        "Ghép {=Ra đi -> 1911 =Về nước -> 1941}",
    ]
    table = "Câu hỏi;A;B;Đáp án\r\nQuê Bác?;Nghệ An;Huế;1\r\n".encode()
    page = lan.page(sent(lan, room, "b.csv", table))
    cells = page.words("//h:p[@class='cell-as-is']")
    assert cells == ["Column A Quê Bác?", "Column B Nghệ An", "Column C Huế", "Column D 1"]
    beside = page.words("//h:div[@class='beside']/h:div[2]")[0]
    assert "The key was written as 1 and understood as option A." in beside


def test_a_number_that_is_none_is_mended_where_it_stands(
    app: Flask, room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    preview = sent(lan, room, "cau hoi.gift", MIXED_GIFT.encode(), whole="y")
    assert "first mend the rows with errors" in lan.page(preview).text
    assert lan.post(f"{preview}/accept").status_code == 409
    mend = f"{preview}/rows/1?kind=numeric"
    page = lan.page(mend)
    assert page.words("//h:pre") == ["Bác sinh năm nào? {#abc}"]
    done = lan.submit(mend, {"answers": "1890"}, action="rows/1")
    assert done.status_code == 302
    lan.post(f"{preview}/accept")
    with app.app_context():
        kinds = {each.kind: each for each in db.session.scalars(select(Question))}
        assert kinds.keys() == {"single", "numeric", "matching"}
        assert kinds["single"].name == "Quê"
        assert kinds["numeric"].revision is not None
        assert kinds["numeric"].revision.body["answers"][0]["value"] == "1890"
    report = lan.get(f"{preview}/report")
    rows = [
        [cell.line for _column, cell in sorted(row.cells.items())]
        for sheet in read_workbook(report.data).sheets
        for row in sheet.rows()
    ]
    assert sum("Taken" in row for row in rows) == 3


def test_a_dropped_file_takes_its_pictures_along(app: Flask, room: Room, as_person: SignIn) -> None:
    seen = read_medium(picture(), "Nhà sàn")
    question = ExportQuestion(
        kind="essay",
        stem=f"Tả ngôi nhà {seen.token}",
        body={},
        difficulty="easy",
        mark=Decimal(1),
        media={seen.ref: seen},
    )
    content = EXPORTS["json"].write([question])
    lan = as_person(room.cast.lan)
    preview = sent(lan, room, "a.json", content)
    assert lan.page(preview).all("//h:img[@alt='Nhà sàn']")
    lan.post(f"{preview}/drop")
    with app.app_context():
        assert db.session.scalars(select(QuestionMedium)).all() == []
    lan.post(f"{sent(lan, room, 'a.json', content)}/accept")
    with app.app_context():
        kept = db.session.scalars(select(QuestionMedium)).one()
        assert (kept.ref, kept.import_id) == (seen.ref, None)
        (again,) = read_questions(
            EXPORTS["json"].write(list(queries.export_questions(room.bank.id)))
        ).questions
        assert (again.stem, again.media) == (question.stem, (seen,))
