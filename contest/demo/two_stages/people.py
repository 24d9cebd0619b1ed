"""Who takes part: judges of the season before and new ones, Minh and an author of each unit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from contest.accounts.actions import create_person, give_grant
from contest.accounts.models import Person, Unit
from contest.contests.models import (
    Round,
)
from contest.core.access import Role
from contest.core.db import db
from contest.demo.foundation import Foundation
from contest.demo.season import marking
from contest.judging import actions as judging
from contest.judging.models import Juror

JUDGES: Final = (
    ("giamkhao6", "Lê Xuân Thái"),
    ("giamkhao7", "Đinh Thị Mai Hương"),
    ("giamkhao8", "Bùi Quốc Việt"),
    ("giamkhao9", "Trương Mỹ Linh"),
)
_EARLIER: Final = ("giamkhao3", "giamkhao4", "giamkhao5")


def cast(base: Foundation, key: str) -> Person:
    """Somebody of the demo's cast."""
    return db.session.get_one(Person, base.people[key].id)


def _email(name: str) -> str:
    return f"{name}@lamson.vidu.example"


def known_judges() -> list[Person]:
    """Judges of the season before, who judge again."""
    emails = [_email(name) for name in _EARLIER]
    return list(db.session.scalars(select(Person).where(Person.email.in_(emails))))


def new_judges(base: Foundation, count: int, now: datetime, skip: int = 0) -> list[Person]:
    """So many judges after the first `skip`, with account and role."""
    found = []
    for name, full_name in JUDGES[skip : skip + count]:
        person = db.session.scalar(select(Person).where(Person.email == _email(name)))
        if person is None:
            person = create_person(
                full_name=full_name,
                email=_email(name),
                unit=db.session.get_one(Unit, base.units["LS-BTG"].id),
                is_demo=True,
                actor=None,
                now=now,
            )
            scope = db.session.get_one(Unit, base.units["LS"].id).scope
            give_grant(person=person, role=Role.JUDGE, scope=scope, actor=None, now=now)
        found.append(person)
    return found


def seat(
    base: Foundation, contest_round: Round, people: Sequence[Person], now: datetime
) -> list[Juror]:
    """Invite judges, the first as chief; all accept."""
    seats = []
    for place, person in enumerate(people):
        juror = judging.invite_juror(
            contest_round=contest_round,
            person=person,
            is_chief=place == 0,
            actor=base.actors["lan"],
            now=now,
        )
        judging.answer_invitation(
            contest_round=contest_round,
            juror=juror,
            accept=True,
            actor=marking.as_judge(person, contest_round),
            now=now + timedelta(hours=2 + place),
        )
        seats.append(juror)
    return seats
