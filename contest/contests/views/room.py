"""The room's blueprint, and what its views share: loading, the wizard's line, going on."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import UnitRange, units_where
from contest.contests.actions import leave_wizard_at
from contest.contests.kinds import ReadinessItem, rank_key
from contest.contests.models import Contest
from contest.contests.steps import next_step, wizard_steps
from contest.contests.steps import step as step_of
from contest.core.access import Permission, current_actor
from contest.core.clock import request_day
from contest.core.errors import NotFound

blueprint: Final = Blueprint("contests", __name__)


def go_on(contest: Contest, code: str) -> ResponseReturnValue:
    """After a step is saved: a draft goes to the next step, an announced contest stays."""
    following = next_step(code) if contest.announced_at is None else None
    step = following or step_of(code)
    if step is None:
        raise NotFound
    if following is not None:
        leave_wizard_at(contest=contest, step=following.code)
    return redirect(url_for(step.endpoint, **step.values(contest)))


def wizard_items(contest: Contest | None, current: str) -> list[dict[str, Any]]:
    """The steps as the macro draws them; only the first is open before the contest exists."""
    items = []
    for step in wizard_steps():
        if contest is not None and step.code != current and not step.applies(contest):
            continue
        if contest is None:
            href = url_for("contests.new_contest") if step.code == "basics" else ""
            state = "now" if step.code == current else "todo"
        else:
            href = url_for(step.endpoint, **step.values(contest))
            state = "done" if step.is_done(contest) else "todo"
            state = "now" if step.code == current else state
        items.append({"label": str(step.label), "href": href, "state": state})
    return items


def units_to_run() -> UnitRange:
    """The units whose contests this person may run."""
    return units_where(current_actor(), Permission.MANAGE_CONTEST, on=request_day())


def units_to_take_part(contest: Contest) -> UnitRange:
    """The units from which people of a contest may come."""
    if contest.open_to_all_units:
        return UnitRange(None, request_day())
    return UnitRange(
        tuple(branch.unit.scope.path for branch in contest.eligible_units), request_day()
    )


def readiness_rows(items: Sequence[ReadinessItem]) -> list[dict[str, Any]]:
    """A readiness list as the macro draws it, with addresses."""
    return [
        {
            "ok": item.ok,
            # What is missing says what is wrong; what is done says what it was.
            "text": str(item.label if item.ok or not item.detail else item.detail),
            "detail": str(item.detail) if item.ok else "",
            "href": url_for(item.endpoint, **item.values) if item.endpoint else "",
            "action": str(item.action),
        }
        for item in items
    ]


def rank_key_label(code: str) -> str:
    """The name of a ranking key, or its code when no room knows it any more."""
    known = rank_key(code)
    return code if known is None else str(known.label)
