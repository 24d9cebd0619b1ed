"""More points first: for papers whose questions carry different marks, or partial ones."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from contest.core.db import from_point_units, to_point_units
from contest.core.i18n import format_points
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import FinishedColumns, QuizKey
from contest.quizzes.rules.counting import Finished


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    del facts
    return -to_point_units(finished.points)


def _column(finished: FinishedColumns, facts: Mapping[str, Any]) -> ColumnElement[int]:
    del facts
    return -finished.points


def _explain(value: int) -> str:
    return _("%(points)s points", points=_shown(value))


def _shown(value: int) -> str:
    return format_points(from_point_units(-value))


KEY = QuizKey(
    code="points",
    label=_l("Points"),
    explanation=_l("Whoever has more points stands higher."),
    value=_value,
    column=_column,
    explain=_explain,
    shown=_shown,
    is_merit=True,
)
