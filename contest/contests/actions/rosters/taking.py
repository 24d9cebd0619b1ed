"""Taking a roster: its good rows become registrations, all at once; or throwing it away."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update

from contest.accounts.actions import NewPerson, create_people, create_unit
from contest.accounts.models import Unit, UnitKind
from contest.accounts.queries import UnitPath, unit_path, unit_paths
from contest.accounts.rules import birth_of, birth_parts
from contest.contests.actions.rosters.matching import Candidate, candidates_of
from contest.contests.actions.rosters.records import NEW_UNIT, record_roster
from contest.contests.models import (
    Contest,
    Entry,
    Registration,
    RegistrationSource,
    RosterImport,
    RosterState,
    RowFate,
)
from contest.contests.queries.rosters import (
    good_rows,
    roster_unit_groups,
)
from contest.contests.rules import (
    NothingToTake,
    RosterTaken,
    division_for,
    first_day,
    new_registration_code,
)
from contest.core import jobs
from contest.core.access import Actor
from contest.core.db import db, new_public_id
from contest.core.i18n import gettext as _
from contest.core.jobs import Job
from contest.core.vietnamese import fold, name_sort_key

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


def _claim(
    roster: RosterImport,
    to: RosterState,
    now: datetime | None,
    *,
    of: RosterState = RosterState.READY,
) -> bool:
    claimed = db.session.execute(
        update(RosterImport)
        .where(RosterImport.id == roster.id, RosterImport.state == of)
        .values(state=to, taken_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(roster, ["state", "taken_at"])
    return claimed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def promise_roster(*, roster: RosterImport, actor: Actor, locale: str, now: datetime) -> Job:
    """Have a long roster taken by a job; it is nobody else's to take meanwhile.

    Raises:
        RosterTaken: it was dealt with already.
    """
    if not _claim(roster, RosterState.TAKING, None):
        raise RosterTaken
    job = jobs.enqueue(
        "contests.take_roster",
        payload={"roster": roster.id, "language": locale},
        actor=actor,
        now=now,
        title=_("Registering the people of “%(file)s”", file=roster.file_name),
    )
    roster.job_public_id = job.public_id
    db.session.flush()
    record_roster("roster_promised", roster, actor=actor, now=now, data={})
    return job


def give_back(*, roster: RosterImport) -> None:
    """A roster that its job could not take can be looked at and taken again."""
    _claim(roster, RosterState.READY, None, of=RosterState.TAKING)


def take_roster(
    *,
    roster: RosterImport,
    actor: Actor | None,
    now: datetime,
    of: RosterState = RosterState.READY,
) -> RosterOutcome:
    """Register the people of the good rows, all at once.

    A row is a known person when phone or e-mail and the name agree, or name, birth date and unit
    do. A contact that belongs to somebody of another name is left out, never taken over. Taking
    the same roster twice registers nobody twice.

    Args:
        roster: staged before.
        actor: who takes it.
        now: the instant of the request.
        of: the state in which it must be: TAKING when a job was promised.

    Raises:
        RosterTaken: it was dealt with already.
        NothingToTake: no row can be used.
    """
    if not _claim(roster, RosterState.TAKEN, now, of=of):
        raise RosterTaken
    contest = roster.contest
    rows = good_rows(roster)
    if not rows:
        raise NothingToTake
    units = _units_of_spellings(roster, actor=actor, now=now)
    paths = unit_paths(set(units.values()))
    candidates = candidates_of(contest, rows, units, paths)
    for each in candidates:
        each.row.fate, each.row.fate_words = each.fate, each.words
        if each.fate in {RowFate.WAITING, RowFate.REFUSED}:
            _leave_behind(each)
    fresh = [each for each in candidates if each.is_taken]
    matched = sum(each.person is not None for each in fresh)
    _create_missing(fresh, actor=actor, now=now)
    _register_all(contest, fresh, paths, now)
    fates = Counter(each.fate for each in candidates)
    outcome = RosterOutcome(
        registered=len(fresh),
        created=len(fresh) - matched,
        matched=matched,
        already=fates[RowFate.TWICE] + fates[RowFate.REGISTERED],
        refused=fates[RowFate.REFUSED],
        waiting=fates[RowFate.WAITING],
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


def _leave_behind(candidate: Candidate) -> None:
    row = candidate.row
    role = "unit" if candidate.fate is RowFate.WAITING else ""
    note = {
        "level": "error",
        "code": "left",
        "column": None,
        "role": role,
        "message": candidate.words,
    }
    row.errors = [*row.errors, note]
    row.is_good = False


def foresee(*, roster: RosterImport) -> None:
    """Write at each good row what taking the roster would do with it now."""
    units: dict[str, int] = {}
    for place, group in enumerate(roster_unit_groups(roster), start=1):
        chosen = [roster.unit_choices.get(each) for each in group.spellings]
        known = next((each for each in chosen if each), None)
        for spelling, choice in zip(group.spellings, chosen, strict=True):
            if choice is not None:
                units[spelling] = choice or known or -place
    paths = unit_paths({unit_id for unit_id in units.values() if unit_id > 0})
    above = unit_path(roster.contest.unit)
    paths |= {unit_id: above for unit_id in units.values() if unit_id < 0}
    for each in candidates_of(roster.contest, good_rows(roster), units, paths):
        if (each.row.fate, each.row.fate_words) != (each.fate, each.words):
            each.row.fate, each.row.fate_words = each.fate, each.words
    db.session.flush()


def _create_missing(candidates: Sequence[Candidate], *, actor: Actor | None, now: datetime) -> None:
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


def _register_all(
    contest: Contest,
    candidates: Sequence[Candidate],
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
