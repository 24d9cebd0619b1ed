"""What a scope is called on the pages that give roles.

Accounts knows the names of units only; the rooms above register how contests and banks are
named and found.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from contest.accounts.models import ScopeKind


@dataclass(frozen=True, slots=True)
class ScopeName:
    """How a scope is shown.

    Attributes:
        label: its name.
        key: what stands for it in an address, as the slug of a contest.
        endpoint: its page, or empty.
        values: what the page's address takes.
    """

    label: str
    key: str
    endpoint: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ScopeNamer:
    """Names the scopes of one kind.

    Attributes:
        kind: which scopes.
        names: keys of scopes → their names.
        find: the key of an address → key of the scope, or None.
    """

    kind: ScopeKind
    names: Callable[[Collection[int]], dict[int, ScopeName]]
    find: Callable[[str], int | None]


_namers: Final[dict[ScopeKind, ScopeNamer]] = {}


def register_scope_namer(namer: ScopeNamer) -> None:
    """Say how the scopes of a kind are named; the same kind again replaces it."""
    _namers[namer.kind] = namer


def scope_namer(kind: ScopeKind) -> ScopeNamer | None:
    """The namer of a kind, or None."""
    return _namers.get(kind)
