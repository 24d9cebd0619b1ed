"""Checking that the files of a dossier are those of its manifest, and its seeds the sealed ones."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from contest.results.dossier.reading import Report, read_text

if TYPE_CHECKING:
    from pathlib import Path


def check_digests(folder: Path, manifest: dict[str, Any], report: Report) -> None:
    """Every file is the one whose digest stands in the manifest."""
    for name, digest in sorted(manifest["files"].items()):
        path = folder / name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            report.say(name, 1, "the file is not the one whose digest stands in manifest.json")


def check_seeds(folder: Path, rules: dict[str, Any], report: Report) -> None:
    """The seed of each round is the one that was sealed."""
    known = {}
    for line, words in enumerate(read_text(folder / "seed.txt").splitlines(), 1):
        name, _space, seed = words.partition(" ")
        if seed and name not in known:
            known[name] = (line, seed)
        else:
            report.say("seed.txt", line, "a line holds the number of a round and its seed")
    for each in rules["rounds"]:
        line, seed = known.pop(str(each["number"]), (1, ""))
        if not each["seed_digest"]:
            if seed:
                report.say("seed.txt", line, f"no seed of round {each['number']} was sealed")
            continue
        try:
            raw = bytes.fromhex(seed) if each["seed_form"] == "hex" else seed.encode()
        except ValueError:
            raw = b""
        if hashlib.sha256(raw).hexdigest() != each["seed_digest"]:
            report.say("seed.txt", line, f"this is not the sealed seed of round {each['number']}")
    for line, _seed in known.values():
        report.say("seed.txt", line, "there is no such round")
