"""The flow behind an assignment: shares of the judges, mending a draw, and the minimum cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.core.later import later

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse
    from scipy.sparse import csgraph
else:
    np, sparse, csgraph = map(later, ("numpy", "scipy.sparse", "scipy.sparse.csgraph"))


def _clamp(level: int, floor: int, limit: int | None) -> int:
    return max(floor, level if limit is None else min(level, limit))


@dataclass(frozen=True, slots=True)
class Shares:
    """What each judge is to carry.

    Attributes:
        floor: what each carries already.
        share: what each carries in all, at the least.
        may_exceed: who may carry one more.
        spare: how many of those may.
    """

    floor: tuple[int, ...]
    share: tuple[int, ...]
    may_exceed: tuple[bool, ...]
    spare: int

    @classmethod
    def even(
        cls, marks: int, floor: Sequence[int], capacity: Sequence[int | None]
    ) -> "Shares | None":
        """Equal shares of `marks` new marks; None when the places do not suffice.

        Whoever carries more already gets nothing, whoever can take less gets that.
        """
        total = marks + sum(floor)
        pairs = list(zip(floor, capacity, strict=True))
        top = max([*floor, 0]) + marks + 1
        if sum(_clamp(top, *pair) for pair in pairs) < total:
            return None
        low, high = 0, top
        while low < high:
            middle = (low + high + 1) // 2
            if sum(_clamp(middle, *pair) for pair in pairs) <= total:
                low = middle
            else:
                high = middle - 1
        share = tuple(_clamp(low, *pair) for pair in pairs)
        may_exceed = tuple(
            _clamp(low + 1, *pair) > kept for pair, kept in zip(pairs, share, strict=True)
        )
        return cls(tuple(floor), share, may_exceed, total - sum(share))

    @classmethod
    def at_most(cls, most: int, floor: Sequence[int], capacity: Sequence[int | None]) -> "Shares":
        """Up to `most` for each, within what they can take: loads may be uneven."""
        share = tuple(_clamp(most, *pair) for pair in zip(floor, capacity, strict=True))
        return cls(tuple(floor), share, (False,) * len(share), 0)

    def room(self) -> list[int]:
        """How many more each takes."""
        return [share - floor for share, floor in zip(self.share, self.floor, strict=True)]


@dataclass(slots=True)
class Network:
    """What is left after the draw, as a network of residual capacities.

    Nodes: 0 source, 1 sink, 2 extra, then works, then judges.

    Attributes:
        allowed: by work, judges who may mark it.
        need: by work, marks that it still needs.
        panels: by work, judges whom the draw gave it; changed by `mend`.
        room: by judge, how many more each takes.
        used_extra: judges who carry one more than their share.
        extra: how many more may do so.
        may_exceed: by judge, whether one more is possible at all.
    """

    allowed: list[list[int]]
    need: list[int]
    panels: list[list[int]]
    room: list[int]
    used_extra: set[int]
    extra: int
    may_exceed: Sequence[bool]

    @property
    def missing(self) -> list[int]:
        """By work, marks that the draw did not give it."""
        return [wanted - len(panel) for wanted, panel in zip(self.need, self.panels, strict=True)]

    def mend(self) -> tuple[list[int], list[int], int] | None:
        """Fill the works that the draw left short, moving as few others as a flow does.

        Returns:
            None when every work is full, else the minimum cut: works, judges, missing places.
        """
        short = sum(self.missing)
        if not short:
            return None
        graph = self._graph()
        result = csgraph.maximum_flow(graph, 0, 1)
        flow = result.flow.tocsr()
        self._apply(flow)
        if int(result.flow_value) == short:
            return None
        return self._cut(graph, flow, short - int(result.flow_value))

    def _work(self, at: int) -> int:
        return 3 + at

    def _judge(self, at: int) -> int:
        return 3 + len(self.need) + at

    def _graph(self) -> "sparse.csr_array":
        edges: list[tuple[int, int, int]] = []
        for at, missing in enumerate(self.missing):
            if missing:
                edges.append((0, self._work(at), missing))
            taken = set(self.panels[at])
            edges += [
                (self._judge(judge), self._work(at), 1)
                if judge in taken
                else (self._work(at), self._judge(judge), 1)
                for judge in self.allowed[at]
            ]
        for judge, room in enumerate(self.room):
            if room > 0:
                edges.append((self._judge(judge), 1, room))
            if judge in self.used_extra:
                edges.append((2, self._judge(judge), 1))
            elif self.may_exceed[judge]:
                edges.append((self._judge(judge), 2, 1))
        if self.extra:
            edges.append((2, 1, self.extra))
        size = 3 + len(self.need) + len(self.room)
        rows, columns, values = zip(*edges, strict=True)
        return sparse.csr_array(
            (np.array(values, dtype=np.int32), (np.array(rows), np.array(columns))),
            shape=(size, size),
        )

    def _apply(self, flow: "sparse.csr_array") -> None:
        """Take over what the flow moved between works and judges."""
        moved = flow.tocoo()
        judges_from = self._judge(0)
        for row, column, value in zip(moved.row, moved.col, moved.data, strict=True):
            if value <= 0:
                continue
            if 3 <= row < judges_from <= column:  # noqa: PLR2004
                self.panels[row - 3].append(int(column - judges_from))
            elif 3 <= column < judges_from <= row:  # noqa: PLR2004
                self.panels[column - 3].remove(int(row - judges_from))

    def _cut(
        self, graph: "sparse.csr_array", flow: "sparse.csr_array", missing: int
    ) -> tuple[list[int], list[int], int]:
        """Works and judges on the source's side of the residual graph: what holds them up."""
        residual = sparse.csr_array(graph - flow)
        residual.data = np.maximum(residual.data, 0)
        residual.eliminate_zeros()
        reached = set(
            csgraph.breadth_first_order(
                residual, 0, directed=True, return_predecessors=False
            ).tolist()
        )
        works = [at for at in range(len(self.need)) if self._work(at) in reached]
        judges = [at for at in range(len(self.room)) if self._judge(at) in reached]
        return works, judges, missing
