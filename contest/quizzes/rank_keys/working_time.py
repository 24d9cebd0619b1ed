"""The shortest working time first, on the server's clock."""

from collections.abc import Mapping
from typing import Any

from contest.core.i18n import format_duration_ms
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.rank_keys.base import QuizKey
from contest.quizzes.rules.counting import Finished


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    del facts
    return finished.working_ms


KEY = QuizKey(
    code="working_time",
    label=_l("Working time"),
    explanation=_l(
        "Whoever took less time from the start to the submission stands higher, to the millisecond."
    ),
    value=_value,
    explain=format_duration_ms,
    shown=format_duration_ms,
    is_default=True,
)
