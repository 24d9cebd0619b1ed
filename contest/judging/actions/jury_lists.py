"""Lists of judges from spreadsheets: kept for the preview, then invited all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from contest.accounts.actions import create_person, issue_codes
from contest.accounts.models import CodePurpose, Person, Unit
from contest.accounts.queries import people_by_contact, people_by_name
from contest.contests.models import Round
from contest.contests.rules.roster_staging import UnitGroup, match_units
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Level, RowNote, read_workbook
from contest.core.vietnamese import fold
from contest.judging.actions.juries import Letter, invite_juror
from contest.judging.models import Juror, JurorState, JuryList, JuryListState
from contest.judging.queries.jury_lists import known_units
from contest.judging.queries.rounds import jurors
from contest.judging.rules.jury_lists import JuryRow, read_jury
from contest.judging.rules.refusals import ListTaken, NobodyToInvite


@dataclass(frozen=True, slots=True)
class JuryOutcome:
    """What taking a list did, in persons.

    Attributes:
        invited: judges with a new invitation.
        created: of these, new people.
        mailed: of these, those with an e-mail address.
        codes: of the new people, those without an address: the activation code is handed over.
        already: on the jury before.
        left: rows that could not be used.
    """

    invited: int
    created: int
    mailed: int
    codes: int
    already: int
    left: int


@dataclass(slots=True)
class _Found:
    """Whom a row means, as far as the records tell."""

    person: Person | None = None
    unit_id: int | None = None
    is_seated: bool = False


def stage_jury_list(
    *, contest_round: Round, content: bytes, file_name: str, actor: Actor, now: datetime
) -> JuryList:
    """Read a list and keep its rows for the preview; nobody is invited yet.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    rows = read_jury(read_workbook(content).sheets)
    found = _look_up(contest_round, rows, now)
    made = JuryList(
        round_id=contest_round.id,
        file_name=file_name[-255:],
        rows=[_plain(row, each) for row, each in zip(rows, found, strict=True)],
        created_by_id=actor.person_id,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    good = sum(each["is_good"] for each in made.rows)
    data = {"rows": len(rows), "good": good}
    _record("jury_list_staged", contest_round, made, actor=actor, now=now, data=data)
    return made


def _seated(contest_round: Round) -> set[int]:
    """Who sits on the jury or is asked to."""
    return {
        juror.person_id
        for juror in jurors(contest_round.id)
        if juror.state in {JurorState.INVITED, JurorState.ACCEPTED}
    }


def _look_up(contest_round: Round, rows: Sequence[JuryRow], now: datetime) -> list[_Found]:
    """Find people and units of the rows, and say what does not fit."""
    people = people_by_contact(
        {row.phone for row in rows if row.phone}, {row.email for row in rows if row.email}
    )
    namesakes = people_by_name([row.name for row in rows if row.name])
    spellings = {row.unit: 1 for row in rows if row.unit}
    groups = [UnitGroup((spelling,), count) for spelling, count in spellings.items()]
    units = match_units(groups, known_units(now))
    seated = _seated(contest_round)
    return [_look_up_row(row, people, namesakes, units, seated) for row in rows]


def _look_up_row(
    row: JuryRow,
    people: Mapping[str, Person],
    namesakes: Mapping[str, Sequence[Person]],
    units: Mapping[str, int],
    seated: set[int],
) -> _Found:
    found = _Found(unit_id=units.get(row.unit))
    meant = [people[key] for key in (row.phone, row.email) if key and key in people]
    if len({person.id for person in meant}) > 1:
        _say(row, "two_people", _l("Phone number and address belong to two different people."))
        return found
    if meant:
        found.person = meant[0]
        found.is_seated = meant[0].id in seated
        _compare(row, meant[0], found)
        return found
    if not row.is_good:
        return found
    if any(each.unit_id == found.unit_id for each in namesakes.get(fold(row.name), ())):
        words = _l("Somebody of this name is known with another phone number or address.")
        _say(row, "namesake", words, is_error=False)
    if found.unit_id is None:
        words = _l(
            "The unit is not known, so works of it cannot be kept from this judge by themselves: "
            "the judge has to declare them."
        )
        _say(row, "no_unit", words, is_error=False)
    return found


def _compare(row: JuryRow, person: Person, found: _Found) -> None:
    if fold(row.name) != person.name_folded:
        words = _l("This phone number or address belongs to somebody of another name.")
        _say(row, "other_name", words)
    elif person.disabled_at is not None or person.merged_into_id is not None:
        _say(row, "disabled", _l("The account of this person is closed."))
    elif found.is_seated:
        _say(row, "seated", _l("This person is on the jury already."), is_error=False)
    elif person.unit_id is None:
        words = _l("No unit is recorded for this person: works of it have to be declared.")
        _say(row, "no_unit", words, is_error=False)
    elif row.unit and found.unit_id != person.unit_id:
        words = _l("Another unit is recorded for this person; the record stays as it is.")
        _say(row, "other_unit", words, is_error=False)


def _say(row: JuryRow, code: str, words: Words, *, is_error: bool = True) -> None:
    level: Level = "error" if is_error else "flag"
    row.notes.append(RowNote(row.place, code, words, level=level))


def _plain(row: JuryRow, found: _Found) -> dict[str, Any]:
    return {
        "sheet": row.place.sheet or "",
        "row": row.place.row,
        "typed": row.typed,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "unit_id": found.unit_id,
        "is_chief": row.is_chief,
        "capacity": row.capacity,
        "person_id": None if found.person is None else found.person.id,
        "is_seated": found.is_seated,
        "is_good": row.is_good,
        "notes": [
            {"level": note.level, "column": note.column, "message": str(note.message)}
            for note in row.notes
        ],
    }


def take_jury_list(
    *,
    contest_round: Round,
    jury_list: JuryList,
    sign_in: str,
    activate: str,
    actor: Actor,
    now: datetime,
) -> JuryOutcome:
    """Invite the people of the good rows, all at once; new people are recorded first.

    New people with an address get their activation code by mail; for the others the code is
    handed over by the organisers. Taking a list twice invites nobody twice.

    Args:
        contest_round: whose jury it is.
        jury_list: staged before.
        sign_in: address of the page where invitations are answered.
        activate: address of the page where a code becomes a password.
        actor: who invites.
        now: the instant of the request.

    Raises:
        ListTaken: it was dealt with already.
        NobodyToInvite: no row can be used.
    """
    if not _claim(jury_list, JuryListState.TAKEN, now):
        raise ListTaken
    good = [row for row in jury_list.rows if row["is_good"]]
    if not good:
        raise NobodyToInvite
    seated = _seated(contest_round)
    people = people_by_contact(
        {row["phone"] for row in good if row["phone"]},
        {row["email"] for row in good if row["email"]},
    )
    created = mailed = codes = already = 0
    invited: list[Juror] = []
    for row in good:
        known = _known(row, people)
        if known is not None and known.id in seated:
            already += 1
            continue
        person = known or _create(row, actor=actor, now=now)
        code = _activation(person, now) if known is None and person.email else ""
        created += known is None
        codes += known is None and not person.email
        letter = Letter(activate if code else sign_in, code)
        invited.append(
            invite_juror(
                contest_round=contest_round,
                person=person,
                actor=actor,
                now=now,
                is_chief=bool(row["is_chief"]),
                capacity=row["capacity"],
                letter=letter,
            )
        )
        mailed += person.email is not None
    left = len(jury_list.rows) - len(good)
    outcome = JuryOutcome(len(invited), created, mailed, codes, already, left)
    jury_list.outcome = asdict(outcome)
    db.session.flush()
    _record("jury_list_taken", contest_round, jury_list, actor=actor, now=now, data=asdict(outcome))
    return outcome


def _known(row: Mapping[str, Any], people: Mapping[str, Person]) -> Person | None:
    """The person of a row; who was recorded since the preview counts as well."""
    return next(
        (people[key] for key in (row["phone"], row["email"]) if key and key in people), None
    )


def _create(row: Mapping[str, Any], *, actor: Actor, now: datetime) -> Person:
    unit = None if row["unit_id"] is None else db.session.get(Unit, row["unit_id"])
    return create_person(
        full_name=row["name"],
        phone=row["phone"],
        email=row["email"],
        unit=unit,
        actor=actor,
        now=now,
    )


def _activation(person: Person, now: datetime) -> str:
    # Issued by the server itself: it goes to the new person's own address, nobody here reads it.
    (issued,) = issue_codes(
        people=[person], purpose=CodePurpose.ACTIVATION, batch="", actor=None, now=now
    )
    return issued.code


def discard_jury_list(
    *, contest_round: Round, jury_list: JuryList, actor: Actor, now: datetime
) -> None:
    """Throw a staged list away; nobody of it was invited.

    Raises:
        ListTaken: it was dealt with already.
    """
    if not _claim(jury_list, JuryListState.DISCARDED, now):
        raise ListTaken
    jury_list.rows = []
    db.session.flush()
    _record("jury_list_discarded", contest_round, jury_list, actor=actor, now=now, data={})


def _claim(jury_list: JuryList, to: JuryListState, now: datetime) -> bool:
    claimed = db.session.execute(
        update(JuryList)
        .where(JuryList.id == jury_list.id, JuryList.state == JuryListState.READY)
        .values(state=to, taken_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(jury_list, ["state", "taken_at"])
    return claimed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _record(
    what: str,
    contest_round: Round,
    jury_list: JuryList,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, Any],
) -> None:
    audit.record(
        f"judging.{what}",
        actor=actor,
        now=now,
        subject=("jury_list", jury_list.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number} | data,
    )
