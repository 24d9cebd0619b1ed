"""The demo's contest in two stages: checks and the band behind it, the final before Hoa.

The preliminary marking is over: two works were checked, one of them looked at again with minutes,
works near the cut were marked once more, three went on. In the final marking every judge marks two
calibration essays first; Hoa, its chief, has compared one of them with its reference marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from contest.accounts.actions import create_person, give_grant
from contest.accounts.models import Person, Unit
from contest.contests import actions as contests
from contest.contests.models import (
    Contest,
    ContestKind,
    Entry,
    RegistrationSource,
    Round,
)
from contest.core.access import Role
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.demo import texts
from contest.demo.foundation import Foundation, open_to_the_province
from contest.demo.season import crowd, essays, marking
from contest.demo.season.crowd import Member
from contest.demo.season.sizes import SeasonSize
from contest.demo.story.attempts import as_actor
from contest.judging import actions as judging
from contest.judging.actions.settling import settle_work
from contest.judging.models import Criterion, ExtraPurpose, Juror, MarkSheet
from contest.judging.queries.calibration import calibration_essays
from contest.judging.queries.extras import extra_lines, extra_markings
from contest.judging.queries.rounds import criteria_of, judged_round
from contest.judging.queries.stages import final_stage_of
from contest.judging.rules.extra_markings import CheckState
from contest.judging.rules.sheets import UNDONE
from contest.results import actions as results
from contest.results.models import PrizeCode, TiePolicy
from contest.submissions import actions as submissions

TITLE: Final = "Cuộc thi viết “Chuyện đẹp ở thôn, phố” tỉnh Lâm Sơn năm 2026"
_DAY: Final = timedelta(days=1)
_ESSAYS: Final = 8
_SHORTLIST: Final = 3
_SIZE: Final = SeasonSize(
    units=_ESSAYS,
    authors=_ESSAYS,
    essays=_ESSAYS,
    subjects=_ESSAYS,
    honoured=1,
    judges=5,
    prizes=(0, 1, 1, 1, 0),
    contestants=0,
    attempts=0,
    copies=0,
)
_FIRST: Final = (
    ("8.75", "9"),
    ("8.5", "8.75"),
    ("8", "8.5"),
    ("8.25", "8"),
    ("8", "7.75"),
    ("7.25", "7.5"),
    ("6.5", "7"),
    ("5.5", "6"),
)
"""What the two judges of each essay give, in the order of handing in."""
_BEYOND: Final = Decimal("2.25")
_QUARTER: Final = Decimal("0.25")
_JUDGES: Final = (
    ("giamkhao6", "Lê Xuân Thái"),
    ("giamkhao7", "Đinh Thị Mai Hương"),
    ("giamkhao8", "Bùi Quốc Việt"),
    ("giamkhao9", "Trương Mỹ Linh"),
)
_EARLIER: Final = ("giamkhao3", "giamkhao4", "giamkhao5")
_CALIBRATION: Final = (
    (
        "Bài năm trước: Người giữ lửa nhà Rông",
        (
            "Già làng A Brol đánh cồng gọi lũ trẻ mỗi tối thứ Bảy. Già không biết nhiều chữ, nhưng "
            "nhớ hơn bốn mươi bài chiêng và tên từng đứa trẻ đã học.\n\nCó năm lũ cuốn mất nửa mái "
            "nhà Rông. Già bán con bò, mua gỗ, rủ thanh niên dựng lại trong mười bảy ngày. Hỏi vì "
            "sao, già chỉ nói: “Mất nhà thì dựng được, mất tiếng cồng thì lấy gì gọi nhau về.”"
        ),
        ("2.75", "3.25", "1.75", "1"),
        "Nhân vật rõ, có việc làm và con số; lời dạy của Bác thấm trong việc, không ở câu trích.",
    ),
    (
        "Bài năm trước: Chị lao công phường Ba",
        (
            "Chị Sáu là tấm gương sáng cho mọi người noi theo. Chị luôn luôn cố gắng, luôn luôn "
            "vượt khó, luôn luôn hoàn thành nhiệm vụ.\n\nHằng ngày chị quét rác từ rất sớm. Ai "
            "cũng quý chị. Chị xứng đáng là bông hoa đẹp trong vườn hoa người tốt, việc tốt."
        ),
        ("1.25", "1.5", "1", "0.5"),
        "Nhiều lời khen, ít việc cụ thể; người đọc chưa biết chị đã làm được gì khác người khác.",
    ),
)
_GIVEN: Final = (("2.5", "3.5", "1.5", "1"), ("1.75", "2.25", "1", "0.5"))
"""What judges give the calibration essays."""


@dataclass(frozen=True, slots=True)
class Times:
    """When the contest goes from step to step."""

    planned: datetime
    opens: datetime
    closes: datetime

    def after(self, days: float) -> datetime:
        """So many days after the close."""
        return self.closes + days * _DAY


def tell(base: Foundation, *, now: datetime, seed: int) -> None:
    """Make the contest, with its final marking under way.

    Args:
        base: units and cast; the judges of the season before judge again.
        now: "today" of the demo.
        seed: the same makes the same authors and texts.
    """
    times = Times(now - 60 * _DAY, now - 50 * _DAY, now - 24 * _DAY)
    with unit_of_work():
        contest_round = _plan(base, times)
        authors = _authors(base, contest_round.contest, times, seed)
    numbers = _hand_in(base, contest_round, authors, times, seed)
    _mark_first(base, contest_round, numbers, times)
    _mark_again(base, contest_round, numbers, times)
    _send_on(base, contest_round, times)


def _plan(base: Foundation, times: Times) -> Round:
    lan, now = base.actors["lan"], times.planned
    contest = contests.create_contest(
        title=TITLE,
        unit=db.session.get_one(Unit, base.units["LS-BTG"].id),
        kind=ContestKind.ESSAY,
        summary="Mỗi thôn, phố góp một câu chuyện thật; hai vòng chấm, sơ khảo rồi chung khảo.",
        starts_on=times.opens.astimezone(LOCAL_ZONE).date(),
        ends_on=times.after(40).astimezone(LOCAL_ZONE).date(),
        actor=lan,
        now=now,
    )
    first = contests.add_round(
        contest=contest,
        title="Sơ khảo",
        kind=ContestKind.ESSAY,
        opens_at=times.opens,
        closes_at=times.closes,
        rank_keys=("essay_total", "essay_main", "essay_bands", "essay_lot"),
        actor=lan,
        now=now,
    )
    submissions.save_settings(
        contest_round=first,
        settings=submissions.EssaySettings(call_text=texts.CALL, pledge_text=texts.PLEDGE),
        actor=lan,
        now=now,
    )
    judging.save_rubric(
        contest_round=first,
        settings=judging.JudgingSettings(
            marks_due_at=times.after(12),
            check_share=Decimal("0.25"),
            check_top=1,
            gives_comments=True,
        ),
        criteria=marking.RUBRIC,
        actor=lan,
        now=now,
    )
    final = judging.add_final_stage(
        contest_round=first, title="Chung khảo", size=_SHORTLIST, actor=lan, now=now
    )
    results.set_prize_levels(
        over=final,
        levels=[
            results.LevelValues(code, 1, money, TiePolicy.STOP)
            for code, money in ((PrizeCode.FIRST, 5_000_000), (PrizeCode.SECOND, 3_000_000))
        ],
        actor=lan,
        now=now,
    )
    open_to_the_province(base, contest, one_prize_per_person=False, now=now)
    contests.announce(contest=contest, actor=lan, now=now)
    _seat(base, first, [_cast(base, "tu"), *_known_judges(), *_new_judges(base, 1, now)], now)
    return first


def _cast(base: Foundation, key: str) -> Person:
    return db.session.get_one(Person, base.people[key].id)


def _email(name: str) -> str:
    return f"{name}@lamson.vidu.example"


def _known_judges() -> list[Person]:
    emails = [_email(name) for name in _EARLIER]
    return list(db.session.scalars(select(Person).where(Person.email.in_(emails))))


def _new_judges(base: Foundation, count: int, now: datetime, skip: int = 0) -> list[Person]:
    found = []
    for name, full_name in _JUDGES[skip : skip + count]:
        person = db.session.scalar(select(Person).where(Person.email == _email(name)))
        if person is None:
            person = create_person(
                full_name=full_name,
                email=_email(name),
                unit=db.session.get_one(Unit, base.units["LS-BTG"].id),
                is_demo=True,
                actor=None,
                now=now,
            )
            scope = db.session.get_one(Unit, base.units["LS"].id).scope
            give_grant(person=person, role=Role.JUDGE, scope=scope, actor=None, now=now)
        found.append(person)
    return found


def _seat(
    base: Foundation, contest_round: Round, people: Sequence[Person], now: datetime
) -> list[Juror]:
    """Invite judges, the first as chief; all accept."""
    seats = []
    for place, person in enumerate(people):
        juror = judging.invite_juror(
            contest_round=contest_round,
            person=person,
            is_chief=place == 0,
            actor=base.actors["lan"],
            now=now,
        )
        judging.answer_invitation(
            contest_round=contest_round,
            juror=juror,
            accept=True,
            actor=marking.as_judge(person, contest_round),
            now=now + timedelta(hours=2 + place),
        )
        seats.append(juror)
    return seats


def _authors(base: Foundation, contest: Contest, times: Times, seed: int) -> list[Member]:
    """Minh, and one author of each of some units."""
    since, minh = times.planned + _DAY, _cast(base, "minh")
    registration = contests.register(
        contest=contest,
        person=minh,
        agreement=contests.Agreement(take_part=True, publish_name=True, locale="vi"),
        source=RegistrationSource.SELF,
        actor=as_actor(minh),
        now=since,
    )
    entry = db.session.scalars(select(Entry).where(Entry.registration_id == registration.id)).one()
    homes = [unit.id for code, unit in sorted(base.units.items()) if code.startswith("LS-")]
    people = crowd.invent(_ESSAYS - 1, homes[: _ESSAYS - 1], seed, since)
    own = Member(
        minh.id, registration.id, entry.id, entry.public_id, minh.full_name, as_actor(minh)
    )
    return [own, *crowd.register_all(contest, crowd.signings(people, since, seed))]


def _hand_in(
    base: Foundation, first: Round, authors: Sequence[Member], times: Times, seed: int
) -> dict[int, int]:
    """Essays handed in, screened and under codes; returns the places of works in `_FIRST`."""
    lan, secretary = base.actors["lan"], base.actors["thu"]
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        contests.open_round(round=live, actor=lan, now=times.opens)
    plans = essays.plan(
        authors, _SIZE, opened=times.opens, closes=times.closes, until=times.closes, seed=seed
    )
    keys = essays.hand_in_all(first, plans, seed)
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        contests.close_round(round=live, actor=None, now=times.after(0.1))
    essays.screen(plans, keys, actor=secretary, since=times.after(0.2))
    essays.make_codes(first, actor=secretary, now=times.after(1))
    return {work_id: number for number, work_id in keys.items()}


def _mark_first(base: Foundation, first: Round, numbers: Mapping[int, int], times: Times) -> None:
    marking.assign(first, actor=base.actors["lan"], seed="chuyện đẹp", now=times.after(2))
    _finish(
        first,
        {
            (work_id, marked): Decimal(_FIRST[number][marked - 1])
            for work_id, number in numbers.items()
            for marked in (1, 2)
        },
        since=times.after(3),
    )


def _mark_again(base: Foundation, first: Round, numbers: Mapping[int, int], times: Times) -> None:
    """Checks drawn and the band called, marked once more; one check is looked at with minutes."""
    lan = base.actors["lan"]
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        judging.draw_checks(contest_round=live, actor=lan, now=times.after(9), seed="kiểm tra")
        judging.call_band(contest_round=live, actor=lan, now=times.after(9))
    _take(base, first, "chấm thêm", times.after(9.2))
    best = min(numbers, key=lambda work_id: numbers[work_id])
    totals = {}
    for each in extra_markings(first.id):
        mean = sum(map(Decimal, _FIRST[numbers[each.work_id]]), Decimal(0)) / 2
        lower = each.purpose is ExtraPurpose.CHECK and each.work_id != best
        aim = mean - _BEYOND if lower else mean
        totals[(each.work_id, each.marking)] = (aim / _QUARTER).quantize(Decimal(1)) * _QUARTER
    end_read()
    _finish(first, totals, since=times.after(10), settles=False)
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        judged = judged_round(first.id)
        assert judged is not None  # noqa: S101  (it has its rubric)
        for line in extra_lines(judged, ExtraPurpose.CHECK):
            if line.state is CheckState.BEYOND:
                judging.decide_check(
                    contest_round=live,
                    work_id=line.work_id,
                    points=line.official - _QUARTER,
                    minutes="Ba giám khảo đọc lại: chi tiết có thật nhưng kể lướt, bớt 0,25 điểm.",
                    by_chief=False,
                    present=("Phạm Anh Tú", _JUDGES[0][1]),
                    actor=lan,
                    now=times.after(12),
                )
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        judging.close_marking(contest_round=live, actor=lan, now=times.after(13))


def _take(base: Foundation, contest_round: Round, seed: str, now: datetime) -> None:
    with unit_of_work():
        live = db.session.get_one(Round, contest_round.id)
        _problem, drawn = judging.preview_assignment(contest_round=live, seed=seed)
        judging.take_assignment(
            contest_round=live,
            seed=seed,
            input_digest=drawn.certificate.input_digest,
            actor=base.actors["lan"],
            now=now,
        )


def _finish(
    contest_round: Round,
    totals: Mapping[tuple[int, int], Decimal],
    *,
    since: datetime,
    settles: bool = True,
) -> None:
    """Finish the sheets of these works and markings, and settle the works."""
    with unit_of_work():
        live = db.session.get_one(Round, contest_round.id)
        criteria = criteria_of(live.id)
        sheets = db.session.execute(
            select(MarkSheet.id, MarkSheet.juror_id, MarkSheet.work_id, MarkSheet.marking)
            .where(MarkSheet.round_id == live.id, MarkSheet.state.in_(UNDONE))
            .order_by(MarkSheet.work_id, MarkSheet.marking)
        ).all()
        finished = [
            marking.Finished(
                marking.Waiting(key, juror_id, work_id),
                _given(criteria, totals[(work_id, marked)], place),
                since + place * timedelta(hours=5),
            )
            for place, (key, juror_id, work_id, marked) in enumerate(sheets)
            if (work_id, marked) in totals
        ]
        marking.finish_all(live, criteria, finished)
        for work_id in sorted({one.sheet.work_id for one in finished}) if settles else ():
            settle_work(
                round_id=live.id,
                work_id=work_id,
                scope_id=live.contest.scope_id,
                now=max(one.at for one in finished if one.sheet.work_id == work_id),
            )
    db.session.expunge_all()


def _given(criteria: Sequence[Criterion], total: Decimal, place: int) -> judging.MarkInput:
    """This total in quarters over the criteria, what is left over to the main one."""
    parts = {
        each.public_id: (each.max_points * total / 10 / _QUARTER).quantize(Decimal(1)) * _QUARTER
        for each in criteria
    }
    main = next(each for each in criteria if each.is_main)
    parts[main.public_id] += total - sum(parts.values(), Decimal(0))
    return judging.MarkInput(parts, marking.COMMENTS[place % len(marking.COMMENTS)])


def _send_on(base: Foundation, first: Round, times: Times) -> None:
    """The shortlist goes before another jury, which is calibrated first."""
    lan = base.actors["lan"]
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        judging.send_shortlist(contest_round=live, actor=lan, now=times.after(14))
        stage = final_stage_of(live.id)
        assert stage is not None  # noqa: S101  (planned with the rubric)
        final = stage.round
        stage.marks_due_at = times.after(32)
        for title, body, reference, words in _CALIBRATION:
            judging.add_calibration(
                contest_round=final,
                title=title,
                body_text=body,
                reference=[Decimal(each) for each in reference],
                words=words,
                actor=lan,
                now=times.after(15),
            )
        people = [_cast(base, "hoa"), *_new_judges(base, 3, times.after(15), skip=1)]
        seats = _seat(base, final, people, times.after(15))
        _calibrate(final, seats, times.after(17))
    _take(base, final, "chung khảo", times.after(18))
    with unit_of_work():
        hoa = db.session.scalars(
            select(Juror.id).where(
                Juror.round_id == final.id, Juror.person_id == base.people["hoa"].id
            )
        ).one()
        wanted = db.session.execute(
            select(MarkSheet.work_id, MarkSheet.marking)
            .where(MarkSheet.round_id == final.id, MarkSheet.juror_id != hoa)
            .order_by(MarkSheet.id)
        ).all()
        totals = {
            (work_id, marked): Decimal("8.5") + _QUARTER * (place % 3)
            for place, (work_id, marked) in enumerate(wanted)
        }
    _finish(final, totals, since=times.after(19))


def _calibrate(final: Round, seats: Sequence[Juror], now: datetime) -> None:
    """Hoa has marked the first essay, the other judges both."""
    for place, juror in enumerate(seats):
        given = _GIVEN[: 1 if place == 0 else None]
        for essay, points in zip(calibration_essays(final.id), given, strict=False):
            judging.mark_calibration(
                contest_round=final,
                juror=juror,
                essay=essay,
                points=[Decimal(each) for each in points],
                actor=marking.as_judge(juror.person, final),
                now=now + timedelta(hours=place),
            )
