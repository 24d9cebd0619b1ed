"""Rosters from the file to registrations, and codes for the people."""

import io
import json

import pytest
import xlsxwriter
from sqlalchemy import func, select

from contest.accounts.models import OneTimeCode, Person, Unit
from contest.config import PROJECT_ROOT
from contest.contests import actions, queries, rules, tasks
from contest.contests.models import Entry, Registration, RosterState
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
