"""Giving unit prizes and side prizes: the same allocation as that of the levels. Pure.

Prizes of one measure (and one smallest head-count) are levels of one order, so that "first" and
"second" for units are given one after the other; prizes of different measures do not know of each
other. What the council gives by hand is a list of people with the reason.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from contest.contests.models import ContestKind
from contest.results.models import UNIT_MEASURES, Measure, TiePolicy
from contest.results.rules.allocation import Given, Outcome, Stop, allocate
from contest.results.rules.prize_terms import Contender, LevelTerms, TieDecision, Withheld
from contest.results.rules.refusals import MeasureNotHere, PickedTooMany, PickReasonMissing
from contest.results.rules.trace import TraceCode, TraceLine, trace_line
from contest.results.rules.unit_standings import UnitKey, UnitStanding

_TEN_THOUSAND: Final = 10_000
_UNDER_CODES: Final = (Measure.PERSONS, Measure.ATTEMPTS, Measure.RATIO, Measure.BY_HAND)


@dataclass(frozen=True, slots=True)
class ExtraTerms:
    """A prize beside the levels as the rules have it; see `models.ExtraPrize`."""

    id: int
    public_id: str
    measure: Measure
    name: str
    quota: int
    money: int
    policy: TiePolicy
    fewest: int | None = None
    terms: str = ""

    @property
    def is_for_units(self) -> bool:
        """Whether units get it."""
        return self.measure in UNIT_MEASURES


@dataclass(frozen=True, slots=True)
class Pick:
    """Somebody whom the council chose by hand, and why."""

    entry_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ExtraAnswers:
    """What persons decided about prizes beside the levels, by the prize's id.

    `empty` are those of a measure that stay empty; a prize by hand is empty where nobody is picked.
    """

    decisions: Mapping[int, TieDecision] = field(default_factory=dict)
    picks: Mapping[int, Sequence[Pick]] = field(default_factory=dict)
    empty: Mapping[int, Withheld] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExtraAward:
    """A unit or an entry gets a prize beside the levels.

    `to` is the id of a unit or of an entry; `keys` are what it was found by, `place` is None where
    people chose.
    """

    prize: ExtraTerms
    to: int
    place: int | None
    keys: tuple[int, ...] = ()
    reason: str = ""


@dataclass
class ExtraOutcome:
    """Awards, trace and ties that wait for a person.

    `units` are paths of units by their ids, `standing` the keys of the order of units.
    """

    given: list[ExtraAward] = field(default_factory=list)
    trace: list[TraceLine] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    units: dict[int, tuple[str, ...]] = field(default_factory=dict)
    standing: tuple[str, ...] = ()

    @property
    def money(self) -> int:
        """What these prizes cost together, in đồng."""
        return sum(one.prize.money for one in self.given)


def measures_for(kind: ContestKind | None) -> tuple[Measure, ...]:
    """By what prizes can be given in a round of a kind, or over totals (None).

    Essays are decided under codes: what tells of marks or of ages would tell who wrote which.
    """
    if kind is ContestKind.ESSAY:
        return _UNDER_CODES
    out = set() if kind is ContestKind.QUIZ else {Measure.EARLIEST_PERFECT}
    return tuple(one for one in Measure if one not in out)


def check_measure(measure: Measure, kind: ContestKind | None) -> None:
    """Refuse what cannot be measured there.

    Raises:
        MeasureNotHere: it cannot.
    """
    if measure not in measures_for(kind):
        raise MeasureNotHere


def orders(prizes: Iterable[ExtraTerms]) -> list[list[ExtraTerms]]:
    """Prizes that are levels of one order, together, as they come; those by hand stand alone."""
    found: dict[tuple[Any, ...], list[ExtraTerms]] = {}
    for one in prizes:
        alone = one.id if one.measure is Measure.BY_HAND else None
        found.setdefault((one.measure, one.fewest, alone), []).append(one)
    return list(found.values())


def told_key(line: UnitStanding, key: UnitKey) -> int:
    """The value of a key for words, smaller is better.

    Means in ten-thousandths, shares in hundredths of a percent: places come from exact ones.
    """
    if key is UnitKey.MEAN:
        return -(line.points // line.entries) if line.entries else 0
    if key is UnitKey.RATIO:
        return -(line.persons * _TEN_THOUSAND // line.headcount) if line.headcount else 0
    return -line.value(key)


def unit_contenders(lines: Iterable[UnitStanding], keys: Sequence[UnitKey]) -> Iterable[Contender]:
    """Units with a place as contenders, the best first; one that has nothing to show is none."""
    for line in lines:
        if line.place is not None and line.unit_id is not None and line.value(keys[0]) > 0:
            told = tuple(told_key(line, key) for key in keys)
            yield Contender(line.unit_id, line.unit_id, line.place, told)


def with_places(rows: Iterable[tuple[int, int, int, bool]]) -> Iterable[Contender]:
    """People in the order of a value, with competition places.

    Args:
        rows: entry id, person id, value and whether they may win, the smallest value first.
    """
    seen = 0
    for value, group in groupby(rows, key=lambda row: row[2]):
        place = seen + 1
        for entry_id, person_id, _value, may_win in group:
            seen += 1
            yield Contender(entry_id, person_id, place, (value,), may_win=may_win)


def give_extras(
    prizes: Sequence[ExtraTerms],
    contenders: Callable[[ExtraTerms], Iterable[Contender]],
    *,
    answers: ExtraAnswers,
) -> ExtraOutcome:
    """Give all prizes beside the levels.

    A tie is settled by the policy of the prize, as for levels; where a person has to decide, the
    lower prizes of that order wait and the other orders do not.

    Args:
        prizes: in their order.
        contenders: of the order that begins with a prize, the best first.
        answers: what persons decided and chose.

    Raises:
        PickedTooMany, PickReasonMissing: with their sentences.
    """
    found = ExtraOutcome()
    for order in orders(prizes):
        if order[0].measure is Measure.BY_HAND:
            _by_hand(order[0], answers.picks.get(order[0].id, ()), found)
            continue
        outcome = allocate(
            [LevelTerms(one.id, one.quota, one.money, one.policy) for one in order],
            known := list(contenders(order[0])),
            decisions=answers.decisions,
            withheld=answers.empty,
        )
        _gather(order, known, outcome, found)
    return found


def _by_hand(prize: ExtraTerms, picks: Sequence[Pick], found: ExtraOutcome) -> None:
    people = {pick.entry_id for pick in picks}
    if len(picks) > prize.quota or len(people) < len(picks):
        raise PickedTooMany
    if any(not pick.reason.strip() for pick in picks):
        raise PickReasonMissing
    for pick in picks:
        reason = pick.reason.strip()
        found.given.append(ExtraAward(prize, pick.entry_id, None, (), reason))
        line = TraceLine(
            TraceCode.PICKED,
            None,
            None,
            entries=(pick.entry_id,),
            reason=reason,
            extra=prize.public_id,
        )
        found.trace.append(line)
    if left := prize.quota - len(picks):
        found.trace.append(
            TraceLine(TraceCode.UNPICKED, None, None, count=left, extra=prize.public_id)
        )


def _gather(
    order: Sequence[ExtraTerms],
    contenders: Iterable[Contender],
    outcome: Outcome,
    found: ExtraOutcome,
) -> None:
    terms = {one.id: one for one in order}
    keys = {one.entry_id: one.keys for one in contenders}
    reasons = {
        entry: line.reason
        for line in outcome.trace
        if line.code is TraceCode.CHOSEN
        for entry in line.entries
    }
    found.given += [_award(one, terms, keys, reasons) for one in outcome.given]
    found.stops += outcome.stops
    for line in outcome.trace:
        prize = terms[line.level_id] if line.level_id is not None else order[-1]
        found.trace.append(line.beside(prize.public_id))


def _award(
    one: Given,
    terms: Mapping[int, ExtraTerms],
    keys: Mapping[int, tuple[int, ...]],
    reasons: Mapping[int, str],
) -> ExtraAward:
    reason = reasons.get(one.entry_id, "")
    return ExtraAward(terms[one.level_id], one.entry_id, one.place, keys[one.entry_id], reason)


def extras_json(prizes: Sequence[ExtraTerms], outcome: ExtraOutcome) -> list[dict[str, Any]]:
    """Prizes beside the levels as a decision keeps them: terms, awards, trace, names of units.

    Units stand there with their path as it was, so that one that is merged or closed later is
    still named; entries by their ids, and names of people are read when they are shown.
    """
    mentioned: dict[str, set[int]] = {}
    for line in outcome.trace:
        mentioned.setdefault(line.extra, set()).update(line.entries)
    return [
        {
            "id": prize.public_id,
            "measure": prize.measure.value,
            "name": prize.name,
            "quota": prize.quota,
            "money": prize.money,
            "policy": prize.policy.value,
            "fewest": prize.fewest,
            "terms": prize.terms,
            "codes": list(outcome.standing)
            if prize.measure is Measure.STANDING
            else [prize.measure.value],
            "awards": [
                {
                    "to": one.to,
                    "place": one.place,
                    "money": prize.money,
                    "keys": list(one.keys),
                    "reason": one.reason,
                }
                for one in outcome.given
                if one.prize.id == prize.id
            ],
            "units": {
                str(unit_id): list(outcome.units[unit_id])
                for unit_id in sorted(mentioned.get(prize.public_id, ()))
                if unit_id in outcome.units
            }
            if prize.is_for_units
            else {},
            "trace": [line.as_json() for line in outcome.trace if line.extra == prize.public_id],
        }
        for prize in prizes
    ]


@dataclass(frozen=True, slots=True)
class KeptExtra:
    """A prize beside the levels as a decision kept it."""

    id: str
    measure: Measure
    name: str
    quota: int
    money: int
    policy: TiePolicy
    fewest: int | None
    terms: str
    codes: tuple[str, ...]
    awards: tuple[dict[str, Any], ...]
    units: Mapping[int, tuple[str, ...]]
    trace: tuple[TraceLine, ...]

    @property
    def is_for_units(self) -> bool:
        """Whether units get it."""
        return self.measure in UNIT_MEASURES


def kept_extras(data: Iterable[Mapping[str, Any]]) -> list[KeptExtra]:
    """The prizes beside the levels of a kept decision."""
    return [
        KeptExtra(
            one["id"],
            Measure(one["measure"]),
            one["name"],
            one["quota"],
            one["money"],
            TiePolicy(one["policy"]),
            one["fewest"],
            one["terms"],
            tuple(one["codes"]),
            tuple(one["awards"]),
            {int(unit_id): tuple(path) for unit_id, path in one["units"].items()},
            tuple(trace_line(line).beside(one["id"]) for line in one["trace"]),
        )
        for one in data
    ]
