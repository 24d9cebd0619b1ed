"""A province of the size that there is: three thousand units and more, written at once."""

from datetime import date
from itertools import count
from typing import Final

from sqlalchemy import func, insert, select

from contest.accounts.models import Scope, ScopeKind, Unit, UnitKind, UnitTree
from contest.core.db import db, new_public_id
from contest.core.vietnamese import fold, text_sort_key

WARDS: Final = (
    "Xuân Hoà",
    "Đông Triều",
    "Nghĩa Lộ",
    "Hoà Bình",
    "Tân An",
    "Đức Thắng",
    "Ea Súp",
    "Lộc Vừng",
)
CELLS: Final = "Chi đoàn Trung tâm Phục vụ hành chính công và Dịch vụ sự nghiệp tổng hợp số"


def grow_province(top: Unit, units: int) -> None:
    """Add `units` units below `top`: wards, and in each of them its cells with long names.

    In the present transaction; ids are given by hand, above all there are.
    """
    numbers = count((db.session.scalar(select(func.max(Scope.id))) or 0) + 1)
    unit_numbers = count((db.session.scalar(select(func.max(Unit.id))) or 0) + 1)
    scopes: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []

    def add(
        code: str, name: str, kind: UnitKind, parent: tuple[int, int, str]
    ) -> tuple[int, int, str]:
        scope_id, unit_id = next(numbers), next(unit_numbers)
        path = f"{parent[2]}{scope_id}/"
        scopes.append(
            {"id": scope_id, "kind": ScopeKind.UNIT, "parent_id": parent[1], "path": path}
        )
        rows.append(
            {
                "id": unit_id,
                "public_id": new_public_id(),
                "code": code,
                "name": name,
                "name_folded": fold(name),
                "sort_key": text_sort_key(name),
                "kind": kind,
                "tree": UnitTree.ADMINISTRATIVE,
                "parent_id": parent[0],
                "scope_id": scope_id,
                "valid_from": date(2025, 7, 1),
            }
        )
        return unit_id, scope_id, path

    root = (top.id, top.scope_id, top.scope.path)
    ward = root
    for number in range(units):
        place, cell = divmod(number, 50)
        if cell == 0:
            name = WARDS[place % len(WARDS)]
            name = name if place < len(WARDS) else f"{name} {place}"
            ward = add(f"{top.code}-P{place}", f"Phường {name}", UnitKind.ADMINISTRATIVE, root)
        else:
            add(f"{top.code}-P{place}-C{cell}", f"{CELLS} {cell}", UnitKind.PARTY_CELL, ward)
    db.session.execute(insert(Scope), scopes)
    db.session.execute(insert(Unit), rows)
    if db.engine.dialect.name == "postgresql":
        for table in (Scope.__tablename__, Unit.__tablename__):
            sequence = func.pg_get_serial_sequence(table, "id")
            db.session.execute(select(func.setval(sequence, 1_000_000)))
