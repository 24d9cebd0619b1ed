"""A season as it is planned: its calendar, its units, the contest, the round of essays."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from contest.accounts.actions import create_unit
from contest.accounts.models import Unit, UnitHeadcount
from contest.contests import actions as contests
from contest.contests.models import Contest, ContestKind, Round, Stage
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.demo import texts
from contest.demo.fiction import TREE, UNITS
from contest.demo.foundation import COUNTED_ON, Foundation, open_to_the_province
from contest.demo.season import marking
from contest.demo.season.heroes import season_units
from contest.demo.season.sizes import SeasonSize
from contest.demo.story.weeks import WEEK, last_opening
from contest.judging import actions as judging
from contest.results import actions as results
from contest.results.models import PrizeCode, TiePolicy
from contest.results.rules.unit_standings import StandingTerms, UnitKey
from contest.submissions import actions as submissions

_DAY: Final = timedelta(days=1)
_RECOUNTED_ON: Final = date(2026, 2, 1)
_CROWDED: Final = 24
_CROWDED_OWN: Final = 8
_MANY: Final = 500
_MONEY: Final = (15_000_000, 10_000_000, 7_000_000, 4_000_000, 2_000_000)


@dataclass(frozen=True, slots=True)
class Times:
    """When the essay round goes from stage to stage, as seen from `now`."""

    planned: datetime
    opens: datetime
    closes: datetime
    weeks: tuple[datetime, datetime, datetime]

    def after(self, days: int) -> datetime:
        """So many days after the close of the essays."""
        return self.closes + days * _DAY


def times_for(stage: Stage, now: datetime) -> Times:
    """A calendar in which the essay round stands at `stage` now.

    Three weeks of quizzes come first, since rounds never overlap; then the essays are open for
    six weeks, and marking and deciding take four.
    """
    monday = last_opening(now)
    closes = {
        Stage.PLANNED: monday + 10 * WEEK,
        Stage.OPEN: monday + 2 * WEEK,
        Stage.CLOSED: monday,
        Stage.MARKING: monday - 2 * WEEK,
        Stage.DECIDED: monday - 5 * WEEK,
        Stage.PUBLISHED: monday - 5 * WEEK,
    }[stage] - timedelta(hours=1)
    opens = closes - 6 * WEEK + timedelta(hours=1)
    first, second, third = (opens - number * WEEK for number in (3, 2, 1))
    return Times(first - 2 * WEEK, opens, closes, (first, second, third))


def add_units(base: Foundation, size: SeasonSize, now: datetime) -> None:
    """The units of the season beside the demo's, with their head-counts."""
    mine = [code for code in base.units if code.startswith("LS-") and code != "LS-BTG"]
    for each in season_units(size.units - len(mine)):
        if each.code in base.units:
            continue
        parent = base.units[each.parent or "LS"]
        unit = create_unit(
            code=each.code,
            name=each.name,
            kind=each.kind,
            tree=TREE,
            parent=db.session.get_one(Unit, parent.id),
            valid_from=COUNTED_ON,
            actor=None,
            now=now,
        )
        base.units[each.code] = unit
    # A whole season draws more people than the demo's small units hold.
    many = size.authors > _MANY
    counted = {
        each.code: each.headcount * (_CROWDED if many else 1) for each in season_units(size.units)
    }
    if many:
        counted |= {each.code: each.headcount * _CROWDED_OWN for each in UNITS}
    for code in [code for code in base.units if code in counted]:
        known = select(UnitHeadcount.persons).where(
            UnitHeadcount.unit_id == base.units[code].id, UnitHeadcount.counted_on == _RECOUNTED_ON
        )
        if db.session.scalar(known) is None:
            db.session.add(
                UnitHeadcount(
                    unit_id=base.units[code].id,
                    counted_on=_RECOUNTED_ON,
                    persons=counted[code],
                )
            )
    db.session.flush()


def make_contest(base: Foundation, times: Times, title: str) -> Contest:
    """The contest with audience and rules, without rounds."""
    lan = base.actors["lan"]
    contest = contests.create_contest(
        title=title,
        unit=db.session.get_one(Unit, base.units["LS-BTG"].id),
        kind=ContestKind.ESSAY,
        summary=texts.SEASON_SUMMARY,
        subject_matter=texts.SUBJECT_MATTER,
        contact=texts.CONTACT,
        starts_on=times.weeks[0].astimezone(LOCAL_ZONE).date(),
        ends_on=(times.closes + 6 * WEEK).astimezone(LOCAL_ZONE).date(),
        actor=lan,
        now=times.planned,
    )
    results.set_unit_terms(
        contest=contest,
        terms=StandingTerms((UnitKey.RATIO, UnitKey.PERSONS, UnitKey.MEAN), fewest=10),
        actor=lan,
        now=times.planned,
    )
    open_to_the_province(base, contest, one_prize_per_person=False, now=times.planned)
    return contest


def essay_round(
    base: Foundation, contest: Contest, times: Times, size: SeasonSize, seed: int
) -> Round:
    """The essays' round with call, rubric, prizes and jury."""
    lan, now = base.actors["lan"], times.planned
    essay = contests.add_round(
        contest=contest,
        title="Cuộc thi viết",
        kind=ContestKind.ESSAY,
        opens_at=times.opens,
        closes_at=times.closes,
        rank_keys=("essay_total", "essay_main", "essay_bands", "essay_lot"),
        weight=Decimal(3),
        actor=lan,
        now=now,
    )
    contests.set_due_dates(
        round=essay,
        marked_by=times.after(21),
        decided_by=times.after(25),
        published_by=times.after(28),
    )
    submissions.save_settings(
        contest_round=essay,
        settings=submissions.EssaySettings(
            call_text=texts.CALL,
            pledge_text=texts.PLEDGE,
            min_words=600,
            max_words=1_200,
            entries_per_author=3,
        ),
        actor=lan,
        now=now,
    )
    judged = judging.save_rubric(
        contest_round=essay,
        settings=judging.JudgingSettings(marks_due_at=times.after(21), gives_comments=True),
        criteria=marking.RUBRIC,
        actor=lan,
        now=now,
    )
    judged.lot_seed = hashlib.sha256(f"lots {seed}".encode()).hexdigest()
    levels = zip(PrizeCode, size.prizes, _MONEY, strict=True)
    results.set_prize_levels(
        over=essay,
        levels=[
            results.LevelValues(code, quota, money, TiePolicy.STOP) for code, quota, money in levels
        ],
        actor=lan,
        now=now,
    )
    results.set_prize_terms(
        over=essay, per_author=None, per_unit=None, shows_criteria=True, actor=lan, now=now
    )
    marking.seat(base, essay, count=size.judges, seed=seed, now=now)
    return essay
