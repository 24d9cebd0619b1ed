"""Unit prizes and side prizes of a publication, read from its snapshot."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from contest.results.rules.extra_words import MeasureWords
from contest.results.rules.winners import Winner, read_winner


@dataclass(frozen=True, slots=True)
class ExtraUnit:
    """A unit with a prize: its path as it was, its place, and what it was found by."""

    path: tuple[str, ...]
    place: int
    money: int
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PublishedExtra:
    """A prize beside the levels, with the units or the people who get it."""

    name: str
    measure: str
    codes: tuple[str, ...]
    terms: str
    quota: int
    money: int
    units: tuple[ExtraUnit, ...]
    winners: tuple[Winner, ...]

    def value(self, unit: ExtraUnit) -> str:
        """What a unit got it for, in words: "62,5 % of the head-count"."""
        return MeasureWords(codes=self.codes).sentence(unit.keys)

    @property
    def cost(self) -> int:
        """What was given of it, in đồng."""
        of_units = sum(unit.money for unit in self.units)
        return of_units + sum(winner.money for winner in self.winners)


def read_extras(data: Iterable[Mapping[str, Any]]) -> tuple[PublishedExtra, ...]:
    """The part `extras` of a snapshot."""
    return tuple(
        PublishedExtra(
            one["name"],
            one["measure"],
            tuple(one["codes"]),
            one["terms"],
            one["quota"],
            one["money"],
            tuple(
                ExtraUnit(tuple(unit["path"]), unit["place"], unit["money"], tuple(unit["keys"]))
                for unit in one["units"]
            ),
            tuple(read_winner(winner) for winner in one["winners"]),
        )
        for one in data
    )


def people_of(extras: Iterable[PublishedExtra]) -> tuple[Winner, ...]:
    """Everybody who is named for a side prize."""
    return tuple(winner for one in extras for winner in one.winners)


def with_people(
    extras: Iterable[PublishedExtra], shown: Callable[[Winner], Winner]
) -> tuple[PublishedExtra, ...]:
    """The same with everybody as they may be shown now."""
    return tuple(
        replace(one, winners=tuple(shown(winner) for winner in one.winners)) for one in extras
    )


def told_extras(extras: Iterable[PublishedExtra]) -> list[tuple[Any, ...]]:
    """What a publication tells of them, for comparing two of them."""
    return [
        (
            one.name,
            one.quota,
            one.money,
            one.units,
            [(winner.entry, winner.names, winner.place, winner.money) for winner in one.winners],
        )
        for one in extras
    ]
