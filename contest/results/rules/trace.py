"""The trace of an allocation: small records that `rules.words` turns into sentences."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class TraceCode(StrEnum):
    """Steps of an allocation."""

    GIVEN = "given"
    EXPANDED = "expanded"
    CHOSEN = "chosen"
    PASSED_ON = "passed_on"
    SHRUNK = "shrunk"
    STOPPED = "stopped"
    TAKES_NO_PRIZE = "takes_no_prize"
    WON_BEFORE = "won_before"
    HAS_ONE = "has_one"
    AUTHOR_FULL = "author_full"
    UNIT_FULL = "unit_full"
    DRAWN_OUT = "drawn_out"
    WITHHELD = "withheld"
    NEXT = "next"
    LEFT_OVER = "left_over"
    CARRIED_IN = "carried_in"
    CARRIED_ON = "carried_on"
    PICKED = "picked"
    UNPICKED = "unpicked"


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step of an allocation.

    Attributes:
        code: what happened.
        division_id: in which division; None where there is none.
        level_id: at which level.
        place: of the entries concerned.
        entries: the entries concerned.
        count: of GIVEN: how many of the level are given by now; of ties: prizes that were left;
            of LEFT_OVER and WITHHELD: prizes that nobody gets; of caps: how many they allow;
            of UNPICKED: prizes for which the council chose nobody;
            of CARRIED_IN and CARRIED_ON: prizes from an earlier round, and for a later one.
        key: of NEXT: position (from 0) of the first key that differs; None when there is none.
        values: of NEXT: that key of the last winner and of the one who comes next; of CARRIED_ON:
            the id of the round that gives them, 0 for the totals.
        reason: a person's words; of CARRIED_IN and CARRIED_ON: the title of the other round.
        extra: random id of the unit prize or side prize that the step is about; `level_id` is
            None then, and of a unit prize `entries` are ids of units.
    """

    code: TraceCode
    division_id: int | None
    level_id: int | None
    place: int | None = None
    entries: tuple[int, ...] = ()
    count: int = 0
    key: int | None = None
    values: tuple[int, ...] = ()
    reason: str = ""
    extra: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the trace that is kept, without `extra`; `trace_line` reads it again."""
        data = asdict(self) | {"code": self.code.value, "entries": list(self.entries)}
        del data["extra"]
        return data | {"values": list(self.values)}

    def beside(self, extra: str) -> "TraceLine":
        """The same step as one of a prize beside the levels."""
        return replace(self, level_id=None, extra=extra)


def trace_line(data: Mapping[str, Any]) -> TraceLine:
    """A line of a kept trace."""
    return TraceLine(
        **{
            **data,
            "code": TraceCode(data["code"]),
            "entries": tuple(data["entries"]),
            "values": tuple(data["values"]),
        }
    )
