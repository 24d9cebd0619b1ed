"""Records of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select, update

from contest.accounts.models import Grant, Person, SignIn, Unit
from contest.accounts.refusals import AlreadyEnded, ContactTaken, NotYoursToHelp
from contest.accounts.rules import birth_parts, hash_password, normal_email
from contest.core import audit
from contest.core.access import Actor, Permission
from contest.core.db import db, new_public_id
from contest.core.vietnamese import PartialDate, fold, name_sort_key, one_line


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known about somebody to be recorded.

    Attributes:
        full_name: one word is enough.
        phone: in E.164.
        email: any case.
        birth: as far as it is known.
        unit_id: key of the unit.
    """

    full_name: str
    phone: str | None = None
    email: str | None = None
    birth: PartialDate | None = None
    unit_id: int | None = None


def _columns(new: NewPerson, now: datetime) -> dict[str, Any]:
    name = one_line(new.full_name)
    birth_date, precision = birth_parts(new.birth)
    return {
        "public_id": new_public_id(),
        "full_name": name,
        "name_folded": fold(name),
        "sort_key": name_sort_key(name),
        "phone": new.phone or None,
        "email": normal_email(new.email) if new.email else None,
        "birth_date": birth_date,
        "birth_precision": precision,
        "unit_id": new.unit_id,
        "created_at": now,
    }


def contact_taken(*, phone: str | None, email: str | None, but: int | None = None) -> bool:
    """Whether a phone number or an e-mail address belongs to another record."""
    for column, value in ((Person.phone, phone), (Person.email, email)):
        if value:
            owner = db.session.scalar(select(Person.id).where(column == value))
            if owner is not None and owner != but:
                return True
    return False


def create_person(
    *,
    full_name: str,
    actor: Actor | None,
    now: datetime,
    phone: str | None = None,
    email: str | None = None,
    birth: PartialDate | None = None,
    unit: Unit | None = None,
    password: str | None = None,
    password_hash: str | None = None,
    locale: str = "vi",
    form_of_address: str = "",
    is_demo: bool = False,
) -> Person:
    """Record a person, with or without a password.

    Args:
        full_name: one word is enough.
        actor: who records them; None when they do it themselves, or the server does.
        now: the instant of the request.
        phone: in E.164.
        email: any case.
        birth: as far as it is known.
        unit: where they belong.
        password: in clear; hashed here.
        password_hash: instead of `password`, a hash made before.
        locale: language of mail to them.
        form_of_address: title of their own choice.
        is_demo: whether they are invented.

    Raises:
        ContactTaken: the phone number or the address belongs to another record.
    """
    mail = normal_email(email) if email else None
    if contact_taken(phone=phone, email=mail):
        raise ContactTaken
    new = NewPerson(full_name, phone, mail, birth, None if unit is None else unit.id)
    person = Person(
        **_columns(new, now),
        password_hash=hash_password(password) if password else password_hash,
        locale=locale,
        form_of_address=one_line(form_of_address),
        is_demo=is_demo,
    )
    person.unit = unit
    db.session.add(person)
    db.session.flush()
    audit.record(
        "accounts.person_created",
        actor=actor,
        now=now,
        subject=("person", person.id),
        scope_id=None if unit is None else unit.scope_id,
        personal={"full_name": person.full_name},
    )
    return person


def create_people(
    *,
    people: Sequence[NewPerson],
    actor: Actor | None,
    now: datetime,
    is_demo: bool = False,
) -> list[Person]:
    """Record many people at once, without passwords, in the order given; one audit event.

    The caller has looked for those who are recorded already (`people_by_contact`,
    `people_by_name`); a contact that is taken fails as a whole.
    """
    if not people:
        return []
    rows = [_columns(new, now) | {"locale": "vi", "is_demo": is_demo} for new in people]
    created = list(
        db.session.scalars(
            insert(Person).returning(Person, sort_by_parameter_order=True), rows
        ).all()
    )
    audit.record(
        "accounts.people_created",
        actor=actor,
        now=now,
        data={"count": len(created), "first": created[0].id, "last": created[-1].id},
    )
    return created


def edit_person(
    *,
    person: Person,
    full_name: str,
    phone: str | None,
    email: str | None,
    birth: PartialDate | None,
    unit: Unit | None,
    form_of_address: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what is known about a person.

    Raises:
        ContactTaken: the phone number or the address belongs to another record.
    """
    mail = normal_email(email) if email else None
    if contact_taken(phone=phone, email=mail, but=person.id):
        raise ContactTaken
    name = one_line(full_name)
    changed = [
        field
        for field, old, new in (
            ("full_name", person.full_name, name),
            ("phone", person.phone, phone or None),
            ("email", person.email, mail),
            ("birth_date", (person.birth_date, person.birth_precision), birth_parts(birth)),
            ("unit", person.unit_id, None if unit is None else unit.id),
            ("form_of_address", person.form_of_address, one_line(form_of_address)),
        )
        if old != new
    ]
    before = {"full_name": person.full_name, "phone": person.phone, "email": person.email}
    person.full_name, person.name_folded = name, fold(name)
    person.sort_key = name_sort_key(name)
    person.phone, person.email = phone or None, mail
    person.birth_date, person.birth_precision = birth_parts(birth)
    person.unit_id = None if unit is None else unit.id
    person.unit = unit
    person.form_of_address = one_line(form_of_address)
    db.session.flush()
    audit.record(
        "accounts.person_edited",
        actor=actor,
        now=now,
        subject=("person", person.id),
        scope_id=None if unit is None else unit.scope_id,
        data={"fields": changed},
        personal={"before": before},
    )


def edit_person_by_staff(
    *,
    person: Person,
    full_name: str,
    phone: str | None,
    email: str | None,
    birth: PartialDate | None,
    unit: Unit | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what is known about somebody else.

    How a staff member signs in, only they or an administrator of the platform may change:
    whoever set another address could ask for a new password and take over the role.

    Raises:
        NotYoursToHelp: another phone number or address for a staff member.
        ContactTaken: the phone number or the address belongs to another record.
    """
    moves = (phone or None, email or None) != (person.phone, person.email)
    is_staff = db.session.scalar(
        select(exists().where(Grant.person_id == person.id, Grant.ended_at.is_(None)))
    )
    if moves and is_staff and not actor.may_somewhere(Permission.MANAGE_PLATFORM):
        raise NotYoursToHelp
    edit_person(
        person=person,
        full_name=full_name,
        phone=phone,
        email=email,
        birth=birth,
        unit=unit,
        form_of_address=person.form_of_address,
        actor=actor,
        now=now,
    )


def choose_locale(*, person: Person, locale: str, actor: Actor, now: datetime) -> None:
    """Keep the language in which a person wants to read and be written to."""
    person.locale = locale
    db.session.flush()
    audit.record(
        "accounts.locale_chosen",
        actor=actor,
        now=now,
        subject=("person", person.id),
        data={"locale": locale},
    )


def set_disabled(
    *, person: Person, disabled: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Close an account, or open it again; closing ends every sign-in at once.

    Raises:
        AlreadyEnded: the account of somebody whose data were erased is not opened again.
    """
    if person.erased_at is not None:
        raise AlreadyEnded
    person.disabled_at = now if disabled else None
    if disabled:
        db.session.execute(
            update(SignIn)
            .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
            .values(ended_at=now)
        )
    db.session.flush()
    audit.record(
        "accounts.person_disabled" if disabled else "accounts.person_enabled",
        actor=actor,
        now=now,
        subject=("person", person.id),
        personal={"reason": one_line(reason)},
    )
