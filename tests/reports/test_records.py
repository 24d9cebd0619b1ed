"""Older contests, models and projects: read from lists, taken wholly, counted apart from ours."""

import io
from datetime import date

import pytest

from contest.accounts.models import Unit
from contest.awards.refusals import RowsRefused
from contest.core.db import db
from contest.core.spreadsheets import read_workbook
from contest.core.transactions import unit_of_work
from contest.reports.actions.records import CONTESTS, PROJECTS, stage_records, take_records
from contest.reports.models import Measure
from contest.reports.queries.season import Asked, season_report
from contest.reports.rules.periods import Period
from contest.reports.rules.record_sheets import read_contest_records, read_projects
from tests.support.cast import actor_of, sign_in_as

TODAY = date(2026, 9, 2)
CONTEST_HEAD = "Tên hội thi;Loại hình;Từ ngày;Đến ngày;Đơn vị;Số lượt;Số người;Đối tượng\n"
PROJECT_HEAD = "Tên mô hình;Loại;Lĩnh vực;Đơn vị;Năm đăng ký;Trạng thái\n"


def sheets(text):
    return read_workbook(text.encode()).sheets


def contest(line):
    (row,) = read_contest_records(sheets(CONTEST_HEAD + line), today=TODAY)
    return row


def said(row):
    return [(note.code, note.column) for note in row.source.notes]


def test_a_number_keeps_the_word_before_it():
    row = contest(
        "Hội thi kể chuyện về Bác;Kể chuyện;19/5/2018;20/5/2018;;hơn 4.800;gần 3.000;Đoàn viên\n"
    )
    found = {
        key: row.values[key]
        for key in ("kind", "entries", "entries_qualifier", "persons", "persons_qualifier")
    }
    assert found == {
        "kind": "story",
        "entries": 4_800,
        "entries_qualifier": "more_than",
        "persons": 3_000,
        "persons_qualifier": "almost",
    }
    assert said(row) == []


def test_a_year_alone_is_the_whole_year():
    row = contest("Hội thi;Hội thi;2018;;;;;\n")
    assert (row.values["held_from"], row.values["held_to"]) == (
        date(2018, 1, 1),
        date(2018, 12, 31),
    )


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (";Hội thi;2018;;;5;;x\n", ("no_title", "A")),
        ("A;Múa rối;2018;;;;;\n", ("bad_kind", "B")),
        ("A;Hội thi;25/13/2018;;;;;\n", ("bad_date", "C")),
        ("A;Hội thi;1890;;;;;\n", ("too_early", "C")),
        ("A;Hội thi;20/5/2018;19/5/2018;;;;\n", ("order", "D")),
        ("A;Hội thi;2027;;;;;\n", ("future", "C")),
        ("A;Hội thi;2018;;;nhiều;;\n", ("bad_number", "F")),
        ("A;Hội thi;2018;;;4,8;;\n", ("bad_number", "F")),
        ("A;Hội thi;2018;;;50;60;\n", ("exchanged", "G")),
        ("Héi thi kÓ chuyÖn;Hội thi;2018;;;;;\n", ("letters", "A")),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(line, note):
    assert said(contest(line)) == [note]


def test_a_project_is_read_with_its_field():
    (row,) = read_projects(
        sheets(PROJECT_HEAD + "Tuyến đường tự quản;Mô hình;Văn hóa - xã hội;;2021;Hoàn thành\n"),
        today=TODAY,
    )
    found = [row.values[key] for key in ("kind", "category", "state")]
    assert (found, said(row)) == (["model", "culture_society", "done"], [])


def stage(cast, now, register, text):
    return stage_records(
        register=register,
        unit=db.session.merge(cast.province),
        content=text.encode(),
        file_name="danh sách.csv",
        actor=actor_of(cast.lan, now),
        now=now,
    )


def test_typed_figures_make_the_table_whole_and_are_never_added(context, cast, now):
    lan = actor_of(cast.lan, now)
    with unit_of_work():
        bad = stage(
            cast, now, CONTESTS, CONTEST_HEAD + "A;Hội thi;2026;;;;;\n;Hội thi;2026;;;9;;\n"
        )
        with pytest.raises(RowsRefused):
            take_records(staged=bad, actor=lan, now=now)
    lines = "A;Hội thi;3/2026;;Phường Xuân Hương;hơn 100;;\nB;Hội thi;4/2026;;;40;;\n"
    with unit_of_work():
        assert (
            take_records(
                staged=stage(cast, now, CONTESTS, CONTEST_HEAD + lines), actor=lan, now=now
            )
            == 2
        )
        models = (
            PROJECT_HEAD
            + "M1;Mô hình;Kinh tế;Phường Xuân Hương;2026;\nM2;Mô hình;Kinh tế;Phường Xuân Hương;2026;\n"
        )
        take_records(staged=stage(cast, now, PROJECTS, models), actor=lan, now=now)
    with unit_of_work():
        year = Period(date(2026, 1, 1), date(2026, 12, 31))
        found = season_report(Asked(db.session.get(Unit, cast.province.id), year))
        figures = found.figures
        assert figures[Measure.CONTESTS].as_json() == {"value": 2, "qualifier": None}
        assert figures[Measure.ENTRIES].as_json() == {"value": 140, "qualifier": "more_than"}
        assert (figures[Measure.MODELS].value, found.model_units) == (2, 1)


def token_of(page):
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_lan_brings_a_list_and_registers_a_model_on_the_pages(app, cast, new_client):
    lan, bao = new_client(), new_client()
    sign_in_as(lan, cast.lan)
    sign_in_as(bao, cast.bao)
    with app.app_context(), unit_of_work():
        unit_id = db.session.get(Unit, cast.ward.id).public_id
    page = lan.get("/organise/reports/files/contests/new").get_data(as_text=True)
    sent = {
        "csrf_token": token_of(page),
        "unit": unit_id,
        "file": (
            io.BytesIO((CONTEST_HEAD + "Hội thi A;Hội thi;2019;;;hơn 40;;\n").encode()),
            "a.csv",
        ),
    }
    made = lan.post(
        "/organise/reports/files/contests/new", data=sent, content_type="multipart/form-data"
    )
    preview = lan.get(made.location).get_data(as_text=True)
    assert "Hội thi A" in preview
    assert bao.get(made.location).status_code == 404
    token = {"csrf_token": token_of(preview)}
    assert lan.post(f"{made.location}/take", data=token).status_code == 302
    assert "hơn 40" in lan.get("/organise/reports/contests").get_data(as_text=True)
    assert "Hội thi A" not in bao.get("/organise/reports/contests").get_data(as_text=True)
    project = token | {
        "title": "Tuyến đường tự quản",
        "unit": unit_id,
        "kind": "model",
        "category": "security",
        "registered_on": "2/9/2024",
        "road_map": "2024: vận động\n2025: nhân rộng",
    }
    assert lan.post("/organise/reports/projects/new", data=project).status_code == 302
    page = lan.get("/organise/reports/projects?q=tuyen duong").get_data(as_text=True)
    address = page.split('href="/organise/reports/projects/')[2].split('"')[0]
    assert (
        lan.post(
            f"/organise/reports/projects/{address}", data=token | {"state": "done"}
        ).status_code
        == 302
    )
    done = lan.get(f"/organise/reports/projects/{address}").get_data(as_text=True)
    assert "2025: nhân rộng" in done
    assert "Kết thúc ngày" in done
    assert bao.get(f"/organise/reports/projects/{address}").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_exported_is_read_again(client, cast, context, now, language):
    """Lan takes both registers home as files; brought back, they say the same."""
    lines = "Kể chuyện về Bác;Kể chuyện;19/5/2018;20/5/2018;;hơn 4.800;gần 3.000;Đoàn viên\n"
    models = "Tuyến đường tự quản;Mô hình;Văn hóa - xã hội;;2021;Đang thực hiện\n"
    with unit_of_work():
        for register, text in ((CONTESTS, CONTEST_HEAD + lines), (PROJECTS, PROJECT_HEAD + models)):
            staged = stage(cast, now, register, text)
            take_records(staged=staged, actor=actor_of(cast.lan, now), now=now)
    sign_in_as(client, cast.lan)
    client.set_cookie("language", language)
    files = {
        (name, ending): client.get(f"/organise/reports/{name}.{ending}").data
        for name in ("contests", "projects")
        for ending in ("csv", "xlsx")
    }
    for ending in ("csv", "xlsx"):
        (held,) = read_contest_records(read_workbook(files["contests", ending]).sheets, today=TODAY)
        assert said(held) == []
        assert held.values == contest(lines).values
        (model,) = read_projects(read_workbook(files["projects", ending]).sheets, today=TODAY)
        assert said(model) == []
        assert (model.values["category"], model.values["state"]) == ("culture_society", "under_way")
        assert model.values["registered_on"] == date(2021, 1, 1)


def test_rows_behind_a_figure_are_a_file_too(client, cast, context, now):
    with unit_of_work():
        staged = stage(cast, now, CONTESTS, CONTEST_HEAD + "Hội thi làng;Hội thi;3/2026;;;;;\n")
        take_records(staged=staged, actor=actor_of(cast.lan, now), now=now)
    sign_in_as(client, cast.lan)
    where = "first=2026-01-01&last=2026-12-31"
    assert "Hội thi làng" in client.get(f"/organise/reports/rows/contests.csv?{where}").text
    assert client.get(f"/organise/reports/rows/nothing.csv?{where}").status_code == 404
