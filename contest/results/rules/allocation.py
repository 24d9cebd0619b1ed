"""Giving prizes over the places of a ranking: quotas, ties at the line, and a trace that tells why.

Everything here is pure: places go in, awards and a trace come out. The trace is made of small
records (`TraceLine`) that `rules.words` turns into sentences in the reader's language.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from contest.results.models import TiePolicy


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """A level of prizes: so many of it, so much each (in đồng), and what to do with a tie."""

    id: int
    quota: int
    money: int
    policy: TiePolicy


@dataclass(frozen=True, slots=True)
class Contender:
    """An entry with its place.

    Attributes:
        entry_id: what is ranked.
        person_id: who would take the prize.
        place: competition rank within the division, 1 2 2 4.
        keys: what it was ranked by, smaller is better.
        may_win: False for organisers, judges and others who take no prize.
    """

    entry_id: int
    person_id: int
    place: int
    keys: tuple[int, ...] = ()
    may_win: bool = True


@dataclass(frozen=True, slots=True)
class TieDecision:
    """What a person decided about a tie at the line of a level: who of the tied gets it.

    Nobody chosen means that all of them go on to the next level.
    """

    chosen: frozenset[int]
    reason: str


class TraceCode(StrEnum):
    """Steps of an allocation."""

    GIVEN = "given"
    EXPANDED = "expanded"
    CHOSEN = "chosen"
    PASSED_ON = "passed_on"
    SHRUNK = "shrunk"
    STOPPED = "stopped"
    TAKES_NO_PRIZE = "takes_no_prize"
    WON_BEFORE = "won_before"
    HAS_ONE = "has_one"
    NEXT = "next"
    LEFT_OVER = "left_over"


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step of an allocation.

    Attributes:
        code: what happened.
        division_id: in which division; None where there is none.
        level_id: at which level.
        place: of the entries concerned.
        entries: the entries concerned.
        count: of GIVEN: how many of the level are given by now; of ties: prizes that were left;
            of LEFT_OVER: prizes that nobody gets.
        key: of NEXT: position (from 0) of the first key that differs; None when there is none.
        values: of NEXT: that key of the last winner and of the one who comes next.
        reason: a person's words.
    """

    code: TraceCode
    division_id: int | None
    level_id: int | None
    place: int | None = None
    entries: tuple[int, ...] = ()
    count: int = 0
    key: int | None = None
    values: tuple[int, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the trace that is kept; `trace_line` reads it again."""
        data = asdict(self) | {"code": self.code.value, "entries": list(self.entries)}
        return data | {"values": list(self.values)}


def trace_line(data: Mapping[str, Any]) -> TraceLine:
    """A line of a kept trace."""
    return TraceLine(
        **{
            **data,
            "code": TraceCode(data["code"]),
            "entries": tuple(data["entries"]),
            "values": tuple(data["values"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Given:
    """An entry gets a prize."""

    entry_id: int
    level_id: int
    division_id: int | None
    place: int
    money: int
    code: TraceCode


@dataclass(frozen=True, slots=True)
class Stop:
    """A tie across the line of a level that a person has to decide; nothing below is given yet."""

    division_id: int | None
    level_id: int
    place: int
    entries: tuple[int, ...]
    left: int


@dataclass
class Outcome:
    """Awards, trace and, where a tie waits for a person, the stop."""

    given: list[Given] = field(default_factory=list)
    trace: list[TraceLine] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Put another division's outcome behind this one."""
        self.given += other.given
        self.trace += other.trace
        self.stops += other.stops

    @property
    def money(self) -> int:
        """What all prizes together cost, in đồng."""
        return sum(one.money for one in self.given)


def first_difference(better: Sequence[int], worse: Sequence[int]) -> int | None:
    """Position (from 0) of the first key that differs, or None when all are equal."""
    for position, (left, right) in enumerate(zip(better, worse, strict=False)):
        if left != right:
            return position
    return None


class _Groups:
    """Entries of equal place, one group after the other, without those who take no prize."""

    def __init__(
        self, contenders: Iterable[Contender], division: "_Division", won_before: frozenset[int]
    ) -> None:
        self._division = division
        self._won_before = won_before
        self._source: Iterator[tuple[int, Iterator[Contender]]] = groupby(
            contenders, key=lambda one: one.place
        )
        self._kept: list[Contender] | None = None

    def look(self) -> list[Contender]:
        """The next group without taking it; empty at the end."""
        while self._kept is None:
            found = next(self._source, None)
            if found is None:
                return []
            self._kept = self._winners(list(found[1])) or None
        return self._kept

    def take(self) -> list[Contender]:
        """The next group."""
        group = self.look()
        self._kept = None
        return group

    def put_back(self, rest: list[Contender]) -> None:
        """Leave what is left of a group for the next level."""
        self._kept = rest or None

    def _winners(self, group: list[Contender]) -> list[Contender]:
        kept: list[Contender] = []
        for one in group:
            refusal = self._refusal(one, kept)
            if refusal is None:
                kept.append(one)
            else:
                self._division.tell(refusal, place=one.place, entries=(one.entry_id,))
        return kept

    def _refusal(self, one: Contender, group: list[Contender]) -> TraceCode | None:
        if not one.may_win:
            return TraceCode.TAKES_NO_PRIZE
        if one.person_id in self._won_before:
            return TraceCode.WON_BEFORE
        if self._division.one_per_person and (
            one.person_id in self._division.winners
            or any(other.person_id == one.person_id for other in group)
        ):
            return TraceCode.HAS_ONE
        return None


class _Division:
    """The allocation of one division, level by level."""

    def __init__(self, division_id: int | None, *, one_per_person: bool) -> None:
        self.id = division_id
        self.one_per_person = one_per_person
        self.winners: set[int] = set()
        self.outcome = Outcome()
        self.level: LevelTerms | None = None
        self.last: Contender | None = None

    def tell(self, code: TraceCode, **facts: Any) -> None:
        level_id = self.level.id if self.level else None
        self.outcome.trace.append(TraceLine(code, self.id, level_id, **facts))

    def give(self, level: LevelTerms, group: list[Contender], code: TraceCode) -> None:
        for one in group:
            self.winners.add(one.person_id)
            self.outcome.given.append(
                Given(one.entry_id, level.id, self.id, one.place, level.money, code)
            )
            self.last = one

    def run(
        self,
        levels: Sequence[LevelTerms],
        groups: _Groups,
        decisions: Mapping[int, TieDecision],
    ) -> None:
        for level in levels:
            self.level = level
            if not self._fill(level, groups, decisions.get(level.id)):
                return
        self._tell_next(groups)

    def _fill(self, level: LevelTerms, groups: _Groups, decision: TieDecision | None) -> bool:
        left = level.quota
        while left > 0:
            group = groups.look()
            if not group:
                self.tell(TraceCode.LEFT_OVER, count=left)
                return True
            if len(group) > left:
                return self._tie(level, groups, left, decision)
            groups.take()
            self.give(level, group, TraceCode.GIVEN)
            left -= len(group)
            self.tell(
                TraceCode.GIVEN,
                place=group[0].place,
                entries=_ids(group),
                count=level.quota - left,
            )
        return True

    def _tie(
        self, level: LevelTerms, groups: _Groups, left: int, decision: TieDecision | None
    ) -> bool:
        """A group larger than what is left of the level; False when a person has to decide."""
        group = groups.take()
        facts: dict[str, Any] = {"place": group[0].place, "entries": _ids(group), "count": left}
        if level.policy is TiePolicy.EXPAND:
            self.give(level, group, TraceCode.EXPANDED)
            self.tell(TraceCode.EXPANDED, **facts)
            return True
        if level.policy is TiePolicy.SHRINK:
            groups.put_back(group)
            self.tell(TraceCode.SHRUNK, **facts)
            return True
        if decision is None or not decision.chosen <= set(_ids(group)):
            self.outcome.stops.append(Stop(self.id, level.id, group[0].place, _ids(group), left))
            self.tell(TraceCode.STOPPED, **facts)
            return False
        self._as_decided(level, groups, group, decision, left)
        return True

    def _as_decided(
        self,
        level: LevelTerms,
        groups: _Groups,
        group: list[Contender],
        decision: TieDecision,
        left: int,
    ) -> None:
        chosen = [one for one in group if one.entry_id in decision.chosen]
        rest = [one for one in group if one.entry_id not in decision.chosen]
        self.give(level, chosen, TraceCode.CHOSEN)
        for code, part in ((TraceCode.CHOSEN, chosen), (TraceCode.PASSED_ON, rest)):
            if part:
                self.tell(
                    code,
                    place=group[0].place,
                    entries=_ids(part),
                    count=left,
                    reason=decision.reason,
                )
        groups.put_back(rest)

    def _tell_next(self, groups: _Groups) -> None:
        """Why the first one without a prize has none."""
        after = groups.look()
        if not after or self.last is None:
            return
        key = first_difference(self.last.keys, after[0].keys)
        self.tell(
            TraceCode.NEXT,
            place=after[0].place,
            entries=_ids(after),
            key=key,
            values=() if key is None else (self.last.keys[key], after[0].keys[key]),
        )


def _ids(group: Iterable[Contender]) -> tuple[int, ...]:
    return tuple(one.entry_id for one in group)


def allocate(
    levels: Sequence[LevelTerms],
    contenders: Iterable[Contender],
    *,
    division_id: int | None = None,
    won_before: frozenset[int] = frozenset(),
    one_per_person: bool = True,
    decisions: Mapping[int, TieDecision] | None = None,
) -> Outcome:
    """Give the prizes of one division.

    A tie across the line of a level is settled by the level's policy: *expand* gives to all of
    them, *shrink* to none (they go on to the next level together), *stop* asks a person, and
    nothing from there on is given until `decisions` holds an answer.

    Args:
        levels: from the highest.
        contenders: in the order of their places; read only as far as needed.
        division_id: kept in awards and trace.
        won_before: persons with a prize from an earlier round, where only one is allowed.
        one_per_person: whether a second entry of the same person is passed over.
        decisions: by level id, what persons decided about ties.
    """
    division = _Division(division_id, one_per_person=one_per_person)
    division.run(levels, _Groups(contenders, division, won_before), decisions or {})
    return division.outcome
