"""What a contestant may see of their own attempt, and when."""

from dataclasses import dataclass

from contest.contests.models import Stage
from contest.quizzes.models import ResultShown


@dataclass(frozen=True, slots=True)
class Shown:
    """What the result page shows: points, and the key with explanations."""

    points: bool
    key: bool


def shown_of_result(
    *,
    is_practice: bool,
    stage: Stage,
    result_shown: ResultShown,
    has_ended: bool,
    has_essays: bool = False,
) -> Shown:
    """Points when the rules allow them or the results are published; the key only afterwards.

    A practice round shows everything as soon as the attempt has ended. Points to which people's
    marks are still to be added (`has_essays`) wait for the publication.
    """
    if not has_ended:
        return Shown(points=False, key=False)
    key = is_practice or stage is Stage.PUBLISHED
    return Shown(points=key or (result_shown is ResultShown.POINTS and not has_essays), key=key)
