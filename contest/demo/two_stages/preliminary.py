"""The preliminary marking: essays handed in, marked twice, checked, and the band at the cut."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from contest.contests import actions as contests
from contest.contests.models import (
    Contest,
    RegistrationSource,
    Round,
)
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.demo.foundation import Foundation
from contest.demo.season import crowd, essays, marking
from contest.demo.season.crowd import Member
from contest.demo.season.sizes import SeasonSize
from contest.demo.story.attempts import as_actor
from contest.demo.two_stages.people import cast
from contest.demo.two_stages.planning import DAY, Times
from contest.demo.two_stages.sheets import QUARTER, finish, take
from contest.judging import actions as judging
from contest.judging.models import ExtraPurpose
from contest.judging.queries.extras import extra_lines, extra_markings
from contest.judging.queries.rounds import judged_round
from contest.judging.rules.extra_markings import CheckState

ESSAYS: Final = 8
_SIZE: Final = SeasonSize(
    units=ESSAYS,
    authors=ESSAYS,
    essays=ESSAYS,
    subjects=ESSAYS,
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


def authors_of(base: Foundation, contest: Contest, times: Times, seed: int) -> list[Member]:
    """Minh, and one author of each of some units."""
    since, minh = times.planned + DAY, cast(base, "minh")
    registration = contests.register(
        contest=contest,
        person=minh,
        agreement=contests.Agreement(take_part=True, publish_name=True, locale="vi"),
        source=RegistrationSource.SELF,
        actor=as_actor(minh),
        now=since,
    )
    homes = [unit.id for code, unit in sorted(base.units.items()) if code.startswith("LS-")]
    people = crowd.invent(ESSAYS - 1, homes[: ESSAYS - 1], seed, since)
    return [
        crowd.member_of(minh, registration),
        *crowd.register_all(contest, crowd.signings(people, since, seed)),
    ]


def hand_in(
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


def mark_first(base: Foundation, first: Round, numbers: Mapping[int, int], times: Times) -> None:
    """Both judges of each essay give what `_FIRST` says."""
    marking.assign(first, actor=base.actors["lan"], seed="chuyện đẹp", now=times.after(2))
    finish(
        first,
        {
            (work_id, marked): Decimal(_FIRST[number][marked - 1])
            for work_id, number in numbers.items()
            for marked in (1, 2)
        },
        since=times.after(3),
    )


def mark_again(base: Foundation, first: Round, numbers: Mapping[int, int], times: Times) -> None:
    """Checks drawn and the band called, marked once more; one check is looked at with minutes."""
    lan = base.actors["lan"]
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        judging.draw_checks(contest_round=live, actor=lan, now=times.after(9), seed="kiểm tra")
        judging.call_band(contest_round=live, actor=lan, now=times.after(9))
    take(base, first, "chấm thêm", times.after(9.2))
    best = min(numbers, key=lambda work_id: numbers[work_id])
    totals = {}
    for each in extra_markings(first.id):
        mean = sum(map(Decimal, _FIRST[numbers[each.work_id]]), Decimal(0)) / 2
        lower = each.purpose is ExtraPurpose.CHECK and each.work_id != best
        aim = mean - _BEYOND if lower else mean
        totals[(each.work_id, each.marking)] = (aim / QUARTER).quantize(Decimal(1)) * QUARTER
    end_read()
    finish(first, totals, since=times.after(10), settles=False)
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        judged = judged_round(first.id)
        assert judged is not None  # noqa: S101  (it has its rubric)
        for line in extra_lines(judged, ExtraPurpose.CHECK):
            if line.state is CheckState.BEYOND:
                judging.decide_check(
                    contest_round=live,
                    work_id=line.work_id,
                    points=line.official - QUARTER,
                    minutes="Ban Giám khảo đọc lại: chi tiết có thật nhưng kể lướt, bớt 0,25 điểm.",
                    by_chief=False,
                    actor=lan,
                    now=times.after(12),
                )
    with unit_of_work():
        live = db.session.get_one(Round, first.id)
        judging.close_marking(contest_round=live, actor=lan, now=times.after(13))
