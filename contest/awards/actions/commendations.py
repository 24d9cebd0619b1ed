"""The register of commendations: a row by hand, and revocation."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from contest.accounts.models import Unit
from contest.accounts.rules.units import UnitNode, exists_on
from contest.awards.actions.honours import follow_commendations
from contest.awards.models import (
    AwardForm,
    Commendation,
    Level,
    RecipientKind,
)
from contest.awards.queries.commendations import standing_keys, unit_book
from contest.awards.refusals import AlreadyRevoked, WrongCommendation
from contest.awards.rules.commendations import (
    decision_key,
    form_exists,
    has_number,
    level_exists,
    recipient_key,
)
from contest.awards.rules.unit_book import UnitBook
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db, new_public_id
from contest.core.errors import Words
from contest.core.i18n import format_date
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold, name_sort_key, one_line, text_sort_key


@dataclass(frozen=True, slots=True)
class CommendationValues:
    """A recipient in a decision, as a form or a file gives it.

    Attributes:
        recipient_name: as it was written; a unit's name for a unit.
        unit_id: of the recipient's unit or, `is_unit`, the recipient itself; None where it is not
            in the tree.
        unit_name: of that unit as typed.
        person_id: of an individual who is known here.
        birth_year: tells namesakes apart.
        period_from: first day of what is honoured; `period_to` the last.
    """

    level: Level
    form: AwardForm
    recipient_kind: RecipientKind
    recipient_name: str
    decision_number: str
    decided_on: date
    unit_id: int | None = None
    unit_name: str = ""
    is_unit: bool = False
    person_id: int | None = None
    birth_year: int | None = None
    position: str = ""
    issuer: str = ""
    period_from: date | None = None
    period_to: date | None = None
    reason: str = ""
    theme: str = ""
    contest_id: int | None = None
    is_leader: bool = False


def add_commendation(
    *, register_unit: Unit, values: CommendationValues, actor: Actor | None, now: datetime
) -> Commendation:
    """Enter one recipient of a decision.

    Args:
        register_unit: in whose register.
        values: who, what, by which decision.
        actor: who enters it; None for a seed.
        now: the instant of the request.

    Raises:
        WrongCommendation: a fact cannot be, or the recipient stands in the decision already.
    """
    book = unit_book()
    check_commendation(values, book=book, register_unit_id=register_unit.id, now=now)
    row = commendation_row(
        values, book=book, register_unit_id=register_unit.id, actor=actor, now=now
    )
    key = (row["decision_key"], row["decided_on"], row["recipient_key"])
    if key in standing_keys([key[0]]):
        raise WrongCommendation(_l("This recipient stands in this decision already."))
    made = Commendation(**row)
    db.session.add(made)
    db.session.flush()
    follow_commendations(register_unit_id=register_unit.id, recipient_keys=[made.recipient_key])
    _record("commended", made, register_unit.scope_id, actor=actor, now=now)
    return made


def check_commendation(
    values: CommendationValues, *, book: UnitBook, register_unit_id: int, now: datetime
) -> None:
    """Refuse what cannot be.

    Raises:
        WrongCommendation: with one sentence.
    """
    day = values.decided_on
    if not has_number(values.decision_number):
        raise WrongCommendation(_l("The decision has no number. Write it, for example 125-QĐ/TU."))
    if day > now.astimezone(LOCAL_ZONE).date():
        raise WrongCommendation(
            _l("This day is still to come. Are day and month in the right order?")
        )
    if not form_exists(values.form, day):
        raise WrongCommendation(_l("This form of award did not exist on that day yet."))
    if values.level is Level.DISTRICT and not level_exists(values.level, day):
        raise WrongCommendation(_l("There are no districts after 30/6/2025."))
    if not level_exists(values.level, day):
        raise WrongCommendation(
            _l("Nobody decided at this level on %(day)s yet.", day=format_date(day))
        )
    if values.period_from and values.period_to and values.period_to < values.period_from:
        raise WrongCommendation(_l("The period ends before it begins."))
    unit = None if values.unit_id is None else book.nodes.get(values.unit_id)
    if unit is not None and f"/{register_unit_id}/" not in book.path(unit.id):
        raise WrongCommendation(_l("This unit does not belong to the unit of the register."))
    if unit is not None and not exists_on(unit.valid_from, unit.valid_to, day):
        raise WrongCommendation(not_there(unit, day))


def not_there(unit: UnitNode, day: date) -> Words:
    """Why a unit cannot be in a decision of a day on which it did not exist."""
    if unit.valid_to is not None and unit.valid_to < day:
        return _l(
            "%(unit)s ended on %(last)s, before the decision of %(day)s.",
            unit=unit.name,
            last=format_date(unit.valid_to),
            day=format_date(day),
        )
    return _l(
        "%(unit)s exists since %(first)s only; the decision is of %(day)s.",
        unit=unit.name,
        first=format_date(unit.valid_from),
        day=format_date(day),
    )


def key_of(values: CommendationValues) -> str:
    """What is the same for the same recipient."""
    return recipient_key(
        values.recipient_kind,
        name=values.recipient_name,
        unit_id=values.unit_id,
        unit_name=values.unit_name,
        person_id=values.person_id,
        own_unit_id=values.unit_id if values.is_unit else None,
        birth_year=values.birth_year,
    )


def commendation_row(
    values: CommendationValues,
    *,
    book: UnitBook,
    register_unit_id: int,
    actor: Actor | None,
    now: datetime,
    import_id: int | None = None,
) -> dict[str, Any]:
    """The columns of a row, with path, keys and folded words.

    Args:
        values: checked before.
        book: all units.
        register_unit_id: in whose register; the unit of recipients that name none.
        actor: who enters it.
        now: the instant.
        import_id: of the file it came from.
    """
    unit_id = register_unit_id if values.unit_id is None else values.unit_id
    name = one_line(values.recipient_name)
    unit_name = book.names(unit_id) if values.unit_id is not None else one_line(values.unit_name)
    individual = values.recipient_kind is RecipientKind.INDIVIDUAL
    facts = asdict(values)
    for gone in ("is_unit", "birth_year"):
        del facts[gone]
    return facts | {
        "public_id": new_public_id(),
        "register_unit_id": register_unit_id,
        "unit_id": unit_id,
        "unit_ids": book.path(unit_id),
        "recipient_name": name,
        "name_folded": fold(name),
        "sort_key": name_sort_key(name) if individual else text_sort_key(name),
        "unit_name": unit_name[:300],
        "unit_folded": fold(unit_name)[:300],
        "decision_key": decision_key(values.decision_number),
        "recipient_key": key_of(values),
        "import_id": import_id,
        "created_by_id": None if actor is None else actor.person_id,
        "created_at": now,
    }


def revoke_commendation(
    *, commendation: Commendation, reason: str, actor: Actor, now: datetime
) -> None:
    """Revoke a commendation; the row stays, with the reason.

    Raises:
        WrongCommendation: no reason was given.
        AlreadyRevoked: it was done before.
    """
    if not reason.strip():
        raise WrongCommendation(_l("Write the reason; it is kept."))
    claimed = db.session.execute(
        update(Commendation)
        .where(Commendation.id == commendation.id, Commendation.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by_id=actor.person_id, revoked_reason=reason.strip())
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(commendation, ["revoked_at", "revoked_by_id", "revoked_reason"])
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise AlreadyRevoked
    follow_commendations(
        register_unit_id=commendation.register_unit_id, recipient_keys=[commendation.recipient_key]
    )
    _record("commendation_revoked", commendation, commendation.register_unit.scope_id,
            actor=actor, now=now)  # fmt: skip


def _record(
    what: str, row: Commendation, scope_id: int, *, actor: Actor | None, now: datetime
) -> None:
    audit.record(
        f"awards.{what}",
        actor=actor,
        now=now,
        subject=("commendation", row.id),
        scope_id=scope_id,
        data={"decision": row.decision_number, "level": row.level.value},
        personal={"recipient": row.recipient_name},
    )
