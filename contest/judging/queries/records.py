"""What is printed about a marking: decisions of people with their minutes, and a judge's sheets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, select

from contest.accounts.models import Person
from contest.core.db import db
from contest.judging.models import Juror, MarkSheet, Resolution, ResolutionMethod, SheetState
from contest.judging.queries.exports import ExportedSheet, exported_sheets
from contest.judging.queries.rounds import round_codes
from contest.judging.rules.fairness import DECIDED


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A mark that people decided, with its minutes.

    Attributes:
        judges: who had marked the work, and what they gave.
        before: the mark that stood before, where a check made people look again; else None.
    """

    code: str
    method: ResolutionMethod
    points: Decimal
    difference: str
    before: Decimal | None
    minutes: str
    present: tuple[str, ...]
    judges: tuple[tuple[str, Decimal | None], ...]
    decided_by: str
    decided_at: datetime


def decisions(round_id: int, work_id: int | None = None) -> list[DecisionRecord]:
    """Decisions of people on a round's works, or on one work, by code and time."""
    statement = (
        select(Resolution, Person.full_name)
        .outerjoin(Person, Person.id == Resolution.decided_by_id)
        .where(Resolution.round_id == round_id, Resolution.method.in_(DECIDED))
        .order_by(Resolution.decided_at, Resolution.id)
    )
    if work_id is not None:
        statement = statement.where(Resolution.work_id == work_id)
    rows = db.session.execute(statement).all()
    codes = round_codes(round_id)
    given = _given(round_id, {row[0].work_id for row in rows})
    found = [
        _decision(resolution, name or "", codes, given.get(resolution.work_id, ()))
        for resolution, name in rows
    ]
    return sorted(found, key=lambda each: (each.code, each.decided_at))


def has_decisions(round_id: int) -> bool:
    """Whether people decided a mark of the round, so that there are minutes to print."""
    asked = exists().where(Resolution.round_id == round_id, Resolution.method.in_(DECIDED))
    return bool(db.session.scalar(select(asked)))


def _decision(
    resolution: Resolution,
    decided_by: str,
    codes: dict[int, str],
    judges: Sequence[tuple[str, Decimal | None]],
) -> DecisionRecord:
    detail = resolution.detail
    return DecisionRecord(
        codes.get(resolution.work_id, "–"),
        resolution.method,
        resolution.points,
        str(detail.get("difference", "")),
        Decimal(str(detail["before"])) if detail.get("before") else None,
        str(detail.get("minutes", "")),
        tuple(str(name) for name in detail.get("present", ())),
        tuple(judges),
        decided_by,
        resolution.decided_at,
    )


def _given(round_id: int, work_ids: Collection[int]) -> dict[int, list[tuple[str, Decimal | None]]]:
    rows = db.session.execute(
        select(MarkSheet.work_id, Person.full_name, MarkSheet.total)
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .join(Person, Person.id == Juror.person_id)
        .where(
            MarkSheet.round_id == round_id,
            MarkSheet.work_id.in_(work_ids),
            MarkSheet.state == SheetState.DONE,
        )
        .order_by(MarkSheet.work_id, MarkSheet.marking, MarkSheet.id)
    )
    found: dict[int, list[tuple[str, Decimal | None]]] = {}
    for work_id, name, total in rows:
        found.setdefault(work_id, []).append((name, total))
    return found


def finished_sheets(juror: Juror) -> list[ExportedSheet]:
    """The finished sheets of a judge, by code."""
    work_ids = list(
        db.session.scalars(
            select(MarkSheet.work_id).where(
                MarkSheet.juror_id == juror.id, MarkSheet.state == SheetState.DONE
            )
        )
    )
    return [
        each
        for each in exported_sheets(juror.round_id, work_ids)
        if each.juror_id == juror.id and each.state is SheetState.DONE
    ]
