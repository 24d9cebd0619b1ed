"""Pages of the judging room."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from contest.contests.copying import register_copier
from contest.contests.kinds import register_kind, register_rank_key
from contest.contests.models import Contest, Stage
from contest.contests.steps import WizardStep, register_step
from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.i18n import lazy_gettext as _l
from contest.judging import following, forgetting, keeping
from contest.judging.actions import copy_rubric
from contest.judging.actions.notes import follow_text
from contest.judging.queries.desk import reads_blind
from contest.judging.queries.rounds import judged_rounds_of
from contest.judging.round_kind import EssayKind
from contest.judging.rules.rank_keys import KEYS
from contest.judging.views import (
    assignments,
    calibration,
    chief,
    desk,
    exports,
    extras,
    fairness,
    juries,
    jury_lists,
    progress,
    remarks,
    rubrics,
    stages,
)
from contest.judging.views.room import blueprint, essay_rounds, first_essay_round
from contest.submissions.blind_access import register_blind_reader, register_text_listener

__all__ = [
    "assignments",
    "blueprint",
    "calibration",
    "chief",
    "desk",
    "exports",
    "extras",
    "fairness",
    "juries",
    "jury_lists",
    "progress",
    "register",
    "remarks",
    "rubrics",
    "stages",
]


def rubric_done(contest: Contest) -> bool:
    """Whether every essay round has its rubric; a contest without essays has nothing to do."""
    rounds = essay_rounds(contest)
    if not rounds:
        return True
    known = judged_rounds_of(contest.id)
    return all(
        each.stage is not Stage.PLANNED or (each.id in known and known[each.id].criteria)
        for each in rounds
    )


def _has_essays(permission: Permission) -> Callable[[Actor | None, Any], bool]:
    def visible(actor: Actor | None, contest: Any) -> bool:
        return (
            actor is not None
            and contest is not None
            and actor.may(permission, contest.scope.path)
            and bool(essay_rounds(contest))
        )

    return visible


def _judges(actor: Actor | None, context: Any) -> bool:
    del context
    return actor is not None and actor.may_somewhere(Permission.MARK)


def register(app: Flask) -> None:
    """Put the kind of round, its ranking keys, the wizard's step and the menus in place."""
    del app
    following.register()
    keeping.register()
    forgetting.register()
    register_kind(EssayKind())
    for key in KEYS:
        register_rank_key(key.entry)
    register_blind_reader("judging", reads_blind)
    register_text_listener("judging", follow_text)
    register_copier("judging", copy_rubric)
    register_step(
        WizardStep(
            "rubric",
            _l("Rubric for judges"),
            "judging.rubric",
            56,
            rubric_done,
            first_essay_round,
            optional=True,
            applies=lambda contest: bool(essay_rounds(contest)),
        )
    )
    for label, endpoint, icon, order, active in (
        (_l("Jury"), "judging.first_jury", "users", 36, ("judging.jury", "judging.seat")),
        (_l("Marking"), "judging.first_marking", "pen", 37, ("judging.marking", "judging.assign")),
    ):
        navigation.register(
            navigation.NavItem(
                "contest",
                label,
                endpoint,
                icon,
                order,
                _has_essays(Permission.MANAGE_REGISTRATIONS),
                active,
            )
        )
    navigation.register(
        navigation.NavItem("desk", _l("My judging"), "judging.rounds", "pen", 20, _judges)
    )
