"""Units in time: when they exist, and how their tree is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit as the tree needs it."""

    id: int
    public_id: str
    code: str
    name: str
    sort_key: bytes
    parent_id: int | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit in a list to choose from; `depth` counts from 0 at the top of the list."""

    id: int
    public_id: str
    code: str
    label: str
    depth: int


@dataclass(frozen=True, slots=True)
class UnitPath:
    """A unit and what it belongs to, from near to far.

    Attributes:
        names: "Trường A › Phường B › Tỉnh C".
        ids: "/12/5/1/", so that `"/5/" in ids` asks whether it stands in a branch.
        parts: the names one by one.
    """

    names: str
    ids: str
    parts: tuple[str, ...] = ()


def exists_on(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Whether something valid between two days (both counted, both may be open) exists on a day."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def children_of(nodes: Iterable[UnitNode]) -> dict[int | None, list[UnitNode]]:
    """Units by their parent, each list in Vietnamese order."""
    found: dict[int | None, list[UnitNode]] = {}
    for node in sorted(nodes, key=lambda node: node.sort_key):
        found.setdefault(node.parent_id, []).append(node)
    return found


def tree_choices(
    nodes: Iterable[UnitNode], *, root_ids: Iterable[int] | None, on: date | None
) -> list[UnitChoice]:
    """The units that exist on a day, in the order of the tree.

    A unit that has ended is left out, its living children stand in its place.

    Args:
        nodes: all units.
        root_ids: only these and what is below them; None for the whole tree.
        on: the day; None takes ended units too.
    """
    everything = {node.id: node for node in nodes}
    below = children_of(everything.values())
    tops = below.get(None, []) if root_ids is None else _known(everything, root_ids)
    choices: list[UnitChoice] = []
    waiting = [(node, 0) for node in reversed(tops)]
    seen: set[int] = set()
    while waiting:
        node, depth = waiting.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        exists = on is None or exists_on(node.valid_from, node.valid_to, on)
        if exists:
            choices.append(UnitChoice(node.id, node.public_id, node.code, node.name, depth))
        step = 1 if exists else 0
        waiting.extend((child, depth + step) for child in reversed(below.get(node.id, [])))
    return choices


def _known(everything: Mapping[int, UnitNode], ids: Iterable[int]) -> list[UnitNode]:
    found = [everything[unit_id] for unit_id in ids if unit_id in everything]
    return sorted(found, key=lambda node: node.sort_key)


def unit_path_of(chain: Iterable[tuple[int, str]]) -> UnitPath:
    """A path from the ids and names of a unit and its ancestors, near to far."""
    pairs = tuple(chain)
    parts = tuple(name for _id, name in pairs)
    ids = "/" + "".join(f"{unit_id}/" for unit_id, _name in pairs)
    return UnitPath(" › ".join(parts), ids, parts)
