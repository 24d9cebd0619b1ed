"""Commands of the catalogues."""

import click
from flask.cli import with_appcontext

from contest.config import PROJECT_ROOT
from contest.core.i18n import compile_catalogues


@click.group()
def translations() -> None:
    """Catalogues of the interface."""


@translations.command("compile")
@with_appcontext
def compile_translations() -> None:
    """Merge the rooms' catalogues into the binary one."""
    count = compile_catalogues(PROJECT_ROOT / "translations")
    click.echo(f"{count} messages", err=True)
