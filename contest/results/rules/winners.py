"""A published winner, and reading one from a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Named:
    """A co-author: full name, or initials where `is_full_name` is False."""

    name: str
    is_full_name: bool


@dataclass(frozen=True, slots=True)
class Winner:
    """A published winner.

    Attributes:
        entry: random id of the entry, by which a withdrawn consent is found.
        name: full name, or initials where `is_full_name` is False.
        path: names of the unit and those above, as at registration.
        division: name of the division; empty where there is none.
        place: competition rank.
        level: position of the prize level, from 0.
        money: in đồng.
        keys: what it was ranked by.
        title: of an essay.
        work: random id of the essay, by which its page is found; empty where there is none.
        text: digest of the text that was judged.
        words: how many it has.
        others: co-authors, named as far as they may be.
    """

    entry: str
    name: str
    is_full_name: bool
    path: tuple[str, ...]
    division: str
    place: int
    level: int
    money: int
    keys: tuple[int, ...]
    title: str = ""
    work: str = ""
    text: str = ""
    words: int = 0
    others: tuple[Named, ...] = ()

    @property
    def names(self) -> str:
        """All authors."""
        return ", ".join((self.name, *(other.name for other in self.others)))

    @property
    def all_named(self) -> bool:
        """Whether every author stands there by full name."""
        return self.is_full_name and all(other.is_full_name for other in self.others)


def read_winner(data: Mapping[str, Any]) -> Winner:
    """A winner of a snapshot."""
    others = tuple(Named(**other) for other in data.get("others", ()))
    tuples = {"path": tuple(data["path"]), "keys": tuple(data["keys"]), "others": others}
    return Winner(**{**data, **tuples})
