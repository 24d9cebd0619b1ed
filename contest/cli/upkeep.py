"""Commands that keep an installation going: jobs, closing, audit, backups, retention."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from contest.cli.output import FILE, say_lines, tell
from contest.contests import tasks as contests_tasks
from contest.core import audit, backups, jobs
from contest.core.clock import utc_now
from contest.core.retention import run_retention
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import tasks as quizzes_tasks


@click.command("close-due")
@with_appcontext
def close_due() -> None:
    """Close rounds and attempts whose time is over, now rather than with the next job."""
    contests_tasks.turn_rounds_now(utc_now())
    closed = quizzes_tasks.close_due_command()
    click.echo(str(closed))


@click.command("run-jobs")
@click.option("--once", is_flag=True, help="Run what is due and stop.")
@with_appcontext
def run_jobs(*, once: bool) -> None:
    """The job process: runs jobs until it is told to stop."""
    if once:
        click.echo(str(jobs.run_due_jobs(recurring=True)))
        return
    jobs.run_forever()


@click.command("verify-audit")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def verify_audit(*, as_json: bool) -> None:
    """Check the chain of the audit record. Exit 1 when something was changed."""
    with unit_of_work():
        audit.seal_events(now=utc_now())
    report = audit.verify_chain(now=utc_now())
    end_read()
    document = {
        "events": report.events,
        "head": report.head,
        "broken": report.broken,
        "gaps": report.gaps,
        "unsealed": report.unsealed,
    }
    say_lines(document, as_json=as_json)
    sys.exit(0 if report.is_whole else 1)


@click.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def backup(*, file: Path, as_json: bool) -> None:
    """Write all tables and all files of one instant into FILE, a zip; people go on working.

    Exit 0 when whole, 1 when files were missing in the storage, 2 when nothing was written.
    """
    try:
        report = backups.take_backup(file, now=utc_now(), progress=tell)
    except backups.BackupRefused as refused:
        tell(str(refused))
        sys.exit(2)
    say_lines(asdict(report), as_json=as_json)
    sys.exit(1 if report.missing else 0)


@click.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def restore(*, file: Path, as_json: bool) -> None:
    """Restore FILE into an empty database and its storage, wholly or not at all.

    Exit 0 when whole, 1 when files were missing already in the backup or the audit chain does
    not hold, 2 when nothing was restored.
    """
    try:
        report = backups.restore_backup(file, now=utc_now(), progress=tell)
    except backups.BackupRefused as refused:
        tell(str(refused))
        sys.exit(2)
    say_lines(asdict(report), as_json=as_json)
    sys.exit(0 if report.audit_whole and not report.missing else 1)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be forgotten.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def retention(*, dry_run: bool, as_json: bool) -> None:
    """Forget now what has been kept long enough; a job does it every day."""
    lines = run_retention(now=utc_now(), dry_run=dry_run)
    document: dict[str, Any] = {"dry_run": dry_run} | {
        line.code: {"days": line.days, "found": line.found} for line in lines
    }
    say_lines(document, as_json=as_json)
