"""What certificates keep about a person, and how they follow one into another record."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from contest.accounts.merging import Follower, register_follower
from contest.accounts.models import Person
from contest.accounts.personal_data import (
    ERASED_NAME,
    Keeper,
    Line,
    Record,
    Section,
    register_keeper,
)
from contest.awards.models import Certificate
from contest.awards.queries.certificates import own_certificates
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext


def _count(person_id: int) -> int:
    statement = select(func.count()).select_from(Certificate)
    return db.session.scalar(statement.where(Certificate.person_id == person_id)) or 0


def _copy(person: Person) -> Sequence[Section]:
    records = [
        Record(
            [
                Line("serial", _l("Certificate number"), row.serial),
                Line("contest", _l("Contest"), row.contest.title),
                Line("words", _l("What for"), row.words),
                Line("issued_on", _l("Issued on"), row.issued_on),
                Line("code", _l("Code"), row.code),
                Line("revoked_because", _l("Revoked because"), row.revoked_reason or None),
            ]
        )
        for row in own_certificates(person.id)
    ]
    return [Section("certificates", _l("Certificates"), records)]


def _consequences(person: Person) -> Sequence[Words]:
    count = _count(person.id)
    if not count:
        return ()
    return [
        ngettext(
            "%(num)s certificate stays valid under its code, with “hidden on request” instead of "
            "the name.",
            "%(num)s certificates stay valid under their codes, with “hidden on request” instead "
            "of the name.",
            count,
        )
    ]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    del now
    rows: int = db.session.execute(
        update(Certificate)
        .where(Certificate.person_id == person.id)
        .values(full_name=ERASED_NAME, unit_name="")
    ).rowcount  # type: ignore[attr-defined]
    return {"certificates": rows}


def _move(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    moved: int = db.session.execute(
        update(Certificate).where(Certificate.person_id == merged_id).values(person_id=kept_id)
    ).rowcount  # type: ignore[attr-defined]
    return moved


def register() -> None:
    """Tell accounts what is kept, and what follows a person."""
    register_keeper(Keeper("certificates", _copy, _consequences, erase=_erase))
    register_follower(Follower("certificates", _l("Certificates"), _count, _move))
