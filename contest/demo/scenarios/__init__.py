"""Scenarios: what the reports of other systems say, as rows that our report must count alike."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from contest.accounts.actions import ensure_system_scope
from contest.accounts.models import Person, Unit
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.core.transactions import unit_of_work
from contest.demo.scenarios import contests, records
from contest.demo.seed import RealPeople
from contest.reports.tasks import rebuild_counts

SCENARIOS: Final[dict[str, tuple[Callable[[datetime], None], date, date]]] = {
    "s0-essays": (contests.essays, date(2016, 5, 1), date(2019, 9, 30)),
    "s0-commendations": (records.s0_commendations, date(2016, 5, 1), date(2019, 9, 30)),
    "s0-projects": (records.s0_projects, date(2016, 5, 1), date(2019, 9, 30)),
    "s1-contests": (contests.contests, date(2016, 5, 1), date(2020, 6, 30)),
    "s1-commendations": (records.s1_commendations, date(2016, 5, 1), date(2020, 6, 30)),
    "s2-models": (records.s2_models, date(2021, 1, 1), date(2022, 12, 31)),
    "s2-awards": (records.s2_awards, date(2022, 1, 1), date(2022, 12, 31)),
    "s4-models": (records.s4_models, date(2021, 5, 1), date(2024, 5, 31)),
}
"""What loads each one, and the first and last day that its report speaks of."""


class ScenarioThere(RuleBroken):
    """The scenario was loaded before."""

    message = _l("This scenario is in the database already.")


def load(name: str, *, now: datetime) -> list[str]:
    """Load the rows of a scenario and prepare its counts.

    Args:
        name: a key of `SCENARIOS`.
        now: the instant of the command.

    Returns:
        Lines to show: the command that reads its report.

    Raises:
        RealPeople: somebody in the database is not from a seed.
        ScenarioThere: it was loaded before.
    """
    make, first, last = SCENARIOS[name]
    code = name.upper()
    with unit_of_work():
        if db.session.scalar(select(Person.id).where(Person.is_demo.is_(False)).limit(1)):
            raise RealPeople
        if db.session.scalar(select(Unit.id).where(Unit.code == code)):
            raise ScenarioThere
        ensure_system_scope()
        make(now)
    rebuild_counts(now=utc_now())
    return [f"flask season-report --unit {code} --from {first} --to {last} --json"]
