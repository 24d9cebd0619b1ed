"""Drawing lots, by a seed that was fixed before anybody took part.

The round's seed is drawn at the opening; its digest is public from then on and the seed itself
is recorded with the ranking. Everybody can then draw the lots again: the first 48 bits of
SHA-256 over the seed's bytes, the word "lot" and the entry's public id.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, literal

from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.sql import Sha256Head, sha256_head
from contest.quizzes.rank_keys.base import FinishedColumns, QuizKey
from contest.quizzes.rules.counting import Finished


def lot_of(seed: str, entry_public_id: str) -> int:
    """The lot of an entry; `seed` is hexadecimal."""
    return sha256_head(seed, "lot" + entry_public_id)


def _value(finished: Finished, facts: Mapping[str, Any]) -> int:
    return lot_of(facts["seed"], finished.entry_public_id)


def _column(finished: FinishedColumns, facts: Mapping[str, Any]) -> ColumnElement[int]:
    return Sha256Head(literal(facts["seed"]), literal("lot") + finished.entry_public_id)


def _explain(value: int) -> str:
    return _("lot %(number)s", number=_shown(value))


def _shown(value: int) -> str:
    return f"{value:012x}"


KEY = QuizKey(
    code="lot",
    label=_l("Drawing lots"),
    explanation=_l("Lots are drawn with a seed that was sealed before the round opened."),
    value=_value,
    column=_column,
    explain=_explain,
    shown=_shown,
    is_default=True,
)
