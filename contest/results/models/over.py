"""What prizes are given over, and signed and published: a round, or the totals of a contest."""

from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement
from sqlalchemy.orm import Mapped, declared_attr, relationship

from contest.contests.models import Contest, RankRun, Round
from contest.results.models.totals import TotalRun

Over = Round | Contest
"""A round, or a contest for the totals over its rounds."""
Ranking = RankRun | TotalRun
"""Places of a round, or of the totals."""

ONE_OF_BOTH = "(round_id IS NULL) <> (contest_id IS NULL)"


class OverMixin:
    """A row that belongs to a round (`round_id`) or to the totals of a contest (`contest_id`)."""

    round_id: Mapped[int | None]
    contest_id: Mapped[int | None]

    @classmethod
    def of(cls, over: Over) -> ColumnElement[bool]:
        """The rows of a round, or of the totals of a contest."""
        column: Any = cls.round_id if isinstance(over, Round) else cls.contest_id
        return column == over.id  # type: ignore[no-any-return]


class OverOneMixin(OverMixin):
    """The same with the round or the contest itself."""

    @declared_attr
    def round(cls) -> Mapped[Round | None]:  # noqa: N805  (a mixin's class)
        """The round; None over totals."""
        return relationship()

    @declared_attr
    def contest(cls) -> Mapped[Contest | None]:  # noqa: N805
        """The contest over whose totals it stands; None over a round."""
        return relationship()

    @property
    def over(self) -> Over:
        """The round, or the contest whose totals these are."""
        found: Over | None = self.round or self.contest
        if found is None:  # pragma: no cover  (a constraint forbids it)
            raise LookupError(type(self).__name__)
        return found


def over_ids(over: Over) -> dict[str, int]:
    """The column that says what a row belongs to, with its value."""
    return {"round_id" if isinstance(over, Round) else "contest_id": over.id}


def contest_of(over: Over) -> Contest:
    """The contest itself, or that of a round."""
    return over.contest if isinstance(over, Round) else over


def number_of(over: Over) -> int | None:
    """The number of a round; None for totals."""
    return over.number if isinstance(over, Round) else None


def over_check() -> CheckConstraint:
    """Exactly one of both."""
    return CheckConstraint(ONE_OF_BOTH, "over")
