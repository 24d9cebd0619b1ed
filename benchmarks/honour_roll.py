"""The search of the honour roll over 50,000 names, as everybody may ask it."""

import statistics
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import insert, text

from benchmarks import Figure, benchmark, measured
from benchmarks._quiz import Place, in_each_database
from contest.accounts.actions import create_unit
from contest.accounts.models import UnitKind, UnitTree
from contest.awards.models import HonourProfile
from contest.awards.queries.honours import RollFilter, roll_page
from contest.core.db import db, new_public_id
from contest.core.transactions import end_read, unit_of_work
from contest.core.vietnamese import fold, name_sort_key

NAMES: Final = 50_000
TURNS: Final = 9
NOW: Final = datetime(2026, 9, 2, tzinfo=UTC)
_FAMILIES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Đỗ", "Hoàng", "Vũ", "Đặng", "Bùi", "Hồ")
_MIDDLES: Final = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thanh", "Quang", "Hồng")
_GIVEN: Final = ("An", "Bình", "Chi", "Dũng", "Đạt", "Hà", "Hải", "Lan", "Mai", "Nam", "Tuyết")
_ASKED: Final = (
    RollFilter(),
    RollFilter(text="bach tuyet"),
    RollFilter(text="nguyen duc dat"),
    RollFilter(text="khong ai co ten nay"),
    RollFilter(text="ha", year=2021, level="city"),
    RollFilter(theme="Dân vận khéo"),
)


@benchmark("honour_roll")
def honour_roll() -> Iterator[Figure]:
    """50,000 names: searches without marks and filters, page by page, on both databases."""
    for place in in_each_database():
        yield from _figures(place)


def _figures(place: Place) -> Iterator[Figure]:
    _fill(place)
    slowest = 0.0
    for asked in _ASKED:
        times = []
        for _turn in range(TURNS):
            with measured() as span:
                roll_page(asked)
            end_read()
            times.append(span.wall * 1000)
        slowest = max(slowest, statistics.median(times))
    yield Figure(
        "the slowest of six searches, median", slowest, "ms", at_most=50.0, database=place.kind
    )


def _fill(place: Place) -> None:
    with unit_of_work():
        unit = create_unit(
            code="LS",
            name="Tỉnh Lâm Sơn",
            kind=UnitKind.ADMINISTRATIVE,
            tree=UnitTree.ADMINISTRATIVE,
            parent=None,
            actor=None,
            now=NOW,
        )
        db.session.execute(insert(HonourProfile), [_row(n, unit.id) for n in range(NAMES)])
    if place.kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum does after so many rows


def _row(n: int, unit_id: int) -> dict[str, object]:
    name = f"{_FAMILIES[n % 10]} {_MIDDLES[n % 8]} {_GIVEN[n % 11]} {n // 880}"
    if n % 400 == 0:
        name = f"Lê Thị Bạch Tuyết {n}"
    place = f"Chi bộ {n % 900}, Đảng ủy xã {n % 300}"
    theme = ("Học tập và làm theo Bác", "Dân vận khéo")[n % 40 == 0]
    return {
        "public_id": new_public_id(),
        "register_unit_id": unit_id,
        "recipient_kind": "individual",
        "full_name": name,
        "search_folded": fold(f"{name} {place}"),
        "sort_key": name_sort_key(name),
        "unit_id": unit_id,
        "unit_name": place,
        "unit_ids": f"/{unit_id}/",
        "theme": theme,
        "theme_folded": fold(theme),
        "level": ("base", "city")[n % 9 == 0],
        "year": 2016 + n % 10,
        "name_agreed_at": NOW,
        "published_at": NOW,
        "created_at": NOW,
    }
