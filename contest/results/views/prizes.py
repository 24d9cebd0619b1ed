"""Deciding who gets what: the outcome and its trace before it is decided, and afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import ContestKind, Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions import (
    decide_prizes,
    honours_as_json,
    is_current,
    outcome_digest,
    preview_prizes,
)
from contest.results.forms import (
    DecideForm,
    TieAnswer,
    empty_name,
    read_empty,
    read_tie,
    tie_decision,
    tie_name,
)
from contest.results.models import (
    Allocation,
    Over,
    PrizeLevel,
    Ranking,
    TotalRun,
    contest_of,
)
from contest.results.queries import RankingLine
from contest.results.queries.carrying import carried_into
from contest.results.queries.extra_prizes import extra_prizes
from contest.results.rules.allocation import Outcome, Stop
from contest.results.rules.extra_prizes import KeptExtra, kept_extras
from contest.results.rules.prize_terms import TieDecision, Withheld
from contest.results.rules.trace import trace_line
from contest.results.rules.words import trace_sentence
from contest.results.views.base import (
    blueprint,
    level_names,
    managed_over,
    place_of,
    shown_over,
    words_over,
)
from contest.results.views.extra_prizes import ShownExtra, choose_extras, shown_extras

_MOST_NAMES = 12
_MOST_ASKED = 200


@dataclass
class _Choice:
    """What was chosen so far among equals, and what is still to choose."""

    outcome: Outcome
    divisions: list[int | None]
    empty: dict[tuple[int | None, int], Withheld] = field(default_factory=dict)
    decisions: dict[tuple[int | None, int], TieDecision] = field(default_factory=dict)
    answers: dict[str, TieAnswer] = field(default_factory=dict)
    ties: list[dict[str, Any]] = field(default_factory=list)


def _choose(over: Over, run: Ranking, levels: Sequence[PrizeLevel]) -> _Choice:
    """The outcome with every choice that was sent; each answered tie may bring up the next."""
    divisions = queries.divisions_of(run)
    positions = {level.id: position for position, level in enumerate(levels)}
    empty = {
        (division_id, level.id): left
        for place, division_id in enumerate(divisions)
        for level in levels
        if (left := read_empty(request.form, empty_name(place, positions[level.id]))) is not None
    }
    choice = _Choice(preview_prizes(over, run, None, empty, divisions), divisions, empty)
    while choice.outcome.stops:
        fresh = {}
        for stop in choice.outcome.stops:
            name = tie_name(divisions.index(stop.division_id), positions[stop.level_id])
            found = _answered(run, stop, name, choice)
            if found is not None:
                fresh[stop.division_id, stop.level_id] = found
        if not fresh:
            return choice
        choice.decisions |= fresh
        choice.outcome = preview_prizes(over, run, choice.decisions, choice.empty, divisions)
    return choice


def _answered(run: Ranking, stop: Stop, name: str, choice: _Choice) -> TieDecision | None:
    answer = read_tie(request.form, name)
    lines = queries.ranking_lines_of(run, stop.entries)
    decision = None
    if answer is not None:
        ids = {line.entry_public_id: line.entry_id for line in lines.values()}
        decision = tie_decision(stop, answer, ids)
    choice.ties = [tie for tie in choice.ties if tie["name"] != name]
    choice.ties.append(
        {
            "name": name,
            "stop": stop,
            "answer": answer,
            "is_settled": decision is not None,
            "lines": [lines[entry_id] for entry_id in stop.entries[:_MOST_ASKED]],
        }
    )
    return decision


@dataclass(frozen=True)
class _Names:
    """Names of entries in sentences; long lists say how many more there are."""

    lines: Mapping[int, RankingLine]

    def __call__(self, entries: Sequence[int]) -> str:
        known = [self.lines[one].full_name for one in entries[:_MOST_NAMES] if one in self.lines]
        rest = len(entries) - len(known)
        words = ", ".join(known)
        return _("%(names)s and %(rest)s more", names=words, rest=rest) if rest > 0 else words


def _outcome(
    over: Over,
    run: Ranking,
    outcome: Outcome,
    levels: list[PrizeLevel],
    kept: Sequence[KeptExtra],
) -> dict[str, Any]:
    """Awards by level and beside the levels, and the trace in sentences."""
    words, named = words_over(run), level_names(levels)
    wanted = [one.entry_id for one in outcome.given]
    wanted += [entry for line in outcome.trace for entry in line.entries[:_MOST_NAMES]]
    lines = queries.ranking_lines_of(run, sorted(set(wanted)))
    divisions = {one.id: one.name for one in contest_of(over).divisions}
    return {
        "words": words,
        "lines": lines,
        "outcome": outcome,
        "division_names": divisions,
        "sealed": (sealed := queries.is_sealed(over)),
        "extras": shown_extras(run, kept, _Names),
        "trace": [
            (
                divisions.get(line.division_id or 0, ""),
                trace_sentence(
                    line,
                    level=named.get(line.level_id or 0, ""),
                    names=_Names(lines),
                    keys=words,
                    sealed=sealed,
                ),
            )
            for line in outcome.trace
        ],
    }


def told_steps(over: Over, allocation: Allocation) -> list[str]:
    """The way to a decision in sentences, for its minutes."""
    kept = Outcome(trace=[trace_line(line) for line in allocation.trace])
    extras = kept_extras(allocation.extras)
    told = _outcome(over, allocation.ranking, kept, queries.prize_levels(over), extras)
    steps = [f"{division}: {words}" if division else words for division, words in told["trace"]]
    return [*steps, *(step for one in told["extras"] for step in one.steps)]


def _gains(over: Over, outcome: Outcome) -> dict[str, Any]:
    """Who gains, changes or loses a prize against the decision in force."""
    allocation = queries.latest_allocation(over)
    if allocation is None:
        return {"allocation": None, "previous": {}, "lost": []}
    before = {award.entry_id: award for award in queries.awards_of(allocation.id)}
    now = {one.entry_id for one in outcome.given}
    gone = [award for entry_id, award in before.items() if entry_id not in now]
    lines = queries.ranking_lines_of(allocation.ranking, [award.entry_id for award in gone])
    lost = [(lines[award.entry_id], award) for award in gone if award.entry_id in lines]
    return {"allocation": allocation, "previous": before, "lost": lost}


def _show_decision(over: Over, form: DecideForm, *, status: int = 200) -> ResponseReturnValue:
    run = queries.latest_ranking(over)
    levels = queries.prize_levels(over)
    carried = carried_into(over)
    contest, is_total = contest_of(over), not isinstance(over, Round)
    context: dict[str, Any] = {}
    prizes = extra_prizes(over)
    if run is not None and (levels or prizes or is_total):
        choice = _choose(over, run, levels)
        beside = choose_extras(over, run, choice.outcome)
        form.run.data = run.public_id
        form.expected.data = outcome_digest(
            run, choice.outcome, honours_as_json(over), beside.given
        )
        context = {"choice": choice, "beside": beside, **_gains(over, choice.outcome)}
        context |= _outcome(over, run, choice.outcome, levels, beside.kept)
    page = render_template(
        "results/decide.html",
        **shown_over(over, "decide"),
        run=run,
        is_current=not isinstance(run, TotalRun) or is_current(contest, run),
        is_total=is_total,
        levels=levels,
        names=level_names(levels),
        codes={level.id: level.code.value for level in levels},
        has_prizes=bool(levels or prizes),
        budget=queries.budget(levels, len(contest.divisions), carried, prizes),
        carried=carried,
        form=form,
        empty_name=empty_name,
        **_essay_context(over),
        **context,
    )
    return page, status


def _essay_context(over: Over) -> dict[str, Any]:
    if not isinstance(over, Round) or over.kind is not ContestKind.ESSAY:
        return {"honoured": None, "unsealing": None}
    return {"honoured": queries.honours(over.id), "unsealing": queries.unsealing_of(over.id)}


@blueprint.get("/organise/contests/<slug>/totals/prizes")
@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/prizes")
@requires(Permission.MANAGE_CONTEST)
def decide(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Who would get what, why, and why not the next; ties that wait for a person."""
    return _show_decision(managed_over(slug, number), DecideForm())


@blueprint.post("/organise/contests/<slug>/totals/prizes")
@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/prizes")
@requires(Permission.MANAGE_CONTEST)
def save_decision(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Look at the outcome of a choice, or decide it."""
    over = managed_over(slug, number)
    form = DecideForm()
    if request.form.get("step") != "decide":
        return _show_decision(over, form)
    run = queries.latest_ranking(over)
    if run is None or not form.validate_on_submit():
        return _show_decision(over, form, status=422)
    choice = _choose(over, run, queries.prize_levels(over))
    beside = choose_extras(over, run, choice.outcome)
    if beside.is_wrong:
        return _show_decision(over, form, status=422)
    decide_prizes(
        over=over,
        run=run if run.public_id == form.run.data else None,
        decisions=choice.decisions,
        empty=choice.empty,
        answers=beside.answers,
        expected=form.expected.data or "",
        reason=form.reason.data or "",
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The prizes are decided. Nothing is public yet."), "success")
    following = "results.unsealing" if queries.is_sealed(over) else "results.publish"
    return redirect(url_for(following, **place_of(over)))


def extras_as_decided(allocation: Allocation) -> list[ShownExtra]:
    """The prizes beside the levels of a decision, with who gets them."""
    return shown_extras(allocation.ranking, kept_extras(allocation.extras), _Names)


@blueprint.get("/organise/contests/<slug>/totals/prizes/trace")
@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/prizes/trace")
@requires(Permission.SEE_CONTEST)
def trace(slug: str, number: int | None = None) -> ResponseReturnValue:
    """The trace of the decision in force."""
    over = managed_over(slug, number, Permission.SEE_CONTEST)
    allocation = queries.latest_allocation(over)
    if allocation is None:
        raise NotFound
    kept = Outcome(trace=[trace_line(line) for line in allocation.trace])
    awards = queries.awards_of(allocation.id)
    run = allocation.ranking
    extras = kept_extras(allocation.extras)
    context = _outcome(over, run, kept, queries.prize_levels(over), extras)
    lines = queries.ranking_lines_of(run, [award.entry_id for award in awards])
    if context["sealed"]:  # the order of names would tell something of them
        awards.sort(key=lambda one: (one.place, lines[one.entry_id].code))
    context["lines"] = lines
    return render_template(
        "results/trace.html",
        **shown_over(over, "trace"),
        allocation=allocation,
        run=run,
        awards=awards,
        **context,
    )
