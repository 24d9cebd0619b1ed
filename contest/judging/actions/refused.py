"""What a judge sent and could not be saved is kept apart, so that nobody's work is lost."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from contest.core.audit import canonical_json, sha256_hex
from contest.core.db import new_public_id
from contest.core.errors import RuleBroken
from contest.core.transactions import record_apart
from contest.judging.actions.marking import LONGEST, MarkInput
from contest.judging.models import RefusedSave
from contest.judging.rules.refusals import (
    LeftJury,
    MarkingClosed,
    MarkingNotOpen,
    RoleLost,
    SheetGone,
    SheetSettled,
    StaleSheet,
)

_REASONS: Final[dict[type[RuleBroken], str]] = {
    StaleSheet: "stale",
    MarkingClosed: "closed",
    MarkingNotOpen: "not_open",
    RoleLost: "role_lost",
    LeftJury: "left_jury",
    SheetGone: "gone",
    SheetSettled: "settled",
}


def keep_refused(
    *, sheet_id: int, refusal: RuleBroken, given: MarkInput, edit: int, now: datetime
) -> bool:
    """Have what was refused written after the request's own transaction was rolled back.

    The same content is kept once, however often a page tries.

    Args:
        sheet_id: of the judge who sent it.
        refusal: why it was not saved.
        given: what was sent.
        edit: the sheet's edit as the page saw it.
        now: the instant of the request.

    Returns:
        Whether it is kept: a mark that cannot be read is told at its field instead.
    """
    reason = _REASONS.get(type(refusal))
    if reason is None:
        return False
    marks = {public_id: str(points) for public_id, points in given.marks.items()}
    comment = given.comment[:LONGEST]
    digest = sha256_hex(canonical_json([marks, comment]))

    def write(connection: Connection) -> None:
        known = select(RefusedSave.id).where(
            RefusedSave.sheet_id == sheet_id, RefusedSave.digest == digest
        )
        if connection.scalar(known) is None:
            connection.execute(
                insert(RefusedSave).values(
                    public_id=new_public_id(),
                    sheet_id=sheet_id,
                    reason=reason,
                    seen_edit=edit,
                    marks=marks,
                    comment=comment,
                    digest=digest,
                    refused_at=now,
                )
            )

    record_apart(write)
    return True
