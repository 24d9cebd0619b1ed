"""Pages of results: ranking, prizes and publication for organisers, results for everybody."""

from flask import Flask

from contest.contests.copying import register_contest_copier, register_copier
from contest.contests.models import Contest
from contest.contests.rules import ranked_rounds
from contest.contests.steps import WizardStep, register_step
from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.i18n import lazy_gettext as _l
from contest.judging.prize_lines import PrizeLine, register_prize_lines
from contest.results import following, keeping, queries, subject_room
from contest.results.actions import copy_contest_terms, copy_prize_levels
from contest.results.rules.words import prize_name
from contest.results.views import (
    appeals,
    audits,
    ceremony,
    dossiers,
    essays,
    honours,
    prize_levels,
    prizes,
    public,
    publishing,
    ranking,
    regrades,
    result_documents,
    signing,
    totals,
    unit_standings,
    unsealing,
    what_if,
)
from contest.results.views.base import blueprint

__all__ = [
    "appeals",
    "audits",
    "blueprint",
    "ceremony",
    "dossiers",
    "essays",
    "honours",
    "prize_levels",
    "prizes",
    "public",
    "publishing",
    "ranking",
    "register",
    "regrades",
    "result_documents",
    "signing",
    "totals",
    "unit_standings",
    "unsealing",
    "what_if",
]


def _has_prizes(contest: Contest) -> bool:
    rounds = [one.id for one in ranked_rounds(contest.rounds)]
    return bool(rounds) and all(queries.levels_of_rounds(rounds).values())


def _may_see(actor: Actor | None, contest: Contest | None) -> bool:
    return (
        actor is not None
        and contest is not None
        and actor.may(Permission.SEE_CONTEST, contest.scope.path)
    )


def _audits(actor: Actor | None, context: object) -> bool:
    del context
    return actor is not None and actor.may_somewhere(Permission.AUDIT)


def _prize_lines(round_id: int) -> list[PrizeLine]:
    return [
        PrizeLine(prize_name(level.code, level.name), level.quota)
        for level in queries.levels_of_rounds([round_id])[round_id]
    ]


def register(app: Flask) -> None:
    """Put the wizard's step, the side bar's entry and the copier of prizes in place."""
    del app
    following.register()
    keeping.register()
    subject_room.register()
    navigation.register(
        navigation.NavItem(
            "contest",
            _l("Results"),
            "results.overview",
            "award",
            50,
            _may_see,
            (
                "results.ranking",
                "results.decide",
                "results.publish",
                "results.trace",
                "results.unit_standings",
                "results.what_if",
                "results.honours",
                "results.unsealing",
                "results.sign_off",
                "results.appeals",
                "results.appeal_case",
                "results.totals",
                "results.dossier",
            ),
        )
    )
    navigation.register(
        navigation.NavItem(
            "desk", _l("Audits"), "results.audits", "check", 44, _audits, ("results.audit",)
        )
    )
    register_copier("results", copy_prize_levels)
    register_contest_copier("results", copy_contest_terms)
    register_prize_lines("results", _prize_lines)
    register_step(
        WizardStep(
            code="prizes",
            label=_l("Prizes"),
            endpoint="results.prizes",
            order=60,
            is_done=_has_prizes,
            optional=True,
        )
    )
