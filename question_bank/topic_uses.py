"""What papers take of topics: the rooms that lay out papers tell it, merging asks and moves it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TopicUse:
    """A room that names topics in its papers.

    Attributes:
        code: key of the registration.
        papers: keys of topics → titles of the papers (rounds) that take them.
        move: (topic, other): papers that take the one take the other from now on.
    """

    code: str
    papers: Callable[[Collection[int]], list[str]]
    move: Callable[[int, int], None]


_uses: Final[dict[str, TopicUse]] = {}


def register_topic_use(use: TopicUse) -> None:
    """Add a room that names topics; the same code again replaces it."""
    _uses[use.code] = use


def topic_uses() -> list[TopicUse]:
    """Every room that names topics."""
    return list(_uses.values())
