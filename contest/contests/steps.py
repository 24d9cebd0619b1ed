"""The steps of the wizard: each is a form and an action of its own room, registered here.

A started wizard is a draft contest (`announced_at` empty) that can be left and resumed; the
frame (portal) draws the steps from this registry and never knows their forms.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contest.contests.models import Contest
from contest.core.errors import Words


def _always(contest: Contest) -> bool:
    del contest
    return True


def _only_slug(contest: Contest) -> dict[str, Any]:
    return {"slug": contest.slug}


@dataclass(frozen=True, slots=True)
class WizardStep:
    """A step: its name, its page, its place, and when it counts as done.

    Attributes:
        code: basics, audience, divisions, rounds, questions, prizes, rules, announce.
        label: words for the list of steps.
        endpoint: the page of the step.
        order: smaller comes first (basics 10 … announce 90).
        is_done: whether a contest has what this step asks for.
        values: arguments of the page's address; the slug alone when not said otherwise.
        optional: a contest can be announced without it.
        applies: whether a contest has this step at all; the list leaves others out.
    """

    code: str
    label: Words
    endpoint: str
    order: int
    is_done: Callable[[Contest], bool]
    values: Callable[[Contest], dict[str, Any]] = _only_slug
    optional: bool = False
    applies: Callable[[Contest], bool] = _always


_steps: dict[str, WizardStep] = {}


def register_step(step: WizardStep) -> None:
    """Make a step known; registering it again replaces it."""
    _steps[step.code] = step


def wizard_steps() -> list[WizardStep]:
    """All steps in their order."""
    return sorted(_steps.values(), key=lambda step: step.order)


def step(code: str) -> WizardStep | None:
    """A step by its code."""
    return _steps.get(code)


def next_step(code: str) -> WizardStep | None:
    """The step after `code`, or None at the end."""
    known = wizard_steps()
    codes = [each.code for each in known]
    place = codes.index(code) + 1 if code in codes else 0
    return known[place] if place < len(known) else None


def resume_step(contest: Contest) -> WizardStep | None:
    """Where a draft is resumed: the step it was left at, else the first that is not done."""
    left_at = _steps.get(contest.wizard_step)
    if left_at is not None:
        return left_at
    return next((each for each in wizard_steps() if not each.is_done(contest)), None)
