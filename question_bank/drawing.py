"""Drawing papers: a pure function of (blueprint, frozen pool, seed, seen questions).

Who runs it twice gets the same paper, on any machine and any later Python: randomness is
``random.Random(n).random()`` alone, whose stream Python promises to keep for an integer seed, and
that integer is a SHA-256 of the seed. No ``shuffle``, ``sample`` or ``choice``, which may change.
The order in which the pool arrives does not matter: it is sorted by question first.

How a paper is chosen:

1. Questions are lined up: unseen ones first, then the less used, then by lot.
2. Each is taken if the paper can still be completed with it: cells may overlap ("any topic, hard"
   beside "topic 3, any difficulty"), so taking one may move another to its other cell. Two
   enemies never stand together.
3. Should enemies leave a cell empty that way, the cells are filled by a search that is exact
   (within a budget of steps) and that ``shortage`` uses too: when ``shortage`` finds nothing, a
   draw never fails.
"""

import hashlib
import json
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from question_bank.matching import Assignment, Needs, fill, largest

OptionOrder: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a blueprint: how many questions of a topic and a difficulty (None = any)."""

    topic_id: int | None
    difficulty: str | None
    count: int


Blueprint: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PoolItem:
    """A question as it stands in a round's frozen pool.

    ``use_rank``: 0 for the least used; ``enemies``: names of enemy groups, at most one question of
    each may stand in a paper; ``fixed_last``: options that stay at the end in their own order;
    ``above``: the topics above ``topic_id``, so that a cell may ask for a whole branch.
    """

    question_id: int
    revision_id: int
    topic_id: int | None
    difficulty: str
    use_rank: int = 0
    enemies: frozenset[str] = frozenset()
    option_ids: tuple[str, ...] = ()
    fixed_last: tuple[str, ...] = ()
    above: tuple[int, ...] = ()

    def fits(self, cell: Cell) -> bool:
        """May this question fill that cell?"""
        return (cell.difficulty is None or cell.difficulty == self.difficulty) and (
            cell.topic_id is None or cell.topic_id == self.topic_id or cell.topic_id in self.above
        )


@dataclass(frozen=True, slots=True)
class PaperSlot:
    """One question of a paper: the pinned revision and the order of its options."""

    revision_id: int
    option_order: OptionOrder


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A paper: pinned revisions in the order in which they are asked."""

    slots: tuple[PaperSlot, ...]

    @property
    def revision_ids(self) -> tuple[int, ...]:
        """Ids of the revisions, in order."""
        return tuple(slot.revision_id for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Shortage:
    """Cells that cannot be filled together: ``wanted`` questions, of which ``available`` exist.

    One cell that is short by itself comes alone. Several come together when each could be filled
    but not all at once, because they compete for the same questions or meet enemies.
    """

    cells: tuple[Cell, ...]
    wanted: int
    available: int

    @property
    def missing(self) -> int:
        """How many questions must be added."""
        return self.wanted - self.available


class PoolTooSmall(ValueError):
    """The pool cannot fill the blueprint; ``shortages`` says where."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__("the pool cannot fill the blueprint")
        self.shortages = tuple(shortages)


class FrozenPool:
    """A pool prepared for many draws: sorted, with enemy groups worked out once per blueprint.

    Workers keep one per round; it is never changed.
    """

    def __init__(self, items: Iterable[PoolItem]) -> None:
        self.items = tuple(sorted(items, key=lambda item: (item.question_id, item.revision_id)))
        self._question_ids = tuple(item.question_id for item in self.items)
        self._ranks = tuple(item.use_rank for item in self.items)
        self._after_all = max(self._ranks, default=0) + 1
        self._needs: dict[Blueprint, Needs] = {}

    def preference(self, stream: "LotStream", seen: frozenset[int]) -> list[int]:
        """Return places of the pool: unseen before seen, then by use rank, then by lot.

        A lot lies in [0, 1), so that rank + lot sorts by rank first.
        """
        keys = [
            rank + lot for rank, lot in zip(self._ranks, stream.lots(len(self.items)), strict=True)
        ]
        if seen:
            for place, question_id in enumerate(self._question_ids):
                if question_id in seen:
                    keys[place] += self._after_all
        return sorted(range(len(keys)), key=keys.__getitem__)

    def needs(self, blueprint: Blueprint) -> Needs:
        """Return which cells each question fits and who is whose enemy."""
        needs = self._needs.get(blueprint)
        if needs is None:
            needs = Needs.build(
                counts=tuple(cell.count for cell in blueprint),
                fits=tuple(
                    tuple(place for place, cell in enumerate(blueprint) if item.fits(cell))
                    for item in self.items
                ),
                enemies=tuple(item.enemies for item in self.items),
            )
            self._needs[blueprint] = needs
        return needs

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the pool, in hexadecimal; the same for any order of its questions."""
        return hashlib.sha256(pool_to_json(self.items).encode()).hexdigest()


def pool_to_json(items: Iterable[PoolItem]) -> str:
    """Return the pool as canonical JSON: sorted, no spaces, ASCII only."""
    rows = [
        [
            item.question_id,
            item.revision_id,
            item.topic_id,
            item.difficulty,
            item.use_rank,
            sorted(item.enemies),
            list(item.option_ids),
            list(item.fixed_last),
            list(item.above),
        ]
        for item in sorted(items, key=lambda item: (item.question_id, item.revision_id))
    ]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=True)


def pool_from_json(text: str) -> tuple[PoolItem, ...]:
    """Read back what ``pool_to_json`` wrote."""
    return tuple(_item_from_row(row) for row in json.loads(text))


def _item_from_row(row: Sequence[Any]) -> PoolItem:
    return PoolItem(
        question_id=row[0],
        revision_id=row[1],
        topic_id=row[2],
        difficulty=row[3],
        use_rank=row[4],
        enemies=frozenset(row[5]),
        option_ids=tuple(row[6]),
        fixed_last=tuple(row[7]),
        above=tuple(row[8]),
    )


def pool_digest(pool: Iterable[PoolItem]) -> str:
    """Return the SHA-256 of a pool in hexadecimal, whatever the order of its questions."""
    return FrozenPool(pool).digest


def derive_seed(seed: bytes, *parts: str | int) -> bytes:
    """Return a seed of 32 bytes for one paper from a round's secret seed.

    ``parts`` name the paper (entry, ordinal of the attempt): each is hashed with its length, so
    that ("1", "23") and ("12", "3") differ.
    """
    digest = hashlib.sha256(len(seed).to_bytes(4, "big") + seed)
    for part in parts:
        encoded = str(part).encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.digest()


class LotStream:
    """A stream of lots that depends on the seed alone; see the head of this file."""

    __slots__ = ("_lot",)

    def __init__(self, seed: bytes) -> None:
        # Not for secrets: the seed is secret, the stream only has to be fair and repeatable.
        number = int.from_bytes(hashlib.sha256(seed).digest(), "big")
        self._lot = random.Random(number).random  # noqa: S311

    def lots(self, count: int) -> list[float]:
        """Return ``count`` numbers of [0, 1)."""
        lot = self._lot
        return [lot() for _turn in range(count)]

    def shuffled(self, things: Sequence[Any]) -> list[Any]:
        """Return the things in a random order (Fisher and Yates)."""
        mixed = list(things)
        for last in range(len(mixed) - 1, 0, -1):
            other = int(self._lot() * (last + 1))
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


def draw(
    blueprint: Blueprint,
    pool: FrozenPool | Iterable[PoolItem],
    seed: bytes,
    seen: Collection[int] = frozenset(),
    *,
    shuffle_questions: bool = True,
    shuffle_options: bool = True,
) -> DrawnPaper:
    """Draw one paper.

    ``seed`` is the paper's own (see ``derive_seed``), ``seen`` the ids of questions that this
    person has met. Without shuffling, questions stand in the blueprint's order and options in the
    author's. Raises ``PoolTooSmall`` when the pool cannot fill the blueprint.
    """
    frozen = pool if isinstance(pool, FrozenPool) else FrozenPool(pool)
    items = frozen.items
    stream = LotStream(seed)
    assignment = fill(frozen.needs(blueprint), frozen.preference(stream, frozenset(seen)))
    if assignment is None:
        raise PoolTooSmall(shortage(blueprint, frozen))
    chosen = _in_order(assignment, stream, shuffled=shuffle_questions)
    return DrawnPaper(
        tuple(
            PaperSlot(
                items[place].revision_id,
                option_order(items[place], stream) if shuffle_options else items[place].option_ids,
            )
            for place in chosen
        )
    )


def _in_order(assignment: Assignment, stream: LotStream, *, shuffled: bool) -> list[int]:
    by_cell = [place for taken in assignment for place in sorted(taken)]
    return stream.shuffled(by_cell) if shuffled else by_cell


def option_order(item: PoolItem, stream: LotStream) -> OptionOrder:
    """Return the options of a question in an order by lot; fixed ones stay last in their own."""
    if not item.fixed_last:
        return tuple(stream.shuffled(item.option_ids))
    stays = frozenset(item.fixed_last)
    moving = [option_id for option_id in item.option_ids if option_id not in stays]
    last = [option_id for option_id in item.option_ids if option_id in stays]
    return (*stream.shuffled(moving), *last)


def mixed(
    paper: DrawnPaper,
    pool: FrozenPool,
    seed: bytes,
    *,
    shuffle_questions: bool = True,
    shuffle_options: bool = True,
) -> DrawnPaper:
    """Return the same questions in another order: a paper code, or one person's fixed paper.

    ``seed`` is the code's or the person's own (see ``derive_seed``). Fixed options stay last.
    """
    items = {item.revision_id: item for item in pool.items}
    stream = LotStream(seed)
    slots = stream.shuffled(paper.slots) if shuffle_questions else list(paper.slots)
    return DrawnPaper(
        tuple(
            PaperSlot(slot.revision_id, option_order(items[slot.revision_id], stream))
            if shuffle_options
            else slot
            for slot in slots
        )
    )


def shortage(blueprint: Blueprint, pool: FrozenPool | Iterable[PoolItem]) -> list[Shortage]:
    """Return what is missing before the blueprint can be drawn; an empty list means ready.

    Each cell is first tried alone. When every cell could be filled alone but not all together, the
    cells that compete are reported as one shortage.
    """
    frozen = pool if isinstance(pool, FrozenPool) else FrozenPool(pool)
    needs = frozen.needs(blueprint)
    alone = [len(largest(needs.only(place)).assignment[place]) for place in range(len(blueprint))]
    short = [
        Shortage((cell,), cell.count, available)
        for cell, available in zip(blueprint, alone, strict=True)
        if available < cell.count
    ]
    together = largest(needs.capped(alone))
    missing = sum(min(c.count, a) for c, a in zip(blueprint, alone, strict=True)) - sum(
        len(taken) for taken in together.assignment
    )
    if missing:
        cells = tuple(blueprint[place] for place in together.contested)
        wanted = sum(min(blueprint[p].count, alone[p]) for p in together.contested)
        short.append(Shortage(cells, wanted, wanted - missing))
    return short
