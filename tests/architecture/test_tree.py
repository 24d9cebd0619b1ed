"""What must not stand in any file of the project."""

import json
from typing import Final

from contest.config import PROJECT_ROOT
from tests.support.sources import tracked_files

# Put together here, so that this file does not name them either.
REGISTRIES: Final = (
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "deb." + "debian.org",
)
MACHINE_PATHS: Final = ("/" + "root/", "/" + "work/", "/" + "home/")
BINARY: Final = {
    ".png",
    ".jpg",
    ".webp",
    ".xlsx",
    ".docx",
    ".pdf",
    ".zip",
    ".ico",
    ".woff2",
    ".xls",
}


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked_files():
        if path.suffix not in BINARY:
            name = path.relative_to(PROJECT_ROOT).as_posix()
            found.append((name, path.read_text(encoding="utf-8", errors="replace")))
    return found


def test_no_file_names_a_registry() -> None:
    faults = [(name, host) for name, text in texts() for host in REGISTRIES if host in text]
    assert faults == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    faults = [(name, path) for name, text in texts() for path in MACHINE_PATHS if path in text]
    assert faults == []


def test_lock_files_hold_names_and_hashes() -> None:
    for path in tracked_files():
        if path.name == "package-lock.json":
            packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
            for name, package in packages.items():
                if name:
                    assert "resolved" not in package, (path, name)
                    assert package["integrity"].startswith("sha512-"), (path, name)


def test_nothing_third_party_is_committed() -> None:
    faults = [
        path.relative_to(PROJECT_ROOT).as_posix()
        for path in tracked_files()
        if {"vendor", "node_modules"} & set(path.relative_to(PROJECT_ROOT).parts)
        or path.suffix in {".woff2", ".ttf", ".mo"}
    ]
    assert faults == []
