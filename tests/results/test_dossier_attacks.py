"""A stranger changes a dossier, one thing after the other, with fresh digests: verify.py says so."""

import ast
import copy
import json
import sys
from collections import Counter

import pytest

from contest.results.dossier.form_checks import line_of
from contest.results.dossier.script import verify_script
from tests.results.dossier_folders import AGREES, lines_of, unpacked, verify
from tests.results.test_dossier import published_quiz

pytestmark = pytest.mark.usefixtures("context")


def parts(document, path=()):
    """Paths of all values of a document, and whether it is one without parts."""
    inner = document.items() if isinstance(document, dict) else enumerate(document)
    for step, value in inner:
        has_parts = isinstance(value, (dict, list))
        yield (*path, step), has_parts
        if has_parts:
            yield from parts(value, (*path, step))


def changed(document, path, value=None):
    """A copy with another value at a path; None takes it away."""
    other = target = copy.deepcopy(document)
    for step in path[:-1]:
        target = target[step]
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return other


@pytest.fixture
def folder(now, tmp_path):
    return unpacked(published_quiz(now).contest, tmp_path)


def test_no_value_of_the_documents_is_missing_or_of_another_kind(folder):
    missed = []
    for name in ("rules.json", "manifest.json"):
        text = (folder / name).read_text()
        document = json.loads(text)
        for path, has_parts in parts(document):
            values = [] if has_parts else [7.5, [1], "\x00", -1]
            taken_away = [] if isinstance(path[-1], int) else [None]
            for value in (*taken_away, *values):
                (folder / name).write_text(json.dumps(changed(document, path, value)))
                if not lines_of(folder):
                    missed.append((name, path, value))
        (folder / name).write_text(text)
    # A text may be any text: the title of a round, the name of units that are told together.
    assert {path for _name, path, value in missed if value != "\x00"} == set()
    assert {path[-1] for _name, path, _value in missed} <= {"title", "rest"}


def test_another_title_or_publication_must_be_changed_twice(folder):
    rules = json.loads((folder / "rules.json").read_text())
    for path in (("contest", "title"), ("rounds", 0, "publication", "decision")):
        (folder / "rules.json").write_text(json.dumps(changed(rules, path, "Khác")))
        (said,) = lines_of(folder)
        assert said.startswith("manifest.json:1:")


def test_a_value_is_told_with_its_line(folder):
    path = folder / "rules.json"
    text = path.read_text()
    rules = json.loads(text)
    odd = changed(rules, ("rounds", 0, "levels", 1, "ties"), "nobody")
    path.write_text(json.dumps(odd, ensure_ascii=False, indent=1, sort_keys=True))
    line = next(n for n, row in enumerate(path.read_text().splitlines(), 1) if "nobody" in row)
    said = lines_of(folder)[0]
    assert said == f"rules.json:{line}: rounds.0.levels.1.ties is missing, or cannot be as it is"
    assert line_of("{}", ("rounds", 0)) == 1


HOSTILE = {
    "a missing table": ("ranking.csv", None),
    "no rules": ("rules.json", None),
    "a cut table": ("attempts.csv", lambda text: text[: len(text) // 2]),
    "cut rules": ("rules.json", lambda text: text[: len(text) // 2]),
    "deep rules": ("rules.json", lambda _text: "[" * 100_000),
    "no object": ("rules.json", lambda _text: "[1]"),
    "no number": ("rules.json", lambda text: text.replace('"quota": 1', '"quota": NaN', 1)),
    "a name twice": ("rules.json", lambda text: text.replace("{", '{"schema": 2,', 1)),
    "a number without end": ("attempts.csv", lambda text: text.replace("20.00", "9e999999999", 1)),
    "a number of a million digits": (
        "attempts.csv",
        lambda text: text.replace("20.00", "9" * 10**6),
    ),
    "nan": ("attempts.csv", lambda text: text.replace("20.00", "nan", 1)),
    "a fraction": ("attempts.csv", lambda text: text.replace("20.00", "40/2", 1)),
    "an open quotation": ("attempts.csv", lambda text: text.replace("20.00", '"20.00', 1)),
    "columns that changed places": (
        "attempts.csv",
        lambda text: text.replace("attempt,points", "points,attempt", 1),
    ),
    "a column twice": ("attempts.csv", lambda text: text.replace(",lot", ",correct", 1)),
    "one column more": ("prizes.csv", lambda text: text.replace("\n", ",x\n")),
    "another alphabet": ("attempts.csv", lambda text: text.replace("20.00", "２０.00", 1)),
    "zeros": ("seed.txt", lambda text: "\x00" + text),
    "a row twice": ("prizes.csv", lambda text: text + text.splitlines()[-1] + "\n"),
}


def test_a_broken_dossier_is_told_in_a_sentence(folder):
    for what, (name, change) in HOSTILE.items():
        path = folder / name
        before = path.read_bytes()
        if change is None:
            path.unlink()
        else:
            other = change(before.decode())
            assert other != before.decode(), what
            path.write_text(other)
        code, said = verify(folder, "--ignore-digests")
        assert (code, what) == (1, what)
        assert any(line.startswith(f"{name}:") for line in said.splitlines()), (what, said)
        assert said.splitlines()[-1] == "The dossier does not agree."
        path.write_bytes(before)


def test_bytes_that_are_no_text_and_what_is_no_folder(folder):
    before = (folder / "ranking.csv").read_bytes()
    (folder / "ranking.csv").write_bytes(before + b"\xff\xfe\n")
    last = before.count(b"\n") + 1
    assert (
        f"ranking.csv:{last}: this is no text in UTF-8\n" in verify(folder, "--ignore-digests")[1]
    )
    assert verify(folder, str(folder / "rules.json")) == (
        1,
        f"{folder / 'rules.json'} is no folder: unpack the dossier first.\n",
    )
    assert verify(folder, "--ignore-digest")[0] == 1


def test_line_ends_and_marks_of_another_system_change_nothing_but_the_digest(folder):
    path = folder / "attempts.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert verify(folder, "--ignore-digests") == AGREES
    assert verify(folder)[1].startswith("attempts.csv:1: the file is not the one whose digest")


def test_a_file_that_was_put_beside_a_dossier_does_not_hurt(folder):
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / "dossier.zip").write_bytes(b"PK")
    assert verify(folder) == AGREES
    (folder / "marks.csv").write_text("entry,judge,criterion,mark\n")
    assert "marks.csv:1: the file is not listed in manifest.json" in verify(folder)[1]


def test_the_script_is_one_file_of_python_alone():
    """It also runs on Python 3.8, and no part of it hides a name of another one."""
    tree = ast.parse(verify_script(), feature_version=(3, 8))
    names = Counter(
        name
        for node in tree.body
        for name in (
            [node.name]
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            else [
                one.id
                for target in getattr(node, "targets", ())
                for one in ast.walk(target)
                if isinstance(one, ast.Name)
            ]
        )
    )
    assert [name for name, count in names.items() if count > 1] == []
    imported = {
        node.names[0].name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
