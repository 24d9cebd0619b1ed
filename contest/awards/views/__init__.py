"""Pages of awards: certificates and their verification, the register of commendations."""

from typing import Final

from flask import Flask

from contest.awards import certificate_keeping, register_keeping, subject_room
from contest.awards.actions.annulled_rounds import (
    CertificatesTakenBack,
    TotalsCertificatesTakenBack,
)
from contest.awards.actions.certificates import copy_designs
from contest.awards.views import (
    certificates,
    commendation_files,
    commendations,
    honours,
    nominations,
    verifying,
)
from contest.awards.views.base import blueprint
from contest.contests.annulling import register_annulment_follower
from contest.contests.copying import register_contest_copier
from contest.contests.models import Contest
from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.i18n import lazy_gettext as _l

__all__ = [
    "blueprint",
    "certificates",
    "commendation_files",
    "commendations",
    "honours",
    "nominations",
    "register",
    "verifying",
]

_REGISTER_PAGES: Final = (
    "awards.commendation",
    "awards.new_commendation",
    "awards.revoke",
    "awards.edit_honour",
)


def _sees_registers(actor: Actor | None, context: object) -> bool:
    del context
    return actor is not None and actor.may_somewhere(Permission.SEE_REPORTS)


def _certifies(actor: Actor | None, contest: Contest | None) -> bool:
    return (
        actor is not None
        and contest is not None
        and actor.may(Permission.MANAGE_CONTEST, contest.scope.path)
    )


def _nominates(actor: Actor | None, context: object) -> bool:
    del context
    return actor is not None and actor.may_somewhere(Permission.NOMINATE)


def register(app: Flask) -> None:
    """Put the room's pages into the menus, and tell accounts what the registers keep."""
    del app
    certificate_keeping.register()
    register_keeping.register()
    subject_room.register()
    register_contest_copier("awards", copy_designs)
    register_annulment_follower("certificates", CertificatesTakenBack())
    register_annulment_follower("certificates-of-totals", TotalsCertificatesTakenBack())
    navigation.register(
        navigation.NavItem(
            area="desk",
            label=_l("Commendations"),
            endpoint="awards.commendations",
            icon="award",
            order=40,
            visible=_sees_registers,
            active=_REGISTER_PAGES,
        )
    )
    navigation.register(
        navigation.NavItem(
            area="desk",
            label=_l("Nominations"),
            endpoint="awards.nominations",
            icon="pen",
            order=41,
            visible=_nominates,
            active=("awards.nomination", "awards.new_nomination"),
        )
    )
    navigation.register(
        navigation.NavItem("public", _l("Honour roll"), "awards.honour_roll", "award", 30)
    )
    navigation.register(
        navigation.NavItem(
            "contest",
            _l("Certificates"),
            "awards.certificates",
            "award",
            60,
            _certifies,
            ("awards.certificate_design", "awards.revoke_one", "awards.revoke_all"),
        )
    )
