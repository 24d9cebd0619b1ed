"""Copying a contest or a round, with the settings that upper rooms keep."""

from datetime import date, datetime, timedelta

from contest.accounts.models import Unit
from contest.contests.actions.contests import (
    DivisionPlan,
    create_contest,
    edit_audience,
    edit_divisions,
)
from contest.contests.actions.rounds import add_round
from contest.contests.copying import contest_copiers, copiers
from contest.contests.models import (
    Contest,
    Round,
)
from contest.contests.rules import (
    first_day,
)
from contest.core.access import Actor
from contest.core.db import db


def copy_contest(
    *,
    source: Contest,
    title: str,
    starts_on: date | None,
    actor: Actor | None,
    now: datetime,
    unit: Unit | None = None,
) -> Contest:
    """Begin a contest from an earlier one: words, audience, divisions, rounds, keys, settings.

    Dates move by the distance between the two first days, so that weekdays of the rounds stay
    when that distance is a number of weeks. People, results and the announcement do not come
    along; rooms above copy their own settings of each round and of the contest.

    Args:
        source: a contest that the actor may see.
        title: of the new one.
        starts_on: its first day; None keeps the old dates.
        actor: the organiser.
        now: the instant of the request.
        unit: that runs it; the old one when not given.

    Raises:
        ForeignUnit: the actor runs no contests of that unit.
    """
    old_first = first_day(source)
    shift = timedelta(0)
    if starts_on is not None and old_first is not None:
        shift = starts_on - old_first
    copy = create_contest(
        title=title,
        unit=unit or source.unit,
        kind=source.kind,
        actor=actor,
        now=now,
        summary=source.summary,
        subject_matter=source.subject_matter,
        contact=source.contact,
        starts_on=starts_on or source.starts_on,
        ends_on=None if source.ends_on is None else source.ends_on + shift,
    )
    copy.copied_from_id = source.id
    copy.rules_text, copy.best_rounds = source.rules_text, source.best_rounds
    edit_audience(
        contest=copy,
        min_age=source.min_age,
        max_age=source.max_age,
        units=(
            None if source.open_to_all_units else [branch.unit for branch in source.eligible_units]
        ),
        self_registration=source.self_registration,
        exclude_staff=source.exclude_staff,
        one_prize_per_person=source.one_prize_per_person,
        audience=source.audience,
        unawarded=source.unawarded,
        actor=actor,
        now=now,
    )
    plans = [DivisionPlan(each.name, each.min_age, each.max_age) for each in source.divisions]
    edit_divisions(contest=copy, divisions=plans, actor=actor, now=now)
    for each in source.rounds:
        copy_round(source=each, contest=copy, shift=shift, actor=actor, now=now)
    for copier in contest_copiers():
        copier(source=source, target=copy, actor=actor, now=now)
    return copy


def copy_round(
    *,
    source: Round,
    contest: Contest,
    shift: timedelta,
    actor: Actor | None,
    now: datetime,
    title: str = "",
) -> Round:
    """Plan a round like another, `shift` later, with the settings that upper rooms keep."""

    def moved(instant: datetime | None) -> datetime | None:
        return None if instant is None else instant + shift

    target = add_round(
        contest=contest,
        title=title or source.title,
        kind=source.kind,
        opens_at=moved(source.opens_at),
        closes_at=moved(source.closes_at),
        is_practice=source.is_practice,
        rank_keys=[each.code for each in source.rank_keys],
        weight=source.weight,
        actor=actor,
        now=now,
    )
    target.marked_by, target.decided_by = moved(source.marked_by), moved(source.decided_by)
    target.published_by = moved(source.published_by)
    db.session.flush()
    for copier in copiers():
        copier(source=source, target=target, actor=actor, now=now)
    return target
