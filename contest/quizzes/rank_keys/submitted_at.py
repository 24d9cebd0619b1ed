"""The earliest submission first."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from contest.core.clock import from_micros, micros
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import FinishedColumns, QuizKey
from contest.quizzes.rules.counting import Finished


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    del facts
    return micros(finished.submitted_at)


def _column(finished: FinishedColumns, facts: Mapping[str, Any]) -> ColumnElement[int]:
    del facts
    return finished.submitted_at


def _explain(value: int) -> str:
    return _("submitted %(time)s", time=_shown(value))


def _shown(value: int) -> str:
    return format_instant(from_micros(value), weekday=False, seconds=True)


KEY = QuizKey(
    code="submitted_at",
    label=_l("Time of submission"),
    explanation=_l("Whoever submitted earlier stands higher."),
    value=_value,
    column=_column,
    explain=_explain,
    shown=_shown,
    is_default=True,
)
