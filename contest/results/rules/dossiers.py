"""What a dossier shows: pseudonyms, numbers with two decimals, units that hide nobody."""

import base64
import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from contest.results.rules.trace import TraceCode, trace_line

LEAST_PERSONS: Final = 5
"""A unit with fewer persons is told together with others, so that it tells of nobody."""
_CENT: Final = Decimal("0.01")
_LETTERS: Final = 12
_PASSED: Final = frozenset(
    {
        TraceCode.WON_BEFORE,
        TraceCode.HAS_ONE,
        TraceCode.AUTHOR_FULL,
        TraceCode.UNIT_FULL,
        TraceCode.DRAWN_OUT,
    }
)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for one dossier alone, from a secret that is thrown away with it."""

    secret: bytes

    def of(self, *what: Hashable) -> str:
        """The pseudonym of something: twelve letters and digits of HMAC-SHA-256."""
        words = "/".join(str(part) for part in what).encode()
        digest = hmac.new(self.secret, words, hashlib.sha256).digest()
        return base64.b32encode(digest).decode()[:_LETTERS]


def two_decimals(points: Decimal) -> str:
    """Points rounded half up to two decimals."""
    return str(points.quantize(_CENT, ROUND_HALF_UP))


def whole_key(value: int) -> str:
    """A key, which is a whole number, with two decimals."""
    return f"{value}.00"


def merged_units(persons: Mapping[str, int], rest: str) -> dict[str, str]:
    """Under which name each unit is told.

    Units with fewer than `LEAST_PERSONS` persons go together; where even these are too few, the
    smallest of the others joins them.

    Args:
        persons: by unit.
        rest: the name of those that are told together.
    """
    small = {unit for unit, count in persons.items() if count < LEAST_PERSONS}
    others = sorted(
        (unit for unit in persons if unit not in small), key=lambda unit: (persons[unit], unit)
    )
    while small and others and sum(persons[unit] for unit in small) < LEAST_PERSONS:
        small.add(others.pop(0))
    return {unit: rest if unit in small else unit for unit in persons}


def seed_form(seed: str) -> tuple[str, str]:
    """How a seed is written, and its SHA-256: the one that is sealed when a quiz opens."""
    try:
        return "hex", hashlib.sha256(bytes.fromhex(seed)).hexdigest()
    except ValueError:
        return "text", hashlib.sha256(seed.encode()).hexdigest()


@dataclass
class Decided:
    """What people decided about prizes, from the trace of an allocation."""

    passed_over: list[tuple[int, str]] = field(default_factory=list)
    ties: dict[tuple[int | None, int], list[int]] = field(default_factory=dict)
    withheld: Counter[tuple[int | None, int]] = field(default_factory=Counter)


def decided_of(trace: list[dict[str, Any]]) -> Decided:
    """Entries that were passed over, ties that people settled, prizes left empty."""
    found = Decided(ties=defaultdict(list))
    for line in map(trace_line, trace):
        at = (line.division_id, line.level_id or 0)
        if line.code in _PASSED:
            found.passed_over += [(entry, line.code.value) for entry in line.entries]
        elif line.code is TraceCode.CHOSEN:
            found.ties[at] += line.entries
        elif line.code is TraceCode.PASSED_ON:
            found.ties[at] += []
        elif line.code is TraceCode.WITHHELD:
            found.withheld[at] += line.count
    return found
