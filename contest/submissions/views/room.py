"""The room's blueprint, and what its views share."""

import re
from typing import Any, Final

from flask import Blueprint, current_app, url_for
from markupsafe import Markup, escape

from contest.accounts.queries import all_units_on
from contest.accounts.queries.unit_ranges import UnitRange
from contest.contests.models import Contest, ContestKind, Round
from contest.contests.organised import organised_round
from contest.core.access import Permission, current_actor
from contest.core.clock import request_day
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.submissions import queries
from contest.submissions.models import EssayRound, Work
from contest.submissions.queries import figure_html
from contest.submissions.rules.answers import missing_in
from contest.submissions.rules.blinding import handed_in_pictures
from contest.submissions.rules.entry_forms import entry_form
from contest.submissions.rules.identity import MASK
from contest.submissions.rules.limits import Missing
from contest.submissions.rules.texts import read_html, write_html
from contest.submissions.words import work_words

blueprint: Final = Blueprint("submissions", __name__)
UNPROCESSABLE: Final = 422
_TAG: Final = re.compile(r"(<[^>]*>)")
_SHOWN: Final = Markup(
    '<span class="masked">{}<span class="sr">[</span>{}<span class="sr">]</span></span>'
)


def managed_round(
    slug: str, number: int, permission: Permission = Permission.MANAGE_CONTEST
) -> Round:
    """An essay round of a contest that the person may work on; its side bar is shown.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    return organised_round(slug, number, permission, ContestKind.ESSAY)


def units_of_authors(contest: Contest) -> UnitRange:
    """The units from which authors of a contest may come."""
    if contest.open_to_all_units:
        return all_units_on(request_day())
    branches = tuple(branch.unit.scope.path for branch in contest.eligible_units)
    return UnitRange(branches, request_day())


def first_essay_round(contest: Contest) -> dict[str, Any]:
    """Address values of the contest's first essay round, for the wizard's step."""
    numbers = [each.number for each in contest.rounds if each.kind is ContestKind.ESSAY]
    return {"slug": contest.slug, "number": min(numbers, default=1)}


def essay_rounds(contest: Contest) -> list[Round]:
    """The essay rounds of a contest, by number."""
    return [each for each in contest.rounds if each.kind is ContestKind.ESSAY]


def own_work(public_id: str) -> Work:
    """A work of the person who asks.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    work = queries.own_work(current_actor().person_id, public_id)
    if work is None:
        raise NotFound
    return work


def settings_of(contest_round: Round) -> EssayRound:
    """The settings of a round; those with which a round begins while none are stored."""
    return queries.essay_round(contest_round.id) or EssayRound(
        round_id=contest_round.id,
        call_text="",
        pledge_text=_(
            "I pledge that I wrote this essay myself, that it tells of a real person and real "
            "deeds, and that it has not been published before."
        ),
        min_words=0,
        max_words=1200,
        max_pictures=5,
        document_allowed=True,
        subject_required=True,
        coauthors_allowed=True,
        entries_per_author=1,
        grace_seconds=300,
    )


def shown_html(work: Work, body_html: str, endpoint: str, **values: Any) -> Markup:
    """A text with the pictures that stand in it, for its author."""
    files = {file.public_id: file for file in work.files}

    def figure(file_id: str) -> str:
        file = files.get(file_id)
        if file is None:
            return ""
        address = url_for(endpoint, file_id=file_id, **values)
        return figure_html(address, file.caption, file.alternative_text)

    return Markup(write_html(read_html(body_html), figure))  # noqa: S704  (built from blocks)


def handed_in_html(work: Work, body_html: str, endpoint: str, **values: Any) -> Markup:
    """A text with all its pictures, for those who decide about it; unplaced ones stand below."""
    placed = {block.file_id for block in read_html(body_html)}
    rest = [
        figure_html(
            url_for(endpoint, file_id=file.public_id, **values), file.caption, file.alternative_text
        )
        for file in handed_in_pictures(work)
        if file.public_id not in placed
    ]
    return shown_html(work, body_html, endpoint, **values) + Markup("".join(rest))  # noqa: S704


@blueprint.app_template_filter("masks")
def show_masks(text: str) -> Markup:
    """A text with what was hidden in it set apart: an icon and words instead of brackets.

    The brackets stay for copies and screen readers, and because places of notes count them.

    Args:
        text: plain words, which are escaped, or clean HTML as Markup.
    """
    icon = current_app.jinja_env.globals["svg_icon"]("eye-off")  # type: ignore[operator]

    def shown(found: re.Match[str]) -> str:
        return str(_SHOWN.format(icon, found[0][1:-1]))

    parts = _TAG.split(str(escape(text)))
    return Markup("").join(
        Markup(part if part.startswith("<") else MASK.sub(shown, part))  # noqa: S704  (escaped)
        for part in parts
    )


@blueprint.app_template_filter("work_words")
def work_words_of(contest_round: Round) -> dict[str, str]:
    """What the author's pages of a round call a work."""
    return work_words(entry_form(settings_of(contest_round)))


def missing_of(work: Work) -> list[Missing]:
    """What an essay still lacks before it can be handed in."""
    version = work.version
    if version is None:
        return []
    essay = settings_of(work.round)
    return missing_in(essay, entry_form(essay), work, version)
