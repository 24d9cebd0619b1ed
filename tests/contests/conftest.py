"""A contest of Lâm Sơn whose rounds are of a kind made for these tests.

`StoryKind` is a round kind like any other room's: one class and one call of `register_kind`. Its
rounds are ready when their title does not say otherwise, and it notes what it was asked to do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from contest.contests import actions, kinds, queries
from contest.contests.kinds import (
    KeyLine,
    RankKeyKind,
    ReadinessItem,
    RoundCounts,
    ScoreRow,
    UnitCount,
)
from contest.contests.models import Contest, ContestKind, Round
from contest.core.access import Actor
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from tests.support.cast import Cast, actor_of

FIRST_DAY = date(2026, 9, 7)
WEEK = timedelta(days=7)


@dataclass
class StoryKind:
    """Rounds in which stories are told; in memory, for the tests of this room."""

    kind: ContestKind = ContestKind.STORY
    frozen: list[int] = field(default_factory=list)
    running: int = 0
    knows: set[int] = field(default_factory=set)
    missing: bool = False

    def readiness(self, round: Round, now: datetime, /) -> list[ReadinessItem]:
        return [
            ReadinessItem(
                "stories",
                not self.missing,
                "Stories",
                "",
                "contests.round",
                {"slug": round.contest.slug, "number": round.number},
            )
        ]

    def freeze(self, round: Round, actor: Actor | None, now: datetime, /) -> None:
        self.frozen.append(round.id)

    def discard(self, round: Round, /) -> None:
        self.frozen = [each for each in self.frozen if each != round.id]

    def settle(self, round: Round, now: datetime, /) -> int:
        return self.running

    def counts(self, round: Round, /) -> RoundCounts:
        return RoundCounts(0, 0)

    def unit_counts(self, round: Round, /) -> list[UnitCount]:
        return []

    def facts(self, round: Round, disqualified_entry_ids: set[int], /) -> dict[str, Any]:
        return {}

    def score_rows(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Iterator[ScoreRow]:
        return iter(())

    def explain(self, code: str, value: int, /) -> str:
        return f"{code} {value}"

    def shown(self, code: str, value: int, /) -> str:
        return str(value)

    def answer_key(self, round: Round, /) -> list[KeyLine]:
        return []

    def insiders(self, round: Round, /) -> set[int]:
        return set(self.knows)


STORY_KEYS = (
    RankKeyKind(
        "told_well",
        "Told well",
        "More is better.",
        frozenset({ContestKind.STORY}),
        is_merit=True,
        is_default=True,
    ),
    RankKeyKind(
        "told_soon",
        "Told soon",
        "Earlier is better.",
        frozenset({ContestKind.STORY}),
        is_default=True,
    ),
    RankKeyKind("told_short", "Told shortly", "Shorter is better.", frozenset({ContestKind.STORY})),
)


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> StoryKind:
    """The kind of the rounds, registered for the length of a test."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(kinds, "_rank_keys", dict(kinds._rank_keys))
    kind = StoryKind()
    kinds.register_kind(kind)
    for key in STORY_KEYS:
        kinds.register_rank_key(key)
    return kind


@dataclass
class World:
    """The contest of the stories, and doors to it. Objects are loaded anew for each step."""

    app: Flask
    cast: Cast
    now: datetime
    story: StoryKind
    slug: str = ""

    @property
    def contest(self) -> Contest:
        found = queries.contest_by_slug(self.slug)
        assert found is not None
        return found

    def round(self, number: int = 1) -> Round:
        found = queries.round_by_number(self.contest, number)
        assert found is not None
        return found

    def actor(self, name: str) -> Actor:
        """Somebody of the cast as the one who asks."""
        end_read()
        with unit_of_work():
            return actor_of(getattr(self.cast, name), self.now)

    def announced(self) -> None:
        """The contest with a week that is ready to open, announced."""
        end_read()
        with unit_of_work():
            contest = self.contest
            actions.edit_rules_text(
                contest=contest, rules_text="Ai cũng được thi.", actor=None, now=self.now
            )
            contest.announced_at = self.now

    def tell(self, **changes: Any) -> None:
        """Set columns of the contest."""
        end_read()
        with unit_of_work():
            contest = self.contest
            for name, value in changes.items():
                setattr(contest, name, value)

    def tell_round(self, number: int = 1, **changes: Any) -> None:
        """Set columns of a round."""
        end_read()
        with unit_of_work():
            found = self.round(number)
            for name, value in changes.items():
                setattr(found, name, value)


def build_world(app: Flask, cast: Cast, now: datetime, story: StoryKind) -> World:
    """Write the contest; needs an open context."""
    world = World(app, cast, now, story)
    with unit_of_work():
        contest = actions.create_contest(
            title="Kể chuyện gương sáng",
            unit=db.session.merge(cast.province),
            kind=ContestKind.STORY,
            starts_on=FIRST_DAY,
            ends_on=FIRST_DAY + timedelta(days=27),
            actor=None,
            now=now,
        )
        opens_at = datetime(2026, 9, 7, 3, 0, tzinfo=now.tzinfo)
        actions.add_round(
            contest=contest,
            title="Tuần 1",
            opens_at=opens_at,
            closes_at=opens_at + WEEK - timedelta(hours=1),
            actor=None,
            now=now,
        )
        world.slug = contest.slug
    return world


@pytest.fixture
def world(app: Flask, cast: Cast, now: datetime, story: StoryKind) -> Iterator[World]:
    """A draft of Lâm Sơn with one planned week, seven days from Monday 7 September 2026, 10:00.

    A context is open all the time: for actions and queries, not for pages.
    """
    with app.app_context():
        yield build_world(app, cast, now, story)
        db.session.rollback()
