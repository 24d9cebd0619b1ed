"""The demo's contests: planned, opened, taken by a crowd, closed, ranked, decided, published.

Every step is the room's own action with an instant of the past.
"""

import random
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from contest.accounts.actions import NewPerson, create_people
from contest.accounts.models import Person
from contest.contests import actions as contests
from contest.contests.models import Contest, RegistrationSource, Round, Stage
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from contest.demo import texts
from contest.demo.fiction import UNITS, people
from contest.demo.foundation import Foundation, open_to_the_province
from contest.demo.story.attempts import Contestant, as_actor, take
from contest.demo.story.weeks import WEEK, last_opening, quiz_settings, quiz_week
from contest.quizzes.actions.fairness import collect_signs, store_signs
from contest.quizzes.actions.statistics import collect_statistics, store_statistics
from contest.results import actions as results
from contest.results.rules.unit_standings import StandingTerms, UnitKey

CROWD: Final = 160
_PUBLISHES_NAME: Final = 0.985
_COMPANY: Final = 4
"""So many of a whole crowd give signs that somebody should look at."""


def tell(
    base: Foundation, *, stage: Stage | None, now: datetime, seed: int, size: int = CROWD
) -> None:
    """Make the contests of a seed.

    Args:
        base: units, cast and bank.
        stage: one contest with one round at this stage; None for the living demo.
        now: "today".
        seed: the same number makes the same crowd and the same answers.
        size: how many people take part beside Minh.
    """
    chance = random.Random(seed)  # noqa: S311  (fiction needs no secrecy)
    this_week = last_opening(now)
    starts = this_week - 3 * WEEK
    lan = base.actors["lan"]
    before = starts - WEEK
    with unit_of_work():
        contest = _contest(base, texts.TITLE, starts, now=before)
        if stage is not None:
            openings = [_opening_for(stage, now)]
        else:
            _practice(base, contest, starts, this_week + 8 * WEEK)
            openings = [this_week - WEEK, this_week, this_week + WEEK]
        weeks = [
            quiz_week(base, contest, f"Tuần {number}", opens_at, now=before)
            for number, opens_at in enumerate(openings, start=1)
        ]
        contests.announce(contest=contest, actor=lan, now=before)
        crowd = crowd_of(base, contest, seed=seed, size=size, now=starts - timedelta(days=2))
    stages = [stage] if stage is not None else [Stage.PUBLISHED, Stage.OPEN, Stage.PLANNED]
    for week, wanted in zip(weeks, stages, strict=True):
        bring(base, week, crowd, stage=wanted, chance=chance, now=now)
    if stage is None:
        with unit_of_work():
            _open_practice(base, contest, starts)
            _other_organisation(base, now)


def _opening_for(stage: Stage, now: datetime) -> datetime:
    opening = last_opening(now)
    if stage is Stage.PLANNED:
        return opening + WEEK
    return opening if stage is Stage.OPEN else opening - WEEK


def _contest(base: Foundation, title: str, starts: datetime, *, now: datetime) -> Contest:
    lan = base.actors["lan"]
    contest = contests.create_contest(
        title=title,
        unit=base.units["LS-BTG"],
        summary=texts.SUMMARY,
        subject_matter=texts.SUBJECT_MATTER,
        contact=texts.CONTACT,
        starts_on=starts.astimezone(LOCAL_ZONE).date(),
        ends_on=(starts + 12 * WEEK).astimezone(LOCAL_ZONE).date(),
        actor=lan,
        now=now,
    )
    results.set_unit_terms(
        contest=contest,
        terms=StandingTerms((UnitKey.RATIO, UnitKey.PERSONS, UnitKey.MEAN), fewest=10),
        actor=lan,
        now=now,
    )
    open_to_the_province(base, contest, one_prize_per_person=True, now=now)
    return contest


def _practice(base: Foundation, contest: Contest, opens_at: datetime, closes_at: datetime) -> None:
    practice = contests.add_round(
        contest=contest,
        title="Thi thử",
        is_practice=True,
        opens_at=opens_at,
        closes_at=closes_at,
        actor=base.actors["lan"],
        now=opens_at - WEEK,
    )
    quiz_settings(base, practice, attempts=None, prediction=False, now=opens_at - WEEK)


def _open_practice(base: Foundation, contest: Contest, opens_at: datetime) -> None:
    live = db.session.get_one(Contest, contest.id)
    practice = next(each for each in live.rounds if each.is_practice)
    contests.open_round(round=practice, actor=base.actors["lan"], now=opens_at)


def crowd_of(
    base: Foundation, contest: Contest, *, seed: int, size: int, now: datetime
) -> list[Contestant]:
    """The contestants: an invented crowd, and Minh of the cast."""
    codes = tuple(
        each.code for each in UNITS if each.code.startswith("LS-") and each.code != "LS-BTG"
    )
    invented = people(size, codes, seed)
    phones = {each.phone for each in invented}
    known = list(db.session.scalars(select(Person).where(Person.phone.in_(phones))))
    rows = known or create_people(
        people=[
            NewPerson(
                full_name=each.full_name,
                phone=each.phone,
                birth=PartialDate(each.birth_date, DatePrecision.DAY),
                unit_id=base.units[each.unit].id,
            )
            for each in invented
        ],
        is_demo=True,
        actor=None,
        now=now,
    )
    chance = random.Random(seed + 1)  # noqa: S311  (see above)
    crowd: list[Contestant] = []
    for person in [db.session.get_one(Person, base.people["minh"].id), *rows]:
        registration = contests.register(
            contest=contest,
            person=person,
            agreement=contests.Agreement(
                take_part=True, publish_name=chance.random() < _PUBLISHES_NAME, locale="vi"
            ),
            source=RegistrationSource.SELF,
            actor=as_actor(person),
            now=now + timedelta(minutes=chance.randrange(2_000)),
        )
        skill = min(0.995, max(0.35, chance.betavariate(7, 2)))
        seat = max(0, len(crowd) - CROWD + _COMPANY)
        crowd.append(Contestant(registration, as_actor(person), skill, seat))
    return crowd


def bring(
    base: Foundation,
    week: Round,
    crowd: list[Contestant],
    *,
    stage: Stage,
    chance: random.Random,
    now: datetime,
) -> None:
    """Take a planned round to a stage, through every stage before it."""
    if stage is Stage.PLANNED:
        return
    lan = base.actors["lan"]
    opens_at, closes_at = week.opens_at, week.closes_at
    assert opens_at is not None  # noqa: S101  (`quiz_week` sets both)
    assert closes_at is not None  # noqa: S101
    with unit_of_work():
        contests.open_round(round=db.session.get_one(Round, week.id), actor=lan, now=opens_at)
    share = 0.55 if stage is Stage.OPEN else 0.85
    last = min(now, closes_at) - timedelta(minutes=16)
    for contestant in crowd:
        if contestant.registration.person_id == base.people["minh"].id and stage is Stage.OPEN:
            continue  # Minh's first attempt of the open week is the visitor's
        if chance.random() < share or contestant.seat:
            take(week, contestant, opens_at, last, chance)
    if stage is Stage.OPEN:
        return
    after = min(now, closes_at + timedelta(minutes=5))
    with unit_of_work():
        contests.close_round(round=db.session.get_one(Round, week.id), actor=None, now=after)
    with unit_of_work():
        live = db.session.get_one(Round, week.id)
        store_signs(contest_round=live, collected=collect_signs(live.id), actor=lan, now=after)
    if stage is Stage.CLOSED:
        return
    with unit_of_work():
        live = db.session.get_one(Round, week.id)
        contests.set_stage(round=live, to=Stage.MARKING, actor=lan, now=after)
        results.make_rank_run(round=live, actor=lan, now=after)
    if stage is Stage.MARKING:
        return
    decided = min(now, closes_at + timedelta(days=2))
    with unit_of_work():
        results.decide_prizes(over=db.session.get_one(Round, week.id), actor=lan, now=decided)
    if stage is Stage.DECIDED:
        return
    with unit_of_work():
        results.publish(
            over=db.session.get_one(Round, week.id),
            decision_number=texts.DECISION,
            decided_on=decided.astimezone(LOCAL_ZONE).date(),
            actor=lan,
            now=min(now, decided + timedelta(hours=3)),
        )
    with unit_of_work():
        store_statistics(
            contest_round=db.session.get_one(Round, week.id),
            collected=collect_statistics(week.id),
            actor=lan,
            now=min(now, decided + timedelta(hours=4)),
        )


def _other_organisation(base: Foundation, now: datetime) -> None:
    """A contest of another organisation, still a draft: nobody of Lâm Sơn sees it."""
    contests.create_contest(
        title=texts.OTHER_TITLE,
        unit=base.units["VL-01"],
        summary="",
        actor=base.actors["bao"],
        now=now - timedelta(days=4),
    )
