"""The prediction nearest to N first: how many people answer everything rightly."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, case, func, literal

from contest.core.i18n import format_count
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import FinishedColumns, QuizKey
from contest.quizzes.rules.counting import EVERYBODY, Finished, n_for

NOT_PREDICTED: Final = 2**40
"""Farther from N than any prediction can be."""


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    if finished.prediction is None:
        return NOT_PREDICTED
    return abs(finished.prediction - n_for(facts, finished.division_id))


def _column(finished: FinishedColumns, facts: Mapping[str, Any]) -> ColumnElement[int]:
    off = func.abs(finished.prediction - _n(finished.division_id, facts))
    return case((finished.prediction.is_(None), NOT_PREDICTED), else_=off)


def _n(division_id: ColumnElement[int], facts: Mapping[str, Any]) -> ColumnElement[int]:
    """`n_for` in SQL."""
    counted: dict[str, int] = facts.get("n", {})
    everybody = literal(counted.get(EVERYBODY, 0), Integer)
    own = [
        (division_id.is_(None) if name == str(None) else division_id == int(name), n)
        for name, n in counted.items()
        if name != EVERYBODY
    ]
    return case(*own, else_=everybody) if own else everybody


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
    column=_column,
    explain=_explain,
    shown=_shown,
    is_default=True,
)
