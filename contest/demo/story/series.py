"""A finished series of the demo: two weeks, their total, and the prizes over it, signed."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from contest.contests import actions as contests
from contest.contests.models import Contest, Round, Stage, Unawarded
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo import texts
from contest.demo.foundation import Foundation, open_to_the_province
from contest.demo.story.telling import bring, crowd_of
from contest.demo.story.weeks import WEEK, last_opening, quiz_week
from contest.results import actions as results
from contest.results.actions.signing import set_signatories, sign_decision
from contest.results.models import Measure, PrizeCode, SignRole, TiePolicy
from contest.results.queries import latest_allocation
from contest.results.rules.totals import Missing
from contest.results.rules.unit_standings import StandingTerms, UnitKey

_SIZE: Final = 28
_ENDED: Final = 6
"""Weeks before today's in which the first of the two began."""
_DAY: Final = timedelta(days=1)
_OVERALL: Final = (
    results.LevelValues(PrizeCode.FIRST, 1, 10_000_000, TiePolicy.EXPAND),
    results.LevelValues(PrizeCode.SECOND, 2, 5_000_000, TiePolicy.EXPAND),
    results.LevelValues(PrizeCode.THIRD, 3, 3_000_000, TiePolicy.EXPAND),
)
_BESIDE: Final = (
    results.ExtraValues(
        Measure.PERSONS, "Giải Nhất tập thể", 1, 8_000_000, TiePolicy.EXPAND, fewest=2
    ),
    results.ExtraValues(
        Measure.PERSONS, "Giải Nhì tập thể", 2, 5_000_000, TiePolicy.EXPAND, fewest=2
    ),
    results.ExtraValues(Measure.OLDEST, "Thí sinh cao tuổi nhất", 1, 1_000_000, TiePolicy.EXPAND),
)


def tell(base: Foundation, *, now: datetime, seed: int) -> None:
    """Make the series.

    Args:
        base: units, cast and bank.
        now: "today".
        seed: the same number makes the same crowd and the same answers.
    """
    chance = random.Random(seed)  # noqa: S311  (fiction needs no secrecy)
    starts = last_opening(now) - _ENDED * WEEK
    before = starts - WEEK
    with unit_of_work():
        contest = _contest(base, starts, now=before)
        weeks = [
            quiz_week(base, contest, f"Tuần {number}", starts + (number - 1) * WEEK, now=before)
            for number in (1, 2)
        ]
        results.set_prize_levels(
            over=contest, levels=_OVERALL, actor=base.actors["lan"], now=before
        )
        results.set_extra_prizes(over=contest, prizes=_BESIDE, actor=base.actors["lan"], now=before)
        contests.announce(contest=contest, actor=base.actors["lan"], now=before)
        crowd = crowd_of(base, contest, seed=seed, size=_SIZE, now=starts - 2 * _DAY)
    for week in weeks:
        bring(base, week, crowd, stage=Stage.PUBLISHED, chance=chance, now=now)
    _add_up(base, contest, weeks[-1], now=now)


def _contest(base: Foundation, starts: datetime, *, now: datetime) -> Contest:
    contest = contests.create_contest(
        title=texts.SERIES_TITLE,
        unit=base.units["LS-BTG"],
        summary=texts.SERIES_SUMMARY,
        subject_matter=texts.SUBJECT_MATTER,
        contact=texts.CONTACT,
        starts_on=starts.astimezone(LOCAL_ZONE).date(),
        ends_on=(starts + 2 * WEEK).astimezone(LOCAL_ZONE).date(),
        actor=base.actors["lan"],
        now=now,
    )
    open_to_the_province(base, contest, one_prize_per_person=False, now=now)
    contest.unawarded = Unawarded.OVERALL
    results.set_unit_terms(
        contest=contest,
        terms=StandingTerms((UnitKey.WINNERS, UnitKey.MEAN)),
        actor=base.actors["lan"],
        now=now,
    )
    return contest


def _add_up(base: Foundation, contest: Contest, last: Round, *, now: datetime) -> None:
    """The total of both weeks, decided, signed by two people, and published."""
    lan, thu = base.actors["lan"], base.actors["thu"]
    closed = db.session.get_one(Round, last.id).closes_at or now
    decided, public = min(now, closed + 3 * _DAY), min(now, closed + 4 * _DAY)
    with unit_of_work():
        live = db.session.get_one(Contest, contest.id)
        results.set_weights(
            contest=live, weights={1: Decimal(50), 2: Decimal(50)}, actor=lan, now=decided
        )
        results.make_totals(contest=live, missing=Missing.ZERO, actor=lan, now=decided)
    with unit_of_work():
        live = db.session.get_one(Contest, contest.id)
        results.decide_prizes(over=live, actor=lan, now=decided)
    with unit_of_work():
        live = db.session.get_one(Contest, contest.id)
        people = {SignRole.SECRETARY: base.people["thu"], SignRole.CHAIR: base.people["lan"]}
        set_signatories(over=live, people=people, actor=lan, now=decided)
        decision = latest_allocation(live)
        assert decision is not None  # noqa: S101  (it was decided just now)
        for actor in (thu, lan):
            signing = replace(actor, second_factor=True)
            sign_decision(over=live, expected=decision.digest, actor=signing, now=public)
    with unit_of_work():
        results.publish(
            over=db.session.get_one(Contest, contest.id),
            decision_number=texts.SERIES_DECISION,
            decided_on=public.astimezone(LOCAL_ZONE).date(),
            actor=lan,
            now=public,
        )
