"""Seeds: the living demo, or one contest at a chosen stage. Deterministic by seed number.

Everything goes through the rooms' own actions, with instants of the past passed in, so that a
seeded contest is what a real one would have become.
"""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from flask import current_app
from sqlalchemy import func, select

from contest.accounts.models import Person
from contest.config import Settings
from contest.contests.models import Stage
from contest.core import audit
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.core.transactions import unit_of_work
from contest.demo import (
    aftermath,
    all_kinds,
    bank,
    dossiers,
    foundation,
    honours,
    story,
    texts,
    two_stages,
)
from contest.demo.foundation import Foundation
from contest.demo.season import telling
from contest.demo.season.sizes import SMALL, SeasonSize
from contest.demo.season.telling import Say
from contest.demo.story import series
from contest.quizzes.actions.live import beat
from contest.quizzes.queries.live import rounds_alive
from contest.reports.tasks import rebuild_counts

SEED: Final = 2026
SIGN_INS_FILE: Final = "demo-sign-ins.txt"
_UNAMBIGUOUS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class RealPeople(RuleBroken):
    """The database holds people who are not from a seed."""

    message = _l("This database holds real people. A seed only goes into an empty one.")


def seed(
    *,
    stage: Stage | None,
    whole_demo: bool,
    now: datetime,
    size: int = story.CROWD,
    season: SeasonSize | None = None,
    number: int = SEED,
    say: Say = lambda _line: None,
) -> list[str]:
    """Fill the database. A second seed adds contests to what the first one laid.

    Args:
        stage: one contest at this stage; None for the demo with a published, an open and a
            planned round, and a contest of another organisation.
        whole_demo: write one sign-in for each role to `instance/demo-sign-ins.txt`.
        now: "today" of the demo.
        size: how many people take part beside the cast.
        season: a season of essays and quizzes of this size, instead of all that.
        number: the seed number; the same makes the same people, texts, marks and prizes.
        say: told what is being made, where that takes long.

    Returns:
        Lines to show to the person who asked.

    Raises:
        RealPeople: somebody in the database is not from a seed.
    """
    with unit_of_work():
        if db.session.scalar(
            select(func.count()).select_from(Person).where(Person.is_demo.is_(False))
        ):
            raise RealPeople
    passwords: dict[str, str] = {}
    with unit_of_work():
        base = foundation.found()
    if base is None:
        passwords = _passwords()
        with unit_of_work():
            base = foundation.lay(passwords=passwords, now=now)
    if season is None:
        story.tell(base, stage=stage, now=now, seed=number, size=size)
        if whole_demo and stage is None:
            _tell_of_essays(base, now=now, number=number, say=say)
            with unit_of_work():
                honours.tell(base, now=now)
            with unit_of_work():
                aftermath.tell(base, now=now)
            with unit_of_work():
                bank.tell(base, now=now)
                all_kinds.tell(base, now=now)
            with unit_of_work():
                dossiers.tell(base, now=now)
            say("A series")
            series.tell(base, now=now, seed=number + 3)
            say("Two stages")
            two_stages.tell(base, now=now, seed=number + 2)
        rebuild_counts(now=utc_now())
        with unit_of_work():
            _count_running(utc_now())
    else:
        telling.tell(base, stage=stage, now=now, seed=number, size=season, say=say)
    say("Sealing")
    while _seal():
        pass
    lines = _sign_in_lines(base, passwords)
    if whole_demo and passwords:
        settings: Settings = current_app.extensions["settings"]
        _keep_private(settings.instance / SIGN_INS_FILE, "\n".join(lines) + "\n")
    return lines


def _tell_of_essays(base: Foundation, *, now: datetime, number: int, say: Say) -> None:
    """The demo's essays: some that Hoa is to mark, and winners to read."""
    for stage, title, own in (
        (Stage.PUBLISHED, texts.EARLIER_TITLE, number + 1),
        (Stage.MARKING, texts.SEASON_TITLE, number),
    ):
        telling.tell(
            base,
            stage=stage,
            title=title,
            minh_writes=stage is Stage.PUBLISHED,
            now=now,
            seed=own,
            size=SMALL,
            say=say,
        )


def _count_running(now: datetime) -> None:
    """The counters of the open rounds, as the job would make them at this instant."""
    for each in rounds_alive(now):
        beat(contest_round=each, now=now)


def _seal() -> int:
    """Seal some events in a unit of their own; returns how many."""
    with unit_of_work():
        sealed = audit.seal_events(now=utc_now())
    db.session.expunge_all()
    return sealed


def _passwords() -> dict[str, str]:
    """A random password for each member of the cast.

    A demo that is reachable by mistake is then not open to whoever has read the source.
    """
    return {
        key: "-".join("".join(secrets.choice(_UNAMBIGUOUS) for _ in range(4)) for _ in range(3))
        for key in foundation.CAST
    }


def _sign_in_lines(base: Foundation, passwords: dict[str, str]) -> list[str]:
    return [
        f"{member.part:<22} {member.email:<28} {passwords[key]:<16} {base.people[key].full_name}"
        for key, member in foundation.CAST.items()
        if key in passwords
    ]


def _keep_private(path: Path, words: str) -> None:
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(words, encoding="utf-8")
