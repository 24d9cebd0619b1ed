"""Rosters read, kept for the preview, mended and mapped to units; nobody is registered yet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert

from contest.accounts.queries import branch_choices
from contest.contests.actions.rosters.records import NEW_UNIT, record_roster
from contest.contests.actions.rosters.taking import foresee
from contest.contests.models import (
    Contest,
    RosterImport,
    RosterImportRow,
    RosterState,
)
from contest.contests.queries.rosters import legacy_rows, roster_unit_groups
from contest.contests.rules import RosterTaken
from contest.contests.rules.roster_cells import BadCell
from contest.contests.rules.roster_staging import (
    StagedRow,
    cell_error,
    match_units,
    mended_person,
    stage,
)
from contest.contests.rules.rosters import RosterReport, read_roster
from contest.core import jobs
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.files import store_file
from contest.core.i18n import gettext as _
from contest.core.jobs import Job
from contest.core.spreadsheets import Workbook, read_workbook
from contest.core.spreadsheets.containers import is_zip

_MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
_BATCH: Final = 500


def read_file_as_roster(content: bytes, now: datetime) -> tuple[Workbook, RosterReport]:
    """Read a spreadsheet as a roster.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    book = read_workbook(content)
    return book, read_roster(book.sheets, today=now.astimezone(LOCAL_ZONE).date())


def begin_roster(
    *, contest: Contest, content: bytes, file_name: str, actor: Actor | None, now: datetime
) -> RosterImport:
    """Keep an uploaded roster, whose rows are read next."""
    code = "xlsx" if is_zip(content) else "csv"
    stored = store_file(content, name=file_name, media_type=_MEDIA[code], actor=actor, now=now)
    roster = RosterImport(
        contest_id=contest.id,
        contest=contest,
        file_id=stored.id,
        file_name=file_name[-255:],
        state=RosterState.READING,
        format=code,
        layout={},
        unit_choices={},
        created_by_id=None if actor is None else actor.person_id,
        created_at=now,
    )
    db.session.add(roster)
    db.session.flush()
    return roster


def promise_reading(*, roster: RosterImport, actor: Actor, locale: str, now: datetime) -> Job:
    """Have a long roster read by a job, which writes its remarks in the language of the page."""
    job = jobs.enqueue(
        "contests.read_roster",
        payload={"roster": roster.id, "language": locale},
        actor=actor,
        now=now,
        title=_("Reading “%(file)s”", file=roster.file_name),
    )
    roster.job_public_id = job.public_id
    db.session.flush()
    record_roster("roster_uploaded", roster, actor=actor, now=now, data={})
    return job


def stage_roster(
    *, contest: Contest, content: bytes, file_name: str, actor: Actor | None, now: datetime
) -> RosterImport:
    """Read a roster and keep its rows for the preview, at once; nobody is registered yet.

    Units whose spelling surely means one unit of the contest's branches are matched.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    book, report = read_file_as_roster(content, now)
    rows, layout = stage(book.sheets, report)
    roster = begin_roster(
        contest=contest, content=content, file_name=file_name, actor=actor, now=now
    )
    keep_rows(roster=roster, rows=rows, first=1)
    finish_reading(roster=roster, report=report, layout=layout, actor=actor, now=now)
    return roster


def in_batches(rows: Sequence[StagedRow]) -> Iterator[tuple[int, Sequence[StagedRow]]]:
    """Rows in parts that make a short unit of work, each with the place of its first."""
    for start in range(0, len(rows), _BATCH):
        yield start + 1, rows[start : start + _BATCH]


def keep_rows(*, roster: RosterImport, rows: Sequence[StagedRow], first: int) -> None:
    """Keep rows that were read; `first` is the place of the first of them."""
    if rows:
        db.session.execute(insert(RosterImportRow), _row_values(roster, rows, first))


def forget_rows(*, roster: RosterImport) -> None:
    """Begin to read anew: a job that was cut off starts over."""
    db.session.execute(delete(RosterImportRow).where(RosterImportRow.import_id == roster.id))


def finish_reading(
    *,
    roster: RosterImport,
    report: RosterReport,
    layout: dict[str, Any],
    actor: Actor | None,
    now: datetime,
) -> None:
    """All rows are kept: match the units, and say what would become of each row."""
    roster.accepted, roster.rejected = report.accepted, report.rejected
    roster.skipped, roster.layout = report.skipped, layout
    roster.unit_choices = match_units(roster_unit_groups(roster), _known_units(roster.contest, now))
    roster.state = RosterState.READY
    db.session.flush()
    foresee(roster=roster)
    data = {"accepted": report.accepted, "rejected": report.rejected}
    record_roster("roster_staged", roster, actor=actor, now=now, data=data)


def fail_reading(*, roster: RosterImport, problem: str) -> None:
    """Keep why a roster could not be read."""
    forget_rows(roster=roster)
    roster.state, roster.problem = RosterState.UNREADABLE, problem
    db.session.flush()


def _row_values(
    roster: RosterImport, rows: Sequence[StagedRow], first: int
) -> list[dict[str, Any]]:
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
            "is_legacy": row.is_legacy,
        }
        for place, row in enumerate(rows, start=first)
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
    foresee(roster=roster)
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
    _put_right(roster, row, mended_person(typed, now.astimezone(LOCAL_ZONE).date()))
    _match_new_units(roster, {row.unit}, now)
    record_roster("roster_row_mended", roster, actor=actor, now=now, data={"row": row.row})


def _put_right(roster: RosterImport, row: RosterImportRow, person: dict[str, Any]) -> None:
    if not row.is_good:
        roster.accepted, roster.rejected = roster.accepted + 1, max(0, roster.rejected - 1)
    row.person = person
    row.errors, row.is_good, row.is_flagged, row.is_legacy = [], True, False, False
    row.unit = person["unit"] or ""
    db.session.flush()


def _match_new_units(roster: RosterImport, spellings: set[str], now: datetime) -> None:
    groups = [each for each in roster_unit_groups(roster) if spellings & set(each.spellings)]
    known = match_units(groups, _known_units(roster.contest, now))
    # What was decided before stays; only spellings nobody has looked at are matched.
    roster.unit_choices = known | roster.unit_choices
    db.session.flush()
    foresee(roster=roster)


def convert_rows(
    *, roster: RosterImport, position: int | None, actor: Actor | None, now: datetime
) -> int:
    """Agree to the shown conversion of a row in a legacy font, or of all such rows.

    A row that cannot be read even then keeps what it says in Unicode, with its error.

    Args:
        roster: not dealt with yet.
        position: of one row; None for all.
        actor: who agrees.
        now: the instant of the request.

    Returns:
        How many rows can be taken now.

    Raises:
        RosterTaken: it was dealt with already.
    """
    if roster.state is not RosterState.READY:
        raise RosterTaken
    today = now.astimezone(LOCAL_ZONE).date()
    spellings: set[str] = set()
    done = 0
    for row in legacy_rows(roster, position):
        typed = (row.person or {}).get("converted", {})
        try:
            person = mended_person(typed, today)
        except BadCell as refused:
            row.person = {"typed": typed}
            row.errors = [cell_error(refused)]
            row.is_legacy = False
            continue
        _put_right(roster, row, person)
        spellings.add(row.unit)
        done += 1
    db.session.flush()
    _match_new_units(roster, spellings, now)
    record_roster("roster_converted", roster, actor=actor, now=now, data={"rows": done})
    return done


def create_all_missing_units(*, roster: RosterImport, actor: Actor | None, now: datetime) -> None:
    """Choose a new unit for every spelling that waits: what the command does."""
    waiting = {
        spelling: NEW_UNIT
        for group in roster_unit_groups(roster)
        for spelling in group.spellings
        if spelling not in roster.unit_choices
    }
    choose_units(roster=roster, choices=waiting, actor=actor, now=now)
