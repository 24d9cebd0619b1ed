"""The season report on its pages: figures with their rows, mergers, targets, older figures, files."""

import io
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader

from contest.accounts.models import Unit, UnitSuccession
from contest.awards.queries.commendations import unit_book
from contest.contests.actions import create_contest
from contest.contests.models import ContestKind
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo.scenarios.ground import Ground, enter, register_people
from contest.reports.models import Measure, ParticipationCount
from contest.reports.queries.season import Asked, season_report
from contest.reports.rules.branches import TreeView
from contest.reports.rules.periods import Period
from contest.reports.tasks import rebuild_counts
from tests.support.cast import sign_in_as

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def held(app, cast, now):
    """A contest of the province in which Minh (school), Cúc (ward) and Lan (board) took part."""
    with app.app_context():
        with unit_of_work():
            contest = create_contest(
                title="Hội thi kể chuyện về Bác",
                unit=db.session.merge(cast.province),
                actor=None,
                now=now,
                kind=ContestKind.STORY,
                slug="ke-chuyen",
                starts_on=date(2026, 5, 19),
            )
            contest.announced_at = now
            ground = Ground(cast.province, [], unit_book(), None, now)
            people = [cast.minh, cast.cuc, cast.lan]
            registrations = register_people(ground, contest, people, now)
            enter(contest, [(each, 1) for each in registrations] + [(registrations[0], 2)], now)
        rebuild_counts(now=now)
    return cast


def report(unit, view=TreeView.THEN):
    with unit_of_work():
        found = season_report(Asked(db.session.get(Unit, unit.id), YEAR, view))
    counts = (found.figures[Measure.PERSONS].value, found.figures[Measure.ENTRIES].value)
    return counts, {line.unit.name: line.participation.persons for line in found.lines}, found


def test_each_branch_counts_its_own_people(context, held):
    whole, lines, found = report(held.province)
    assert whole == (3, 4)
    assert lines == {"Phường Xuân Hương": 2, "Ban Tuyên giáo và Dân vận": 1}
    assert report(held.ward)[0] == (2, 3)
    assert report(held.other_province)[0] == (0, 0)
    assert [unit.name for unit in found.silent] == []
    assert [unit.name for unit in report(held.other_province)[2].silent] == ["Trường THPT Sông Trà"]


def test_after_a_merger_the_report_shows_both_trees(context, held, now):
    with unit_of_work():
        ward = db.session.get(Unit, held.ward.id)
        ward.valid_to = date(2026, 8, 31)
        db.session.add(
            UnitSuccession(
                from_unit_id=held.ward.id,
                to_unit_id=held.other_province.id,
                happened_on=date(2026, 9, 1),
            )
        )
    assert report(held.province)[0] == (3, 4)
    now_counts, _lines, _found = report(held.province, TreeView.NOW)
    assert now_counts == (2, 3)  # the school still stands under the ward that ended
    assert report(held.other_province, TreeView.NOW)[0] == (1, 1)


def token_of(page):
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_lan_reads_the_report_and_its_rows_and_sets_a_target(app, held, new_client):
    lan, bao = new_client(), new_client()
    sign_in_as(lan, held.lan)
    sign_in_as(bao, held.bao)
    address = "/organise/reports?first=2026-01-01&last=2026-12-31"
    page = lan.get(address).get_data(as_text=True)
    assert "Số người dự thi" in page
    rows = lan.get("/organise/reports/rows/persons?first=2026-01-01&last=2026-12-31")
    assert "Hội thi kể chuyện về Bác" in rows.get_data(as_text=True)
    assert lan.get("/organise/reports/rows/nothing").status_code == 404
    with app.app_context(), unit_of_work():
        unit_id = db.session.get(Unit, held.province.id).public_id
    token = token_of(page)
    sent = {"first": "1/1/2026", "last": "31/12/2026", "source": "Kế hoạch 12-KH/TU"}
    target = {f"target-{k}": v for k, v in (sent | {"measure": "persons", "value": "2"}).items()}
    assert (
        lan.post(
            f"/organise/reports/{unit_id}/targets", data=target | {"csrf_token": token}
        ).status_code
        == 302
    )
    token = (
        lan.get(address)
        .get_data(as_text=True)
        .split('name="csrf_token"')[1]
        .split('value="')[1]
        .split('"')[0]
    )
    figure = {
        f"figure-{k}": v
        for k, v in (
            sent | {"measure": "entries", "value": "4.800", "qualifier": "more_than"}
        ).items()
    }
    assert (
        lan.post(
            f"/organise/reports/{unit_id}/figures", data=figure | {"csrf_token": token}
        ).status_code
        == 302
    )
    page = lan.get(address).get_data(as_text=True)
    assert "Kế hoạch 12-KH/TU" in page
    assert "Không cộng vào: hơn 4.800" in page
    assert bao.get(f"/organise/reports?unit={unit_id}").status_code == 404
    assert bao.post(
        f"/organise/reports/{unit_id}/targets", data=target | {"csrf_token": token}
    ).status_code in {400, 404}


def test_the_report_is_a_pdf_and_an_excel_file(held, new_client):
    lan = new_client()
    sign_in_as(lan, held.lan)
    pdf = lan.get("/organise/reports/season.pdf?first=2026-01-01&last=2026-12-31")
    text = PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Số người dự thi" in text
    book = lan.get("/organise/reports/season.xlsx?first=2026-01-01&last=2026-12-31")
    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        assert "Phường Xuân Hương".encode() in parts.read(
            "xl/worksheets/sheet3.xml"
        ) or b"inlineStr" in parts.read("xl/worksheets/sheet3.xml")


def test_before_anybody_is_counted_no_zero_is_shown(app, held, new_client):
    """Prizes beside nought persons were read as a report (seen in the demo)."""
    with app.app_context(), unit_of_work():
        db.session.query(ParticipationCount).delete()
    lan = new_client()
    sign_in_as(lan, held.lan)
    page = lan.page("/organise/reports?first=2026-01-01&last=2026-12-31")
    assert "Chưa tổng hợp số liệu" in page.text
    assert page.words("//h:h2") == ["Khen thưởng", "Chỉ tiêu và số liệu của báo cáo cũ"]
    assert lan.get("/organise/reports/season.pdf").status_code == 409
    assert lan.get("/organise/reports/season.xlsx").status_code == 409
