"""The room's blueprint, and what its views share."""

from typing import Any, Final

from flask import Blueprint, url_for

from contest.contests.models import Contest, ContestKind, Round
from contest.contests.organised import organised_round
from contest.contests.queries import managed_contest
from contest.contests.steps import next_step
from contest.core.access import Permission, current_actor
from contest.core.errors import NotFound

blueprint: Final = Blueprint("judging", __name__)
UNPROCESSABLE: Final = 422


def essay_round(
    slug: str, number: int, permission: Permission = Permission.MANAGE_REGISTRATIONS
) -> Round:
    """A round that judges mark, of a contest that the person works on; its side bar is shown.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    return organised_round(slug, number, permission, ContestKind.ESSAY)


def without_essays(slug: str, step: str) -> str:
    """Where the wizard of a contest without essays goes on; empty for a contest that has some.

    Raises:
        NotFound: the contest is not theirs.
    """
    contest = managed_contest(current_actor(), slug, Permission.MANAGE_CONTEST)
    if contest is None:
        raise NotFound
    following = next_step(step)
    if essay_rounds(contest) or following is None:
        return ""
    return url_for(following.endpoint, **following.values(contest))


def led_to_round(slug: str, endpoint: str) -> str:
    """The same page for the contest's first essay round, for the side bar.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    contest = managed_contest(current_actor(), slug, Permission.MANAGE_REGISTRATIONS)
    if contest is None or not essay_rounds(contest):
        raise NotFound
    return url_for(endpoint, **first_essay_round(contest))


def first_essay_round(contest: Contest) -> dict[str, Any]:
    """Address values of the contest's first essay round, for the wizard's step."""
    numbers = [each.number for each in contest.rounds if each.kind is ContestKind.ESSAY]
    return {"slug": contest.slug, "number": min(numbers, default=1)}


def essay_rounds(contest: Contest) -> list[Round]:
    """The rounds of a contest that judges mark."""
    return [each for each in contest.rounds if each.kind is ContestKind.ESSAY]
