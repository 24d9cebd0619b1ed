"""The prediction nearest to N first: how many people answer everything rightly."""

from collections.abc import Mapping
from typing import Any, Final

from contest.core.i18n import format_count
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import QuizKey
from contest.quizzes.rules.counting import Finished, n_for

NOT_PREDICTED: Final = 2**40
"""Farther from N than any prediction can be."""


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    if finished.prediction is None:
        return NOT_PREDICTED
    return abs(finished.prediction - n_for(facts, finished.division_id))


def _explain(value: int) -> str:
    if value >= NOT_PREDICTED:
        return _("no prediction")
    if value == 0:
        return _("predicted exactly")
    return _("%(count)s off", count=format_count(value))


def _shown(value: int) -> str:
    return "–" if value >= NOT_PREDICTED else format_count(value)


KEY = QuizKey(
    code="prediction",
    label=_l("Prediction"),
    explanation=_l(
        "Whoever predicted most nearly how many people answer everything rightly stands higher."
    ),
    value=_value,
    explain=_explain,
    shown=_shown,
    is_default=True,
)
