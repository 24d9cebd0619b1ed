#!/usr/bin/env python3
"""Two commands for a machine that has Python 3.11 and nothing else.

    python3 dev.py run      set everything up and serve, with a demo on the first run
    python3 dev.py test     set everything up and pass every check and test

The rest is for daily work; `python3 dev.py --help` names it. Steps that are up to date are
skipped, and a step that fails says what to install.
"""

from __future__ import annotations  # so that an older Python reaches our words about it

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

from toolchain import steps
from toolchain.programs import provide_chromium, provide_postgresql
from toolchain.steps import INSTANCE, PYTHON, SetUpFailed, say

OLDEST_PYTHON = (3, 11)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
START_SECONDS = 30
STOP_SECONDS = 15
OWN_END_SECONDS = 3
SIGN_INS = INSTANCE / "demo-sign-ins.txt"
CHECKS = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "mypy": ["mypy", "--no-error-summary"],
    "import-linter": ["lint-imports"],
    "bandit": [
        *("bandit", "--quiet", "--recursive", "--configfile", "pyproject.toml"),
        *("--severity-level", "medium", "contest", "question_bank", "toolchain", "dev.py"),
    ],
}


def main() -> int:
    """Read the command line and do what it asks; gives the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        say("Python 3.11 or newer is needed; this is " + sys.version.split()[0])
        return 2
    os.chdir(steps.PROJECT_ROOT)
    steps.keep_bytecode()
    options, rest = _parser().parse_known_args()
    if rest and options.command not in {"test", "flask"}:
        _parser().error("unknown: " + " ".join(rest))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        return do(options, rest)
    except SetUpFailed as broken:
        say(f"\n{broken}")
        return 2
    except KeyboardInterrupt:
        return 130


def do(options: argparse.Namespace, rest: list[str]) -> int:
    """Do what the command line asks; gives the exit code."""
    if options.command == "run":
        return run(options.host, options.port)
    if options.command == "test":
        return test([*(["--deep"] if options.deep else []), *rest], selected=bool(rest))
    if options.command == "coverage":
        return coverage()
    if options.command == "bench":
        return bench(options.name, as_json=options.json)
    if options.command == "flask":
        return flask(sys.argv[2:])
    if options.command == "check":
        steps.set_up(tests=True)
        return 1 if check() else 0
    steps.lock_packages()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Gương Sáng, from an empty machine")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("run", help="set up and serve; a demo on the first run")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    tests = commands.add_parser("test", help="all checks and tests; other words go to pytest")
    tests.add_argument("--deep", action="store_true", help="long fuzz and kill runs too")
    commands.add_parser("coverage", help="all tests beside the browser, traced; gate in pyproject")
    figures = commands.add_parser("bench", help="measure; without a name everything")
    figures.add_argument("name", nargs="?")
    figures.add_argument("--json", action="store_true")
    commands.add_parser("flask", help="a command of the application", add_help=False)
    commands.add_parser("check", help="ruff, mypy, import-linter and bandit alone")
    commands.add_parser("lock", help="resolve the requirement files anew")
    return parser


def run(host: str, port: int) -> int:
    """Serve, with the job process beside, until Ctrl-C."""
    demo = not os.environ.get("DATABASE_URL")
    steps.set_up()
    with steps.one_at_a_time():
        steps.seed_demo()
    if host not in LOOPBACK:
        if os.environ.get("DEMO") == "1":
            steps.fail("DEMO=1 is for 127.0.0.1 alone; take --host or DEMO away.")
        if demo:
            say(f"· the demo's sign-ins are off, because {host} is not 127.0.0.1")
    elif demo and SIGN_INS.exists():
        os.environ.setdefault("DEMO", "1")
    port = _free_port(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    os.environ.setdefault("PUBLIC_URL", address)
    workers, threads = (1, 1) if steps.sqlite_file() else (2, 4)
    server = [
        *(str(PYTHON), "-m", "contest", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
    ]
    return _keep_running([server, steps.flask("run-jobs")], host, port, address)


def _free_port(host: str, port: int) -> int:
    """The port itself when it is free, a free one for 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            steps.fail(f"Port {port} of {host} cannot be used: {error.strerror}. Try --port 0.")
        return int(probe.getsockname()[1])


def _keep_running(commands: list[list[str]], host: str, port: int, address: str) -> int:
    """Start the processes, the server being the first; stop all when one ends, or the person."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        # A session of their own: Ctrl-C reaches us alone, and we stop them in order.
        # The server first and alone: the first page should not wait for the jobs' own start.
        children.append(subprocess.Popen(commands[0], start_new_session=True))
        _wait_for(host, port, children)
        children.extend(
            subprocess.Popen(command, start_new_session=True) for command in commands[1:]
        )
        if os.environ.get("DEMO") == "1" and SIGN_INS.exists():
            print("\n" + SIGN_INS.read_text(encoding="utf-8").strip(), flush=True)
        print(f"\nGương Sáng: {address}   (Ctrl-C stops it)", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        return next(child.returncode for child in children if child.poll() is not None) or 1
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        _stop(children)


def _wait_for(host: str, port: int, children: list[subprocess.Popen[bytes]]) -> None:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (compared, not bound)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if any(child.poll() is not None for child in children):
            steps.fail("The server did not start; what it said stands above.")
        try:
            socket.create_connection((target, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    steps.fail(f"The server did not answer within {START_SECONDS} seconds.")


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def test(arguments: list[str], *, selected: bool) -> int:
    """All checks, then all tests; with words for pytest only those tests."""
    steps.set_up(tests=True)
    os.environ["CHROMIUM"] = str(provide_chromium())
    os.environ["PG_BIN"] = str(provide_postgresql())
    if selected:
        return attend([str(PYTHON), "-m", "pytest", *arguments])
    broken = check()
    say("· tests")
    pytest = [str(PYTHON), "-m", "pytest"]
    code = attend([*pytest, "-n", "2", "-m", "not browser", *arguments])
    say("· tests in the browser")
    # They wait most of the time, for clocks and pages, so that four share two cores well.
    in_browser = attend([*pytest, "-n", "4", "-m", "browser", *arguments])
    if in_browser:
        # Browsers may starve each other past a wait; what failed is tried once more, one at a
        # time. A real fault fails here again.
        say("· tests in the browser that failed, one at a time")
        again = ["--last-failed", "--last-failed-no-failures=none", "-m", "browser"]
        in_browser = attend([str(PYTHON), "-m", "pytest", *again])
    code = code or in_browser
    if broken:
        say("Broken besides: " + ", ".join(broken))
    return code or (1 if broken else 0)


def coverage() -> int:
    """Measure which lines and branches the tests reach; apart, since tracing costs a third more."""
    steps.set_up(tests=True)
    os.environ["PG_BIN"] = str(provide_postgresql())
    words = ["-n", "2", "--cov", "--cov-report=term", "-m", "not browser"]
    return attend([str(PYTHON), "-m", "pytest", *words])


def check() -> list[str]:
    """Run the static checks side by side; gives the names of those that found something."""
    say("· " + ", ".join(CHECKS))
    running = {
        name: subprocess.Popen(
            [str(PYTHON.with_name(words[0])), *words[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for name, words in CHECKS.items()
    }
    broken = []
    try:
        for name, program in running.items():
            said, _ = program.communicate()
            if program.returncode:
                say(f"· {name}:\n{said.decode(errors='replace').rstrip()}")
                broken.append(name)
    finally:
        _stop([program for program in running.values() if program.poll() is None])
    return broken


def bench(name: str | None, *, as_json: bool) -> int:
    """Measure one thing or everything."""
    steps.set_up(tests=True)
    os.environ["PG_BIN"] = str(provide_postgresql())
    words = [*([name] if name else []), *(["--json"] if as_json else [])]
    return attend([str(PYTHON), "-m", "benchmarks", *words])


def flask(words: list[str]) -> int:
    """One of the application's commands, in its environment; standard output is all its own."""
    steps.set_up()
    if words and words[0] not in {"db", "translations"} and "--help" not in words:
        with steps.one_at_a_time():
            steps.migrate()
    return attend(steps.flask(*words))


def attend(command: list[str]) -> int:
    """Run a program to its end; told to stop, let it put away what it started."""
    child = subprocess.Popen(command)
    try:
        return child.wait()
    except KeyboardInterrupt:
        # Ctrl-C has reached the program as well; a signal sent to us alone has not.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(OWN_END_SECONDS)
        _stop([child])
        raise


if __name__ == "__main__":
    sys.exit(main())
