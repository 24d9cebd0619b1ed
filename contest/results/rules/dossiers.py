"""What a dossier shows: pseudonyms, numbers with two decimals, units that hide nobody."""

import base64
import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from contest.contests.rules import ids_of_path
from contest.results.rules.participation import SEPARATOR, path_parts
from contest.results.rules.trace import TraceCode, trace_line
from contest.results.rules.unit_standings import depth_of

LEAST_PERSONS: Final = 5
"""A unit with fewer persons is told together with others, so that it tells of nobody."""
_CENT: Final = Decimal("0.01")
_LEAST: Final = Decimal("0.0001")
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


def four_decimals(value: Decimal) -> str:
    """Points with all the decimals that are kept."""
    return str(value.quantize(_LEAST))


def sum_in_words(marks: Sequence[Decimal]) -> str:
    """The total of a sheet with what it is made from: "9.00=2.00+4.00+3.00"."""
    return f"{two_decimals(sum(marks, Decimal(0)))}={'+'.join(map(two_decimals, marks))}"


def whole_key(value: int) -> str:
    """A key, which is a whole number, with two decimals."""
    return f"{value}.00"


def merged_units(tables: Sequence[Mapping[str, int]], rest: str) -> dict[str, str]:
    """Under which name each unit is told, in tables whose persons can be recognised.

    Units with fewer than `LEAST_PERSONS` persons in any table go together; where even these are
    too few in a table, its smallest other unit joins them.

    Args:
        tables: for each one the persons by unit.
        rest: the name of those that are told together.
    """
    units = {unit for table in tables for unit in table}
    small = {unit for table in tables for unit, count in table.items() if count < LEAST_PERSONS}
    before = -1
    while len(small) != before:
        before = len(small)
        for table in tables:
            hidden = [count for unit, count in table.items() if unit in small]
            others = sorted((count, unit) for unit, count in table.items() if unit not in small)
            if hidden and others and sum(hidden) < LEAST_PERSONS:
                small.add(others[0][1])
    return {unit: rest if unit in small else unit for unit in units}


def unit_label(ids: str, path: str, owner: Sequence[int], level: int) -> str:
    """The name of a unit at a level of the tree, with those above it.

    Args:
        ids: of the unit and those above it, "/12/5/1/".
        path: the same as names.
        owner: ids of the contest's unit and those above it.
        level: 1 is directly below the contest's unit.
    """
    chain, names = ids_of_path(ids), path_parts(path)
    depth = depth_of(chain, owner, level)
    return SEPARATOR.join(names[len(names) - depth :]) if depth else ""


def digest_of_file(content: bytes) -> str:
    """SHA-256 of a dossier, by which a copy of it is known again."""
    return hashlib.sha256(content).hexdigest()


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
    """Entries that were passed over, ties that people settled, prizes left empty.

    Prizes that came from an earlier round count against those left empty, below zero if need be.
    """
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
        elif line.code is TraceCode.CARRIED_IN:
            found.withheld[at] -= line.count
    return found


def without_prize(trace: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Who works for the contest and takes no prize; of rounds their status says it."""
    return [
        (entry, line.code.value)
        for line in map(trace_line, trace)
        if line.code is TraceCode.TAKES_NO_PRIZE
        for entry in line.entries
    ]
