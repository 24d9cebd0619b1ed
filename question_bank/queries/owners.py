"""Who answers for a bank, who may, and who did before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select

from contest.accounts.models import Grant, Person, Scope
from contest.core.access import ROLE_PERMISSIONS, Permission, Role
from contest.core.audit import AuditEvent
from contest.core.db import contains_folded, db
from contest.core.vietnamese import fold, one_line
from question_bank.models import Bank
from question_bank.queries.questions import person_names

OWNER_CHANGED: Final = "question_bank.owner_changed"
MOST_FOUND: Final = 20
_MAY_ANSWER: Final = tuple(
    role for role, held in ROLE_PERMISSIONS.items() if Permission.WRITE_QUESTIONS in held
)


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A person who may answer for a bank, with the roles that let them."""

    person: Person
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """A hand-over: from whom (empty: from nobody) to whom, by whom, when and why."""

    before: str
    after: str
    by: str
    at: datetime
    reason: str


def staff_of_bank(bank: Bank, text: str = "") -> list[StaffLine]:
    """Return up to twenty people who write questions of this bank, by words of their names.

    Their role is on the bank, on its unit, or on a unit above.
    """
    statement = _staff(bank)
    if text:
        statement = statement.where(contains_folded(Person.name_folded, fold(one_line(text))))
    rows = db.session.execute(statement.order_by(Person.sort_key, Person.id)).all()
    roles: dict[int, list[Role]] = {}
    people: dict[int, Person] = {}
    for person, role in rows:
        people[person.id] = person
        if role not in roles.setdefault(person.id, []):
            roles[person.id].append(role)
    return [StaffLine(people[key], tuple(held)) for key, held in list(roles.items())[:MOST_FOUND]]


def staff_member(bank: Bank, public_id: str) -> Person | None:
    """Return a person who may answer for this bank, or None."""
    row = db.session.execute(_staff(bank).where(Person.public_id == public_id)).first()
    return None if row is None else row[0]


def _staff(bank: Bank) -> Select[Person, Role]:
    above = bank.scope.path.strip("/").split("/")
    return (
        select(Person, Grant.role)
        .join(Grant, Grant.person_id == Person.id)
        .join(Scope, Scope.id == Grant.scope_id)
        .where(
            Grant.ended_at.is_(None),
            Grant.role.in_(_MAY_ANSWER),
            Person.erased_at.is_(None),
            Scope.path.in_(["/" + "/".join(above[: n + 1]) + "/" for n in range(len(above))]),
        )
    )


def owner_history(bank_id: int) -> Sequence[OwnerLine]:
    """Return the hand-overs of a bank, the latest first."""
    events = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_kind == "bank",
            AuditEvent.subject_id == bank_id,
            AuditEvent.kind == OWNER_CHANGED,
        )
        .order_by(AuditEvent.id.desc())
    ).all()
    named = {event.data.get(side) for event in events for side in ("before", "after")}
    names = person_names(named | {event.actor_id for event in events})
    return [
        OwnerLine(
            names.get(event.data.get("before") or 0, ""),
            names.get(event.data.get("after") or 0, ""),
            names.get(event.actor_id or 0, ""),
            event.happened_at,
            (event.personal or {}).get("reason", ""),
        )
        for event in events
    ]
