"""The whole protocol in a real browser: three judges, a chief, a secretary, an organiser.

Invitation, assignment, double marking, discussion with minutes, third marking, check-marking, the
band at the cut, shortlist, final marking by another jury, prizes, and the codes opened by two.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contest.accounts.actions import give_grant
from contest.accounts.models import Person, Unit
from contest.core.access import Role
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import (
    AssignmentRun,
    ExtraMarking,
    JudgedRound,
    Juror,
    MarkSheet,
    Resolution,
)
from contest.results.actions import LevelValues, set_prize_levels
from contest.results.models import PrizeAward, PrizeCode, TiePolicy
from contest.submissions.models import BlindCode, Unsealing, Work
from tests.judging.conftest import AUTHORS, Jury, make_jury
from tests.judging.test_in_browser import sign_in
from tests.support.browser import DESKTOP
from tests.support.cast import _person

pytestmark = pytest.mark.browser

ROUND = "/organise/contests/guong-sang/rounds/1"
FINAL = "/organise/contests/guong-sang/rounds/2"
PLANNED = (
    ("7", "7.75"),  # the mean stands
    ("7", "8"),  # the two discuss
    ("6", "7.75"),  # a third judge marks
    ("9", "9"),  # the best, always checked
    ("5", "5"),
    ("4", "4.5"),
)
THIRD = "7.75"
AGAIN = ("7.5", "7.5", "7.75", "9", "5", "4.25")
"""What a check or a mark near the cut gives each work."""


@dataclass
class Protocol(Jury):
    """The jury's story with keys of those who are not of the cast."""

    thu: int = 0
    khang: int = 0
    ngoc: int = 0


@pytest.fixture
def story(context, app, cast):
    """Six works with codes; nobody is on the jury yet. Judges come from the board's own unit."""
    jury = make_jury(app, cast, utc_now())
    made = Protocol(app, cast, jury.now, jury.contest_id, jury.round_id, jury.work_ids)
    with unit_of_work():
        for person in (cast.hoa, cast.tu, cast.cuc):
            db.session.get_one(Person, person.id).unit_id = cast.board.id
        board = db.session.get_one(Unit, cast.board.id)
        born, now = date(1970, 1, 1), utc_now() - timedelta(days=1)
        made.thu = _person("Võ Hoài Thư", "+84900000021", board, born, now).id
        made.khang = _person("Trịnh Gia Khang", "+84900000022", board, born, now).id
        made.ngoc = _person("Lương Bích Ngọc", "+84900000023", board, born, now).id
        give_grant(
            person=db.session.get_one(Person, made.thu),
            role=Role.SECRETARY,
            scope=made.contest.scope,
            actor=None,
            now=now,
        )
        judged = db.session.get_one(JudgedRound, made.round_id)
        judged.check_share, judged.check_top = Decimal("0.05"), 1
    end_read()
    return made


class Somebody:
    """Somebody with a window of their own."""

    def __init__(self, story, page, identifier, person_id):
        self.story, self.page, self.person_id = story, page, person_id
        sign_in(page, identifier, "/account")

    def press(self, action, **fields):
        """Send the form with this end of its address, as a person does."""
        form = self.page.locator(f"form[action$='{action}']").first
        for name, value in fields.items():
            field = form.locator(f"[name={name}]")
            if value is True:
                field.check(force=True)
            else:
                field.fill(value)
        self.follow(form.locator("button[type=submit]").first)

    def follow(self, button):
        """Click, and wait for the answer: the page before is loaded already, and going on from it
        at once would call the request back.
        """
        with self.page.expect_navigation():
            button.click()

    def go(self, address):
        answer = self.page.goto(address)
        assert answer.status == 200, (address, answer.status)
        return self.page


class Organiser(Somebody):
    """Lan, or the secretary."""

    runs = 0

    def invite(self, base, phone, *, chief=False):
        page = self.go(f"{base}/jury")
        page.locator("[name=contact]").fill(phone)
        if chief:
            page.locator("[name=is_chief]").check(force=True)
        self.follow(page.locator("main form.form button[type=submit]"))
        assert page.locator("main .field-error").count() == 0

    def assign(self, base):
        """Draw and take what waits for judges."""
        self.go(f"{base}/assignment")
        self.press("/assignment/draw")
        self.press("/assignment")
        end_read()
        runs = db.session.query(AssignmentRun).count()
        end_read()
        assert runs == self.runs + 1
        self.runs = runs


class Judge(Somebody):
    """Marks, and never learns a name."""

    def accept(self):
        page = self.go("/judge")
        self.follow(page.locator("button[value=accept]").first)

    def go(self, address):
        page = super().go(address)
        words = page.content()
        for name, _unit in AUTHORS:
            assert name not in words, f"{name} at {address}"
        return page

    def mark(self, points_of):
        """Mark everything that is assigned; `points_of` knows the mark of each work."""
        end_read()
        rows = db.session.execute(
            select(MarkSheet.public_id, MarkSheet.work_id)
            .join(Juror, Juror.id == MarkSheet.juror_id)
            .where(Juror.person_id == self.person_id, MarkSheet.done_at.is_(None))
            .order_by(MarkSheet.position)
        ).all()
        end_read()
        for public_id, work_id in rows:
            page = self.go(f"/judge/sheets/{public_id}")
            left = Decimal(points_of(work_id, self.person_id))
            for place, most in enumerate((2, 4, 2, 2)):
                part = min(Decimal(most), left)
                left -= part
                page.locator("[data-criterion] input").nth(place).fill(str(part).replace(".", ","))
            expect(page.locator("[data-missing]")).to_have_text("đã chấm đủ tiêu chí")
            page.locator("[data-next]").click()
            page.wait_for_url(lambda url, own=public_id: not url.endswith(own))


def first_or_second(story):
    """The planned mark of the first and the second judge of a work."""

    def points_of(work_id, person_id):
        end_read()
        markers = sorted(
            db.session.scalars(
                select(Juror.person_id)
                .join(MarkSheet, MarkSheet.juror_id == Juror.id)
                .where(MarkSheet.work_id == work_id)
            )
        )
        end_read()
        return PLANNED[story.work_ids.index(work_id)][markers.index(person_id)]

    return points_of


def code_of(round_id, work_id):
    end_read()
    code = db.session.get_one(BlindCode, (round_id, work_id)).code
    end_read()
    return code


def best_first(story):
    """In the final marking the best of the first stage stays the best."""

    def points_of(work_id, person_id):
        del person_id
        end_read()
        before = db.session.get_one(Work, work_id).advanced_from_id
        end_read()
        return "9.5" if before == story.work_ids[3] else "8.5"

    return points_of


def test_from_invitations_to_open_codes(story, window):
    cast = story.cast
    with ExitStack() as windows:

        def opened(kind, phone, person_id):
            page = windows.enter_context(window(DESKTOP))
            return kind(story, page, phone, person_id)

        lan = opened(Organiser, "0900000002", cast.lan.id)
        thu = opened(Organiser, "0900000021", story.thu)
        judges = [
            opened(Judge, phone, person.id)
            for phone, person in (
                ("0900000004", cast.hoa),
                ("0900000005", cast.tu),
                ("0900000008", cast.cuc),
            )
        ]
        khang = opened(Judge, "0900000022", story.khang)
        for phone in ("0900000004", "0900000005", "0900000008"):
            thu.invite(ROUND, phone)
        thu.invite(ROUND, "0900000022", chief=True)
        for judge in (*judges, khang):
            judge.accept()
        keep_chief_free(story)
        thu.assign(ROUND)
        for judge in judges:
            judge.mark(first_or_second(story))
        discuss(story, khang)
        mark_thirdly(story, thu, judges)
        mark_again(story, lan, thu, judges)
        lan.go(f"{ROUND}/marking")
        lan.press("/marking/close")
        send_on(story, lan)
        final_id = judge_finally(story, lan, thu, khang, opened(Judge, "0900000023", story.ngoc))
        open_codes(story, final_id, lan, thu)


def keep_chief_free(story):
    """The chief judge presides and marks nothing."""
    with unit_of_work():
        chief = db.session.query(Juror).filter_by(person_id=story.khang).one()
        chief.capacity = 0
    end_read()


def discuss(story, khang):
    """The chief judge records what the two agreed on, with minutes."""
    work_id = story.work_ids[1]
    address = f"/judge/{story.round.public_id}/chief"
    code = code_of(story.round_id, work_id)
    page = khang.go(address)
    expect(page.locator("main")).to_contain_text(code)
    khang.follow(page.locator(f"a[href$='/works/{code}']").first)
    page.locator("[name=points]").fill("7,5")
    page.locator("[name=present]").fill("Hoa, Tú")
    page.locator("[name=minutes]").fill("Hai giám khảo đọc lại bài và thống nhất mức 7,5.")
    khang.follow(page.locator("main form.form button[type=submit]"))
    assert official(work_id) == "7.5"


def official(work_id):
    """The mark in force of a work."""
    end_read()
    rows = db.session.query(Resolution).filter_by(work_id=work_id).order_by(Resolution.number)
    points = [str(row.points) for row in rows]
    end_read()
    return points[-1]


def mark_thirdly(story, thu, judges):
    """The secretary assigns the third marking, and two of three that are equal decide."""
    thu.assign(ROUND)
    for judge in judges:
        judge.mark(lambda work_id, person_id: THIRD)
    assert official(story.work_ids[2]) == THIRD


def mark_again(story, lan, thu, judges):
    """Checks are drawn with the best among them; works near the cut get one more mark."""
    thu.go(f"{ROUND}/marking/checks")
    thu.press("/marking/checks")
    lan.go(f"{ROUND}/marking/shortlist")
    lan.press("/marking/shortlist", title="Chung khảo", size="2")
    page = thu.go(f"{ROUND}/marking/shortlist")
    if page.locator("form[action$='/shortlist/band']").count():
        thu.press("/shortlist/band")
    do_without(thu)
    thu.assign(ROUND)
    for judge in judges:
        judge.mark(lambda work_id, person_id: AGAIN[story.work_ids.index(work_id)])
    end_read()
    marked = {row.work_id for row in db.session.query(ExtraMarking)}
    assert story.work_ids[3] in marked
    end_read()


def do_without(thu):
    """Of works that all three have marked nobody is left to mark once more."""
    while True:
        link = thu.go(f"{ROUND}/marking/checks").locator("a[href*='/leave-out/']")
        if not link.count():
            return
        thu.follow(link.first)
        thu.page.locator("[name=reason]").fill("Cả ba giám khảo đã chấm bài này")
        thu.follow(thu.page.locator("main form.form button[type=submit]"))


def send_on(story, lan):
    lan.go(f"{ROUND}/marking/shortlist")
    lan.press("/shortlist/send")
    end_read()
    gone = set(db.session.scalars(select(Work.advanced_from_id).where(Work.advanced_from_id > 0)))
    assert len(gone) == 2
    assert story.work_ids[3] in gone
    end_read()


def judge_finally(story, lan, thu, khang, ngoc):
    """Another jury, other codes; nobody who marked a work before marks it again."""
    thu.invite(FINAL, "0900000022")
    thu.invite(FINAL, "0900000023")
    for judge in (khang, ngoc):
        judge.accept()
    thu.assign(FINAL)
    for judge in (khang, ngoc):
        judge.mark(best_first(story))
    end_read()
    with unit_of_work():
        final_id = db.session.scalars(
            select(Work.round_id).where(Work.advanced_from_id > 0)
        ).first()
        db.session.get_one(JudgedRound, final_id).check_share = Decimal(0)
    end_read()
    assert code_of(final_id, newest_of(story, 3)) != code_of(story.round_id, story.work_ids[3])
    lan.go(f"{FINAL}/marking")
    lan.press("/marking/close")
    return final_id


def newest_of(story, number):
    end_read()
    found = db.session.scalars(
        select(Work.id).where(Work.advanced_from_id == story.work_ids[number])
    ).one()
    end_read()
    return found


def open_codes(story, final_id, lan, thu):
    """Ranked and decided by code; Lan asks, the secretary agrees, and then there are names."""
    with unit_of_work():
        set_prize_levels(
            over=db.session.get_one(type(story.round), final_id),
            levels=[LevelValues(PrizeCode.FIRST, 1, 5_000_000, TiePolicy.STOP)],
            actor=None,
            now=utc_now(),
        )
    end_read()
    page = lan.go(f"{FINAL}/ranking")
    assert not any(name in page.content() for name, _unit in AUTHORS)
    lan.press("/ranking")
    lan.go(f"{FINAL}/prizes")
    lan.follow(lan.page.locator("button[name=step][value=decide]").first)
    lan.go(f"{FINAL}/unsealing")
    lan.press("/unsealing/request", reason="Đã quyết định giải", understood=True)
    assert not any(name in lan.go(f"{FINAL}/ranking").content() for name, _unit in AUTHORS)
    thu.go(f"{FINAL}/unsealing")
    thu.press("/unsealing", understood=True)
    shown = lan.go(f"{FINAL}/ranking").content()
    assert AUTHORS[3][0] in shown
    end_read()
    assert db.session.query(Unsealing).filter_by(round_id=final_id).count() == 1
    assert db.session.query(PrizeAward).count() == 1
