"""Commendations: levels and forms in time, who is the same recipient, how they count. Pure."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from contest.accounts.rules.units import exists_on
from contest.awards.models.commendations import AwardForm, Level, RecipientKind
from contest.core.vietnamese import fold_document_number, one_line, same_word_key

DISTRICTS_UNTIL: Final = date(2025, 6, 30)
"""The last day of the districts (two levels of local government since 1 July 2025)."""

# First days: the state itself (2/9/1945); the Quốc lệnh on ten rewards (26/1/1946) for papers,
# certificates and letters; orders by Decree 58-SL (6/6/1947); titles and flags of emulation since
# the appeal for patriotic emulation (11/6/1948); medals by Decree 50-SL (1/5/1950).
FORMS: Final[dict[AwardForm, tuple[date, date | None]]] = {
    AwardForm.COMMENDATION: (date(1945, 9, 2), None),
    AwardForm.LETTER: (date(1945, 9, 2), None),
    AwardForm.COMMENDATION_PAPER: (date(1946, 1, 26), None),
    AwardForm.MERIT_CERTIFICATE: (date(1946, 1, 26), None),
    AwardForm.ORDER: (date(1947, 6, 6), None),
    AwardForm.EMULATION_TITLE: (date(1948, 6, 11), None),
    AwardForm.EMULATION_FLAG: (date(1948, 6, 11), None),
    AwardForm.MEDAL: (date(1950, 5, 1), None),
}
"""From which to which day each form exists; both days counted."""

LEVELS: Final[dict[Level, tuple[date | None, date | None]]] = {
    Level.BASE: (None, None),
    Level.DISTRICT: (None, DISTRICTS_UNTIL),
    Level.BLOC: (None, None),
    Level.CITY: (None, None),
    Level.MINISTRY: (None, None),
    Level.PRIME_MINISTER: (date(1955, 9, 20), None),
}
"""From which to which day each level decides."""

HIGHEST_FIRST: Final = tuple(reversed(Level))
_LONGEST_KEY: Final = 300
_SIGNS: Final = re.compile(r"[^\w]+")


def form_exists(form: AwardForm, on: date) -> bool:
    """Whether a form of award existed on the day of a decision."""
    return exists_on(*FORMS[form], on)


def level_exists(level: Level, on: date) -> bool:
    """Whether a level decided anything on a day; districts do until 30 June 2025."""
    return exists_on(*LEVELS[level], on)


def recipient_key(
    kind: RecipientKind,
    *,
    name: str,
    unit_id: int | None,
    unit_name: str = "",
    person_id: int | None = None,
    own_unit_id: int | None = None,
    birth_year: int | None = None,
) -> str:
    """What is the same for the same recipient, on whatever level they are honoured.

    Somebody from before the system is told apart by name (with its marks), unit and year of birth;
    two people of whom all that is known is equal count as one.

    Args:
        kind: collective or individual.
        name: of the recipient.
        unit_id: of the unit they belong to, where it is in the tree.
        unit_name: of that unit, as it was typed.
        person_id: of an individual who is known here.
        own_unit_id: of a collective that is a unit of the tree itself.
        birth_year: where it is known.
    """
    if kind is RecipientKind.INDIVIDUAL and person_id is not None:
        return f"p{person_id}"
    if kind is RecipientKind.COLLECTIVE and own_unit_id is not None:
        return f"u{own_unit_id}"
    where = f"{unit_id}" if unit_id is not None else same_word_key(unit_name)
    letter = "n" if kind is RecipientKind.INDIVIDUAL else "c"
    born = f"|{birth_year}" if birth_year else ""
    return f"{letter}:{same_word_key(name)}|{where}{born}"[:_LONGEST_KEY]


def decision_key(number: str) -> str:
    """One key for the spellings of a decision's number: 05-CT/TW, 05/CT-TW and 5 CT/TƯ are one."""
    return fold_document_number(number)


def achievement_key(text: str) -> str:
    """One key for the spellings of an achievement, for finding an earlier award for the same."""
    return _SIGNS.sub(" ", same_word_key(one_line(text))).strip()[:_LONGEST_KEY]


def has_number(number: str) -> bool:
    """Whether a decision's number holds a digit: "QĐ" alone is none."""
    return any(sign.isdigit() for sign in number)


@dataclass(slots=True)
class Tally:
    """Recognitions (lượt) and distinct recipients (người, tập thể); never added to each other."""

    luot: int = 0
    keys: set[str] = field(default_factory=set)

    @property
    def nguoi(self) -> int:
        """Distinct recipients."""
        return len(self.keys)

    def add(self, key: str) -> None:
        """Count one recognition."""
        self.luot += 1
        self.keys.add(key)
