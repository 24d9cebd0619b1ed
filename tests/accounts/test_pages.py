"""Stories through the pages, in the cast's own words."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime

import pyotp
import pypdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from contest.accounts.actions import (
    NewPerson,
    create_people,
    create_person,
    create_unit,
    give_grant,
)
from contest.accounts.actions.exports import MOST_AT_ONCE
from contest.accounts.models import (
    Consent,
    Grant,
    OneTimeCode,
    Person,
    SignIn,
    Unit,
    UnitKind,
    UnitTree,
)
from contest.accounts.rules import birth_of
from contest.core.access import Role
from contest.core.audit import AuditEvent
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.jobs import run_due_jobs
from contest.core.mail import Mail
from contest.core.spreadsheets import read_workbook
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from tests.support.cast import PASSWORD, Cast, committed_cast, sign_in_as
from tests.support.counting import count_queries
from tests.support.pages import CheckingClient, Page, alerts

NewClient = Callable[[], CheckingClient]


@pytest.fixture
def cast(app: Flask, now: datetime) -> Cast:
    with app.app_context():
        return committed_cast(now)


@pytest.fixture
def english(client: CheckingClient) -> CheckingClient:
    client.set_cookie("language", "en")
    return client


def send(client: CheckingClient, path: str, values: dict[str, str]) -> TestResponse:
    """Fill in the form of a page that also has the menu's own forms."""
    return client.submit(path, values, action=path.partition("?")[0])


def person_count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person)) or 0


def registration(cast: Cast, contact: str) -> dict[str, str]:
    return {
        "full_name": "Phan Thị Bưởi",
        "contact": contact,
        "birth": "1990",
        "unit": cast.school.public_id,
        "password": "mười con vịt",
        "take_part": "y",
    }


def test_boxes_of_consent_are_never_ticked_beforehand(client: CheckingClient, cast: Cast) -> None:
    boxes = client.page("/register").all("//h:input[@type='checkbox']")
    assert len(boxes) == 2
    assert [box for box in boxes if box.get("checked") is not None] == []


def test_somebody_registers_and_signs_in(english: CheckingClient, app: Flask, cast: Cast) -> None:
    answer = english.submit("/register?next=/account", registration(cast, "0912 345 678"))
    assert answer.status_code == 303
    done = english.get(answer.location)
    assert Page(done.text).all("//h:input[@name='identifier']")[0].get("value") == "0912 345 678"
    entered = english.submit(answer.location, {"password": "mười con vịt"})
    assert (entered.status_code, entered.location) == (303, "/account")
    assert "Phan Thị Bưởi" in english.page("/account").text
    with app.app_context():
        assert db.session.scalars(select(Consent.purpose)).all() == ["take_part"]


@pytest.mark.parametrize("contact", ["0900000003", "nguoi00000003@vi-du.example"])
def test_registering_again_changes_nothing_and_looks_the_same(
    english: CheckingClient, new_client: NewClient, app: Flask, cast: Cast, contact: str
) -> None:
    before = person_count(app)
    known = english.submit("/register", registration(cast, contact))
    other = new_client()
    other.set_cookie("language", "en")
    fresh = other.submit("/register", registration(cast, "0912345679"))
    assert (known.status_code, known.location) == (fresh.status_code, fresh.location)
    pages = [
        re.sub(r'value="[^"]*"', "", browser.get("/register/done").text)
        for browser in (english, other)
    ]
    assert pages[0] == pages[1]
    assert person_count(app) == before + 1
    with app.app_context():
        letters = db.session.scalars(select(Mail.recipient)).all()
        assert letters == [cast.minh.email]
    wrong = english.submit("/sign-in", {"identifier": contact, "password": "mười con vịt"})
    assert wrong.status_code == 422


def test_consent_to_take_part_is_asked_for(english: CheckingClient, cast: Cast) -> None:
    answer = english.submit(
        "/register",
        registration(cast, "0912345678") | {"take_part": None},
    )
    assert answer.status_code == 422
    assert any("Without this" in words for words in Page(answer.text).words("//h:p"))


def test_errors_stand_at_the_field_and_keep_what_was_typed(
    english: CheckingClient, cast: Cast
) -> None:
    answer = english.submit(
        "/register", registration(cast, "0912") | {"birth": "31/2/1990", "password": "12345678"}
    )
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.all("//h:input[@name='birth']")[0].get("value") == "31/2/1990"
    assert page.all("//h:input[@name='password']")[0].get("value") in {None, ""}
    words = " ".join(page.words("//h:p[@class='field-error']"))
    assert "There is no such day" in words
    assert "Everybody knows this password" in words


def test_wrong_password_and_delay_are_said_in_words(english: CheckingClient, cast: Cast) -> None:
    def attempt(identifier: str) -> tuple[int, str]:
        answer = english.submit("/sign-in", {"identifier": identifier, "password": "wrong one"})
        return answer.status_code, " ".join(alerts(answer))

    answers = [attempt("0900000003") for _ in range(4)]
    assert [status for status, _words in answers] == [422, 422, 422, 429]
    assert "wait 1\u00a0second" in answers[3][1] or "wait 1 second" in answers[3][1]
    assert attempt("0988888888")[1] == answers[0][1]


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_next_never_leads_to_another_site(english: CheckingClient, cast: Cast, target: str) -> None:
    answer = english.submit(
        f"/sign-in?next={target}", {"identifier": "0900000003", "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/")


def test_the_session_of_before_does_not_survive_signing_in(
    client: CheckingClient, cast: Cast
) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.submit("/sign-in", {"identifier": "0900000003", "password": PASSWORD})
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"]


def test_signing_out_ends_the_row(client: CheckingClient, app: Flask, cast: Cast) -> None:
    sign_in_as(client, cast.minh)
    stolen = client.get_cookie("gs")
    assert stolen is not None
    assert client.post("/sign-out").status_code == 303
    client.set_cookie("gs", stolen.value)
    assert client.get("/account").status_code == 302
    with app.app_context():
        assert db.session.scalars(select(SignIn.ended_at)).one() is not None


def test_a_second_device_is_seen_and_ended(
    client: CheckingClient, new_client: NewClient, cast: Cast
) -> None:
    phone = new_client()
    sign_in_as(client, cast.minh)
    sign_in_as(phone, cast.minh)
    assert phone.get("/account").status_code == 200
    ends = [
        form.get("action")
        for form in client.page("/account").all("//h:form[contains(@action, '/account/devices/')]")
    ]
    assert len(ends) == 2
    single = next(action for action in ends if action.endswith("/end"))
    stranger = new_client()
    sign_in_as(stranger, cast.an)
    assert stranger.post(single).status_code == 404
    assert client.post(single).status_code == 303
    assert phone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_a_consent_is_given_and_withdrawn_on_the_account_page(
    client: CheckingClient, new_client: NewClient, app: Flask, cast: Cast
) -> None:
    sign_in_as(client, cast.minh)
    assert client.post("/account/consents/contact/give").status_code == 303
    assert client.post("/account/consents/nonsense/give").status_code == 404
    [link] = client.page("/account").all("//h:a[contains(@href, '/account/consents/')]")
    [form] = client.page(link.get("href")).all("//h:form[contains(@action, '/withdraw')]")
    stranger = new_client()
    sign_in_as(stranger, cast.an)
    assert stranger.post(form.get("action")).status_code == 404
    assert client.post(form.get("action")).status_code == 303
    assert client.post(form.get("action")).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Consent.withdrawn_at)).one() is not None


def test_the_language_of_the_account_holds_on_a_new_device(
    client: CheckingClient, new_client: NewClient, cast: Cast
) -> None:
    sign_in_as(client, cast.minh)
    client.post("/account/language", data={"locale": "en"})
    assert client.page("/account").root.get("lang") == "en"
    phone = new_client()
    phone.submit("/sign-in", {"identifier": "0900000003", "password": PASSWORD})
    assert phone.page("/account").root.get("lang") == "en"


def test_another_phone_number_needs_the_password(english: CheckingClient, cast: Cast) -> None:
    sign_in_as(english, cast.minh)
    path = "/account/details"
    assert send(english, path, {"full_name": "Nguyễn Minh"}).status_code == 303
    assert send(english, path, {"phone": "0912345678"}).status_code == 422
    wrong = send(english, path, {"phone": "0912345678", "present": "wrong"})
    assert wrong.status_code == 422
    taken = send(english, path, {"phone": "0900000006", "present": PASSWORD})
    assert taken.status_code == 422
    assert "cannot be used here" in " ".join(alerts(taken))
    assert send(english, path, {"phone": "0912345678", "present": PASSWORD}).status_code == 303
    assert "0912 345 678" in english.page("/account").text


def test_a_code_from_the_unit_opens_the_account(
    english: CheckingClient, new_client: NewClient, app: Flask, cast: Cast
) -> None:
    lan, cuc = new_client(), new_client()
    sign_in_as(lan, cast.lan)
    sign_in_as(cuc, cast.cuc)
    made = send(
        lan, "/people/new", {"full_name": "K'Brỏih", "birth": "1985", "unit": cast.school.public_id}
    )
    sheet = cuc.submit(made.location, action="/code")
    assert sheet.status_code == 200
    [code] = Page(sheet.text).words("//h:p[@class='slip-code']")
    entered = english.submit("/activate", {"code": code.lower()})
    assert entered.location == "/activate/choose"
    page = english.page("/activate/choose")
    assert "K'Brỏih" in " ".join(page.words("//h:b"))
    neither = english.submit("/activate/choose", {"password": "mười con vịt", "take_part": "y"})
    assert neither.status_code == 422
    done = english.submit(
        "/activate/choose",
        {"phone": "0912345678", "password": "mười con vịt", "take_part": "y"},
    )
    assert done.status_code == 303
    assert english.page("/account").words("//h:p[@class='lead']") == ["K'Brỏih"]
    again = new_client()
    assert again.submit("/activate", {"code": code}).status_code == 422


def test_a_sheet_of_codes_for_a_unit(new_client: NewClient, app: Flask, cast: Cast) -> None:
    lan, cuc = new_client(), new_client()
    sign_in_as(lan, cast.lan)
    sign_in_as(cuc, cast.cuc)
    for name, unit in (("Một", cast.school), ("Hai", cast.school), ("Ba", cast.board)):
        send(lan, "/people/new", {"full_name": name, "unit": unit.public_id})
    sheet = send(cuc, f"/people/codes?unit={cast.ward.public_id}", {})
    names = Page(sheet.text).words("//h:p[@class='slip-name']/h:b")
    assert names == ["Hai", "Một"]
    with app.app_context():
        assert db.session.scalars(select(OneTimeCode.batch)).all() == ["LS-XH", "LS-XH"]


def test_forgotten_password_by_letter(english: CheckingClient, app: Flask, cast: Cast) -> None:
    answers = [
        english.submit("/forgot-password", {"identifier": who})
        for who in ("0900000003", "nobody@vi-du.example")
    ]
    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, "/forgot-password/sent")
    }
    with app.app_context():
        [letter] = db.session.scalars(select(Mail)).all()
    found = re.search(r"https?://\S+(/reset-password/\S+)", letter.body)
    assert found is not None
    assert english.submit(found[1], {"password": "mười con vịt"}).status_code == 303
    assert english.get("/account").status_code == 200
    assert english.get(found[1]).status_code == 302


def test_two_step_sign_in_from_setting_up_to_signing_in(
    english: CheckingClient, new_client: NewClient, app: Flask, cast: Cast
) -> None:
    sign_in_as(english, cast.lan, second_factor=False)
    english.submit("/account/second-factor", action="/start")
    page = english.page("/account/second-factor")
    assert len(page.all("//h:div[@class='qr']")) == 1
    [key] = page.words("//h:code")
    totp = pyotp.TOTP(key.replace(" ", ""))
    assert send(english, "/account/second-factor", {"digits": "000000"}).status_code == 422
    turned_on = send(english, "/account/second-factor", {"digits": totp.now()})
    codes = Page(turned_on.text).words("//h:li/h:code")
    assert len(codes) == 10
    phone = new_client()
    answer = phone.submit(
        "/sign-in?next=/account", {"identifier": "0900000002", "password": PASSWORD}
    )
    assert answer.location.startswith("/sign-in/confirm")
    assert phone.get("/account").status_code == 302
    assert phone.submit(answer.location, {"code": totp.now()}).status_code == 422  # used before
    assert phone.submit(answer.location, {"code": codes[0]}).location == "/account"
    assert phone.get("/account").status_code == 200
    refused = phone.submit("/account/second-factor", {"present": "wrong"}, action="/recovery-codes")
    assert refused.status_code == 422
    token = {"present": PASSWORD}
    assert phone.post("/account/second-factor/turn-off", data=token).status_code == 303


@pytest.mark.parametrize("app_options", [{"STAFF_SECOND_FACTOR": "required"}])
def test_where_it_is_required_staff_see_only_their_account(
    client: CheckingClient, app: Flask, cast: Cast
) -> None:
    sign_in_as(client, cast.admin, second_factor=False)
    for path in ("/people", "/units", "/grants", "/people/duplicates"):
        assert client.get(path).location == "/account/second-factor", path
    assert client.get("/account").status_code == 200
    sign_in_as(client, cast.minh, second_factor=False)
    assert client.get("/account").status_code == 200


def test_a_closed_account_is_signed_out_and_can_be_opened_again(
    english: CheckingClient, new_client: NewClient, cast: Cast
) -> None:
    minh = new_client()
    sign_in_as(minh, cast.minh)
    sign_in_as(english, cast.lan)
    path = f"/people/{cast.minh.public_id}"
    english.submit(path, {"reason": "left the school"}, action="/close")
    assert minh.get("/account").status_code == 302
    assert (
        minh.submit("/sign-in", {"identifier": "0900000003", "password": PASSWORD}).status_code
        == 422
    )
    english.submit(path, {"reason": "came back"}, action="/close")
    assert (
        minh.submit("/sign-in", {"identifier": "0900000003", "password": PASSWORD}).status_code
        == 303
    )


def addresses(cast: Cast) -> dict[str, str]:
    """Every page about an object of Lâm Sơn, with its method."""
    minh, tu, ward = cast.minh.public_id, cast.tu.public_id, cast.ward.public_id
    return {
        f"/people/{minh}": "GET",
        f"/people/{minh}/edit": "GET",
        f"/people/{minh}/code": "POST",
        f"/people/{minh}/close": "POST",
        f"/people/{minh}/merge/{tu}": "GET",
        f"/people/{minh}/not-the-same/{tu}": "POST",
        f"/units/{ward}": "GET",
        f"/units/{ward}/edit": "GET",
        f"/units/{ward}/end": "GET",
        f"/units/{ward}/merge": "GET",
        f"/units/{ward}/headcounts": "POST",
        f"/grants?on=unit:{ward}": "GET",
        f"/grants/new?on=unit:{ward}": "GET",
    }


def test_what_is_not_yours_is_not_there(new_client: NewClient, app: Flask, cast: Cast) -> None:
    for person, expected in ((cast.bao, {403, 404}), (cast.minh, {403}), (cast.hoa, {403})):
        browser = new_client()
        sign_in_as(browser, person)
        statuses = {
            address: browser.open(address, method=method).status_code
            for address, method in addresses(cast).items()
        }
        wrong = {address: code for address, code in statuses.items() if code not in expected}
        assert wrong == {}, person.full_name
    nobody = new_client()
    for address, method in addresses(cast).items():
        assert nobody.open(address, method=method).status_code == 302, address


def test_bao_who_manages_people_elsewhere_gets_404(new_client: NewClient, cast: Cast) -> None:
    bao = new_client()
    sign_in_as(bao, cast.bao)
    minh = cast.minh.public_id
    assert bao.get(f"/people/{minh}").status_code == 404
    assert bao.get(f"/people/{minh}/edit").status_code == 404
    assert bao.post(f"/people/{minh}/code").status_code == 404
    assert "Nguyễn Văn Minh" not in bao.page("/people").text
    assert "Tỉnh Lâm Sơn" not in bao.page("/grants/new").text


def test_nobody_edits_the_way_staff_sign_in(english: CheckingClient, cast: Cast) -> None:
    """Else whoever sets another address asks for a new password and takes over the role."""
    sign_in_as(english, cast.lan)
    path = f"/people/{cast.tu.public_id}/edit"
    assert send(english, path, {"email": "mine@vi-du.example"}).status_code == 409
    assert send(english, path, {"full_name": "Phạm Tú"}).status_code == 303


def test_coordinators_see_their_branch_only(new_client: NewClient, cast: Cast) -> None:
    cuc = new_client()
    sign_in_as(cuc, cast.cuc)
    names = cuc.page("/people").words("//h:td[@class='main']/h:b")
    assert names == ["H'Cúc Niê", "Nguyễn Văn Minh", "Phạm Anh Tú"]
    assert cuc.page("/people?q=nguyen+minh").words("//h:td/h:b") == ["Nguyễn Văn Minh"]
    assert cuc.page("/people?q=0900000003").words("//h:td/h:b") == ["Nguyễn Văn Minh"]
    assert cuc.page("/people?q=0900000002").words("//h:td/h:b") == []
    assert cuc.get(f"/people/{cast.lan.public_id}").status_code == 404
    assert cuc.get("/people/new").status_code == 403
    assert cuc.page("/people?only=waiting").words("//h:td/h:b") == []
    backwards = cuc.page("/people?sort=name&direction=desc").words("//h:td/h:b")
    assert backwards == names[::-1]


def test_a_page_beyond_the_end_and_nonsense_in_the_address_do_no_harm(
    new_client: NewClient, cast: Cast
) -> None:
    lan = new_client()
    sign_in_as(lan, cast.lan)
    for query in ("page=99", "page=x", "sort=password_hash", "unit=nobody", "q=%25_"):
        assert lan.get(f"/people?{query}").status_code == 200, query
    assert lan.get("/people?only=%00").status_code == 400


def statements(app: Flask, client: CheckingClient, path: str) -> int:
    with app.app_context(), count_queries() as seen:
        assert client.get(path).status_code == 200
    return seen.count


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/people", 5), ("/people/duplicates", 4), ("/units", 2), ("/units?q=xom", 3), ("/grants", 4)],
)
def test_lists_ask_as_often_for_three_rows_as_for_one(
    new_client: NewClient, app: Flask, cast: Cast, path: str, expected: int
) -> None:
    """The sign-in's own SELECT counts too."""
    admin = new_client()
    sign_in_as(admin, cast.admin)
    add_twins(app, "Nguyễn Văn Minh")
    few = statements(app, admin, path)
    add_twins(app, "Lê Thị Hoa", "Phạm Anh Tú", "Đỗ An")
    assert (few, statements(app, admin, path)) == (expected, expected)


def add_twins(app: Flask, *names: str) -> None:
    """A second record of people, each with a role, in a unit below the ward."""
    now = utc_now()
    with app.app_context(), unit_of_work():
        for name in names:
            person = db.session.scalars(select(Person).where(Person.full_name == name)).one()
            unit = person.unit
            assert unit is not None
            birth = birth_of(person.birth_date, person.birth_precision)
            twin = create_person(full_name=name, birth=birth, unit=unit, actor=None, now=now)
            give_grant(person=twin, role=Role.JUDGE, scope=unit.scope, actor=None, now=now)
            create_unit(
                code=f"X-{person.id}",
                name=f"Xóm {person.id}",
                kind=UnitKind.OTHER,
                tree=UnitTree.ADMINISTRATIVE,
                parent=unit,
                actor=None,
                now=now,
            )


# ── lists and sheets that leave the platform ────────────────────────────────────────────────


def exports_on_record(app: Flask) -> list[dict[str, object]]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(AuditEvent.data).where(AuditEvent.kind == "accounts.people_exported")
            )
        )


def test_the_list_of_people_is_a_file_for_those_who_may_and_stays_on_record(
    new_client: NewClient, app: Flask, cast: Cast
) -> None:
    with app.app_context(), unit_of_work():
        create_person(
            full_name='=HYPERLINK("http://x","y")',
            actor=None,
            now=utc_now(),
            unit=db.session.get_one(Unit, cast.school.id),
        )
    cuc, minh = new_client(), new_client()
    sign_in_as(cuc, cast.cuc)
    sign_in_as(minh, cast.minh)
    assert minh.get("/people.csv").status_code == 403
    answer = cuc.get("/people.csv")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert lines[0][:3] == ["Họ và tên", "Ngày sinh", "Đơn vị"]
    assert sorted(line[0] for line in lines[1:]) == sorted(
        ["""'=HYPERLINK("http://x","y")""", "H'Cúc Niê", "Nguyễn Văn Minh", "Phạm Anh Tú"]
    )
    (row,) = [line for line in lines if line[0] == "Nguyễn Văn Minh"]
    assert row[1:6] == [
        "19/05/1990",
        "Trường THCS Nguyễn Trãi",
        "Phường Xuân Hương › Tỉnh Lâm Sơn",
        "0900 000 003",
        "nguoi00000003@vi-du.example",
    ]
    assert answer.headers["Cache-Control"] == "private, no-store"
    narrowed = cuc.get("/people.xlsx?q=minh")
    (sheet,) = read_workbook(narrowed.data).sheets
    assert [next(iter(row.cells.values())).text for row in sheet.rows()][1:] == ["Nguyễn Văn Minh"]
    assert exports_on_record(app) == [{"kind": "csv", "rows": 4}, {"kind": "xlsx", "rows": 1}]


def test_a_long_list_of_people_is_made_into_a_file_by_a_job(
    new_client: NewClient, app: Flask, cast: Cast
) -> None:
    cuc, lan = new_client(), new_client()
    with app.app_context():
        with unit_of_work():
            school = db.session.get_one(Unit, cast.school.id)
            birth = PartialDate(date(1990, 5, 19), DatePrecision.DAY)
            new = [
                NewPerson(f"Lê Văn {number}", birth=birth, unit_id=school.id)
                for number in range(MOST_AT_ONCE)
            ]
            create_people(people=new, is_demo=True, actor=None, now=utc_now())
        sign_in_as(cuc, cast.cuc)
        sign_in_as(lan, cast.lan)
    assert cuc.get("/people.csv?sort=unit").location == "/people?sort=unit#file"
    page = cuc.get("/people").get_data(as_text=True)
    assert "/people.csv" not in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    job_page = cuc.post("/people/files", data={"csrf_token": token, "kind": "csv"}).location
    with app.app_context():
        run_due_jobs()
    shown = cuc.get(job_page).get_data(as_text=True)
    assert "1.003 dòng" in shown
    address = re.search(r"/people/files/[^\"]+", shown)[0]
    lines = list(csv.reader(io.StringIO(cuc.get(address).data.decode("utf-8-sig"))))
    assert len(lines) == MOST_AT_ONCE + 4
    assert lan.get(address).status_code == 404
    assert exports_on_record(app) == [{"kind": "csv", "rows": MOST_AT_ONCE + 3}]
    # Of all the ward, only the school's people are left to her.
    with app.app_context(), unit_of_work():
        grant = db.session.scalars(select(Grant).where(Grant.person_id == cast.cuc.id)).one()
        grant.scope_id = db.session.get_one(Unit, cast.school.id).scope_id
    assert cuc.get("/people").status_code == 200
    assert cuc.get(address).status_code == 404
    assert exports_on_record(app) == [{"kind": "csv", "rows": MOST_AT_ONCE + 3}]


def test_codes_are_a_pdf_with_a_sheet_for_each_unit(
    new_client: NewClient, app: Flask, cast: Cast
) -> None:
    names = ["Lê Ỷ Lan Ẵm Ễnh Ộc Ử Ỵ", "H’Mơ Niê Kđăm", "#set page(width: 1pt)"]
    with app.app_context(), unit_of_work():
        for name, unit in zip(names, (cast.school, cast.ward, cast.ward), strict=True):
            place = db.session.get_one(Unit, unit.id)
            create_person(full_name=name, unit=place, actor=None, now=utc_now())
    cuc = new_client()
    sign_in_as(cuc, cast.cuc)
    answer = cuc.post("/people/codes", data={"as": "pdf"})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages]
    assert len(pages) == 2
    found = " ".join(" ".join(pages).split())
    for name in (*names, "Trường THCS Nguyễn Trãi", "Phường Xuân Hương"):
        assert name in found
    codes = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", found)
    assert len(codes) == len(set(codes)) == 3
    browser = new_client()
    assert browser.submit("/activate", {"code": codes[0]}).location == "/activate/choose"
