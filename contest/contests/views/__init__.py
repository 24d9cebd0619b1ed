"""Pages of the contests room."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask

from contest.contests import following, keeping
from contest.contests.kinds import FollowsRounds, kind_of
from contest.contests.models import Contest, Round
from contest.contests.rules import (
    age_words,
    audience_words,
    closing_words,
    opening_words,
    prose,
    ranked_rounds,
    window_words,
)
from contest.contests.steps import WizardStep, register_step, step
from contest.contests.views import registrations, rosters, rounds, series, taking_part, wizard
from contest.contests.views.room import blueprint, rank_key_label, readiness_rows, wizard_items
from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.i18n import lazy_gettext as _l

__all__ = [
    "blueprint",
    "register",
    "registrations",
    "rosters",
    "rounds",
    "series",
    "taking_part",
    "wizard",
]

_WIZARD = tuple(
    f"contests.{name}"
    for name in (
        "basics",
        "audience",
        "divisions",
        "round",
        "rules_text",
        "announce",
        "open_round",
        "close_round",
        "series",
        "annul_round",
    )
)


def _was_passed(contest: Contest, code: str) -> bool:
    """Whether the wizard has gone beyond a step that may stay empty."""
    here, left_at = step(code), step(contest.wizard_step)
    passed = here is not None and left_at is not None and left_at.order > here.order
    return passed or contest.announced_at is not None


def _audience_done(contest: Contest) -> bool:
    somebody = contest.open_to_all_units or bool(contest.eligible_units)
    return somebody and _was_passed(contest, "audience")


def _rounds_done(contest: Contest) -> bool:
    counted = ranked_rounds(contest.rounds)
    return bool(counted) and all(
        each.rank_keys and ((each.opens_at and each.closes_at) or _follows_another(each))
        for each in counted
    )


def _follows_another(contest_round: Round) -> bool:
    kind = kind_of(contest_round)
    return isinstance(kind, FollowsRounds) and kind.follows_another(contest_round)


def _may(permission: Permission) -> Callable[[Actor | None, Any], bool]:
    def visible(actor: Actor | None, contest: Any) -> bool:
        return (
            actor is not None and contest is not None and actor.may(permission, contest.scope.path)
        )

    return visible


_STEPS: Final = (
    WizardStep(
        "basics",
        _l("Basics"),
        "contests.basics",
        10,
        lambda contest: bool(contest.title and contest.starts_on and contest.ends_on),
    ),
    WizardStep("audience", _l("Who takes part"), "contests.audience", 20, _audience_done),
    WizardStep(
        "divisions",
        _l("Divisions"),
        "contests.divisions",
        30,
        lambda contest: bool(contest.divisions) or _was_passed(contest, "divisions"),
        optional=True,
    ),
    WizardStep("rounds", _l("Rounds and ranking"), "contests.rounds", 40, _rounds_done),
    WizardStep(
        "rules",
        _l("Rules"),
        "contests.rules_text",
        70,
        lambda contest: bool(contest.rules_text.strip()),
    ),
    WizardStep(
        "announce",
        _l("Announcing"),
        "contests.announce",
        90,
        lambda contest: contest.announced_at is not None,
    ),
)
_MENU: Final = (
    navigation.NavItem(
        "contest",
        _l("Contestants"),
        "contests.registrations",
        "users",
        30,
        _may(Permission.MANAGE_REGISTRATIONS),
        (
            "contests.registration",
            "contests.roster",
            "contests.disqualify",
            "contests.lift",
            "contests.withdraw_registration",
        ),
    ),
    navigation.NavItem(
        "contest",
        _l("Settings"),
        "contests.basics",
        "gear",
        90,
        _may(Permission.MANAGE_CONTEST),
        _WIZARD,
    ),
)


def register(app: Flask) -> None:
    """Put this room's steps, navigation and words for templates in place."""
    following.register()
    keeping.register()
    for each in _STEPS:
        register_step(each)
    for item in _MENU:
        navigation.register(item)
    app.jinja_env.globals.update(
        wizard_items=wizard_items,
        readiness_rows=readiness_rows,
        rank_key_label=rank_key_label,
        window_words=window_words,
        opening_words=opening_words,
        closing_words=closing_words,
        audience_words=audience_words,
        age_words=age_words,
    )
    app.add_template_filter(prose)
