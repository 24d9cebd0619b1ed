"""Rosters read, kept for the preview, mended and mapped to units; nobody is registered yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert

from contest.accounts.queries import (
    branch_choices,
)
from contest.contests.models import (
    Contest,
    RosterImport,
    RosterImportRow,
    RosterState,
)
from contest.contests.queries.rosters import (
    roster_unit_groups,
)
from contest.contests.rules import (
    RosterTaken,
)
from contest.contests.rules.roster_staging import StagedRow, match_units, mended_person, stage
from contest.contests.rules.rosters import RosterReport, read_roster
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.files import store_file
from contest.core.spreadsheets import Workbook, read_workbook

NEW_UNIT: Final = 0
_MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def record_roster(
    what: str, roster: RosterImport, *, actor: Actor | None, now: datetime, data: dict[str, Any]
) -> None:
    """Write an event about a roster, for the staff of its contest."""
    audit.record(
        f"contests.{what}",
        actor=actor,
        now=now,
        subject=("roster_import", roster.id),
        scope_id=roster.contest.scope_id,
        data=data,
    )


def read_file_as_roster(content: bytes, now: datetime) -> tuple[Workbook, RosterReport]:
    """Read a spreadsheet as a roster.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    book = read_workbook(content)
    return book, read_roster(book.sheets, today=now.astimezone(LOCAL_ZONE).date())


def stage_roster(
    *, contest: Contest, content: bytes, file_name: str, actor: Actor | None, now: datetime
) -> RosterImport:
    """Read a roster and keep its rows for the preview; nobody is registered yet.

    Units whose spelling surely means one unit of the contest's branches are matched.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    book, report = read_file_as_roster(content, now)
    rows, layout = stage(book.sheets, report)
    stored = store_file(
        content, name=file_name, media_type=_MEDIA[book.format], actor=actor, now=now
    )
    roster = RosterImport(
        contest_id=contest.id,
        contest=contest,
        file_id=stored.id,
        file_name=file_name[-255:],
        state=RosterState.READY,
        accepted=report.accepted,
        rejected=report.rejected,
        skipped=report.skipped,
        format=book.format,
        layout=layout,
        unit_choices={},
        created_by_id=None if actor is None else actor.person_id,
        created_at=now,
    )
    db.session.add(roster)
    db.session.flush()
    if rows:
        db.session.execute(insert(RosterImportRow), _row_values(roster, rows))
    roster.unit_choices = match_units(roster_unit_groups(roster), _known_units(contest, now))
    db.session.flush()
    data = {"accepted": report.accepted, "rejected": report.rejected}
    record_roster("roster_staged", roster, actor=actor, now=now, data=data)
    return roster


def _row_values(roster: RosterImport, rows: Sequence[StagedRow]) -> list[dict[str, Any]]:
    return [
        {
            "import_id": roster.id,
            "position": place,
            "sheet": row.place.sheet or "",
            "row": row.place.row,
            "person": row.person,
            "errors": row.notes,
            "unit": row.person.get("unit") or "",
            "is_good": row.is_good,
            "is_flagged": row.is_flagged,
        }
        for place, row in enumerate(rows, start=1)
    ]


def _known_units(contest: Contest, now: datetime) -> list[tuple[int, str]]:
    """The units that a roster of this contest can mean."""
    roots = {contest.unit_id, *(branch.unit_id for branch in contest.eligible_units)}
    today = now.astimezone(LOCAL_ZONE).date()
    return [(choice.id, choice.label) for choice in branch_choices(sorted(roots), on=today)]


def choose_units(
    *, roster: RosterImport, choices: Mapping[str, int | None], actor: Actor | None, now: datetime
) -> None:
    """Say which unit each spelling means: a unit's id, `NEW_UNIT`, or None for not yet.

    Raises:
        RosterTaken: it was dealt with already.
    """
    if roster.state is not RosterState.READY:
        raise RosterTaken
    chosen = dict(roster.unit_choices)
    for spelling, unit_id in choices.items():
        if unit_id is None:
            chosen.pop(spelling, None)
        else:
            chosen[spelling] = unit_id
    roster.unit_choices = chosen
    db.session.flush()
    record_roster(
        "roster_units_chosen", roster, actor=actor, now=now, data={"spellings": len(chosen)}
    )


def mend_row(
    *,
    roster: RosterImport,
    row: RosterImportRow,
    typed: Mapping[str, str],
    actor: Actor | None,
    now: datetime,
) -> None:
    """Write a row anew by hand; it can be taken from then on.

    Args:
        roster: not dealt with yet.
        row: of that roster.
        typed: name, birth, unit, phone, email as somebody typed them.
        actor: who mends it.
        now: the instant of the request.

    Raises:
        RosterTaken: it was dealt with already.
        BadCell: a part still cannot be read.
    """
    if roster.state is not RosterState.READY:
        raise RosterTaken
    was_good = row.is_good
    row.person = mended_person(typed, now.astimezone(LOCAL_ZONE).date())
    row.errors, row.is_good, row.is_flagged = [], True, False
    row.unit = row.person["unit"] or ""
    if not was_good:
        roster.accepted, roster.rejected = roster.accepted + 1, max(0, roster.rejected - 1)
    db.session.flush()
    groups = [each for each in roster_unit_groups(roster) if row.unit in each.spellings]
    known = match_units(groups, _known_units(roster.contest, now))
    # What was decided before stays; only spellings nobody has looked at are matched.
    roster.unit_choices = known | roster.unit_choices
    db.session.flush()
    record_roster("roster_row_mended", roster, actor=actor, now=now, data={"row": row.row})


def create_all_missing_units(*, roster: RosterImport, actor: Actor | None, now: datetime) -> None:
    """Choose a new unit for every spelling that waits: what the command does."""
    waiting = {
        spelling: NEW_UNIT
        for group in roster_unit_groups(roster)
        for spelling in group.spellings
        if spelling not in roster.unit_choices
    }
    choose_units(roster=roster, choices=waiting, actor=actor, now=now)
