"""Prize levels (a step of the wizard), and deciding who gets what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.actions import leave_wizard_at
from contest.contests.models import Contest, ContestKind, RankRun, Round
from contest.contests.organised import organised_contest
from contest.contests.rules import ranked_rounds
from contest.contests.steps import next_step
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.results import queries
from contest.results.actions import (
    decide_prizes,
    honours_as_json,
    outcome_digest,
    preview_prizes,
    set_prize_levels,
    set_prize_terms,
    set_prizes_of_contest,
)
from contest.results.forms import (
    DecideForm,
    PrizesForm,
    TermsForm,
    TieAnswer,
    empty_name,
    prize_rows,
    read_empty,
    read_tie,
    tie_decision,
    tie_name,
)
from contest.results.models import Allocation, PrizeLevel
from contest.results.queries import RankingLine
from contest.results.queries.carrying import carried_into
from contest.results.rules.allocation import Outcome, Stop
from contest.results.rules.prize_terms import TieDecision, Withheld
from contest.results.rules.trace import trace_line
from contest.results.rules.words import trace_sentence
from contest.results.views.base import blueprint, key_words, level_names, ranked_round, round_tabs

_MOST_NAMES = 12
_MOST_ASKED = 200


def _chosen_round(contest: Contest) -> Round | None:
    rounds = ranked_rounds(contest.rounds)
    wanted = request.args.get("round", "")
    if wanted:
        found = next((one for one in rounds if str(one.number) == wanted), None)
        if found is None:
            raise NotFound
        return found
    return rounds[0] if rounds else None


def _show_levels(
    contest: Contest, round: Round | None, form: PrizesForm, terms: TermsForm | None = None
) -> str:
    levels = queries.prize_levels(round.id) if round else []
    carried = carried_into(round) if round else []
    return render_template(
        "results/prizes.html",
        contest=contest,
        round=round,
        rounds=ranked_rounds(contest.rounds),
        form=form,
        levels=levels,
        budget=queries.budget(levels, len(contest.divisions)),
        carried=carried,
        level_words=level_names(levels),
        is_decided=round is not None and queries.latest_allocation(round.id) is not None,
        next_step=next_step("prizes"),
        terms=terms or (_terms_form(round) if round else None),
    )


def _terms_form(round: Round) -> TermsForm:
    return TermsForm(obj=queries.prize_terms(round.id))


@blueprint.get("/organise/contests/<slug>/prizes")
@requires(Permission.MANAGE_CONTEST)
def prizes(slug: str) -> ResponseReturnValue:
    """The prize levels of a round; `?usual=1` offers those of a usual week."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    round = _chosen_round(contest)
    levels = queries.prize_levels(round.id) if round else []
    usual = "usual" in request.args
    rows = prize_rows(levels, usual=usual)
    many = len(ranked_rounds(contest.rounds)) > 1
    form = PrizesForm(data={"levels": rows, "everywhere": many and not levels})
    return _show_levels(contest, round, form)


@blueprint.post("/organise/contests/<slug>/prizes")
@requires(Permission.MANAGE_CONTEST)
def save_prizes(slug: str) -> ResponseReturnValue:
    """Keep the levels; on to the next step while the contest is a draft."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    round = _chosen_round(contest)
    form = PrizesForm()
    if round is None:
        raise NotFound
    if not form.validate_on_submit():
        return _show_levels(contest, round, form), 422
    actor, now, values = current_actor(), request_now(), form.values()
    if form.everywhere.data:
        set_prizes_of_contest(contest=contest, levels=values, actor=actor, now=now)
    else:
        set_prize_levels(round=round, levels=values, actor=actor, now=now)
    flash(_("The prizes are kept."), "success")
    following = next_step("prizes")
    if request.form.get("then") == "next" and following is not None:
        leave_wizard_at(contest=contest, step=following.code)
        return redirect(url_for(following.endpoint, **following.values(contest)))
    return redirect(url_for("results.prizes", slug=slug, round=round.number))


@blueprint.post("/organise/contests/<slug>/prizes/terms")
@requires(Permission.MANAGE_CONTEST)
def save_terms(slug: str) -> ResponseReturnValue:
    """Keep the limits on prizes, and what authors read of their marks."""
    contest = organised_contest(slug, Permission.MANAGE_CONTEST)
    round, terms = _chosen_round(contest), TermsForm()
    if round is None:
        raise NotFound
    if not terms.validate_on_submit():
        rows = prize_rows(queries.prize_levels(round.id), usual=False)
        form = PrizesForm(formdata=None, data={"levels": rows})
        return _show_levels(contest, round, form, terms), 422
    set_prize_terms(
        round=round,
        per_author=terms.per_author.data,
        per_unit=terms.per_unit.data,
        shows_criteria=bool(terms.shows_criteria.data),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The limits are kept."), "success")
    return redirect(url_for("results.prizes", slug=slug, round=round.number))


@dataclass
class _Choice:
    """What was chosen so far among equals, and what is still to choose."""

    outcome: Outcome
    divisions: list[int | None]
    empty: dict[tuple[int | None, int], Withheld] = field(default_factory=dict)
    decisions: dict[tuple[int | None, int], TieDecision] = field(default_factory=dict)
    answers: dict[str, TieAnswer] = field(default_factory=dict)
    ties: list[dict[str, Any]] = field(default_factory=list)


def _choose(round: Round, run: RankRun, levels: Sequence[PrizeLevel]) -> _Choice:
    """The outcome with every choice that was sent; each answered tie may bring up the next."""
    divisions = queries.division_ids(run.id)
    positions = {level.id: position for position, level in enumerate(levels)}
    empty = {
        (division_id, level.id): left
        for place, division_id in enumerate(divisions)
        for level in levels
        if (left := read_empty(request.form, empty_name(place, positions[level.id]))) is not None
    }
    choice = _Choice(preview_prizes(round, run, None, empty, divisions), divisions, empty)
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
        choice.outcome = preview_prizes(round, run, choice.decisions, choice.empty, divisions)
    return choice


def _answered(run: RankRun, stop: Stop, name: str, choice: _Choice) -> TieDecision | None:
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

    lines: dict[int, RankingLine]

    def __call__(self, entries: Sequence[int]) -> str:
        known = [self.lines[one].full_name for one in entries[:_MOST_NAMES] if one in self.lines]
        rest = len(entries) - len(known)
        words = ", ".join(known)
        return _("%(names)s and %(rest)s more", names=words, rest=rest) if rest > 0 else words


def _outcome(
    round: Round, run: RankRun, outcome: Outcome, levels: list[PrizeLevel]
) -> dict[str, Any]:
    """Awards by level, and the trace in sentences."""
    words, named = key_words(round, run.keys), level_names(levels)
    wanted = [one.entry_id for one in outcome.given]
    wanted += [entry for line in outcome.trace for entry in line.entries[:_MOST_NAMES]]
    lines = queries.ranking_lines_of(run, sorted(set(wanted)))
    divisions = {one.id: one.name for one in round.contest.divisions}
    return {
        "words": words,
        "lines": lines,
        "outcome": outcome,
        "division_names": divisions,
        "sealed": (sealed := queries.is_sealed(round)),
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


def told_steps(round: Round, allocation: Allocation) -> list[str]:
    """The way to a decision in sentences, for its minutes."""
    kept = Outcome(trace=[trace_line(line) for line in allocation.trace])
    told = _outcome(round, allocation.rank_run, kept, queries.prize_levels(round.id))["trace"]
    return [f"{division}: {words}" if division else words for division, words in told]


def _gains(round: Round, outcome: Outcome) -> dict[str, Any]:
    """Who gains, changes or loses a prize against the decision in force."""
    allocation = queries.latest_allocation(round.id)
    if allocation is None:
        return {"allocation": None, "previous": {}, "lost": []}
    before = {award.entry_id: award for award in queries.awards_of(allocation.id)}
    now = {one.entry_id for one in outcome.given}
    gone = [award for entry_id, award in before.items() if entry_id not in now]
    lines = queries.ranking_lines_of(allocation.rank_run, [award.entry_id for award in gone])
    lost = [(lines[award.entry_id], award) for award in gone if award.entry_id in lines]
    return {"allocation": allocation, "previous": before, "lost": lost}


def _show_decision(round: Round, form: DecideForm, *, status: int = 200) -> ResponseReturnValue:
    run = queries.latest_run(round.id)
    levels = queries.prize_levels(round.id)
    carried = carried_into(round)
    context: dict[str, Any] = {}
    if run is not None and levels:
        choice = _choose(round, run, levels)
        form.run.data = run.public_id
        form.expected.data = outcome_digest(run, choice.outcome, honours_as_json(round))
        context = {"choice": choice, **_gains(round, choice.outcome)}
        context |= _outcome(round, run, choice.outcome, levels)
    page = render_template(
        "results/decide.html",
        round=round,
        contest=round.contest,
        tabs=round_tabs(round, "decide", current_actor()),
        run=run,
        levels=levels,
        names=level_names(levels),
        codes={level.id: level.code.value for level in levels},
        budget=queries.budget(levels, len(round.contest.divisions), carried),
        carried=carried,
        form=form,
        empty_name=empty_name,
        honoured=queries.honours(round.id) if round.kind is ContestKind.ESSAY else None,
        unsealing=queries.unsealing_of(round.id) if round.kind is ContestKind.ESSAY else None,
        **context,
    )
    return page, status


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/prizes")
@requires(Permission.MANAGE_CONTEST)
def decide(slug: str, number: int) -> ResponseReturnValue:
    """Who would get what, why, and why not the next; ties that wait for a person."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    return _show_decision(round, DecideForm())


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/prizes")
@requires(Permission.MANAGE_CONTEST)
def save_decision(slug: str, number: int) -> ResponseReturnValue:
    """Look at the outcome of a choice, or decide it."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = DecideForm()
    if request.form.get("step") != "decide":
        return _show_decision(round, form)
    run = queries.latest_run(round.id)
    if run is None or not form.validate_on_submit():
        return _show_decision(round, form, status=422)
    choice = _choose(round, run, queries.prize_levels(round.id))
    decide_prizes(
        round=round,
        run=run if run.public_id == form.run.data else None,
        decisions=choice.decisions,
        empty=choice.empty,
        expected=form.expected.data or "",
        reason=form.reason.data or "",
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The prizes are decided. Nothing is public yet."), "success")
    following = "results.unsealing" if queries.is_sealed(round) else "results.publish"
    return redirect(url_for(following, slug=slug, number=number))


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/prizes/trace")
@requires(Permission.SEE_CONTEST)
def trace(slug: str, number: int) -> ResponseReturnValue:
    """The trace of the decision in force."""
    round = ranked_round(slug, number, Permission.SEE_CONTEST)
    allocation = queries.latest_allocation(round.id)
    if allocation is None:
        raise NotFound
    kept = Outcome(trace=[trace_line(line) for line in allocation.trace])
    levels = queries.prize_levels(round.id)
    awards = queries.awards_of(allocation.id)
    context = _outcome(round, allocation.rank_run, kept, levels)
    lines = queries.ranking_lines_of(allocation.rank_run, [award.entry_id for award in awards])
    if context["sealed"]:  # the order of names would tell something of them
        awards.sort(key=lambda one: (one.place, lines[one.entry_id].code))
    context["lines"] = lines
    return render_template(
        "results/trace.html",
        round=round,
        contest=round.contest,
        allocation=allocation,
        awards=awards,
        **context,
    )
