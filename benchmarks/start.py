"""From the command to the first page, once everything is set up."""

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import Figure, benchmark
from toolchain.steps import PROJECT_ROOT

RUNS: Final = 3
GIVE_UP_SECONDS: Final = 30
SET_UP_SECONDS: Final = 600


@benchmark("start")
def start() -> Iterator[Figure]:
    """Seconds from `dev.py run` to the first page."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        _seconds_to_first_page(log, SET_UP_SECONDS)  # may still have to set something up
        seconds = [_seconds_to_first_page(log, GIVE_UP_SECONDS) for _ in range(RUNS)]
    yield Figure("to the first page", statistics.median(seconds), "s", at_most=2.0)


def _seconds_to_first_page(log: Path, give_up: float) -> float:
    begun = time.perf_counter()
    with log.open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "dev.py", "run", "--port", "0"],
            cwd=PROJECT_ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = _address(process, log, begun + give_up)
            with urllib.request.urlopen(address + "/") as page:  # noqa: S310  (our own address)
                assert page.status == 200
                page.read()
            return time.perf_counter() - begun
        finally:
            process.terminate()
            process.wait(30)


def _address(process: subprocess.Popen[bytes], log: Path, end: float) -> str:
    while time.perf_counter() < end and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if line.startswith("Gương Sáng: "):
                return line.split()[2]
        time.sleep(0.02)
    raise RuntimeError("the server did not start:\n" + log.read_text(encoding="utf-8"))
