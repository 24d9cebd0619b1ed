"""The room's blueprint, and what its views share."""

from typing import Any, Final

from flask import Blueprint, session

from contest.contests.models import Contest, ContestKind, Round
from contest.contests.organised import organised_round
from contest.core.access import Permission, current_actor
from contest.core.errors import NotFound
from contest.quizzes import queries
from contest.quizzes.actions import Opened

blueprint: Final = Blueprint("quizzes", __name__)
UNPROCESSABLE: Final = 422
_WRITER: Final = "writer"


def managed_round(
    slug: str, number: int, permission: Permission = Permission.MANAGE_CONTEST
) -> Round:
    """A quiz round of a contest that the person may work on; its side bar is shown.

    Raises:
        NotFound: there is none, it is no quiz, or it is not theirs.
    """
    return organised_round(slug, number, permission, ContestKind.QUIZ)


def first_quiz(contest: Contest) -> dict[str, Any]:
    """Address values of the contest's first quiz round, for the wizard's step."""
    return {"slug": contest.slug, "number": min(quiz_numbers(contest), default=1)}


def quiz_numbers(contest: Contest) -> list[int]:
    """Numbers of a contest's quiz rounds."""
    return [each.number for each in contest.rounds if each.kind is ContestKind.QUIZ]


def own_sitting(public_id: str) -> queries.Sitting:
    """The attempt of the person who asks.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    sitting = queries.own_sitting(current_actor().person_id, public_id)
    if sitting is None:
        raise NotFound
    return sitting


def remember_epoch(opened: Opened) -> None:
    """Keep in this device's session that it writes to an attempt, and with which epoch."""
    session[_WRITER] = [opened.public_id, opened.epoch]


def writes_here(sitting: queries.Sitting) -> bool:
    """Whether this device holds the attempt's present epoch."""
    held: list[Any] = session.get(_WRITER, [])
    return held == [sitting.public_id, sitting.writer]
