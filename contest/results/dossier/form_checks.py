"""Checking that rules.json and manifest.json have their form, and speak of the same things.

A value that no round could have is told with its line, so that nothing is followed that means
nothing. What has a sense of its own (a title, a decision) is compared where it stands twice.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from contest.results.dossier.reading import COLUMNS, Report, Wrong, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SCHEMA = 2
MOST = 10**18
LEAST = 5
RULES, MANIFEST = "rules.json", "manifest.json"
NEEDED = (RULES, "ranking.csv", "prizes.csv", "units.csv", "seed.txt", "verify.py")
NAMED = ("entries.csv", "judges.csv")


class Many:
    """An object with names of one form, and values of one form."""

    def __init__(self, name: str, value: Any) -> None:
        self.name, self.value = re.compile(name), value


class Perhaps:
    """Nothing, or something of a form."""

    def __init__(self, form: Any) -> None:
        self.form = form


def whole_from(least: int) -> Callable[[Any], bool]:
    """Whole numbers from one on."""
    return lambda value: type(value) is int and least <= value < MOST


def written(pattern: str) -> Callable[[Any], bool]:
    """Texts of a pattern."""
    known = re.compile(pattern)
    return lambda value: isinstance(value, str) and known.fullmatch(value) is not None


def one_of(*values: Any) -> Callable[[Any], bool]:
    """One of a few values, of the same type."""
    return lambda value: any(type(value) is type(one) and value == one for one in values)


ENTRY_NAME = "[A-Z2-7]{12}"
TEXT, NAME = written("(?s).*"), written("(?s).+")
FLAG, COUNT, ANY_COUNT, POSITIVE = (
    one_of(*(True, False)),
    whole_from(0),
    whole_from(-MOST),
    whole_from(1),
)
AMOUNT, ENTRY = written(r"[0-9]{1,12}(\.[0-9]{1,12})?"), written(ENTRY_NAME)
STEP = written(r"[0-9]{0,12}[1-9][0-9]{0,12}(\.[0-9]{1,12})?|[0-9]{1,12}\.[0-9]*[1-9][0-9]*")
DIGEST = written("[0-9a-f]{64}")
POLICY = one_of("expand", "shrink", "stop")
UNIT_KEY = one_of("persons", "attempts", "mean", "ratio", "winners")
MEASURE = one_of(
    *("standing", "persons", "attempts", "ratio", "mean", "winners"),
    *("youngest", "oldest", "earliest_perfect", "by_hand"),
)
METHOD = one_of(
    *("mean", "agreed", "chief", "equal_pair", "mean_of_three", "panel"),
    *("third", "closest", "median", "trimmed", "without_far", "appeal"),
)
WHY = one_of(
    *("won_before", "has_one", "author_full", "unit_full", "drawn_out", "takes_no_prize"),
)

ABOUT = {"slug": NAME, "title": TEXT}
PUBLICATION = {"number": POSITIVE, "digest": NAME, "decision": TEXT}
STANDINGS = Perhaps(
    {
        "keys": [UNIT_KEY],
        "level": POSITIVE,
        "fewest": COUNT,
        "with_staff": FLAG,
        "headcounts": Many("(?s).*", POSITIVE),
        "rest": TEXT,
        "merged": COUNT,
    }
)
PRIZES = {
    "levels": [{"level": NAME, "quota": COUNT, "money": COUNT, "ties": POLICY}],
    "passed_over": [{"entry": ENTRY, "why": WHY}],
    "ties": [{"division": TEXT, "level": NAME, "chosen": [ENTRY]}],
    "withheld": [{"division": TEXT, "level": NAME, "count": ANY_COUNT}],
    "divisions": [TEXT],
    "limits": {"per_author": Perhaps(POSITIVE), "per_unit": Perhaps(POSITIVE)},
    "rest": TEXT,
    "standings": STANDINGS,
    "extras": [
        {
            "level": written(r"(?s)\+[0-9]+ .*"),
            "measure": MEASURE,
            "keys": [NAME],
            "units": FLAG,
            "fewest": COUNT,
            "quota": COUNT,
            "money": COUNT,
            "ties": POLICY,
            "given": [{"to": TEXT, "place": written("[0-9]*")}],
            "chosen": Perhaps([TEXT]),
            "empty": COUNT,
        }
    ],
}
QUIZ_RULES = {"counting": one_of("best", "first", "last", "mean")}
ESSAY_RULES = {
    "resolution": one_of(
        *("protocol", "mean", "third", "mean_of_three"),
        *("closest", "median", "trimmed", "without_far"),
    ),
    "marks_per_work": POSITIVE,
    "by_criterion": FLAG,
    "agree": AMOUNT,
    "third": AMOUNT,
    "spread": AMOUNT,
    "criteria": [{"name": NAME, "max": AMOUNT, "step": STEP, "main": FLAG, "top": AMOUNT}],
}
ROUND = {
    **PRIZES,
    "number": POSITIVE,
    "title": TEXT,
    "annulled": FLAG,
    "kind": one_of("quiz", "essay"),
    "keys": [NAME],
    "publication": {**PUBLICATION, "round": POSITIVE},
    "quorums": Many(ENTRY_NAME, POSITIVE),
    "decided": [{"entry": ENTRY, "method": METHOD, "points": AMOUNT, "used": [COUNT]}],
    "lots": Many(ENTRY_NAME, ANY_COUNT),
    "rounded": FLAG,
    "most": written(r"([0-9]{1,12}\.[0-9]{4})?"),
    "seed_digest": written("([0-9a-f]{64})?"),
    "seed_form": one_of("", "hex", "text"),
}
TOTALS = {
    **PRIZES,
    "publication": PUBLICATION,
    "missing": one_of("zero", "unplaced"),
    "best": Perhaps(POSITIVE),
    "rounds": [{"number": POSITIVE, "weight": AMOUNT}],
}
FORMS: dict[str, dict[str, Any]] = {
    RULES: {
        "schema": one_of(SCHEMA),
        "contest": ABOUT,
        "totals": Perhaps(TOTALS),
        "totals_left_out": FLAG,
        "least_persons_of_a_unit": Perhaps(one_of(LEAST)),
    },
    MANIFEST: {
        "schema": one_of(SCHEMA),
        "contest": ABOUT,
        "full": FLAG,
        "publications": [ROUND["publication"]],
        "totals": Perhaps(PUBLICATION),
        "files": Many(r"[a-z]+\.(csv|json|txt|py)", DIGEST),
    },
}


def odd_values(value: Any, form: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of whatever has not its form."""
    if isinstance(form, Perhaps):
        if value is not None:
            yield from odd_values(value, form.form, path)
    elif isinstance(form, (dict, Many)):
        yield from odd_parts(value, form, path)
    elif isinstance(form, list):
        if not isinstance(value, list):
            yield path
            return
        for place, one in enumerate(value):
            yield from odd_values(one, form[0], (*path, place))
    elif not form(value):
        yield path


def odd_parts(
    value: Any, form: dict[str, Any] | Many, path: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    """Paths of parts of an object that are missing, too many, or have not their form."""
    if not isinstance(value, dict):
        yield path
        return
    if isinstance(form, Many):
        yield from ((*path, name) for name in value if not form.name.fullmatch(name))
        parts = dict.fromkeys(value, form.value)
    else:
        yield from ((*path, name) for name in sorted({*value} ^ {*form}))
        parts = {name: form[name] for name in form if name in value}
    for name, part in parts.items():
        yield from odd_values(value[name], part, (*path, name))


def line_of(text: str, path: tuple[Any, ...]) -> int:
    """The line at which a value stands, in a document that is indented by one."""
    lines, at = text.splitlines(), 0
    for depth, step in enumerate(path, 1):
        seen = -1
        for place in range(at + 1, len(lines)):
            body = lines[place].lstrip(" ")
            if len(lines[place]) - len(body) < depth and body[:1] in {"]", "}"}:
                return at + 1
            if len(lines[place]) - len(body) != depth or body[:1] in {"]", "}"}:
                continue
            seen += 1
            if seen == step or body.startswith(json.dumps(step, ensure_ascii=False) + ":"):
                at = place
                break
        else:
            return at + 1
    return at + 1


def no_number(word: str) -> Any:
    """JSON of ours holds no NaN and no infinity."""
    raise ValueError(f"{word} is no number")


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names stand there once."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def read_document(folder: Path, name: str) -> tuple[dict[str, Any], str]:
    """A document and its text. Raises Wrong when it cannot be read at all."""
    text = read_text(folder / name)
    try:
        found = json.loads(text, object_pairs_hook=once_each, parse_constant=no_number)
    except json.JSONDecodeError as odd:
        raise Wrong(f"{name}:{odd.lineno}: this is no JSON ({odd.msg})") from None
    except (ValueError, RecursionError) as odd:
        raise Wrong(f"{name}:1: cannot be read ({str(odd)[:80]})") from None
    if not isinstance(found, dict):
        raise Wrong(f"{name}:1: this is no object")
    return found, text


def check_form(name: str, document: dict[str, Any], text: str, report: Report) -> None:
    """Say every value that cannot stand where it stands; where there is one, nothing is followed.

    Raises:
        Wrong: the last of them.
    """
    form = dict(FORMS[name])
    odd: list[tuple[Any, ...]] = []
    if name == RULES:
        form["rounds"] = lambda value: isinstance(value, list) and len(value) > 0
        rounds = document.get("rounds")
        for place, one in enumerate(rounds if isinstance(rounds, list) else []):
            is_essay = isinstance(one, dict) and one.get("kind") == "essay"
            own = {**ROUND, "rules": ESSAY_RULES if is_essay else QUIZ_RULES}
            odd += odd_values(one, own, ("rounds", place))
    odd += odd_values(document, form)
    for path in odd:
        words = ".".join(str(step) for step in path) or "the document"
        report.say(name, line_of(text, path), f"{words} is missing, or cannot be as it is")
    if odd:
        raise Wrong(f"{name}:1: nothing more can be checked by these values")


def check_both(
    rules: dict[str, Any], manifest: dict[str, Any], folder: Path, report: Report
) -> None:
    """The manifest lists the files that are there, and speaks of the same contest."""
    totals = rules["totals"]
    known = {
        "contest": rules["contest"],
        "publications": [one["publication"] for one in rules["rounds"]],
        "totals": totals["publication"] if totals else None,
        "full": rules["least_persons_of_a_unit"] is None,
    }
    for name, value in known.items():
        if manifest[name] != value:
            report.say(MANIFEST, 1, f"{name} is another than in rules.json")
    listed = {*manifest["files"]}
    files = {one for one in (*listed, *NEEDED, *COLUMNS, *NAMED) if (folder / one).is_file()}
    for name in sorted(files ^ listed):
        words = (
            "the file is not listed in manifest.json" if name in files else "the file is missing"
        )
        report.say(name, 1, words)
    for name in sorted({*NEEDED} - files - listed):
        report.say(name, 1, "the file is missing")
    if known["full"] != bool(files & {*NAMED}):
        report.say(MANIFEST, 1, "a dossier with names has entries.csv, and no other")


def check_rules(rules: dict[str, Any], text: str, report: Report) -> None:
    """What rules.json says in several places fits together."""
    numbers = [one["number"] for one in rules["rounds"]]
    if len({*numbers}) != len(numbers):
        report.say(RULES, 1, "a round stands there twice")
    for place, each in enumerate(rules["rounds"]):
        if each["publication"]["round"] != each["number"]:
            at = line_of(text, ("rounds", place, "publication"))
            report.say(RULES, at, "this is the publication of another round")
        check_levels(each, ("rounds", place), text, report)
        check_limits_of_marks(each["rules"], ("rounds", place, "rules"), text, report)
    totals = rules["totals"]
    if totals:
        if rules["totals_left_out"]:
            report.say(RULES, 1, "totals stand there, and are said to be left out")
        if not {one["number"] for one in totals["rounds"]} <= {*numbers}:
            at = line_of(text, ("totals", "rounds"))
            report.say(RULES, at, "totals are added up over a round that is not there")
        check_levels(totals, ("totals",), text, report)
    is_full = rules["least_persons_of_a_unit"] is None
    if is_full and any(one["rest"] for one in (*rules["rounds"], *([totals] if totals else []))):
        report.say(RULES, 1, "in a dossier with names no units are told together")
    orders = [one["standings"] for one in (*rules["rounds"], totals or {"standings": None})]
    if len({one["level"] for one in orders if one}) > 1:
        report.say(RULES, 1, "units are told at several levels of the tree")


def check_limits_of_marks(
    rules: dict[str, Any], path: tuple[Any, ...], text: str, report: Report
) -> None:
    """Of essays: limits rise up to the whole scale, at most one criterion is the main one."""
    if "criteria" not in rules:
        return
    agree, third, spread = (float(rules[name]) for name in ("agree", "third", "spread"))
    if not agree <= third <= 1 or spread > 1:
        report.say(RULES, line_of(text, (*path, "agree")), "limits are not in their order")
    if sum(one["main"] for one in rules["criteria"]) > 1:
        report.say(RULES, line_of(text, (*path, "criteria")), "several criteria are the main one")


def check_levels(each: dict[str, Any], path: tuple[Any, ...], text: str, report: Report) -> None:
    """What people decided is about levels that there are, once each."""
    levels = [one["level"] for one in each["levels"]]
    if len({*levels}) != len(levels) or len({*each["divisions"]}) != len(each["divisions"]):
        report.say(RULES, line_of(text, path), "a level or a division stands there twice")
    if each["standings"] and each["standings"]["rest"] != each["rest"]:
        report.say(RULES, line_of(text, (*path, "rest")), "units have another name in standings")
    for name in ("ties", "withheld"):
        for place, one in enumerate(each[name]):
            if one["level"] not in levels:
                report.say(RULES, line_of(text, (*path, name, place)), "there is no such level")
