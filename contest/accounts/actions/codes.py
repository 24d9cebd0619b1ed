"""One-time codes: issued to people, used once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, select, update

from contest.accounts.models import CodePurpose, Grant, OneTimeCode, Person, Scope, Unit
from contest.accounts.refusals import HasPassword, NotYoursToHelp, WrongCode
from contest.accounts.rules import code_digest, may_issue_code, new_code, print_code
from contest.core import audit
from contest.core.access import Actor, GrantLine
from contest.core.db import db

CODE_LASTS: Final = {
    CodePurpose.ACTIVATION: timedelta(days=60),
    CodePurpose.RESET: timedelta(days=2),
    CodePurpose.MAIL_RESET: timedelta(hours=1),
}
_PART: Final = 500


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code in clear, for printing now; it cannot be shown again."""

    person: Person
    code: str
    expires_at: datetime


def issue_codes(
    *,
    people: Sequence[Person],
    purpose: CodePurpose,
    batch: str,
    actor: Actor | None,
    now: datetime,
) -> list[IssuedCode]:
    """Issue one code for each person; older unused ones for the same purpose stop working.

    Args:
        people: who they are for.
        purpose: activation (no password yet) or a new password.
        batch: name of the sheet, at most 40 signs; empty for a single code.
        actor: who issues them; None for the server itself.
        now: the instant of the request.

    Raises:
        NotYoursToHelp: somebody is outside the actor's branch, or staff.
        HasPassword: an activation code for an account that is in use.
    """
    if not people:
        return []
    ids = [person.id for person in people]
    if purpose is CodePurpose.ACTIVATION and any(person.password_hash for person in people):
        raise HasPassword
    if actor is not None:
        _check_may_issue(people, actor)
    _withdraw(ids, purpose, now)
    expires_at = now + CODE_LASTS[purpose]
    issued = [IssuedCode(person, print_code(new_code()), expires_at) for person in people]
    db.session.execute(
        insert(OneTimeCode),
        [
            {
                "code_hash": code_digest(item.code),
                "purpose": purpose,
                "person_id": item.person.id,
                "batch": batch[:40],
                "issued_by_id": None if actor is None else actor.person_id,
                "issued_at": now,
                "expires_at": expires_at,
            }
            for item in issued
        ],
    )
    single = len(people) == 1
    audit.record(
        "accounts.codes_issued",
        actor=actor,
        now=now,
        subject=("person", ids[0]) if single else None,
        data={"purpose": purpose.value, "batch": batch[:40], "people": ids},
    )
    return issued


def _check_may_issue(people: Sequence[Person], actor: Actor) -> None:
    ids = [person.id for person in people]
    paths: dict[int, str] = {}
    lines: dict[int, list[GrantLine]] = {}
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        paths.update(
            (row.id, row.path)
            for row in db.session.execute(
                select(Person.id, Scope.path)
                .join(Unit, Unit.id == Person.unit_id)
                .join(Scope, Scope.id == Unit.scope_id)
                .where(Person.id.in_(part))
            )
        )
        for row in db.session.execute(
            select(Grant.person_id, Grant.role, Scope.path)
            .join(Scope, Scope.id == Grant.scope_id)
            .where(Grant.person_id.in_(part), Grant.ended_at.is_(None))
        ):
            lines.setdefault(row.person_id, []).append(GrantLine(row.role, row.path))
    root = db.session.scalar(select(Scope.path).where(Scope.parent_id.is_(None))) or "/"
    for person in people:
        if not may_issue_code(
            actor,
            person_scope_path=paths.get(person.id, root),
            grants=lines.get(person.id, ()),
            has_password=person.password_hash is not None,
        ):
            raise NotYoursToHelp


def _withdraw(person_ids: Sequence[int], purpose: CodePurpose, now: datetime) -> None:
    for start in range(0, len(person_ids), _PART):
        db.session.execute(
            update(OneTimeCode)
            .where(
                OneTimeCode.person_id.in_(person_ids[start : start + _PART]),
                OneTimeCode.purpose == purpose,
                OneTimeCode.used_at.is_(None),
                OneTimeCode.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now)
        )


def withdraw_codes(*, person: Person, now: datetime) -> None:
    """Make every code of a person useless: after a new password, a merge, a closed account."""
    for purpose in CodePurpose:
        _withdraw([person.id], purpose, now)


def claim_code(*, code: OneTimeCode, now: datetime) -> None:
    """Use a code; of two at once, one succeeds.

    Raises:
        WrongCode: it was used, withdrawn or has expired meanwhile.
    """
    claimed = db.session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.id == code.id,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.withdrawn_at.is_(None),
            OneTimeCode.expires_at > now,
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongCode
