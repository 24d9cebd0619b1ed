"""The blueprint, and how the views of organisers find their round."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from flask import Blueprint, url_for

from contest.contests.models import ContestKind, Round
from contest.contests.organised import organised_round
from contest.core.access import Actor, Permission
from contest.core.errors import NotFound
from contest.core.i18n import format_points
from contest.core.i18n import gettext as _
from contest.results.models import PrizeLevel
from contest.results.rules.unit_standings import UnitKey
from contest.results.rules.unit_words import KEY_NAMES, rounded
from contest.results.rules.words import KeyWords, in_sentence, prize_name

blueprint: Final = Blueprint("results", __name__)


@blueprint.app_template_filter("prize_name")
def level_name(level: Any) -> str:
    """The name of a prize level, stored or published."""
    return prize_name(level.code, level.name)


@blueprint.app_template_filter("decimal_points")
def points_of_text(text: str) -> str:
    """Points that are kept as text, "40.0000", for a reader."""
    return format_points(Decimal(text))


@blueprint.app_template_filter("rounded_mean")
def mean_in_words(mean: Fraction | None) -> str:
    """An exact mean to two places, for a reader."""
    return format_points(rounded(mean))


@blueprint.app_template_filter("unit_key_name")
def key_of_units(key: UnitKey) -> str:
    """The name of a key by which units are ranked."""
    return str(KEY_NAMES[key])


@blueprint.app_template_filter("in_sentence")
def title_in_sentence(title: str) -> str:
    """The title of a round behind other words."""
    return in_sentence(title)


def ranked_round(slug: str, number: int, permission: Permission) -> Round:
    """A round of an organiser's contest that is no practice.

    Raises:
        NotFound: there is none, it is practice, or it is not theirs.
    """
    found = organised_round(slug, number, permission)
    if found.is_practice:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a round's results."""

    label: str
    href: str
    current: bool


def round_tabs(round: Round, current: str, actor: Actor) -> list[Tab]:
    """Ranking, prizes and publication of a round, as far as the person may open them."""
    pages = {"ranking": _("Ranking"), "unit_standings": _("Units in order")}
    if actor.may(Permission.MANAGE_CONTEST, round.contest.scope.path):
        pages |= {"decide": _("Who gets a prize")}
        if round.kind is ContestKind.ESSAY:
            pages |= {"honours": _("Honoured persons"), "unsealing": _("Codes")}
        pages |= {
            "sign_off": _("Signatures"),
            "what_if": _("What if"),
            "publish": _("Publication"),
            "appeals": _("Requests"),
        }
    slug, number = round.contest.slug, round.number
    return [
        Tab(label, url_for(f"results.{name}", slug=slug, number=number), name == current)
        for name, label in pages.items()
    ]


def key_words(round: Round, codes: list[str]) -> KeyWords:
    """Words for the keys of a ranking of this round."""
    return KeyWords(round.kind, tuple(codes))


def level_names(levels: list[PrizeLevel]) -> dict[int, str]:
    """Names of prize levels by their ids."""
    return {level.id: prize_name(level.code, level.name) for level in levels}
