"""Who marks what: a greedy draw from a recorded seed, mended by a flow, evened out by swaps.

One maximum flow stands behind it: source → work (marks still needed) → judge (1 where nothing
forbids it) → sink (an equal share), judge → extra (1) → sink (what does not divide evenly). A full
flow means that every judge carries L or L + 1, within what they can take.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from contest.core.audit import canonical_json, sha256_hex
from contest.judging.rules.conflicts import Finding, JudgeFacts, WorkFacts, conflicts
from contest.judging.rules.flow import Network, Shares
from contest.judging.rules.linking import components, linking_efficiency
from contest.judging.rules.pairing import even_out

GOOD_EFFICIENCY: Final = 0.95


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be assigned.

    Attributes:
        judges: in a fixed order.
        works: in a fixed order.
        quorum: marks that each work needs, kept ones included.
        wanted: by work, another number, as where a third marking is due.
        kept: by work, jurors whose marks or sheets stay; they use up capacity.
        barred: pairs (juror, work) that are out for another reason, as an abstention.
    """

    judges: tuple[JudgeFacts, ...]
    works: tuple[WorkFacts, ...]
    quorum: int
    kept: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    barred: frozenset[tuple[int, int]] = frozenset()
    wanted: Mapping[int, int] = field(default_factory=dict)

    def need(self, work_id: int) -> int:
        """How many marks a work still needs."""
        wanted = self.wanted.get(work_id, self.quorum)
        return max(0, wanted - len(self.kept.get(work_id, ())))

    def digest(self) -> str:
        """SHA-256 over everything that the result depends on, but for the seed."""
        return sha256_hex(
            canonical_json(
                {
                    "judges": [_plain_judge(judge) for judge in self.judges],
                    "works": [_plain_work(work) for work in self.works],
                    "quorum": self.quorum,
                    "wanted": sorted(self.wanted.items()),
                    "kept": sorted((work, sorted(who)) for work, who in self.kept.items()),
                    "barred": sorted(self.barred),
                }
            )
        )


def _plain_judge(judge: JudgeFacts) -> list[Any]:
    return [
        judge.juror_id,
        judge.person_id,
        judge.name_folded,
        judge.unit_id,
        judge.unit_folded,
        judge.phone,
        judge.email,
        judge.capacity,
        sorted(judge.declared_units),
        sorted(judge.declared_names),
        sorted(judge.marked_before),
    ]


def _plain_work(work: WorkFacts) -> list[Any]:
    # Persons of further fields stand there only where there are some: forms without such fields
    # keep the digest that was printed for them.
    named = [[one.field, list(one.names_folded), one.unit_folded] for one in work.named]
    return [
        work.work_id,
        sorted(work.person_ids),
        sorted(work.names_folded),
        sorted(work.unit_ids),
        sorted(work.branch_ids),
        sorted(work.subject_names_folded),
        sorted(work.phones),
        sorted(work.emails),
        sorted(work.subject_unit_ids),
        sorted(work.subject_units_folded),
        sorted(work.subject_person_ids),
        sorted(work.units_folded),
        *([named] if named else []),
    ]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why an even assignment does not exist: the minimum cut, as keys.

    Attributes:
        work_ids: works that are held up.
        juror_ids: the judges who may mark them and are full; empty when there are none.
        missing: how many places are lacking.
        once_ids: judges who still have room and may mark some of these works, but have each of
            those already: a judge marks a work once.
    """

    work_ids: tuple[int, ...]
    juror_ids: tuple[int, ...]
    missing: int
    once_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What can be checked by anybody who replays the assignment from the same input and seed.

    Attributes:
        loads: works of each juror, kept ones included.
        new_marks: sheets that this assignment makes.
        forbidden: conflicts that were found, by `Finding.key`.
        conflicts: of the result; always 0, counted anew.
        components: groups of judges that share no work with each other.
        efficiency: of the linking; None when not all are linked.
        is_even: loads differ by one at the most, among judges who still had room.
        seed: of the draw.
        input_digest: of the problem.
        result_digest: of who marks what.
    """

    loads: Mapping[int, int]
    new_marks: int
    forbidden: Mapping[str, int]
    conflicts: int
    components: int
    efficiency: float | None
    is_even: bool
    seed: str
    input_digest: str
    result_digest: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """A result: by work the jurors who are added, and its certificate.

    `shortage` says why loads could not be even; the result is then the evenest there is.
    """

    panels: Mapping[int, tuple[int, ...]]
    certificate: Certificate
    shortage: Shortage | None = None


class Impossible(Exception):
    """Not even with uneven loads does every work get its marks."""

    def __init__(self, shortage: Shortage) -> None:
        self.shortage = shortage
        super().__init__("no assignment exists")


@dataclass(slots=True)
class _Board:
    """The problem by places instead of keys, and the state of the draw."""

    allowed: list[list[int]]
    need: list[int]
    floor: list[int]
    capacity: list[int | None]
    panels: list[list[int]]
    kept: list[list[int]]


def assign(problem: Problem, seed: str) -> Assigned:
    """Assign; the same problem and seed always give the same result.

    Raises:
        Impossible: some work cannot get its marks; carries the minimum cut.
    """
    forbidden = conflicts(problem.judges, problem.works)
    board = _board(problem, forbidden)
    shortage: Shortage | None = None
    shares = Shares.even(sum(board.need), board.floor, board.capacity)
    cut = None if shares is None else _solve(board, shares, seed)
    if shares is None or cut is not None:
        shortage = _named(problem, board, cut)
        _solve_unevenly(problem, board, seed)
    even_out(board.panels, board.kept, board.allowed, seed)
    return Assigned(
        _panels(problem, board), _certificate(problem, board, forbidden, seed), shortage
    )


def _board(problem: Problem, forbidden: Mapping[tuple[int, int], Finding]) -> _Board:
    place = {judge.juror_id: at for at, judge in enumerate(problem.judges)}
    kept = [
        [place[juror] for juror in problem.kept.get(work.work_id, ()) if juror in place]
        for work in problem.works
    ]
    allowed = []
    for work, staying in zip(problem.works, kept, strict=True):
        allowed.append(
            [
                at
                for at, judge in enumerate(problem.judges)
                if (judge.juror_id, work.work_id) not in forbidden
                and (judge.juror_id, work.work_id) not in problem.barred
                and at not in staying
            ]
        )
    floor = [0] * len(problem.judges)
    for staying in kept:
        for at in staying:
            floor[at] += 1
    need = [problem.need(work.work_id) for work in problem.works]
    capacity = [judge.capacity for judge in problem.judges]
    return _Board(allowed, need, floor, capacity, [[] for _ in need], kept)


def _solve(board: _Board, shares: Shares, seed: str) -> tuple[list[int], list[int], int] | None:
    """Draw, then mend by a flow; gives the minimum cut (works, judges, missing) on failure."""
    chance = random.Random(seed)  # noqa: S311  (anybody must be able to replay it)
    room = shares.room()
    extra = shares.spare
    panels: list[list[int]] = [[] for _ in board.need]
    order = list(range(len(board.need)))
    chance.shuffle(order)
    # Works with few possible judges choose first, so that seldom anything has to be mended.
    order.sort(key=lambda work: len(board.allowed[work]) - board.need[work])
    load = list(board.floor)
    used_extra: set[int] = set()
    for work in order:
        candidates = [
            (load[judge], chance.random(), judge)
            for judge in board.allowed[work]
            if room[judge] > 0
            or (extra > 0 and shares.may_exceed[judge] and judge not in used_extra)
        ]
        candidates.sort()
        for _, _, judge in candidates[: board.need[work]]:
            if room[judge] > 0:
                room[judge] -= 1
            elif extra > 0:
                extra -= 1
                used_extra.add(judge)
            else:
                continue
            load[judge] += 1
            panels[work].append(judge)
    network = Network(board.allowed, board.need, panels, room, used_extra, extra, shares.may_exceed)
    cut = network.mend()
    board.panels = panels
    return cut


def _solve_unevenly(problem: Problem, board: _Board, seed: str) -> None:
    """The evenest assignment there is: the smallest greatest load with which every work is full.

    Raises:
        Impossible: not even with all the places that judges have.
    """
    most = sum(board.need) + max(board.floor, default=0)
    low, high = 0, max(most, 1)
    cut = _solve(board, Shares.at_most(high, board.floor, board.capacity), seed)
    if cut is not None:
        raise Impossible(_named(problem, board, cut))
    while low < high:
        middle = (low + high) // 2
        if _solve(board, Shares.at_most(middle, board.floor, board.capacity), seed) is None:
            high = middle
        else:
            low = middle + 1
    _solve(board, Shares.at_most(high, board.floor, board.capacity), seed)


def _named(
    problem: Problem, board: _Board, cut: tuple[list[int], list[int], int] | None
) -> Shortage:
    if cut is None:  # the jury as a whole has too few places
        places = sum(
            max(0, (limit or 0) - floor)
            for limit, floor in zip(board.capacity, board.floor, strict=True)
        )
        return Shortage(
            tuple(work.work_id for work in problem.works),
            tuple(judge.juror_id for judge in problem.judges),
            sum(board.need) - places,
        )
    works, judges, missing = cut
    once = {judge for work in works for judge in board.allowed[work]} - set(judges)
    return Shortage(
        tuple(problem.works[at].work_id for at in works),
        tuple(problem.judges[at].juror_id for at in judges),
        missing,
        tuple(problem.judges[at].juror_id for at in sorted(once)),
    )


def _panels(problem: Problem, board: _Board) -> dict[int, tuple[int, ...]]:
    return {
        work.work_id: tuple(problem.judges[at].juror_id for at in panel)
        for work, panel in zip(problem.works, board.panels, strict=True)
        if panel
    }


def _certificate(
    problem: Problem,
    board: _Board,
    forbidden: Mapping[tuple[int, int], Finding],
    seed: str,
) -> Certificate:
    panels = _panels(problem, board)
    whole = [panel + kept for panel, kept in zip(board.panels, board.kept, strict=True)]
    loads = [0] * len(problem.judges)
    for panel in whole:
        for at in panel:
            loads[at] += 1
    active = [at for at, load in enumerate(loads) if load]
    place = {at: number for number, at in enumerate(active)}
    linked = [[place[at] for at in panel] for panel in whole]
    efficiency = linking_efficiency(linked, len(active))
    return Certificate(
        loads={judge.juror_id: loads[at] for at, judge in enumerate(problem.judges)},
        new_marks=sum(len(panel) for panel in panels.values()),
        forbidden=dict(Counter(why.key for why in forbidden.values())),
        conflicts=_broken(panels, forbidden),
        components=len(components(linked, len(active))) if active else 0,
        efficiency=None if efficiency is None else round(efficiency, 4),
        is_even=_is_even(board, loads),
        seed=seed,
        input_digest=problem.digest(),
        result_digest=panels_digest(panels),
    )


def _broken(
    panels: Mapping[int, Iterable[int]], forbidden: Mapping[tuple[int, int], Finding]
) -> int:
    return sum(
        (juror, work_id) in forbidden for work_id, panel in panels.items() for juror in panel
    )


def _is_even(board: _Board, loads: Sequence[int]) -> bool:
    """Nobody with room left carries two less than somebody who was given something now."""
    given = {at for panel in board.panels for at in panel}
    most = max((loads[at] for at in given), default=0)
    return all(
        load >= most - 1
        for load, limit in zip(loads, board.capacity, strict=True)
        if limit is None or load < limit
    )


def panels_digest(panels: Mapping[int, Iterable[int]]) -> str:
    """SHA-256 over who marks what."""
    return sha256_hex(canonical_json(sorted((work, sorted(who)) for work, who in panels.items())))
