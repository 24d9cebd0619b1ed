"""Standings of units as a publication keeps them, and reading them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contest.results.rules.unit_standings import (
    StandingTerms,
    UnitKey,
    UnitStanding,
    Unplaced,
    above_each,
)


@dataclass(frozen=True, slots=True)
class PublishedStandings:
    """Standings of units with the terms by which they were found."""

    terms: StandingTerms
    lines: tuple[UnitStanding, ...]
    above: Mapping[int, UnitStanding]

    @property
    def has_groups(self) -> bool:
        """Whether units of several units above stand there, so that places within them differ."""
        return self.terms.level > 1


def as_json(lines: Sequence[UnitStanding], terms: StandingTerms) -> dict[str, Any]:
    """Standings as plain data; points are ten-thousandths, so that means stay exact."""
    return {
        "keys": [key.value for key in terms.keys],
        "level": terms.level,
        "fewest": terms.fewest,
        "with_staff": terms.with_staff,
        "counted_on": terms.counted_on.isoformat() if terms.counted_on else None,
        "lines": [
            {
                "path": list(line.path),
                "persons": line.persons,
                "attempts": line.attempts,
                "entries": line.entries,
                "points": line.points,
                "winners": line.winners,
                "headcount": line.headcount,
                "counted_on": line.counted_on.isoformat() if line.counted_on else None,
                "place": line.place,
                "within": line.within,
                "unplaced": line.unplaced.value if line.unplaced else None,
            }
            for line in lines
        ],
    }


def read_standings(data: Mapping[str, Any] | None) -> PublishedStandings | None:
    """Standings of a snapshot; None where nothing was ranked by unit."""
    if data is None:
        return None
    terms = StandingTerms(
        tuple(UnitKey(code) for code in data["keys"]),
        data["level"],
        data["fewest"],
        data["with_staff"],
        _day(data["counted_on"]),
    )
    lines = tuple(_line(line) for line in data["lines"])
    return PublishedStandings(terms, lines, above_each(lines))


def _line(data: Mapping[str, Any]) -> UnitStanding:
    return UnitStanding(
        None,
        tuple(data["path"]),
        data["persons"],
        data["attempts"],
        data["entries"],
        data["points"],
        data["winners"],
        data["headcount"],
        _day(data["counted_on"]),
        data["place"],
        data["within"],
        Unplaced(data["unplaced"]) if data["unplaced"] else None,
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
