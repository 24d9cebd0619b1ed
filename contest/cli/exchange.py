"""Commands that bring questions and people in and out."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from contest.cli.output import FILE, OUTPUT, report, say_lines
from contest.contests import tasks as contests_tasks
from question_bank import tasks as question_bank_tasks


@click.command("import-questions")
@click.argument("file", type=FILE)
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
    report(document, as_json=as_json)
    sys.exit(code)


@click.command("export-questions")
@click.option("--bank", required=True, help="Slug of the bank.")
@click.option("--format", "file_format", default="json", help="xlsx, csv, gift, moodle-xml, json.")
@click.option("-o", "--output", "target", type=OUTPUT, required=True, help="File to write.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def export_questions(*, bank: str, file_format: str, target: Path, as_json: bool) -> None:
    """Write a bank's questions into a file.

    Exit 0 when all were written, 1 when the format cannot say some, 2 when nothing was written.
    """
    document, code = question_bank_tasks.export_questions_command(bank, file_format, target)
    say_lines(document, as_json=as_json)
    sys.exit(code)


@click.command("import-roster")
@click.argument("file", type=FILE)
@click.option("--contest", "slug", default=None, help="Slug of the contest.")
@click.option("--dry-run", is_flag=True, help="Read and report; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def import_roster(*, file: Path, slug: str | None, dry_run: bool, as_json: bool) -> None:
    """Import people from a roster into a contest. Exit codes as for import-questions."""
    document, code = contests_tasks.import_roster_command(file, slug, dry_run=dry_run)
    report(document, as_json=as_json)
    sys.exit(code)
