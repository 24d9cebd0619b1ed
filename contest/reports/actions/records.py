"""Registers of older contests, models and projects: typed in, imported, taken away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert

from contest.accounts.models import Unit
from contest.awards.actions.registers import claim_good, finish_import, plain_row, stage
from contest.awards.models import RegisterImport
from contest.awards.queries.commendations import unit_book
from contest.awards.rules.unit_book import Match, UnitBook, match_on_days
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db, new_public_id
from contest.core.i18n import format_date
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Sheet, read_workbook
from contest.core.vietnamese import fold
from contest.reports.models import ContestRecord, Project, ProjectState
from contest.reports.rules.record_sheets import (
    CONTEST_SHOWN,
    PROJECT_SHOWN,
    ReadRow,
    read_contest_records,
    read_projects,
)

CONTESTS: Final = "contests"
PROJECTS: Final = "projects"
_DAYS: Final = ("held_from", "held_to", "registered_on")
_TABLES: Final[dict[str, type[ContestRecord] | type[Project]]] = {
    CONTESTS: ContestRecord,
    PROJECTS: Project,
}
_READERS: Final[dict[str, tuple[Callable[..., list[ReadRow]], Sequence[str]]]] = {
    CONTESTS: (read_contest_records, CONTEST_SHOWN),
    PROJECTS: (read_projects, PROJECT_SHOWN),
}


def _row(
    values: Mapping[str, Any], *, unit_id: int, book: UnitBook, actor: Actor, now: datetime
) -> dict[str, Any]:
    return {
        **values,
        "public_id": new_public_id(),
        "unit_id": unit_id,
        "unit_ids": book.path(unit_id),
        "title_folded": fold(values["title"])[:300],
        "created_by_id": actor.person_id,
        "created_at": now,
    }


def add_record(
    *, register: str, unit: Unit, values: Mapping[str, Any], actor: Actor, now: datetime
) -> ContestRecord | Project:
    """Type in an older contest, or a model or project.

    Args:
        register: `CONTESTS` or `PROJECTS`.
        unit: that held or registered it.
        values: the columns of its table.
        actor: who types it in.
        now: the instant of the request.
    """
    row = _row(values, unit_id=unit.id, book=unit_book(), actor=actor, now=now)
    made = _TABLES[register](**row)
    db.session.add(made)
    db.session.flush()
    _record(f"{register}_record_added", made, unit, actor=actor, now=now)
    return made


def remove_contest_record(*, record: ContestRecord, actor: Actor, now: datetime) -> None:
    """Take an older contest out of the register."""
    _record("contests_record_removed", record, record.unit, actor=actor, now=now)
    db.session.delete(record)
    db.session.flush()


def set_project_state(
    *, project: Project, state: ProjectState, actor: Actor, now: datetime
) -> None:
    """Say how far a model or project is; the day of its end is kept."""
    project.state = state
    ended = state in {ProjectState.DONE, ProjectState.DROPPED}
    project.finished_on = now.astimezone(LOCAL_ZONE).date() if ended else None
    db.session.flush()
    _record(f"project_{state.value}", project, project.unit, actor=actor, now=now)


def _record(
    what: str, row: ContestRecord | Project, unit: Unit, *, actor: Actor, now: datetime
) -> None:
    audit.record(
        f"reports.{what}",
        actor=actor,
        now=now,
        subject=(row.__tablename__, row.id),
        scope_id=unit.scope_id,
        data={"title": row.title},
    )


def stage_records(
    *,
    register: str,
    unit: Unit,
    content: bytes,
    file_name: str,
    actor: Actor,
    now: datetime,
) -> RegisterImport:
    """Read a list and keep its rows for the preview; nothing stands in the register yet.

    Args:
        register: `CONTESTS` or `PROJECTS`.
        unit: of rows that name none, and above those that do.
        content: the file.
        file_name: as it was called.
        actor: who brings it.
        now: the instant of the request.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    read, shown = _READERS[register]
    sheets: Sequence[Sheet] = read_workbook(content).sheets
    found = read(sheets, today=now.astimezone(LOCAL_ZONE).date())
    units = unit_book().branch(unit.id)
    wanted = {(row.unit, row.day) for row in found if row.unit and row.day is not None}
    matches = match_on_days(wanted, units)
    _note_repeats(found)
    rows = [
        plain_row(row.source, shown, _plain(row, _unit(row, matches, unit.id))) for row in found
    ]
    return stage(register=register, unit=unit, file_name=file_name, rows=rows, actor=actor, now=now)


def _unit(row: ReadRow, matches: Mapping[tuple[str, date], Match], default: int) -> int:
    if not row.unit or row.day is None:
        return default
    match = matches[row.unit, row.day]
    if match.ended is not None:
        words = _l(
            "%(unit)s ended on %(last)s, before this day.",
            unit=match.ended.name,
            last=format_date(match.ended.valid_to),
        )
        row.source.say("unit_ended", words, "unit")
    elif match.unit is None:
        words = _l("This unit is not in the tree; the row is counted at the unit of the register.")
        row.source.say("no_unit", words, "unit", level="flag")
    return default if match.unit is None else match.unit.id


def _note_repeats(rows: Sequence[ReadRow]) -> None:
    seen: dict[tuple[str, date | None, str], int] = {}
    for row in rows:
        if not row.values:
            continue
        key = (fold(row.values["title"]), row.day, fold(row.unit))
        earlier = seen.setdefault(key, row.source.place.row)
        if earlier != row.source.place.row:
            words = _l("Row %(row)s says the same already.", row=earlier)
            row.source.say("repeated", words, "title")


def _plain(row: ReadRow, unit_id: int) -> dict[str, Any]:
    if not row.values:
        return {}
    values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.values.items()
    }
    return values | {"unit_id": unit_id}


def take_records(*, staged: RegisterImport, actor: Actor, now: datetime) -> int:
    """Enter all rows of a staged file at once; returns how many.

    Raises:
        FileTaken: it was dealt with already.
        RowsRefused: a row cannot be used.
    """
    book = unit_book()
    rows = []
    for each in claim_good(staged=staged, now=now):
        values = dict(each["values"])
        for name in _DAYS:
            if name in values:
                values[name] = date.fromisoformat(values[name])
        made = _row(values, unit_id=values["unit_id"], book=book, actor=actor, now=now)
        rows.append(made | {"import_id": staged.id})
    db.session.execute(insert(_TABLES[staged.register]), rows)
    finish_import(staged=staged, outcome={"rows": len(rows)}, actor=actor, now=now)
    return len(rows)
