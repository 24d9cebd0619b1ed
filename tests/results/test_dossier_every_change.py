"""Every single change of a dossier in which everything happens: found, or said to be given."""

import re
from itertools import islice

import pytest

from contest.judging.models import ResolutionMethod
from contest.results.dossier.form_checks import METHOD
from tests.results.dossier_changes import changed_dossiers
from tests.results.dossier_folders import AGREES, lines_of, unpacked, verify
from tests.results.dossier_stories import decided_essays, eventful_quiz, trimmed_essays

pytestmark = pytest.mark.usefixtures("context")

TERMS = {
    *("title", "annulled", "rounded", "totals_left_out"),
    *("quota", "money", "ties", "fewest", "per_author", "per_unit"),
    *("why", "passed_over", "withheld", "count", "used", "method"),
    *("keys", "merged", "with_staff", "counting"),
    *("agree", "third", "spread", "marks_per_work", "by_criterion", "top", "main"),
}
"""What rules.json says and nothing can compute again, where another value gives the same result."""
NAMES = re.compile(r"(entries|judges)\.csv line \d+ column (code|full_name|unit_path): .+")
"""Who somebody is: told to auditors alone, on the word of the organisers."""
LINKS = re.compile(r"totals\.csv line \d+ column entry_\d+: swapped .+")
"""Who is the same person in several rounds, where units and parts are equal: codes would tell."""


def is_given(what, *, is_full):
    """Whether a change is one of what the check says it takes as given."""
    name, _space, where = what.partition(" ")
    if LINKS.fullmatch(what):
        return not is_full
    if name != "rules.json":
        return NAMES.fullmatch(what) is not None
    path = re.split(r": | without | with ", where)[0]
    return next(step for step in reversed(path.split(".")) if not step.isdecimal()) in TERMS


def missed(folder, every=1):
    assert verify(folder, "--ignore-digests") == AGREES
    is_full = (folder / "entries.csv").exists()
    return [
        what
        for what in islice(changed_dossiers(folder), 0, None, every)
        if not lines_of(folder) and not is_given(what, is_full=is_full)
    ]


@pytest.mark.parametrize("full", [False, True])
def test_some_changes_of_a_quiz(now, tmp_path, full):
    assert missed(unpacked(eventful_quiz(now), tmp_path, full=full), 29) == []


@pytest.mark.parametrize("full", [False, True])
def test_some_changes_of_essays(app, cast, now, tmp_path, full):
    assert missed(unpacked(decided_essays(app, cast, now), tmp_path, full=full), 13) == []


def test_some_changes_where_the_highest_and_the_lowest_are_left_out(app, cast, now, tmp_path):
    assert missed(unpacked(trimmed_essays(app, cast, now), tmp_path), 13) == []


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("full", [False, True])
def test_every_change_of_a_quiz(now, tmp_path, full):
    assert missed(unpacked(eventful_quiz(now), tmp_path, full=full)) == []


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("full", [False, True])
def test_every_change_of_essays(app, cast, now, tmp_path, full):
    assert missed(unpacked(decided_essays(app, cast, now), tmp_path, full=full)) == []


def test_every_way_to_a_mark_is_known_to_the_check():
    assert all(METHOD(one.value) for one in ResolutionMethod)
    assert not METHOD("hearsay")
