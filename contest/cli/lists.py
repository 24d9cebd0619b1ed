"""Commands that list units and contests."""

import click
from flask.cli import with_appcontext

from contest.accounts import queries as accounts_queries
from contest.cli.output import say
from contest.contests import queries as contests_queries
from contest.core.clock import utc_now
from contest.core.transactions import end_read


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def units(*, as_json: bool) -> None:
    """List the units: code, name, kind, code of the parent."""
    rows = accounts_queries.unit_rows()
    end_read()
    if as_json:
        say(rows)
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
        say(rows)
        return
    for row in rows:
        click.echo(f"{row['slug']}\t{row['stage']}\t{row['title']}")
