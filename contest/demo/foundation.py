"""What every seed stands on: units, the cast with their roles, and the sample question bank."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from contest.accounts.actions import create_person, create_unit, ensure_system_scope, give_grant
from contest.accounts.models import Person, Scope, Unit, UnitHeadcount
from contest.config import PROJECT_ROOT
from contest.contests import actions as contests
from contest.contests.models import Contest
from contest.core.access import Actor, GrantLine, Role
from contest.core.db import db
from contest.core.vietnamese import DatePrecision, PartialDate
from contest.demo import texts
from contest.demo.fiction import TREE, UNITS
from question_bank import actions as bank_actions
from question_bank.models import Bank

SAMPLE: Final = PROJECT_ROOT / "question_bank" / "sample" / "questions.csv"
BANK_SLUG: Final = "tim-hieu-hcm"
COUNTED_ON: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class CastMember:
    """A person with a fixed part in every seed and every test.

    Attributes:
        part: what they are, for the list of sign-ins.
        unit: code of their own unit.
        roles: role and the code of the unit on which it is held ("" = the whole platform).
    """

    part: str
    full_name: str
    email: str
    phone: str
    unit: str
    birth: date
    roles: tuple[tuple[Role, str], ...] = ()


CAST: Final = {
    "lan": CastMember(
        "Organiser",
        "Trần Thị Ngọc Lan",
        "lan@lamson.vidu.example",
        "+84905000001",
        "LS-BTG",
        date(1984, 3, 12),
        ((Role.ORGANISER, "LS"),),
    ),
    "minh": CastMember(
        "Contestant",
        "Lê Nguyễn Quang Minh",
        "minh@lamson.vidu.example",
        "+84905000002",
        "LS-XH-01",
        date(1996, 8, 2),
    ),
    "hoa": CastMember(
        "Judge",
        "Nguyễn Thị Hoa",
        "hoa@lamson.vidu.example",
        "+84905000003",
        "LS-XH-02",
        date(1979, 10, 20),
        ((Role.JUDGE, "LS"),),
    ),
    "tu": CastMember(
        "Judge with a conflict",
        "Phạm Anh Tú",
        "tu@lamson.vidu.example",
        "+84905000004",
        "LS-BL-01",
        date(1975, 1, 30),
        ((Role.JUDGE, "LS"),),
    ),
    "thu": CastMember(
        "Secretary",
        "Võ Hoài Thư",
        "thu@lamson.vidu.example",
        "+84905000005",
        "LS-BTG",
        date(1990, 6, 6),
        ((Role.SECRETARY, "LS"),),
    ),
    "dao": CastMember(
        "Question author",
        "Đỗ Thị Bích Đào",
        "dao@lamson.vidu.example",
        "+84905000006",
        "LS-DM-01",
        date(1988, 11, 19),
        ((Role.QUESTION_AUTHOR, "LS"),),
    ),
    "phuc": CastMember(
        "Question reviewer",
        "Hoàng Hữu Phúc",
        "phuc@lamson.vidu.example",
        "+84905000007",
        "LS-BTG",
        date(1981, 2, 27),
        ((Role.QUESTION_REVIEWER, "LS"),),
    ),
    "nhung": CastMember(
        "Unit coordinator",
        "H’Nhung Niê",
        "nhung@lamson.vidu.example",
        "+84905000008",
        "LS-XH",
        date(1992, 4, 15),
        ((Role.UNIT_COORDINATOR, "LS-XH"),),
    ),
    "nga": CastMember(
        "Auditor",
        "Trịnh Thu Nga",
        "nga@lamson.vidu.example",
        "+84905000013",
        "LS-BTG",
        date(1977, 4, 3),
        ((Role.AUDITOR, "LS"),),
    ),
    "son": CastMember(
        "Administrator",
        "Đặng Thái Sơn",
        "son@lamson.vidu.example",
        "+84905000009",
        "LS-BTG",
        date(1986, 7, 8),
        ((Role.ADMINISTRATOR, ""),),
    ),
    "an": CastMember(
        "Stranger",
        "Ngô An",
        "an@vanloc.vidu.example",
        "+84905000010",
        "VL-02",
        date(1999, 12, 1),
    ),
    "bao": CastMember(
        "Other organisation",
        "Bùi Gia Bảo",
        "bao@vanloc.vidu.example",
        "+84905000011",
        "VL-01",
        date(1983, 5, 25),
        ((Role.ORGANISER, "VL"),),
    ),
}


@dataclass(frozen=True, slots=True)
class Foundation:
    """What was laid: units by code, the cast by name, the bank."""

    units: dict[str, Unit]
    people: dict[str, Person]
    actors: dict[str, Actor]
    bank: Bank


def found() -> Foundation | None:
    """What an earlier seed laid in this database, or None."""
    bank = db.session.scalar(select(Bank).where(Bank.slug == BANK_SLUG))
    if bank is None:
        return None
    system = ensure_system_scope()
    units = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    by_email = {
        person.email: person for person in db.session.scalars(select(Person)) if person.email
    }
    people = {key: by_email[member.email] for key, member in CAST.items()}
    actors = {key: _actor(people[key], member, units, system) for key, member in CAST.items()}
    return Foundation(units, people, actors, bank)


def lay(*, passwords: dict[str, str], now: datetime) -> Foundation:
    """Make units, cast and bank in the present unit of work.

    Args:
        passwords: of the cast, by key.
        now: when all this came to be.
    """
    system = ensure_system_scope()
    units = _units(now)
    people: dict[str, Person] = {}
    actors: dict[str, Actor] = {}
    for key, member in CAST.items():
        person = create_person(
            full_name=member.full_name,
            email=member.email,
            phone=member.phone,
            birth=PartialDate(member.birth, DatePrecision.DAY),
            unit=units[member.unit],
            password=passwords[key],
            is_demo=True,
            actor=None,
            now=now,
        )
        for role, code in member.roles:
            scope = units[code].scope if code else system
            give_grant(person=person, role=role, scope=scope, actor=None, now=now)
        people[key] = person
        actors[key] = _actor(person, member, units, system)
    bank = bank_actions.create_bank(
        name="Tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        slug=BANK_SLUG,
        unit_id=units["LS-BTG"].id,
        unit_scope=units["LS-BTG"].scope,
        actor=actors["lan"],
        now=now,
    )
    bank_actions.import_file(
        bank=bank,
        content=SAMPLE.read_bytes(),
        file_name=SAMPLE.name,
        approve=True,
        actor=actors["lan"],
        now=now,
    )
    return Foundation(units, people, actors, bank)


def _units(now: datetime) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for each in UNITS:
        unit = create_unit(
            code=each.code,
            name=each.name,
            kind=each.kind,
            tree=TREE,
            parent=units[each.parent] if each.parent else None,
            valid_from=date(2025, 7, 1),
            actor=None,
            now=now,
        )
        units[each.code] = unit
        db.session.add(
            UnitHeadcount(unit_id=unit.id, counted_on=COUNTED_ON, persons=each.headcount)
        )
    db.session.flush()
    return units


def _actor(person: Person, member: CastMember, units: dict[str, Unit], system: Scope) -> Actor:
    return Actor(
        person_id=person.id,
        public_id=person.public_id,
        full_name=person.full_name,
        locale="vi",
        sign_in_id=0,
        second_factor=False,
        grants=tuple(
            GrantLine(role, units[code].scope.path if code else system.path)
            for role, code in member.roles
        ),
    )


def open_to_the_province(
    base: Foundation, contest: Contest, *, one_prize_per_person: bool, now: datetime
) -> None:
    """Let everybody of the province from fourteen years take part, and write the rules."""
    lan = base.actors["lan"]
    contests.edit_audience(
        contest=contest,
        min_age=14,
        max_age=None,
        units=[db.session.get_one(Unit, base.units["LS"].id)],
        self_registration=True,
        exclude_staff=True,
        one_prize_per_person=one_prize_per_person,
        audience=texts.AUDIENCE,
        actor=lan,
        now=now,
    )
    contests.edit_rules_text(contest=contest, rules_text=texts.RULES, actor=lan, now=now)
    contests.leave_wizard_at(contest=contest, step="announce")
