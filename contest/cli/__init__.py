"""The flask commands. With `--json` one document on one line, nothing else on standard output."""

from flask import Flask

from contest.cli.exchange import export_questions, import_questions, import_roster
from contest.cli.figures import assign, dossier, item_statistics, reliability, season_report
from contest.cli.lists import contests, units
from contest.cli.seeding import seed
from contest.cli.translating import translations
from contest.cli.upkeep import backup, close_due, restore, retention, run_jobs, verify_audit
from contest.demo.simulation.command import simulate_round


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
