"""The final marking: the shortlist before another jury, which is calibrated first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from contest.contests.models import (
    Round,
)
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo.foundation import Foundation
from contest.demo.season import marking
from contest.demo.two_stages.people import cast, new_judges, seat
from contest.demo.two_stages.planning import Times
from contest.demo.two_stages.sheets import QUARTER, finish, take
from contest.judging import actions as judging
from contest.judging.models import Juror, MarkSheet
from contest.judging.queries.calibration import calibration_essays
from contest.judging.queries.stages import final_stage_of

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


def send_on(base: Foundation, first: Round, times: Times) -> None:
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
        people = [cast(base, "hoa"), *new_judges(base, 3, times.after(15), skip=1)]
        seats = seat(base, final, people, times.after(15))
        _calibrate(final, seats, times.after(17))
    take(base, final, "chung khảo", times.after(18))
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
            (work_id, marked): Decimal("8.5") + QUARTER * (place % 3)
            for place, (work_id, marked) in enumerate(wanted)
        }
    finish(final, totals, since=times.after(19))


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
