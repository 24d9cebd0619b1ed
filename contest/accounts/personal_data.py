"""What rooms keep about a person: to be copied for them, explained to them, and erased.

Upper rooms register what they keep. A copy gathers it, the page of an erasure says in sentences
what would happen to it and what stands in the way, and the erasure does it. Whatever the law or the
contest needs stays, without the person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from contest.accounts.models import ConsentPurpose, Person
from contest.core.errors import Words

Value: TypeAlias = str | int | bool | Decimal | date | datetime | None
ERASED_NAME: Final = "Đã ẩn theo yêu cầu"
"""What stands for a name from then on; Vietnamese in every language, as names are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is kept: a code for machines, a label for people, and the value."""

    code: str
    label: Words
    value: Value


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file of the person.

    Attributes:
        name: as the person called it.
        file_id: of the stored file.
    """

    name: str
    file_id: int


@dataclass(frozen=True, slots=True)
class Record:
    """Something with several lines: a registration, an attempt, an essay."""

    lines: Sequence[Line]
    files: Sequence[CopiedFile] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The records of one kind."""

    code: str
    label: Words
    records: Sequence[Record] = field(default_factory=tuple)


def _no_sections(person: Person) -> Sequence[Section]:
    del person
    return ()


def _no_words(person: Person) -> Sequence[Words]:
    del person
    return ()


def _no_erasure(person: Person, now: datetime) -> Mapping[str, int]:
    del person, now
    return {}


def _no_effect(person: Person, purpose: ConsentPurpose, scope_id: int | None) -> Sequence[Words]:
    del person, purpose, scope_id
    return ()


@dataclass(frozen=True, slots=True)
class Keeper:
    """A room that keeps something about people.

    Attributes:
        code: of the room.
        copy: everything about this person that they may read now, and nothing about others.
        consequences: sentences that say what an erasure does to it.
        obstacles: sentences that say why an erasure cannot be done now.
        erase: (person, now): does it; returns what was touched, for the record.
        withdrawal: (person, purpose, scope id): sentences that say what happens when a consent
            is withdrawn.
    """

    code: str
    copy: Callable[[Person], Sequence[Section]] = _no_sections
    consequences: Callable[[Person], Sequence[Words]] = _no_words
    obstacles: Callable[[Person], Sequence[Words]] = _no_words
    erase: Callable[[Person, datetime], Mapping[str, int]] = _no_erasure
    withdrawal: Callable[[Person, ConsentPurpose, int | None], Sequence[Words]] = _no_effect


_keepers: Final[dict[str, Keeper]] = {}


def register_keeper(keeper: Keeper) -> None:
    """Add a room that keeps something; the same code again replaces it."""
    _keepers[keeper.code] = keeper


def keepers() -> list[Keeper]:
    """All rooms that keep something, in the order of registration."""
    return list(_keepers.values())
