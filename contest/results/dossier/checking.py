"""Check this dossier: `python3 verify.py [FOLDER] [--ignore-digests]`.

First every file is compared with its SHA-256 in manifest.json. Then places, prizes, totals of the
contest and standings of units are computed again from the marks and attempts alone, by the rules
in rules.json. Whatever disagrees is printed with its file and line. Exit 0 when everything agrees,
1 when something does not.

ranking.csv: `person` is the first entry of whoever the entry belongs to, `exact` the points with
four decimals, `most` the points that could be had. totals.csv: `entry_1` is that person in round
1, `part_1` what the round gives. prizes.csv: those of the round "total" are given over the totals,
to the first person named in a row there; where the level begins with a plus they are given beside
the levels, to units as units.csv names them or to entries. units.csv: one row for each round and,
as "total", for the contest; units with few persons are told together, and `merged_above` says how
many of these have a better place.

With --ignore-digests the digests are not looked at: a mark that was changed together with its
digest is found by its effect. Python's own library is enough.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from fractions import Fraction
from itertools import combinations, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contest.results.dossier.extra_checks import check_extras, split_prizes
from contest.results.dossier.reading import (
    Report,
    Row,
    Wrong,
    cents,
    compare,
    decimals,
    half_up,
    number,
    read_table,
)
from contest.results.dossier.standing_checks import (
    TOTAL,
    Sum,
    check_totals,
    check_units,
    units_of_round,
    units_of_totals,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

UNIT = 10_000
TWO, THREE, FIVE = 2, 3, 5
NAMES = ("marks.csv", "attempts.csv")

# By entry: the points, the keys of ties, and what both were computed from.
Scores = dict[str, tuple[Fraction, list[Fraction], str]]
# By entry and judge, the marks of the criteria.
Sheets = dict[str, dict[str, dict[str, Fraction]]]


# ── digests ─────────────────────────────────────────────────────────────────────────────────


def check_digests(folder: Path, manifest: dict[str, Any], report: Report) -> None:
    """Every file of the folder is in the manifest, with its digest."""
    listed = manifest.get("files", {})
    for name, digest in sorted(listed.items()):
        path = folder / name
        if not path.exists():
            report.say(name, 1, "the file is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            report.say(name, 1, "the file is not the one whose digest stands in manifest.json")
    for name in COLUMNS:
        if name not in listed and (folder / name).exists():
            report.say(name, 1, "the file is not listed in manifest.json")


def check_seeds(folder: Path, rules: dict[str, Any], report: Report) -> None:
    """The seed of each round is the one that was sealed."""
    path = folder / "seed.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    known = {}
    for line, words in enumerate(text.splitlines(), 1):
        parts = words.split()
        if len(parts) == TWO:
            known[parts[0]] = (line, parts[1])
        else:
            report.say("seed.txt", line, "a line holds the number of a round and its seed")
    for each in rules["rounds"]:
        line, seed = known.pop(str(each["number"]), (1, ""))
        if not each.get("seed_digest"):
            continue
        try:
            raw = bytes.fromhex(seed) if each["seed_form"] == "hex" else seed.encode()
        except ValueError:
            raw = b""
        if hashlib.sha256(raw).hexdigest() != each["seed_digest"]:
            report.say("seed.txt", line, f"this is not the sealed seed of round {each['number']}")
    for line, _seed in known.values():
        report.say("seed.txt", line, "there is no such round")


# ── from marks to points ────────────────────────────────────────────────────────────────────


def mean(values: Sequence[Fraction]) -> Fraction:
    """The mean, not rounded."""
    return sum(values, Fraction(0)) / len(values)


def closest_pair(totals: Sequence[Fraction]) -> tuple[int, int]:
    """Places of the two nearest; of equals the higher pair."""
    return min(
        combinations(range(len(totals)), 2),
        key=lambda p: (abs(totals[p[0]] - totals[p[1]]), -(totals[p[0]] + totals[p[1]])),
    )


def resolve(
    totals: Sequence[Fraction], quorum: int, rules: dict[str, Any], scale: Fraction
) -> tuple[int, ...] | None:
    """Places of the sheets whose mean is the mark; None when the rule leaves it to people."""
    everybody, rule = tuple(range(len(totals))), rules["resolution"]
    if len(totals) < max(quorum, 1):
        return None
    if len(totals) == 1 or rule == "mean":
        return everybody
    spread = max(totals) - min(totals)
    limits = {name: Fraction(rules[name]) * scale for name in ("agree", "third", "spread")}
    if rule == "trimmed":
        order = sorted(everybody, key=lambda place: totals[place])
        return everybody if len(totals) < FIVE else tuple(sorted(order[1:-1]))
    if rule == "without_far":
        middle, most = mean(totals), limits["spread"]
        return tuple(at for at in everybody if abs(totals[at] - middle) <= most) or None
    if rule == "protocol":
        return protocol(totals, quorum, spread, limits)
    if quorum == TWO and len(totals) == TWO:
        return everybody if spread <= limits["third"] else None
    if rule == "third":
        return (len(totals) - 1,)
    if rule == "closest":
        return closest_pair(totals)
    if rule == "median":
        order = sorted(everybody, key=lambda place: totals[place])
        half = len(order) // 2
        return (order[half],) if len(order) % 2 else (order[half - 1], order[half])
    return everybody


def protocol(
    totals: Sequence[Fraction], quorum: int, spread: Fraction, limits: dict[str, Fraction]
) -> tuple[int, ...] | None:
    """Agree, discuss, third marking, panel."""
    everybody = tuple(range(len(totals)))
    if quorum == TWO and len(totals) == TWO:
        return everybody if spread < limits["agree"] else None
    if quorum == TWO and len(totals) == THREE:
        for pair in ((0, 1), (0, 2), (1, 2)):
            if totals[pair[0]] == totals[pair[1]]:
                return pair
    return everybody if spread <= limits["spread"] else None


def sheets_of(rows: list[Row], rules: dict[str, Any], report: Report) -> Sheets:
    """By entry, (judge, {criterion: mark}) in the order of the file; checks every mark."""
    criteria = {each["name"]: each for each in rules["criteria"]}
    found: Sheets = {}
    for row in rows:
        criterion = criteria.get(row["criterion"])
        mark = number(row, "mark")
        if criterion is None:
            report.say(row.name, row.line, f"the rules have no criterion “{row['criterion']}”")
            continue
        most, step = Fraction(criterion["max"]), Fraction(criterion["step"])
        if not 0 <= mark <= most or (mark / step).denominator != 1:
            report.say(row.name, row.line, f"{row['mark']} is no mark that a judge could give")
        sheet = found.setdefault(row["entry"], {}).setdefault(row["judge"], {})
        if row["criterion"] in sheet:
            report.say(row.name, row.line, "the judge marked this criterion twice")
        sheet[row["criterion"]] = mark
    for sheets in found.values():
        for judge, sheet in sheets.items():
            if len(sheet) != len(criteria):
                report.say("marks.csv", 1, f"sheet of {judge}: not every criterion has a mark")
    return found


def essay_scores(each: dict[str, Any], rows: list[Row], report: Report) -> Scores:
    """By entry: points, keys and what they were computed from."""
    rules = each["rules"]
    scale = sum((Fraction(one["max"]) for one in rules["criteria"]), Fraction(0))
    sheets = sheets_of(rows, rules, report)
    decided = {one["entry"]: one for one in each["decided"]}
    sums = place_sums(sheets)
    scores: Scores = {}
    for entry, given in sheets.items():
        totals = [sum(sheet.values(), Fraction(0)) for sheet in given.values()]
        by_people = decided.get(entry)
        if by_people is not None:
            used, points = by_people["used"], Fraction(by_people["points"])
        else:
            quorum = each["quorums"].get(entry, rules["marks_per_work"])
            used = resolve(totals, quorum, rules, scale)
            if used is None:
                report.say("marks.csv", 1, f"entry {entry}: by the rules its marks give no mark")
                continue
            points = half_up(mean([totals[place] for place in used]), Fraction(1, 100))
        counting = [list(given.values())[place] for place in used if place < len(given)]
        values = essay_keys(rules, points, counting)
        values["essay_places"] = Fraction(sums.get(entry, 0))
        values["essay_lot"] = Fraction(each["lots"].get(entry, 0))
        basis = " ".join(
            f"{judge}={cents(sum(sheet.values(), Fraction(0)))}" for judge, sheet in given.items()
        )
        scores[entry] = (points, [values[code] for code in each["keys"]], basis)
    return scores


def essay_keys(
    rules: dict[str, Any], points: Fraction, counting: list[dict[str, Fraction]]
) -> dict[str, Fraction]:
    """The keys of ties that come from criteria; smaller is better."""
    means = {
        one["name"]: mean([sheet[one["name"]] for sheet in counting if one["name"] in sheet])
        for one in rules["criteria"]
        if any(one["name"] in sheet for sheet in counting)
    }
    main = [means.get(one["name"], Fraction(0)) for one in rules["criteria"] if one["main"]]
    tops = sum(
        means[one["name"]] >= Fraction(one["top"])
        for one in rules["criteria"]
        if one["name"] in means
    )
    return {
        "essay_total": -half_up(points * UNIT, Fraction(1)),
        "essay_main": -half_up(main[0] * UNIT if main else Fraction(0), Fraction(1)),
        "essay_bands": Fraction(-tops),
    }


def place_sums(sheets: Sheets) -> dict[str, int]:
    """Twice the sum of mid-ranks; empty unless all judges marked the same works."""
    tables: dict[str, dict[str, Fraction]] = {}
    for entry, given in sheets.items():
        for judge, sheet in given.items():
            tables.setdefault(judge, {})[entry] = sum(sheet.values(), Fraction(0))
    if len({frozenset(table) for table in tables.values()}) != 1:
        return {}
    sums: dict[str, int] = {}
    for table in tables.values():
        for entry, own in table.items():
            above = sum(other > own for other in table.values())
            equal = sum(other == own for other in table.values())
            sums[entry] = sums.get(entry, 0) + 2 * above + equal + 1
    return sums


# ── from attempts to points ─────────────────────────────────────────────────────────────────


def quiz_scores(each: dict[str, Any], rows: list[Row], report: Report) -> Scores:
    """By entry: points, keys and what they were computed from."""
    scores: Scores = {}
    by_entry: dict[str, list[Row]] = {}
    for row in rows:
        by_entry.setdefault(row["entry"], []).append(row)
    for entry, own in by_entry.items():
        own.sort(key=lambda row: number(row, "attempt"))
        points = [number(row, "points") for row in own]
        for place, row in enumerate(own, 1):
            check_no_others(each, row, report)
            if number(row, "attempt") != place:
                report.say(row.name, row.line, f"attempt {place} of entry {entry} is missing")
        counting = counting_row(each, own, points, report)
        if counting is None:
            continue
        values = [number(counting, key_column(code)) for code in each["keys"]]
        counted = number(counting, "points")
        if each["rules"]["counting"] == "mean":
            counted = mean(points)
        for code, value in zip(each["keys"], values, strict=True):
            expected = {"attempts": Fraction(len(own))}.get(code)
            if code == "points":
                expected = value if same_points(each, -value / UNIT, counted) else Fraction(1)
            if expected is not None and expected != value:
                report.say(counting.name, counting.line, f"column {code} does not follow")
        basis = f"{cents(sum(points, Fraction(0)))}/{len(own)}"
        scores[entry] = (counted, values, basis)
    return scores


def key_column(code: str) -> str:
    """The column of a key; "points" is taken by the points themselves."""
    return "points_key" if code == "points" else code


def check_no_others(each: dict[str, Any], row: Row, report: Report) -> None:
    """Columns of keys by which only other rounds rank stay empty."""
    own = {*COLUMNS[row.name], *(key_column(code) for code in each["keys"])}
    for column in row:
        if column not in own:
            compare(row, column, "", report)


def same_points(each: dict[str, Any], key: Fraction, counted: Fraction) -> bool:
    """Whether a key of points is those of the attempts, as far as two decimals tell."""
    if each["rules"]["counting"] == "mean" and each["rounded"]:
        return abs(key - counted) <= Fraction(1, 100)
    return cents(key) == cents(counted)


def counting_row(
    each: dict[str, Any], own: list[Row], points: list[Fraction], report: Report
) -> Row | None:
    """The attempt that counts: the only one with keys, and the one that the rule names."""
    told = [row for row in own if any(row[key_column(code)] for code in each["keys"])]
    if len(told) != 1:
        report.say(own[0].name, own[0].line, "exactly one attempt of an entry carries keys")
        return None
    rule = each["rules"]["counting"]
    places = {"first": 0, "last": len(own) - 1, "mean": len(own) - 1}
    place = places.get(rule, points.index(max(points)))
    fits = told[0] is own[place]
    if rule == "best" and each["rounded"]:
        fits = number(told[0], "points") == max(points)
    if not fits:
        report.say(told[0].name, told[0].line, "by the rules another attempt of the entry counts")
        return None
    return told[0]


# ── places ──────────────────────────────────────────────────────────────────────────────────


def check_ranking(each: dict[str, Any], rows: list[Row], scores: Scores, report: Report) -> None:
    """Points, keys and places of ranking.csv are those that the scores give."""
    ranked: dict[str, list[tuple[tuple[Fraction, ...], Row]]] = {}
    for row in rows:
        score = scores.get(row["entry"])
        if score is None:
            report.say(row.name, row.line, f"entry {row['entry']} has no marks")
            continue
        points, keys, basis = score
        is_near = abs(number(row, "points") - points) <= Fraction(1, 100)
        if not (is_near and each["rules"].get("counting") == "mean" and each["rounded"]):
            compare(row, "points", cents(points), report)
        compare(row, "basis", basis, report)
        check_exact(each, row, points, report)
        check_no_others(each, row, report)
        for code, key in zip(each["keys"], keys, strict=True):
            compare(row, key_column(code), cents(key), report)
        if row["division"] not in each["divisions"]:
            report.say(row.name, row.line, f"there is no division “{row['division']}”")
        if row["status"] == "disqualified":
            compare(row, "place", "", report)
        elif row["status"] in {"ranked", "no_prize"}:
            ranked.setdefault(row["division"], []).append((tuple(keys), row))
        else:
            report.say(row.name, row.line, f"“{row['status']}” is no status")
    for listed in ranked.values():
        check_places(listed, report)
    missing = set(scores) - {row["entry"] for row in rows}
    for entry in sorted(missing):
        report.say("ranking.csv", 1, f"entry {entry} of round {each['number']} is missing")


def check_exact(each: dict[str, Any], row: Row, points: Fraction, report: Report) -> None:
    """The points with four decimals are those of the scores, and so is what could be had.

    Where attempts have more than two decimals, their file does not tell the rest.
    """
    if each["rounded"]:
        compare(row, "points", cents(number(row, "exact")), report)
    else:  # a mean is cut after the fourth decimal
        cut = Fraction(int(points * UNIT), UNIT)
        compare(row, "exact", decimals(cut), report)
    if each["most"]:
        compare(row, "most", each["most"], report)


def check_people(number_: int, rows: list[Row], report: Report) -> None:
    """A person is named by the first of their entries."""
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row["person"], []).append(row)
    for person, own in people.items():
        first = min(row["entry"] for row in own)
        if person != first:
            words = f"by their entries in round {number_} this person is {first}"
            report.say(own[0].name, own[0].line, words)


def check_places(listed: list[tuple[tuple[Fraction, ...], Row]], report: Report) -> None:
    """Competition ranks: equals share a place, 1 2 2 4."""
    listed.sort(key=lambda pair: pair[0])
    place, before = 0, None
    for position, (keys, row) in enumerate(listed, 1):
        if keys != before:
            place, before = position, keys
        compare(row, "place", str(place), report)


# ── prizes ──────────────────────────────────────────────────────────────────────────────────


def allocate(
    each: dict[str, Any], division: str, rows: list[Row]
) -> dict[str, tuple[dict[str, Any], Row]]:
    """Entries with their prize level, from the places."""
    passed = {one["entry"] for one in each["passed_over"]}
    able = [
        row
        for row in rows
        if row["division"] == division
        and row["status"] == "ranked"
        and row["entry"] not in passed
        and row["place"].isdecimal()
    ]
    able.sort(key=lambda row: int(row["place"]))
    groups = [list(group) for _place, group in groupby(able, key=lambda row: row["place"])]
    chosen = {
        one["level"]: set(one["chosen"]) for one in each["ties"] if one["division"] == division
    }
    empty = {one["level"]: one["count"] for one in each["withheld"] if one["division"] == division}
    given: dict[str, tuple[dict[str, Any], Row]] = {}
    for level in each["levels"]:
        left = level["quota"] - empty.get(level["level"], 0)
        while left > 0 and groups:
            group = groups[0]
            if len(group) > left:
                if level["ties"] == "shrink":
                    break
                if level["ties"] == "stop":
                    mine = chosen.get(level["level"])
                    if mine is None:
                        return given
                    rest = [row for row in group if row["entry"] not in mine]
                    group = [row for row in group if row["entry"] in mine]
                    groups[:1] = [rest] if rest else []
                else:
                    groups.pop(0)
                given.update({row["entry"]: (level, row) for row in group})
                break
            groups.pop(0)
            given.update({row["entry"]: (level, row) for row in group})
            left -= len(group)
    return given


def check_prizes(
    each: dict[str, Any], ranking: list[Row], prizes: list[Row], report: Report
) -> None:
    """prizes.csv holds exactly the prizes that places and rules give."""
    given: dict[str, tuple[dict[str, Any], Row]] = {}
    for division in each["divisions"]:
        given.update(allocate(each, division, ranking))
    for row in prizes:
        own = given.pop(row["entry"], None)
        if own is None:
            report.say(row.name, row.line, f"by the rules entry {row['entry']} gets no prize")
            continue
        level, place = own
        compare(row, "level", level["level"], report)
        compare(row, "money", str(level["money"]), report)
        compare(row, "place", place["place"], report)
        compare(row, "division", place["division"], report)
    for entry, (level, _row) in sorted(given.items()):
        report.say("prizes.csv", 1, f"entry {entry} gets “{level['level']}” and is missing")


# ── all of it ───────────────────────────────────────────────────────────────────────────────


def check_round(
    each: dict[str, Any], tables: dict[str, list[Row]], tries: dict[str, int], report: Report
) -> None:
    """Everything of one round."""
    number_ = str(each["number"])
    of_round = {
        name: [row for row in tables[name] if row["round"] == number_]
        for name in ("ranking.csv", "prizes.csv", "units.csv")
    }
    ranking, prizes = of_round["ranking.csv"], of_round["prizes.csv"]
    entries = {row["entry"] for row in ranking}
    if len(entries) != len(ranking):
        report.say("ranking.csv", 1, f"an entry of round {number_} stands there twice")
    own = [
        row
        for row in tables["marks.csv" if each["kind"] == "essay" else "attempts.csv"]
        if row["entry"] in entries
    ]
    scores = (essay_scores if each["kind"] == "essay" else quiz_scores)(each, own, report)
    check_ranking(each, ranking, scores, report)
    check_people(each["number"], ranking, report)
    prizes, beside = split_prizes(prizes)
    check_prizes(each, ranking, prizes, report)
    units = units_of_round(each, ranking, prizes, tries)
    check_extras(each, beside, {row["entry"]: row for row in ranking}, units, report)
    check_units(f"round {number_}", each["standings"], units, of_round["units.csv"], report)


def rows_of_totals(sums: Sequence[Sum]) -> list[Row]:
    """The people of the totals as a ranking: each by the first name that stands in their row."""
    return [
        Row(
            one.row.name,
            one.row.line,
            [
                ("division", one.row["division"]),
                ("place", one.row["place"]),
                ("entry", one.name),
                ("status", "ranked"),
            ],
        )
        for one in sums
    ]


def check_contest(
    totals: dict[str, Any], tables: dict[str, list[Row]], tries: dict[str, int], report: Report
) -> None:
    """Totals over the rounds, and the units by them."""
    sums = check_totals(totals, tables, report)
    all_won, _beside = split_prizes(tables["prizes.csv"])
    won, beside = split_prizes([row for row in tables["prizes.csv"] if row["round"] == TOTAL])
    people = rows_of_totals(sums)
    check_prizes(totals, people, won, report)
    rounds = {TOTAL} | {str(one["number"]) for one in totals["rounds"]}
    units = units_of_totals(sums, all_won, rounds, tries)
    check_extras(totals, beside, {row["entry"]: row for row in people}, units, report)
    if totals["standings"] is None:
        for row in tables["units.csv"]:
            if row["round"] == TOTAL:
                report.say(row.name, row.line, "units are not ranked over the rounds")
        return
    rows = [row for row in tables["units.csv"] if row["round"] == TOTAL]
    check_units("the contest", totals["standings"], units, rows, report)


COLUMNS = {
    "marks.csv": ("entry", "judge", "criterion", "mark"),
    "attempts.csv": ("entry", "attempt", "points"),
    "ranking.csv": (
        *("round", "division", "place", "entry", "status", "points", "basis", "unit"),
        *("person", "exact", "most"),
    ),
    "prizes.csv": ("round", "division", "level", "place", "entry", "money"),
    "units.csv": (
        *("round", "unit", "entries", "persons", "attempts", "points", "winners", "mean", "ratio"),
        *("place", "within", "merged_above", "merged_within"),
    ),
    "totals.csv": ("division", "place", "total", "taken", "unit"),
}


def check(folder: Path, *, digests: bool) -> list[str]:
    """Check a folder; returns the lines that disagree."""
    report = Report()
    try:
        check_all(folder, report, digests=digests)
    except Wrong as wrong:
        report.lines.append(str(wrong))
    except FileNotFoundError as missing:
        report.say(Path(missing.filename).name, 1, "the file is missing")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, csv.Error) as odd:
        report.say("rules.json", 1, f"cannot be followed ({type(odd).__name__}: {odd})")
    return report.lines


def check_all(folder: Path, report: Report, *, digests: bool) -> None:
    """Digests, seeds, and every round."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if digests:
        check_digests(folder, manifest, report)
    rules = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    if manifest.get("publications") != [one["publication"] for one in rules["rounds"]]:
        report.say("manifest.json", 1, "other publications than in rules.json")
    totals = rules["totals"]
    if manifest.get("totals") != (totals["publication"] if totals else None):
        report.say("manifest.json", 1, "another publication of totals than in rules.json")
    check_seeds(folder, rules, report)
    tables = {name: read_table(folder, name, columns) for name, columns in COLUMNS.items()}
    check_known(rules, tables, report)
    tries: dict[str, int] = {}
    for row in tables["attempts.csv"]:
        tries[row["entry"]] = tries.get(row["entry"], 0) + 1
    for each in rules["rounds"]:
        check_round(each, tables, tries, report)
    if totals:
        check_contest(totals, tables, tries, report)


def check_known(rules: dict[str, Any], tables: dict[str, list[Row]], report: Report) -> None:
    """Every row speaks of a round and an entry that there are."""
    numbers = {str(each["number"]) for each in rules["rounds"]}
    with_totals = numbers | ({TOTAL} if rules["totals"] else set())
    for name in ("ranking.csv", "prizes.csv", "units.csv"):
        for row in tables[name]:
            if row["round"] not in (numbers if name == "ranking.csv" else with_totals):
                report.say(name, row.line, f"there is no round {row['round']}")
    entries = {row["entry"] for row in tables["ranking.csv"]}
    for name in NAMES:
        for row in tables[name]:
            if row["entry"] not in entries:
                report.say(name, row.line, f"entry {row['entry']} is not ranked")
    if tables["totals.csv"] and not rules["totals"]:
        report.say("totals.csv", 1, "no totals are published")


def main(arguments: Sequence[str]) -> int:
    """Run the check; returns the exit code."""
    folders = [one for one in arguments if not one.startswith("-")]
    folder = Path(folders[0]) if folders else Path(__file__).resolve().parent
    lines = check(folder, digests="--ignore-digests" not in arguments)
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.write("The dossier does not agree.\n" if lines else "Everything agrees.\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
