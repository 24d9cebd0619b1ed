"""The flask commands. With `--json` one document on one line, nothing else on standard output."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask
from flask.cli import with_appcontext

from contest.accounts import queries as accounts_queries
from contest.config import PROJECT_ROOT
from contest.contests import queries as contests_queries
from contest.contests import tasks as contests_tasks
from contest.contests.models import Stage
from contest.core import audit, backups, jobs
from contest.core.clock import utc_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import compile_catalogues
from contest.core.retention import run_retention
from contest.core.transactions import end_read, unit_of_work
from contest.demo import seed as demo_seed
from contest.demo.scenarios import SCENARIOS
from contest.demo.scenarios import load as load_scenario
from contest.demo.season.sizes import SIZES
from contest.demo.simulation.command import simulate_round
from contest.judging import tasks as judging_tasks
from contest.quizzes import tasks as quizzes_tasks
from contest.reports import tasks as reports_tasks
from contest.reports.queries.facts import DatedBy
from contest.reports.rules.branches import TreeView
from contest.results import tasks as results_tasks
from question_bank import tasks as question_bank_tasks
from question_bank.statistics.document import item_statistics_command

_PLACE: Final = ("sheet", "row", "line", "question", "column")
_FILE: Final = click.Path(exists=False, dir_okay=False, path_type=Path)
_DAY: Final = click.DateTime(["%Y-%m-%d"])
_OUTPUT: Final = click.Path(dir_okay=False, path_type=Path)


def register(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (
        units,
        contests,
        seed,
        import_questions,
        export_questions,
        import_roster,
        close_due,
        run_jobs,
        verify_audit,
        backup,
        restore,
        retention,
        assign,
        reliability,
        item_statistics,
        dossier,
        season_report,
        simulate_round,
        translations,
    ):
        app.cli.add_command(command)


def _say(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str))


def _report(document: dict[str, Any], *, as_json: bool) -> None:
    """A report of an import: as JSON, or in lines for a person."""
    if as_json:
        _say(document)
        return
    for name in ("format", "accepted", "rejected", "skipped"):
        click.echo(f"{name}: {document.get(name)}")
    for said in (*document.get("errors", []), *document.get("flags", [])):
        place = " ".join(str(said[part]) for part in _PLACE if said.get(part))
        words = ": ".join(part for part in (place, said.get("level"), said["message"]) if part)
        click.echo(words, err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def units(*, as_json: bool) -> None:
    """List the units: code, name, kind, code of the parent."""
    rows = accounts_queries.unit_rows()
    end_read()
    if as_json:
        _say(rows)
        return
    for row in rows:
        click.echo(f"{row['code']}\t{row['kind']}\t{row['name']}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def contests(*, as_json: bool) -> None:
    """List the contests: slug, title, stage."""
    rows = contests_queries.contest_rows(utc_now())
    end_read()
    if as_json:
        _say(rows)
        return
    for row in rows:
        click.echo(f"{row['slug']}\t{row['stage']}\t{row['title']}")


@click.command()
@click.option(
    "--stage",
    type=click.Choice([stage.value for stage in Stage]),
    default=None,
    help="Seed one contest at this stage.",
)
@click.option("--demo", is_flag=True, help="Write sign-ins for each role into a file.")
@click.option(
    "--size",
    type=click.Choice(list(SIZES)),
    default=None,
    help="Seed a season of quizzes and essays: 1,812 of them, or a few.",
)
@click.option("--number", type=int, default=demo_seed.SEED, help="Another number, other people.")
@click.option(
    "--scenario",
    type=click.Choice(list(SCENARIOS)),
    default=None,
    help="Load the rows behind the figures of one published report, and nothing else.",
)
@with_appcontext
def seed(
    *, stage: str | None, demo: bool, size: str | None, number: int, scenario: str | None
) -> None:
    """Fill the database with fictional units, people and contests.

    Refuses a database that holds people who are not from a seed.
    """
    if scenario is not None:
        try:
            written = load_scenario(scenario, now=utc_now())
        except RuleBroken as refused:
            raise click.ClickException(refused.words) from refused
        for line in written:
            click.echo(line, err=True)
        return
    written = demo_seed.seed(
        stage=Stage(stage) if stage else None,
        whole_demo=demo or size is not None,
        now=utc_now(),
        season=SIZES[size] if size else None,
        number=number,
        say=lambda line: click.echo(line, err=True),
    )
    for line in written:
        click.echo(line, err=True)


@click.command("import-questions")
@click.argument("file", type=_FILE)
@click.option("--bank", default=None, help="Slug of the bank; a dry run needs none.")
@click.option(
    "--format",
    "file_format",
    default="auto",
    help="auto, xlsx, csv, docx, gift, aiken, moodle-xml or json.",
)
@click.option("--dry-run", is_flag=True, help="Read and report; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def import_questions(
    *, file: Path, bank: str | None, file_format: str, dry_run: bool, as_json: bool
) -> None:
    """Import questions from a file into a bank.

    Exit 0 when all rows are good, 1 when some are not, 2 when the file cannot be read.
    """
    document, code = question_bank_tasks.import_questions_command(
        file, bank, file_format, dry_run=dry_run, flags=not as_json
    )
    _report(document, as_json=as_json)
    sys.exit(code)


@click.command("export-questions")
@click.option("--bank", required=True, help="Slug of the bank.")
@click.option("--format", "file_format", default="json", help="xlsx, csv, gift, moodle-xml, json.")
@click.option("-o", "--output", "target", type=_OUTPUT, required=True, help="File to write.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def export_questions(*, bank: str, file_format: str, target: Path, as_json: bool) -> None:
    """Write a bank's questions into a file.

    Exit 0 when all were written, 1 when the format cannot say some, 2 when nothing was written.
    """
    document, code = question_bank_tasks.export_questions_command(bank, file_format, target)
    if as_json:
        _say(document)
    else:
        for name, value in document.items():
            click.echo(f"{name}: {value}", err=name == "error")
    sys.exit(code)


@click.command("import-roster")
@click.argument("file", type=_FILE)
@click.option("--contest", "slug", default=None, help="Slug of the contest.")
@click.option("--dry-run", is_flag=True, help="Read and report; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def import_roster(*, file: Path, slug: str | None, dry_run: bool, as_json: bool) -> None:
    """Import people from a roster into a contest. Exit codes as for import-questions."""
    document, code = contests_tasks.import_roster_command(file, slug, dry_run=dry_run)
    _report(document, as_json=as_json)
    sys.exit(code)


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
    if as_json:
        _say(document)
    else:
        for name, value in document.items():
            click.echo(f"{name}: {value}")
    sys.exit(0 if report.is_whole else 1)


def _tell(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def backup(*, file: Path, as_json: bool) -> None:
    """Write all tables and all files of one instant into FILE, a zip; people go on working.

    Exit 0 when whole, 1 when files were missing in the storage, 2 when nothing was written.
    """
    try:
        report = backups.take_backup(file, now=utc_now(), progress=_tell)
    except backups.BackupRefused as refused:
        _tell(str(refused))
        sys.exit(2)
    _lines(asdict(report), as_json=as_json)
    sys.exit(1 if report.missing else 0)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def restore(*, file: Path, as_json: bool) -> None:
    """Restore FILE into an empty database and its storage, wholly or not at all.

    Exit 0 when whole, 1 when files were missing already in the backup or the audit chain does
    not hold, 2 when nothing was restored.
    """
    try:
        report = backups.restore_backup(file, now=utc_now(), progress=_tell)
    except backups.BackupRefused as refused:
        _tell(str(refused))
        sys.exit(2)
    _lines(asdict(report), as_json=as_json)
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
    _lines(document, as_json=as_json)


@click.command()
@click.option("--contest", "slug", required=True, help="Slug of the contest.")
@click.option("--round", "number", type=int, required=True, help="Number of the round.")
@click.option("--seed", default="", help="Seed of the draw; a new one when not given.")
@click.option("--dry-run", is_flag=True, required=True, help="Nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def assign(*, slug: str, number: int, seed: str, dry_run: bool, as_json: bool) -> None:
    """Say what an assignment of works to judges would be; taking one is done on its page.

    Exit 0 when it is possible, 1 when not every work can get its marks, 2 when there is nothing
    to draw from.
    """
    del dry_run
    with unit_of_work():
        document, code = judging_tasks.assign_command(slug, number, seed=seed)
    _lines(document, as_json=as_json)
    sys.exit(code)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def reliability(*, file: Path, as_json: bool) -> None:
    """Compute agreement and severity from a CSV of marks: work, judge, mark.

    Exit 0 with the figures, null where undefined; 2 when the file cannot be read.
    """
    document, code = judging_tasks.reliability_command(file)
    _lines(document, as_json=as_json)
    sys.exit(code)


@click.command("item-statistics")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def item_statistics(*, file: Path, as_json: bool) -> None:
    """Compute item statistics from a CSV of marks: names, then max and the maxima, then attempts.

    Exit 0 with the figures, null where undefined; 2 when the file cannot be read.
    """
    found = item_statistics_command(file)
    if as_json:
        _say(found.document)
    else:
        for line in found.lines:
            click.echo(line, err=found.exit_code > 0)
    sys.exit(found.exit_code)


@click.command()
@click.option("--contest", "slug", required=True, help="Slug of the contest.")
@click.option("-o", "--output", "target", type=_OUTPUT, required=True, help="Zip to write.")
@click.option("--full", is_flag=True, help="With names, units and judges: for auditors alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def dossier(*, slug: str, target: Path, full: bool, as_json: bool) -> None:
    """Write what the published results rest on, with a script that computes them again.

    Exit 0 when it is written, 2 when nothing was.
    """
    with unit_of_work():
        document, code = results_tasks.dossier_command(slug, target, full=full)
    if as_json:
        _say(document)
    else:
        for name, value in document.items():
            click.echo(f"{name}: {value}", err=name == "error")
    sys.exit(code)


def _lines(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        _say(document)
        return
    for name, value in document.items():
        click.echo(f"{name}: {value}")


@click.command("season-report")
@click.option("--unit", "code", required=True, help="Code of the unit, with its branch.")
@click.option("--from", "first", type=_DAY, required=True, help="First day, as 2026-01-01.")
@click.option("--to", "last", type=_DAY, required=True, help="Last day, as 2026-12-31.")
@click.option(
    "--tree",
    type=click.Choice([each.value for each in TreeView]),
    default=TreeView.THEN.value,
    help="Units as they were then, or as they are now after mergers.",
)
@click.option(
    "--commendations-by",
    "dated_by",
    type=click.Choice([each.value for each in DatedBy]),
    default=DatedBy.DECIDED.value,
    help="Commendations by the date of the decision, or by the period honoured.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def season_report(
    *, code: str, first: datetime, last: datetime, tree: str, dated_by: str, as_json: bool
) -> None:
    """Count a unit's season: contests, persons, attempts, essays, prizes, commendations, models.

    Exit 2 when there is no such unit or the period ends before it begins.
    """
    try:
        document = reports_tasks.season_report_command(
            code, first.date(), last.date(), view=tree, dated_by=dated_by
        )
    except NotFound:
        _tell(f"no unit has the code {code}")
        sys.exit(2)
    except ValueError as refused:
        _tell(str(refused))
        sys.exit(2)
    _lines(document, as_json=as_json)


@click.group()
def translations() -> None:
    """Catalogues of the interface."""


@translations.command("compile")
@with_appcontext
def compile_translations() -> None:
    """Merge the rooms' catalogues into the binary one."""
    count = compile_catalogues(PROJECT_ROOT / "translations")
    click.echo(f"{count} messages", err=True)
