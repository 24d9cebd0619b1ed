"""Choosing a unit: a list while they are few, a search when a province has thousands."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from contest.accounts import queries
from contest.accounts.models import Unit
from contest.accounts.queries import UnitRange, all_units_on, own_units, units_where
from contest.accounts.rules import read_identifier
from contest.core.access import Permission
from contest.core.db import db
from contest.core.pickers import FEW, MOST_FOUND
from contest.core.transactions import unit_of_work
from tests.support.cast import Cast, actor_of, committed_cast, sign_in_as
from tests.support.counting import count_queries
from tests.support.pages import CheckingClient, Page
from tests.support.provinces import CELLS, grow_province

ON = date(2026, 9, 2)
NewClient = Callable[[], CheckingClient]


@pytest.fixture
def cast(app: Flask, now) -> Cast:
    with app.app_context():
        return committed_cast(now)


def grow(app: Flask, cast: Cast, units: int) -> None:
    with app.app_context(), unit_of_work():
        grow_province(db.session.get_one(Unit, cast.province.id), units)


@pytest.fixture
def province(app: Flask, cast: Cast) -> None:
    grow(app, cast, 3400)


def names(found) -> list[str]:
    return [each.name for each in found]


# ── what is found ───────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("province")
def test_a_ward_is_found_without_marks_and_stands_before_what_is_below_it(app: Flask) -> None:
    with app.app_context():
        for typed in ("phuong xuan hoa", "Phường Xuân Hòa", "phuong xuân hoà"):
            found = all_units_on(ON).search(typed, MOST_FOUND)
            assert found[0].name == "Phường Xuân Hoà"
            assert found[0].path == "Tỉnh Lâm Sơn"
        assert len(found) == MOST_FOUND


@pytest.mark.usefixtures("province")
def test_a_cell_is_found_by_its_name_and_the_ward_it_belongs_to(app: Flask) -> None:
    with app.app_context():
        (found, *others) = all_units_on(ON).search("chi doan so 7 dong trieu", 1)
        assert found.name == f"{CELLS} 7"
        assert found.path == "Phường Đông Triều › Tỉnh Lâm Sơn"
        assert others == []


@pytest.mark.usefixtures("province")
def test_a_unit_is_found_by_its_code(app: Flask) -> None:
    with app.app_context():
        assert names(all_units_on(ON).search("LS-XH-NT", 5)) == ["Trường THCS Nguyễn Trãi"]
        assert all_units_on(ON).search("   ", 5) == []
        assert all_units_on(ON).search("%", 5) == []


def test_only_the_own_branches_are_searched_and_found(app: Flask, cast: Cast, now) -> None:
    with app.app_context():
        cuc = actor_of(cast.cuc, now)
        mine = units_where(cuc, Permission.SEE_PEOPLE, on=ON)
        assert names(mine.few(FEW) or []) == ["Phường Xuân Hương", "Trường THCS Nguyễn Trãi"]
        assert [each.depth for each in mine.few(FEW) or []] == [0, 1]
        assert names(mine.search("truong", 5)) == ["Trường THCS Nguyễn Trãi"]
        assert mine.find(cast.board.public_id) is None
        known = mine.find(cast.school.public_id)
        assert known is not None
        assert known.path == "Phường Xuân Hương › Tỉnh Lâm Sơn"
        assert units_where(actor_of(cast.an, now), Permission.SEE_PEOPLE, on=ON).few(FEW) == []
        whole = own_units(actor_of(cast.admin, now), Permission.MANAGE_PEOPLE, on=ON)
        assert whole.paths is None


def test_a_unit_that_has_ended_is_neither_listed_nor_found(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with unit_of_work():
            db.session.get_one(Unit, cast.ward.id).valid_to = date(2026, 8, 31)
        listed = UnitRange((cast.ward.scope.path,), ON)
        assert names(listed.few(FEW) or []) == ["Trường THCS Nguyễn Trãi"]
        assert names(listed.search("xuan huong", 5)) == ["Trường THCS Nguyễn Trãi"]
        assert listed.find(cast.ward.public_id) is None
        ever = UnitRange((cast.ward.scope.path,), None)
        assert names(ever.search("phuong xuan huong", 1)) == ["Phường Xuân Hương"]


def test_a_range_comes_back_from_its_address(cast: Cast) -> None:
    for each in (all_units_on(ON), UnitRange(("/1/2/", "/1/9/"), None)):
        assert UnitRange.of_place(each.place()) == each


# ── the page ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["/register", "/people", "/people/new", "/people/codes", "/units/new", "/grants/new"]
)
def test_a_page_is_as_long_and_asks_as_often_for_3400_units_as_for_300(
    app: Flask, cast: Cast, new_client: NewClient, path: str
) -> None:
    client = new_client()
    if path != "/register":
        sign_in_as(client, cast.admin)
    sizes = []
    grow(app, cast, 300)
    for more in (0, 3100):
        if more:
            with app.app_context(), unit_of_work():
                grow_province(db.session.get_one(Unit, cast.other_province.id), more)
        client.get(path)
        with app.app_context(), count_queries() as seen:
            answer = client.get(path)
        # The token differs from page to page.
        page = re.sub(r'name="csrf_token"[^>]*>', "", answer.text)
        sizes.append((len(page.encode()), seen.count))
        assert "Chi đoàn" not in page
    assert sizes[0] == sizes[1]


def test_few_units_are_a_list_that_works_as_ever(client: CheckingClient, cast: Cast) -> None:
    page = client.page("/register")
    (select,) = page.all("//h:select[@name='unit']")
    assert [option.get("value") for option in select.iter() if option.get("value")][-1]
    assert page.all("//h:input[@name='unit-text']") == []


@pytest.mark.usefixtures("province")
def test_without_javascript_the_form_searches_and_loses_nothing(
    client: CheckingClient, app: Flask, cast: Cast
) -> None:
    typed = {
        "full_name": "Phan Thị Bưởi",
        "contact": "0912 345 678",
        "birth": "31/2/1990",
        "password": "mười con vịt",
        "take_part": "y",
    }
    answer = client.submit("/register", typed | {"unit-text": "nghia lo", "unit-find": "1"})
    assert answer.status_code == 200
    page = Page(answer.text)
    lines = page.words("//h:label[h:input[@name='unit']]")
    assert lines[:2] == ["Không thuộc đơn vị nào", "Phường Nghĩa Lộ Tỉnh Lâm Sơn"]
    assert len(lines) == 1 + MOST_FOUND
    assert page.words("//h:p[@class='field-error']") == []
    for name in ("full_name", "contact", "birth", "password"):
        assert page.all(f"//h:input[@name='{name}']")[0].get("value") == typed[name]
    ward = page.all("//h:input[@name='unit']")[1].get("value")
    refused = client.submit("/register", typed | {"unit": ward})
    assert refused.status_code == 422
    (chosen,) = Page(refused.text).all("//h:input[@name='unit'][@checked]")
    assert chosen.get("value") == ward
    done = client.submit("/register", typed | {"unit": ward, "birth": "1990"})
    assert (done.status_code, done.location) == (303, "/register/done?next=/")
    with app.app_context():
        person = queries.person_by_identifier(read_identifier("0912345678"))
        assert person is not None
        assert person.unit is not None
        assert person.unit.name == "Phường Nghĩa Lộ"


@pytest.mark.usefixtures("province")
def test_words_without_a_choice_are_not_taken_for_no_unit(client: CheckingClient) -> None:
    answer = client.submit("/register", {"unit-text": "tan an", "full_name": "Phan Thị Bưởi"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Hãy chọn một trong các dòng tìm được." in page.words("//h:p[@class='field-error']")
    assert page.words("//h:label[h:input[@name='unit']]")[1] == "Phường Tân An Tỉnh Lâm Sơn"


@pytest.mark.usefixtures("province")
def test_a_unit_outside_the_place_is_refused(new_client: NewClient, app: Flask, cast: Cast) -> None:
    lan = new_client()
    sign_in_as(lan, cast.lan)
    values = {"full_name": "Phan Thị Bưởi", "unit": cast.other_school.public_id}
    answer = lan.post("/people/new", data=values)
    assert answer.status_code == 422
    taken = lan.post("/people/new", data=values | {"unit": cast.ward.public_id})
    assert taken.status_code == 303


# ── what the page's script asks ─────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("province")
def test_the_script_searches_in_the_place_of_its_page_alone(
    new_client: NewClient, app: Flask, cast: Cast
) -> None:
    lan = new_client()
    sign_in_as(lan, cast.lan)
    (box,) = lan.page("/people/new").all("//h:div[@data-picker]")
    address = box.get("data-find")
    answer = lan.get(f"{address}&q=phuong xuan hoa").get_json()
    assert answer["found"][0]["name"] == "Phường Xuân Hoà"
    assert answer["found"][0]["path"] == "Tỉnh Lâm Sơn"
    assert (len(answer["found"]), answer["more"]) == (MOST_FOUND, True)
    assert lan.get(f"{address}&q=song tra").get_json() == {"found": [], "more": False}
    assert lan.get("/units/find?q=xuan").status_code == 404
    assert lan.get(address.replace("place=", "place=x") + "&q=xuan").status_code == 404


@pytest.mark.usefixtures("province")
def test_a_search_is_two_statements_however_many_units_there_are(app: Flask) -> None:
    with app.app_context(), count_queries() as seen:
        all_units_on(ON).search("chi doan so 7 dong trieu", MOST_FOUND)
    assert seen.count == 2
