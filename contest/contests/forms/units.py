"""Units to choose from, with the path that the picker shows under each name."""

from collections.abc import Iterable
from typing import Any

from contest.accounts.queries import UnitChoice

UnitOption = tuple[str, str, dict[str, Any]]


def unit_options(choices: Iterable[UnitChoice], *, empty: str = "") -> list[UnitOption]:
    """Options of a select: indented by depth, each knowing its path from near to far.

    Args:
        choices: units in the order of the tree.
        empty: words of a first option without a value; none when empty.
    """
    options: list[UnitOption] = [("", empty, {})] if empty else []
    above: list[str] = []
    for choice in choices:
        del above[choice.depth :]
        path = " › ".join(reversed(above))
        indented = "\u2003" * choice.depth + choice.label
        options.append((choice.public_id, indented, {"data-path": path, "data-name": choice.label}))
        above.append(choice.label)
    return options
