"""The demo's contests: planned, opened, taken by a crowd, closed, ranked, decided, published.

Every step is the room's own action with an instant of the past; only the answers are written
into the ledger directly, because the save is bound to a signed-in device.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import insert, select

from contest.accounts.actions import NewPerson, create_people
from contest.accounts.models import Person
from contest.contests import actions as contests
from contest.contests.models import Contest, Registration, RegistrationSource, Round, Stage
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from contest.demo import texts
from contest.demo.fiction import UNITS, people
from contest.demo.foundation import Foundation
from contest.quizzes import actions as quizzes
from contest.quizzes import queries as quiz_queries
from contest.quizzes.models import Attempt, LedgerLine
from contest.quizzes.rules.answers import pack
from contest.results import actions as results
from contest.results.models import PrizeCode, TiePolicy
from question_bank.drawing import Cell
from question_bank.kinds.choice import ChoiceBody
from question_bank.models import Difficulty
from question_bank.queries import revisions

CROWD: Final = 160
_MONDAY: Final = 0
_WEEK: Final = timedelta(days=7)
_ALL_RIGHT: Final = 0.9
_SEEN_TWICE: Final = 0.35
_PUBLISHES_NAME: Final = 0.985
WEEKLY_PRIZES: Final = (
    results.LevelValues(PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP),
    results.LevelValues(PrizeCode.SECOND, 2, 2_000_000, TiePolicy.STOP),
    results.LevelValues(PrizeCode.THIRD, 5, 1_500_000, TiePolicy.STOP),
    results.LevelValues(PrizeCode.CONSOLATION, 8, 1_000_000, TiePolicy.EXPAND),
)
BLUEPRINT: Final = (
    Cell(None, Difficulty.EASY, 8),
    Cell(None, Difficulty.MEDIUM, 8),
    Cell(None, Difficulty.HARD, 4),
)
_ORDER: Final = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Contestant:
    """A registered person of the crowd, and how well they know the matter (share of 1)."""

    registration: Registration
    actor: Actor
    skill: float


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
    this_monday = _last_monday(now)
    starts = this_monday - 3 * _WEEK
    lan = base.actors["lan"]
    before = starts - _WEEK
    with unit_of_work():
        contest = _contest(base, texts.TITLE, starts, now=before)
        if stage is not None:
            openings = [_opening_for(stage, now)]
        else:
            _practice(base, contest, starts, this_monday + 8 * _WEEK)
            openings = [this_monday - _WEEK, this_monday, this_monday + _WEEK]
        weeks = [
            _week(base, contest, f"Tuần {number}", opens_at, now=before)
            for number, opens_at in enumerate(openings, start=1)
        ]
        contests.announce(contest=contest, actor=lan, now=before)
        crowd = _crowd(base, contest, seed=seed, size=size, now=starts - timedelta(days=2))
    stages = [stage] if stage is not None else [Stage.PUBLISHED, Stage.OPEN, Stage.PLANNED]
    for week, wanted in zip(weeks, stages, strict=True):
        _bring(base, week, crowd, stage=wanted, chance=chance, now=now)
    if stage is None:
        with unit_of_work():
            _open_practice(base, contest, starts)
            _other_organisation(base, now)


def _last_monday(now: datetime) -> datetime:
    """10:00 of the latest Monday that has come, at least two hours ago."""
    local = (now - timedelta(hours=2)).astimezone(LOCAL_ZONE)
    monday = local.date() - timedelta(days=(local.weekday() - _MONDAY) % 7)
    opening = datetime.combine(monday, time(10), LOCAL_ZONE)
    return opening if opening <= local else opening - _WEEK


def _opening_for(stage: Stage, now: datetime) -> datetime:
    monday = _last_monday(now)
    if stage is Stage.PLANNED:
        return monday + _WEEK
    return monday if stage is Stage.OPEN else monday - _WEEK


def _contest(base: Foundation, title: str, starts: datetime, *, now: datetime) -> Contest:
    lan = base.actors["lan"]
    contest = contests.create_contest(
        title=title,
        unit=base.units["LS-BTG"],
        summary=texts.SUMMARY,
        subject_matter=texts.SUBJECT_MATTER,
        contact=texts.CONTACT,
        starts_on=starts.astimezone(LOCAL_ZONE).date(),
        ends_on=(starts + 12 * _WEEK).astimezone(LOCAL_ZONE).date(),
        actor=lan,
        now=now,
    )
    contests.edit_audience(
        contest=contest,
        min_age=14,
        max_age=None,
        units=[base.units["LS"]],
        self_registration=True,
        exclude_staff=True,
        one_prize_per_person=True,
        audience=texts.AUDIENCE,
        actor=lan,
        now=now,
    )
    contests.edit_rules_text(contest=contest, rules_text=texts.RULES, actor=lan, now=now)
    contests.leave_wizard_at(contest=contest, step="announce")
    return contest


def _practice(base: Foundation, contest: Contest, opens_at: datetime, closes_at: datetime) -> None:
    practice = contests.add_round(
        contest=contest,
        title="Thi thử",
        is_practice=True,
        opens_at=opens_at,
        closes_at=closes_at,
        actor=base.actors["lan"],
        now=opens_at - _WEEK,
    )
    _settings(base, practice, attempts=None, prediction=False, now=opens_at - _WEEK)


def _open_practice(base: Foundation, contest: Contest, opens_at: datetime) -> None:
    live = db.session.get_one(Contest, contest.id)
    practice = next(each for each in live.rounds if each.is_practice)
    contests.open_round(round=practice, actor=base.actors["lan"], now=opens_at)


def _week(
    base: Foundation, contest: Contest, title: str, opens_at: datetime, *, now: datetime
) -> Round:
    lan = base.actors["lan"]
    closes_at = opens_at + _WEEK - timedelta(hours=1)
    week = contests.add_round(
        contest=contest,
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        rank_keys=("correct", "prediction", "working_time", "submitted_at", "lot"),
        actor=lan,
        now=now,
    )
    contests.set_due_dates(
        round=week,
        marked_by=closes_at + timedelta(hours=1),
        decided_by=closes_at + timedelta(days=3),
        published_by=closes_at + timedelta(days=4),
    )
    _settings(base, week, attempts=7, prediction=True, now=now)
    results.set_prize_levels(round=week, levels=WEEKLY_PRIZES, actor=lan, now=now)
    return week


def _settings(
    base: Foundation, week: Round, *, attempts: int | None, prediction: bool, now: datetime
) -> None:
    quizzes.save_settings(
        contest_round=week,
        settings=quizzes.QuizSettings(
            bank_id=base.bank.id,
            time_limit_seconds=900,
            attempts_allowed=attempts,
            prediction_asked=prediction,
        ),
        cells=BLUEPRINT,
        actor=base.actors["lan"],
        now=now,
    )


def _crowd(
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
    crowd = []
    for person in [db.session.get_one(Person, base.people["minh"].id), *rows]:
        registration = contests.register(
            contest=contest,
            person=person,
            agreement=contests.Agreement(
                take_part=True, publish_name=chance.random() < _PUBLISHES_NAME, locale="vi"
            ),
            source=RegistrationSource.SELF,
            actor=_as_actor(person),
            now=now + timedelta(minutes=chance.randrange(2_000)),
        )
        skill = min(0.995, max(0.35, chance.betavariate(7, 2)))
        crowd.append(Contestant(registration, _as_actor(person), skill))
    return crowd


def _as_actor(person: Person) -> Actor:
    return Actor(
        person_id=person.id,
        public_id=person.public_id,
        full_name=person.full_name,
        locale="vi",
        sign_in_id=0,
        second_factor=False,
    )


def _bring(
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
    assert opens_at is not None  # noqa: S101  (`_week` sets both)
    assert closes_at is not None  # noqa: S101
    with unit_of_work():
        contests.open_round(round=db.session.get_one(Round, week.id), actor=lan, now=opens_at)
    share = 0.55 if stage is Stage.OPEN else 0.85
    last = min(now, closes_at) - timedelta(minutes=16)
    for contestant in crowd:
        if contestant.registration.person_id == base.people["minh"].id and stage is Stage.OPEN:
            continue  # Minh's first attempt of the open week is the visitor's
        if chance.random() < share:
            _take(week, contestant, opens_at, last, chance)
    if stage is Stage.OPEN:
        return
    after = min(now, closes_at + timedelta(minutes=5))
    with unit_of_work():
        contests.close_round(round=db.session.get_one(Round, week.id), actor=None, now=after)
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
        results.decide_prizes(round=db.session.get_one(Round, week.id), actor=lan, now=decided)
    if stage is Stage.DECIDED:
        return
    with unit_of_work():
        results.publish(
            round=db.session.get_one(Round, week.id),
            decision_number=texts.DECISION,
            decided_on=decided.astimezone(LOCAL_ZONE).date(),
            actor=lan,
            now=min(now, decided + timedelta(hours=3)),
        )


def _take(
    week: Round,
    contestant: Contestant,
    first: datetime,
    last: datetime,
    chance: random.Random,
) -> None:
    """One or two attempts at random moments of the window."""
    window = (last - first).total_seconds()
    if window <= 0:
        return
    attempts = 2 if chance.random() < _SEEN_TWICE else 1
    moments = sorted(chance.random() * window for _ in range(attempts))
    free_from = first
    for moment in moments:
        begun = max(first + timedelta(seconds=moment), free_from)
        if begun > last:
            return
        free_from = _one_attempt(week, contestant, begun, chance)


def _one_attempt(
    week: Round, contestant: Contestant, begun: datetime, chance: random.Random
) -> datetime:
    with unit_of_work():
        person_id = contestant.actor.person_id
        door = quiz_queries.doorway(person_id, week.contest.slug, week.number)
        assert door is not None  # noqa: S101  (`_settings` made it)
        opened = quizzes.start_attempt(door=door, actor=contestant.actor, now=begun, agreed_in="vi")
        attempt = db.session.get_one(Attempt, opened.attempt_id)
        seconds = 180 + chance.random() * 600
        lines = list(
            _answers(
                attempt,
                opened.epoch,
                contestant.skill,
                begun=begun,
                seconds=seconds,
                chance=chance,
            )
        )
        db.session.execute(insert(LedgerLine), lines)
        done = begun + timedelta(seconds=seconds, milliseconds=chance.randrange(1000))
        own = quiz_queries.own_attempt(person_id, opened.public_id)
        assert own is not None  # noqa: S101  (it began just now)
        quizzes.submit_attempt(attempt=own, actor=contestant.actor, now=done)
    return done + timedelta(minutes=1)


def _answers(
    attempt: Attempt,
    epoch: int,
    skill: float,
    *,
    begun: datetime,
    seconds: float,
    chance: random.Random,
) -> Iterable[dict[str, object]]:
    known = revisions([slot["r"] for slot in attempt.paper if "r" in slot])
    for position, slot in enumerate(attempt.paper):
        if "p" in slot:
            answer: tuple[str, ...] = (str(max(0, int(chance.gauss(12, 9)))),)
        else:
            body = known[slot["r"]].body
            assert isinstance(body, ChoiceBody)  # noqa: S101  (the sample holds choices)
            answer = _answer(body.key, slot["o"], skill, chance)
        yield {
            "round_id": attempt.round_id,
            "attempt_id": attempt.id,
            "epoch": epoch,
            "sequence": position + 1,
            "slot": position,
            "answer": pack(answer),
            "received_at": begun
            + timedelta(seconds=seconds * (position + 1) / (len(attempt.paper) + 1)),
        }


def _answer(
    key: frozenset[str], order: list[str], skill: float, chance: random.Random
) -> tuple[str, ...]:
    knows = chance.random() < (0.5 + skill / 2 if skill > _ALL_RIGHT else skill)
    if knows:
        return tuple(option for option in order if option in key)
    wrong = [option for option in order if option not in key] or order
    return (chance.choice(wrong),)


def _other_organisation(base: Foundation, now: datetime) -> None:
    """A contest of another organisation, still a draft: nobody of Lâm Sơn sees it."""
    contests.create_contest(
        title=texts.OTHER_TITLE,
        unit=base.units["VL-01"],
        summary="",
        actor=base.actors["bao"],
        now=now - timedelta(days=4),
    )
