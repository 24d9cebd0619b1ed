"""Files for a register: kept for the preview, then taken wholly or not at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update

from contest.accounts.models import Unit
from contest.awards.models import ImportState, RegisterImport
from contest.awards.refusals import FileTaken, RowsRefused
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.spreadsheets.registers import RegisterRow


def plain_row(row: RegisterRow, shown: Sequence[str], values: dict[str, Any]) -> dict[str, Any]:
    """A row as the preview keeps it.

    Args:
        row: read from the file, with its notes.
        shown: columns whose typed words are kept.
        values: what the row means, as JSON.
    """
    return {
        "sheet": row.place.sheet or "",
        "row": row.place.row,
        "typed": {column: row.line(column) for column in shown if row.line(column)},
        "values": values,
        "is_good": row.is_good,
        "notes": [
            {
                "level": note.level,
                "code": note.code,
                "column": note.column,
                "message": str(note.message),
            }
            for note in row.notes
        ],
    }


def stage(
    *,
    register: str,
    unit: Unit,
    file_name: str,
    rows: list[dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> RegisterImport:
    """Keep the rows of a file for the preview; nothing stands in the register yet."""
    made = RegisterImport(
        register=register,
        unit_id=unit.id,
        file_name=file_name[-255:],
        rows=rows,
        created_by_id=actor.person_id,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    good = sum(each["is_good"] for each in rows)
    _record("staged", made, unit, actor=actor, now=now, data={"rows": len(rows), "good": good})
    return made


def claim_good(*, staged: RegisterImport, now: datetime) -> list[dict[str, Any]]:
    """Claim a staged file whose rows are all good; returns them.

    Raises:
        FileTaken: it was dealt with already.
        RowsRefused: a row cannot be used, or there is none.
    """
    if not staged.rows or not all(row["is_good"] for row in staged.rows):
        raise RowsRefused
    if not _claim(staged, ImportState.TAKEN, now):
        raise FileTaken
    return staged.rows


def finish_import(
    *, staged: RegisterImport, outcome: dict[str, int], actor: Actor, now: datetime
) -> None:
    """Keep what taking a file did."""
    staged.outcome = outcome
    db.session.flush()
    _record("taken", staged, staged.unit, actor=actor, now=now, data=outcome)


def discard_import(*, staged: RegisterImport, actor: Actor, now: datetime) -> None:
    """Throw a staged file away; nothing of it stood in the register.

    Raises:
        FileTaken: it was dealt with already.
    """
    if not _claim(staged, ImportState.DISCARDED, now):
        raise FileTaken
    staged.rows = []
    db.session.flush()
    _record("discarded", staged, staged.unit, actor=actor, now=now, data={})


def _claim(staged: RegisterImport, to: ImportState, now: datetime) -> bool:
    claimed = db.session.execute(
        update(RegisterImport)
        .where(RegisterImport.id == staged.id, RegisterImport.state == ImportState.READY)
        .values(state=to, taken_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(staged, ["state", "taken_at"])
    return claimed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _record(
    what: str,
    staged: RegisterImport,
    unit: Unit,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, Any],
) -> None:
    audit.record(
        f"awards.import_{what}",
        actor=actor,
        now=now,
        subject=("register_import", staged.id),
        scope_id=unit.scope_id,
        data={"register": staged.register} | data,
    )
