"""The blueprint of the reports room, and what its pages are about."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import Blueprint, request

from contest.core.access import current_actor
from contest.core.clock import request_day
from contest.core.errors import NotFound
from contest.reports.forms import ReportForm
from contest.reports.models import Measure
from contest.reports.queries.facts import DatedBy
from contest.reports.queries.season import Asked
from contest.reports.queries.units import first_unit, reported_unit
from contest.reports.rules.branches import TreeView
from contest.reports.rules.periods import Period

blueprint: Final = Blueprint("reports", __name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for, the form that says so, and its arguments for other addresses."""

    asked: Asked
    form: ReportForm
    kept: dict[str, Any]


def wanted_measure(text: str) -> Measure:
    """The figure that an address names.

    Raises:
        NotFound: there is no such figure.
    """
    if text not in {each.value for each in Measure}:
        raise NotFound
    return Measure(text)


def wanted_report() -> Wanted:
    """What the address asks for; by default the own unit and the present year.

    Raises:
        NotFound: there is no such unit, or it is not theirs.
    """
    actor = current_actor()
    form = ReportForm(actor, formdata=request.args)
    good = form.validate()
    chosen = request.args.get("unit", "")
    unit = reported_unit(actor, chosen) if chosen else first_unit(actor)
    if unit is None:
        raise NotFound
    year = request_day().year
    first = (form.first.data if good else None) or date(year, 1, 1)
    last = (form.last.data if good else None) or date(year, 12, 31)
    if last < first:
        first, last = last, first
    form.unit.data, form.first.data, form.last.data = unit.public_id, first, last
    tree = TreeView.NOW if form.tree.data == TreeView.NOW.value else TreeView.THEN
    by = DatedBy.HONOURED if form.by.data == DatedBy.HONOURED.value else DatedBy.DECIDED
    kept = {
        "unit": unit.public_id,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "tree": tree.value,
        "by": by.value,
    }
    return Wanted(Asked(unit, Period(first, last), tree, by), form, kept)
