"""Reading a list of commendations from a spreadsheet: each row a recipient of a decision. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from contest.awards.models.commendations import AwardForm, Level, RecipientKind
from contest.awards.rules.commendations import (
    FORMS,
    decision_key,
    form_exists,
    has_number,
    level_exists,
)
from contest.awards.rules.words import FORM_NAMES, FORM_OF, KIND_OF, LEVEL_OF
from contest.core.i18n import format_date
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Cell, Sheet
from contest.core.spreadsheets.registers import (
    BadValue,
    RegisterRow,
    note_exchanged_days,
    read_day,
    read_partial,
    read_register,
)
from contest.core.spreadsheets.tables import heading
from contest.core.vietnamese import DatePrecision, PartialDate, fold

_Known = TypeVar("_Known")
MOST_ROWS: Final = 5_000
_LONGEST: Final = {"name": 200, "unit": 300, "number": 80, "issuer": 200, "theme": 120}
_MONTHS: Final = 12
_YES: Final = frozenset({"x", "co", "yes", "1", "v", "dung", "lanh dao", "true", "leader"})
_NO: Final = frozenset({"", "-", "khong", "no", "0", "false"})
_BIRTH_YEARS: Final = range(1900, 2100)

HEADINGS: Final = {
    "name": (
        "ho va ten|ho ten|ten|ten tap the ca nhan|tap the ca nhan|ten ca nhan tap the|"
        "ho va ten ten tap the|don vi ca nhan duoc khen|doi tuong khen thuong|recipient|name|"
        "ten tap the|ca nhan tap the|nguoi duoc khen"
    ),
    "kind": "loai|doi tuong|tap the hay ca nhan|loai doi tuong|kind|loai hinh doi tuong",
    "birth": "nam sinh|ngay sinh|sinh nam|birth year|born",
    "position": "chuc vu|chuc danh|chuc vu cong tac|position",
    "unit": "don vi|don vi cong tac|co quan|noi cong tac|unit|co quan don vi|thuoc don vi",
    "level": "cap|cap khen|cap khen thuong|cap quyet dinh|level",
    "form": (
        "hinh thuc|hinh thuc khen|hinh thuc khen thuong|form|form of award|hinh thuc bieu duong"
    ),
    "number": (
        "so quyet dinh|so qd|quyet dinh so|quyet dinh|so hieu quyet dinh|so van ban|decision|"
        "decision number|so ky hieu quyet dinh"
    ),
    "date": (
        "ngay quyet dinh|ngay qd|ngay ky|ngay ban hanh|ngay thang quyet dinh|decision date|"
        "ngay thang nam quyet dinh|ngay"
    ),
    "issuer": "co quan ban hanh|co quan quyet dinh|nguoi ky|noi ban hanh|issuer",
    "from": "tu|giai doan tu|thoi gian tu|tu nam|period from|from",
    "to": "den|giai doan den|thoi gian den|den nam|period to|to",
    "period": "giai doan|thoi gian|thoi gian thanh tich|nam khen|thanh tich giai doan|period",
    "reason": (
        "thanh tich|ly do|noi dung|noi dung khen|noi dung khen thuong|ly do khen|reason|"
        "tom tat thanh tich"
    ),
    "theme": "chu de|chuyen de|phong trao|theme",
    "contact": "dien thoai|so dien thoai|sdt|email|lien he|phone|contact",
    "leader": "lanh dao|la lanh dao|nguoi dung dau|can bo lanh dao|leader",
}
SHOWN: Final = ("name", "kind", "unit", "level", "form", "number", "date", "period", "reason")
_UNKNOWN: Final = {
    "level": _l(
        "This is no level. Write cơ sở, khối, tỉnh, bộ or Thủ tướng (huyện until 30/6/2025)."
    ),
    "form": _l(
        "This is no form of award. Write tuyên dương, thư khen, giấy khen, bằng khen, chiến sĩ thi "
        "đua, cờ thi đua, kỷ niệm chương or huân chương."
    ),
}
_MISSING: Final = _l(
    "No header row was found. The list needs columns with the name (Họ và tên, or Tên tập thể), "
    "the decision's number (Số quyết định) and its date (Ngày quyết định)."
)


@dataclass(slots=True)
class CommendationRow:
    """A row read: what it means as far as it can be said without the records."""

    source: RegisterRow
    name: str = ""
    kind: RecipientKind | None = None
    birth_year: int | None = None
    position: str = ""
    unit: str = ""
    level: Level | None = None
    form: AwardForm | None = None
    number: str = ""
    decided_on: date | None = None
    issuer: str = ""
    period_from: date | None = None
    period_to: date | None = None
    reason: str = ""
    theme: str = ""
    contact: str = ""
    is_leader: bool = False


def read_commendations(
    sheets: Sequence[Sheet], *, level: Level | None, form: AwardForm | None, today: date
) -> list[CommendationRow]:
    """The recipients of a list, in the order of the file; what is wrong is noted at its cell.

    Args:
        sheets: of the file.
        level: of rows that name none.
        form: of rows that name none.
        today: no decision lies after it.

    Raises:
        UnreadableFile: there is no header, or there are too many rows.
    """
    rows = read_register(
        sheets, HEADINGS, needed=("name", "number", "date"), missing=_MISSING, most=MOST_ROWS
    )
    read = [_read(row, level, form, today) for row in rows]
    note_exchanged_days(rows, "date")
    _note_two_dates(read)
    return read


def _read(
    row: RegisterRow, level: Level | None, form: AwardForm | None, today: date
) -> CommendationRow:
    made = CommendationRow(row)
    if not row.is_good:  # merged cells and old fonts: nothing in the row is sure
        return made
    _read_texts(made)
    made.kind = _kind(row)
    made.level = _listed(row, "level", LEVEL_OF, level)
    made.form = _listed(row, "form", FORM_OF, form)
    _read_decision(made, today)
    _read_period(made)
    _read_birth(made)
    mark = fold(row.line("leader"))
    made.is_leader = mark in _YES
    if mark not in _YES and mark not in _NO:
        row.say("bad_leader", _l("Write x for a leader, or leave the cell empty."), "leader")
    _check_existence(made)
    return made


def _read_texts(made: CommendationRow) -> None:
    row = made.source
    for column, most in _LONGEST.items():
        if len(row.line(column)) > most:
            row.say("too_long", _l("This cell has more than %(most)s signs.", most=most), column)
    made.name, made.unit = row.line("name"), row.line("unit")
    made.position, made.issuer = row.line("position")[:200], row.line("issuer")
    made.reason, made.theme = row.line("reason"), row.line("theme")
    made.contact = row.line("contact")
    if not made.name:
        row.say("no_name", _l("Who is honoured? Write the name."), "name")


def _kind(row: RegisterRow) -> RecipientKind | None:
    """By its column, else by the heading above the rows, else by what the row holds."""
    typed = heading(row.line("kind"))
    if typed:
        if typed not in KIND_OF:
            words = _l("Write “tập thể” (collective) or “cá nhân” (individual).")
            row.say("bad_kind", words, "kind")
        return KIND_OF.get(typed)
    for words, kind in KIND_OF.items():
        if len(words) > 2 and words in row.section:  # noqa: PLR2004  (no abbreviations here)
            return kind
    if row.line("position") or row.line("birth"):
        return RecipientKind.INDIVIDUAL
    row.say(
        "no_kind",
        _l(
            "Is this a collective or an individual? Add a column “Loại” with “tập thể” or "
            "“cá nhân”, or a heading “Tập thể”, “Cá nhân” above the rows."
        ),
        "kind" if "kind" in row.letters else "name",
    )
    return None


def _listed(
    row: RegisterRow, column: str, known: Mapping[str, _Known], default: _Known | None
) -> _Known | None:
    typed = heading(row.line(column))
    found = known.get(typed) if typed else default
    if found is None and typed:
        row.say(f"bad_{column}", _UNKNOWN[column], column)
    elif found is None:
        words = (
            _l("At which level was this decided? Write it, or choose it for the whole list.")
            if column == "level"
            else _l("Which form of award is this? Write it, or choose it for the whole list.")
        )
        row.say(f"no_{column}", words, column)
    return found


def _read_decision(made: CommendationRow, today: date) -> None:
    row = made.source
    made.number = row.line("number")
    if not has_number(made.number):
        words = (
            _l("The decision has no number. Write it, for example 125-QĐ/TU.")
            if not made.number
            else _l("“%(typed)s” holds no number. Write it, for example 125-QĐ/TU.",
                    typed=made.number)
        )  # fmt: skip
        row.say("no_number", words, "number")
    cell = row.cells.get("date")
    if cell is None:
        row.say("no_date", _l("The date of the decision is missing."), "date")
        return
    try:
        made.decided_on = read_day(cell)
    except BadValue as bad:
        row.say(bad.code, bad.message, "date")
        return
    if made.decided_on > today:
        words = _l("This day is still to come. Are day and month in the right order?")
        row.say("future", words, "date")


def _check_existence(made: CommendationRow) -> None:
    row, day = made.source, made.decided_on
    if day is None:
        return
    if made.form is not None and not form_exists(made.form, day):
        words = _l(
            "The form “%(form)s” exists since %(first)s only; the decision is of %(day)s.",
            form=FORM_NAMES[made.form],
            first=format_date(FORMS[made.form][0]),
            day=format_date(day),
        )
        row.say("form_too_early", words, "date")
    if made.level is Level.DISTRICT and not level_exists(made.level, day):
        words = _l(
            "There are no districts after 30/6/2025; this decision is of %(day)s.",
            day=format_date(day),
        )
        row.say("no_district", words, "level" if "level" in row.letters else "date")
    elif made.level is not None and not level_exists(made.level, day):
        words = _l("Nobody decided at this level on %(day)s yet.", day=format_date(day))
        row.say("level_too_early", words, "date")


def _read_period(made: CommendationRow) -> None:
    row = made.source
    both = row.line("period")
    cells = {name: row.cells[name] for name in ("from", "to") if name in row.cells}
    column = {"from": "from", "to": "to"}
    if both and not cells:
        parts = [part.strip() for part in both.replace("–", "-").replace("—", "-").split("-")]
        if len(parts) > 2:  # noqa: PLR2004  (a date with hyphens)
            parts = [both]
        cells = {"from": row.cells["period"]._replace(text=parts[0], date=None)}
        cells["to"] = row.cells["period"]._replace(text=parts[-1], date=None)
        column = {"from": "period", "to": "period"}
    made.period_from = _edge(row, cells.get("from"), column["from"], is_end=False)
    made.period_to = _edge(row, cells.get("to"), column["to"], is_end=True)
    if made.period_from and made.period_to and made.period_to < made.period_from:
        row.say("period", _l("The period ends before it begins."), column["to"])


def _edge(row: RegisterRow, cell: Cell | None, column: str, *, is_end: bool) -> date | None:
    if cell is None:
        return None
    try:
        # A year may stand as a number; what is shown of it is its text.
        found = read_partial(cell if cell.date is not None else Cell(cell.line))
    except BadValue as bad:
        row.say(bad.code, bad.message, column)
        return None
    return last_day(found) if is_end else found.date


def last_day(partial: PartialDate) -> date:
    """The last day of a day, month or year."""
    if partial.precision is DatePrecision.DAY:
        return partial.date
    if partial.precision is DatePrecision.YEAR:
        return date(partial.date.year, _MONTHS, 31)
    year, month = divmod(partial.date.year * _MONTHS + partial.date.month, _MONTHS)
    return date(year, month + 1, 1) - timedelta(days=1)


def _read_birth(made: CommendationRow) -> None:
    cell = made.source.cells.get("birth")
    if cell is None:
        return
    try:
        found = read_partial(cell if cell.date is not None else Cell(cell.line))
    except BadValue as bad:
        made.source.say(bad.code, bad.message, "birth")
        return
    made.birth_year = found.date.year if found.date.year in _BIRTH_YEARS else None


def _note_two_dates(rows: Sequence[CommendationRow]) -> None:
    """Of one decision with day and month exchanged between two rows, the later row is refused.

    Other days under one number are let be: several offices count their decisions from 1.
    """
    seen: dict[tuple[str, date], CommendationRow] = {}
    for row in rows:
        day = row.decided_on
        if day is None or not row.source.is_good:
            continue
        key = decision_key(row.number)
        turned = (
            day.replace(day=day.month, month=day.day)
            if day.day <= _MONTHS and day.day != day.month
            else None
        )
        earlier = None if turned is None else seen.get((key, turned))
        if earlier is not None:
            words = _l(
                "Row %(row)s dates this decision %(day)s. Are day and month exchanged in one of "
                "the two?",
                row=earlier.source.place.row,
                day=earlier.source.line("date"),
            )
            row.source.say("exchanged", words, "date")
        else:
            seen.setdefault((key, day), row)


def note_repeats(rows: Sequence[tuple[CommendationRow, str]]) -> None:
    """Of two rows with one recipient in one decision, the second is refused.

    Args:
        rows: with the key of their recipient.
    """
    seen: dict[tuple[str, date | None, str], int] = {}
    for row, key in rows:
        which = (decision_key(row.number), row.decided_on, key)
        earlier = seen.setdefault(which, row.source.place.row)
        if earlier != row.source.place.row:
            words = _l(
                "This recipient stands in the same decision in row %(row)s already. For two people "
                "of one name add the year of birth or the unit.",
                row=earlier,
            )
            row.source.say("repeated", words, "name")
