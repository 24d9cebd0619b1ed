"""Commands that compute: assignments, agreement, item statistics, dossiers, season reports."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from flask.cli import with_appcontext

from contest.cli.output import FILE, OUTPUT, say, say_lines, tell
from contest.core.errors import NotFound
from contest.core.transactions import unit_of_work
from contest.judging import tasks as judging_tasks
from contest.reports import tasks as reports_tasks
from contest.reports.queries.facts import DatedBy
from contest.reports.rules.branches import TreeView
from contest.results import tasks as results_tasks
from question_bank.statistics.document import item_statistics_command

_DAY: Final = click.DateTime(["%Y-%m-%d"])


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
    say_lines(document, as_json=as_json)
    sys.exit(code)


@click.command()
@click.argument("file", type=FILE)
@click.option("--scale", type=click.FloatRange(min=0), help="Highest mark; refuse any above it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def reliability(*, file: Path, scale: float | None, as_json: bool) -> None:
    """Compute agreement and severity from a CSV of marks: work, judge, mark.

    Exit 0 with the figures, null where undefined; 2 when the file cannot be read.
    """
    document, code = judging_tasks.reliability_command(file, scale=scale)
    say_lines(document, as_json=as_json)
    sys.exit(code)


@click.command("item-statistics")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def item_statistics(*, file: Path, as_json: bool) -> None:
    """Compute item statistics from a CSV of marks: names, then max and the maxima, then attempts.

    Exit 0 with the figures, null where undefined; 2 when the file cannot be read.
    """
    found = item_statistics_command(file)
    if as_json:
        say(found.document)
    else:
        for line in found.lines:
            click.echo(line, err=found.exit_code > 0)
    sys.exit(found.exit_code)


@click.command()
@click.option("--contest", "slug", required=True, help="Slug of the contest.")
@click.option("-o", "--output", "target", type=OUTPUT, required=True, help="Zip to write.")
@click.option("--full", is_flag=True, help="With names, units and judges: for auditors alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def dossier(*, slug: str, target: Path, full: bool, as_json: bool) -> None:
    """Write what the published results rest on, with a script that computes them again.

    Exit 0 when it is written, 2 when nothing was.
    """
    with unit_of_work():
        document, code = results_tasks.dossier_command(slug, target, full=full)
    say_lines(document, as_json=as_json)
    sys.exit(code)


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
        tell(f"no unit has the code {code}")
        sys.exit(2)
    except ValueError as refused:
        tell(str(refused))
        sys.exit(2)
    say_lines(document, as_json=as_json)
