"""Unpacking a dossier, changing its cells one after the other, and having it checked."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from decimal import Decimal

from contest.results.dossier import checking
from contest.results.dossier.writing import written_dossier

AGREES = (0, "Everything agrees.")


def unpacked(contest, place, *, full=False):
    folder = place / "dossier"
    with written_dossier(contest, full=full) as made, zipfile.ZipFile(made) as archive:
        archive.extractall(folder)
    return folder


def verify(folder, *options):
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()[-1] if done.returncode == 0 else done.stdout


def renew_manifest(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def read(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(folder, name, rows):
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows(rows)
    (folder / name).write_text(held.getvalue(), encoding="utf-8")


def other(cell, column):
    """Another value that could stand in the same cell."""
    try:
        value = Decimal(cell)
    except ArithmeticError:
        return "XXXXXXXXXXXX" if column == "entry" else f"{cell}x"
    return f"{value + 1}" if "." in cell else str(int(value) + 1)


def tampered(folder, name):
    """Every cell of a table changed, one after the other; the file is put back behind each."""
    before = (folder / name).read_bytes()
    rows = read(folder, name)
    for line, row in enumerate(rows[1:], 1):
        for place, column in enumerate(rows[0]):
            changed = [list(one) for one in rows]
            changed[line][place] = other(row[place], column)
            write(folder, name, changed)
            yield f"{name} line {line + 1} column {column}"
            (folder / name).write_bytes(before)


def lines_of(folder):
    return checking.check(folder, digests=False)
