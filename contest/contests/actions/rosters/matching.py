"""What would become of each good row of a roster; read alike for the preview and for taking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contest.accounts.models import Person
from contest.accounts.queries import UnitPath, people_by_contact, people_by_name
from contest.accounts.rules import birth_of
from contest.contests.models import Contest, Registration, RosterImportRow, RowFate
from contest.contests.rules import eligibility, first_day, ids_of_path
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.vietnamese import PartialDate, fold, one_line, parse_date_vi


@dataclass(slots=True)
class Candidate:
    """A good row on its way to a registration.

    Attributes:
        unit_id: its unit; below zero a unit that is still to be made.
        fate: what taking the roster does with it.
        words: why, or what is left out; empty when there is nothing to say.
    """

    row: RosterImportRow
    name: str
    birth: PartialDate | None
    phone: str | None
    email: str | None
    unit_id: int | None
    person: Person | None = None
    fate: RowFate = RowFate.NEW
    words: str = ""

    @property
    def key(self) -> tuple[str, PartialDate | None, int | None]:
        """What makes two rows one person when no contact tells."""
        return fold(self.name), self.birth, self.unit_id

    @property
    def is_taken(self) -> bool:
        """Whether the row becomes a registration."""
        return self.fate in {RowFate.NEW, RowFate.KNOWN}


def candidates_of(
    contest: Contest,
    rows: Sequence[RosterImportRow],
    units: Mapping[str, int],
    paths: Mapping[int, UnitPath],
) -> list[Candidate]:
    """Every good row with what becomes of it; nothing is written.

    Args:
        contest: into which they would be registered.
        rows: good rows in the order of the file.
        units: unit ids by spelling, below zero for units still to be made.
        paths: of those units.
    """
    found = [_candidate(row, units) for row in rows]
    settled = [each for each in found if each.fate is not RowFate.WAITING]
    _find_known(settled)
    distinct = _one_row_each(settled)
    _check_rules(contest, distinct, paths)
    _check_registered(contest, [each for each in distinct if each.is_taken])
    return found


def _candidate(row: RosterImportRow, units: Mapping[str, int]) -> Candidate:
    person = row.person or {}
    birth = person.get("birth")
    made = Candidate(
        row,
        one_line(person["name"]),
        parse_date_vi(birth) if birth else None,
        person.get("phone_e164"),
        (person.get("email") or "").casefold() or None,
        units.get(row.unit) if row.unit else None,
    )
    if row.unit and row.unit not in units:
        made.fate, made.words = RowFate.WAITING, _("Nobody has said which unit this is.")
    return made


def _find_known(candidates: Sequence[Candidate]) -> None:
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
                each.words = (
                    _("Known by the telephone number and the name.")
                    if contact == each.phone
                    else _("Known by the e-mail address and the name.")
                )
            elif owner is not None:
                # A family's phone, or a wrong one: it stays with whom it belongs to.
                each.words = (
                    _("The telephone number belongs to somebody of another name; it is left out.")
                    if contact == each.phone
                    else _(
                        "The e-mail address belongs to somebody of another name; it is left out."
                    )
                )
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
            if each.person is not None:
                each.words = _("Known by name, date of birth and unit.")
        if each.person is not None:
            each.fate = RowFate.KNOWN


def _one_row_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The rows without those that name somebody a second time."""
    distinct: list[Candidate] = []
    met: dict[tuple[object, ...], int] = {}
    contacts: dict[str, str] = {}
    for each in candidates:
        marks: set[tuple[object, ...]] = {
            ("contact", fold(each.name), c) for c in (each.phone, each.email) if c
        }
        if each.birth is not None:
            marks.add(("key", *each.key))
        if each.person is not None:
            marks = {("person", each.person.id)}
        earlier = min((met[mark] for mark in marks if mark in met), default=None)
        if earlier is not None:
            each.fate = RowFate.TWICE
            each.words = _("The same person as in row %(row)s; taken once.", row=earlier)
            continue
        met.update(dict.fromkeys(marks, each.row.row))
        for field_name in ("phone", "email"):
            contact = getattr(each, field_name)
            if contact and contacts.setdefault(contact, each.name) != each.name:
                setattr(each, field_name, None)
                each.words = each.words or _(
                    "A row above has the same number or address; here it is left out."
                )
        distinct.append(each)
    return distinct


def _check_rules(
    contest: Contest, candidates: Sequence[Candidate], paths: Mapping[int, UnitPath]
) -> None:
    on = first_day(contest)
    for each in candidates:
        birth = each.birth
        if birth is None and each.person is not None:
            birth = birth_of(each.person.birth_date, each.person.birth_precision)
        path = paths.get(each.unit_id or 0, UnitPath("", ""))
        answer = eligibility(contest, birth, ids_of_path(path.ids), on)
        if answer.refusal is not None:
            each.fate, each.words = RowFate.REFUSED, answer.refusal().words


def _check_registered(contest: Contest, candidates: Sequence[Candidate]) -> None:
    if not any(each.person is not None for each in candidates):
        return
    known = set(
        db.session.scalars(
            select(Registration.person_id).where(Registration.contest_id == contest.id)
        )
    )
    for each in candidates:
        if each.person is not None and each.person.id in known:
            each.fate = RowFate.REGISTERED
            each.words = _("In this contest already; nothing changes.")
