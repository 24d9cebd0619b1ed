"""How well judges are linked by the works that they share.

A balanced assignment can be useless for comparing judges: what counts is the effective resistance
of the co-marking graph, whose edges weigh the works that two judges share, divided by the marks of
each work.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from contest.core.later import later

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse
    from scipy.sparse import csgraph
else:
    np, sparse, csgraph = map(later, ("numpy", "scipy.sparse", "scipy.sparse.csgraph"))

Matrix: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"


def laplacian(panels: Iterable[Sequence[int]], judges: int) -> Matrix:
    """The Laplacian of the co-marking graph.

    Args:
        panels: for each work the places (0 …) of the judges who mark it.
        judges: how many judges there are.
    """
    matrix = np.zeros((judges, judges))
    for panel in panels:
        if len(panel) < 2:  # noqa: PLR2004  (one mark links nobody)
            continue
        share = 1 / len(panel)
        for place, one in enumerate(panel):
            for other in panel[place + 1 :]:
                matrix[one, other] -= share
                matrix[other, one] -= share
    matrix[np.diag_indices(judges)] = -matrix.sum(axis=1)
    return matrix


def components(panels: Iterable[Sequence[int]], judges: int) -> list[list[int]]:
    """Groups of judges who are linked by shared works, the group of the first judge first.

    The graph is sparse, each judge of a work tied to its first: a table may name more judges than
    a full matrix would hold.
    """
    ties = [(panel[0], other) for panel in panels for other in panel[1:]]
    rows, columns = zip(*ties, strict=True) if ties else ((), ())
    graph = sparse.coo_array((np.ones(len(ties)), (rows, columns)), shape=(judges, judges))
    count, labels = csgraph.connected_components(graph, directed=False)
    groups: list[list[int]] = [[] for _ in range(count)]
    for judge, label in enumerate(labels):
        groups[int(label)].append(judge)
    return sorted(groups)


def pseudo_inverse(matrix: Matrix) -> Matrix:
    """The inverse of a connected graph's Laplacian on everything but the constant vector.

    Adding a multiple of the all-ones matrix makes it regular; cutting small eigenvalues off
    instead would depend on a tolerance.
    """
    size = len(matrix)
    scale = float(np.trace(matrix)) / size or 1.0
    ones = np.ones((size, size)) / size
    inverse: Matrix = np.linalg.inv(matrix + scale * ones) - ones / scale
    return inverse


def mean_resistance(panels: Iterable[Sequence[int]], judges: int) -> float | None:
    """The mean effective resistance over all pairs of judges; None when they are not linked."""
    known = list(panels)
    if judges < 2 or len(components(known, judges)) != 1:  # noqa: PLR2004
        return None
    inverse = pseudo_inverse(laplacian(known, judges))
    # Σ over pairs of R = J · trace, and there are J (J − 1) / 2 pairs.
    return float(2 * np.trace(inverse) / (judges - 1))


def linking_efficiency(panels: Iterable[Sequence[int]], judges: int) -> float | None:
    """R_opt / mean R, 1 being the best there is; None when judges are not all linked."""
    known = [panel for panel in panels if panel]
    mean = mean_resistance(known, judges)
    links = sum(len(panel) - 1 for panel in known)
    if mean is None or not links:
        return None
    return 2 * (judges - 1) / links / mean
