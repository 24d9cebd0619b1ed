"""Prizes in a dossier, of a round or over the totals: their rows, and the rules to give them by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from contest.results.models import PrizeAward, PrizeLevel
from contest.results.rules.dossiers import Decided


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

    def rules(self, decided: Decided) -> dict[str, Any]:
        """What rules.json says of them.

        Args:
            decided: what people decided, and who was passed over.
        """
        names = self._names()
        return {
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
                {"entry": self.entry(entry), "why": why} for entry, why in decided.passed_over
            ],
            "ties": [
                {
                    "division": self.division(division),
                    "level": names[level],
                    "chosen": [self.entry(one) for one in chosen],
                }
                for (division, level), chosen in decided.ties.items()
            ],
            "withheld": [
                {"division": self.division(division), "level": names[level], "count": count}
                for (division, level), count in decided.withheld.items()
            ],
        }
