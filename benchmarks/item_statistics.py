"""Item statistics of a million attempts, against reading the same file and nothing else."""

import csv
import random
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import Figure, benchmark, measured
from question_bank.statistics.marks_csv import read_marks

ATTEMPTS: Final = 1_000_000
ITEMS: Final = 20
KINDS: Final = 20_000
"""Different rows; the file repeats them, so that writing it takes seconds."""


@benchmark("item-statistics")
def item_statistics() -> Iterator[Figure]:
    """A CSV of 1,000,000 attempts × 20 items in one pass; against a bare reading by `csv`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "marks.csv"
        _write(path)
        with measured() as bare, path.open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _row in csv.reader(file))
        with measured() as ours:
            report = read_marks(path)
        assert report.paper.attempts == rows - 2 == ATTEMPTS
        yield Figure("CPU of a million attempts", ours.cpu, "s CPU", at_most=60)
        yield Figure("statistics / reading the rows by csv", ours.cpu / bare.cpu)
        tracemalloc.start()
        _write(path, ATTEMPTS // 10)
        tracemalloc.reset_peak()
        read_marks(path)
        peak = tracemalloc.get_traced_memory()[1] / 1_000_000
        tracemalloc.stop()
        yield Figure("memory in use at once, a tenth of them", peak, "MB", at_most=500)


def _write(path: Path, attempts: int = ATTEMPTS) -> None:
    chance = random.Random(1)
    lines = []
    for _kind in range(KINDS):
        skill = chance.random()
        marks = (str(int(chance.random() < skill)) for _item in range(ITEMS - 4))
        parts = (str(chance.choice((0, 0.25, 0.5, 0.75, 1))) for _item in range(4))
        lines.append(",".join((*marks, *parts)) + "\n")
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["attempt", *(f"Q{n}" for n in range(1, ITEMS + 1))]) + "\n")
        file.write(",".join(["max", *("1" for _item in range(ITEMS))]) + "\n")
        for number in range(attempts):
            file.write(f"a{number},{lines[number * 7 % KINDS]}")
