"""Lists of commendations: read and shown, then entered wholly or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert

from contest.accounts.models import Person, Unit
from contest.accounts.queries import people_by_contact
from contest.accounts.rules.people import read_identifier
from contest.awards.actions.commendations import (
    CommendationValues,
    commendation_row,
    key_of,
    not_there,
)
from contest.awards.actions.honours import follow_commendations
from contest.awards.actions.registers import claim_good, finish_import, plain_row, stage
from contest.awards.models import (
    AwardForm,
    Commendation,
    Level,
    RecipientKind,
    RegisterImport,
)
from contest.awards.queries.commendations import standing_keys, unit_book
from contest.awards.refusals import RowsRefused
from contest.awards.rules.commendation_sheets import (
    SHOWN,
    CommendationRow,
    note_repeats,
    read_commendations,
)
from contest.awards.rules.commendations import decision_key
from contest.awards.rules.unit_book import Match, match_on_days
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import read_workbook
from contest.core.vietnamese import fold, one_line

REGISTER: Final = "commendations"


def stage_commendations(
    *,
    register_unit: Unit,
    content: bytes,
    file_name: str,
    level: Level | None,
    form: AwardForm | None,
    actor: Actor,
    now: datetime,
) -> RegisterImport:
    """Read a list of commendations and keep its rows for the preview.

    Args:
        register_unit: in whose register they shall stand.
        content: the file.
        file_name: as it was called.
        level: of rows that name none.
        form: of rows that name none.
        actor: who brings it.
        now: the instant of the request.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    today = now.astimezone(LOCAL_ZONE).date()
    read = read_commendations(read_workbook(content).sheets, level=level, form=form, today=today)
    values = _resolved(read, register_unit.id)
    rows = [
        plain_row(row.source, SHOWN, _plain(found)) for row, found in zip(read, values, strict=True)
    ]
    return stage(
        register=REGISTER,
        unit=register_unit,
        file_name=file_name,
        rows=rows,
        actor=actor,
        now=now,
    )


def _resolved(
    read: Sequence[CommendationRow], register_unit_id: int
) -> list[CommendationValues | None]:
    """Units, people and earlier rows found; what does not fit is noted at its cell."""
    book = unit_book()
    units = book.branch(register_unit_id)
    wanted = {
        (words, row.decided_on)
        for row in read
        for words in (row.unit, row.name if row.kind is RecipientKind.COLLECTIVE else "")
        if words and row.decided_on is not None
    }
    matches = match_on_days(wanted, units)
    people = _people(read)
    values = [_values(row, matches, people) for row in read]
    keyed = [
        (row, key_of(found)) for row, found in zip(read, values, strict=True) if found is not None
    ]
    note_repeats(keyed)
    known = standing_keys({decision_key(row.number) for row in read if row.number})
    for row, key in keyed:
        day = row.decided_on
        if day is not None and (decision_key(row.number), day, key) in known:
            words = _l("This recipient stands in this decision in the register already.")
            row.source.say("known", words, "name")
    return values


def _people(read: Sequence[CommendationRow]) -> Mapping[str, Person]:
    contacts = {row.contact: read_identifier(row.contact).value for row in read if row.contact}
    found = people_by_contact(
        {value for value in contacts.values() if value.startswith("+")},
        {value for value in contacts.values() if "@" in value},
    )
    return {typed: found[value] for typed, value in contacts.items() if value in found}


def _values(
    row: CommendationRow,
    matches: Mapping[tuple[str, date], Match],
    people: Mapping[str, Person],
) -> CommendationValues | None:
    day = row.decided_on
    if row.kind is None or row.level is None or row.form is None or day is None or not row.name:
        return None
    none = Match()
    own = matches.get((row.name, day), none) if row.kind is RecipientKind.COLLECTIVE else none
    found = matches.get((row.unit, day), none) if row.unit else none
    for match, column in ((own, "name"), (found, "unit")):
        if match.ended is not None:
            row.source.say("unit_ended", not_there(match.ended, day), column)
    unit = own.unit or found.unit
    if unit is None and row.unit and own.ended is None and found.ended is None:
        words = _l("This unit is not in the tree; the row is counted at the unit of the register.")
        row.source.say("no_unit", words, "unit", level="flag")
    person = people.get(row.contact)
    if person is not None and fold(one_line(row.name)) != person.name_folded:
        words = _l("This phone number or address belongs to somebody of another name.")
        row.source.say("other_name", words, "contact")
    return CommendationValues(
        level=row.level,
        form=row.form,
        recipient_kind=row.kind,
        recipient_name=row.name,
        decision_number=row.number,
        decided_on=day,
        unit_id=None if unit is None else unit.id,
        unit_name=row.unit,
        is_unit=own.unit is not None,
        person_id=None if person is None else person.id,
        birth_year=row.birth_year,
        position=row.position,
        issuer=row.issuer,
        period_from=row.period_from,
        period_to=row.period_to,
        reason=row.reason,
        theme=row.theme,
        is_leader=row.is_leader,
    )


_DAYS: Final = ("decided_on", "period_from", "period_to")


def _plain(values: CommendationValues | None) -> dict[str, Any]:
    if values is None:
        return {}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(values).items()
    }


def _from_plain(values: Mapping[str, Any]) -> CommendationValues:
    meant: dict[str, Any] = dict(values)
    for name in _DAYS:
        if meant.get(name):
            meant[name] = date.fromisoformat(meant[name])
    meant["level"] = Level(meant["level"])
    meant["form"] = AwardForm(meant["form"])
    meant["recipient_kind"] = RecipientKind(meant["recipient_kind"])
    return CommendationValues(**meant)


def take_commendations(*, staged: RegisterImport, actor: Actor, now: datetime) -> int:
    """Enter all rows of a staged file at once; returns how many.

    Raises:
        FileTaken: it was dealt with already.
        RowsRefused: a row cannot be used, or stands in the register since.
    """
    values = [_from_plain(row["values"]) for row in claim_good(staged=staged, now=now)]
    book = unit_book()
    rows = [
        commendation_row(
            each,
            book=book,
            register_unit_id=staged.unit_id,
            actor=actor,
            now=now,
            import_id=staged.id,
        )
        for each in values
    ]
    known = standing_keys({row["decision_key"] for row in rows})
    if any((row["decision_key"], row["decided_on"], row["recipient_key"]) in known for row in rows):
        raise RowsRefused
    db.session.execute(insert(Commendation), rows)
    follow_commendations(
        register_unit_id=staged.unit_id, recipient_keys={row["recipient_key"] for row in rows}
    )
    finish_import(staged=staged, outcome={"rows": len(rows)}, actor=actor, now=now)
    return len(rows)
