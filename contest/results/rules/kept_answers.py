"""What people decided along with a decision on prizes, read from its trace. Pure.

A supposition gives the prizes anew: who was chosen in a tie, what was left empty and whom the
council picked is asked again only where the question has become another one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from contest.results.rules.extra_prizes import ExtraAnswers, KeptExtra, Pick
from contest.results.rules.prize_terms import Tie, TieDecision, Withheld
from contest.results.rules.trace import TraceCode, TraceLine

Spot = tuple[int | None, int]
"""Division id and level id."""
Where = TypeVar("Where", Spot, int)


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """Answers about the levels by (division id, level id), and about the prizes beside them."""

    ties: Mapping[Spot, TieDecision] = field(default_factory=dict)
    empty: Mapping[Spot, Withheld] = field(default_factory=dict)
    extras: ExtraAnswers = field(default_factory=ExtraAnswers)


def kept_answers(
    trace: Iterable[TraceLine],
    extras: Iterable[KeptExtra] = (),
    prizes: Mapping[str, int] | None = None,
    out: Collection[int] = (),
) -> KeptAnswers:
    """The answers that a decision holds.

    Args:
        trace: of the levels.
        extras: prizes beside the levels as the decision kept them.
        prizes: those of the rules today, id by random id; others are passed over.
        out: entries that are supposed to be out; nobody picks them.
    """
    at_levels = [line for line in trace if line.level_id is not None]
    known = prizes or {}
    beside = [(known[extra.id], extra) for extra in extras if extra.id in known]
    return KeptAnswers(
        _ties(((line.division_id, line.level_id or 0), line) for line in at_levels),
        {
            (line.division_id, line.level_id or 0): Withheld(line.count, line.reason)
            for line in at_levels
            if line.code is TraceCode.WITHHELD
        },
        ExtraAnswers(
            _ties((prize_id, line) for prize_id, extra in beside for line in extra.trace),
            {prize_id: _picks(extra, out) for prize_id, extra in beside},
            {
                prize_id: Withheld(line.count, line.reason)
                for prize_id, extra in beside
                for line in extra.trace
                if line.code is TraceCode.WITHHELD
            },
        ),
    )


def _ties(lines: Iterable[tuple[Where, TraceLine]]) -> dict[Where, TieDecision]:
    found: dict[Where, TieDecision] = {}
    for where, line in lines:
        if line.code not in {TraceCode.CHOSEN, TraceCode.PASSED_ON}:
            continue
        entries = frozenset(line.entries)
        before = found.get(where, TieDecision(frozenset(), line.reason))
        all_of_them = entries | (before.about.entries if before.about else frozenset())
        chosen = before.chosen | (entries if line.code is TraceCode.CHOSEN else frozenset())
        found[where] = TieDecision(chosen, line.reason, Tie(all_of_them, line.count))
    return found


def _picks(extra: KeptExtra, out: Collection[int]) -> list[Pick]:
    return [
        Pick(line.entries[0], line.reason)
        for line in extra.trace
        if line.code is TraceCode.PICKED and line.entries[0] not in out
    ]
