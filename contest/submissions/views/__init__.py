"""Pages of the submissions room."""

from flask import Flask

from contest.contests.copying import register_copier
from contest.contests.models import Contest
from contest.contests.steps import WizardStep, register_step
from contest.core import navigation
from contest.core.access import Permission, Role
from contest.core.i18n import lazy_gettext as _l
from contest.submissions import following, forgetting, keeping, queries
from contest.submissions.actions import copy_settings
from contest.submissions.views import (
    confirmation_letters,
    confirmations,
    custody,
    entry_forms,
    files,
    guardians,
    late_codes,
    organising,
    paper,
    screening,
    subject_decisions,
    subjects,
    submitting,
    writing,
)
from contest.submissions.views.room import blueprint, essay_rounds, first_essay_round

__all__ = [
    "blueprint",
    "confirmation_letters",
    "confirmations",
    "custody",
    "entry_forms",
    "files",
    "guardians",
    "late_codes",
    "organising",
    "paper",
    "register",
    "screening",
    "subject_decisions",
    "subjects",
    "submitting",
    "writing",
]


def essays_done(contest: Contest) -> bool:
    """Whether every essay round has its call and pledge; true where there is none."""
    rounds = essay_rounds(contest)
    known = queries.essay_rounds_of(contest.id) if rounds else {}
    return all(each.id in known for each in rounds)


def register(app: Flask) -> None:
    """Put the wizard's step and the copier in place."""
    del app
    following.register()
    keeping.register()
    forgetting.register()
    register_copier("submissions", copy_settings)
    navigation.register(
        navigation.NavItem(
            "desk",
            _l("Works of my unit"),
            "submissions.unit_works",
            "building",
            45,
            visible=lambda actor, _contest: (
                actor is not None
                and any(grant.role is Role.UNIT_COORDINATOR for grant in actor.grants)
            ),
            active=("submissions.unit_works", "submissions.confirm"),
        )
    )
    register_step(
        WizardStep(
            "essay",
            _l("Call for essays"),
            "submissions.settings",
            55,
            essays_done,
            first_essay_round,
            optional=True,
        )
    )
    navigation.register(
        navigation.NavItem(
            "desk",
            _l("Persons written about"),
            "submissions.subjects",
            "users",
            39,
            visible=lambda actor, _context: (
                actor is not None and actor.may_somewhere(Permission.MANAGE_REGISTRATIONS)
            ),
            active=("submissions.subject",),
        )
    )
    navigation.register(
        navigation.NavItem(
            "contest",
            _l("Screening of essays"),
            "submissions.first_screening",
            "file",
            35,
            visible=lambda actor, contest: (
                actor is not None
                and contest is not None
                and bool(essay_rounds(contest))
                and actor.may(Permission.MANAGE_REGISTRATIONS, contest.scope.path)
            ),
            active=("submissions.screening", "submissions.screen", "submissions.duplicate"),
        )
    )
