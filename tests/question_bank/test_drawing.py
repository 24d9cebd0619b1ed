"""Drawing papers: what every draw holds, whatever the pool, the blueprint and the seed."""

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.drawing import (
    Blueprint,
    Cell,
    DrawnPaper,
    FrozenPool,
    PoolItem,
    PoolTooSmall,
    Shortage,
    derive_seed,
    draw,
    pool_digest,
    pool_from_json,
    pool_to_json,
    shortage,
)

LEVELS = ("easy", "medium", "hard")
BUSY = [HealthCheck.too_slow]


def question(
    number: int,
    topic: int | None = 1,
    difficulty: str = "easy",
    *,
    use_rank: int = 0,
    enemies: tuple[str, ...] = (),
    fixed: int = 0,
) -> PoolItem:
    options = tuple(f"q{number}o{place}" for place in range(4))
    return PoolItem(
        question_id=number,
        revision_id=1000 + number,
        topic_id=topic,
        difficulty=difficulty,
        use_rank=use_rank,
        enemies=frozenset(enemies),
        option_ids=options,
        fixed_last=options[4 - fixed :] if fixed else (),
    )


cells = st.builds(
    Cell,
    topic_id=st.sampled_from([None, 1, 2]),
    difficulty=st.sampled_from([None, "easy", "hard"]),
    count=st.integers(0, 3),
)
blueprints = st.lists(cells, min_size=1, max_size=4).map(tuple)


@st.composite
def pools(draw_from: st.DrawFn) -> tuple[PoolItem, ...]:
    size = draw_from(st.integers(0, 9))
    return tuple(
        question(
            number,
            topic=draw_from(st.sampled_from([1, 2, 3])),
            difficulty=draw_from(st.sampled_from(["easy", "hard"])),
            use_rank=draw_from(st.integers(0, 2)),
            enemies=tuple(draw_from(st.sets(st.sampled_from(["x", "y", "z"]), max_size=2))),
            fixed=draw_from(st.integers(0, 2)),
        )
        for number in range(size)
    )


seeds = st.binary(min_size=1, max_size=32)


def items_of(paper: DrawnPaper, pool: tuple[PoolItem, ...]) -> list[PoolItem]:
    by_revision = {item.revision_id: item for item in pool}
    return [by_revision[revision_id] for revision_id in paper.revision_ids]


def fills(chosen: list[PoolItem], blueprint: Blueprint) -> bool:
    """Can the chosen questions be dealt to the cells? By trying every order: small cases only."""
    places = [cell for cell in blueprint for _turn in range(cell.count)]
    return len(chosen) == len(places) and any(
        all(item.fits(cell) for item, cell in zip(order, places, strict=True))
        for order in itertools.permutations(chosen)
    )


def has_enemies(chosen: list[PoolItem]) -> bool:
    return any(a.enemies & b.enemies for a, b in itertools.combinations(chosen, 2))


def most_that_fit(blueprint: Blueprint, pool: tuple[PoolItem, ...]) -> bool:
    """Is there any paper at all? By brute force."""
    total = sum(cell.count for cell in blueprint)
    return any(
        not has_enemies(list(chosen)) and fills(list(chosen), blueprint)
        for chosen in itertools.combinations(pool, total)
    )


@given(blueprints, pools(), seeds, st.sets(st.integers(0, 9)))
@settings(max_examples=300, deadline=None, suppress_health_check=BUSY)
def test_a_draw_fills_the_blueprint_without_enemies_or_says_what_is_short(
    blueprint: Blueprint, pool: tuple[PoolItem, ...], seed: bytes, seen: set[int]
) -> None:
    if shortage(blueprint, pool):
        with pytest.raises(PoolTooSmall) as refused:
            draw(blueprint, pool, seed, seen)
        assert refused.value.shortages
        return
    paper = draw(blueprint, pool, seed, seen)
    chosen = items_of(paper, pool)
    assert len({item.question_id for item in chosen}) == len(chosen)
    assert not has_enemies(chosen)
    total = sum(cell.count for cell in blueprint)
    assert len(chosen) == total
    if total <= 6:
        assert fills(chosen, blueprint)


@given(
    st.lists(cells, min_size=1, max_size=3)
    .map(tuple)
    .filter(lambda blueprint: 0 < sum(cell.count for cell in blueprint) <= 4),
    pools(),
)
@settings(max_examples=200, deadline=None, suppress_health_check=BUSY)
def test_the_shortage_check_is_exact(blueprint: Blueprint, pool: tuple[PoolItem, ...]) -> None:
    assert (shortage(blueprint, pool) == []) == most_that_fit(blueprint, pool)


@given(blueprints, pools(), seeds, st.randoms(use_true_random=False))
@settings(deadline=None, suppress_health_check=BUSY)
def test_the_same_input_gives_the_same_paper_in_any_order_of_the_pool(
    blueprint: Blueprint, pool: tuple[PoolItem, ...], seed: bytes, mixer: random.Random
) -> None:
    mixed = list(pool)
    mixer.shuffle(mixed)
    assert pool_digest(mixed) == pool_digest(pool)
    assert shortage(blueprint, mixed) == shortage(blueprint, pool)
    if not shortage(blueprint, pool):
        assert draw(blueprint, mixed, seed) == draw(blueprint, pool, seed)


@given(blueprints, pools(), seeds)
@settings(deadline=None, suppress_health_check=BUSY)
def test_each_paper_holds_every_option_once_and_the_fixed_ones_last(
    blueprint: Blueprint, pool: tuple[PoolItem, ...], seed: bytes
) -> None:
    if shortage(blueprint, pool):
        return
    paper = draw(blueprint, pool, seed)
    for slot, item in zip(paper.slots, items_of(paper, pool), strict=True):
        assert sorted(slot.option_order) == sorted(item.option_ids)
        last = len(item.option_ids) - len(item.fixed_last)
        assert slot.option_order[last:] == item.fixed_last


@given(pools(), seeds, st.integers(1, 4))
@settings(deadline=None, suppress_health_check=BUSY)
def test_unseen_questions_come_first_then_the_least_used(
    pool: tuple[PoolItem, ...], seed: bytes, count: int
) -> None:
    peaceful = tuple(question(item.question_id, use_rank=item.use_rank) for item in pool)
    seen = {0, 1, 2}
    if len(peaceful) < count:
        return
    paper = draw((Cell(None, None, count),), peaceful, seed, seen)
    ranks = [(i.question_id in seen, i.use_rank) for i in items_of(paper, peaceful)]
    best = sorted((i.question_id in seen, i.use_rank) for i in peaceful)[:count]
    assert sorted(ranks) == best


@given(pools())
@settings(deadline=None, suppress_health_check=BUSY)
def test_a_pool_survives_being_stored(pool: tuple[PoolItem, ...]) -> None:
    assert pool_from_json(pool_to_json(pool)) == pool


def test_one_known_paper_never_changes() -> None:
    """A change here means that papers already drawn can no longer be derived again."""
    pool = tuple(question(n, topic=n % 3, difficulty=LEVELS[n % 2], fixed=n % 2) for n in range(12))
    blueprint = (Cell(0, None, 2), Cell(None, "medium", 2))
    paper = draw(blueprint, pool, derive_seed(b"round seed", "entry", 1))
    assert paper.revision_ids == EXPECTED_REVISIONS
    assert paper.slots[0].option_order == EXPECTED_ORDER
    assert pool_digest(pool) == EXPECTED_DIGEST


EXPECTED_REVISIONS = (1000, 1011, 1007, 1009)
EXPECTED_ORDER = ("q0o0", "q0o3", "q0o2", "q0o1")
EXPECTED_DIGEST = "4b803f3c6d539f8e1e155ed5b74fca1f587e2254757c952f39f987a2da26cd99"


def test_without_shuffling_questions_follow_the_blueprint_and_options_the_author() -> None:
    pool = tuple(question(n, topic=n % 2) for n in range(10))
    paper = draw(
        (Cell(1, None, 2), Cell(0, None, 2)),
        pool,
        b"s",
        shuffle_questions=False,
        shuffle_options=False,
    )
    chosen = items_of(paper, pool)
    assert [item.topic_id for item in chosen] == [1, 1, 0, 0]
    assert [slot.option_order for slot in paper.slots] == [item.option_ids for item in chosen]


def test_a_cell_short_by_itself_is_named() -> None:
    pool = [question(1, difficulty="hard"), question(2)]
    hard = Cell(None, "hard", 4)
    assert shortage((hard, Cell(1, "easy", 1)), pool) == [Shortage((hard,), 4, 1)]
    assert shortage((hard,), pool)[0].missing == 3


def test_cells_that_compete_for_the_same_questions_are_named_together() -> None:
    pool = [question(1, difficulty="hard"), question(2, difficulty="hard"), question(3, topic=2)]
    by_topic, by_level = Cell(1, None, 2), Cell(None, "hard", 1)
    assert shortage((by_topic, by_level, Cell(2, None, 1)), pool) == [
        Shortage((by_topic, by_level), 3, 2)
    ]


def test_enemies_count_once() -> None:
    pool = [question(n, enemies=("departure",)) for n in range(5)]
    assert shortage((Cell(None, None, 2),), pool) == [Shortage((Cell(None, None, 2),), 2, 1)]


def test_an_enemy_in_the_way_is_exchanged_for_its_rival() -> None:
    """The least used question of a group fits one cell only, but another cell needs the group."""
    pool = [
        question(1, topic=1, enemies=("x",)),
        question(2, topic=2, use_rank=5, enemies=("x",)),
        question(3, topic=1, use_rank=9),
    ]
    blueprint = (Cell(1, None, 1), Cell(2, None, 1))
    assert shortage(blueprint, pool) == []
    for number in range(20):
        assert set(draw(blueprint, pool, bytes([number])).revision_ids) == {1002, 1003}


def test_a_cell_may_ask_for_a_branch_of_topics() -> None:
    leaf = PoolItem(1, 11, topic_id=7, difficulty="easy", above=(2, 5))
    assert leaf.fits(Cell(5, None, 1))
    assert leaf.fits(Cell(2, "easy", 1))
    assert not leaf.fits(Cell(3, None, 1))


def test_seeds_of_different_papers_differ() -> None:
    assert derive_seed(b"s", "1", "23") != derive_seed(b"s", "12", "3")
    assert derive_seed(b"s", 7, 1) == derive_seed(b"s", 7, 1)


def test_different_seeds_spread_over_the_pool() -> None:
    pool = FrozenPool(question(n) for n in range(40))
    drawn = [
        revision_id
        for number in range(400)
        for revision_id in draw(
            (Cell(None, None, 10),), pool, derive_seed(b"x", number)
        ).revision_ids
    ]
    uses = [drawn.count(1000 + n) for n in range(40)]
    assert min(uses) > 60
    assert max(uses) < 140


def test_twenty_of_five_hundred_fill_every_cell_with_what_the_person_has_not_seen() -> None:
    pool = tuple(
        question(n, topic=n % 5, difficulty=LEVELS[n % 3], enemies=(f"g{n}",) if n % 9 else ())
        for n in range(500)
    )
    blueprint = tuple(Cell(topic, LEVELS[topic % 3], 4) for topic in range(5))
    seen = {0, 1, 2, 15, 16, 17}
    for number in range(40):
        chosen = items_of(draw(blueprint, pool, derive_seed(b"paper", number), seen), pool)
        assert not {item.question_id for item in chosen} & seen
        assert [sum(item.fits(cell) for item in chosen) for cell in blueprint] == [4] * 5
