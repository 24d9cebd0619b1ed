"""Taking a roster: its good rows become registrations, all at once; or throwing it away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update

from contest.accounts.actions import NewPerson, create_people, create_unit
from contest.accounts.models import Person, Unit, UnitKind
from contest.accounts.queries import (
    UnitPath,
    people_by_contact,
    people_by_name,
    unit_paths,
)
from contest.accounts.rules import birth_of, birth_parts
from contest.contests.actions.rosters.staging import NEW_UNIT, record_roster
from contest.contests.models import (
    Contest,
    Entry,
    Registration,
    RegistrationSource,
    RosterImport,
    RosterImportRow,
    RosterState,
)
from contest.contests.queries.rosters import (
    good_rows,
    roster_unit_groups,
)
from contest.contests.rules import (
    NothingToTake,
    RosterTaken,
    division_for,
    eligibility,
    first_day,
    ids_of_path,
    new_registration_code,
)
from contest.core.access import Actor
from contest.core.db import db, new_public_id
from contest.core.i18n import gettext as _
from contest.core.vietnamese import PartialDate, fold, name_sort_key, one_line, parse_date_vi

_PART: Final = 500


@dataclass(frozen=True, slots=True)
class RosterOutcome:
    """What taking a roster did, in persons.

    Attributes:
        registered: newly in the contest.
        created: of these, new people.
        matched: of these, people who were known.
        already: in the contest before, or named twice in the file.
        refused: certainly outside the contest's rules; their rows stay behind.
        waiting: rows whose unit nobody chose; they stay behind too.
    """

    registered: int
    created: int
    matched: int
    already: int
    refused: int
    waiting: int


def discard_roster(*, roster: RosterImport, actor: Actor | None, now: datetime) -> None:
    """Throw a staged roster away; nothing of it was taken.

    Raises:
        RosterTaken: it was dealt with already.
    """
    if not _claim(roster, RosterState.DISCARDED, now):
        raise RosterTaken
    record_roster("roster_discarded", roster, actor=actor, now=now, data={})


def _claim(roster: RosterImport, to: RosterState, now: datetime) -> bool:
    claimed = db.session.execute(
        update(RosterImport)
        .where(RosterImport.id == roster.id, RosterImport.state == RosterState.READY)
        .values(state=to, taken_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(roster, ["state", "taken_at"])
    return claimed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


@dataclass(slots=True)
class _Candidate:
    """A good row on its way to a registration."""

    row: RosterImportRow
    name: str
    birth: PartialDate | None
    phone: str | None
    email: str | None
    unit_id: int | None
    person: Person | None = None

    @property
    def key(self) -> tuple[str, PartialDate | None, int | None]:
        """What makes two rows one person when no contact tells."""
        return fold(self.name), self.birth, self.unit_id


def take_roster(*, roster: RosterImport, actor: Actor | None, now: datetime) -> RosterOutcome:
    """Register the people of the good rows, all at once.

    A row is a known person when phone or e-mail and the name agree, or name, birth date and unit
    do. A contact that belongs to somebody of another name is left out, never taken over. Taking
    the same roster twice registers nobody twice.

    Raises:
        RosterTaken: it was dealt with already.
        NothingToTake: no row can be used.
    """
    if not _claim(roster, RosterState.TAKEN, now):
        raise RosterTaken
    contest = roster.contest
    rows = good_rows(roster)
    if not rows:
        raise NothingToTake
    units = _units_of_spellings(roster, actor=actor, now=now)
    candidates, waiting = _candidates(rows, units)
    _find_known(candidates)
    distinct = _one_row_each(candidates)
    paths = unit_paths({each.unit_id for each in distinct if each.unit_id is not None})
    allowed, refused = _eligible(contest, distinct, paths)
    matched = sum(each.person is not None for each in allowed)
    _create_missing(allowed, actor=actor, now=now)
    fresh = _not_registered(contest, allowed)
    matched -= len(allowed) - len(fresh)
    _register_all(contest, fresh, paths, now)
    outcome = RosterOutcome(
        registered=len(fresh),
        created=len(fresh) - matched,
        matched=matched,
        already=len(candidates) - len(distinct) + len(allowed) - len(fresh),
        refused=refused,
        waiting=waiting,
    )
    roster.outcome = asdict(outcome)
    db.session.flush()
    record_roster("roster_taken", roster, actor=actor, now=now, data=asdict(outcome))
    return outcome


def _units_of_spellings(
    roster: RosterImport, *, actor: Actor | None, now: datetime
) -> dict[str, int]:
    """Unit ids by spelling; units that were chosen to be new are created under the contest's."""
    found: dict[str, int] = {}
    for group in roster_unit_groups(roster):
        chosen = {roster.unit_choices.get(each) for each in group.spellings}
        made: Unit | None = None
        for spelling in group.spellings:
            choice = roster.unit_choices.get(spelling)
            if choice:
                found[spelling] = choice
            elif choice == NEW_UNIT:
                known = next((each for each in chosen if each), None)
                if known is None and made is None:
                    made = _new_unit(roster.contest, group.spellings[0], actor=actor, now=now)
                found[spelling] = known or (made.id if made is not None else 0)
    return found


def _new_unit(contest: Contest, name: str, *, actor: Actor | None, now: datetime) -> Unit:
    above = contest.unit
    stem = f"{above.code}-"[:34]
    taken = set(
        db.session.scalars(select(Unit.code).where(Unit.code.startswith(stem, autoescape=True)))
    )
    number = 1
    while f"{stem}{number:02d}" in taken:
        number += 1
    return create_unit(
        code=f"{stem}{number:02d}",
        name=name[:200],
        kind=UnitKind.OTHER,
        tree=above.tree,
        parent=above,
        actor=actor,
        now=now,
    )


def _candidates(
    rows: Sequence[RosterImportRow], units: Mapping[str, int]
) -> tuple[list[_Candidate], int]:
    found: list[_Candidate] = []
    waiting = 0
    for row in rows:
        if row.unit and row.unit not in units:
            waiting += 1
            _leave_behind(row, "unit", _("Nobody has said which unit this is."))
            continue
        person = row.person or {}
        birth = person.get("birth")
        found.append(
            _Candidate(
                row,
                one_line(person["name"]),
                parse_date_vi(birth) if birth else None,
                person.get("phone_e164"),
                (person.get("email") or "").casefold() or None,
                units.get(row.unit) if row.unit else None,
            )
        )
    return found, waiting


def _leave_behind(row: RosterImportRow, role: str, message: str) -> None:
    note = {"level": "error", "code": "left", "column": None, "role": role, "message": message}
    row.errors = [*row.errors, note]
    row.is_good = False


def _find_known(candidates: Sequence[_Candidate]) -> None:
    """Find the people who are recorded already."""
    contacts = people_by_contact(
        {each.phone for each in candidates if each.phone},
        {each.email for each in candidates if each.email},
    )
    names = people_by_name({each.name for each in candidates})
    for each in candidates:
        for contact in (each.phone, each.email):
            owner = contacts.get(contact) if contact else None
            if owner is not None and owner.name_folded == fold(each.name):
                each.person = owner
            elif owner is not None:
                # A family's phone, or a wrong one: it stays with whom it belongs to.
                each.phone = None if contact == each.phone else each.phone
                each.email = None if contact == each.email else each.email
        if each.person is None and each.birth is not None and each.unit_id is not None:
            each.person = next(
                (
                    known
                    for known in names.get(fold(each.name), ())
                    if known.unit_id == each.unit_id
                    and birth_of(known.birth_date, known.birth_precision) == each.birth
                ),
                None,
            )


def _one_row_each(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The rows without those that name somebody a second time."""
    distinct: list[_Candidate] = []
    met: set[tuple[object, ...]] = set()
    contacts: dict[str, str] = {}
    for each in candidates:
        marks: set[tuple[object, ...]] = {
            ("contact", fold(each.name), c) for c in (each.phone, each.email) if c
        }
        if each.birth is not None:
            marks.add(("key", *each.key))
        if each.person is not None:
            marks = {("person", each.person.id)}
        if marks & met:
            continue
        met |= marks
        for field_name in ("phone", "email"):
            contact = getattr(each, field_name)
            if contact and contacts.setdefault(contact, each.name) != each.name:
                setattr(each, field_name, None)
        distinct.append(each)
    return distinct


def _eligible(
    contest: Contest, candidates: Sequence[_Candidate], paths: Mapping[int, UnitPath]
) -> tuple[list[_Candidate], int]:
    on = first_day(contest)
    allowed: list[_Candidate] = []
    for each in candidates:
        birth = each.birth
        if birth is None and each.person is not None:
            birth = birth_of(each.person.birth_date, each.person.birth_precision)
        path = paths.get(each.unit_id or 0, UnitPath("", ""))
        answer = eligibility(contest, birth, ids_of_path(path.ids), on)
        if answer.refusal is None:
            allowed.append(each)
        else:
            _leave_behind(each.row, "", answer.refusal().words)
    return allowed, len(candidates) - len(allowed)


def _create_missing(
    candidates: Sequence[_Candidate], *, actor: Actor | None, now: datetime
) -> None:
    missing = [each for each in candidates if each.person is None]
    made = create_people(
        people=[
            NewPerson(each.name, each.phone, each.email, each.birth, each.unit_id)
            for each in missing
        ],
        actor=actor,
        now=now,
    )
    for each, person in zip(missing, made, strict=True):
        each.person = person


def _not_registered(contest: Contest, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    known = set(
        db.session.scalars(
            select(Registration.person_id).where(Registration.contest_id == contest.id)
        )
    )
    return [each for each in candidates if each.person is None or each.person.id not in known]


def _register_all(
    contest: Contest,
    candidates: Sequence[_Candidate],
    paths: Mapping[int, UnitPath],
    now: datetime,
) -> None:
    on = first_day(contest)
    codes = _free_codes(len(candidates))
    rows = []
    for each, code in zip(candidates, codes, strict=True):
        person = each.person
        if person is None:  # pragma: no cover  (everybody was created above)
            continue
        path = paths.get(each.unit_id or 0, UnitPath("", ""))
        birth = each.birth or birth_of(person.birth_date, person.birth_precision)
        division = division_for(contest.divisions, birth, on).division
        birth_date, precision = birth_parts(birth)
        rows.append(
            {
                "public_id": new_public_id(),
                "contest_id": contest.id,
                "person_id": person.id,
                "code": code,
                "full_name": person.full_name,
                "name_folded": fold(person.full_name),
                "sort_key": name_sort_key(person.full_name),
                "birth_date": birth_date,
                "birth_precision": precision,
                "unit_id": each.unit_id,
                "unit_path": path.names,
                "unit_folded": fold(path.names),
                "unit_ids": path.ids,
                "division_id": None if division is None else division.id,
                "source": RegistrationSource.ROSTER,
                "registered_at": now,
            }
        )
    if not rows:
        return
    ids = db.session.scalars(insert(Registration).returning(Registration.id), rows).all()
    db.session.execute(
        insert(Entry),
        [
            {
                "public_id": new_public_id(),
                "contest_id": contest.id,
                "registration_id": registration_id,
                "ordinal": 1,
                "created_at": now,
            }
            for registration_id in ids
        ],
    )


def _free_codes(count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        codes.update(new_registration_code() for _place in range(count - len(codes)))
        everything = sorted(codes)
        for start in range(0, len(everything), _PART):
            part = everything[start : start + _PART]
            codes -= set(
                db.session.scalars(select(Registration.code).where(Registration.code.in_(part)))
            )
    return list(codes)
