"""Totals of a contest in its dossier."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from contest.results.dossier.rounds import RoundWriter
from contest.results.dossier.standing_checks import TOTAL
from contest.results.dossier.tables import Tables
from contest.results.dossier.units import UnitNames
from contest.results.queries import dossiers as queries
from contest.results.queries.dossiers import PersonTotal, PublishedRound, TotalsInForce
from contest.results.rules.dossiers import four_decimals


def standing_totals(
    found: TotalsInForce | None, published: Sequence[PublishedRound]
) -> TotalsInForce | None:
    """The published totals, unless a round was corrected after they were added up.

    Args:
        found: the totals in force.
        published: the rounds as they are published now.
    """
    runs = {one.round.number: one.run.number for one in published}
    if found is None or any(runs.get(one["number"]) != one["run"] for one in _rounds(found)):
        return None
    return found


def _rounds(totals: TotalsInForce) -> list[dict[str, Any]]:
    rounds: list[dict[str, Any]] = totals.run.terms["rounds"]
    return rounds


def write_totals(
    totals: TotalsInForce, writers: Sequence[RoundWriter], tables: Tables, units: UnitNames
) -> dict[str, Any]:
    """Fill the table of totals, and the units over all rounds where they were ranked.

    Args:
        totals: as published.
        writers: of all rounds, which are written already.
        tables: to be filled.
        units: names of units in totals.

    Returns:
        What rules.json says of the totals.
    """
    terms, said = totals.run.terms, totals.publication
    known = {writer.round.number: writer for writer in writers}
    counting = [known[one["number"]] for one in _rounds(totals)]
    rows = [_row(line, counting, units) for line in queries.person_totals(totals.run)]
    # By pseudonym within a place: the order of the database tells who registered first.
    rows.sort(key=lambda row: (row[0], row[1] == "", int(row[1] or 0), row[5:]))
    tables.totals += rows
    tables.total_rounds += [writer.round.number for writer in counting]
    if units.standings is not None:
        tables.units += units.rows(TOTAL, {})
    return {
        "publication": {
            "number": said.number,
            "digest": said.digest,
            "decision": said.decision_number,
        },
        "missing": terms["missing"],
        "best": terms.get("best"),
        "rounds": [{"number": one["number"], "weight": one["weight"]} for one in _rounds(totals)],
        "divisions": sorted({row[0] for row in rows}),
        "standings": units.terms(),
    }


def _row(line: PersonTotal, counting: Sequence[RoundWriter], units: UnitNames) -> Sequence[str]:
    parts = []
    for writer, part in zip(counting, line.parts, strict=True):
        if part is None:
            parts += ["", ""]
        else:
            weighted = four_decimals(Decimal(part[2]))
            parts += [writer.people[line.registration_id], weighted]
    return (
        counting[0].division(line.division_id),
        "" if line.place is None else str(line.place),
        four_decimals(line.points),
        str(line.taken),
        units.of(line.unit_ids, line.unit_path),
        *parts,
    )
