"""The contest as it is planned: two stages, each with its rubric, and when it goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from contest.accounts.models import Unit
from contest.contests import actions as contests
from contest.contests.models import (
    ContestKind,
    Round,
)
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.demo import texts
from contest.demo.foundation import Foundation, open_to_the_province
from contest.demo.season import marking
from contest.demo.two_stages.people import cast, known_judges, new_judges, seat
from contest.judging import actions as judging
from contest.results import actions as results
from contest.results.models import PrizeCode, TiePolicy
from contest.submissions import actions as submissions

TITLE: Final = "Cuộc thi viết “Chuyện đẹp ở thôn, phố” tỉnh Lâm Sơn năm 2026"
DAY: Final = timedelta(days=1)
_SHORTLIST: Final = 3


@dataclass(frozen=True, slots=True)
class Times:
    """When the contest goes from step to step."""

    planned: datetime
    opens: datetime
    closes: datetime

    def after(self, days: float) -> datetime:
        """So many days after the close."""
        return self.closes + days * DAY


def plan(base: Foundation, times: Times) -> Round:
    """The contest with both stages, announced, and the jury of the first."""
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
    seat(base, first, [cast(base, "tu"), *known_judges(), *new_judges(base, 1, now)], now)
    return first
