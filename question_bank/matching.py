"""Filling cells with questions: a bipartite matching with enemies.

Cells want a number of questions each; a question may fit several cells and fills one. An *enemy
group* gives at most one question to a paper. When every question has at most one group, filling is
a matching of cells with groups, and augmenting paths find the largest one exactly. Questions in
several groups (A is B's enemy, B is C's, A and C get along) make the problem hard in general: such
conflicts are left out of the matching and resolved by branching, within a budget of steps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

Assignment: TypeAlias = tuple[tuple[int, ...], ...]
"""Per cell, the places (in the pool) of the questions that fill it."""

_BRANCH_BUDGET = 400


@dataclass(frozen=True, slots=True)
class Needs:
    """Who fits where; cells and questions are named by their places, counted from 0.

    ``group`` gives each question a node of the matching: all members of a plain enemy group share
    one, a question without enemies has its own. ``rivals`` holds the conflicts that groups cannot
    express.
    """

    counts: tuple[int, ...]
    fits: tuple[tuple[int, ...], ...]
    group: tuple[int, ...]
    rivals: tuple[frozenset[int], ...]

    @classmethod
    def build(
        cls,
        *,
        counts: tuple[int, ...],
        fits: tuple[tuple[int, ...], ...],
        enemies: tuple[frozenset[str], ...],
    ) -> "Needs":
        """Work out groups and rivals from the names of enemy groups."""
        members: dict[str, list[int]] = {}
        for place, names in enumerate(enemies):
            for name in sorted(names):
                members.setdefault(name, []).append(place)
        group = list(range(len(fits)))
        rivals: list[set[int]] = [set() for _question in fits]
        for places in members.values():
            plain = all(len(enemies[place]) == 1 for place in places)
            for place in places:
                if plain:
                    group[place] = places[0]
                else:
                    rivals[place].update(other for other in places if other != place)
        return cls(counts, fits, tuple(group), tuple(frozenset(others) for others in rivals))

    def only(self, cell: int) -> "Needs":
        """Return the same needs with every other cell's count at nothing."""
        counts = tuple(count if c == cell else 0 for c, count in enumerate(self.counts))
        return replace(self, counts=counts)

    def capped(self, most: Sequence[int]) -> "Needs":
        """Return the same needs with each cell's count held to ``most``."""
        counts = tuple(min(count, top) for count, top in zip(self.counts, most, strict=True))
        return replace(self, counts=counts)


@dataclass(frozen=True, slots=True)
class Filling:
    """The fullest assignment found and, when cells stay short, the cells that compete."""

    assignment: Assignment
    contested: tuple[int, ...]


def fill(needs: Needs, preference: Sequence[int]) -> Assignment | None:
    """Fill every cell, taking questions in the order of ``preference``; None when impossible."""
    wanted = sum(needs.counts)
    state = _State(needs)
    if state.take_in_order(preference, wanted):
        return state.assignment()
    for order in (preference, range(len(needs.fits))):
        best = _search(needs, order)
        if best.filled == wanted:
            return best.assignment()
    return None


def largest(needs: Needs) -> Filling:
    """Fill as many places as can be, in the pool's own order."""
    best = _search(needs, range(len(needs.fits)))
    return Filling(best.assignment(), best.contested())


class _State:
    """A partial filling: which cell each taken question fills."""

    def __init__(self, needs: Needs, banned: frozenset[int] = frozenset()) -> None:
        self.needs = needs
        self.banned = banned
        self.cell_of: dict[int, int] = {}
        self.taken: list[list[int]] = [[] for _cell in needs.counts]
        self.holder: dict[int, int] = {}
        self.filled = 0

    def assignment(self) -> Assignment:
        return tuple(tuple(places) for places in self.taken)

    def _put(self, question: int, cell: int) -> None:
        self.cell_of[question] = cell
        self.taken[cell].append(question)
        self.holder[self.needs.group[question]] = question

    def _drop(self, question: int) -> None:
        self.taken[self.cell_of.pop(question)].remove(question)
        del self.holder[self.needs.group[question]]

    def take_in_order(self, preference: Iterable[int], wanted: int) -> bool:
        """Take each question in turn if a place can be made for it; True when all is full.

        Without enemies this is the greedy of a transversal matroid: the taken set is the best by
        preference. Cells that could not take one question cannot take a later one either, so a
        set of cells that refused once is not tried again.
        """
        fits, group, rivals = self.needs.fits, self.needs.group, self.needs.rivals
        refused: set[tuple[int, ...]] = {()}
        for question in preference:
            if self.filled == wanted:
                break
            cells = fits[question]
            if cells in refused or group[question] in self.holder or question in self.banned:
                continue
            if rivals[question] and not rivals[question].isdisjoint(self.cell_of):
                continue
            if self._make_place(question):
                self.filled += 1
            else:
                refused.add(cells)
        return self.filled == wanted

    def _make_place(self, question: int) -> bool:
        """Put a question in, moving others to their other cells where needed."""
        counts, fits = self.needs.counts, self.needs.fits
        came_from: dict[int, tuple[int, int]] = {}
        queue = [(cell, question) for cell in fits[question]]
        for cell, mover in queue:
            if cell in came_from:
                continue
            came_from[cell] = (mover, self.cell_of.get(mover, -1))
            if len(self.taken[cell]) < counts[cell]:
                self._shift(cell, came_from)
                return True
            queue.extend((other, held) for held in self.taken[cell] for other in fits[held])
        return False

    def _shift(self, cell: int, came_from: dict[int, tuple[int, int]]) -> None:
        while cell != -1:
            mover, previous = came_from[cell]
            if previous != -1:
                self._drop(mover)
            self._put(mover, cell)
            cell = previous

    def augment(self, order: Sequence[int]) -> None:
        """Fill the cells that are still short, letting enemy groups change their member."""
        for cell, count in enumerate(self.needs.counts):
            while len(self.taken[cell]) < count and self._augment_cell(cell, order):
                self.filled += 1

    def _augment_cell(self, start: int, order: Sequence[int]) -> bool:
        """One augmenting path from a cell: each step takes a group, freeing the cell it served."""
        group = self.needs.group
        seen: set[int] = set()
        steps: list[tuple[int, int, int]] = []
        queue: list[tuple[int, int]] = [(start, -1)]
        for cell, step in queue:
            for question in order:
                node = group[question]
                if node in seen or question in self.banned or cell not in self.needs.fits[question]:
                    continue
                seen.add(node)
                steps.append((cell, question, step))
                if node not in self.holder:
                    self._apply(steps, len(steps) - 1)
                    return True
                queue.append((self.cell_of[self.holder[node]], len(steps) - 1))
        return False

    def _apply(self, steps: list[tuple[int, int, int]], last: int) -> None:
        while last != -1:
            cell, question, last = steps[last]
            held = self.holder.get(self.needs.group[question])
            if held is not None:
                self._drop(held)
            self._put(question, cell)

    def conflict(self) -> tuple[int, int] | None:
        """Two taken questions that are rivals, the lowest first."""
        for question in sorted(self.cell_of):
            for other in sorted(self.needs.rivals[question]):
                if other in self.cell_of:
                    return question, other
        return None

    def contested(self) -> tuple[int, ...]:
        """Cells that compete: those short, and all from which an exchange could reach them."""
        short = [c for c, count in enumerate(self.needs.counts) if len(self.taken[c]) < count]
        found = dict.fromkeys(short)
        queue = list(short)
        for cell in queue:
            for question, cells in enumerate(self.needs.fits):
                held = self.holder.get(self.needs.group[question])
                other = -1 if held is None else self.cell_of[held]
                if cell in cells and other != -1 and other not in found:
                    found[other] = None
                    queue.append(other)
        return tuple(sorted(found))


def _search(needs: Needs, order: Sequence[int]) -> _State:
    """The fullest filling without rivals: match, and branch on a pair that must not meet."""
    best: _State | None = None
    open_bans: list[frozenset[int]] = [frozenset()]
    for _step in range(_BRANCH_BUDGET):
        if not open_bans:
            break
        bans = open_bans.pop()
        state = _State(needs, bans)
        state.augment(order)
        if best is not None and state.filled <= best.filled:
            continue
        pair = state.conflict()
        if pair is None:
            best = state
            if best.filled == sum(needs.counts):
                break
            continue
        safe = _without_conflicts(needs, bans, order)
        if best is None or safe.filled > best.filled:
            best = safe
        # The second of the pair is banned first (the stack pops the last).
        open_bans += [bans | {pair[0]}, bans | {pair[1]}]
    return best if best is not None else _State(needs)


def _without_conflicts(needs: Needs, bans: frozenset[int], order: Sequence[int]) -> _State:
    """A filling that is surely free of rivals, if perhaps not the fullest."""
    state = _State(needs, bans)
    state.take_in_order(order, sum(needs.counts))
    return state
