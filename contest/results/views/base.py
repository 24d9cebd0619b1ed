"""The blueprint, and how the views of organisers find their round."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from flask import Blueprint, url_for

from contest.contests.models import ContestKind, Round
from contest.contests.organised import organised_contest, organised_round
from contest.core.access import Actor, Permission, current_actor
from contest.core.errors import NotFound
from contest.core.i18n import format_points
from contest.core.i18n import gettext as _
from contest.results.models import (
    Over,
    PrizeLevel,
    Ranking,
    TotalRun,
    contest_of,
    number_of,
)
from contest.results.rules.total_words import TotalKeyWords
from contest.results.rules.unit_standings import UnitKey
from contest.results.rules.unit_words import KEY_NAMES, rounded
from contest.results.rules.words import KeyWords, in_sentence, prize_name, told_title

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


def managed_over(
    slug: str, number: int | None, permission: Permission = Permission.MANAGE_CONTEST
) -> Over:
    """What an organiser's page is about: a round, or the totals where no number stands.

    Raises:
        NotFound: there is none, it is practice, or it is not theirs.
    """
    if number is None:
        return organised_contest(slug, permission)
    return ranked_round(slug, number, permission)


def place_of(over: Over) -> dict[str, Any]:
    """The values of the addresses of a round's or the totals' pages, and of their templates."""
    return {"slug": contest_of(over).slug, "number": number_of(over)}


def shown_over(over: Over, current: str) -> dict[str, Any]:
    """What every page about the results of a round or of totals needs.

    Args:
        over: what it is about.
        current: the endpoint of the page, without the room.
    """
    is_round = isinstance(over, Round)
    return {
        **place_of(over),
        "contest": contest_of(over),
        "round": over if is_round else None,
        "what": told_title(over),
        "tabs": result_tabs(over, current, current_actor()),
        "tabs_label": _("Results of this round") if is_round else _("Results of the whole contest"),
    }


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a round's results."""

    label: str
    href: str
    current: bool


def result_tabs(over: Over, current: str, actor: Actor) -> list[Tab]:
    """Ranking, prizes and publication, as far as the person may open them."""
    is_round = isinstance(over, Round)
    pages = (
        {"ranking": _("Ranking"), "unit_standings": _("Units in order")}
        if is_round
        else {"totals": _("Standings")}
    )
    if actor.may(Permission.MANAGE_CONTEST, contest_of(over).scope.path):
        pages |= {"decide": _("Who gets a prize")}
        if isinstance(over, Round) and over.kind is ContestKind.ESSAY:
            pages |= {"honours": _("Honoured persons"), "unsealing": _("Codes")}
        pages |= {"sign_off": _("Signatures")}
        if is_round:
            pages |= {"what_if": _("What if")}
        pages |= {"publish": _("Publication")}
        if is_round:
            pages |= {"appeals": _("Requests")}
    return [
        Tab(label, url_for(f"results.{name}", **place_of(over)), name == current)
        for name, label in pages.items()
    ]


def key_words(round: Round, codes: list[str]) -> KeyWords:
    """Words for the keys of a ranking of this round."""
    return KeyWords(round.kind, tuple(codes))


def words_over(run: Ranking) -> KeyWords:
    """Words for the keys of a ranking, of a round or of totals."""
    return TotalKeyWords() if isinstance(run, TotalRun) else key_words(run.round, run.keys)


def level_names(levels: list[PrizeLevel]) -> dict[int, str]:
    """Names of prize levels by their ids."""
    return {level.id: prize_name(level.code, level.name) for level in levels}
