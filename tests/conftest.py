"""Fixtures of all tests: a fresh database, the application on it, a client that checks pages.

A test that asks for `app` (or for anything built on it) runs twice, on SQLite and on PostgreSQL;
`@pytest.mark.sqlite_only` and `postgresql_only` are for what is said about one of them, and tests
in the browser run on SQLite. Tests of pure rules ask for none of this.
"""

import functools
import gc
import os
import pickle
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import flask_migrate
import hypothesis
import pytest
from coverage import Coverage
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import Browser, Page, sync_playwright

from contest.accounts.models import Person
from contest.app import create_app
from contest.config import PROJECT_ROOT, Settings, read_settings
from contest.core.db import db
from contest.core.i18n import compile_catalogues
from tests.support.browser import live_server, open_window, start_chromium
from tests.support.cast import Cast, committed_cast, sign_in_as
from tests.support.cluster import Cluster, memory_folder, running_cluster
from tests.support.databases import (
    KINDS,
    MIGRATED,
    POSTGRESQL,
    SQLITE,
    WITH_CAST,
    Database,
    Databases,
)
from tests.support.engines import share_compiled_sql
from tests.support.kept import keep_for_copies
from tests.support.pages import CheckingClient
from tests.support.routing import share_compiled_routes
from tests.support.templates import MemoryBytecodeCache

SHARED_FOLDER: Final = "GUONG_SANG_TEST_FOLDER"
SHARED_SOCKET: Final = "GUONG_SANG_TEST_SOCKET"
COMPILED_TEMPLATES: Final = MemoryBytecodeCache()
"""Compiling templates anew for each test's application took a third of the whole run."""
TRANSLATIONS: Final = PROJECT_ROOT / "translations"
NOW: Final = datetime(2026, 9, 2, 2, 0, tzinfo=UTC)
"""The instant of most stories: 9 in the morning of 2 September 2026 in Việt Nam."""

# A property says nothing about time; on a busy machine the 200 ms an example went by now and then.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
_session: Final = ExitStack()
share_compiled_routes()
share_compiled_sql()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="run the long fuzz and kill runs too")


def pytest_configure(config: pytest.Config) -> None:
    """With workers, the one who starts them makes what they share."""
    if not hasattr(config, "workerinput"):
        # Told to stop, end as with Ctrl-C, so that the database server is put away.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not hasattr(config, "workerinput") and not _catalogue_is_fresh():
        # Else sentences would be tested that no reader sees.
        compile_catalogues(TRANSLATIONS)
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        os.environ[SHARED_FOLDER] = _session.enter_context(_temporary_folder())
        os.environ[SHARED_SOCKET] = _session.enter_context(running_cluster()).socket_folder


def _catalogue_is_fresh() -> bool:
    """Whether the compiled catalogue is younger than every file it is made of."""
    made = TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.mo"
    return made.exists() and all(
        each.stat().st_mtime <= made.stat().st_mtime for each in TRANSLATIONS.rglob("*.po")
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _session.close()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`-m browser` leaves files alone in which no test is marked so: reading all takes longer."""
    if config.option.markexpr != "browser" or collection_path.suffix != ".py":
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if "pytest.mark.browser" in text else True


def pytest_collection_finish() -> None:
    """Keep the collector off what the start has made; looking it through took a fifth of a test."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the other database where a test is about one, and deep runs unless asked for."""
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        (kept if _wanted(item, deep=config.getoption("--deep")) else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure coverage on SQLite, and on PostgreSQL where a test is about PostgreSQL alone.

    Tracing doubles the time of a test, and the second pass over the same lines tells nothing new.
    """
    measured = Coverage.current()
    told = item.get_closest_marker("postgresql_only") or _database_kind(item) != POSTGRESQL
    if measured is None or told:
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


def _database_kind(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database_kind") if callspec else None


def _wanted(item: pytest.Item, *, deep: bool) -> bool:
    if item.get_closest_marker("deep") and not deep:
        return False
    kind = _database_kind(item)
    only_sqlite = item.get_closest_marker("sqlite_only") or item.get_closest_marker("browser")
    if kind == POSTGRESQL and only_sqlite:
        return False
    return not (kind == SQLITE and item.get_closest_marker("postgresql_only"))


def _temporary_folder() -> AbstractContextManager[str]:
    return tempfile.TemporaryDirectory(prefix="gs-", dir=memory_folder())


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The maker of databases; PostgreSQL starts only when a test needs it."""
    with ExitStack() as stack:
        started: list[Cluster] = []

        def cluster() -> Cluster:
            if not started:
                shared = os.environ.get(SHARED_SOCKET)
                started.append(
                    Cluster(shared) if shared else stack.enter_context(running_cluster())
                )
            return started[0]

        folder = os.environ.get(SHARED_FOLDER) or stack.enter_context(_temporary_folder())
        yield Databases(Path(folder), cluster, _migrate, _people)


def _migrate(url: str) -> None:
    """Bring a database to the newest revision, as `flask db upgrade` does."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(make_settings(url, Path(folder)))
        with app.app_context():
            if any((PROJECT_ROOT / "migrations" / "versions").glob("*.py")):
                flask_migrate.upgrade()
            else:  # until the first migration is written
                db.create_all()
            db.engine.dispose()


def _people(url: str) -> bytes:
    """Write the cast into a database, as of the instant of most stories; gives it pickled."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(make_settings(url, Path(folder)))
        with app.app_context():
            cast = pickle.dumps(committed_cast(NOW))
            db.session.remove()
            db.engine.dispose()
    return cast


def make_settings(database_url: str, folder: Path, **others: str) -> Settings:
    """Settings of a test; nothing is taken from the environment.

    Args:
        database_url: the database of the test.
        folder: stands for `instance/`.
        others: more variables, as in the environment.
    """
    return read_settings(
        {
            "DATABASE_URL": database_url,
            "INSTANCE_DIR": str(folder),
            "SECRET_KEY": "a-key-that-only-the-tests-know-0123456789",
            "LOG_LEVEL": "error",
            **others,
        }
    )


@pytest.fixture
def now() -> datetime:
    """The instant of the story."""
    return NOW


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` and `postgresql`, one after the other."""
    kind: str = request.param
    return kind


@pytest.fixture
def database(
    databases: Databases, database_kind: str, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A fresh migrated database, with the cast in it where the test is going to ask for it."""
    asked = "cast_in_database" in request.fixturenames
    has_cast = asked and request.getfixturevalue("now") == NOW
    with databases.fresh(database_kind, WITH_CAST if has_cast else MIGRATED) as database:
        yield database


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Path]:
    """The folder that stands for `instance/`."""
    folder = tmp_path / "instance"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def app_options() -> dict[str, str]:
    """Variables of the environment; a test overrides this fixture or parametrises it."""
    return {}


@pytest.fixture
def app(
    databases: Databases, database: Database, instance: Path, app_options: dict[str, str]
) -> Iterator[Flask]:
    """The whole application on a fresh database, without an open context."""
    app = create_app(make_settings(database.url, instance, **app_options))
    app.testing = True
    app.test_client_class = CheckingClient
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    if database.cast:
        keep_for_copies(app, databases, database, NOW)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[AppContext]:
    """An open application context, for tests of actions and queries."""
    with app.app_context() as context:
        yield context


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    """A browser nobody has signed in with, which checks every page it gets."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


@pytest.fixture
def new_client(app: Flask) -> Callable[[], CheckingClient]:
    """Makes more browsers, for a second device or a second person."""

    def make() -> CheckingClient:
        client: Any = app.test_client()
        assert isinstance(client, CheckingClient)
        return client

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; each test opens windows of its own."""
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of a live server on the test's database."""
    with live_server(app) as address:
        yield address


@pytest.fixture
def window(browser: Browser, address: str) -> Callable[..., AbstractContextManager[Page]]:
    """Opens windows: `with window(PHONE, dark=True) as page: …`; see `open_window`."""
    return functools.partial(open_window, browser, address)


@pytest.fixture
def cast_in_database(database: Database) -> Cast | None:
    """The cast, where the database was copied with them; asking for it makes it so."""
    return pickle.loads(database.cast) if database.cast else None  # noqa: S301  (we wrote it)


@pytest.fixture
def cast(app: Flask, now: datetime, cast_in_database: Cast | None) -> Cast:
    """Lan, Minh, Hoa, Tú, An, Bảo … in the database; see `tests/support/cast.py`."""
    if cast_in_database is not None:
        return cast_in_database
    with app.app_context():
        return committed_cast(now)


@pytest.fixture
def signed_in(new_client: Callable[[], CheckingClient]) -> Callable[[Person], CheckingClient]:
    """Opens a browser in which a person is signed in: `client = signed_in(cast.lan)`."""

    def sign_in(person: Person) -> CheckingClient:
        client = new_client()
        sign_in_as(client, person)
        return client

    return sign_in
