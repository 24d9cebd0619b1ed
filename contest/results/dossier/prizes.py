"""Prizes in a dossier, of a round or over the totals: their rows, and the rules to give them by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from contest.results.dossier.extra_checks import BESIDE
from contest.results.models import PrizeAward, PrizeLevel, PrizeTerms
from contest.results.rules.dossiers import Decided
from contest.results.rules.extra_prizes import KeptExtra
from contest.results.rules.trace import TraceCode

Value = TypeVar("Value")
_EMPTY: Final = frozenset({TraceCode.WITHHELD, TraceCode.UNPICKED})


@dataclass(frozen=True, slots=True)
class PrizeWriter:
    """Writes the prizes of one round, or of the totals.

    Attributes:
        scope: the number of the round, or "total".
        levels: its prize levels in their order.
        entry: the pseudonym of an entry.
        division: the name of a division.
    """

    scope: str
    levels: Sequence[PrizeLevel]
    entry: Callable[[int], str]
    division: Callable[[int | None], str]

    def _names(self) -> dict[int, str]:
        return {
            level.id: f"{place} {level.code.value}" for place, level in enumerate(self.levels, 1)
        }

    def _named(
        self, decided: Mapping[tuple[int | None, int], Value]
    ) -> list[tuple[tuple[str, str], Value]]:
        """What was decided by the names of division and level, in their order."""
        names = self._names()
        return sorted(
            (
                ((self.division(division), names[level]), value)
                for (division, level), value in decided.items()
            ),
            key=lambda pair: pair[0],
        )

    def rows(self, awards: Sequence[PrizeAward]) -> list[Sequence[str]]:
        """Rows of prizes.csv; nothing orders equals but chance."""
        names = self._names()
        rows = [
            (
                self.scope,
                self.division(award.division_id),
                names[award.level_id],
                str(award.place),
                self.entry(award.entry_id),
                str(award.money),
            )
            for award in awards
        ]
        return sorted(rows, key=lambda row: (row[1], row[2], int(row[3]), row[4]))

    def rules(self, decided: Decided, limits: PrizeTerms | None) -> dict[str, Any]:
        """What rules.json says of them.

        Args:
            decided: what people decided, and who was passed over.
            limits: of authors and units; None where there are none.
        """
        names = self._names()
        return {
            "limits": {
                "per_author": limits.per_author if limits else None,
                "per_unit": limits.per_unit if limits else None,
            },
            "levels": [
                {
                    "level": names[one.id],
                    "quota": one.quota,
                    "money": one.money,
                    "ties": one.tie_policy.value,
                }
                for one in self.levels
            ],
            "passed_over": [
                {"entry": entry, "why": why}
                for entry, why in sorted((self.entry(one), why) for one, why in decided.passed_over)
            ],
            "ties": [
                {
                    "division": division,
                    "level": level,
                    "chosen": sorted(self.entry(one) for one in chosen),
                }
                for (division, level), chosen in self._named(decided.ties)
            ],
            "withheld": [
                {"division": division, "level": level, "count": count}
                for (division, level), count in self._named(decided.withheld)
                if count
            ],
        }


@dataclass(frozen=True, slots=True)
class ExtraWriter:
    """Writes the unit prizes and side prizes of one round, or of the totals.

    Attributes:
        scope: the number of the round, or "total".
        extras: as the decision kept them.
        entry: the pseudonym of an entry.
        unit: the name under which a unit is told, from its path.
        fewest: of the order of units, where a prize says nothing.
    """

    scope: str
    extras: Sequence[KeptExtra]
    entry: Callable[[int], str]
    unit: Callable[[Sequence[str]], str]
    fewest: int

    def _given(self, extra: KeptExtra) -> list[tuple[str, str]]:
        """Who gets a prize, with the place; units by place and name, people by pseudonym."""
        if extra.is_for_units:
            units = [
                (award["place"], self.unit(extra.units[award["to"]])) for award in extra.awards
            ]
            return [(name, str(place)) for place, name in sorted(units)]
        names = [(self.entry(award["to"]), str(award["place"] or "")) for award in extra.awards]
        return sorted(names)

    def _level(self, number: int, extra: KeptExtra) -> str:
        return f"{BESIDE}{number} {extra.name}"

    def _decided(self, extra: KeptExtra) -> dict[str, Any]:
        """Who of equals was chosen, None where nobody had to; and how many prizes stay empty."""
        lines = extra.trace
        chosen = [
            self.unit(extra.units[to]) if extra.is_for_units else self.entry(to)
            for line in lines
            if line.code is TraceCode.CHOSEN
            for to in line.entries
        ]
        is_settled = any(line.code in {TraceCode.CHOSEN, TraceCode.PASSED_ON} for line in lines)
        return {
            "chosen": sorted(chosen) if is_settled else None,
            "empty": sum(line.count for line in lines if line.code in _EMPTY),
        }

    def rows(self) -> list[Sequence[str]]:
        """Rows of prizes.csv."""
        return [
            (self.scope, "", self._level(number, extra), place, name, str(extra.money))
            for number, extra in enumerate(self.extras, 1)
            for name, place in self._given(extra)
        ]

    def rules(self) -> list[dict[str, Any]]:
        """What rules.json says of them."""
        return [
            {
                "level": self._level(number, extra),
                "measure": extra.measure.value,
                "keys": list(extra.codes),
                "units": extra.is_for_units,
                "fewest": self.fewest if extra.fewest is None else extra.fewest,
                "quota": extra.quota,
                "money": extra.money,
                "ties": extra.policy.value,
                "given": [{"to": name, "place": place} for name, place in self._given(extra)],
                **self._decided(extra),
            }
            for number, extra in enumerate(self.extras, 1)
        ]
