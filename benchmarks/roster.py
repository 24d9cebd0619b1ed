"""People by the thousand: made with codes, and brought by a roster, against bare inserts."""

import io
from collections.abc import Iterator
from typing import Final

import xlsxwriter

from benchmarks import Figure, benchmark, measured
from benchmarks._database import NOW, bare_insert_seconds, empty_database, make_unit
from contest.accounts.actions import NewPerson, create_people, issue_codes
from contest.accounts.models import CodePurpose
from contest.contests import actions, queries
from contest.contests.actions import create_contest
from contest.core.db import db
from contest.core.transactions import unit_of_work

PEOPLE: Final = 1_000
SLUG: Final = "dong"
MIDDLE: Final = ("An", "Bình", "Cường", "Dũng", "Em", "Giang", "Hòa", "Khánh", "Lâm", "Minh")
HEAD: Final = ("STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Số điện thoại")


@benchmark("roster")
def roster() -> Iterator[Figure]:
    """1,000 people with codes, and a roster of 1,000 from the file to registrations (SQLite)."""
    content = _sheet()
    with empty_database() as file:
        with unit_of_work():
            unit = make_unit()
            create_contest(title="Cuộc thi đông", unit=unit, actor=None, now=NOW, slug=SLUG)
            news = [NewPerson(f"Nguyễn Thị {n}", unit_id=unit.id) for n in range(PEOPLE)]
        with measured() as made, unit_of_work():
            people = create_people(people=news, actor=None, now=NOW)
            issue_codes(
                people=people, purpose=CodePurpose.ACTIVATION, batch="LS", actor=None, now=NOW
            )
        with measured() as taken:
            assert _register(content) == PEOPLE
        db.session.remove()
        bare = bare_insert_seconds(file, ("person", "unit", "scope", "registration", "entry"))
    yield Figure("1,000 people with codes", made.cpu, "s CPU", at_most=2.0)
    yield Figure("a roster of 1,000, from file to registrations", taken.cpu, "s CPU", at_most=5.0)
    yield Figure("roster / bare insert of its rows", taken.cpu / bare)


def _register(content: bytes) -> int:
    """Stage the file, let every unknown unit be made, take it; gives how many are registered."""
    with unit_of_work():
        contest = queries.contest_by_slug(SLUG)
        assert contest is not None
        staged = actions.stage_roster(
            contest=contest, content=content, file_name="ds.xlsx", actor=None, now=NOW
        )
        roster_id = staged.public_id
    with unit_of_work():
        contest = queries.contest_by_slug(SLUG)
        assert contest is not None
        roster = queries.roster_import(contest, roster_id)
        assert roster is not None
        actions.create_all_missing_units(roster=roster, actor=None, now=NOW)
        return actions.take_roster(roster=roster, actor=None, now=NOW).registered


def _sheet() -> bytes:
    """A roster as organisers bring it: 40 units, every name and phone number once."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("Danh sách")
        page.write_row(0, 0, HEAD)
        for n in range(PEOPLE):
            name = " ".join(("Trần", MIDDLE[n % 10], MIDDLE[n // 10 % 10], MIDDLE[n // 100]))
            birth = f"{n % 28 + 1}/{n % 12 + 1}/1985"
            cells = (str(n + 1), name, birth, f"Tổ dân phố {n % 40}", f"09120{n:05d}")
            for column, text in enumerate(cells):
                page.write_string(n + 1, column, text)
    return buffer.getvalue()
