"""Count the statements that something sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import event

from contest.core.db import db

NOT_QUERIES: Final = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@dataclass(slots=True)
class Queries:
    """The statements seen so far; compare `queries.count` with a literal number."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there were, without the borders of transactions."""
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(self.statements)


@contextmanager
def count_queries() -> Iterator[Queries]:
    """Collect the statements sent inside the block, through the application's engine.

    Needs an application context. Signing-in's own SELECT counts too, because it is sent.
    """
    seen = Queries()

    def note(*arguments: Any) -> None:
        statement: str = arguments[2]
        if not statement.startswith(NOT_QUERIES):
            seen.statements.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
