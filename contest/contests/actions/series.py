"""Weekly rounds made from one template, and how many of them count in the total."""

from collections.abc import Sequence
from datetime import datetime

from contest.contests.actions.copies import copy_round
from contest.contests.actions.rounds import add_round
from contest.contests.models import Contest, Round
from contest.contests.rules.refusals import SeriesOverlaps, SeriesTooLong
from contest.contests.rules.series import MOST_WEEKS, SeriesWindow
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.i18n import gettext as _


def plan_series(
    *,
    contest: Contest,
    windows: Sequence[SeriesWindow],
    template: Round | None,
    actor: Actor | None,
    now: datetime,
) -> list[Round]:
    """Plan a round for each window, with the settings of one round.

    Args:
        contest: whose rounds.
        windows: from `rules.series.weekly_windows`.
        template: the round whose settings, keys and weight they take; None for plain ones.
        actor: the organiser.
        now: the instant of the request.

    Raises:
        SeriesTooLong: the contest would have more than 60 rounds.
        SeriesOverlaps: a window overlaps with a ranked round that is there already.
    """
    if len(contest.rounds) + len(windows) > MOST_WEEKS:
        raise SeriesTooLong
    _check_free(contest, windows)
    planned = [
        _plan(contest, window, template, actor=actor, now=now, number=number)
        for number, window in enumerate(windows, start=first_number(contest))
    ]
    audit.record(
        "contests.series_planned",
        actor=actor,
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data={"rounds": [each.number for each in planned]},
    )
    return planned


def first_number(contest: Contest) -> int:
    """The week's number with which a series goes on; a title never comes twice."""
    titles = {each.title for each in contest.rounds}
    named = [number for number in range(1, 2 * MOST_WEEKS) if _title(number) in titles]
    return max(sum(not each.is_practice for each in contest.rounds), *named, 0) + 1


def _title(number: int) -> str:
    return _("Week %(number)s", number=number)


def _check_free(contest: Contest, windows: Sequence[SeriesWindow]) -> None:
    for each in contest.rounds:
        if each.is_practice or each.opens_at is None or each.closes_at is None:
            continue
        if any(
            window.opens_at < each.closes_at and each.opens_at < window.closes_at
            for window in windows
        ):
            raise SeriesOverlaps


def _plan(
    contest: Contest,
    window: SeriesWindow,
    template: Round | None,
    *,
    actor: Actor | None,
    now: datetime,
    number: int,
) -> Round:
    title = _title(number)
    if template is None or template.opens_at is None:
        made = add_round(
            contest=contest,
            title=title,
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            actor=actor,
            now=now,
        )
    else:
        shift = window.opens_at - template.opens_at
        made = copy_round(
            source=template, contest=contest, shift=shift, title=title, actor=actor, now=now
        )
    made.closes_at, made.marked_by = window.closes_at, window.marked_by
    db.session.flush()
    return made


def set_best_rounds(*, contest: Contest, best: int | None, actor: Actor, now: datetime) -> None:
    """Say how many of a person's rounds count in the total of the contest; None = all.

    Raises:
        SeriesTooLong: less than one.
    """
    if best is not None and not 1 <= best <= MOST_WEEKS:
        raise SeriesTooLong
    contest.best_rounds = best
    db.session.flush()
    audit.record(
        "contests.best_rounds_set",
        actor=actor,
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data={"best": best},
    )
