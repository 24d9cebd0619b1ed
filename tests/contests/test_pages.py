"""The pages of the room as the cast meets them, with the clock of the machine."""

import io
from contextlib import ExitStack
from datetime import timedelta

import pytest
import xlsxwriter
from sqlalchemy import func, select

from contest.accounts.actions import give_grant
from contest.accounts.models import Person
from contest.contests import actions, queries
from contest.contests.models import (
    ContestKind,
    Registration,
    RegistrationSource,
    RosterImport,
    Stage,
)
from contest.core.access import Role
from contest.core.audit import AuditEvent
from contest.core.clock import LOCAL_ZONE, utc_now
from contest.core.db import db
from contest.core.spreadsheets import CellKind, read_workbook
from contest.core.transactions import end_read, unit_of_work
from tests.contests.conftest import build_world
from tests.support.counting import count_queries
from tests.support.pages import Page, alerts

DAY = timedelta(days=1)
YES = actions.Agreement(take_part=True, publish_name=False, locale="vi")


@pytest.fixture
def soon(app, cast, now, story):
    """The contest of the stories, moved to the days around the present; no context stays open,
    because requests would share it."""
    with app.app_context():
        world = build_world(app, cast, now, story)
        world.now = utc_now()
        today = world.now.astimezone(LOCAL_ZONE).date()
        world.tell(starts_on=today, ends_on=today + 20 * DAY)
        world.tell_round(opens_at=world.now + DAY, closes_at=world.now + 7 * DAY)
    return world


def inside(world, ask):
    """What a question to the database gives, asked in a context of its own."""
    with world.app.app_context():
        return ask()


def send(client, url, values=None, **options):
    """Fill in the form of the page itself, not the one in its menu."""
    return client.submit(url, values, action=url.rpartition("/")[2], **options)


def path(world, rest=""):
    return f"/organise/contests/{world.slug}{rest}"


def register_all(world, *names):
    with world.app.app_context():
        for name in names:
            actor = world.actor(name)
            end_read()
            with unit_of_work():
                person = db.session.get_one(Person, getattr(world.cast, name).id)
                actions.register(
                    contest=world.contest, person=person, actor=actor, now=world.now, agreement=YES
                )


def open_it(world):
    with world.app.app_context():
        world.announced()
        with unit_of_work():
            actions.open_round(round=world.round(), actor=None, now=world.now)


def registered(world, name):
    """Somebody's registration, as it is now."""
    return inside(
        world, lambda: queries.registration_of(world.contest.id, getattr(world.cast, name).id)
    )


def how_many(world, column):
    return inside(world, lambda: db.session.scalar(select(func.count(column))))


def spreadsheet(*rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for place, row in enumerate([["Họ và tên", "Ngày sinh", "Đơn vị", "SĐT"], *rows]):
            for column, cell in enumerate(row):
                page.write_string(place, column, cell)
    return buffer.getvalue()


def test_lan_begins_a_contest_leaves_it_and_goes_on_where_she_left(app, cast, signed_in):
    lan = signed_in(cast.lan)
    answer = send(
        lan,
        "/organise/contests/new",
        {
            "title": "Tìm hiểu Đường Kách mệnh",
            "unit": cast.board.public_id,
            "starts_on": "2027-01-04",
            "ends_on": "31/01/2027",
        },
    )
    assert answer.location == "/organise/contests/tim-hieu-duong-kach-menh/audience"
    assert lan.get("/contests/tim-hieu-duong-kach-menh/register").status_code == 404
    again = lan.get("/organise/contests/tim-hieu-duong-kach-menh/resume")
    assert again.location == answer.location
    audience = send(
        lan, answer.location, {"who": "some", "add_unit": cast.ward.public_id, "min_age": "18"}
    )
    assert audience.location.endswith("/divisions")
    divisions = send(
        lan,
        audience.location,
        {
            "divisions-0-name": "Bảng A",
            "divisions-0-max_age": "30",
            "divisions-1-name": "Bảng B",
            "divisions-1-min_age": "31",
        },
    )
    assert divisions.location.endswith("/rounds")
    planned = send(lan, divisions.location, {"title": "Tuần 1"})
    assert planned.location.endswith("/rounds/1")
    with app.app_context():
        contest = queries.contest_by_slug("tim-hieu-duong-kach-menh")
        assert [branch.unit_id for branch in contest.eligible_units] == [cast.ward.id]
        assert [(each.name, each.min_age, each.max_age) for each in contest.divisions] == [
            ("Bảng A", None, 30),
            ("Bảng B", 31, None),
        ]
        first = contest.rounds[0]
        assert first.opens_at.astimezone(LOCAL_ZONE).isoformat() == "2027-01-04T10:00:00+07:00"
        assert first.closes_at.astimezone(LOCAL_ZONE).isoformat() == "2027-01-11T09:00:00+07:00"
    saved = send(lan, planned.location, {"closes_on": "2027-01-10", "closes_hour": "24 giờ"})
    assert saved.status_code == 302
    assert "hết ngày Chủ Nhật, 10/01/2027 (24 giờ)" in lan.get(saved.location).text
    rules = "/organise/contests/tim-hieu-duong-kach-menh/rules"
    draft = lan.post(rules, data={"draft": "1"})
    assert "# " in Page(draft.text).all("//h:textarea")[0].text
    assert send(lan, rules, {"rules_text": "# Điều 1\nAi cũng được thi."}).status_code == 302


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(cast, signed_in):
    lan = signed_in(cast.lan)
    answer = lan.post(
        "/organise/contests/new",
        data={"title": "Tên", "starts_on": "2027-01-04", "ends_on": "2027-01-01"},
    )
    assert answer.status_code == 422
    page = Page(answer.text)
    invalid = {field.get("name") for field in page.all("//*[@aria-invalid='true']")}
    assert invalid >= {"title", "ends_on"}
    assert page.all("//h:input[@name='title']")[0].get("value") == "Tên"


def test_bao_of_another_organisation_finds_nothing(soon, signed_in):
    inside(soon, soon.announced)
    register_all(soon, "minh")
    bao = signed_in(soon.cast.bao)
    found = registered(soon, "minh").public_id
    for rest in (
        "/basics",
        "/audience",
        "/divisions",
        "/rounds",
        "/rounds/1",
        "/rounds/1/open",
        "/rounds/1/close",
        "/rules",
        "/announce",
        "/resume",
        "/copy",
        "/registrations",
        "/registrations.xlsx",
        "/registrations.csv",
        f"/registrations/{found}",
        f"/registrations/{found}/disqualify",
        f"/registrations/{found}/withdraw",
        "/rosters",
        "/codes",
    ):
        assert bao.get(path(soon, rest)).status_code == 404, rest
    for rest in (
        "/rounds/1/open",
        "/rounds/1/close",
        "/rounds/1/delete",
        "/rounds/1/again",
        "/announce",
        "/codes",
    ):
        assert bao.post(path(soon, rest)).status_code == 404, rest
    assert inside(soon, lambda: soon.round().stage) is Stage.PLANNED


WORKROOM = (
    "/basics",
    "/rounds/1/open",
    "/announce",
    "/registrations",
    "/registrations.csv",
    "/rosters",
    "/codes",
)


@pytest.mark.parametrize("name", ["admin", "lan", "minh", "hoa", "an", "bao", "cuc", "nobody"])
def test_who_may_open_the_pages_of_organisers(soon, signed_in, client, name):
    """Others meet 403 (no role that does such things) or 404 (not theirs); strangers sign in."""
    browser = client if name == "nobody" else signed_in(getattr(soon.cast, name))
    expected = {"admin": 200, "lan": 200, "bao": 404, "nobody": 302}.get(name, 403)
    assert [browser.get(path(soon, rest)).status_code for rest in WORKROOM] == [expected] * len(
        WORKROOM
    )


def test_a_secretary_sees_contestants_and_changes_nothing_else(soon, signed_in):
    with soon.app.app_context(), unit_of_work():
        person = db.session.get_one(Person, soon.cast.an.id)
        give_grant(
            person=person, role=Role.SECRETARY, scope=soon.contest.scope, actor=None, now=soon.now
        )
    an = signed_in(soon.cast.an)
    assert an.get(path(soon, "/registrations")).status_code == 200
    assert an.get(path(soon, "/rosters")).status_code == 200
    for rest in ("/basics", "/rounds/1/open", "/announce", "/codes"):
        assert an.get(path(soon, rest)).status_code == 403, rest


def test_opening_shows_the_list_refuses_until_it_is_clean_and_then_opens(soon, signed_in):
    lan = signed_in(soon.cast.lan)
    url = path(soon, "/rounds/1/open")
    refused = lan.post(url)
    assert refused.status_code == 409
    page = Page(refused.text)
    links = [link.get("href") for link in page.all("//h:ul[contains(@class,'tasks')]//h:a")]
    assert links == [path(soon, "/rules"), path(soon, "/announce")]
    assert inside(soon, lambda: soon.round().stage) is Stage.PLANNED
    inside(soon, soon.announced)
    opened = send(lan, url, follow=True)
    assert "Vòng thi đã mở." in alerts(opened)
    assert inside(soon, lambda: soon.round().stage) is Stage.OPEN
    closing = path(soon, "/rounds/1/close")
    assert lan.post(closing, data={"reason": ""}).status_code == 422
    assert send(lan, closing, {"reason": "Mất điện"}).status_code == 302
    assert inside(soon, lambda: soon.round().stage) is Stage.CLOSED


def test_an_open_round_is_extended_with_a_reason_and_never_shortened(soon, signed_in):
    open_it(soon)
    lan = signed_in(soon.cast.lan)
    url = path(soon, "/rounds/1")
    last = (soon.now + 9 * DAY).astimezone(LOCAL_ZONE).date().isoformat()
    assert send(lan, url, {"closes_on": last}).status_code == 422
    assert send(lan, url, {"closes_on": last, "reason": "Mất mạng"}).status_code == 302
    tomorrow = (soon.now + DAY).astimezone(LOCAL_ZONE).date().isoformat()
    assert send(lan, url, {"closes_on": tomorrow, "reason": "Sớm hơn"}).status_code == 422


def test_minh_registers_on_the_page_and_reads_his_code(soon, signed_in):
    inside(soon, soon.announced)
    minh = signed_in(soon.cast.minh)
    url = f"/contests/{soon.slug}/register"
    form = minh.page(url)
    assert not form.all("//h:input[@type='checkbox'][@checked]")
    assert send(minh, url).status_code == 422
    done = send(minh, url, {"take_part": "y", "publish_name": "y"}, follow=True)
    mine = registered(soon, "minh")
    assert mine.code in done.text
    assert mine.unit_path.startswith("Trường THCS Nguyễn Trãi")
    assert send(minh, f"{url}/withdraw").status_code == 302
    assert registered(soon, "minh").withdrawn_at is not None


def test_a_stranger_signs_in_first_and_comes_back(soon, client):
    inside(soon, soon.announced)
    answer = client.get(f"/contests/{soon.slug}/register")
    assert answer.status_code == 302
    assert "next=" in answer.location


def test_somebody_from_a_roster_agrees_before_taking_part(soon, signed_in):
    with soon.app.app_context():
        soon.announced()
        with unit_of_work():
            person = db.session.get_one(Person, soon.cast.minh.id)
            actions.register(
                contest=soon.contest, person=person, now=soon.now, source=RegistrationSource.ROSTER
            )
    minh = signed_in(soon.cast.minh)
    url = f"/contests/{soon.slug}/register"
    assert send(minh, url).status_code == 422
    assert send(minh, url, {"take_part": "y"}).status_code == 302
    assert not minh.page(url).all("//h:input[@name='take_part']")


def test_who_does_not_belong_is_told_in_words_and_stays_on_the_page(soon, signed_in):
    inside(soon, soon.announced)
    inside(soon, lambda: soon.tell(max_age=20))
    minh = signed_in(soon.cast.minh)
    answer = send(minh, f"/contests/{soon.slug}/register", {"take_part": "y"})
    assert answer.status_code == 422
    assert any("quá tuổi" in words for words in alerts(answer))
    assert how_many(soon, Registration.id) == 0


def test_the_list_costs_the_same_statements_for_one_and_for_three(soon, signed_in):
    inside(soon, soon.announced)
    lan = signed_in(soon.cast.lan)
    counts = []
    for names in (("minh",), ("an", "tu")):
        register_all(soon, *names)
        counts.append(page_statements(soon, lan, path(soon, "/registrations")))
    assert len(lan.page(path(soon, "/registrations")).all("//h:tbody/h:tr")) == 3
    assert counts == [12, 12]


def page_statements(world, client, url):
    """How many statements a page sends."""
    with ExitStack() as stack:
        with world.app.app_context():
            seen = stack.enter_context(count_queries())
        client.page(url)
        with world.app.app_context():
            stack.close()
    return seen.count


def test_rounds_and_contests_cost_the_same_statements_for_one_and_for_three(soon, signed_in):
    lan = signed_in(soon.cast.lan)
    actor = inside(soon, lambda: soon.actor("lan"))
    counts = []
    for more in (0, 2):
        for _each in range(more):
            with soon.app.app_context(), unit_of_work():
                contest = soon.contest
                actions.copy_contest(
                    source=contest, title="Lần nữa", starts_on=None, actor=actor, now=soon.now
                )
                actions.add_round(contest=contest, title="Thêm", actor=actor, now=soon.now)
        page = page_statements(soon, lan, path(soon, "/rounds"))
        with soon.app.app_context(), count_queries() as listed:
            queries.managed_contests(actor)
        counts.append((page, listed.count))
    assert counts == [(8, 6), (8, 6)]


def test_the_export_holds_the_same_people_and_is_on_record(soon, signed_in):
    inside(soon, soon.announced)
    register_all(soon, "minh", "tu", "an")
    with soon.app.app_context(), unit_of_work():
        queries.registration_of(soon.contest.id, soon.cast.an.id).full_name = "=SUM(A1) An"
    lan = signed_in(soon.cast.lan)
    text = lan.get(path(soon, "/registrations.csv?q=xuan+huong"))
    assert [line.split(",")[1] for line in text.data.decode("utf-8-sig").splitlines()[1:]] == [
        "Nguyễn Văn Minh",
        "Phạm Anh Tú",
    ]
    whole = lan.get(path(soon, "/registrations.csv")).data.decode("utf-8-sig")
    assert "'=SUM(A1) An" in whole
    first = list(read_workbook(lan.get(path(soon, "/registrations.xlsx")).data).sheets[0].rows())[
        1
    ].cells[1]
    assert (first.text, first.kind) == ("=SUM(A1) An", CellKind.TEXT)
    recorded = select(func.count()).where(AuditEvent.kind == "contests.registrations_exported")
    assert inside(soon, lambda: db.session.scalar(recorded)) == 3


def test_a_roster_is_read_shown_mapped_and_taken_by_hand(soon, signed_in):
    lan = signed_in(soon.cast.lan)
    url = path(soon, "/rosters")
    assert lan.post(url, data={}).status_code == 422
    broken = lan.post(url, data={"file": (io.BytesIO(b"\x00\x01"), "ds.xlsx")})
    assert broken.status_code == 422
    content = spreadsheet(
        ["Nguyễn An", "1990", "Tổ 5", "0912000301"],
        ["Trần Bình", "31/2/1990", "Tổ 5", "0912000302"],
        ["Lê Cường", "1/1/1990", "Trường THCS Nguyễn Trãi", "0912000303"],
    )
    answer = lan.post(url, data={"file": (io.BytesIO(content), "Danh sách.xlsx")})
    assert answer.status_code == 302
    preview = lan.page(answer.location)
    assert preview.words("//h:td[contains(@class,'e')]") == ["31/2/1990"]
    mend = preview.all("//h:a[contains(@href,'/rows/')]")[0].get("href")
    still = lan.submit(mend, {"birth": "30/2/1990"}, action="/rows/2")
    assert still.status_code == 422
    chosen = lan.submit(answer.location, {"unit-0": "new"}, action="/units")
    assert chosen.status_code == 302
    assert lan.submit(answer.location, action="/take").status_code == 302
    assert how_many(soon, Registration.id) == 2
    left = list(read_workbook(lan.get(f"{answer.location}/left.xlsx").data).sheets[0].rows())[
        1
    ].cells
    assert [left[1].text, left[2].text] == ["Trần Bình", "31/2/1990"]
    assert left[4].text
    assert inside(soon, lambda: db.session.scalars(select(RosterImport.state)).all()) == ["taken"]
    sheets = lan.post(path(soon, "/codes"))
    assert len(Page(sheets.text).all("//h:li[@class='slip']")) == 2
    assert lan.post(f"{answer.location}/take").status_code == 409


def test_a_row_that_was_mended_by_hand_is_taken(soon, signed_in):
    lan = signed_in(soon.cast.lan)
    content = spreadsheet(["Trần Bình", "31/2/1990", "TRUONG THCS NGUYEN TRAI", "0912000302"])
    preview = lan.post(
        path(soon, "/rosters"), data={"file": (io.BytesIO(content), "ds.xlsx")}
    ).location
    mend = lan.page(preview).all("//h:a[contains(@href,'/rows/')]")[0].get("href")
    assert lan.submit(mend, {"birth": "28/2/1990"}, action="/rows/1").status_code == 302
    assert lan.submit(preview, action="/take").status_code == 302
    taken = inside(soon, lambda: db.session.scalars(select(Registration)).one())
    assert (taken.full_name, taken.birth_date.isoformat()) == ("Trần Bình", "1990-02-28")
    assert taken.unit_id == soon.cast.school.id
    assert lan.get(mend).status_code == 404


def test_disqualifying_and_lifting_by_hand(soon, signed_in):
    inside(soon, soon.announced)
    register_all(soon, "minh")
    lan = signed_in(soon.cast.lan)
    found = registered(soon, "minh").public_id
    url = path(soon, f"/registrations/{found}/disqualify")
    assert send(lan, url).status_code == 422
    assert send(lan, url, {"reason": "Nhờ người thi hộ"}).status_code == 302
    page = lan.page(path(soon, f"/registrations/{found}"))
    lift = page.all("//h:a[contains(@href,'/lift')]")[0].get("href")
    assert send(lan, lift, {"reason": "Đã xác minh lại"}).status_code == 302
    assert inside(soon, lambda: queries.disqualified(soon.round())) == set()
    withdrawn = path(soon, f"/registrations/{found}/withdraw")
    assert send(lan, withdrawn, {"reason": "Đi công tác"}).status_code == 302
    assert registered(soon, "minh").withdrawn_at is not None


def test_last_years_contest_is_copied_with_its_dates_moved(soon, signed_in):
    inside(soon, soon.announced)
    lan = signed_in(soon.cast.lan)
    old = inside(soon, lambda: soon.contest)
    first = old.starts_on + timedelta(days=364)
    answer = send(
        lan,
        path(soon, "/copy"),
        {"title": "Kể chuyện gương sáng lần thứ hai", "starts_on": first.isoformat()},
    )
    copy = inside(soon, lambda: queries.contest_by_slug(answer.location.split("/")[3]))
    assert (copy.starts_on, copy.announced_at, copy.rules_text) == (
        first,
        None,
        "Ai cũng được thi.",
    )
    assert [
        (each.title, each.opens_at, [key.code for key in each.rank_keys]) for each in copy.rounds
    ] == [("Tuần 1", old.rounds[0].opens_at + timedelta(days=364), ["told_well", "told_soon"])]


def test_a_week_later_is_one_press(soon, signed_in):
    lan = signed_in(soon.cast.lan)
    assert lan.submit(path(soon, "/rounds"), action="/again").status_code == 302
    first, second = inside(soon, lambda: soon.contest).rounds
    assert (second.title, second.opens_at) == ("Tuần 2", first.opens_at + timedelta(days=7))
    assert lan.post(path(soon, "/rounds/2/delete")).status_code == 302
    assert len(inside(soon, lambda: soon.contest).rounds) == 1


def test_a_contest_is_announced_when_its_steps_are_done(soon, signed_in):
    inside(soon, lambda: soon.tell(kind=ContestKind.QUIZ))
    lan = signed_in(soon.cast.lan)
    refused = lan.post(path(soon, "/announce"), follow_redirects=True)
    assert any("Chưa công bố được" in words for words in alerts(refused))
    assert inside(soon, lambda: soon.contest).announced_at is None
