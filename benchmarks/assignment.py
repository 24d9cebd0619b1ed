"""Assigning the works of a season to its judges, against one maximum flow of the same network."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from benchmarks import Figure, benchmark, measured
from contest.judging.rules.assignment import Problem, assign
from contest.judging.rules.conflicts import JudgeFacts, WorkFacts

JUDGES: Final = 21
WORKS: Final = 1_800
UNITS: Final = 60
QUORUM: Final = 2
RUNS: Final = 3


@benchmark("assignment")
def assignment() -> Iterator[Figure]:
    """1,800 works to 21 judges, twice each, without conflicts and well linked."""
    judges = tuple(
        JudgeFacts(key, 1000 + key, f"giam khao {key}", unit_id=key) for key in range(1, JUDGES + 1)
    )
    works = tuple(
        WorkFacts(key, frozenset({key}), unit_ids=frozenset({key % UNITS + 1}))
        for key in range(1, WORKS + 1)
    )
    problem = Problem(judges, works, QUORUM)
    seconds, flows = [], []
    for run in range(RUNS):
        with measured() as ours:
            result = assign(problem, f"hạt {run}")
        assert result.certificate.is_even
        assert result.certificate.conflicts == 0
        with measured() as flow:
            assert _flow() == WORKS * QUORUM
        seconds.append(ours.cpu)
        flows.append(flow.cpu)
    yield Figure("CPU of a season", min(seconds), "s CPU", at_most=2.0)
    yield Figure("assignment / one plain maximum flow", min(seconds) / min(flows))


def _flow() -> int:
    """What can be placed at all, from SciPy: no seed, no linking, no reasons."""
    source, sink = 0, 1 + WORKS + JUDGES
    share = -(-WORKS * QUORUM // JUDGES)
    lines = [(source, work, QUORUM) for work in range(1, WORKS + 1)]
    lines += [
        (work, WORKS + judge, 1)
        for work in range(1, WORKS + 1)
        for judge in range(1, JUDGES + 1)
        if work % UNITS + 1 != judge
    ]
    lines += [(WORKS + judge, sink, share) for judge in range(1, JUDGES + 1)]
    table = np.array(lines, dtype=np.int32)
    network = csr_array((table[:, 2], (table[:, 0], table[:, 1])), shape=(sink + 1, sink + 1))
    return int(maximum_flow(network, source, sink).flow_value)
