"""Pages of the desks on a whole season: CPU for each, and statements against a small season."""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import flask_migrate
from flask import Flask, g, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import Figure, benchmark, measured
from contest.accounts.models import Person
from contest.app import create_app
from contest.config import read_settings
from contest.contests.models import Contest, ContestKind, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read
from contest.demo.foundation import CAST
from contest.demo.season.sizes import SEASON, SMALL, SeasonSize
from contest.demo.seed import seed
from contest.judging.models import Juror, MarkSheet
from tests.support.cast import sign_in_as
from tests.support.counting import count_queries

TURNS: Final = 9
SEED_SECONDS: Final = 180
DESK: Final = 50.0
SHEET: Final = 100.0
FEW_ATTEMPTS: Final = 600


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is looked at: by whom, where, and what it may cost in ms of CPU."""

    name: str
    who: str
    address: str
    at_most: float = DESK


@dataclass(frozen=True, slots=True)
class Look:
    """What a page took: ms of CPU, statements, bytes."""

    cpu: float
    statements: int
    size: int


@dataclass(slots=True)
class Steps:
    """CPU seconds at which the seed began each of its steps, by what it said."""

    began: dict[str, float] = field(default_factory=dict)

    def say(self, line: str) -> None:
        """Note a step."""
        self.began[line] = time.process_time()

    def between(self, first: str, end: str) -> float:
        """Seconds from the step that begins so to the one that ends so."""
        start = next(at for line, at in self.began.items() if line.startswith(first))
        return next(at for line, at in self.began.items() if line.endswith(end)) - start


@contextmanager
def seeded(size: SeasonSize, stage: Stage) -> Iterator[tuple[Flask, float, Steps]]:
    """The application on a season at a stage, in a file of its own; and the seed's CPU seconds.

    With SEASON_FOLDER set, what was seeded there before is used again, and nothing is thrown
    away.
    """
    kept = os.environ.get("SEASON_FOLDER")
    with TemporaryDirectory() as name:
        folder = Path(kept or name) / f"{size.essays}-{size.attempts}-{stage.value}"
        known = folder.exists()
        steps = Steps()
        folder.mkdir(parents=True, exist_ok=True)
        app = create_app(
            read_settings(
                {
                    "DATABASE_URL": f"sqlite:///{folder / 'season.sqlite3'}",
                    "INSTANCE_DIR": str(folder),
                    "SECRET_KEY": "k" * 40,
                    "LOG_LEVEL": "error",
                }
            )
        )
        with app.app_context():
            with measured() as span:
                if not known:
                    flask_migrate.upgrade()
                    seed(stage=stage, whole_demo=False, now=utc_now(), season=size, say=steps.say)
            yield app, span.cpu, steps
            db.session.remove()
            db.engine.dispose()


def _pages(stage: Stage) -> list[Page]:
    """The pages of a stage; the addresses are of the same things in every size."""
    contest = db.session.scalars(
        select(Contest).where(Contest.kind == ContestKind.ESSAY).order_by(Contest.id)
    ).one()
    slug = contest.slug
    essay = next(each for each in contest.rounds if each.kind is ContestKind.ESSAY)

    def here(endpoint: str) -> str:
        return url_for(endpoint, slug=slug, number=essay.number)

    hoa = db.session.scalars(select(Person).where(Person.email == CAST["hoa"].email)).one()
    sheet = db.session.scalars(
        select(MarkSheet)
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .where(Juror.person_id == hoa.id)
        .order_by(MarkSheet.position.desc())
    ).first()
    assert sheet is not None
    marking = [
        Page("organiser home", "lan", url_for("portal.contest_home", slug=slug)),
        Page("registrations", "lan", url_for("contests.registrations", slug=slug)),
        Page("registrations, search", "lan", url_for("contests.registrations", slug=slug, q="lan")),
        Page("registrations, page 2", "lan", url_for("contests.registrations", slug=slug, page=2)),
        Page("screening queue", "thu", here("submissions.screening") + "?state=passed"),
        Page("near-duplicates", "thu", here("submissions.duplicates")),
        Page("jury", "lan", here("judging.jury")),
        Page("marking progress", "lan", here("judging.marking")),
        Page("works that wait", "lan", here("judging.open_works")),
        Page("moves between judges", "lan", here("judging.move")),
        Page("assignment", "lan", here("judging.assignment")),
        Page("chief's queue", "hoa", url_for("judging.chief_queue", round_id=essay.public_id)),
        Page("judge's rounds", "hoa", url_for("judging.rounds")),
        Page("judge's desk", "hoa", url_for("judging.works", round_id=essay.public_id)),
        Page("judge's sheet", "hoa", url_for("judging.sheet", sheet_id=sheet.public_id), SHEET),
    ]
    results = [
        Page("ranking of a week", "lan", url_for("results.ranking", slug=slug, number=1)),
        Page("ranking of essays", "lan", here("results.ranking")),
        Page("prizes of essays", "lan", here("results.decide")),
        Page("honoured persons", "lan", here("results.honours")),
        Page(
            "honoured persons, search",
            "lan",
            url_for("results.honours", slug=slug, number=essay.number, q="lan"),
        ),
        Page("public contest", "", url_for("portal.contest", slug=slug)),
        Page("public results of a week", "", url_for("results.public", slug=slug, number=1)),
        Page("public results of essays", "", here("results.public")),
    ]
    return results if stage is Stage.PUBLISHED else marking


def _clients(app: Flask) -> dict[str, FlaskClient]:
    clients = {"": app.test_client()}
    for key in ("lan", "thu", "hoa"):
        person = db.session.scalars(select(Person).where(Person.email == CAST[key].email)).one()
        clients[key] = app.test_client()
        sign_in_as(clients[key], person)
    end_read()
    return clients


def look_at(app: Flask, stage: Stage) -> dict[str, tuple[Page, Look]]:
    """Fetch each page of a stage several times; the middle one counts."""
    with app.test_request_context():
        pages = _pages(stage)
    clients = _clients(app)
    return {page.name: (page, _look(clients[page.who], page)) for page in pages}


def _fresh() -> None:
    """Nothing of an earlier request helps the next one: neither what `g` holds nor a row."""
    for name in list(g):
        g.pop(name)
    end_read()
    db.session.remove()


def _look(client: FlaskClient, page: Page) -> Look:
    for _turn in range(2):
        _fresh()
        answer = client.get(page.address)
        assert answer.status_code == 200, (page, answer.status_code)
    _fresh()
    with count_queries() as queries:
        answer = client.get(page.address)
    times = []
    for _turn in range(TURNS):
        _fresh()
        start = time.process_time()
        client.get(page.address)
        times.append(1_000 * (time.process_time() - start))
    return Look(statistics.median(times), queries.count, len(answer.data))


@benchmark("season")
def season() -> Iterator[Figure]:
    """A season of 1,812 essays and three weeks of attempts: its seed, and pages of the desks."""
    marking = replace(SEASON, attempts=FEW_ATTEMPTS)
    for size, stage in ((marking, Stage.MARKING), (SEASON, Stage.PUBLISHED)):
        with seeded(SMALL, stage) as (app, _seconds, _steps):
            small = look_at(app, stage)
        with seeded(size, stage) as (app, seconds, steps):
            if size is SEASON and steps.began:
                yield Figure("seed", seconds, "s CPU", at_most=SEED_SECONDS)
                drawn = steps.between("Assignment", "sheets")
                yield Figure("assignment, codes and sheets", drawn, "s CPU")
            large = look_at(app, stage)
        for name, (page, look) in large.items():
            yield Figure(name, look.cpu, "ms CPU", at_most=page.at_most)
            few = small[name][1].statements
            yield Figure(f"{name}: statements", look.statements, f"(small {few})", at_most=few)
            yield Figure(f"{name}: length", look.size / 1_000, "kB")
