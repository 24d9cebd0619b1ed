"""`flask simulate-round`: people, a round compressed into seconds, and a report."""

import json
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any, Final

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from contest.accounts.actions import NewPerson, create_people, open_sign_in, record_consent
from contest.accounts.models import BirthPrecision, ConsentPurpose
from contest.contests.actions import register
from contest.contests.models import Contest, ContestKind, RegistrationSource, Round, Stage
from contest.contests.queries import contest_by_slug
from contest.core.clock import utc_now
from contest.core.transactions import end_read, unit_of_work
from contest.demo.simulation.checking import Cribs, cribs_of_paper, differences
from contest.demo.simulation.cribs import Crib
from contest.demo.simulation.driving import Books, Contestant
from contest.demo.simulation.plans import Plan, plans
from contest.quizzes.queries import questions_in_paper, quiz_of

_SHOWN: Final = 20
_AT_ONCE: Final = 500
_BIRTH: Final = date(1990, 1, 1)


class CannotSimulate(Exception):
    """Why nothing was begun, in words for the person at the terminal."""


@click.command("simulate-round")
@click.option("--contest", "slug", required=True, help="Slug of a contest with an open quiz.")
@click.option("--round", "number", type=click.IntRange(1), help="Number of the round, if several.")
@click.option("--people", type=click.IntRange(1, 100_000), required=True)
@click.option("--last-hour-share", type=click.FloatRange(0, 1), default=0.2, show_default=True)
@click.option("--seconds", type=click.FloatRange(1), default=30.0, show_default=True)
@click.option("--address", default=None, help="Of the running server; PUBLIC_URL if not given.")
@click.option("--clients", type=click.IntRange(1, 256), default=32, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--anyway", is_flag=True, help="Also where this is no demo: it writes people.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on one line.")
@with_appcontext
def simulate_round(*, slug: str, as_json: bool, **asked: Any) -> None:
    """Drive a running server with invented contestants and check what it kept.

    Exit 0 when the database holds exactly what the contestants were told, 1 when not, 2 when
    nothing was begun.
    """
    try:
        report = simulate(current_app._get_current_object(), slug=slug, **asked)  # type: ignore[attr-defined]  # noqa: SLF001
    except CannotSimulate as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, separators=(",", ":")))
    else:
        for name, value in report.items():
            click.echo(f"{name}: {value}")
    sys.exit(0 if report["ok"] else 1)


def simulate(
    app: Flask,
    *,
    slug: str,
    people: int,
    last_hour_share: float,
    seconds: float,
    address: str | None,
    clients: int,
    seed: int,
    number: int | None = None,
    anyway: bool = False,
) -> dict[str, Any]:
    """Make people, let them take part, compare; returns the report.

    Raises:
        CannotSimulate: this is no demo, the contest has no open quiz, or it is not this round.
    """
    settings = app.extensions["settings"]
    if not (settings.demo or anyway):
        raise CannotSimulate("this is no demo; --anyway writes invented people all the same")
    with unit_of_work():
        contest, opened = _the_round(slug, number)
        quiz = quiz_of(opened.id)
        questions = questions_in_paper(quiz) if quiz else 0
        predicts = quiz is not None and quiz.prediction_asked
        start, round_id = f"/contests/{slug}/rounds/{opened.number}/start", opened.id
        cookies = _make_people(app, contest, people, utc_now())
    end_read()
    intended = plans(
        people=people,
        questions=questions,
        seconds=seconds,
        last_hour_share=last_hour_share,
        seed=seed,
        predicts=predicts,
    )
    begun = time.monotonic()
    books = _drive(
        app,
        address=address or settings.public_url,
        start=start,
        cookies=cookies,
        intended=intended,
        clients=clients,
    )
    took = time.monotonic() - begun
    wrong = differences(books, round_id)
    end_read()
    return _report(books, wrong, took)


def _the_round(slug: str, number: int | None) -> tuple[Contest, Round]:
    """The round of that number, or the first that is open, ranked ones before practice."""
    contest = contest_by_slug(slug)
    if contest is None:
        raise CannotSimulate(f"there is no contest {slug}")
    for each in sorted(contest.rounds, key=lambda one: one.is_practice):
        is_open = each.stage is Stage.OPEN and each.kind is ContestKind.QUIZ
        if is_open and number in (None, each.number):
            return contest, each
    if number is not None:
        raise CannotSimulate(f"round {number} of this contest is no open quiz")
    raise CannotSimulate("no quiz round of this contest is open")


def _make_people(app: Flask, contest: Contest, count: int, now: datetime) -> list[tuple[int, str]]:
    """Registered people with a live sign-in: person id and session cookie of each."""
    batch = secrets.token_hex(4)
    branches = [each.unit for each in contest.eligible_units]
    unit = contest.unit if contest.open_to_all_units or not branches else branches[0]
    made: list[tuple[int, str]] = []
    for first in range(0, count, _AT_ONCE):
        created = create_people(
            people=[
                NewPerson(full_name=f"Người Thử {batch} {number}")
                for number in range(first, min(first + _AT_ONCE, count))
            ],
            actor=None,
            now=now,
            is_demo=True,
        )
        for person in created:
            register(
                contest=contest,
                person=person,
                unit=unit,
                birth_date=_BIRTH,
                birth_precision=BirthPrecision.DAY,
                now=now,
                source=RegistrationSource.ROSTER,
            )
            record_consent(
                person=person,
                purpose=ConsentPurpose.TAKE_PART,
                scope=contest.scope,
                channel="simulation",
                locale="vi",
                now=now,
            )
            token = open_sign_in(person=person, device="simulation", address="127.0.0.1", now=now)
            made.append((person.id, _cookie(app, token)))
    return made


def _cookie(app: Flask, token: str) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    return f"{name}={serializer.dumps({'_user_id': token, '_fresh': True})}"


def _drive(
    app: Flask,
    *,
    address: str,
    start: str,
    cookies: list[tuple[int, str]],
    intended: list[Plan],
    clients: int,
) -> list[Books]:
    """Everybody's session at its time; at most `clients` of them at once."""
    zero = time.monotonic()
    known: Cribs = {}

    def cribs(attempt: str) -> list[Crib]:
        with app.app_context():
            found = cribs_of_paper(attempt, known)
            end_read()
            return found

    def one(who: tuple[int, str], plan: Plan) -> Books:
        time.sleep(max(0.0, zero + plan.begins - time.monotonic()))
        books = Books(who[0])
        return Contestant(address, who[1], start, books, cribs=cribs).take_part(plan)

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, cookies, intended))


def _report(books: list[Books], wrong: list[str], took: float) -> dict[str, Any]:
    deeds: Counter[str] = Counter()
    for each in books:
        deeds.update(each.deeds)
    oddities = [f"person {each.person_id}: {odd}" for each in books for odd in each.oddities]
    return {
        "people": len(books),
        "seconds": round(took, 1),
        "attempts": sum(bool(each.attempt) for each in books),
        "acknowledged": sum(len(each.lines) for each in books),
        "handed_in": sum(each.ended for each in books),
        "deeds": dict(sorted(deeds.items())),
        "unexpected": len(oddities),
        "differences": len(wrong),
        "first": (wrong + oddities)[:_SHOWN],
        "ok": not wrong and not oddities,
    }
