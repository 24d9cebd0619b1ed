"""Reading lists of older contests, and of models and projects, from spreadsheets. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from contest.awards.rules.commendation_sheets import last_day
from contest.contests.models import ContestKind
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Cell, Sheet
from contest.core.spreadsheets.registers import (
    BadValue,
    RegisterRow,
    note_exchanged_days,
    read_count,
    read_partial,
    read_register,
)
from contest.core.spreadsheets.tables import heading
from contest.core.vietnamese import fold
from contest.reports.models import ProjectCategory, ProjectKind, ProjectState, Qualifier

MOST_ROWS: Final = 2_000
_Known = TypeVar("_Known")
_LONGEST: Final = 300

CONTEST_HEADINGS: Final = {
    "title": "ten cuoc thi|ten hoi thi|cuoc thi|hoi thi|ten cuoc thi hoi thi|title|contest",
    "kind": "loai|loai hinh|hinh thuc|hinh thuc thi|kind",
    "from": (
        "tu ngay|first day|ngay bat dau|ngay to chuc|thoi gian|thoi gian to chuc|ngay|nam|"
        "from|date|nam to chuc"
    ),
    "to": "den ngay|last day|ngay cuoi cung|ngay ket thuc|to|until",
    "unit": "don vi|don vi to chuc|don vi chu tri|unit",
    "organiser": "co quan phoi hop|ban to chuc|co quan chu tri|organiser",
    "categories": "doi tuong|doi tuong du thi|thanh phan|thanh phan du thi|categories|"
    "categories of participants",
    "entries": "so luot|luot thi sinh|luot du thi|so luot thi sinh|so bai|so bai du thi|entries",
    "persons": "so nguoi|so thi sinh|nguoi du thi|so nguoi du thi|persons",
    "source": "nguon|ghi chu|theo bao cao|source",
}
CONTEST_SHOWN: Final = ("title", "kind", "from", "to", "unit", "entries", "persons", "categories")
PROJECT_HEADINGS: Final = {
    "title": (
        "ten cong trinh|ten mo hinh|cong trinh|mo hinh|ten mo hinh cong trinh|title|ten|"
        "model or project"
    ),
    "kind": "loai|loai hinh|kind",
    "category": "linh vuc|nhom|noi dung|loai cong trinh|category|field",
    "unit": "don vi|don vi dang ky|don vi thuc hien|unit",
    "registered": "ngay dang ky|nam dang ky|nam|ngay|thoi gian dang ky|registered|"
    "day of registration",
    "objective": "muc tieu|muc dich|objective",
    "road_map": "lo trinh|tien do|cac moc|road map",
    "state": "trang thai|tinh trang|ket qua|state",
}
PROJECT_SHOWN: Final = ("title", "kind", "category", "unit", "registered", "state")

_KINDS: Final = {
    ContestKind.STAGE: (
        "hoi thi|san khau hoa|hoi thi san khau hoa|thi san khau|stage|staged contest"
    ),
    ContestKind.QUIZ: "thi truc tuyen|truc tuyen|thi tim hieu|tim hieu|trac nghiem|quiz|"
    "cuoc thi truc tuyen tim hieu|thi truc tuyen tim hieu|online knowledge quiz",
    ContestKind.ESSAY: "thi viet|cuoc thi viet|bai viet|viet|essay|essay contest",
    ContestKind.STORY: "ke chuyen|thi ke chuyen|hoi thi ke chuyen|story|story telling contest",
}
_FIELDS: Final = {
    ProjectCategory.PARTY_BUILDING: "xay dung dang|cong tac xay dung dang|party building",
    ProjectCategory.AGENCY_BUILDING: "xay dung co quan|xay dung co quan don vi|agency building|"
    "building of the agency",
    ProjectCategory.RESOLUTION: "nghi quyet|thuc hien nghi quyet|nghi quyet 54|resolution|"
    "carrying out a resolution",
    ProjectCategory.BREAKTHROUGH: (
        "dot pha|chuong trinh dot pha|breakthrough|breakthrough programmes"
    ),
    ProjectCategory.ADMINISTRATIVE_REFORM: "cai cach hanh chinh|administrative reform",
    ProjectCategory.ECONOMY: "kinh te|phat trien kinh te|economy",
    ProjectCategory.CULTURE_SOCIETY: "van hoa xa hoi|van hoa|xa hoi|culture and society",
    ProjectCategory.SECURITY: "quoc phong an ninh|an ninh|quoc phong|security|defence and security",
    ProjectCategory.POLITICAL_SYSTEM: "he thong chinh tri|xay dung he thong chinh tri|"
    "building of the political system",
    ProjectCategory.OTHER: "khac|linh vuc khac|other|other fields",
}
_PROJECT_KINDS: Final = {
    ProjectKind.PROJECT: "cong trinh|cong trinh thi dua|project|emulation project",
    ProjectKind.MODEL: "mo hinh|mo hinh dan van kheo|dan van kheo|model|"
    "model of skilful mass mobilisation",
}
_STATES: Final = {
    ProjectState.REGISTERED: "dang ky|da dang ky|registered",
    ProjectState.UNDER_WAY: "dang thuc hien|dang lam|under way",
    ProjectState.DONE: "hoan thanh|da hoan thanh|xong|da xong|done|finished",
    ProjectState.DROPPED: "dung|da dung|bo|dropped|given up",
}
_QUALIFIERS: Final = {
    "khoang": Qualifier.ABOUT,
    "about": Qualifier.ABOUT,
    "hon": Qualifier.MORE_THAN,
    "tren": Qualifier.MORE_THAN,
    "more than": Qualifier.MORE_THAN,
    "gan": Qualifier.ALMOST,
    "almost": Qualifier.ALMOST,
}


def _flat(words: Mapping[_Known, str]) -> dict[str, _Known]:
    return {word: key for key, all_ in words.items() for word in all_.split("|")}


_KIND_OF: Final = _flat(_KINDS)
_FIELD_OF: Final = _flat(_FIELDS)
_PROJECT_KIND_OF: Final = _flat(_PROJECT_KINDS)
_STATE_OF: Final = _flat(_STATES)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row with what it means (as a table's columns), without its unit."""

    source: RegisterRow
    values: dict[str, Any]
    day: date | None
    unit: str


def read_contest_records(sheets: Sequence[Sheet], *, today: date) -> list[ReadRow]:
    """Older contests of a list; what is wrong is noted at its cell.

    Raises:
        UnreadableFile: there is no header, or there are too many rows.
    """
    missing = _l(
        "No header row was found. The list needs columns with the title (Tên cuộc thi) and the day "
        "or year (Ngày tổ chức)."
    )
    rows = read_register(
        sheets, CONTEST_HEADINGS, needed=("title", "from"), missing=missing, most=MOST_ROWS
    )
    for column in ("from", "to"):
        note_exchanged_days(rows, column)
    return [_contest(row, today) for row in rows]


def _contest(row: RegisterRow, today: date) -> ReadRow:
    if not row.is_good:
        return ReadRow(row, {}, None, "")
    first = _edge(row, "from", today, is_end=False)
    last = _edge(row, "to" if row.line("to") else "from", today, is_end=True)
    if first and last and last < first:
        row.say("order", _l("The contest ends before it begins."), "to")
    entries, entries_word = _count(row, "entries")
    persons, persons_word = _count(row, "persons")
    if entries is not None and persons is not None and persons > entries and not persons_word:
        words = _l("More people (người) than entries (lượt): are the columns exchanged?")
        row.say("exchanged", words, "persons")
    values = {
        "title": _title(row),
        "kind": _one_of(row, "kind", _KIND_OF, ContestKind.STAGE),
        "held_from": first,
        "held_to": last,
        "organiser": row.line("organiser")[:_LONGEST],
        "categories": row.line("categories")[:_LONGEST],
        "entries": entries,
        "entries_qualifier": entries_word,
        "persons": persons,
        "persons_qualifier": persons_word,
        "source": row.line("source")[:_LONGEST],
    }
    return ReadRow(row, values, first, row.line("unit"))


def read_projects(sheets: Sequence[Sheet], *, today: date) -> list[ReadRow]:
    """Models and projects of a list; what is wrong is noted at its cell.

    Raises:
        UnreadableFile: there is no header, or there are too many rows.
    """
    missing = _l(
        "No header row was found. The list needs columns with the title (Tên mô hình, Tên công "
        "trình) and the day or year of registration (Ngày đăng ký)."
    )
    rows = read_register(
        sheets, PROJECT_HEADINGS, needed=("title", "registered"), missing=missing, most=MOST_ROWS
    )
    note_exchanged_days(rows, "registered")
    return [_project(row, today) for row in rows]


def _project(row: RegisterRow, today: date) -> ReadRow:
    if not row.is_good:
        return ReadRow(row, {}, None, "")
    day = _edge(row, "registered", today, is_end=False)
    values = {
        "title": _title(row),
        "kind": _one_of(row, "kind", _PROJECT_KIND_OF, ProjectKind.MODEL),
        "category": _one_of(row, "category", _FIELD_OF, ProjectCategory.OTHER),
        "objective": row.line("objective"),
        "road_map": row.line("road_map"),
        "state": _one_of(row, "state", _STATE_OF, ProjectState.REGISTERED),
        "registered_on": day,
    }
    return ReadRow(row, values, day, row.line("unit"))


def _title(row: RegisterRow) -> str:
    title = row.line("title")
    if not title:
        row.say("no_title", _l("The title is missing."), "title")
    elif len(title) > _LONGEST:
        row.say("too_long", _l("This cell has more than %(most)s signs.", most=_LONGEST), "title")
    return title


def _one_of(row: RegisterRow, column: str, known: Mapping[str, _Known], default: _Known) -> _Known:
    typed = heading(row.line(column))
    if typed and typed not in known:
        words = _l("“%(typed)s” is not one of the words used here.", typed=row.line(column))
        row.say(f"bad_{column}", words, column)
    return known.get(typed, default)


def _edge(row: RegisterRow, column: str, today: date, *, is_end: bool) -> date | None:
    cell = row.cells.get(column)
    if cell is None:
        row.say("no_date", _l("The day or year is missing."), column)
        return None
    try:
        found = read_partial(cell if cell.date is not None else Cell(cell.line))
    except BadValue as bad:
        if not is_end or column != "from":
            row.say(bad.code, bad.message, column)
        return None
    if found.date > today:
        if not is_end or column != "from":
            words = _l("This day is still to come. Are day and month in the right order?")
            row.say("future", words, column)
        return None
    return last_day(found) if is_end else found.date


def _count(row: RegisterRow, column: str) -> tuple[int | None, str]:
    """A number with the word before it: "hơn 4.800"."""
    cell = row.cells.get(column)
    if cell is None:
        return None, ""
    typed = fold(cell.line)
    found = next((each for each in _QUALIFIERS if typed.startswith(f"{each} ")), "")
    plain = Cell(cell.line[len(found) :].strip()) if found else cell
    try:
        return read_count(plain), _QUALIFIERS[found].value if found else ""
    except BadValue as bad:
        row.say(bad.code, bad.message, column)
        return None, ""
