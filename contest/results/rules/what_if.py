"""Prizes before and after something that is only supposed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contest.results.rules.extra_prizes import ExtraAward, ExtraTerms


@dataclass(frozen=True, slots=True)
class PrizeMove:
    """An entry whose prize would be another; levels by id, None = no prize."""

    entry_id: int
    before: int | None
    after: int | None


def prize_moves(before: Mapping[int, int], after: Mapping[int, int]) -> list[PrizeMove]:
    """Who would lose, change or gain a prize, in this order.

    Args:
        before: level by entry.
        after: the same as it would be.
    """
    lost = [PrizeMove(entry, level, None) for entry, level in before.items() if entry not in after]
    changed = [
        PrizeMove(entry, level, after[entry])
        for entry, level in before.items()
        if entry in after and after[entry] != level
    ]
    gained = [
        PrizeMove(entry, None, level) for entry, level in after.items() if entry not in before
    ]
    return [*lost, *changed, *gained]


@dataclass(frozen=True, slots=True)
class ExtraMove:
    """A unit prize or side prize that others would get; ids of units, or of entries.

    `money` is what each one gets, in đồng; None where an older record does not tell it.
    """

    name: str
    is_for_units: bool
    before: tuple[int, ...]
    after: tuple[int, ...]
    money: int | None = None

    @property
    def lose(self) -> tuple[int, ...]:
        """Who has it now and would not have it."""
        return tuple(one for one in self.before if one not in self.after)

    @property
    def gain(self) -> tuple[int, ...]:
        """Who would get it and has it not."""
        return tuple(one for one in self.after if one not in self.before)

    @property
    def keep(self) -> tuple[int, ...]:
        """Who has it now and then."""
        return tuple(one for one in self.before if one in self.after)


def extra_moves(
    prizes: Sequence[ExtraTerms], before: Iterable[ExtraAward], after: Iterable[ExtraAward]
) -> list[ExtraMove]:
    """The prizes beside the levels that somebody else would get, as they stand in the rules."""
    now, then = _holders(before), _holders(after)
    return [
        ExtraMove(one.name, one.is_for_units, now.get(one.id, ()), then.get(one.id, ()), one.money)
        for one in prizes
        if set(now.get(one.id, ())) != set(then.get(one.id, ()))
    ]


def _holders(given: Iterable[ExtraAward]) -> dict[int, tuple[int, ...]]:
    held: dict[int, tuple[int, ...]] = {}
    for one in given:
        held[one.prize.id] = (*held.get(one.prize.id, ()), one.to)
    return held
