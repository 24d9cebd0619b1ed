"""An essay round that was marked, for the stories of results; names are known to the tests only."""

from collections.abc import Sequence
from datetime import datetime

from flask import Flask

from contest.accounts.actions import record_consent, withdraw_consent
from contest.accounts.models import Consent, ConsentPurpose, Person
from contest.contests.models import Entry
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions as judging
from contest.results.actions import (
    LevelValues,
    ask_unsealing,
    decide_prizes,
    make_rank_run,
    publish,
    set_prize_levels,
    set_prize_terms,
    unseal,
)
from contest.results.models import PrizeCode, TiePolicy
from contest.submissions.models import BlindCode, Work, WorkVersion
from tests.judging.conftest import Jury, make_jury
from tests.support.cast import Cast
from tests.support.kept import kept

MARKS = ("9.25", "9", "8.75", "8.5", "8", "7.5")
"""The mark of each work of `AUTHORS`, in their order, from every judge who has it."""

LEVELS = (
    LevelValues(PrizeCode.FIRST, 1, 5_000_000, TiePolicy.STOP),
    LevelValues(PrizeCode.SECOND, 1, 3_000_000, TiePolicy.STOP),
    LevelValues(PrizeCode.THIRD, 1, 2_000_000, TiePolicy.STOP),
)


class Essays(Jury):
    """The jury's story with what happens after the marks."""

    def give_marks(self, marks: Sequence[str] = MARKS) -> None:
        """Every judge gives each of their works its mark."""
        for person in (self.cast.hoa, self.cast.tu, self.cast.cuc):
            for sheet in self.sheets(person):
                self.finish(person, sheet.work_id, marks[self.work_ids.index(sheet.work_id)])

    def lock(self) -> None:
        """Close the marking."""
        lan = self.actor(self.cast.lan)
        with unit_of_work():
            judging.close_marking(contest_round=self.round, actor=lan, now=self.now)

    def rank(self, reason: str = "") -> None:
        """Make a ranking."""
        lan = self.actor(self.cast.lan)
        with unit_of_work():
            make_rank_run(round=self.round, reason=reason, actor=lan, now=self.now)

    def limit(self, *, per_author: int | None = None, per_unit: int | None = None) -> None:
        """Set caps."""
        with unit_of_work():
            set_prize_terms(
                over=self.round,
                per_author=per_author,
                per_unit=per_unit,
                shows_criteria=False,
                actor=None,
                now=self.now,
            )

    def decide(self, **kwargs: object) -> None:
        """Decide the prizes."""
        lan = self.actor(self.cast.lan)
        with unit_of_work():
            decide_prizes(over=self.round, actor=lan, now=self.now, **kwargs)  # type: ignore[arg-type]

    def unseal(self, reason: str = "Ban tổ chức đã quyết định giải") -> None:
        """Lan asks for the codes, somebody else opens them."""
        lan, admin = self.actor(self.cast.lan), self.actor(self.cast.admin)
        with unit_of_work():
            ask_unsealing(round_=self.round, reason=reason, actor=lan, now=self.now)
        with unit_of_work():
            unseal(round_=self.round, actor=admin, now=self.now)

    def publish(self, **kwargs: object) -> None:
        """Publish the results."""
        lan = self.actor(self.cast.lan)
        values: dict[str, object] = {"decision_number": "12-QĐ/BTC", "decided_on": None} | kwargs
        with unit_of_work():
            publish(over=self.round, actor=lan, now=self.now, **values)  # type: ignore[arg-type]

    def work(self, number: int) -> Work:
        """A work, by its number in the story."""
        found = db.session.get(Work, self.work_ids[number])
        assert found is not None
        return found

    def code(self, number: int) -> str:
        """Its blind code."""
        row = db.session.get(BlindCode, (self.round_id, self.work_ids[number]))
        assert row is not None
        return row.code

    def agree(self, number: int, *purposes: ConsentPurpose) -> None:
        """The author of a work agrees to something."""
        with unit_of_work():
            work = self.work(number)
            for purpose in purposes:
                record_consent(
                    person=work.person,
                    purpose=purpose,
                    scope=work.round.contest.scope,
                    channel="test",
                    locale="vi",
                    now=self.now,
                )

    def withdraw(self, number: int, purpose: ConsentPurpose) -> None:
        """The author takes a consent back."""
        with unit_of_work():
            consent = (
                db.session.query(Consent)
                .filter_by(person_id=self.work(number).person_id, purpose=purpose)
                .filter(Consent.withdrawn_at.is_(None))
                .one()
            )
            withdraw_consent(consent=consent, actor=None, now=self.now)

    def telling(self) -> frozenset[str]:
        """Everything that would tell who wrote: names, mail, telephone, codes, unit, titles."""
        end_read()
        found: set[str] = set()
        for number in range(len(self.work_ids)):
            work = self.work(number)
            person: Person = work.person
            entry = db.session.get_one(Entry, work.entry_id)
            registration = entry.registration
            version = db.session.get_one(WorkVersion, work.submitted_version_id)
            found |= {
                person.full_name,
                person.phone or "",
                (person.phone or "")[3:],
                person.email or "",
                person.public_id,
                registration.public_id,
                registration.code,
                entry.public_id,
                work.public_id,
                version.title,
                *[author.unit_name for author in work.authors],
            }
        end_read()
        return frozenset(found - {""})


@kept
def essays(app: Flask, cast: Cast, now: datetime, *, works: int = 6) -> Essays:
    """Six marked essays with locked marks and three prizes to give; not ranked yet."""
    made = make_jury(app, cast, now, works=works)
    story = Essays(
        made.app, made.cast, made.now, made.contest_id, made.round_id, made.work_ids, made.actors
    )
    for person in (cast.hoa, cast.tu, cast.cuc):
        story.seat(person)
    story.assign()
    with unit_of_work():
        set_prize_levels(over=story.round, levels=LEVELS, actor=None, now=now)
    return story


@kept
def marked(app: Flask, cast: Cast, now: datetime, marks: Sequence[str] = MARKS) -> Essays:
    """The same with marks given and locked, and ranked."""
    story = essays(app, cast, now, works=len(marks))
    story.give_marks(marks)
    story.lock()
    story.rank()
    return story
