"""Rosters: staged for the preview, mapped to units, taken, and activation codes for the people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from contest.accounts.actions import IssuedCode, NewPerson, create_people, create_unit, issue_codes
from contest.accounts.models import CodePurpose, Grant, Person, Unit, UnitKind
from contest.accounts.queries import (
    UnitPath,
    branch_choices,
    people_by_contact,
    people_by_name,
    unit_paths,
)
from contest.accounts.rules import birth_of, birth_parts, may_issue_code
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
    registrations_waiting_for_codes,
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
from contest.contests.rules.roster_staging import StagedRow, match_units, mended_person, stage
from contest.contests.rules.rosters import RosterReport, read_roster
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db, new_public_id
from contest.core.files import store_file
from contest.core.i18n import gettext as _
from contest.core.spreadsheets import Workbook, read_workbook
from contest.core.vietnamese import PartialDate, fold, name_sort_key, one_line, parse_date_vi

NEW_UNIT: Final = 0
_PART: Final = 500
_MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


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


def _record(
    what: str, roster: RosterImport, *, actor: Actor | None, now: datetime, data: dict[str, Any]
) -> None:
    audit.record(
        f"contests.{what}",
        actor=actor,
        now=now,
        subject=("roster_import", roster.id),
        scope_id=roster.contest.scope_id,
        data=data,
    )


def read_file_as_roster(content: bytes, now: datetime) -> tuple[Workbook, RosterReport]:
    """Read a spreadsheet as a roster.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    book = read_workbook(content)
    return book, read_roster(book.sheets, today=now.astimezone(LOCAL_ZONE).date())


def stage_roster(
    *, contest: Contest, content: bytes, file_name: str, actor: Actor | None, now: datetime
) -> RosterImport:
    """Read a roster and keep its rows for the preview; nobody is registered yet.

    Units whose spelling surely means one unit of the contest's branches are matched.

    Raises:
        UnreadableFile: with one sentence on why, and what to do.
    """
    book, report = read_file_as_roster(content, now)
    rows, layout = stage(book.sheets, report)
    stored = store_file(
        content, name=file_name, media_type=_MEDIA[book.format], actor=actor, now=now
    )
    roster = RosterImport(
        contest_id=contest.id,
        contest=contest,
        file_id=stored.id,
        file_name=file_name[-255:],
        state=RosterState.READY,
        accepted=report.accepted,
        rejected=report.rejected,
        skipped=report.skipped,
        format=book.format,
        layout=layout,
        unit_choices={},
        created_by_id=None if actor is None else actor.person_id,
        created_at=now,
    )
    db.session.add(roster)
    db.session.flush()
    if rows:
        db.session.execute(insert(RosterImportRow), _row_values(roster, rows))
    roster.unit_choices = match_units(roster_unit_groups(roster), _known_units(contest, now))
    db.session.flush()
    data = {"accepted": report.accepted, "rejected": report.rejected}
    _record("roster_staged", roster, actor=actor, now=now, data=data)
    return roster


def _row_values(roster: RosterImport, rows: Sequence[StagedRow]) -> list[dict[str, Any]]:
    return [
        {
            "import_id": roster.id,
            "position": place,
            "sheet": row.place.sheet or "",
            "row": row.place.row,
            "person": row.person,
            "errors": row.notes,
            "unit": row.person.get("unit") or "",
            "is_good": row.is_good,
            "is_flagged": row.is_flagged,
        }
        for place, row in enumerate(rows, start=1)
    ]


def _known_units(contest: Contest, now: datetime) -> list[tuple[int, str]]:
    """The units that a roster of this contest can mean."""
    roots = {contest.unit_id, *(branch.unit_id for branch in contest.eligible_units)}
    today = now.astimezone(LOCAL_ZONE).date()
    return [(choice.id, choice.label) for choice in branch_choices(sorted(roots), on=today)]


def choose_units(
    *, roster: RosterImport, choices: Mapping[str, int | None], actor: Actor | None, now: datetime
) -> None:
    """Say which unit each spelling means: a unit's id, `NEW_UNIT`, or None for not yet.

    Raises:
        RosterTaken: it was dealt with already.
    """
    if roster.state is not RosterState.READY:
        raise RosterTaken
    chosen = dict(roster.unit_choices)
    for spelling, unit_id in choices.items():
        if unit_id is None:
            chosen.pop(spelling, None)
        else:
            chosen[spelling] = unit_id
    roster.unit_choices = chosen
    db.session.flush()
    _record("roster_units_chosen", roster, actor=actor, now=now, data={"spellings": len(chosen)})


def mend_row(
    *,
    roster: RosterImport,
    row: RosterImportRow,
    typed: Mapping[str, str],
    actor: Actor | None,
    now: datetime,
) -> None:
    """Write a row anew by hand; it can be taken from then on.

    Args:
        roster: not dealt with yet.
        row: of that roster.
        typed: name, birth, unit, phone, email as somebody typed them.
        actor: who mends it.
        now: the instant of the request.

    Raises:
        RosterTaken: it was dealt with already.
        BadCell: a part still cannot be read.
    """
    if roster.state is not RosterState.READY:
        raise RosterTaken
    was_good = row.is_good
    row.person = mended_person(typed, now.astimezone(LOCAL_ZONE).date())
    row.errors, row.is_good, row.is_flagged = [], True, False
    row.unit = row.person["unit"] or ""
    if not was_good:
        roster.accepted, roster.rejected = roster.accepted + 1, max(0, roster.rejected - 1)
    db.session.flush()
    groups = [each for each in roster_unit_groups(roster) if row.unit in each.spellings]
    known = match_units(groups, _known_units(roster.contest, now))
    # What was decided before stays; only spellings nobody has looked at are matched.
    roster.unit_choices = known | roster.unit_choices
    db.session.flush()
    _record("roster_row_mended", roster, actor=actor, now=now, data={"row": row.row})


def create_all_missing_units(*, roster: RosterImport, actor: Actor | None, now: datetime) -> None:
    """Choose a new unit for every spelling that waits: what the command does."""
    waiting = {
        spelling: NEW_UNIT
        for group in roster_unit_groups(roster)
        for spelling in group.spellings
        if spelling not in roster.unit_choices
    }
    choose_units(roster=roster, choices=waiting, actor=actor, now=now)


def discard_roster(*, roster: RosterImport, actor: Actor | None, now: datetime) -> None:
    """Throw a staged roster away; nothing of it was taken.

    Raises:
        RosterTaken: it was dealt with already.
    """
    if not _claim(roster, RosterState.DISCARDED, now):
        raise RosterTaken
    _record("roster_discarded", roster, actor=actor, now=now, data={})


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
    _record("roster_taken", roster, actor=actor, now=now, data=asdict(outcome))
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


@dataclass(frozen=True, slots=True)
class CodeSlip:
    """What is printed for one person; the code cannot be shown again."""

    registration: Registration
    issued: IssuedCode


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """The A4 sheet of one unit."""

    unit_path: str
    slips: tuple[CodeSlip, ...]


def issue_roster_codes(
    *, contest: Contest, unit: Unit | None, actor: Actor, now: datetime
) -> tuple[list[CodeSheet], int]:
    """Issue activation codes for people who came by roster and have no password yet.

    Earlier unused codes of the same people stop working. People whom the actor may not help
    (of another organisation, or staff) are left out.

    Args:
        contest: whose people.
        unit: only its people; None = all.
        actor: who prints the sheets.
        now: the instant of the request.

    Returns:
        The sheets in the order of the units, and how many people were left out.
    """
    waiting = registrations_waiting_for_codes(contest, unit)
    staff = set(
        db.session.scalars(select(Grant.person_id).where(Grant.ended_at.is_(None)).distinct())
    )
    mine = [
        registration
        for registration, scope_path in waiting
        if registration.person_id not in staff
        and may_issue_code(
            actor, person_scope_path=scope_path or "/", grants=(), has_password=False
        )
    ]
    issued = issue_codes(
        people=[each.person for each in mine],
        purpose=CodePurpose.ACTIVATION,
        batch=f"{contest.slug[:26]} {now.astimezone(LOCAL_ZONE):%d%m%y %H%M}",
        actor=actor,
        now=now,
    )
    sheets: dict[str, list[CodeSlip]] = {}
    for registration, code in zip(mine, issued, strict=True):
        sheets.setdefault(registration.unit_path, []).append(CodeSlip(registration, code))
    made = [CodeSheet(path, tuple(slips)) for path, slips in sheets.items()]
    return made, len(waiting) - len(mine)
