"""The people of the stories, each with a fixed meaning, and the units they belong to.

    Lâm Sơn (province)                  Sông Trà (another province)
    ├── Ban Tuyên giáo và Dân vận       └── Trường THPT Sông Trà
    └── Phường Xuân Hương
        └── Trường THCS Nguyễn Trãi

- Lan organises for Lâm Sơn; Minh, a teacher, takes part; Hoa judges; Tú judges too and has a
  conflict, being of Minh's own school; An is a stranger without any role; Bảo organises for Sông
  Trà, another organisation; Cúc coordinates Phường Xuân Hương; Admin looks after the platform.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask.testing import FlaskClient

from contest.accounts.actions import (
    create_person,
    create_unit,
    ensure_system_scope,
    give_grant,
    open_sign_in,
)
from contest.accounts.models import Person, Unit, UnitKind, UnitTree
from contest.accounts.queries import load_actor
from contest.accounts.rules import hash_password
from contest.core.access import Actor, Role
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate

PASSWORD: Final = "mot-con-vit-xoe-ra"
_HASH: Final = hash_password(PASSWORD)


@dataclass(frozen=True, slots=True)
class Cast:
    """Units and people; keep the keys, since objects belong to the session that made them."""

    province: Unit
    board: Unit
    ward: Unit
    school: Unit
    other_province: Unit
    other_school: Unit
    admin: Person
    lan: Person
    minh: Person
    hoa: Person
    tu: Person
    an: Person
    bao: Person
    cuc: Person


def _unit(code: str, name: str, kind: UnitKind, parent: Unit | None, now: datetime) -> Unit:
    return create_unit(
        code=code,
        name=name,
        kind=kind,
        tree=UnitTree.ADMINISTRATIVE,
        parent=parent,
        actor=None,
        now=now,
        valid_from=date(2025, 7, 1),
    )


def _person(name: str, phone: str, unit: Unit | None, born: date, now: datetime) -> Person:
    short = phone.removeprefix("+849")
    return create_person(
        full_name=name,
        phone=phone,
        email=f"nguoi{short}@vi-du.example",
        birth=PartialDate(born, DatePrecision.DAY),
        unit=unit,
        password_hash=_HASH,
        actor=None,
        now=now,
    )


def make_cast(now: datetime) -> Cast:
    """Write the cast into the present transaction."""
    area = UnitKind.ADMINISTRATIVE
    province = _unit("LS", "Tỉnh Lâm Sơn", area, None, now)
    board = _unit("LS-BTG", "Ban Tuyên giáo và Dân vận", UnitKind.AGENCY, province, now)
    ward = _unit("LS-XH", "Phường Xuân Hương", area, province, now)
    school = _unit("LS-XH-NT", "Trường THCS Nguyễn Trãi", UnitKind.SCHOOL, ward, now)
    other = _unit("ST", "Tỉnh Sông Trà", area, None, now)
    other_school = _unit("ST-THPT", "Trường THPT Sông Trà", UnitKind.SCHOOL, other, now)
    cast = Cast(
        province=province,
        board=board,
        ward=ward,
        school=school,
        other_province=other,
        other_school=other_school,
        admin=_person("Hồ Quản Trị", "+84900000001", None, date(1980, 1, 1), now),
        lan=_person("Trần Thị Ngọc Lan", "+84900000002", board, date(1985, 3, 8), now),
        minh=_person("Nguyễn Văn Minh", "+84900000003", school, date(1990, 5, 19), now),
        hoa=_person("Lê Thị Hoa", "+84900000004", board, date(1975, 9, 2), now),
        tu=_person("Phạm Anh Tú", "+84900000005", school, date(1982, 12, 22), now),
        an=_person("Đỗ An", "+84900000006", other_school, date(2000, 2, 29), now),
        bao=_person("Vũ Quốc Bảo", "+84900000007", other, date(1978, 4, 30), now),
        cuc=_person("H'Cúc Niê", "+84900000008", ward, date(1988, 10, 20), now),
    )
    roles = (
        (cast.admin, Role.ADMINISTRATOR, ensure_system_scope()),
        (cast.lan, Role.ORGANISER, province.scope),
        (cast.hoa, Role.JUDGE, province.scope),
        (cast.tu, Role.JUDGE, province.scope),
        (cast.bao, Role.ORGANISER, other.scope),
        (cast.cuc, Role.UNIT_COORDINATOR, ward.scope),
    )
    for person, role, scope in roles:
        give_grant(person=person, role=role, scope=scope, actor=None, now=now)
    return cast


def committed_cast(now: datetime) -> Cast:
    """The cast in the database, committed; its objects are detached but loaded."""
    with unit_of_work():
        return make_cast(now)


def actor_of(person: Person, now: datetime, *, second_factor: bool = False) -> Actor:
    """The person as the one who asks, signed in at `now`; writes in the present transaction."""
    db.session.flush()
    token = open_sign_in(
        person=person, device="test", address="192.0.2.1", now=now, second_factor=second_factor
    )
    actor = load_actor(token, now)
    assert actor is not None
    return actor


def sign_in_as(client: FlaskClient, person: Person, *, second_factor: bool = True) -> str:
    """Put a live sign-in into a client's cookie, without the page; returns the token.

    Requests take their time from the clock, and so does this.
    """
    now = utc_now()
    with client.application.app_context(), unit_of_work():
        token = open_sign_in(
            person=person,
            device="Chrome, Android",
            address="192.0.2.1",
            now=now,
            second_factor=second_factor,
        )
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return token
