"""The blueprint of the room, its entries in the menus, and the contest of an address."""

from datetime import datetime
from typing import Any, Final

from flask import Blueprint, request

from contest.contests.models import Round
from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.clock import LOCAL_ZONE
from contest.core.errors import NotFound
from contest.core.i18n import language
from contest.core.i18n import lazy_gettext as _l

blueprint: Final = Blueprint("portal", __name__)


def _sees_contests(actor: Actor | None, context: Any) -> bool:
    del context
    return actor is not None and actor.may_somewhere(Permission.SEE_CONTEST)


for _item in (
    navigation.NavItem(
        "public", _l("Contests"), "portal.contest_list", "book", 10, active=("portal.contest",)
    ),
    navigation.NavItem(
        "public", _l("Results"), "portal.results", "award", 20, active=("results.",)
    ),
    navigation.NavItem("public", _l("Check a receipt"), "quizzes.check_receipt", "receipt", 30),
    navigation.NavItem("desk", _l("Overview"), "portal.desk", "home", 10),
    navigation.NavItem("contest", _l("Overview"), "portal.contest_home", "home", 10),
    navigation.NavItem("contest", _l("Figures"), "portal.statistics", "chart", 80),
):
    navigation.register(_item)


def short_day(instant: datetime) -> str:
    """A local day without its year: "23/11" ("23 Nov" in English)."""
    local = instant.astimezone(LOCAL_ZONE)
    if language() == "vi":
        return f"{local.day:02d}/{local.month:02d}"
    return f"{local.day} {local.strftime('%b')}"


def short_instant(instant: datetime) -> str:
    """A local day and time without the year: "23/11, 10:00"."""
    local = instant.astimezone(LOCAL_ZONE)
    return f"{short_day(instant)}, {local.hour}:{local.minute:02d}"


def wanted_number() -> int | None:
    """The number of the round that the address asks for."""
    typed = request.args.get("round", "")
    return int(typed) if typed.isdecimal() and len(typed) < 5 else None  # noqa: PLR2004


def found_round(round: Round | None, number: int | None) -> Round | None:
    """The round of an address; a number that the contest does not have is 404."""
    if round is None and number is not None:
        raise NotFound
    return round
