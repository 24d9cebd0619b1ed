"""The application: the only place that knows every room.

`create_app` goes from settings to extensions, registries, blueprints, error pages and the access
guard, in that order.
"""

import gc
import logging
import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

import structlog
from click import Command, Context
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.orm import configure_mappers

from contest.config import PROJECT_ROOT, Settings, read_settings
from contest.core import views as core_views
from contest.core.access import check_access_marks
from contest.core.db import assert_durability, db, init_database
from contest.core.files import open_store
from contest.core.i18n import init_languages
from contest.core.routes import LateRule, NameInAddress, NumberInAddress
from contest.core.static_files import compressed_copy
from contest.core.templates import keep_compiled
from contest.core.transactions import init_transactions
from contest.core.web import init_web

ROOMS: Final = (
    "contest.accounts",
    "question_bank",
    "contest.contests",
    "contest.quizzes",
    "contest.submissions",
    "contest.judging",
    "contest.results",
    "contest.awards",
    "contest.reports",
    "contest.portal",
)
"""From the lowest floor up; each may bring `models`, `tasks` and `views`."""


STATIC: Final = PROJECT_ROOT / "static"


def create_app(settings: Settings | None = None, *, static_dir: Path = STATIC) -> Flask:
    """Build the application.

    Args:
        settings: by default read from the environment.
        static_dir: what browsers fetch; the server gives a copy with compressed forms.

    Raises:
        contest.config.WrongSetting: a value of the environment cannot be used.
        RuntimeError: a route carries no access mark.
    """
    settings = settings or read_settings(os.environ)
    configure_logging(settings)
    app = Flask(
        "contest",
        root_path=str(PROJECT_ROOT / "contest"),
        static_folder=None,
        template_folder=str(PROJECT_ROOT / "templates"),
    )
    app.url_rule_class = LateRule
    app.url_map.converters |= {
        "int": NumberInAddress,
        "default": NameInAddress,
        "string": NameInAddress,
    }
    app.config["MIGRATIONS_DIR"] = PROJECT_ROOT / "migrations"
    app.extensions["settings"] = settings
    app.extensions["file_store"] = open_store(settings)
    init_transactions(app)
    init_database(app, settings.database_url, settings.read_database_url)
    init_languages(app, PROJECT_ROOT / "translations")
    init_web(app, settings, static_dir)
    _add_rooms(app)
    app.cli = Commands(app)
    check_access_marks(app)
    return app


class Commands(AppGroup):
    """The flask commands, read when a command is asked for: a server needs none of them."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.name)
        self._app = app
        self._read = False

    def _fill(self) -> None:
        if not self._read:
            self._read = True
            self.add_command(import_module("flask_migrate.cli").db)
            import_module("contest.cli").register(self._app)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of this name, or None."""
        self._fill()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Context) -> list[str]:
        """The names of all commands."""
        self._fill()
        return super().list_commands(ctx)


def serve() -> Flask:
    """The application for a server's worker.

    Checks durability, and keeps the collector off the objects of the start: it would look through
    all of them again and again while they are made, and later (p99 of a save fell from 29 to
    12 ms). Compiled templates are kept beside the data.
    """
    gc.disable()
    settings = read_settings(os.environ)
    app = create_app(settings, static_dir=compressed_copy(STATIC, settings.instance))
    keep_compiled(app, settings.instance / "templates")
    with app.app_context():
        assert_durability()
    configure_mappers()
    app.url_map.update()  # sorted now, it lies in memory once for all workers
    gc.freeze()
    gc.enable()
    return app


@cache
def application() -> Flask:
    """What `serve` gives, made once in a process and known to those forked from it."""
    app = serve()
    with app.app_context():
        db.engine.dispose()  # no worker may speak on a connection that another one holds
    return app


def _room_part(room: str, part: str) -> ModuleType | None:
    """A part that a room may go without; one that is there and broken stops the start."""
    name = f"{room}.{part}"
    return None if find_spec(name) is None else import_module(name)


def _add_rooms(app: Flask) -> None:
    app.register_blueprint(core_views.blueprint)
    for room in ROOMS:
        for part in ("models", "tasks"):
            _room_part(room, part)
        views = _room_part(room, "views")
        if views is None:
            continue
        app.register_blueprint(views.blueprint)
        if hasattr(views, "register"):
            views.register(app)


def configure_logging(settings: Settings) -> None:
    """Logs go to standard error, one line each, without personal data."""
    level = getattr(logging, settings.log_level.upper())
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    # Alembic names its plugins at each start; five lines that tell nobody anything.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=os.fdopen(2, "w", closefd=False)),
        cache_logger_on_first_use=True,
    )
