"""Navigation: rooms put their entries into areas, pages read them.

Areas: `public` (top bar), `desk` (everything an organiser has), `contest` (one contest's side
bar; URLs take its `slug`), `account` (the person's own menu).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import g, request, url_for

from contest.core.access import Actor
from contest.core.errors import Words


def _always(actor: Actor | None, context: Any) -> bool:
    del actor, context
    return True


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of an area.

    Attributes:
        area: where it stands.
        label: translated lazily.
        endpoint: what it leads to.
        icon: a symbol of the sprite.
        order: smaller stands first.
        visible: whether this person sees it; the second argument is the page's contest, if any.
        active: endpoints on whose pages it counts as the current one (prefixes).
    """

    area: str
    label: Words
    endpoint: str
    icon: str
    order: int
    visible: Callable[[Actor | None, Any], bool] = _always
    active: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as the template shows it."""

    label: str
    url: str
    icon: str
    is_current: bool


_items: Final[dict[tuple[str, str], NavItem]] = {}


def register(item: NavItem) -> None:
    """Add an entry; the same area and endpoint again replaces it."""
    _items[item.area, item.endpoint] = item


def links(area: str, actor: Actor | None, context: Any = None, **values: Any) -> list[NavLink]:
    """The entries of an area that this person sees, with addresses."""
    shown = sorted(
        (item for item in _items.values() if item.area == area and item.visible(actor, context)),
        key=lambda item: item.order,
    )
    endpoint = request.endpoint or ""
    return [
        NavLink(
            str(item.label),
            url_for(item.endpoint, **values),
            item.icon,
            endpoint == item.endpoint or (bool(item.active) and endpoint.startswith(item.active)),
        )
        for item in shown
    ]


def enter(area: str, *, title: str, context: Any = None, **values: Any) -> None:
    """Say in which area the page of this request stands; the side bar is built from it.

    Args:
        area: as in `NavItem`.
        title: the line under the brand (the contest or the organisation).
        context: the contest, for entries that depend on it.
        values: what the addresses of the area take, as `slug`.
    """
    g.navigation = (area, title, context, values)


def side_bar(actor: Actor | None) -> dict[str, Any]:
    """What the workroom template shows at the left: `links`, `title`, `is_contest`."""
    area, title, context, values = g.get("navigation", ("desk", "", None, {}))
    return {
        "links": links(area, actor, context, **values),
        "title": title,
        "is_contest": area == "contest",
    }
