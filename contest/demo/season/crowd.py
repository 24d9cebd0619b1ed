"""Registering thousands at once, so that every row is what `contests.register` would have left."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, insert, select

from contest.accounts.actions import NewPerson, create_people
from contest.accounts.consent_texts import current_words
from contest.accounts.models import Consent, ConsentPurpose, ConsentText, Person
from contest.accounts.queries import UnitPath, unit_paths
from contest.accounts.rules import birth_of
from contest.contests.models import Contest, Entry, Registration, RegistrationSource
from contest.contests.rules import (
    asks_for_birth,
    division_for,
    eligibility,
    first_day,
    ids_of_path,
    new_registration_code,
)
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import DatePrecision, PartialDate, fold
from contest.demo.fiction import person_name
from contest.demo.story.attempts import as_actor

LOCALE: Final = "vi"
_CHANNEL: Final = "registration"
_PHONES: Final = "+8497000"
_PUBLISHES_NAME: Final = 0.97
_PURPOSES: Final = (ConsentPurpose.TAKE_PART, ConsentPurpose.PUBLISH_NAME)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody registered, as later steps need them, without a row of the session."""

    person_id: int
    registration_id: int
    entry_id: int
    entry_public_id: str
    full_name: str
    actor: Actor


def member_of(person: Person, registration: Registration) -> Member:
    """Somebody of the cast who was registered, with the entry that came of it."""
    entry = db.session.scalars(select(Entry).where(Entry.registration_id == registration.id)).one()
    return Member(
        person.id, registration.id, entry.id, entry.public_id, person.full_name, as_actor(person)
    )


@dataclass(frozen=True, slots=True)
class Signing:
    """A registration to be made: who, when, and whether the name may be published."""

    person: Person
    at: datetime
    publish_name: bool


def invent(count: int, unit_ids: Sequence[int], seed: int, now: datetime) -> list[Person]:
    """So many new people spread over units, earlier units getting more.

    Args:
        count: at most 9,999 for a seed, for the phone numbers.
        unit_ids: where they work.
        seed: the same makes the same people.
        now: when they came on record.
    """
    chance = random.Random(f"people {seed}")  # noqa: S311  (fiction needs no secrecy)
    # A second season brings people of its own, with phone numbers that follow on.
    first = db.session.scalar(
        select(func.count()).select_from(Person).where(Person.phone.startswith(_PHONES))
    )
    weights = [1 / (place + 12) for place in range(len(unit_ids))]
    homes = chance.choices(unit_ids, weights, k=count)
    # Everybody in turn for the first round, so that no unit is without an author.
    homes[: len(unit_ids)] = unit_ids[:count]
    made = [
        NewPerson(
            full_name=person_name(chance),
            phone=f"{_PHONES}{number:04d}",
            birth=PartialDate(
                date(1960, 1, 1) + timedelta(days=chance.randrange(365 * 47)), DatePrecision.DAY
            ),
            unit_id=unit_id,
        )
        for number, unit_id in enumerate(homes, start=first or 0)
    ]
    return create_people(people=made, is_demo=True, actor=None, now=now)


def signings(people: Sequence[Person], since: datetime, seed: int) -> list[Signing]:
    """When each registered, in the order of time, and what they agreed to."""
    chance = random.Random(f"signings {seed}")  # noqa: S311  (see above)
    moments = sorted(since + timedelta(seconds=chance.randrange(900_000)) for _ in people)
    return [
        Signing(person, at, chance.random() < _PUBLISHES_NAME)
        for person, at in zip(people, moments, strict=True)
    ]


def register_all(contest: Contest, people: Sequence[Signing]) -> list[Member]:
    """Register people who registered themselves, with entries, consents and events.

    The texts of the consents are on record already: somebody registered by the action before.
    """
    paths = unit_paths({one.person.unit_id for one in people if one.person.unit_id})
    on = first_day(contest)
    rows = [_registration(contest, one, paths, on) for one in people]
    registrations = db.session.execute(
        insert(Registration).returning(Registration.id, sort_by_parameter_order=True), rows
    ).scalars()
    ids = list(registrations)
    entries = db.session.execute(
        insert(Entry).returning(Entry.id, Entry.public_id, sort_by_parameter_order=True),
        [
            {
                "contest_id": contest.id,
                "registration_id": registration_id,
                "ordinal": 1,
                "created_at": one.at,
            }
            for registration_id, one in zip(ids, people, strict=True)
        ],
    ).all()
    _agree(contest, people)
    _record(contest, people, rows, ids)
    return [
        Member(one.person.id, registration_id, entry[0], entry[1], one.person.full_name, actor)
        for one, registration_id, entry, actor in zip(
            people, ids, entries, [as_actor(one.person) for one in people], strict=True
        )
    ]


def _registration(
    contest: Contest, one: Signing, paths: dict[int, UnitPath], on: date | None
) -> dict[str, Any]:
    person = one.person
    path = paths[person.unit_id or 0]
    birth = birth_of(person.birth_date, person.birth_precision)
    assert birth is not None or not asks_for_birth(contest)  # noqa: S101  (`invent` gives one)
    answer = eligibility(contest, birth, ids_of_path(path.ids), on)
    assert answer.refusal is None  # noqa: S101  (the demo's rules admit the demo's people)
    choice = division_for(contest.divisions, birth, on)
    return {
        "contest_id": contest.id,
        "person_id": person.id,
        "code": new_registration_code(),
        "full_name": person.full_name,
        "name_folded": person.name_folded,
        "sort_key": person.sort_key,
        "birth_date": person.birth_date,
        "birth_precision": person.birth_precision,
        "unit_id": person.unit_id,
        "unit_path": path.names,
        "unit_ids": path.ids,
        "unit_folded": fold(path.names),
        "division_id": None if choice.division is None else choice.division.id,
        "source": RegistrationSource.SELF,
        "registered_at": one.at,
        "withdrawn_at": None,
    }


def _agree(contest: Contest, people: Sequence[Signing]) -> None:
    for purpose in _PURPOSES:
        agreed = [one for one in people if one.publish_name or purpose is _PURPOSES[0]]
        if not agreed:
            continue
        words = db.session.scalars(
            select(ConsentText).where(
                ConsentText.purpose == purpose,
                ConsentText.version == current_words(purpose).version,
                ConsentText.locale == LOCALE,
            )
        ).one()
        db.session.execute(
            insert(Consent),
            [
                {
                    "person_id": one.person.id,
                    "purpose": purpose,
                    "text_id": words.id,
                    "scope_id": contest.scope_id,
                    "channel": _CHANNEL,
                    "given_at": one.at,
                }
                for one in agreed
            ],
        )
        audit.record_many(
            audit.event_values(
                "accounts.consent_given",
                actor=None,
                now=one.at,
                subject=("person", one.person.id),
                scope_id=contest.scope_id,
                data={
                    "purpose": purpose.value,
                    "version": words.version,
                    "digest": words.digest,
                    "channel": _CHANNEL,
                },
            )
            for one in agreed
        )


def _record(
    contest: Contest, people: Sequence[Signing], rows: Sequence[dict[str, Any]], ids: list[int]
) -> None:
    audit.record_many(
        audit.event_values(
            "contests.registered",
            actor=as_actor(one.person),
            now=one.at,
            subject=("registration", registration_id),
            scope_id=contest.scope_id,
            data={"source": RegistrationSource.SELF.value, "age_certain": True},
            personal={"name": row["full_name"], "code": row["code"]},
        )
        for one, row, registration_id in zip(people, rows, ids, strict=True)
    )
