"""The real server in a process of its own: for benchmarks, and for tests that kill it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from toolchain.steps import PROJECT_ROOT

START_SECONDS: Final = 120
STOP_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    address: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The process that started the workers."""
        return self.process.pid


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(
    environment: Mapping[str, str],
    *,
    log: Path,
    target: str | None = None,
    workers: int = 1,
    threads: int = 1,
    port: int | None = None,
) -> Iterator[Server]:
    """Serve with granian as `dev.py run` does, on a free port of 127.0.0.1.

    Args:
        environment: variables beside those of this process (DATABASE_URL, INSTANCE_DIR …).
        log: what the server says goes there, and into the error when it does not start.
        target: a factory, `module:function`, that a benchmark serves instead of the application.
        workers: processes.
        threads: threads in each that run requests.
        port: of 127.0.0.1; None for one that is free.
    """
    port = free_port() if port is None else port
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", *_program(target)),
                *("--host", "127.0.0.1", "--port", str(port)),
                *("--workers", str(workers), "--blocking-threads", str(threads)),
            ],
            cwd=PROJECT_ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, log)
        yield Server(f"http://127.0.0.1:{port}", port, process)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError, PermissionError):  # workers that outlive who began them
            os.killpg(process.pid, signal.SIGKILL)


def _program(target: str | None) -> tuple[str, ...]:
    if target is None:
        return ("contest",)
    return ("granian", "--interface", "wsgi", "--factory", "--log-level", "warning", target)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start:\n" + log.read_text(errors="replace"))
