"""What every scenario stands on: a tree of its own, people, and rows written in bulk.

A scenario reproduces what one report says of a movement; its people and units are invented.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert

from contest.accounts.actions import NewPerson, create_people, create_unit
from contest.accounts.models import Person, Unit, UnitHeadcount, UnitKind, UnitTree
from contest.awards.queries.commendations import unit_book
from contest.awards.rules.unit_book import UnitBook
from contest.contests.models import Contest, Entry, Registration, RegistrationSource
from contest.contests.rules import new_registration_code
from contest.core.db import db, new_public_id
from contest.core.vietnamese import fold, name_sort_key
from contest.demo.fiction import person_name

BASE_NAMES: Final = (
    "Văn phòng",
    "Ban Tổ chức",
    "Ủy ban Kiểm tra",
    "Sở Tư pháp",
    "Sở Tài chính",
    "Sở Nội vụ",
    "Sở Y tế",
    "Sở Xây dựng",
    "Thanh tra",
    "Đài Phát thanh",
    "Báo",
    "Trường Chính trị",
)


@dataclass(frozen=True, slots=True)
class Ground:
    """The units of a scenario.

    Attributes:
        root: the unit that the report is about; its code is the scenario's name in capitals.
        bases: the units below.
        book: all units.
        chance: the same for the same scenario.
        now: when the scenario is loaded.
    """

    root: Unit
    bases: list[Unit]
    book: UnitBook
    chance: random.Random
    now: datetime


def lay(name: str, title: str, *, bases: int, now: datetime, headcount: int = 0) -> Ground:
    """The units of a scenario.

    Args:
        name: of the scenario.
        title: of its highest unit.
        bases: how many units stand below.
        now: the instant of the command.
        headcount: persons of the whole branch on 1 January 2016; none when 0.
    """
    root = _unit(name.upper(), title, UnitKind.PARTY_COMMITTEE, None, now)
    made = [
        _unit(
            f"{name.upper()}-{number:03d}",
            f"{_base_name(number)} – {title}",
            UnitKind.PARTY_CELL,
            root,
            now,
        )
        for number in range(1, bases + 1)
    ]
    if headcount:
        db.session.add(
            UnitHeadcount(unit_id=root.id, counted_on=date(2016, 1, 1), persons=headcount)
        )
    db.session.flush()
    chance = random.Random(name)  # noqa: S311  (fiction needs no secrecy)
    return Ground(root, made, unit_book(), chance, now)


def _base_name(number: int) -> str:
    round_, place = divmod(number - 1, len(BASE_NAMES))
    return BASE_NAMES[place] if not round_ else f"{BASE_NAMES[place]} {round_ + 1}"


def _unit(code: str, name: str, kind: UnitKind, parent: Unit | None, now: datetime) -> Unit:
    return create_unit(
        code=code, name=name, kind=kind, tree=UnitTree.PARTY, parent=parent, actor=None, now=now
    )


def crowd(ground: Ground, count: int) -> list[Person]:
    """So many people spread evenly over the units below."""
    people = [
        NewPerson(
            full_name=person_name(ground.chance), unit_id=ground.bases[n % len(ground.bases)].id
        )
        for n in range(count)
    ]
    return create_people(people=people, actor=None, now=ground.now, is_demo=True)


def register_people(
    ground: Ground, contest: Contest, people: Sequence[Person], at: datetime
) -> list[int]:
    """Register people for a contest; returns the keys of their registrations in order."""
    rows = [_registration(ground, contest, person, at) for person in people]
    return list(
        db.session.scalars(
            insert(Registration).returning(Registration.id, sort_by_parameter_order=True), rows
        )
    )


def _registration(ground: Ground, contest: Contest, person: Person, at: datetime) -> dict[str, Any]:
    unit_id = person.unit_id or ground.root.id
    path = ground.book.names(unit_id)
    return {
        "public_id": new_public_id(),
        "contest_id": contest.id,
        "person_id": person.id,
        "code": new_registration_code(),
        "full_name": person.full_name,
        "name_folded": fold(person.full_name),
        "sort_key": name_sort_key(person.full_name),
        "unit_id": unit_id,
        "unit_path": path,
        "unit_folded": fold(path),
        "unit_ids": ground.book.path(unit_id),
        "source": RegistrationSource.ROSTER,
        "registered_at": at,
    }


def enter(contest: Contest, registrations: Sequence[tuple[int, int]], at: datetime) -> list[int]:
    """Entries of (registration, ordinal); returns their keys in order."""
    rows = [
        {
            "public_id": new_public_id(),
            "contest_id": contest.id,
            "registration_id": registration_id,
            "ordinal": ordinal,
            "created_at": at,
        }
        for registration_id, ordinal in registrations
    ]
    return list(
        db.session.scalars(insert(Entry).returning(Entry.id, sort_by_parameter_order=True), rows)
    )
