"""The jury of a season: seats, assignment, marks, talks, third marks, and the close."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, cast

from sqlalchemy import Table, bindparam, insert, select, update

from contest.accounts.actions import create_person, give_grant
from contest.accounts.models import Person, Unit
from contest.contests.models import Round, Stage
from contest.core import audit
from contest.core.access import Actor, GrantLine, Role
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from contest.demo.fiction import people
from contest.demo.foundation import Foundation
from contest.demo.story.attempts import as_actor
from contest.judging import actions as judging
from contest.judging.actions.settling import settle_work
from contest.judging.models import (
    Criterion,
    Juror,
    MarkSheet,
    SheetMark,
    SheetRemark,
    SheetState,
)
from contest.judging.queries.progress import progress
from contest.judging.queries.rounds import criteria_of
from contest.judging.rules.adjudication import Step
from contest.judging.rules.sheets import UNDONE, Band

_PART: Final = 200
_QUARTER: Final = Decimal("0.25")
_SCALE: Final = Decimal(10)
RUBRIC: Final = (
    judging.CriterionValues(
        "Nhân vật có thật, việc làm cụ thể",
        Decimal(3),
        description="Tên, nơi ở, việc làm rõ ràng; kiểm chứng được.",
        bands=(
            Band(Decimal("2.5"), Decimal(3), "Việc làm cụ thể, có số liệu, có người chứng kiến"),
            Band(Decimal("1.5"), Decimal("2.25"), "Rõ người, rõ việc nhưng còn kể chung"),
            Band(Decimal(0), Decimal("1.25"), "Khó biết nhân vật đã làm gì"),
        ),
    ),
    judging.CriterionValues(
        "Chiều sâu học tập và làm theo Bác",
        Decimal(4),
        description="Gắn lời dạy của Bác với việc làm, không hô khẩu hiệu.",
        is_main=True,
        bands=(
            Band(Decimal("3.25"), Decimal(4), "Thấm trong từng việc làm của nhân vật"),
            Band(Decimal(2), Decimal(3), "Có liên hệ, còn chung chung"),
            Band(Decimal(0), Decimal("1.75"), "Gượng ép hoặc vắng bóng"),
        ),
    ),
    judging.CriterionValues(
        "Lời văn, bố cục, cảm xúc",
        Decimal(2),
        description="Câu chữ trong sáng, bố cục mạch lạc.",
        bands=(Band(Decimal("1.5"), Decimal(2), "Có giọng riêng, đọc một mạch"),),
    ),
    judging.CriterionValues(
        "Sức lan tỏa", Decimal(1), description="Đọc xong muốn làm theo.", bands=()
    ),
)
COMMENTS: Final = (
    "Chi tiết thật, cảm xúc tiết chế; đoạn kết có thể gọn hơn.",
    "Nhân vật hiện lên rõ qua việc làm, ít lời bình – đúng yêu cầu của thể lệ.",
    "Bài có tình nhưng số liệu còn mỏng, đoạn giữa hơi dàn trải.",
    "Lời văn trong sáng; phần liên hệ với lời Bác cần sâu hơn.",
    "Kể chuyện hay, có hình ảnh đắt; nên bớt vài câu khái quát.",
    "",
    "",
    "",
)


@dataclass(frozen=True, slots=True)
class Temper:
    """How a judge marks: generous or strict by so many points, steady or less so."""

    lean: float
    noise: float


def seat(base: Foundation, contest_round: Round, *, count: int, seed: int, now: datetime) -> None:
    """Invite so many judges, Hoa and Tú first; all accept. The caller holds the unit of work."""
    lan, province = base.actors["lan"], base.units["LS"]
    found = [db.session.get_one(Person, base.people[key].id) for key in ("hoa", "tu")]
    homes = [unit for code, unit in sorted(base.units.items()) if code.startswith("LS-")]
    invented = people(count - len(found), ("LS-BTG",), seed + 1)
    for place, one in enumerate(invented):
        email = f"giamkhao{place + 3}@lamson.vidu.example"
        # The judges of an earlier season judge again.
        known = db.session.scalar(select(Person).where(Person.email == email))
        if known is not None:
            found.append(known)
            continue
        person = create_person(
            full_name=one.full_name,
            email=email,
            phone=None,
            birth=PartialDate(one.birth_date, DatePrecision.DAY),
            unit=db.session.get_one(Unit, homes[place * 5 % len(homes)].id),
            is_demo=True,
            actor=None,
            now=now,
        )
        give_grant(
            person=person,
            role=Role.JUDGE,
            scope=db.session.get_one(Unit, province.id).scope,
            actor=None,
            now=now,
        )
        found.append(person)
    for place, person in enumerate(found):
        juror = judging.invite_juror(
            contest_round=contest_round,
            person=person,
            is_chief=place == 0,
            actor=lan,
            now=now,
        )
        judging.answer_invitation(
            contest_round=contest_round,
            juror=juror,
            accept=True,
            actor=as_judge(person, contest_round),
            now=now + timedelta(hours=2 + place),
        )


def as_judge(person: Person, contest_round: Round) -> Actor:
    """A judge as they act in the contest of a round."""
    grant = GrantLine(Role.JUDGE, contest_round.contest.scope.path)
    return replace(as_actor(person), grants=(grant,))


def assign(contest_round: Round, *, actor: Actor, seed: str, now: datetime) -> int:
    """Draw who marks what and take it; returns how many sheets were made."""
    with unit_of_work():
        live = db.session.get_one(Round, contest_round.id)
        if live.stage is Stage.MARKING and not progress(live).waiting_for(Step.THIRD):
            return 0
        _problem, drawn = judging.preview_assignment(contest_round=live, seed=seed)
        judging.take_assignment(
            contest_round=live,
            seed=seed,
            input_digest=drawn.certificate.input_digest,
            actor=actor,
            now=now,
        )
        made = drawn.certificate.new_marks
    db.session.expunge_all()
    return made


def mark(
    contest_round: Round,
    numbers: Mapping[int, int],
    *,
    seed: int,
    share: float,
    since: datetime,
    until: datetime,
) -> int:
    """Judges finish a share of the sheets that wait, each in their own order.

    Args:
        contest_round: in marking.
        numbers: by work, the number of its plan: the same text gets the same mark.
        seed: the same gives the same marks.
        share: which part of each judge's pile is done.
        since: when marking began.
        until: when the last sheet is done.

    Returns:
        How many sheets were finished.
    """
    sheets = [
        Waiting(*row)
        for row in db.session.execute(
            select(MarkSheet.id, MarkSheet.juror_id, MarkSheet.work_id)
            .where(MarkSheet.round_id == contest_round.id, MarkSheet.state.in_(UNDONE))
            .order_by(MarkSheet.position, MarkSheet.juror_id)
        )
    ]
    end_read()
    wanted = sheets[: round(len(sheets) * share)]
    step = (until - since) / max(1, len(wanted))
    left = Counter(each.work_id for each in sheets)
    places = _places(contest_round)
    for start in range(0, len(wanted), _PART):
        with unit_of_work():
            live = db.session.get_one(Round, contest_round.id)
            criteria = criteria_of(live.id)
            finished = [
                Finished(
                    each,
                    _given(criteria, numbers[each.work_id], places[each.juror_id], seed),
                    since + step * place,
                )
                for place, each in enumerate(wanted[start : start + _PART], start=start)
            ]
            finish_all(live, criteria, finished)
            for one in finished:
                work_id = one.sheet.work_id
                left[work_id] -= 1
                if not left[work_id]:
                    settle_work(
                        round_id=live.id,
                        work_id=work_id,
                        scope_id=live.contest.scope_id,
                        now=one.at,
                    )
        db.session.expunge_all()
    return len(wanted)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sheet that nobody has opened."""

    sheet_id: int
    juror_id: int
    work_id: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A sheet with what its judge gives, and when."""

    sheet: Waiting
    given: judging.MarkInput
    at: datetime


def finish_all(
    contest_round: Round, criteria: Sequence[Criterion], finished: Sequence[Finished]
) -> None:
    """Write sheets that are finished at the first save, as `judging.finish_sheet` leaves them.

    Settling works is the caller's: it follows the last sheet of each.
    """
    keys = {each.public_id: each.id for each in criteria}
    actors = actors_of(contest_round)
    connection = db.session.connection()
    connection.execute(
        insert(cast("Table", SheetMark.__table__)),
        [
            {
                "sheet_id": one.sheet.sheet_id,
                "criterion_id": keys[public_id],
                "edit": 1,
                "points": points,
                "marked_at": one.at,
            }
            for one in finished
            for public_id, points in one.given.marks.items()
        ],
    )
    remarks = [
        {"sheet_id": one.sheet.sheet_id, "edit": 1, "body": one.given.comment, "written_at": one.at}
        for one in finished
        if one.given.comment
    ]
    if remarks:
        connection.execute(insert(cast("Table", SheetRemark.__table__)), remarks)
    connection.execute(
        _FINISH,
        [
            {
                "key": one.sheet.sheet_id,
                "total": sum(one.given.marks.values(), Decimal(0)),
                "comment": one.given.comment,
                "done_at": one.at,
            }
            for one in finished
        ],
    )
    audit.record_many(
        audit.event_values(
            "judging.sheet_done",
            actor=actors[one.sheet.juror_id],
            now=one.at,
            subject=("mark_sheet", one.sheet.sheet_id),
            scope_id=contest_round.contest.scope_id,
            data={"edit": 1},
        )
        for one in finished
    )


_SHEET: Final = cast("Table", MarkSheet.__table__)
_FINISH: Final = (
    update(_SHEET)
    .where(_SHEET.c.id == bindparam("key"))
    .values(
        edit=1,
        state=SheetState.DONE,
        total=bindparam("total"),
        comment=bindparam("comment"),
        done_at=bindparam("done_at"),
    )
)


def actors_of(contest_round: Round) -> dict[int, Actor]:
    """The judges of a round as they act, by seat."""
    rows = db.session.scalars(select(Juror).where(Juror.round_id == contest_round.id))
    return {juror.id: as_judge(juror.person, contest_round) for juror in rows}


def _places(contest_round: Round) -> dict[int, int]:
    """Each judge's place in the order of invitation, which the seed number decides."""
    ids = db.session.scalars(
        select(Juror.id).where(Juror.round_id == contest_round.id).order_by(Juror.id)
    ).all()
    end_read()
    return {juror_id: place for place, juror_id in enumerate(ids)}


def _temper(place: int, seed: int) -> Temper:
    chance = random.Random(f"judge {seed} {place}")  # noqa: S311  (fiction needs no secrecy)
    return Temper(chance.gauss(0, 0.28), 0.32 + chance.random() * 0.26)


def worth(number: int, seed: int) -> float:
    """What an essay would get from a jury of very many."""
    chance = random.Random(f"worth {seed} {number}")  # noqa: S311  (see above)
    return min(9.6, max(3.2, chance.gauss(7.1, 0.95)))


def _given(criteria: Sequence[Criterion], number: int, place: int, seed: int) -> judging.MarkInput:
    temper = _temper(place, seed)
    chance = random.Random(f"mark {seed} {number} {place}")  # noqa: S311  (see above)
    aim = worth(number, seed) + temper.lean + chance.gauss(0, temper.noise)
    share = Decimal(str(round(min(1.0, max(0.15, aim / 10)), 4)))
    marks = {}
    for each in criteria:
        own = each.max_points * share + Decimal(str(round(chance.gauss(0, 0.09), 3)))
        steps = (own / each.step).quantize(Decimal(1))
        marks[each.public_id] = min(each.max_points, max(Decimal(0), steps * each.step))
    return judging.MarkInput(marks, chance.choice(COMMENTS))


def settle(base: Foundation, contest_round: Round, *, step: Step, since: datetime) -> int:
    """Two judges talk over what they saw differently, or the panel marks; minutes are kept."""
    live = db.session.get_one(Round, contest_round.id)
    # In the order of handing in: that of the codes is drawn anew in every database.
    waiting = sorted((each.work_id, each.totals) for each in progress(live).waiting_for(step))
    end_read()
    db.session.expunge_all()
    for start in range(0, len(waiting), _PART):
        with unit_of_work():
            live = db.session.get_one(Round, contest_round.id)
            for place, (work_id, totals) in enumerate(waiting[start : start + _PART], start=start):
                mean = sum(totals, Decimal(0)) / len(totals)
                agreed = (mean / _QUARTER).quantize(Decimal(1)) * _QUARTER
                judging.decide_work(
                    contest_round=live,
                    work_id=work_id,
                    points=min(_SCALE, agreed),
                    minutes="Hai giám khảo đọc lại bài, trao đổi từng tiêu chí và thống nhất điểm.",
                    by_chief=place % 9 == 0 and step is Step.DISCUSS,
                    actor=base.actors["lan"],
                    now=since + timedelta(minutes=4 * place),
                )
        db.session.expunge_all()
    return len(waiting)
