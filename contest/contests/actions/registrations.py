"""Registering people and withdrawing them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from contest.accounts.actions import record_consent
from contest.accounts.models import BirthPrecision, ConsentPurpose, Person, Unit
from contest.accounts.queries import UnitPath, has_consent, unit_path
from contest.accounts.rules import birth_of
from contest.contests.models import (
    Contest,
    Entry,
    Registration,
    RegistrationSource,
)
from contest.contests.queries import entry_of, registration_of
from contest.contests.rules import (
    AlreadyWithdrawn,
    Birth,
    BirthDateMissing,
    ConsentMissing,
    NotAnnounced,
    RegistrationClosed,
    RosterOnly,
    UnitMissing,
    asks_for_birth,
    division_for,
    eligibility,
    first_day,
    ids_of_path,
    is_over,
    new_registration_code,
)
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import fold, name_sort_key


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a person agreed to on the registration page, in which language.

    Attributes:
        take_part: needed for taking part.
        publish_name: separate and free.
        locale: of the words that were shown.
        channel: how they came, for the proof.
    """

    take_part: bool
    publish_name: bool
    locale: str
    channel: str = "registration"


def _record(
    what: str,
    registration: Registration,
    *,
    actor: Actor | None,
    now: datetime,
    scope_id: int,
    data: dict[str, Any],
) -> None:
    audit.record(
        f"contests.{what}",
        actor=actor,
        now=now,
        subject=("registration", registration.id),
        scope_id=scope_id,
        data=data,
        personal={"name": registration.full_name, "code": registration.code},
    )


def register(
    *,
    contest: Contest,
    person: Person,
    now: datetime,
    actor: Actor | None = None,
    unit: Unit | None = None,
    birth_date: date | None = None,
    birth_precision: BirthPrecision | None = None,
    agreement: Agreement | None = None,
    source: RegistrationSource = RegistrationSource.SELF,
) -> Registration:
    """Put a person into a contest, with name, birth date and unit as they are now, and an entry.

    A second registration of the same person returns the first; a withdrawn one lives again.
    What the person tells (unit, birth date) fills what their account lacks.

    Args:
        contest: announced, unless the source is a roster.
        person: who takes part.
        now: the instant of the request.
        actor: who does it; the person themself, or an organiser.
        unit: from the tree; the account's when not given.
        birth_date: unknown parts as 1; the account's when not given.
        birth_precision: how much of it is known.
        agreement: the consents; asked of everybody who registers themself.
        source: how the person came.

    Raises:
        NotAnnounced, RegistrationClosed, RosterOnly: nobody can register themself now.
        ConsentMissing: without agreeing to take part.
        BirthDateMissing, UnitMissing: the rules need what was not given.
        NotEligible: one of its kinds; the person certainly may not take part.
    """
    is_self = source is RegistrationSource.SELF
    known = registration_of(contest.id, person.id)
    if known is not None and known.withdrawn_at is None:
        _agree(contest, person, agreement, now)
        return known
    if is_self:
        _check_self(contest, agreement, now)
    _fill_account(person, unit, birth_date, birth_precision, actor=actor)
    unit = unit or person.unit
    path = unit_path(unit) if unit is not None else UnitPath("", "")
    told = _birth_told(person, birth_date, birth_precision)
    birth = birth_of(*told)
    if is_self:
        _ask_for_what_is_missing(contest, birth, unit)
    on = first_day(contest)
    answer = eligibility(contest, birth, ids_of_path(path.ids), on)
    if answer.refusal is not None:
        raise answer.refusal
    choice = division_for(contest.divisions, birth, on)
    registration = known or Registration(
        contest_id=contest.id, person_id=person.id, code=_free_code()
    )
    _write_as_they_are(registration, person, unit, path)
    registration.birth_date, registration.birth_precision = told
    registration.division = choice.division
    registration.source = source
    registration.registered_at, registration.withdrawn_at = now, None
    db.session.add(registration)
    db.session.flush()
    if known is None:
        _make_entry(registration, 1, now)
    _agree(contest, person, agreement, now)
    certain = answer.is_certain and choice.is_certain
    data = {"source": source.value, "age_certain": certain}
    _record("registered", registration, actor=actor, now=now, scope_id=contest.scope_id, data=data)
    return registration


def _check_self(contest: Contest, agreement: Agreement | None, now: datetime) -> None:
    """Whether somebody may register themself, and has agreed to take part."""
    check_self_registration(contest, now)
    if agreement is None or not agreement.take_part:
        raise ConsentMissing


def _birth_told(
    person: Person, day: date | None, precision: BirthPrecision | None
) -> tuple[date | None, BirthPrecision | None]:
    """The birth date that was given, known to the day unless said otherwise, else the account's."""
    if day is None:
        return person.birth_date, person.birth_precision
    return day, precision or BirthPrecision.DAY


def _ask_for_what_is_missing(contest: Contest, birth: Birth | None, unit: Unit | None) -> None:
    if birth is None and asks_for_birth(contest):
        raise BirthDateMissing
    if unit is None and not contest.open_to_all_units:
        raise UnitMissing


def _write_as_they_are(
    registration: Registration, person: Person, unit: Unit | None, path: UnitPath
) -> None:
    """Name and unit as they are today; what changes later changes no registration."""
    registration.full_name = person.full_name
    registration.name_folded = fold(person.full_name)
    registration.sort_key = name_sort_key(person.full_name)
    registration.unit = unit
    registration.unit_path, registration.unit_ids = path.names, path.ids
    registration.unit_folded = fold(path.names)


def _make_entry(registration: Registration, ordinal: int, now: datetime) -> Entry:
    entry = Entry(
        contest_id=registration.contest_id,
        registration_id=registration.id,
        registration=registration,
        ordinal=ordinal,
        created_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def check_self_registration(contest: Contest, now: datetime) -> None:
    """Refuse where nobody can register themself now.

    Raises:
        NotAnnounced, RosterOnly, RegistrationClosed: why not.
    """
    if contest.announced_at is None:
        raise NotAnnounced
    if not contest.self_registration:
        raise RosterOnly
    if is_over(contest, now):
        raise RegistrationClosed


def agree(*, registration: Registration, agreement: Agreement, now: datetime) -> None:
    """Record the consents of somebody whom a roster brought.

    Raises:
        ConsentMissing: without agreeing to take part.
    """
    if not agreement.take_part:
        raise ConsentMissing
    _agree(registration.contest, registration.person, agreement, now)


def _agree(contest: Contest, person: Person, agreement: Agreement | None, now: datetime) -> None:
    if agreement is None:
        return
    given = {
        ConsentPurpose.TAKE_PART: agreement.take_part,
        ConsentPurpose.PUBLISH_NAME: agreement.publish_name,
    }
    for purpose, agreed in given.items():
        if agreed and not has_consent(person.id, purpose, contest.scope_id):
            record_consent(
                person=person,
                purpose=purpose,
                scope=contest.scope,
                channel=agreement.channel,
                locale=agreement.locale,
                now=now,
            )


def _fill_account(
    person: Person,
    unit: Unit | None,
    birth_date: date | None,
    birth_precision: BirthPrecision | None,
    *,
    actor: Actor | None,
) -> None:
    """What people say about themselves fills the gaps of their account, never overwrites it."""
    if actor is None or actor.person_id != person.id:
        return
    if person.unit_id is None and unit is not None:
        person.unit = unit
    if person.birth_date is None and birth_date is not None:
        person.birth_date = birth_date
        person.birth_precision = birth_precision or BirthPrecision.DAY


def _free_code() -> str:
    """A code nobody has; a collision among 8.5 · 10¹¹ is looked for all the same."""
    while True:
        code = new_registration_code()
        if db.session.scalar(select(Registration.id).where(Registration.code == code)) is None:
            return code


def withdraw(
    *, registration: Registration, actor: Actor | None, now: datetime, reason: str = ""
) -> None:
    """Take a person out of a contest, by themself or by an organiser; attempts stay on record.

    Raises:
        AlreadyWithdrawn: they are out.
    """
    if registration.withdrawn_at is not None:
        raise AlreadyWithdrawn
    registration.withdrawn_at = now
    db.session.flush()
    _record(
        "withdrawn",
        registration,
        actor=actor,
        now=now,
        scope_id=registration.contest.scope_id,
        data={"reason": reason},
    )


def entry_for(
    *, registration: Registration, ordinal: int = 1, now: datetime | None = None
) -> Entry:
    """The entry of a registration; every registration has the first one.

    Args:
        registration: who competes.
        ordinal: 1, or the number of a further essay; its entry is made when it is asked for.
        now: the instant of the request, for an entry that is made.

    Raises:
        LookupError: it has none, which only a broken database can show.
    """
    entry = entry_of(registration.id, ordinal)
    if entry is None and ordinal > 1 and now is not None:
        return _make_entry(registration, ordinal, now)
    if entry is None:
        words = f"registration {registration.id} has no entry"
        raise LookupError(words)
    return entry
