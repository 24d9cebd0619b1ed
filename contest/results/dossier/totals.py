"""Totals of a contest and the prizes over them in its dossier."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from contest.results.dossier.prizes import ExtraWriter, PrizeWriter
from contest.results.dossier.rounds import RoundWriter
from contest.results.dossier.standing_checks import TOTAL
from contest.results.dossier.tables import Tables
from contest.results.dossier.units import UnitNames
from contest.results.models import PrizeAward
from contest.results.queries import dossiers as queries
from contest.results.queries.dossiers import PersonTotal, PublishedRound, TotalsInForce
from contest.results.queries.prizes import awards_of, prize_levels, prize_terms
from contest.results.rules.dossiers import Decided, decided_of, four_decimals, without_prize
from contest.results.rules.extra_prizes import kept_extras

_FIRST_PART: Final = 5
"""Columns of totals.csv before those of the rounds."""


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
    """Fill the tables of totals and of the prizes over them, and of units where they are ranked.

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
    found = [(line, _row(line, counting, units)) for line in queries.person_totals(totals.run)]
    rows = [row for _line, row in found]
    prizes, awards, decided = _prizes(totals, found, counting)
    # By pseudonym within a place: the order of the database tells who registered first.
    rows.sort(key=lambda row: (row[0], row[1] == "", int(row[1] or 0), row[5:]))
    tables.totals += rows
    tables.total_rounds += [writer.round.number for writer in counting]
    beside = ExtraWriter(
        TOTAL,
        kept_extras(totals.allocation.extras),
        prizes.entry,
        units.of_path,
        units.fewest,
    )
    tables.prizes += prizes.rows(awards) + beside.rows()
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
        "divisions": sorted(
            {row[0] for row in rows}
            | {counting[0].division(one) for one, _level in (*decided.ties, *decided.withheld)}
        ),
        "extras": beside.rules(),
        **prizes.rules(decided, prize_terms(totals.run.contest)),
        "rest": units.rest,
        "standings": units.terms(),
    }


def _prizes(
    totals: TotalsInForce,
    found: Sequence[tuple[PersonTotal, Sequence[str]]],
    counting: Sequence[RoundWriter],
) -> tuple[PrizeWriter, list[PrizeAward], Decided]:
    """The prizes over the totals; a person goes by the first name that stands in their row."""
    allocation = totals.allocation
    awards, decided = awards_of(allocation.id), decided_of(allocation.trace)
    decided.passed_over += without_prize(allocation.trace)
    told = {award.entry_id for award in awards} | {entry for entry, _why in decided.passed_over}
    told |= {entry for chosen in decided.ties.values() for entry in chosen}
    told |= {
        award["to"]
        for extra in kept_extras(allocation.extras)
        if not extra.is_for_units
        for award in extra.awards
    }
    people = queries.registrations_of(told)
    wanted = set(people.values())
    names = {
        line.registration_id: next(cell for cell in row[_FIRST_PART::2] if cell)
        for line, row in found
        if line.registration_id in wanted
    }
    writer = PrizeWriter(
        TOTAL,
        prize_levels(totals.run.contest),
        lambda entry_id: names[people[entry_id]],
        counting[0].division,
    )
    return writer, awards, decided


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
