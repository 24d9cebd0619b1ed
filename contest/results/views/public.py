"""What everybody may read of a published round, and "why this place" for a contestant."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from contest.accounts.queries import unit_fates
from contest.contests.models import ContestKind
from contest.core.access import current_actor, current_actor_or_none, public, signed_in
from contest.core.clock import LOCAL_ZONE, request_day, request_now
from contest.core.documents import printer
from contest.core.errors import NotFound
from contest.core.files import download as send_file
from contest.core.i18n import format_count, language
from contest.core.i18n import gettext as _
from contest.core.page_cache import keep_for_strangers
from contest.core.table_files import send_sheets
from contest.core.transactions import only_reads
from contest.core.vietnamese import fold
from contest.judging.queries.remarks import passed_remarks
from contest.quizzes.rank_keys.lot import KEY, lot_of
from contest.quizzes.rules.counting import n_for
from contest.results import queries
from contest.results.publication_sheets import is_essay, result_sheets, words_of
from contest.results.queries import PublicationHead
from contest.results.queries.appeals import moved_by_appeal
from contest.results.rules.allocation import first_difference
from contest.results.rules.extra_snapshots import PublishedExtra
from contest.results.rules.refusals import NoOwnResult
from contest.results.rules.snapshots import (
    Correction,
    GivesPrizes,
    Published,
    UnitLine,
    changed_parts,
    correction,
)
from contest.results.rules.unit_standings import UnitStanding
from contest.results.rules.unit_words import reason
from contest.results.rules.winners import Winner
from contest.results.rules.words import PASSED_WORDS, in_sentence, prize_name
from contest.results.unit_sheets import found_units
from contest.results.views.base import blueprint

_FIRST_WINNERS = 20
_FIRST_UNITS = 9
_CARDS = 3


def local_day(now: datetime) -> date:
    """The day in Việt Nam."""
    return now.astimezone(LOCAL_ZONE).date()


def found_winners(said: Published, query: str) -> list[Winner]:
    """Winners whose name, unit path or prize holds every word, marks not needed."""
    wanted = fold(query[:100]).split()
    if not wanted:
        return list(said.winners)
    return [
        winner for winner in said.winners if all(word in _searched(said, winner) for word in wanted)
    ]


def _searched(said: Published, winner: Winner) -> str:
    level = said.level_of(winner)
    prize = prize_name(level.code, level.name)
    return fold(" ".join((winner.names, winner.title, *winner.path, winner.division, prize)))


def highest(said: GivesPrizes) -> list[Winner]:
    """The winners shown large: the highest levels, as long as they are few."""
    high = [winner for winner in said.winners if said.level_of(winner).code != "consolation"]
    cards: list[Winner] = []
    for level in sorted({winner.level for winner in high}):
        group = [winner for winner in high if winner.level == level]
        if cards and len(cards) + len(group) > _CARDS:
            break
        cards += group
        if len(cards) >= _CARDS:
            break
    return cards if len(cards) <= 2 * _CARDS else []


def page_context(said: Published, query: str, *, show_all: bool) -> dict[str, Any]:
    """What the public page shows of a publication."""
    winners = found_winners(said, query)
    limited = winners if show_all or query else winners[:_FIRST_WINNERS]
    top = max((branch.persons for branch in said.branches), default=0)
    return {
        "said": said,
        "words": words_of(said),
        "query": query,
        "cards": [] if said.divisions else highest(said),
        "winners": limited,
        "found": len(winners),
        "branches": said.ordered_branches[:_FIRST_UNITS],
        "most_persons": top,
        "all_correct": said.facts.get("n", {}).get("all"),
        "n_by_division": queries.n_by_division(said.facts),
        "since": units_since(said.ordered_branches[:_FIRST_UNITS], said.extras),
    }


def units_since(
    lines: Iterable[UnitLine | UnitStanding], extras: Iterable[PublishedExtra] = ()
) -> dict[tuple[str, ...], str]:
    """By path as it was, in words what has become of the units that a page shows."""
    paths = [line.path for line in lines]
    paths += [unit.path for one in extras for unit in one.units]
    return {path: fate.words for path, fate in unit_fates(paths, request_day()).items()}


def published(slug: str, number: int, version: int | None = None) -> PublicationHead:
    """A publication of a round; the latest unless a version is named.

    Raises:
        NotFound: nothing is published there.
    """
    head = queries.publication_head(slug, number, version)
    if head is None:
        raise NotFound
    return head


def _etag(head: PublicationHead, said: Published, context: Mapping[str, Any]) -> str:
    parts = (
        head.digest,
        str(head.annulled_at),
        *sorted(said.hidden),
        *sorted(context.get("readable", frozenset())),
        *sorted(f"{path}{words}" for path, words in context.get("since", {}).items()),
        language(),
        request.cookies.get("theme", ""),
        request.full_path,
        str(current_app.jinja_env.from_string("{{ static_url('css/results.css') }}").render()),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _cached(template: str, head: PublicationHead, said: Published, **context: Any) -> Response:
    """A page that a reader's browser may keep and ask about; 304 without rendering it again.

    Only strangers get it so: a page with somebody's name in its bar is nobody else's.
    """
    if current_actor_or_none() is not None:
        response = make_response(render_template(template, head=head, said=said, **context))
        response.headers["Cache-Control"] = "private, no-store"
        return response
    tag = _etag(head, said, context)
    if request.if_none_match.contains_weak(tag):  # the tag of a packed page is weak
        response = Response(status=304)
    else:
        response = make_response(render_template(template, head=head, said=said, **context))
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return keep_for_strangers(response)


@blueprint.get("/contests/<slug>/results/<int:number>", endpoint="public")
@only_reads
@public
def public_results(slug: str, number: int) -> ResponseReturnValue:
    """The published results of a round: figures, winners, units, downloads, digest."""
    head = published(slug, number)
    return _results_page(head)


@blueprint.get("/contests/<slug>/results/<int:number>/publications/<int:version>")
@public
def version(slug: str, number: int, version: int) -> ResponseReturnValue:
    """An earlier publication, as it was; it says that it has been corrected."""
    return _results_page(published(slug, number, version))


def _results_page(head: PublicationHead) -> Response:
    said = queries.publication(head)
    query = " ".join(request.args.get("q", "")[:100].split())
    context = page_context(said, query, show_all="all" in request.args)
    del context["said"]
    readable = queries.readable_works(head, said, local_day(request_now()))
    heads = queries.publication_heads(head.round_id)
    return _cached(
        "results/public.html",
        head,
        said,
        is_preview=False,
        slug=head.contest_slug,
        number=head.round_number,
        heads=heads,
        corrects=_correction(heads, said),
        readable=readable,
        **context,
    )


def _correction(heads: Sequence[PublicationHead], said: Published) -> Correction | None:
    """Against the publication before it; None for the first."""
    before = next((one for one in heads if one.number == said.number - 1), None)
    if before is None:
        return None
    was = queries.publication(before)
    return correction(before.number, was, said, changed_parts(was, said))


@blueprint.get("/contests/<slug>/results/<int:number>/share.png")
@public
def share_picture(slug: str, number: int) -> ResponseReturnValue:
    """A picture to share, 1200 × 630: no more than the page in force says."""
    said = queries.publication(published(slug, number))
    content = _drawn(
        json.dumps(share_card(said), ensure_ascii=False),
        current_app.extensions["settings"].instance,
    )
    return send_file(content, name="guong-sang.png", media_type="image/png")


def share_card(said: Published) -> dict[str, Any]:
    """What the picture to share says of a publication."""
    essays = said.round_kind == ContestKind.ESSAY
    cards = [] if said.divisions else highest(said)
    return {
        "lang": language(),
        "contest": said.contest,
        "title": _("Results: %(round)s", round=in_sentence(said.round)),
        "figures": [
            [format_count(said.persons), _("people took part")],
            [format_count(said.attempts), _("essays handed in") if essays else _("attempts")],
        ],
        "winners": [
            [str(prize_name(said.level_of(each).code, said.level_of(each).name)), each.names,
             each.path[0] if each.path else ""]
            for each in cards[:_CARDS]
        ],
        "decision": said.decision_number,
    }  # fmt: skip


@lru_cache(maxsize=32)
def _drawn(card: str, instance: Path) -> bytes:
    """The picture of what it says; a withdrawn consent says something else and is drawn anew."""
    with printer("results/share-card", instance=instance) as open_printer:
        return open_printer.picture(json.loads(card), points_per_inch=72)


@blueprint.get("/contests/<slug>/results/<int:number>/units")
@public
def units(slug: str, number: int) -> ResponseReturnValue:
    """The whole table by unit, persons and attempts."""
    head = published(slug, number)
    said = queries.publication(head)
    query = " ".join(request.args.get("q", "")[:100].split())
    wanted = fold(query).split()
    lines = [line for line in said.ordered_branches if _names_hold(line, wanted)]
    standings = found_units(said.standings.lines, query) if said.standings else []
    top = max((branch.persons for branch in said.branches), default=0)
    return _cached(
        "results/units.html",
        head,
        said,
        lines=lines,
        query=query,
        most_persons=top,
        standings=standings,
        since=units_since(standings if said.standings else lines),
        reason=reason,
    )


def _names_hold(line: UnitLine, wanted: list[str]) -> bool:
    names = fold(" ".join(line.path))
    return all(word in names for word in wanted)


@blueprint.get("/contests/<slug>/results/<int:number>/answers")
@public
def answers(slug: str, number: int) -> ResponseReturnValue:
    """The answer key with its explanations."""
    head = published(slug, number)
    said = queries.publication(head)
    if not said.answers:
        raise NotFound
    return _cached("results/answers.html", head, said)


@blueprint.get("/contests/<slug>/results/<int:number>.<any(xlsx,csv,zip):kind>")
@public
def download(slug: str, number: int, kind: str) -> ResponseReturnValue:
    """Winners, units and answer key as Excel or CSV files in a zip; the winners alone as CSV."""
    head = published(slug, number)
    said = queries.publication(head)
    return send_sheets(result_sheets(said), kind=kind, name=f"{slug}-{number}-{head.number}")


@blueprint.get("/contests/<slug>/results/<int:number>/mine")
@signed_in
def why(slug: str, number: int) -> ResponseReturnValue:
    """My keys beside the neighbours', without their names; my lot, to be drawn again."""
    head = published(slug, number)
    own = queries.own_place(current_actor().person_id, head.id)
    if own is None:
        raise NoOwnResult
    said = queries.publication(head)
    fates = unit_fates([path for _name, path in own.unit_extras], request_day())
    return render_template(
        "results/why.html",
        head=head,
        said=said,
        own=own,
        since={path: fate.words for path, fate in fates.items()},
        words=words_of(said),
        all_correct=n_for(said.facts, own.division_id) if "n" in said.facts else None,
        passed=PASSED_WORDS.get(own.passed_over) if own.passed_over else None,
        lot=_own_lot(said, own.entry_public_id),
        difference=first_difference,
        criteria=queries.criterion_means(head.round_id, own.entry_id) if is_essay(said) else [],
        appealed=moved_by_appeal(head.round_id, own.entry_id) if is_essay(said) else None,
        remarks=passed_remarks(head.round_id, own.entry_id) if is_essay(said) else [],
        own_title=queries.own_title(head.round_id, own.entry_id) if is_essay(said) else "",
    )


def _own_lot(said: Published, entry_public_id: str) -> str:
    """The lot of an entry as pages show it; empty where a quiz drew none."""
    seed = said.facts.get("seed")
    if not seed or said.round_kind != ContestKind.QUIZ or "lot" not in said.keys:
        return ""
    return KEY.shown(lot_of(seed, entry_public_id))
