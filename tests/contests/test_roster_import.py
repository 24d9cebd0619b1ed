"""Rosters from the file to registrations, and codes for the people."""

import io
import json

import pypdf
import pytest
import xlsxwriter
from flask import g
from sqlalchemy import func, insert, select

from contest.accounts.models import OneTimeCode, Person, Unit
from contest.config import PROJECT_ROOT
from contest.contests import actions, queries, rules, tasks
from contest.contests.models import Entry, Registration, RosterImportRow, RosterState
from contest.core import jobs
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work

INPUTS = PROJECT_ROOT / "tests" / "data" / "inputs"
MIDDLE = ("An", "Bình", "Cường", "Dũng", "Em", "Giang", "Hòa", "Khánh", "Lâm", "Minh")
HEAD = ["STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Số điện thoại", "Email"]


def sheet(*rows, head=HEAD) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("Danh sách")
        for place, row in enumerate([head, *rows]):
            for column, cell in enumerate(row):
                page.write_string(place, column, str(cell))
    return buffer.getvalue()


def staged(world, content, name="ds.xlsx"):
    end_read()
    with unit_of_work():
        made = actions.stage_roster(
            contest=world.contest, content=content, file_name=name, actor=None, now=world.now
        )
    return made.public_id


def roster(world, public_id):
    return queries.roster_import(world.contest, public_id)


def take(world, public_id, *, new_units=True):
    end_read()
    with unit_of_work():
        if new_units:
            actions.create_all_missing_units(
                roster=roster(world, public_id), actor=None, now=world.now
            )
        return actions.take_roster(roster=roster(world, public_id), actor=None, now=world.now)


def count(column):
    return db.session.scalar(select(func.count(column)))


def people_in(world):
    rows = db.session.scalars(
        select(Registration)
        .where(Registration.contest_id == world.contest.id)
        .order_by(Registration.id)
    )
    return [(row.full_name, row.unit_path.split(" › ")[0]) for row in rows]


@pytest.mark.parametrize(
    "name", ["DS thi sinh Dang uy xa Binh Lang", "Danh sach thi sinh toan huyen"]
)
def test_rosters_as_organisers_bring_them_are_taken_whole_and_only_once(world, name):
    expected = json.loads((INPUTS / f"{name}.expected.json").read_text())
    content = (INPUTS / f"{name}.xlsx").read_bytes()
    public_id = staged(world, content)
    found = roster(world, public_id)
    assert (found.accepted, found.rejected) == (expected["accepted"], expected["rejected"])
    counts = queries.roster_counts(found)
    assert (counts.good, counts.bad) == (expected["accepted"], expected["rejected"])
    first = take(world, public_id)
    assert first.registered + first.already == expected["accepted"]
    assert (first.refused, first.waiting) == (0, 0)
    assert count(Registration.id) == count(Entry.id) == first.registered
    units, people = count(Unit.id), count(Person.id)
    second = take(world, staged(world, content))
    assert (second.registered, second.created) == (0, 0)
    assert (count(Unit.id), count(Person.id)) == (units, people)


def test_the_same_unit_spelled_in_two_ways_is_one_unit_and_known_ones_are_found(world):
    public_id = staged(
        world,
        sheet(
            [1, "Nguyễn An", "19/5/1990", "TRUONG THCS NGUYEN TRAI", "0912000301", ""],
            [2, "Trần Bình", "1991", "Trường THCS Nguyễn Trãi", "0912000302", ""],
            [3, "Lê Cường", "2/9/1985", "CB trường MN Bình Lãng", "", "cuong@vi-du.example"],
            [4, "Đỗ Dũng", "3/9/1985", "Chi bộ Trường Mầm non Bình Lãng", "", ""],
        ),
    )
    choices = roster(world, public_id).unit_choices
    assert set(choices.values()) == {world.cast.school.id}
    waiting = [
        g
        for g in queries.roster_unit_groups(roster(world, public_id))
        if g.spellings[0] not in choices
    ]
    assert [group.rows for group in waiting] == [2]
    outcome = take(world, public_id)
    assert outcome == actions.RosterOutcome(
        registered=4, created=4, matched=0, already=0, refused=0, waiting=0
    )
    assert [unit for _name, unit in people_in(world)] == ["Trường THCS Nguyễn Trãi"] * 2 + [
        "CB trường MN Bình Lãng"
    ] * 2
    made = db.session.scalars(select(Unit).where(Unit.name == "CB trường MN Bình Lãng")).one()
    assert made.parent_id == world.contest.unit_id


def test_rows_whose_unit_nobody_named_stay_behind_with_the_reason(world):
    public_id = staged(
        world,
        sheet(
            [1, "Nguyễn An", "19/5/1990", "Trường THCS Nguyễn Trãi", "0912000301", ""],
            [2, "Trần Bình", "1991", "Tổ 5", "0912000302", ""],
        ),
    )
    outcome = take(world, public_id, new_units=False)
    assert (outcome.registered, outcome.waiting) == (1, 1)
    left = queries.bad_rows(roster(world, public_id))
    assert [row.person["name"] for row in left] == ["Trần Bình"]
    assert left[0].errors[-1]["role"] == "unit"


def test_people_who_are_known_are_found_and_never_overwritten(world):
    people = count(Person.id)
    public_id = staged(
        world,
        sheet(
            [1, "Nguyen Van Minh", "", "", "0900000003", ""],
            [2, "PHẠM ANH TÚ", "22/12/1982", "Trường THCS Nguyễn Trãi", "0912000309", ""],
            [3, "Người Khác", "1/1/1990", "Trường THCS Nguyễn Trãi", "0900000004", ""],
            [4, "Nguyễn Văn Minh", "", "", "0900000003", ""],
        ),
    )
    outcome = take(world, public_id)
    assert outcome == actions.RosterOutcome(
        registered=3, created=1, matched=2, already=1, refused=0, waiting=0
    )
    assert count(Person.id) == people + 1
    other = db.session.scalars(select(Person).where(Person.full_name == "Người Khác")).one()
    assert other.phone is None
    assert db.session.get_one(Person, world.cast.hoa.id).phone == "+84900000004"
    assert db.session.get_one(Person, world.cast.tu.id).phone == "+84900000005"


def test_who_is_certainly_too_young_stays_behind_and_who_may_be_old_enough_comes(world):
    world.tell(min_age=18)
    public_id = staged(
        world,
        sheet(
            [1, "Nguyễn An", "2008", "", "0912000301", ""],
            [2, "Trần Bình", "2009", "", "0912000302", ""],
        ),
    )
    outcome = take(world, public_id)
    assert (outcome.registered, outcome.refused) == (1, 1)
    assert people_in(world) == [("Nguyễn An", "")]


def test_a_roster_is_dealt_with_once(world):
    public_id = staged(world, sheet([1, "Nguyễn An", "1990", "", "0912000301", ""]))
    take(world, public_id)
    with pytest.raises(rules.RosterTaken):
        take(world, public_id, new_units=False)
    other = staged(world, sheet([1, "", "1990", "", "0912000301", ""]))
    with pytest.raises(rules.NothingToTake):
        take(world, other, new_units=False)
    with unit_of_work():
        actions.discard_roster(roster=roster(world, other), actor=None, now=world.now)
    assert roster(world, other).state is RosterState.DISCARDED
    end_read()
    with pytest.raises(rules.RosterTaken), unit_of_work():
        actions.choose_units(
            roster=roster(world, other), choices={"x": 0}, actor=None, now=world.now
        )


def test_a_thousand_rows_are_all_registered(world):
    rows = [
        [
            n,
            f"Nguyễn {MIDDLE[n % 10]} {MIDDLE[n // 10 % 10]} {MIDDLE[n // 100]}",
            f"{n % 28 + 1}/{n % 12 + 1}/1985",
            f"Tổ dân phố {n % 40}",
            f"09120{n:05d}",
            "",
        ]
        for n in range(1000)
    ]
    assert take(world, staged(world, sheet(*rows))).registered == 1000


def test_codes_are_issued_for_people_without_a_password_of_the_own_branch(world):
    take(
        world,
        staged(
            world,
            sheet(
                [1, "Nguyễn An", "1990", "Trường THCS Nguyễn Trãi", "0912000301", ""],
                [2, "Trần Bình", "1991", "Phường Xuân Hương", "0912000302", ""],
                [3, "Nguyễn Văn Minh", "", "", "0900000003", ""],
            ),
        ),
    )
    lan = world.actor("lan")
    waiting = queries.units_waiting_for_codes(world.contest)
    assert sorted(each.persons for each in waiting) == [1, 1]
    end_read()
    with unit_of_work():
        sheets, left_out = actions.issue_roster_codes(
            contest=world.contest, unit=None, actor=lan, now=world.now
        )
    assert left_out == 0
    assert [[slip.registration.full_name for slip in each.slips] for each in sheets] == [
        ["Trần Bình"],
        ["Nguyễn An"],
    ]
    assert count(OneTimeCode.id) == 2
    with unit_of_work():
        school = db.session.merge(world.cast.school)
        one, _left = actions.issue_roster_codes(
            contest=world.contest, unit=school, actor=lan, now=world.now
        )
    assert [len(each.slips) for each in one] == [1]
    assert one[0].slips[0].issued.code != sheets[1].slips[0].issued.code
    live = select(func.count(OneTimeCode.id)).where(OneTimeCode.withdrawn_at.is_(None))
    assert db.session.scalar(live) == 2
    bao = world.actor("bao")
    end_read()
    with unit_of_work():
        assert actions.issue_roster_codes(
            contest=world.contest, unit=None, actor=bao, now=world.now
        ) == ([], 2)


def test_the_command_reports_and_registers(world, tmp_path):
    good, some, none = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    good.write_bytes(sheet([1, "Nguyễn An", "19/5/1990", "Tổ 1", "0912000301", ""]))
    some.write_bytes(
        sheet(
            [1, "Trần Bình", "31/2/1990", "Tổ 1", "", ""], [2, "Lê Cường", "1990", "Tổ 1", "", ""]
        )
    )
    none.write_bytes(b"\x00\x01\x02 not a spreadsheet \xff")
    end_read()
    document, code = tasks.import_roster_command(good, None, dry_run=True)
    assert (code, document["accepted"], document["people"][0]["name"]) == (0, 1, "Nguyễn An")
    assert count(Registration.id) == 0
    end_read()
    document, code = tasks.import_roster_command(good, world.slug)
    assert (code, document["registered"]) == (0, 1)
    document, code = tasks.import_roster_command(some, world.slug)
    assert (code, document["accepted"], document["rejected"]) == (1, 1, 1)
    assert document["errors"][0]["row"] == 2
    assert document["errors"][0]["column"] == "C"
    for path, slug in (
        (none, world.slug),
        (tmp_path / "nowhere.xlsx", world.slug),
        (good, "no-such"),
        (good, None),
    ):
        document, code = tasks.import_roster_command(path, slug)
        assert code == 2
        assert document["errors"][0]["message"]
        json.dumps(document)


def rows_of(world, public_id, show="all"):
    return queries.roster_rows(roster(world, public_id), show).items


def test_each_row_says_before_it_is_taken_what_will_become_of_it(world):
    world.tell(min_age=18)
    first = staged(world, sheet([1, "Phạm Anh Tú", "", "", "0900000005", ""]))
    take(world, first)
    public_id = staged(
        world,
        sheet(
            [1, "Đỗ Thị Mới", "1990", "Trường THCS Nguyễn Trãi", "0912000399", ""],
            [2, "Nguyen Van Minh", "", "", "0900000003", ""],
            [3, "Lê Thị Hoa", "2/9/1975", "Ban Tuyên giáo và Dân vận", "", ""],
            [4, "Phạm Anh Tú", "", "", "0900000005", ""],
            [5, "Người Khác", "1/1/1990", "Trường THCS Nguyễn Trãi", "0900000004", ""],
            [6, "Nguyễn Văn Minh", "", "", "0900000003", ""],
            [7, "Bé Út", "2015", "Trường THCS Nguyễn Trãi", "", ""],
            [8, "Tô Xa", "1990", "Tổ dân phố 5", "", ""],
        ),
    )
    with_words = [
        (row.person["name"], row.fate, row.fate_words) for row in rows_of(world, public_id)
    ]
    assert with_words == [
        ("Đỗ Thị Mới", "new", ""),
        ("Nguyen Van Minh", "known", "Nhận ra theo số điện thoại và họ tên."),
        ("Lê Thị Hoa", "known", "Nhận ra theo họ tên, ngày sinh và đơn vị."),
        ("Phạm Anh Tú", "registered", "Đã đăng ký cuộc thi này; không có gì thay đổi."),
        (
            "Người Khác",
            "new",
            "Số điện thoại này là của một người khác tên nên được bỏ qua.",
        ),
        ("Nguyễn Văn Minh", "twice", "Trùng với người ở dòng 3; chỉ lấy một lần."),
        ("Bé Út", "refused", rows_of(world, public_id)[6].fate_words),
        ("Tô Xa", "waiting", "Chưa ai cho biết đây là đơn vị nào."),
    ]
    counts = queries.roster_counts(roster(world, public_id))
    assert (counts.fresh, counts.known, counts.idle, counts.takeable) == (2, 2, 2, 4)
    known = [row.row for row in rows_of(world, public_id, "known")]
    assert known == [3, 4, 5, 7]
    outcome = take(world, public_id, new_units=False)
    assert outcome == actions.RosterOutcome(
        registered=4, created=2, matched=2, already=2, refused=1, waiting=1
    )


def test_what_becomes_of_a_row_follows_the_unit_that_is_chosen(world):
    public_id = staged(world, sheet([1, "Lê Thị Hoa", "2/9/1975", "Tuyên giáo", "", ""]))
    assert [row.fate for row in rows_of(world, public_id)] == ["waiting"]
    for unit_id, fate in ((0, "new"), (world.cast.board.id, "known"), (None, "waiting")):
        end_read()
        with unit_of_work():
            actions.choose_units(
                roster=roster(world, public_id),
                choices={"Tuyên giáo": unit_id},
                actor=None,
                now=world.now,
            )
        assert [row.fate for row in rows_of(world, public_id)] == [fate]


def test_a_row_in_a_legacy_font_is_converted_only_when_somebody_agrees(world):
    public_id = staged(
        world,
        sheet(
            [1, "NguyÔn ThÞ Hång", "19/5/1990", "Tr­êng THCS NguyÔn Tr·i", "0912000301", ""],
            [2, "Nguyeãn Thò Myõ", "1991", "", "0912000302", ""],
            [3, "Trần Bình", "1992", "", "0912000303", ""],
        ),
    )
    assert [(row.is_good, row.is_legacy) for row in rows_of(world, public_id)] == [
        (False, True),
        (False, True),
        (True, False),
    ]
    shown = rows_of(world, public_id)[0].person["converted"]
    assert (shown["name"], shown["unit"]) == ("Nguyễn Thị Hồng", "Trường THCS Nguyễn Trãi")
    for position, done in ((2, 1), (None, 1), (None, 0)):
        end_read()
        with unit_of_work():
            assert (
                actions.convert_rows(
                    roster=roster(world, public_id), position=position, actor=None, now=world.now
                )
                == done
            )
    assert (roster(world, public_id).accepted, roster(world, public_id).rejected) == (3, 0)
    assert set(roster(world, public_id).unit_choices.values()) == {world.cast.school.id}
    take(world, public_id, new_units=False)
    assert people_in(world) == [
        ("Nguyễn Thị Hồng", "Trường THCS Nguyễn Trãi"),
        ("Nguyễn Thị Mỹ", ""),
        ("Trần Bình", ""),
    ]


def do_jobs():
    """Let the job process work; pages after it remember nothing of those before."""
    end_read()
    for name in list(g):
        g.pop(name)
    return jobs.run_due_jobs()


def read_by_job(world, content, client):
    """Upload through the page, then let the job process work."""
    end_read()
    answer = client.post(
        f"/organise/contests/{world.slug}/rosters",
        data={"file": (io.BytesIO(content), "Danh sách.xlsx")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302
    assert answer.location.startswith("/jobs/")
    assert do_jobs() == 1
    return client.page(answer.location)


LONG = [
    [
        n,
        f"Nguyễn {MIDDLE[n % 10]} {MIDDLE[n // 10 % 10]} {MIDDLE[n // 100]}",
        "1985",
        "",
        f"09120{n:05d}",
        "",
    ]
    for n in range(1000)
]


def test_a_long_roster_is_read_and_taken_by_jobs_that_can_be_left(world, signed_in):
    client = signed_in(world.cast.lan)
    page = read_by_job(world, sheet(*LONG), client)
    (forward,) = page.all("//h:a[contains(@href, '/rosters/')]")
    preview = forward.get("href")
    assert page.words("//h:ul[@class='job-lines']/h:li") == [
        "1.000 dòng dùng được",
        "0 dòng có lỗi",
        "0 người đã có hồ sơ",
    ]
    public_id = preview.rpartition("/")[2]
    found = roster(world, public_id)
    assert (found.state, found.accepted, count(Registration.id)) == (RosterState.READY, 1000, 0)
    assert client.page(preview).words("//h:h1") == ["Xem trước 1.000 người"]
    end_read()
    answer = client.post(f"{preview}/take")
    assert answer.location.startswith("/jobs/")
    end_read()
    assert roster(world, public_id).state is RosterState.TAKING
    assert client.get(preview).location == answer.location
    end_read()
    again = client.post(f"{preview}/take")
    assert again.status_code == 409
    assert do_jobs() == 1
    assert count(Registration.id) == 1000
    assert "Đã đăng ký 1.000 người." in client.page(answer.location).words("//h:b")
    assert do_jobs() == 0


def test_a_reading_that_was_cut_off_begins_anew_and_keeps_no_row_twice(world):
    end_read()
    with unit_of_work():
        found = actions.begin_roster(
            contest=world.contest,
            content=sheet(*LONG[:30]),
            file_name="ds.xlsx",
            actor=None,
            now=world.now,
        )
        public_id, roster_id = found.public_id, found.id
    run = jobs.JobRun(0, {"roster": roster_id}, None, world.now)
    with unit_of_work():
        db.session.execute(
            insert(RosterImportRow).values(
                import_id=roster_id, position=1, row=2, sheet="", errors=[], is_good=True, unit=""
            )
        )
    for _again in range(2):
        tasks.read_roster(run)
        assert queries.roster_counts(roster(world, public_id)).total == 30
        end_read()


def test_a_long_file_that_is_no_roster_says_so_on_its_page(world, signed_in):
    client = signed_in(world.cast.lan)
    page = read_by_job(world, sheet(*LONG, head=["a", "b", "c", "d", "e", "f"]), client)
    (words,) = page.words("//h:ul[@class='job-lines']/h:li")
    assert "Họ và tên" in words
    (forward,) = page.all("//h:a[contains(@href, '/rosters/')]")
    assert words in client.page(forward.get("href")).text


def test_code_sheets_are_a_pdf_with_a_page_for_each_unit(world, signed_in):
    take(
        world,
        staged(
            world,
            sheet(
                [1, "Lê Ỷ Lan Ẵm Ễnh", "1990", "Trường THCS Nguyễn Trãi", "0912000301", ""],
                [2, "H’Mơ Niê Kđăm", "1991", "Phường Xuân Hương", "0912000302", ""],
            ),
        ),
    )
    end_read()
    answer = signed_in(world.cast.lan).post(
        f"/organise/contests/{world.slug}/codes", data={"as": "pdf"}
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    first, second = [
        " ".join(page.extract_text().split())
        for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages
    ]
    assert "Phường Xuân Hương" in first
    assert "H’Mơ Niê Kđăm" in first
    assert "Lê Ỷ Lan Ẵm Ễnh" in second
    assert "Mã dự thi" in second
