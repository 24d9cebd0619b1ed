"""The command that fills a database with fictional data."""

import click
from flask.cli import with_appcontext

from contest.contests.models import Stage
from contest.core.clock import utc_now
from contest.core.errors import RuleBroken
from contest.demo import seed as demo_seed
from contest.demo.scenarios import SCENARIOS
from contest.demo.scenarios import load as load_scenario
from contest.demo.season.sizes import SIZES


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
