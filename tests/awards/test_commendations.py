"""The register of commendations: what counts, what is refused at which cell, who sees it."""

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from contest.accounts.actions import create_unit
from contest.accounts.models import UnitKind, UnitTree
from contest.awards.actions.commendation_files import stage_commendations, take_commendations
from contest.awards.actions.commendations import (
    CommendationValues,
    add_commendation,
    revoke_commendation,
)
from contest.awards.models import AwardForm, Commendation, Level, RecipientKind
from contest.awards.queries.commendations import (
    RegisterFilter,
    commendation_page,
    register_counts,
)
from contest.awards.refusals import AlreadyRevoked, RowsRefused, WrongCommendation
from contest.awards.rules.commendation_sheets import read_commendations
from contest.awards.rules.commendations import (
    Tally,
    decision_key,
    form_exists,
    level_exists,
    recipient_key,
)
from contest.core.db import db
from contest.core.spreadsheets import UnreadableFile, read_workbook
from contest.core.transactions import unit_of_work
from tests.support.cast import actor_of, sign_in_as

TODAY = date(2026, 9, 2)
ONE, MANY = RecipientKind.INDIVIDUAL, RecipientKind.COLLECTIVE
HEAD = (
    "STT",
    "Họ và tên",
    "Loại",
    "Đơn vị",
    "Cấp khen",
    "Hình thức",
    "Số quyết định",
    "Ngày quyết định",
    "Giai đoạn",
    "Thành tích",
    "Lãnh đạo",
)


def test_a_person_honoured_on_three_levels_is_three_luot_and_one_nguoi():
    key = recipient_key(ONE, name="Nguyễn Văn Hòa", unit_id=7)
    same = recipient_key(ONE, name="Nguyễn Văn Hoà", unit_id=7)
    everywhere = Tally()
    for each in (key, key, key, same):
        everywhere.add(each)
    assert (everywhere.luot, everywhere.nguoi) == (4, 1)


def test_names_are_told_apart_by_marks_unit_and_year():
    keys = {
        recipient_key(ONE, name="Nguyễn Thị Hà", unit_id=7),
        recipient_key(ONE, name="Nguyễn Thị Hạ", unit_id=7),
        recipient_key(ONE, name="Nguyễn Thị Hà", unit_id=8),
        recipient_key(ONE, name="Nguyễn Thị Hà", unit_id=7, birth_year=1975),
        recipient_key(MANY, name="Nguyễn Thị Hà", unit_id=7),
        recipient_key(ONE, name="Nguyễn Thị Hà", unit_id=7, person_id=3),
    }
    assert len(keys) == 6


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("05-CT/TW", "5-ct-tw"),
        ("05/CT-TW", "5-ct-tw"),
        ("5 CT/TƯ", "5-ct-tw"),
        ("Số: 05-CT/TƯ", "5-ct-tw"),
        ("05-CT/TU", "5-ct-tu"),
    ],
)
def test_a_number_is_found_whatever_its_separators(typed, key):
    assert decision_key(typed) == key


def test_forms_and_levels_exist_in_their_time_only():
    assert [form_exists(AwardForm.ORDER, date(1947, 6, day)) for day in (5, 6)] == [False, True]
    assert [level_exists(Level.DISTRICT, day) for day in (date(2025, 6, 30), date(2025, 7, 1))] == [
        True,
        False,
    ]


def workbook(*rows, head=HEAD, merge=None, font=None):
    """A list as offices send it; days given as dates become cells that Excel holds as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("Khen thưởng")
        page.merge_range(0, 0, 0, 8, "DANH SÁCH KHEN THƯỞNG")
        old = book.add_format({"font_name": font}) if font else None
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate((head, *rows), start=2):
            for column, cell in enumerate(row):
                look = day if isinstance(cell, date) else old
                page.write(line, column, cell, look if line > 2 else None)
        if merge:
            page.merge_range(*merge)
    return buffer.getvalue()


def read(*rows, **options):
    return read_commendations(
        read_workbook(workbook(*rows, **options)).sheets, level=None, form=None, today=TODAY
    )


def said(row):
    return [(note.code, note.column) for note in row.source.notes]


GOOD = (
    1,
    "Nguyễn Văn A",
    "Cá nhân",
    "Phường Xuân Hương",
    "Cơ sở",
    "Giấy khen",
    "12/QĐ-ĐU",
    "19/5/2021",
    "2016–2021",
    "Gương mẫu",
    "x",
)


def changed(**parts):
    names = (
        "no",
        "name",
        "kind",
        "unit",
        "level",
        "form",
        "number",
        "date",
        "period",
        "reason",
        "leader",
    )
    return tuple(parts.get(name, value) for name, value in zip(names, GOOD, strict=True))


def test_a_row_is_read_as_offices_write_it():
    (row,) = read(GOOD)
    assert (row.name, row.kind, row.level, row.form) == (
        "Nguyễn Văn A",
        ONE,
        Level.BASE,
        AwardForm.COMMENDATION_PAPER,
    )
    assert (row.decided_on, row.period_from, row.period_to, row.is_leader) == (
        date(2021, 5, 19),
        date(2016, 1, 1),
        date(2021, 12, 31),
        True,
    )
    assert said(row) == []


@pytest.mark.parametrize(
    ("parts", "note"),
    [
        ({"number": ""}, ("no_number", "G")),
        ({"number": "QĐ-UBND"}, ("no_number", "G")),
        ({"date": "9/25/2019"}, ("bad_date", "H")),
        ({"date": "31/2/2019"}, ("bad_date", "H")),
        ({"date": "5/2019"}, ("not_a_day", "H")),
        ({"date": ""}, ("no_date", "H")),
        ({"date": "19/5/1890"}, ("too_early", "H")),
        ({"date": "12/11/2026"}, ("future", "H")),
        ({"form": "Huân chương", "date": "1/1/1946"}, ("form_too_early", "H")),
        ({"level": "Huyện", "date": "1/7/2025"}, ("no_district", "E")),
        ({"level": "Thủ tướng", "date": "1/5/1950"}, ("level_too_early", "H")),
        ({"level": "Vũ trụ"}, ("bad_level", "E")),
        ({"form": "Giải nhất"}, ("bad_form", "F")),
        ({"kind": "Tổ"}, ("bad_kind", "C")),
        ({"kind": ""}, ("no_kind", "C")),
        ({"name": ""}, ("no_name", "B")),
        ({"period": "2021–2016"}, ("period", "I")),
        ({"leader": "có lẽ"}, ("bad_leader", "K")),
        ({"name": "NguyÔn V¨n §øc"}, ("letters", "B")),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(parts, note):
    (row,) = read(changed(**parts))
    assert said(row) == [note]


def test_merged_cells_are_refused_in_every_row_they_touch():
    rows = read(GOOD, changed(name="Trần Thị B", number=""), merge=(3, 6, 4, 6, "12/QĐ-ĐU"))
    assert [said(row) for row in rows] == [[("merged", "G")], [("merged", "G")]]
    assert "G4" in str(rows[0].source.notes[0].message)


def test_a_font_of_old_documents_is_never_guessed():
    (row,) = read(changed(name="Lª ThÞ Hoa"), font=".VnTime")
    assert [code for code, _column in said(row)] == ["letters"]


@pytest.mark.parametrize("left", ["25/9/2019", "9/25/2019"])
def test_days_that_excel_exchanged_are_refused_where_the_others_stayed_text(left):
    rows = read(
        changed(date=date(2019, 3, 5)),
        changed(date=left, name="Trần Thị B"),
        changed(date="1/2/2019", name="C"),
    )
    assert ("exchanged", "H") in said(rows[0])
    assert "H5" in str(rows[0].source.notes[0].message)
    assert ("exchanged", "H") not in said(rows[1]) + said(rows[2])


def test_days_that_only_a_true_order_explains_are_believed():
    rows = read(
        changed(date=date(2019, 3, 25)), changed(date="25/9/2019"), changed(date=date(2019, 5, 3))
    )
    assert [said(row) for row in rows] == [[], [], []]
    (alike,) = read(changed(date=date(2019, 5, 3)))
    assert said(alike) == []


def test_one_decision_with_day_and_month_exchanged_in_one_row_is_refused_there():
    rows = read(
        changed(date="3/5/2019"),
        changed(date="5/3/2019", name="Trần Thị B", number="12 QĐ ĐU"),
        changed(date="5/3/2019", name="Lê C", number="13/QĐ-ĐU"),
    )
    assert [said(row) for row in rows] == [[], [("exchanged", "H")], []]


def test_headings_between_the_rows_say_who_follows():
    rows = read(
        ("", "I. TẬP THỂ"),
        changed(name="Chi bộ 3", kind=""),
        ("", "II. CÁ NHÂN"),
        changed(kind=""),
    )
    assert [row.kind for row in rows] == [MANY, ONE]


def test_a_file_without_the_columns_gets_one_sentence():
    with pytest.raises(UnreadableFile) as refused:
        read(("Một", "Hai"), head=("Câu hỏi", "Đáp án"))
    assert refused.value.code == "no_header"


def staged(cast, now, *rows, **options):
    return stage_commendations(
        register_unit=cast.province,
        content=workbook(*rows, **options),
        file_name="Khen thưởng.xlsx",
        level=None,
        form=None,
        actor=actor_of(cast.lan, now),
        now=now,
    )


def codes(made):
    return [[note["code"] for note in row["notes"]] for row in made.rows]


def test_a_file_is_taken_wholly_or_not_at_all(context, cast, now):
    lan = actor_of(cast.lan, now)
    with unit_of_work():
        made = staged(cast, now, GOOD, changed(number=""))
        with pytest.raises(RowsRefused):
            take_commendations(staged=made, actor=lan, now=now)
    with unit_of_work():
        assert db.session.query(Commendation).count() == 0
        ward = changed(name="Phường Xuân Hương", kind="Tập thể", leader="", date="19/5/2026")
        good = staged(cast, now, changed(date="19/5/2026"), ward)
        assert take_commendations(staged=good, actor=lan, now=now) == 2
    with unit_of_work():
        again = staged(cast, now, changed(number="12 QĐ ĐU", date="19-5-2026"))
        assert codes(again) == [["known"]]
        rows = db.session.query(Commendation).order_by(Commendation.id).all()
        assert [(row.recipient_key, row.unit_ids) for row in rows] == [
            (rows[0].recipient_key, f"/{cast.ward.id}/{cast.province.id}/"),
            (f"u{cast.ward.id}", f"/{cast.ward.id}/{cast.province.id}/"),
        ]


def test_a_recipient_stands_once_in_a_decision(context, cast, now):
    with unit_of_work():
        made = staged(
            cast, now, changed(date="19/5/2026"), changed(number="12 – QĐ/ĐU", date="19/5/2026")
        )
        assert codes(made) == [[], ["repeated"]]


def test_a_unit_that_ended_before_the_decision_is_refused_with_its_day(context, cast, now):
    with unit_of_work():
        create_unit(
            code="OLD",
            name="Xã Đạ Ròn",
            kind=UnitKind.ADMINISTRATIVE,
            tree=UnitTree.ADMINISTRATIVE,
            parent=cast.province,
            valid_from=date(1999, 1, 1),
            valid_to=date(2025, 6, 30),
            actor=None,
            now=now,
        )
        made = staged(
            cast,
            now,
            changed(unit="Xã Đạ Ròn", date="5/3/2020"),
            changed(unit="xa Da Ron", date="5/3/2026", number="13/QĐ"),
            changed(unit="Xã Không Có", number="14/QĐ"),
        )
        assert codes(made) == [[], ["unit_ended"], ["no_unit"]]
        assert "30/06/2025" in made.rows[1]["notes"][0]["message"]


def values(**parts):
    given: Any = {
        "level": Level.CITY,
        "form": AwardForm.MERIT_CERTIFICATE,
        "recipient_kind": MANY,
        "recipient_name": "Ban Tuyên giáo và Dân vận",
        "decision_number": "1205-QĐ/TU",
        "decided_on": date(2026, 5, 19),
    }
    return CommendationValues(**(given | parts))


def test_a_revoked_commendation_stays_and_is_not_counted(context, cast, now):
    lan = actor_of(cast.lan, now)
    with unit_of_work():
        row = add_commendation(register_unit=cast.province, values=values(), actor=lan, now=now)
        with pytest.raises(WrongCommendation):
            add_commendation(register_unit=cast.province, values=values(), actor=lan, now=now)
        revoke_commendation(commendation=row, reason="Kê khai sai", actor=lan, now=now)
        with pytest.raises(AlreadyRevoked):
            revoke_commendation(commendation=row, reason="Lần nữa", actor=lan, now=now)
        add_commendation(register_unit=cast.province, values=values(), actor=lan, now=now)
    with unit_of_work():
        everything = RegisterFilter()
        assert register_counts(lan, everything) == [(Level.CITY, "collective", 1, 1)]
        assert commendation_page(lan, everything).total == 2


def test_award_period_and_decision_date_are_two_filters(context, cast, now):
    lan = actor_of(cast.lan, now)
    early = {"period_from": date(2016, 1, 1), "period_to": date(2021, 12, 31)}
    with unit_of_work():
        for number, name, more in (("1/QĐ", "Tổ A", early), ("2/QĐ", "Tổ B", {})):
            add_commendation(
                register_unit=cast.province,
                values=values(decision_number=number, recipient_name=name, **more),
                actor=lan,
                now=now,
            )
        decided = RegisterFilter(decided_from=date(2026, 1, 1), decided_to=date(2026, 12, 31))
        honoured = RegisterFilter(honoured_from=date(2016, 1, 1), honoured_to=date(2021, 12, 31))
        found = [
            [row.recipient_name for row in commendation_page(lan, each).items]
            for each in (
                decided,
                honoured,
                RegisterFilter(text="2 QĐ"),
                RegisterFilter(text="to a"),
            )
        ]
    assert found == [["Tổ A", "Tổ B"], ["Tổ A"], ["Tổ B"], ["Tổ A"]]


def test_lan_enters_and_revokes_on_the_pages_and_bao_sees_nothing(app, cast, new_client, now):
    lan, bao, minh = new_client(), new_client(), new_client()
    for client, person in ((lan, cast.lan), (bao, cast.bao), (minh, cast.minh)):
        sign_in_as(client, person)
    page = lan.get("/organise/commendations").get_data(as_text=True)
    assert "Chưa có" in page
    with app.app_context(), unit_of_work():
        unit_id = db.session.merge(cast.province).public_id
    address = f"/organise/commendations/new/{unit_id}"
    token = (
        lan.get(address)
        .get_data(as_text=True)
        .split('name="csrf_token"')[1]
        .split('value="')[1]
        .split('"')[0]
    )
    sent = {
        "csrf_token": token,
        "recipient_kind": "individual",
        "recipient_name": "Nguyễn Thị Bạch Tuyết",
        "level": "city",
        "form": "merit_certificate",
        "decision_number": "125-QĐ/TU",
        "decided_on": "19/5/2026",
    }
    assert lan.post(address, data=sent | {"decision_number": "QĐ"}).status_code == 422
    made = lan.post(address, data=sent)
    assert made.status_code == 302
    row = made.location
    assert "Nguyễn Thị Bạch Tuyết" in lan.get(row).get_data(as_text=True)
    assert "Nguyễn Thị Bạch Tuyết" in lan.get("/organise/commendations?q=125/QD-TU").get_data(
        as_text=True
    )
    assert lan.get("/organise/commendations.csv").get_data(as_text=True).count("Bạch Tuyết") == 1
    assert bao.get(row).status_code == 404
    assert "Bạch Tuyết" not in bao.get("/organise/commendations").get_data(as_text=True)
    assert bao.get(address).status_code == 404
    assert minh.get("/organise/commendations").status_code in {403, 404}
    done = lan.post(f"{row}/revoke", data={"csrf_token": token, "reason": "Kê khai sai"})
    assert done.status_code == 302
    assert "Kê khai sai" in lan.get(row).get_data(as_text=True)
