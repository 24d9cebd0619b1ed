"""Checking what people decided about prizes: whether it fits the rules, and the prizes given."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from contest.results.dossier.extra_checks import split_prizes
from contest.results.dossier.reading import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contest.results.dossier.reading import Row

RULES_FILE = "rules.json"
UNIT_LIMIT, AUTHOR_LIMIT = ("unit_full", "drawn_out"), ("author_full", "has_one")


def check_decisions(
    scope: str,
    each: dict[str, Any],
    ranking: Sequence[Row],
    prizes: Sequence[Row],
    report: Report,
) -> None:
    """Ties, empty prizes, who was passed over, limits, and prizes beside the levels.

    Args:
        scope: the number of the round, or "total".
        each: the round or the totals in rules.json.
        ranking: rows of everybody who is ranked.
        prizes: rows of prizes.csv.
        report: what disagrees.
    """
    won, _beside = split_prizes(prizes)
    check_once(scope, each, report)
    check_ties(scope, each, won, report)
    check_withheld(scope, each, report)
    check_passed(scope, each, ranking, won, report)
    check_limits(each, ranking, won, report)
    for at, prize in enumerate(each["extras"], 1):
        check_extra(at, prize, report)


def say_of(scope: str, words: str, report: Report) -> None:
    """Something in rules.json, of a round or of the totals."""
    report.say(RULES_FILE, 1, words + (" (totals)" if scope == "total" else f" (round {scope})"))


def check_once(scope: str, each: dict[str, Any], report: Report) -> None:
    """What stands in a list stands there once, and where no order means anything, by name."""
    lists: dict[str, list[Any]] = {
        "keys": each.get("keys", []),
        "keys of units": each["standings"]["keys"] if each["standings"] else [],
        "passed_over": [one["entry"] for one in each["passed_over"]],
        "ties": [(one["division"], one["level"]) for one in each["ties"]],
        "decided": [one["entry"] for one in each.get("decided", [])],
        "withheld": [(one["division"], one["level"]) for one in each["withheld"]],
        **{f"ties.{n}": one["chosen"] for n, one in enumerate(each["ties"])},
    }
    for name, values in lists.items():
        if len({*values}) != len(values):
            say_of(scope, f"something stands twice in {name}", report)
        if "keys" not in name and [*values] != sorted(values):
            say_of(scope, f"{name} stand in another order", report)


def check_ties(scope: str, each: dict[str, Any], won: Sequence[Row], report: Report) -> None:
    """A tie was settled where the rules leave it to people; who was chosen has the prize."""
    policies = {one["level"]: one["ties"] for one in each["levels"]}
    has = {(row["division"], row["level"], row["entry"]) for row in won}
    for one in each["ties"]:
        at = one["division"], one["level"]
        if one["division"] not in each["divisions"] or policies.get(one["level"]) != "stop":
            say_of(scope, f"no tie at “{one['level']}” was left to people", report)
        for entry in one["chosen"]:
            if (*at, entry) not in has:
                say_of(scope, f"entry {entry} was chosen for “{one['level']}”", report)


def check_withheld(scope: str, each: dict[str, Any], report: Report) -> None:
    """No more prizes stay empty than there are."""
    quotas = {one["level"]: one["quota"] for one in each["levels"]}
    for one in each["withheld"]:
        if one["division"] not in each["divisions"] or not one["count"]:
            say_of(scope, f"nothing of “{one['level']}” can be empty there", report)
        if one["count"] > quotas.get(one["level"], 0):
            say_of(scope, f"{one['count']} of “{one['level']}” are empty", report)


def check_passed(
    scope: str,
    each: dict[str, Any],
    ranking: Sequence[Row],
    won: Sequence[Row],
    report: Report,
) -> None:
    """Who was passed over is ranked and has no prize, for a reason that the rules know.

    A unit is full when its prizes at better places are as many as it may get; where it is told
    together with others this cannot be counted.
    """
    limits, known = each["limits"], {row["entry"]: row for row in ranking}
    has = {row["entry"] for row in won}
    for one in each["passed_over"]:
        own, why = known.get(one["entry"]), one["why"]
        if own is None or own["status"] != "ranked" or one["entry"] in has:
            say_of(scope, f"entry {one['entry']} cannot have been passed over", report)
            continue
        fits = {
            **dict.fromkeys(UNIT_LIMIT, limits["per_unit"] is not None),
            "author_full": (limits["per_author"] or 0) > 1,
            "takes_no_prize": scope == "total",
        }
        if not fits.get(why, True):
            say_of(scope, f"entry {one['entry']}: the rules know no “{why}”", report)
        elif why in AUTHOR_LIMIT and each.get("kind") != "essay":  # co-authors are not told
            if all(known[entry].get("person") != own.get("person", "") for entry in has & {*known}):
                say_of(scope, f"entry {one['entry']}: this person has no other prize", report)
        elif why in UNIT_LIMIT and counts_units(each, own):
            units = {entry: known[entry]["unit"] for entry in has if entry in known}
            before = sum(
                units.get(row["entry"]) == own["unit"]
                and row["division"] == own["division"]
                and int(row["place"] or 0) < int(own["place"] or 0)
                for row in won
                if row["place"].isdecimal() and own["place"].isdecimal()
            )
            if (before >= limits["per_unit"]) != (why == "unit_full"):
                words = f"entry {one['entry']}: its unit had {before} prizes before it"
                say_of(scope, words, report)


def counts_units(each: dict[str, Any], row: Row) -> bool:
    """Whether the unit of a row is told, at the level by which limits count."""
    level = each["standings"]["level"] if each["standings"] else 1
    return bool(row["unit"]) and row["unit"] != each["rest"] and level == 1


def check_limits(
    each: dict[str, Any], ranking: Sequence[Row], won: Sequence[Row], report: Report
) -> None:
    """Nobody has more prizes of a division than the rules allow, and no unit that is told."""
    known = {row["entry"]: row for row in ranking}
    for column, most in (
        ("person", each["limits"]["per_author"]),
        ("unit", each["limits"]["per_unit"]),
    ):
        if most is None:
            continue
        owned = sorted(
            (row["division"], known[row["entry"]].get(column, row["entry"]), row.line)
            for row in won
            if row["entry"] in known
            and (column == "person" or counts_units(each, known[row["entry"]]))
        )
        for (_division, name), group in groupby(owned, key=lambda one: one[:2]):
            lines = [line for *_who, line in group]
            if len(lines) > most:
                words = f"{len(lines)} prizes for one {column} ({name}), {most} are allowed"
                report.say("prizes.csv", lines[most], words)


def check_extra(at: int, prize: dict[str, Any], report: Report) -> None:
    """A prize beside the levels has its number; places fill it; who was chosen has it."""
    name, given = prize["level"], prize["given"]
    if not name.startswith(f"+{at} "):
        report.say(RULES_FILE, 1, f"“{name}” is not number {at} of the prizes beside the levels")
    order = [(int(one["place"] or 0) if prize["units"] else 0, one["to"]) for one in given]
    if order != sorted({*order}):
        report.say(RULES_FILE, 1, f"those who got “{name}” stand in another order, or twice")
    if prize["chosen"] is not None and (
        prize["ties"] != "stop"
        or prize["measure"] == "by_hand"
        or not {*prize["chosen"]} <= {one["to"] for one in given}
    ):
        report.say(RULES_FILE, 1, f"nobody had to choose for “{name}”, or another has it")
    if given and prize["measure"] != "by_hand":
        places = [int(one["place"] or 0) for one in given]
        above = sum(place < max(places) for place in places)
        if above >= prize["quota"] - prize["empty"]:
            report.say(RULES_FILE, 1, f"“{name}” was full before place {max(places)}")
