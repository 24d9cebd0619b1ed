"""What people change about themselves."""

from datetime import datetime

from contest.accounts.actions.passwords import check_present_password
from contest.accounts.actions.people import edit_person
from contest.accounts.actions.signing_in import record_failure
from contest.accounts.models import Person, Unit
from contest.accounts.refusals import ContactTaken
from contest.accounts.rules import failure_key
from contest.core.access import Actor
from contest.core.vietnamese import PartialDate


def edit_own_details(
    *,
    person: Person,
    full_name: str,
    phone: str | None,
    email: str | None,
    birth: PartialDate | None,
    unit: Unit | None,
    form_of_address: str,
    present: str,
    address: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change one's own data; another phone number or e-mail address needs the password.

    Args:
        person: the actor's own record.
        full_name: one word is enough.
        phone: in E.164.
        email: any case.
        birth: as far as it is known.
        unit: where they belong.
        form_of_address: title of their own choice.
        present: the password as typed, or empty.
        address: network address of the device.
        actor: who asks.
        now: the instant of the request.

    Raises:
        TooManyTries: too soon after wrong passwords or taken numbers.
        WrongPassword: it was needed and not right.
        ContactTaken: the number or address belongs to another record; counted as a wrong try,
            so that nobody can ask for one number after the other.
    """
    if (phone, email) != (person.phone, person.email):
        check_present_password(person=person, present=present, address=address, now=now)
    try:
        edit_person(
            person=person,
            full_name=full_name,
            phone=phone,
            email=email,
            birth=birth,
            unit=unit,
            form_of_address=form_of_address,
            actor=actor,
            now=now,
        )
    except ContactTaken:
        account = failure_key("own", person.public_id)
        record_failure(account=account, address=address, now=now)
        raise
