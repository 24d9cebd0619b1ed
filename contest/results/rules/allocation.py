"""Giving prizes over the places of a ranking: quotas, ties at the line, and a trace that tells why.

Everything here is pure: places go in, awards and a trace come out.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from contest.results.models import TiePolicy
from contest.results.rules.prize_terms import (
    Caps,
    Contender,
    LevelTerms,
    Tie,
    TieDecision,
    Withheld,
)
from contest.results.rules.trace import TraceCode, TraceLine


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
        division = self._division
        caps = division.caps
        drawn = len(group) > 1 and (caps.per_author is not None or caps.per_unit is not None)
        order = sorted(group, key=lambda one: caps.lot(one.entry_id)) if drawn else group
        within = _Taken()
        refused: dict[int, tuple[TraceCode, int]] = {}
        for one in order:
            refusal = self._refusal(one, within)
            if refusal is None:
                within.add(one)
            else:
                refused[one.entry_id] = refusal
        for one in group:
            if one.entry_id in refused:
                code, count = refused[one.entry_id]
                division.tell(code, place=one.place, entries=(one.entry_id,), count=count)
        return [one for one in group if one.entry_id not in refused]

    def _refusal(self, one: Contender, within: "_Taken") -> tuple[TraceCode, int] | None:
        if not one.may_win:
            return TraceCode.TAKES_NO_PRIZE, 0
        if any(int(key) in self._won_before for key in one.people if key.isdecimal()):
            return TraceCode.WON_BEFORE, 0
        caps, taken = self._division.caps, self._division.taken
        for limit, code, before, now in (
            (caps.per_author, TraceCode.AUTHOR_FULL, taken.of_author, within.of_author),
            (caps.per_unit, TraceCode.UNIT_FULL, taken.of_unit, within.of_unit),
        ):
            if limit is None or before(one) + now(one) < limit:
                continue
            if before(one) < limit and code is TraceCode.UNIT_FULL:
                return TraceCode.DRAWN_OUT, limit
            single = code is TraceCode.AUTHOR_FULL and limit == 1
            return (TraceCode.HAS_ONE if single else code), limit
        return None


class _Taken:
    """How many prizes authors and units have."""

    def __init__(self) -> None:
        self._authors: Counter[str] = Counter()
        self._units: Counter[Hashable] = Counter()

    def add(self, one: Contender) -> None:
        self._authors.update(one.people)
        if one.unit is not None:
            self._units[one.unit] += 1

    def of_author(self, one: Contender) -> int:
        return max(self._authors[key] for key in one.people)

    def of_unit(self, one: Contender) -> int:
        return 0 if one.unit is None else self._units[one.unit]


class _Division:
    """The allocation of one division, level by level."""

    def __init__(self, division_id: int | None, caps: Caps) -> None:
        self.id = division_id
        self.caps = caps
        self.taken = _Taken()
        self.outcome = Outcome()
        self.level: LevelTerms | None = None
        self.last: Contender | None = None

    def tell(self, code: TraceCode, **facts: Any) -> None:
        level_id = self.level.id if self.level else None
        self.outcome.trace.append(TraceLine(code, self.id, level_id, **facts))

    def give(self, level: LevelTerms, group: list[Contender], code: TraceCode) -> None:
        for one in group:
            self.taken.add(one)
            self.outcome.given.append(
                Given(one.entry_id, level.id, self.id, one.place, level.money, code)
            )
            self.last = one

    def run(
        self,
        levels: Sequence[LevelTerms],
        groups: _Groups,
        decisions: Mapping[int, TieDecision],
        withheld: Mapping[int, Withheld],
    ) -> None:
        for whole in levels:
            self.level = level = self._without_withheld(whole, withheld.get(whole.id))
            if not self._fill(level, groups, decisions.get(level.id)):
                return
        self._tell_next(groups)

    def _without_withheld(self, level: LevelTerms, withheld: Withheld | None) -> LevelTerms:
        self.level = level
        count = min(withheld.count, level.quota) if withheld is not None else 0
        if withheld is None or count < 1:
            return level
        self.tell(TraceCode.WITHHELD, count=count, reason=withheld.reason)
        return replace(level, quota=level.quota - count)

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
        if decision is None or not decision.settles(Tie(frozenset(_ids(group)), left)):
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
    caps: Caps | None = None,
    decisions: Mapping[int, TieDecision] | None = None,
    withheld: Mapping[int, Withheld] | None = None,
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
        caps: prizes that an author or a unit may get at most in this division.
        decisions: by level id, what persons decided about ties.
        withheld: by level id, prizes that persons decided to leave empty.
    """
    limits = caps or Caps()
    if one_per_person:
        limits = replace(limits, per_author=1)
    division = _Division(division_id, limits)
    groups = _Groups(contenders, division, won_before)
    division.run(levels, groups, decisions or {}, withheld or {})
    return division.outcome
