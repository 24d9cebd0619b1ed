"""Pages of long lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Select, func, select

from contest.core.db import db

Item = TypeVar("Item")
PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a list.

    Attributes:
        items: the rows of this page.
        number: of this page, from 1.
        size: rows on a full page.
        total: rows in the whole list.
        is_least: whether there are more than `total`: nobody counted on.
    """

    items: Sequence[Item]
    number: int
    size: int
    total: int
    is_least: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first row shown, from 1; 0 in an empty list."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Position of the last row shown."""
        return min(self.number * self.size, self.total)

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.pages


def page_number(value: str | None) -> int:
    """A page number from a query string; anything unusable is the first page."""
    return max(1, int(value)) if value and value.isdecimal() and len(value) < 8 else 1  # noqa: PLR2004


def paginate(
    statement: Select[*tuple[Any, ...]], *, page: int = 1, size: int = PAGE_SIZE
) -> Page[Any]:
    """One page of a SELECT, in two statements: the count and the rows.

    A statement of one entity gives entities, one of several columns gives rows. A page beyond
    the end gives the last page.
    """
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    number = max(1, min(page, -(-total // size)))
    result = db.session.execute(statement.limit(size).offset((number - 1) * size))
    single = len(statement.column_descriptions) == 1
    # Entities with joined collections come several times; rows of columns (JSON is not hashable)
    # come once.
    rows = result.unique().all() if single else result.all()
    return Page([row[0] for row in rows] if single else rows, number, size, total)
