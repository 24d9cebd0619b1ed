"""What this room keeps about a person: registrations, and rows of rosters they came in by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.personal_data import (
    ERASED_NAME,
    Keeper,
    Line,
    Record,
    Section,
    register_keeper,
)
from contest.accounts.rules import format_birth
from contest.contests import forgetting
from contest.contests.models import (
    Contest,
    Registration,
    RegistrationSource,
    RosterImport,
    RosterImportRow,
    Round,
)
from contest.core import audit
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.core.vietnamese import fold, name_sort_key, one_line

_ROWS = 1_000


def _registrations(person_id: int) -> Sequence[Registration]:
    return db.session.scalars(
        select(Registration).where(Registration.person_id == person_id).order_by(Registration.id)
    ).all()


def _copy(person: Person) -> Sequence[Section]:
    return [
        Section(
            "registrations",
            _l("Registrations"),
            [
                Record(
                    [
                        Line("contest", _l("Contest"), found.contest.title),
                        Line("code", _l("Contestant code"), found.code),
                        Line("full_name", _l("Full name"), found.full_name),
                        Line(
                            "birth",
                            _l("Birth date"),
                            format_birth(found.birth_date, found.birth_precision),
                        ),
                        Line("unit", _l("Unit"), found.unit_path),
                        Line(
                            "division",
                            _l("Division"),
                            found.division.name if found.division else None,
                        ),
                        Line("source", _l("Came in by"), _source(found.source)),
                        Line("registered_at", _l("Registered on"), found.registered_at),
                        Line("withdrawn_at", _l("Withdrawn on"), found.withdrawn_at),
                    ]
                )
                for found in _registrations(person.id)
            ],
        )
    ]


def _source(source: RegistrationSource) -> str:
    own = source is RegistrationSource.SELF
    return _("registering themselves") if own else _("a roster")


def _consequences(person: Person) -> Sequence[Words]:
    count = len(_registrations(person.id))
    if not count:
        return ()
    return [
        ngettext(
            "%(num)s registration stays in the counts of its contest, without name and birth "
            "date; where nothing has begun, it is withdrawn.",
            "%(num)s registrations stay in the counts of their contests, without name and birth "
            "date; where nothing has begun, they are withdrawn.",
            count,
        )
    ]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    found = _registrations(person.id)
    ids = [each.id for each in found]
    db.session.execute(
        update(Registration)
        .where(
            Registration.id.in_(ids),
            Registration.withdrawn_at.is_(None),
            ~exists().where(
                Round.contest_id == Registration.contest_id, Round.opened_at.is_not(None)
            ),
        )
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    rows = _erase_roster_rows(person, {each.contest_id for each in found})
    for each in found:
        each.full_name = ERASED_NAME
        each.name_folded = fold(ERASED_NAME)
        each.sort_key = name_sort_key(ERASED_NAME)
        each.birth_date = each.birth_precision = None
    db.session.flush()
    events = audit.forget_personal("registration", ids)
    return {"registrations": len(ids), "roster_rows": rows, "events": events}


def _erase_roster_rows(person: Person, contest_ids: set[int]) -> int:
    """Rows with this person's telephone number or address, or with the name and neither."""
    rows = db.session.execute(
        select(RosterImportRow.import_id, RosterImportRow.position, RosterImportRow.person)
        .join(RosterImport, RosterImport.id == RosterImportRow.import_id)
        .where(RosterImport.contest_id.in_(contest_ids))
        .execution_options(yield_per=_ROWS)
    )
    theirs = [(row.import_id, row.position) for row in rows if _is_of(person, row.person)]
    for import_id, position in theirs:
        db.session.execute(
            update(RosterImportRow)
            .where(RosterImportRow.import_id == import_id, RosterImportRow.position == position)
            .values(person={"name": ERASED_NAME}, errors=[])
        )
    return len(theirs)


def _is_of(person: Person, row: Mapping[str, Any] | None) -> bool:
    if not row:
        return False
    phone, email = row.get("phone_e164"), row.get("email")
    if phone or email:
        return bool((phone and phone == person.phone) or (email and email == person.email))
    return fold(one_line(str(row.get("name") or ""))) == person.name_folded


def _withdrawal(person: Person, purpose: ConsentPurpose, scope_id: int | None) -> Sequence[Words]:
    title = db.session.scalar(
        select(Contest.title)
        .join(Registration, Registration.contest_id == Contest.id)
        .where(Contest.scope_id == scope_id, Registration.person_id == person.id)
    )
    if title is None or purpose is not ConsentPurpose.TAKE_PART:
        return ()
    return [
        _(
            "You can no longer start an attempt or hand in an essay in “%(contest)s” until you "
            "agree again. What you handed in before stays in the contest.",
            contest=title,
        )
    ]


def register() -> None:
    """Tell accounts what this room keeps."""
    register_keeper(
        Keeper(
            "contests",
            _copy,
            _consequences,
            erase=_erase,
            withdrawal=_withdrawal,
        )
    )
    forgetting.register()
