"""Targets, and figures of older reports: typed in, taken away."""

from datetime import date, datetime

from sqlalchemy import select

from contest.accounts.models import Unit
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.reports.models import Measure, Qualifier, ReportedFigure, Target


def set_target(
    *,
    unit: Unit,
    measure: Measure,
    first: date,
    last: date,
    value: int,
    source: str,
    actor: Actor,
    now: datetime,
) -> Target:
    """Set what a unit shall reach in a period; the same again replaces the number.

    Args:
        unit: with its branch.
        measure: what is counted.
        first: day of the period.
        last: day of the period.
        value: a count, or thousandths for the participation rate.
        source: the plan it stands in.
        actor: who sets it.
        now: the instant of the request.
    """
    target = db.session.scalar(
        select(Target).where(
            Target.unit_id == unit.id,
            Target.measure == measure,
            Target.period_from == first,
            Target.period_to == last,
        )
    )
    if target is None:
        target = Target(
            unit_id=unit.id,
            measure=measure,
            period_from=first,
            period_to=last,
            value=value,
            source=source,
            created_by_id=actor.person_id,
            created_at=now,
        )
        db.session.add(target)
    else:
        target.value, target.source = value, source
    db.session.flush()
    _record("target_set", unit, measure, value, actor=actor, now=now)
    return target


def add_reported_figure(
    *,
    unit: Unit,
    measure: Measure,
    first: date,
    last: date,
    value: int,
    qualifier: Qualifier | None,
    source: str,
    actor: Actor,
    now: datetime,
) -> ReportedFigure:
    """Type in what an older report says; it is shown beside counted figures, never added.

    Args:
        unit: that the report speaks of.
        measure: what is counted.
        first: day of the period.
        last: day of the period.
        value: the number.
        qualifier: the word before it; None where it is exact.
        source: the report.
        actor: who types it in.
        now: the instant of the request.
    """
    figure = ReportedFigure(
        unit_id=unit.id,
        measure=measure,
        period_from=first,
        period_to=last,
        value=value,
        qualifier=qualifier,
        source=source,
        created_by_id=actor.person_id,
        created_at=now,
    )
    db.session.add(figure)
    db.session.flush()
    _record("figure_added", unit, measure, value, actor=actor, now=now)
    return figure


def _record(
    what: str, unit: Unit, measure: Measure, value: int, *, actor: Actor, now: datetime
) -> None:
    audit.record(
        f"reports.{what}",
        actor=actor,
        now=now,
        subject=("unit", unit.id),
        scope_id=unit.scope_id,
        data={"measure": measure.value, "value": value},
    )
