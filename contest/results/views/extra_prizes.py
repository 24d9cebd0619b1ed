"""Unit prizes and side prizes on the organisers' pages: what is chosen, and who would get them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from contest.results import queries
from contest.results.actions import GivenExtras, preview_extras
from contest.results.extra_prize_forms import (
    PickAnswer,
    extra_empty_name,
    extra_tie_name,
    pick_name,
    problem_of,
    read_pick,
    typed_codes,
)
from contest.results.forms import read_empty, read_tie, tie_decision
from contest.results.models import Measure, Over, Ranking
from contest.results.queries.extra_prizes import entries_to_pick
from contest.results.rules.allocation import Outcome, Stop
from contest.results.rules.extra_prizes import (
    ExtraAnswers,
    ExtraTerms,
    KeptExtra,
    Pick,
    extras_json,
    kept_extras,
)
from contest.results.rules.extra_words import MeasureWords, extra_sentence
from contest.results.rules.participation import SEPARATOR
from contest.results.rules.prize_terms import TieDecision, Withheld

_MOST_ASKED = 200


@dataclass(frozen=True, slots=True)
class _Tied:
    """A unit among equals, as the fields of a tie show it."""

    entry_public_id: str
    full_name: str
    unit_path: str


@dataclass
class ExtraChoice:
    """What was chosen so far for the prizes beside the levels.

    Attributes:
        given: the prizes with who would get them.
        ties: what to ask about equals; `is_settled` says what is answered.
        empty: those of a measure that stay empty, by the prize's id.
        computed: the prizes that are given by a measure, each with its fields' name.
        picks: for each prize by hand its terms, its fields' name, the answer, and what is wrong.
    """

    given: GivenExtras
    decisions: dict[int, TieDecision] = field(default_factory=dict)
    chosen: dict[int, Sequence[Pick]] = field(default_factory=dict)
    ties: list[dict[str, Any]] = field(default_factory=list)
    picks: list[dict[str, Any]] = field(default_factory=list)
    empty: dict[int, Withheld] = field(default_factory=dict)
    computed: list[tuple[str, ExtraTerms]] = field(default_factory=list)

    @property
    def answers(self) -> ExtraAnswers:
        """For the decision."""
        return ExtraAnswers(self.decisions, self.chosen, self.empty)

    @property
    def is_wrong(self) -> bool:
        """Whether something that was typed cannot stand."""
        return any(one["problem"] for one in self.picks)

    @property
    def kept(self) -> list[KeptExtra]:
        """The outcome as a decision would keep it."""
        return kept_extras(extras_json(self.given.prizes, self.given.outcome))


def choose_extras(over: Over, run: Ranking, outcome: Outcome) -> ExtraChoice:
    """The prizes beside the levels with every choice that was sent.

    Args:
        over: whose rules count.
        run: the ranking.
        outcome: of the levels.
    """
    choice = ExtraChoice(preview_extras(over, run, outcome))
    prizes = choice.given.prizes
    if not prizes:
        return choice
    _read_picks(over, run, prizes, choice)
    _read_empty(prizes, choice)
    positions = {one.id: place for place, one in enumerate(prizes, 1)}
    names = {one.id: one.name for one in prizes}
    choice.given = preview_extras(over, run, outcome, choice.answers)
    while choice.given.outcome.stops:
        asked = len(choice.decisions)
        for stop in choice.given.outcome.stops:
            _ask(run, stop, extra_tie_name(positions[stop.level_id]), choice, names)
        if len(choice.decisions) == asked:
            break
        choice.given = preview_extras(over, run, outcome, choice.answers)
    return choice


def _read_picks(
    over: Over, run: Ranking, prizes: Sequence[ExtraTerms], choice: ExtraChoice
) -> None:
    by_hand = [
        (pick_name(place), one)
        for place, one in enumerate(prizes, 1)
        if one.measure is Measure.BY_HAND
    ]
    codes = [code for name, _one in by_hand for code in typed_codes(request.form, name)]
    known = entries_to_pick(over, run, codes)
    for name, prize in by_hand:
        answer: PickAnswer = read_pick(request.form, name, known)
        problem = problem_of(prize, answer)
        if not problem:
            choice.chosen[prize.id] = answer.picks
        choice.picks.append({"prize": prize, "name": name, "answer": answer, "problem": problem})


def _read_empty(prizes: Sequence[ExtraTerms], choice: ExtraChoice) -> None:
    for place, prize in enumerate(prizes, 1):
        if prize.measure is Measure.BY_HAND:
            continue
        choice.computed.append((extra_empty_name(place), prize))
        left = read_empty(request.form, extra_empty_name(place))
        if left is not None:
            choice.empty[prize.id] = left


def _ask(
    run: Ranking, stop: Stop, name: str, choice: ExtraChoice, names: Mapping[int, str]
) -> None:
    """Put a tie on the page, and take its answer if there is one."""
    answer = read_tie(request.form, name)
    units = choice.given.outcome.units
    prize = next(one for one in choice.given.prizes if one.id == stop.level_id)
    lines: dict[int, Any]
    if prize.is_for_units:
        lines = {one: _Tied(str(one), units[one][0], _above(units[one])) for one in stop.entries}
    else:
        lines = dict(queries.ranking_lines_of(run, stop.entries))
    decision = None
    if answer is not None:
        ids = {line.entry_public_id: one for one, line in lines.items()}
        decision = tie_decision(stop, answer, ids)
    if decision is not None:
        choice.decisions[prize.id] = decision
    choice.ties = [tie for tie in choice.ties if tie["name"] != name]
    choice.ties.append(
        {
            "name": name,
            "stop": stop,
            "prize": names[prize.id],
            "for_units": prize.is_for_units,
            "answer": answer,
            "is_settled": decision is not None,
            "lines": [lines[one] for one in stop.entries[:_MOST_ASKED]],
        }
    )


def _above(path: Sequence[str]) -> str:
    return SEPARATOR.join(path[1:])


@dataclass(frozen=True, slots=True)
class ShownAward:
    """A unit or somebody who gets a prize beside the levels."""

    name: str
    path: str
    place: int | None
    value: str
    reason: str
    money: int


@dataclass(frozen=True, slots=True)
class ShownExtra:
    """A prize beside the levels with who gets it, and the way to it in sentences."""

    prize: KeptExtra
    awards: list[ShownAward]
    steps: list[str]


def shown_extras(
    run: Ranking,
    extras: Sequence[KeptExtra],
    tell: Callable[[Mapping[int, Any]], Callable[[Sequence[int]], str]],
) -> list[ShownExtra]:
    """Prizes beside the levels, ready for a page; under codes while these are closed.

    Args:
        run: the ranking over which they were given.
        extras: of a decision, or of a preview.
        tell: makes from lines by id the words for some of them.
    """
    entries = {entry for one in extras if not one.is_for_units for entry in _mentioned(one)}
    lines = queries.ranking_lines_of(run, sorted(entries))
    return [_shown(one, lines, tell) for one in extras]


def _mentioned(extra: KeptExtra) -> Iterable[int]:
    yield from (award["to"] for award in extra.awards)
    for step in extra.trace:
        yield from step.entries[:_MOST_ASKED]


def _shown(
    extra: KeptExtra,
    lines: Mapping[int, Any],
    tell: Callable[[Mapping[int, Any]], Callable[[Sequence[int]], str]],
) -> ShownExtra:
    known: Mapping[int, Any] = lines
    if extra.is_for_units:
        known = {
            unit_id: _Tied(str(unit_id), path[0], _above(path))
            for unit_id, path in extra.units.items()
        }
    words = MeasureWords(codes=extra.codes)
    names = tell(known)
    return ShownExtra(
        extra,
        [
            ShownAward(
                known[award["to"]].full_name if award["to"] in known else "–",
                known[award["to"]].unit_path if award["to"] in known else "",
                award["place"],
                words.sentence(award["keys"]) if award["keys"] else "",
                award["reason"],
                award["money"],
            )
            for award in extra.awards
        ],
        [
            extra_sentence(
                line, name=extra.name, names=names, keys=words, for_units=extra.is_for_units
            )
            for line in extra.trace
        ],
    )
