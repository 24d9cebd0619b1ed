"""Fewer attempts first."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from contest.core.i18n import format_count, ngettext
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import FinishedColumns, QuizKey
from contest.quizzes.rules.counting import Finished


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    del facts
    return finished.attempts


def _column(finished: FinishedColumns, facts: Mapping[str, Any]) -> ColumnElement[int]:
    del facts
    return finished.attempts


def _explain(value: int) -> str:
    return ngettext("%(count)s attempt", "%(count)s attempts", value, count=format_count(value))


KEY = QuizKey(
    code="attempts",
    label=_l("Number of attempts"),
    explanation=_l("Whoever needed fewer attempts in the round stands higher."),
    value=_value,
    column=_column,
    explain=_explain,
    shown=format_count,
)
