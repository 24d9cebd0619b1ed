"""The shortest working time first, on the server's clock."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from contest.core.i18n import format_duration_ms
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import FinishedColumns, QuizKey
from contest.quizzes.rules.counting import Finished


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    del facts
    return finished.working_ms


def _column(finished: FinishedColumns, facts: Mapping[str, Any]) -> ColumnElement[int]:
    del facts
    return finished.working_ms


def _explain(value: int) -> str:
    return _("finished in %(time)s", time=format_duration_ms(value))


KEY = QuizKey(
    code="working_time",
    label=_l("Working time"),
    explanation=_l(
        "Whoever took less time from the start to the submission stands higher, to the millisecond;"
        " pauses by decision do not count."
    ),
    value=_value,
    column=_column,
    explain=_explain,
    shown=format_duration_ms,
    is_default=True,
)
