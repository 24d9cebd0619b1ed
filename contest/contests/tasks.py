"""What jobs and commands call."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from flask_babel import force_locale

from contest.contests.actions import (
    TELL_JOB,
    RosterOutcome,
    close_round,
    create_all_missing_units,
    fail_reading,
    finish_reading,
    forget_rows,
    give_back,
    in_batches,
    keep_rows,
    open_round,
    read_file_as_roster,
    stage_roster,
    take_roster,
    tell_some,
)
from contest.contests.models import Contest, RosterImport, RosterState
from contest.contests.queries import (
    contest_by_slug,
    decision_by_id,
    roster_by_id,
    roster_counts,
    round_by_id,
    rounds_due_to_close,
    rounds_due_to_open,
)
from contest.contests.rules.roster_staging import stage
from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.files import read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets import UnreadableFile
from contest.core.transactions import unit_of_work

ALL_GOOD: Final = 0
SOME_BAD: Final = 1
UNREADABLE: Final = 2
log = structlog.get_logger("contests")


@dataclass(frozen=True, slots=True)
class TurnedRounds:
    """How many rounds time opened and closed, and how many it could not open."""

    opened: int
    closed: int
    waiting: int


@jobs.task("contests.turn_rounds", every=timedelta(seconds=15))
def turn_rounds(run: jobs.JobRun) -> dict[str, Any] | None:
    """Open rounds whose hour has come and close those whose time is over."""
    turn_rounds_now(run.now)
    return None


def turn_rounds_now(now: datetime) -> TurnedRounds:
    """Close what is over, then open what is due and whose list is clean; a unit for each round.

    A round that is not ready stays planned; its page says that the hour has come.
    """
    with unit_of_work():
        closing = rounds_due_to_close(now)
    closed = sum(_close(round_id, now) for round_id in closing)
    with unit_of_work():
        opening = rounds_due_to_open(now)
    opened = sum(_open(round_id, now) for round_id in opening)
    return TurnedRounds(opened, closed, len(opening) - opened)


def _close(round_id: int, now: datetime) -> bool:
    with unit_of_work():
        due = round_by_id(round_id)
        return due is not None and close_round(round=due, actor=None, now=now)


def _open(round_id: int, now: datetime) -> bool:
    try:
        with unit_of_work():
            due = round_by_id(round_id)
            return due is not None and open_round(round=due, actor=None, now=now)
    except RuleBroken as refused:
        log.info("a round's hour has come but it is not ready", round=round_id, why=str(refused))
        return False


@jobs.task(TELL_JOB)
def tell_decision(run: jobs.JobRun) -> dict[str, Any] | None:
    """Write to everybody registered that a round was extended or annulled, in short units."""
    after: int | None = 0
    while after is not None:
        with unit_of_work():
            decision = decision_by_id(run.payload["decision"])
            if decision is None or decision.told_at is not None:
                return None
            decision.told = decision.told if after else 0
            after = tell_some(decision=decision, after=after, now=run.now)
    return None


def _the_roster(roster_id: int) -> RosterImport:
    found = roster_by_id(roster_id)
    if found is None:
        raise NotFound
    return found


@jobs.task("contests.read_roster")
def read_roster(run: jobs.JobRun) -> dict[str, Any] | None:
    """Read a long roster into staged rows, in short units, with progress."""
    with force_locale(run.payload.get("language", "vi")):
        return _read_roster(run, run.payload["roster"])


def _read_roster(run: jobs.JobRun, roster_id: int) -> dict[str, Any] | None:
    with unit_of_work():
        found = _the_roster(roster_id)
        if found.state is not RosterState.READING:
            return _roster_report(roster_id)
        content = read_file(found.file_id or 0)
        forget_rows(roster=found)
    try:
        book, report = read_file_as_roster(content, run.now)
        rows, layout = stage(book.sheets, report)
    except UnreadableFile as unreadable:
        with unit_of_work():
            fail_reading(roster=_the_roster(roster_id), problem=unreadable.words)
        return _roster_report(roster_id)
    for first, part in in_batches(rows):
        with unit_of_work():
            keep_rows(roster=_the_roster(roster_id), rows=part, first=first)
        run.progress(first + len(part) - 1, len(rows))
    with unit_of_work():
        found = _the_roster(roster_id)
        finish_reading(roster=found, report=report, layout=layout, actor=None, now=run.now)
    return _roster_report(roster_id)


def _roster_report(roster_id: int) -> dict[str, Any]:
    """The report page of a reading job leads on to the preview."""
    with unit_of_work():
        found = _the_roster(roster_id)
        counts = roster_counts(found)
        told = [
            ngettext("%(num)s row can be used", "%(num)s rows can be used", counts.good),
            ngettext("%(num)s row has errors", "%(num)s rows have errors", counts.bad),
            ngettext(
                "%(num)s person is known already", "%(num)s people are known already", counts.known
            ),
        ]
        return {
            "title": found.file_name,
            "lines": [found.problem] if found.problem else told,
            "next": f"/organise/contests/{found.contest.slug}/rosters/{found.public_id}",
        }


@jobs.task("contests.take_roster")
def take_promised_roster(run: jobs.JobRun) -> dict[str, Any] | None:
    """Register the people of a long roster, in one unit of work."""
    roster_id: int = run.payload["roster"]
    with force_locale(run.payload.get("language", "vi")):
        try:
            with unit_of_work():
                found = _the_roster(roster_id)
                address = f"/organise/contests/{found.contest.slug}/rosters/{found.public_id}"
                if found.state is RosterState.TAKEN:  # a run before this one came so far
                    return {"title": found.file_name, "next": address}
                outcome = take_roster(roster=found, actor=None, now=run.now, of=RosterState.TAKING)
        except RuleBroken:
            with unit_of_work():
                give_back(roster=_the_roster(roster_id))
            raise
        words = ngettext(
            "%(num)s person is registered.", "%(num)s people are registered.", outcome.registered
        )
        return {"title": words, "next": address}


def import_roster_command(
    path: Path, contest_slug: str | None, *, dry_run: bool = False
) -> tuple[dict[str, Any], int]:
    """Read a roster and register its people; what `import-roster` does.

    Spellings of units that mean no unit of the contest become new units under the contest's own.

    Args:
        path: a spreadsheet.
        contest_slug: into which contest; a dry run needs none.
        dry_run: read and report, change nothing.

    Returns:
        The report, and 0 when all rows are good, 1 when some are not, 2 when the file cannot be
        read (or there is no such contest).
    """
    try:
        content = path.read_bytes()
        book, report = read_file_as_roster(content, utc_now())
    except OSError as problem:
        return _unreadable(problem.strerror or str(problem)), UNREADABLE
    except UnreadableFile as unreadable:
        return _unreadable(unreadable.words), UNREADABLE
    document = report.as_json(book.format)
    if not dry_run:
        try:
            with unit_of_work():
                outcome = _take_file(_the_contest(contest_slug), content, path.name)
        except RuleBroken as refused:
            return _unreadable(refused.words or _("There is no such contest.")), UNREADABLE
        document["registered"], document["already"] = outcome.registered, outcome.already
    return document, SOME_BAD if report.rejected else ALL_GOOD


def _the_contest(slug: str | None) -> Contest:
    found = contest_by_slug(slug) if slug else None
    if found is None:
        raise NotFound
    return found


def _take_file(contest: Contest, content: bytes, name: str) -> RosterOutcome:
    now = utc_now()
    roster = stage_roster(contest=contest, content=content, file_name=name, actor=None, now=now)
    create_all_missing_units(roster=roster, actor=None, now=now)
    return take_roster(roster=roster, actor=None, now=now)


def _unreadable(message: str) -> dict[str, Any]:
    error = {"sheet": None, "row": None, "column": None, "message": message}
    counts = {"accepted": 0, "rejected": 0, "skipped": 0}
    return {"format": None, **counts, "people": [], "errors": [error]}
