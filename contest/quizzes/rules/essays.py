"""Marks of essay answers: when they may be given, and which ones. Pure."""

import secrets
from decimal import Decimal
from typing import Final

from contest.contests.models import Stage
from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import format_points, ngettext
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc

MARKING_STAGES: Final = frozenset({Stage.CLOSED, Stage.MARKING})
STEPS: Final = (Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), Decimal(1))
MOST_COMMENT: Final = 2_000
# Without I, L, O, 0, 1: a code is said aloud.
_SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_HALF: Final = 4


class NotMarkedNow(RuleBroken):
    """Outside the time between the close and the decision."""

    message = _l("Essay answers are marked after the close and before the prizes are decided.")


class MarkOutOfRange(InvalidInput):
    """More than the question is worth, or less than nothing."""

    def __init__(self, most: Decimal) -> None:
        super().__init__(
            _l("A mark of this question lies between 0 and %(most)s.", most=format_points(most))
        )


class MarkOffStep(InvalidInput):
    """Between two steps."""

    def __init__(self, step: Decimal) -> None:
        super().__init__(_l("Marks are given in steps of %(step)s.", step=format_points(step)))


class AnswerMarkedMeanwhile(RuleBroken):
    """Another tab or another person was quicker."""

    message = _l("This answer has just been marked by somebody else or in another tab.")


class EssaysUnmarked(RuleBroken):
    """What ranks people is not complete."""

    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "%(num)s essay answer that counts is not marked yet; mark it before you rank.",
                "%(num)s essay answers that count are not marked yet; mark them before you rank.",
                count,
            )
        )


def may_be_marked(stage: Stage) -> bool:
    """Whether essay answers of a round in this stage can be marked."""
    return stage in MARKING_STAGES


def check_mark(points: Decimal, *, most: Decimal, step: Decimal) -> None:
    """Check a mark.

    Args:
        points: what somebody gives.
        most: what the question is worth.
        step: marks are its multiples; the most can always be given.

    Raises:
        MarkOutOfRange: below 0 or above the most.
        MarkOffStep: between two steps.
    """
    if not points.is_finite() or not 0 <= points <= most:
        raise MarkOutOfRange(most)
    if points != most and points % step:
        raise MarkOffStep(step)


def new_code() -> str:
    """A code like K7QM-42XD, by lot: it tells neither who wrote nor when."""
    signs = "".join(secrets.choice(_SIGNS) for _place in range(2 * _HALF))
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def clean_comment(text: str) -> str:
    """A comment as it is kept."""
    return nfc(text).replace("\r\n", "\n").strip()[:MOST_COMMENT]
