"""Activation codes for people whom rosters brought, as sheets for each unit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.actions import IssuedCode, issue_codes
from contest.accounts.models import CodePurpose, Grant, Unit
from contest.accounts.rules import may_issue_code
from contest.contests.models import (
    Contest,
    Registration,
)
from contest.contests.queries.rosters import (
    registrations_waiting_for_codes,
)
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db


@dataclass(frozen=True, slots=True)
class CodeSlip:
    """What is printed for one person; the code cannot be shown again."""

    registration: Registration
    issued: IssuedCode


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """The A4 sheet of one unit."""

    unit_path: str
    slips: tuple[CodeSlip, ...]


def issue_roster_codes(
    *, contest: Contest, unit: Unit | None, actor: Actor, now: datetime
) -> tuple[list[CodeSheet], int]:
    """Issue activation codes for people who came by roster and have no password yet.

    Earlier unused codes of the same people stop working. People whom the actor may not help
    (of another organisation, or staff) are left out.

    Args:
        contest: whose people.
        unit: only its people; None = all.
        actor: who prints the sheets.
        now: the instant of the request.

    Returns:
        The sheets in the order of the units, and how many people were left out.
    """
    waiting = registrations_waiting_for_codes(contest, unit)
    staff = set(
        db.session.scalars(select(Grant.person_id).where(Grant.ended_at.is_(None)).distinct())
    )
    mine = [
        registration
        for registration, scope_path in waiting
        if registration.person_id not in staff
        and may_issue_code(
            actor, person_scope_path=scope_path or "/", grants=(), has_password=False
        )
    ]
    issued = issue_codes(
        people=[each.person for each in mine],
        purpose=CodePurpose.ACTIVATION,
        batch=f"{contest.slug[:26]} {now.astimezone(LOCAL_ZONE):%d%m%y %H%M}",
        actor=actor,
        now=now,
    )
    sheets: dict[str, list[CodeSlip]] = {}
    for registration, code in zip(mine, issued, strict=True):
        sheets.setdefault(registration.unit_path, []).append(CodeSlip(registration, code))
    made = [CodeSheet(path, tuple(slips)) for path, slips in sheets.items()]
    return made, len(waiting) - len(mine)
