"""Measurements: `python3 dev.py bench [NAME] [--json]`.

A benchmark is one file in this folder with a function marked by `@benchmark`; it yields figures.
Machines are shared and noisy, so that a figure is a median, and a comparison is made in pairs
inside one run; what is compared with a limit is a ratio or CPU time wherever that is possible.
"""

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that was measured.

    Attributes:
        name: what it says, in a few words.
        value: the number.
        unit: "ms CPU", "s", "per second", "MB"; empty for a ratio.
        at_least: it must not be smaller; of a comparison, its ratio.
        at_most: it must not be larger; likewise.
        database: `postgresql` or `sqlite`; empty where none takes part.
        baseline: what stands against it, in the same unit: the same work without the application.
        paired: the median ratio, where the two were measured in pairs.
    """

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    database: str = ""
    baseline: float | None = None
    paired: float | None = None

    @property
    def ratio(self) -> float | None:
        """The number as a multiple of its baseline."""
        if self.paired is not None:
            return self.paired
        return self.value / self.baseline if self.baseline else None

    @property
    def judged(self) -> float:
        """What is held against the limits: the ratio of a comparison, else the number."""
        return self.value if self.ratio is None else self.ratio

    @property
    def holds(self) -> bool:
        """Whether it keeps its limits."""
        return (self.at_least is None or self.judged >= self.at_least) and (
            self.at_most is None or self.judged <= self.at_most
        )


Run = Callable[[], Iterator[Figure]]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A registered measurement."""

    name: str
    words: str
    run: Run


BENCHMARKS: Final[dict[str, Benchmark]] = {}


def benchmark(name: str) -> Callable[[Run], Run]:
    """Register a function that yields figures; the first line of its docstring describes it."""

    def register(run: Run) -> Run:
        words = (run.__doc__ or "").strip().splitlines()
        BENCHMARKS[name] = Benchmark(name, words[0] if words else "", run)
        return run

    return register


@dataclass(slots=True)
class Span:
    """What a stretch of work took, in seconds; children that have ended count in `cpu`."""

    wall: float = 0.0
    cpu: float = 0.0
    _start: tuple[float, float] = field(default=(0.0, 0.0))


def _cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


@contextmanager
def measured() -> Iterator[Span]:
    """Measure wall and CPU seconds of what is done inside."""
    span = Span()
    wall, cpu = time.perf_counter(), _cpu_seconds()
    try:
        yield span
    finally:
        span.wall, span.cpu = time.perf_counter() - wall, _cpu_seconds() - cpu


def process_cpu(pids: list[int]) -> float:
    """CPU seconds that running processes have used so far (Linux)."""
    fields = [_stat(pid) for pid in pids]
    return sum(int(values[11]) + int(values[12]) for values in fields) / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and everything below it (Linux)."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):  # it has ended meanwhile
                parents[int(folder.name)] = int(_stat(int(folder.name))[1])
    found = [pid]
    for member in found:
        found.extend(child for child, parent in parents.items() if parent == member)
    return found


def _stat(pid: int) -> list[str]:
    """The fields of `/proc/PID/stat` after the name, which may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()


def peak_megabytes() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_megabytes(pids: list[int]) -> float:
    """The memory of running processes in MB, what they share divided among them (Linux, PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024
