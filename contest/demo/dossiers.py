"""The demo's call for models: an entry form of its own, works on paper, units that confirm."""

from datetime import datetime, timedelta
from typing import Final

from flask_babel import force_locale

from contest.accounts.actions import create_person
from contest.accounts.models import Person, Unit
from contest.contests import actions as contests
from contest.contests.models import (
    Contest,
    ContestKind,
    Registration,
    RegistrationSource,
    Round,
    Stage,
)
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.demo.foundation import Foundation
from contest.demo.story.attempts import as_actor
from contest.submissions import actions as submissions
from contest.submissions.actions.confirmations import (
    confirm_work,
    demand_confirmation,
    issue_letter,
)
from contest.submissions.models import ConfirmationOutcome
from contest.submissions.queries import essay_round
from contest.submissions.queries.confirmations import works_of_units
from contest.submissions.rules.entry_forms import MODEL, entry_form
from contest.submissions.rules.texts import paragraph

TITLE: Final = "Mô hình “Dân vận khéo” tỉnh Lâm Sơn năm 2026"
_CALL: Final = (
    "Giới thiệu một cách làm hay của tập thể, cá nhân trong công tác dân vận: làm gì, làm thế nào, "
    "ai được hưởng lợi, kết quả ra sao. Mô hình đã thực hiện ít nhất sáu tháng."
)
_PLEDGE: Final = "Tôi cam đoan mô hình có thật, số liệu đúng với thực tế tại đơn vị."
_MODELS: Final = (
    (
        "Tuyến đường tự quản thôn Phúc Lộc",
        ("Văn hóa – xã hội", "2024-03-15", "412"),
        (
            "Mỗi tổ nhận một đoạn đường dài 200 mét. Sáng thứ Bảy đầu tháng các nhà cùng quét, "
            "tỉa cây, sơn lại gốc; tổ trưởng ghi sổ, cuối quý đọc trước thôn."
        ),
        "1,8 km đường sạch quanh năm; 96 hộ tham gia; không còn điểm đổ rác tự phát.",
        "Bí thư chi đoàn thôn, 0970 001 122",
    ),
    (
        "Tổ giúp nhau thu hái cà phê",
        ("Kinh tế", "2023-10-01", "188"),
        (
            "Hai mươi hộ lập một tổ, hái xoay vòng từng vườn theo lịch bốc thăm. Nhà neo người "
            "được hái trước. Công hái ghi bằng phiếu, cuối vụ bù trừ."
        ),
        "Mỗi héc-ta bớt 6 triệu đồng tiền công; 14 hộ neo đơn thu xong trước mưa.",
        "Tổ trưởng tổ 3, 0970 003 344",
    ),
)
_ON_PAPER: Final = ("Hũ gạo tình thương", "Trần Thị Hậu", "LS-BTG")


def tell(base: Foundation, *, now: datetime) -> Contest:
    """Make the call for models, open for three more weeks, with what came in so far."""
    with force_locale("vi"):
        contest = _contest(base, now)
        contest_round = _round(base, contest, now)
        authors = [base.people["minh"], _new_person(base, "Phạm Văn Lý", now)]
        for author, (title, short, how, results, contact) in zip(authors, _MODELS, strict=True):
            _hand_in(
                contest_round,
                author,
                title=title,
                answers=[*short, results, contact],
                how=how,
                now=now - timedelta(days=3),
            )
        _enter_from_paper(base, contest_round, now)
        _ask_units(base, contest_round, now)
        submissions.issue_late_code(
            contest_round=contest_round,
            person=None,
            unit=db.session.get_one(Unit, base.units[_ON_PAPER[2]].id),
            reason="Đường vào xã sạt lở từ ngày 20, bưu cục tạm đóng.",
            valid_until=now + timedelta(days=24),
            actor=base.actors["lan"],
            now=now,
        )
    return contest


def _contest(base: Foundation, now: datetime) -> Contest:
    lan, planned = base.actors["lan"], now - timedelta(days=30)
    contest = contests.create_contest(
        title=TITLE,
        unit=db.session.get_one(Unit, base.units["LS-BTG"].id),
        kind=ContestKind.ESSAY,
        summary="Chọn những mô hình đáng nhân rộng ở cơ sở.",
        starts_on=(now - timedelta(days=10)).astimezone(LOCAL_ZONE).date(),
        ends_on=(now + timedelta(days=60)).astimezone(LOCAL_ZONE).date(),
        actor=lan,
        now=planned,
    )
    contest.announced_at = now - timedelta(days=12)
    return contest


def _round(base: Foundation, contest: Contest, now: datetime) -> Round:
    lan, planned = base.actors["lan"], now - timedelta(days=30)
    made = contests.add_round(
        contest=contest,
        title="Vòng nhận hồ sơ",
        kind=ContestKind.ESSAY,
        opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=21),
        rank_keys=(),
        actor=lan,
        now=planned,
    )
    submissions.save_settings(
        contest_round=made,
        settings=submissions.EssaySettings(
            call_text=_CALL, pledge_text=_PLEDGE, entries_per_author=2
        ),
        actor=lan,
        now=planned,
    )
    submissions.take_template(contest_round=made, template=MODEL, actor=lan, now=planned)
    made.stage, made.opened_at = Stage.OPEN, now - timedelta(days=10)
    return made


def _new_person(base: Foundation, full_name: str, now: datetime) -> Person:
    return create_person(
        full_name=full_name,
        unit=db.session.get_one(Unit, base.units["LS-BTG"].id),
        actor=base.actors["lan"],
        now=now - timedelta(days=9),
        is_demo=True,
    )


def _registered(contest_round: Round, person: Person, now: datetime) -> Registration:
    known = db.session.get_one(Person, person.id)
    return contests.register(
        contest=contest_round.contest,
        person=known,
        agreement=contests.Agreement(
            take_part=True, publish_name=True, locale="vi", channel="paper"
        ),
        source=RegistrationSource.ROSTER,
        now=now,
    )


def _answers(contest_round: Round, values: list[str]) -> dict[str, str]:
    essay = essay_round(contest_round.id)
    assert essay is not None  # noqa: S101  (saved a moment ago)
    return dict(zip((field.key for field in entry_form(essay).further), values, strict=True))


def _hand_in(
    contest_round: Round,
    person: Person,
    *,
    title: str,
    answers: list[str],
    how: str,
    now: datetime,
) -> None:
    registration, actor = _registered(contest_round, person, now), as_actor(person)
    work = submissions.create_work(
        contest_round=contest_round, registration=registration, actor=actor, now=now
    )
    submissions.save_draft(
        work=work,
        draft=submissions.Draft(
            title=title,
            blocks=[paragraph(how)],
            answers=_answers(contest_round, answers),
        ),
        edit=work.edit,
        actor=actor,
        now=now,
    )
    submissions.submit_work(
        work=work,
        edit=work.edit,
        pledge=True,
        consents=[],
        locale="vi",
        actor=actor,
        now=now + timedelta(minutes=5),
    )


def _ask_units(base: Foundation, contest_round: Round, now: datetime) -> None:
    """Units confirm what their people tell of: one has answered by letter, Minh's still waits."""
    lan = base.actors["lan"]
    demand_confirmation(
        contest_round=contest_round,
        due_at=now + timedelta(days=18),
        actor=lan,
        now=now - timedelta(days=9),
    )
    letter = issue_letter(
        contest_round=contest_round,
        unit=db.session.get_one(Unit, base.units[_ON_PAPER[2]].id),
        actor=lan,
        now=now - timedelta(days=2),
    )
    works = works_of_units([letter.unit_id], contest_round.id)
    confirm_work(
        work=works[0].work,
        outcome=ConfirmationOutcome.CONFIRMED,
        remark="Đã xuống thôn đối chiếu sổ của tổ: đúng người, đúng việc.",
        letter=letter,
        signed_as="Nguyễn Văn Thuận, Chánh Văn phòng",
        now=now - timedelta(days=1),
    )


def _enter_from_paper(base: Foundation, contest_round: Round, now: datetime) -> None:
    title, name, _unit = _ON_PAPER
    author = _new_person(base, name, now)
    submissions.enter_paper(
        contest_round=contest_round,
        registration=_registered(contest_round, author, now - timedelta(days=1)),
        paper=submissions.Paper(
            draft=submissions.Draft(
                title=title,
                blocks=[paragraph("Mỗi nhà bớt một nắm gạo mỗi ngày, cuối tháng góp chung.")],
            ),
            postmarked_on=(now - timedelta(days=4)).astimezone(LOCAL_ZONE).date(),
            kept_where="Cặp 2, tủ hồ sơ phòng Tuyên giáo",
            pledged=True,
        ),
        actor=base.actors["lan"],
        now=now - timedelta(days=1),
    )
