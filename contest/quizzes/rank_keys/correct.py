"""More right answers first."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from contest.core.i18n import format_count, ngettext
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import FinishedColumns, QuizKey
from contest.quizzes.rules.counting import Finished


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    del facts
    return -finished.correct


def _column(finished: FinishedColumns, facts: Mapping[str, Any]) -> ColumnElement[int]:
    del facts
    return -finished.correct


def _explain(value: int) -> str:
    return ngettext(
        "%(count)s right answer", "%(count)s right answers", -value, count=format_count(-value)
    )


def _shown(value: int) -> str:
    return format_count(-value)


KEY = QuizKey(
    code="correct",
    label=_l("Right answers"),
    explanation=_l("Whoever has more right answers stands higher."),
    value=_value,
    column=_column,
    explain=_explain,
    shown=_shown,
    is_merit=True,
    is_default=True,
)
