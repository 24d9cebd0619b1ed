"""A whole season: three weeks of quizzes and a contest of essays, brought to a stage."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from contest.accounts.models import Person
from contest.contests import actions as contests
from contest.contests.models import (
    Contest,
    Entry,
    Registration,
    RegistrationSource,
    Round,
    Stage,
)
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo import texts
from contest.demo.fiction import UNITS
from contest.demo.foundation import Foundation
from contest.demo.season import attempts, crowd, essays, marking
from contest.demo.season.crowd import Member
from contest.demo.season.heroes import season_units
from contest.demo.season.planning import Times, add_units, essay_round, make_contest, times_for
from contest.demo.season.sizes import SeasonSize
from contest.demo.story.attempts import as_actor
from contest.demo.story.weeks import quiz_week
from contest.judging import actions as judging
from contest.judging.models import MarkSheet
from contest.judging.rules.adjudication import Step
from contest.results import actions as results
from contest.results.queries.honours import honours
from contest.submissions.models import Work

_DAY: Final = timedelta(days=1)
_ORDER: Final = tuple(Stage)
_MOST_ATTEMPTS: Final = 7
Say = Callable[[str], None]


@dataclass(slots=True)
class Season:
    """What a season is made from, and what was made."""

    base: Foundation
    size: SeasonSize
    seed: int
    stage: Stage
    now: datetime
    times: Times
    contest: Contest
    weeks: list[Round] = field(default_factory=list)
    essay: Round | None = None
    minh_writes: bool = False
    authors: list[Member] = field(default_factory=list)
    everybody: list[Member] = field(default_factory=list)

    def reaches(self, stage: Stage) -> bool:
        """Whether the essay round goes at least as far."""
        return _ORDER.index(self.stage) >= _ORDER.index(stage)


def tell(
    base: Foundation,
    *,
    stage: Stage | None,
    now: datetime,
    seed: int,
    size: SeasonSize,
    title: str = texts.SEASON_TITLE,
    minh_writes: bool = False,
    say: Say = lambda _line: None,
) -> None:
    """Make a season.

    Args:
        base: units, cast and bank.
        stage: of the essay round; None is the same as published.
        now: "today".
        seed: the same number makes the same people, texts, marks and prizes.
        size: how much of everything.
        title: of the contest.
        minh_writes: Minh is the last of the authors.
        say: told what is being made.
    """
    stage = stage or Stage.PUBLISHED
    times = times_for(stage, now)
    with unit_of_work():
        add_units(base, size, times.planned)
        contest = make_contest(base, times, title)
        season = Season(base, size, seed, stage, now, times, contest, minh_writes=minh_writes)
        season.weeks = [
            quiz_week(base, season.contest, f"Tuần {number}", opens_at, now=times.planned)
            for number, opens_at in enumerate(times.weeks, start=1)
        ]
        season.essay = essay_round(base, season.contest, times, size, seed)
        contests.announce(contest=season.contest, actor=base.actors["lan"], now=times.planned)
    _register(season, say)
    if season.reaches(Stage.OPEN):
        _quizzes(season, say)
        _essays(season, say)


def _register(season: Season, say: Say) -> None:
    size, since = season.size, season.times.planned + _DAY
    say(f"{size.authors + size.contestants} people")
    with unit_of_work():
        contest = db.session.get_one(Contest, season.contest.id)
        minh = db.session.get_one(Person, season.base.people["minh"].id)
        own = contests.register(
            contest=contest,
            person=minh,
            agreement=contests.Agreement(take_part=True, publish_name=True, locale="vi"),
            source=RegistrationSource.SELF,
            actor=as_actor(minh),
            now=since,
        )
        codes = [each.code for each in UNITS if each.code.startswith("LS-")]
        codes += [each.code for each in season_units(size.units)]
        homes = [
            season.base.units[code].id
            for code in codes
            if code in season.base.units and code != "LS-BTG"
        ][: size.units]
        people = crowd.invent(size.authors + size.contestants, homes, season.seed, since)
        signings = crowd.signings(people, since + timedelta(hours=1), season.seed)
        season.everybody = crowd.register_all(contest, signings)
        # The first of each unit writes, so that every unit has an author.
        season.authors = season.everybody[: size.authors]
        if season.minh_writes:
            season.authors[-1] = crowd.member_of(minh, own)
    db.session.expunge_all()


def _quizzes(season: Season, say: Say) -> None:
    memory = attempts.Memory()
    for number, week in enumerate(season.weeks, start=1):
        with unit_of_work():
            live = db.session.get_one(Round, week.id)
            opens, closes = live.opens_at, live.closes_at
            assert opens is not None  # noqa: S101  (a week is planned with both)
            assert closes is not None  # noqa: S101
            contests.open_round(round=live, actor=season.base.actors["lan"], now=opens)
        sittings = attempts.plan(
            season.everybody,
            count=season.size.attempts,
            most=_MOST_ATTEMPTS,
            first=opens,
            last=closes,
            seed=f"week {season.seed} {number}",
        )
        say(f"Tuần {number}: {len(sittings)} attempts")
        with unit_of_work():
            live = db.session.get_one(Round, week.id)
            attempts.hold(live, sittings, memory, seed=f"answers {season.seed} {number}")
        db.session.expunge_all()
        _finish_week(season, week, closes)


def _finish_week(season: Season, week: Round, closes: datetime) -> None:
    lan, now = season.base.actors["lan"], season.now
    after = min(now, closes + timedelta(minutes=5))
    decided = min(now, closes + 2 * _DAY)
    with unit_of_work():
        live = db.session.get_one(Round, week.id)
        contests.close_round(round=live, actor=None, now=after)
    with unit_of_work():
        live = db.session.get_one(Round, week.id)
        contests.set_stage(round=live, to=Stage.MARKING, actor=lan, now=after)
        results.make_rank_run(round=live, actor=lan, now=after)
    with unit_of_work():
        results.decide_prizes(over=db.session.get_one(Round, week.id), actor=lan, now=decided)
    with unit_of_work():
        results.publish(
            over=db.session.get_one(Round, week.id),
            decision_number=texts.DECISION,
            decided_on=decided.astimezone(LOCAL_ZONE).date(),
            actor=lan,
            now=min(now, decided + timedelta(hours=3)),
        )
    db.session.expunge_all()


def _essays(season: Season, say: Say) -> None:
    essay, times, lan = season.essay, season.times, season.base.actors["lan"]
    assert essay is not None  # noqa: S101  (`tell` made it)
    with unit_of_work():
        live = db.session.get_one(Round, essay.id)
        contests.open_round(round=live, actor=lan, now=times.opens)
    plans = essays.plan(
        season.authors,
        season.size,
        opened=times.opens,
        closes=times.closes,
        until=season.now,
        seed=season.seed,
    )
    say(f"{len(plans)} essays")
    keys = essays.hand_in_all(essay, plans, season.seed)
    if not season.reaches(Stage.CLOSED):
        return
    with unit_of_work():
        live = db.session.get_one(Round, essay.id)
        contests.close_round(round=live, actor=None, now=times.closes + timedelta(minutes=6))
    is_whole = season.reaches(Stage.MARKING)
    say("Screening")
    essays.screen(
        plans,
        keys,
        actor=season.base.actors["thu"],
        since=times.closes + timedelta(minutes=10),
        share=1.0 if is_whole else 0.4,
    )
    with unit_of_work():
        essays.compare(db.session.get_one(Round, essay.id), now=times.closes + timedelta(hours=1))
    db.session.expunge_all()
    if is_whole:
        _judge(season, essay, plans, keys, say)


def _judge(
    season: Season, essay: Round, plans: Sequence[essays.Plan], keys: dict[int, int], say: Say
) -> None:
    times, lan, seed = season.times, season.base.actors["lan"], season.seed
    numbers = {work_id: number for number, work_id in keys.items()}
    say("Codes")
    essays.make_codes(essay, actor=season.base.actors["thu"], now=times.after(2))
    say("Assignment")
    sheets = marking.assign(essay, actor=lan, seed=f"mua {seed}", now=times.after(3))
    say(f"{sheets} sheets")
    is_over = season.reaches(Stage.DECIDED)
    marking.mark(
        essay,
        numbers,
        seed=seed,
        share=1.0 if is_over else 0.62,
        since=times.after(4),
        until=min(times.after(16), season.now),
    )
    if not is_over:
        return
    marking.settle(season.base, essay, step=Step.DISCUSS, since=times.after(16))
    marking.assign(essay, actor=lan, seed=f"mua {seed} lan 3", now=times.after(17))
    marking.mark(
        essay, numbers, seed=seed + 1, share=1.0, since=times.after(17), until=times.after(19)
    )
    marking.settle(season.base, essay, step=Step.PANEL, since=times.after(20))
    with unit_of_work():
        live = db.session.get_one(Round, essay.id)
        judging.close_marking(contest_round=live, actor=lan, now=times.after(21))
    if season.minh_writes:
        _choose_remarks(season, essay)
    _decide(season, essay, plans, keys)


def _choose_remarks(season: Season, essay: Round) -> None:
    """Minh may read what judges wrote about his essay."""
    minh = season.base.people["minh"].id
    with unit_of_work():
        live = db.session.get_one(Round, essay.id)
        own = (
            select(MarkSheet)
            .join(Work, Work.id == MarkSheet.work_id)
            .join(Entry, Entry.id == Work.entry_id)
            .join(Registration, Registration.id == Entry.registration_id)
            .where(MarkSheet.round_id == live.id, MarkSheet.comment != "")
            .where(Registration.person_id == minh)
            .order_by(MarkSheet.id)
        )
        for sheet in db.session.scalars(own).all():
            judging.pass_remark(
                contest_round=live,
                sheet=sheet,
                body=sheet.comment,
                actor=season.base.actors["lan"],
                now=season.times.after(21),
            )


def _decide(
    season: Season, essay: Round, plans: Sequence[essays.Plan], keys: dict[int, int]
) -> None:
    times, lan = season.times, season.base.actors["lan"]
    with unit_of_work():
        live = db.session.get_one(Round, essay.id)
        results.make_rank_run(round=live, actor=lan, now=times.after(21))
    with unit_of_work():
        _honour(season, db.session.get_one(Round, essay.id), plans, keys)
    with unit_of_work():
        live = db.session.get_one(Round, essay.id)
        results.decide_prizes(over=live, actor=lan, now=times.after(23))
    if not season.reaches(Stage.PUBLISHED):
        return
    with unit_of_work():
        live = db.session.get_one(Round, essay.id)
        results.ask_unsealing(
            round_=live, reason=texts.UNSEALED_BECAUSE, actor=lan, now=times.after(24)
        )
        secretary = season.base.actors["thu"]
        results.unseal(round_=live, actor=secretary, now=times.after(24))
    with unit_of_work():
        results.publish(
            over=db.session.get_one(Round, essay.id),
            decision_number=texts.ESSAY_DECISION,
            decided_on=times.after(25).astimezone(LOCAL_ZONE).date(),
            actor=lan,
            now=times.after(26),
        )


def _honour(
    season: Season, essay: Round, plans: Sequence[essays.Plan], keys: dict[int, int]
) -> None:
    """Those about whom most was written; they were asked, and all but one agree to be named."""
    lan, now = season.base.actors["lan"], season.times.after(22)
    often = Counter(each.about for each in plans)
    first = {each.about: each for each in reversed(plans)}
    chosen = sorted(often, key=lambda about: (-often[about], about))[: season.size.honoured]
    for about in chosen:
        plan = first[about]
        results.honour_subject(
            round=essay,
            work=db.session.get_one(Work, keys[plan.number]),
            citation=plan.text.reason,
            actor=lan,
            now=now,
        )
    for honour in honours(essay.id)[:-1]:
        results.edit_honour(
            round=essay,
            honour=honour,
            citation=honour.citation,
            agreed=True,
            actor=lan,
            now=now + timedelta(hours=1),
        )
