"""Persons of a roster, and who of them could be one person. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Place, RowNote
from contest.core.vietnamese import PartialDate, fold, same_word_key

_ALIKE: Final = ("duplicate_person", "same_phone", "same_email", "same_name")
"""What is said of two rows, the gravest first."""

_MOST_COMPARED: Final = 50


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A person as a roster names them.

    `name` and `unit` are as typed, but for spaces; `phone_e164` is the first number of the cell
    and `other_phones` the rest; `section` is the heading that the row stands under.
    """

    place: Place
    name: str
    birth: PartialDate | None = None
    phone_e164: str | None = None
    email: str | None = None
    unit: str | None = None
    position: str | None = None
    section: str | None = None
    other_phones: tuple[str, ...] = ()

    @property
    def row(self) -> int:
        """The row, or the line in a text file."""
        return self.place.row

    def as_json(self) -> dict[str, Any]:
        """Return the person for `import-roster --json` and for staged rows."""
        return {
            **self.place.as_json(),
            "name": self.name,
            "birth": self.birth.isoformat() if self.birth else None,
            "phone_e164": self.phone_e164,
            "email": self.email,
            "unit": self.unit,
            "position": self.position,
        }


def _same(one: object, other: object) -> bool | None:
    """True or False when both are known, None when they cannot be compared."""
    return None if one is None or other is None else one == other


def _compare(one: RosterPerson, other: RosterPerson) -> str | None:
    """Say how two rows relate: duplicate_person, same_name, same_phone, same_email, or nothing."""
    told = {
        "birth": _same(one.birth, other.birth),
        "phone": _same(one.phone_e164, other.phone_e164),
        "email": _same(one.email and one.email.casefold(), other.email and other.email.casefold()),
    }
    if fold(one.name) == fold(other.name):
        if any(told.values()):
            return "duplicate_person"
        if same_word_key(one.name) == same_word_key(other.name):
            return "same_name"
    if told["phone"]:
        return "same_phone"
    return "same_email" if told["email"] else None


def alike(people: Sequence[RosterPerson]) -> Iterator[RowNote]:
    """Yield a flag for each person who is, or could be taken for, an earlier one."""
    met: dict[tuple[str, str], list[RosterPerson]] = {}
    for person in people:
        homes = [met.setdefault(key, []) for key in _keys(person)]
        found: dict[str, RosterPerson] = {}
        for earlier in (earlier for home in homes for earlier in home):
            code = _compare(person, earlier)
            if code is not None:
                found.setdefault(code, earlier)
        for code in _ALIKE:
            if code in found:
                row = found[code].row
                message = _alike_message(code, row)
                yield RowNote(person.place, code, message, level="flag", of_row=row)
                break
        for home in homes:
            if len(home) < _MOST_COMPARED:
                home.append(person)


def _keys(person: RosterPerson) -> list[tuple[str, str]]:
    keys = [("name", fold(person.name))]
    if person.phone_e164:
        keys.append(("phone", person.phone_e164))
    if person.email:
        keys.append(("email", person.email.casefold()))
    return keys


def _alike_message(code: str, row: int) -> Words:
    if code == "duplicate_person":
        return _l("This seems to be the person of row %(row)s again.", row=row)
    if code == "same_name":
        return _l("The person of row %(row)s has the same name; they are kept apart.", row=row)
    if code == "same_phone":
        return _l("The person of row %(row)s has the same phone number.", row=row)
    return _l("The person of row %(row)s has the same e-mail address.", row=row)
