"""Check this dossier: `python3 verify.py [FOLDER] [--ignore-digests]`.

First every file is compared with its SHA-256 in manifest.json. Then places, prizes, totals of the
contest and standings of units are computed again from the marks and attempts alone, by the rules
in rules.json. Whatever disagrees is printed with its file and line. Exit 0 when everything agrees,
1 when something does not.

ranking.csv: `person` is the first entry of whoever the entry belongs to, `exact` the points with
four decimals, `most` the points that could be had, `basis` every attempt or every sheet with its
marks. totals.csv: `entry_1` is that person in round 1, `part_1` what the round gives. prizes.csv:
those of the round "total" are given over the totals, to the first person named in a row there;
where the level begins with a plus they are given beside the levels, to units as units.csv names
them or to entries. units.csv: one row for each round and, as "total", for the contest; units with
few persons are told together, and `merged_above` says how many of these have a better place. Rows
stand by place and then by pseudonym.

With --ignore-digests the digests are not looked at: a mark that was changed together with its
digest is found by its effect. Python's own library is enough, from 3.8 on.

What a dossier may not tell (days of birth, instants, answers), and what people decided, cannot be
computed again: it is listed as taken as given where everything else agrees.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contest.results.dossier.attempt_checks import quiz_scores
from contest.results.dossier.decision_checks import check_decisions
from contest.results.dossier.extra_checks import check_extras, split_prizes
from contest.results.dossier.file_checks import check_digests, check_seeds
from contest.results.dossier.form_checks import (
    MANIFEST,
    RULES,
    check_both,
    check_form,
    check_rules,
    read_document,
)
from contest.results.dossier.given import given_in
from contest.results.dossier.mark_checks import essay_scores
from contest.results.dossier.name_checks import check_names
from contest.results.dossier.order_checks import check_order
from contest.results.dossier.place_checks import check_people, check_ranking
from contest.results.dossier.prize_checks import check_prizes
from contest.results.dossier.reading import COLUMNS, Report, Row, Wrong, read_table
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


NAMES = ("marks.csv", "attempts.csv")
IGNORE = "--ignore-digests"


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
    check_decisions(number_, each, ranking, prizes, report)
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
                ("unit", one.row["unit"]),
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
    check_decisions(TOTAL, totals, people, won, report)
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


def check(folder: Path, *, digests: bool) -> list[str]:
    """Check a folder; returns the lines that disagree."""
    return checked(folder, digests=digests).lines


def checked(folder: Path, *, digests: bool) -> Report:
    """Check a folder: what disagrees, and what is taken as given."""
    report = Report()
    try:
        check_all(folder, report, digests=digests)
    except Wrong as wrong:
        report.lines.append(str(wrong))
    except (ValueError, LookupError, TypeError, ArithmeticError, OSError, MemoryError) as odd:
        report.say("rules.json", 1, f"cannot be followed ({type(odd).__name__}: {str(odd)[:80]})")
    return report


def check_all(folder: Path, report: Report, *, digests: bool) -> None:
    """Digests, seeds, and every round."""
    manifest, text = read_document(folder, MANIFEST)
    check_form(MANIFEST, manifest, text, report)
    if digests:
        check_digests(folder, manifest, report)
    rules, text = read_document(folder, RULES)
    check_form(RULES, rules, text, report)
    check_both(rules, manifest, folder, report)
    check_rules(rules, text, report)
    totals = rules["totals"]
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
    check_order(rules, tables, report)
    check_names(folder, rules, tables, report)
    report.given = given_in(rules, tables)


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
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    folders = [one for one in arguments if one != IGNORE]
    if len(folders) > 1 or any(one.startswith("-") for one in folders):
        sys.stdout.write("python3 verify.py [FOLDER] [--ignore-digests]\n")
        return 1
    folder = Path(folders[0]) if folders else Path(__file__).resolve().parent
    if not folder.is_dir():
        sys.stdout.write(f"{folder} is no folder: unpack the dossier first.\n")
        return 1
    report = checked(folder, digests=IGNORE not in arguments)
    for line in report.lines:
        sys.stdout.write(line + "\n")
    if report.lines:
        sys.stdout.write("The dossier does not agree.\n")
        return 1
    sys.stdout.write("Taken as given, for nothing in a dossier can compute it again:\n")
    for words in report.given:
        sys.stdout.write(f"- {words}\n")
    sys.stdout.write("Everything agrees.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
