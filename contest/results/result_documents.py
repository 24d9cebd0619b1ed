"""Minutes and the decision of recognition (quyết định công nhận) as documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from contest.accounts.queries import unit_path
from contest.core.documents import ARCHIVAL, compile_pdf
from contest.core.i18n import format_count, format_instant, format_money, format_points
from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet
from contest.results.models import Allocation, Over, TotalRun, contest_of
from contest.results.queries.prizes import awards_of, places_shown, prize_levels
from contest.results.queries.ranking import ranking_lines_of
from contest.results.queries.seal import is_sealed
from contest.results.queries.signing import SignState
from contest.results.queries.totals import first_standings
from contest.results.rules.extra_prizes import kept_extras
from contest.results.rules.participation import SEPARATOR, path_parts
from contest.results.rules.signing import ROLE_NAMES
from contest.results.rules.titles import called
from contest.results.rules.words import document_title, prize_name


class Paper(StrEnum):
    """Documents that a decision makes."""

    DECISION = "decision"
    MINUTES = "minutes"


class HeaderStyle(StrEnum):
    """Whose form the head of a document has."""

    STATE = "state"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands on a document beside the list.

    Attributes:
        number: of the decision, as "47-QĐ/BTC"; may be empty.
        day: on which it is dated; None leaves room to write it.
        place: where.
    """

    number: str = ""
    day: date | None = None
    place: str = ""


def place_and_day(place: str, day: date | None) -> str:
    """The line of place and date as documents have it, in Vietnamese; dots where none is known."""
    head = f"{place}, " if place else ""
    if day is None:
        return f"{head}ngày … tháng … năm ……"
    return f"{head}ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"


def places_alone(allocation: Allocation) -> TotalRun | None:
    """The totals whose places were decided without prizes: then the places are the list."""
    run = allocation.total_run
    if run is None or allocation.extras or prize_levels(run.contest):
        return None
    return run


def _place_rows(run: TotalRun) -> list[list[str]]:
    """The first places of totals: number, name, unit, place, total."""
    return [
        [
            str(number),
            line.full_name,
            line.unit_path,
            format_count(line.place or 0),
            format_points(line.points),
        ]
        for number, line in enumerate(first_standings(run, places_shown(run.contest)), 1)
    ]


def annex_rows(allocation: Allocation) -> list[list[str]]:
    """The list of prizes: number, name, unit, prize, amount; of a sealed round codes alone.

    Of totals without prizes the first places.
    """
    alone = places_alone(allocation)
    if alone is not None:
        return _place_rows(alone)
    awards = awards_of(allocation.id)
    lines = ranking_lines_of(allocation.ranking, [one.entry_id for one in awards])
    if is_sealed(allocation.over):  # the order of names would tell something of them
        awards.sort(key=lambda one: (one.level.position, one.place, lines[one.entry_id].code))
    return [
        [
            str(place),
            lines[one.entry_id].full_name if one.entry_id in lines else "",
            lines[one.entry_id].unit_path if one.entry_id in lines else "",
            prize_name(one.level.code, one.level.name),
            format_money(one.money),
        ]
        for place, one in enumerate(awards, 1)
    ] + _rows_beside(allocation, len(awards) + 1)


def _rows_beside(allocation: Allocation, first: int) -> list[list[str]]:
    """The rows of unit prizes and side prizes, behind those of the levels."""
    extras = kept_extras(allocation.extras)
    given = [(one, award) for one in extras for award in one.awards]
    lines = ranking_lines_of(
        allocation.ranking, [award["to"] for one, award in given if not one.is_for_units]
    )
    rows = []
    for number, (one, award) in enumerate(given, first):
        if one.is_for_units:
            path = one.units[award["to"]]
            name, unit = path[0], SEPARATOR.join(path[1:])
        else:
            line = lines.get(award["to"])
            name, unit = (line.full_name, line.unit_path) if line else ("", "")
        rows.append([str(number), name, unit, one.name, format_money(award["money"])])
    return rows


def annex_heads(allocation: Allocation) -> list[str]:
    """The heads of the list."""
    last = (
        [_("Prize"), _("Amount")] if places_alone(allocation) is None else [_("Place"), _("Total")]
    )
    return [_("No."), _("Full name"), _("Unit"), *last]


def annex_sheet(allocation: Allocation) -> Sheet:
    """The list for a spreadsheet."""
    name = _("Prizes") if places_alone(allocation) is None else _("Standings")
    return Sheet(name, annex_heads(allocation), annex_rows(allocation), (6, 34, 60, 20, 16))


def _annex(allocation: Allocation) -> dict[str, Any]:
    """The list of a document, which is in Vietnamese whatever language is read."""
    first = ["TT", "Họ và tên", "Đơn vị"]
    alone = places_alone(allocation) is not None
    return {
        "title": "Danh sách xếp hạng" if alone else "Danh sách đạt giải",
        "heads": [*first, *(["Hạng", "Tổng điểm"] if alone else ["Giải", "Tiền thưởng"])],
        "rows": annex_rows(allocation),
    }


def result_document(
    over: Over,
    state: SignState,
    paper: Paper,
    style: HeaderStyle,
    asked: Asked,
    *,
    steps: Sequence[str],
    instance: Path,
) -> bytes:
    """Minutes or decision as PDF/A; a draft says on every page that it is one.

    Args:
        over: whose results.
        state: its decision and the signatures over it; decided.
        paper: which document.
        style: of the head.
        asked: number, day and place.
        steps: how the prizes were given, in sentences.
        instance: the folder of this installation.
    """
    allocation = state.allocation
    if allocation is None:
        raise LookupError(over.id)
    organiser = path_parts(unit_path(contest_of(over).unit).names)
    data = {
        "title": _title(paper),
        "lang": "vi",
        "paper": paper.value,
        "header": {
            "style": style.value,
            "above": organiser[0] if organiser else "",
            "issuer": "Ban Tổ chức",
            "number": f"Số: {asked.number}" if asked.number else "Số: ……",
            "place_date": place_and_day(asked.place, asked.day),
        },
        "draft": "" if state.is_final else "DỰ THẢO",
        "about": _about(over, paper),
        "grounds": _grounds(over, style),
        "articles": _articles(over, allocation) if paper is Paper.DECISION else [],
        "steps": _steps(allocation, steps) if paper is Paper.MINUTES else [],
        "annex": _annex(allocation),
        "signatures": _signatures(state),
        "digest": allocation.digest,
    }
    return compile_pdf("results/decision", data, instance=instance, standard=ARCHIVAL)


def _title(paper: Paper) -> str:
    return "Quyết định" if paper is Paper.DECISION else "Biên bản"


def _about(over: Over, paper: Paper) -> str:
    what = "Về việc công nhận kết quả" if paper is Paper.DECISION else "Họp xét giải"
    return f"{what} {document_title(over)}, {called(contest_of(over).title)}"


def _grounds(over: Over, style: HeaderStyle) -> list[str]:
    who = "Ban Tổ chức" if style is HeaderStyle.STATE else "Ban Tổ chức cuộc thi"
    return [
        f"Căn cứ Thể lệ {called(contest_of(over).title)};",
        f"Căn cứ kết quả xếp hạng {document_title(over)} và biên bản họp xét giải của {who};",
    ]


def _articles(over: Over, allocation: Allocation) -> list[str]:
    money_of = [one.money for one in awards_of(allocation.id)]
    money_of += [each["money"] for one in kept_extras(allocation.extras) for each in one.awards]
    money = format_money(sum(money_of))
    title = f"{document_title(over)}, {called(contest_of(over).title)}"
    orders = (
        "Ban Tổ chức, Tổ Thư ký và các cá nhân, đơn vị có tên trong danh sách chịu trách nhiệm "
        "thi hành quyết định này."
    )
    if places_alone(allocation) is not None:
        return [f"Công nhận kết quả xếp hạng {title} (có danh sách kèm theo).", orders]
    return [
        f"Công nhận {format_count(len(money_of))} giải của {title} (có danh sách kèm theo).",
        f"Tổng tiền thưởng là {money}, chi theo cơ cấu giải đã công bố trong Thể lệ.",
        orders,
    ]


def _steps(allocation: Allocation, steps: Sequence[str]) -> list[str]:
    decided = format_instant(allocation.decided_at, weekday=False)
    head = [f"Quyết định lần {allocation.number}, lúc {decided}."]
    if allocation.reason:
        head.append(f"Lý do quyết định lại: {allocation.reason}")
    return [*head, *steps]


def _signatures(state: SignState) -> list[dict[str, str]]:
    signed: Sequence[Any] = state.lines
    if not signed:
        return [{"role": "Trưởng Ban Tổ chức", "name": "", "note": ""}]
    return [
        {
            "role": str(ROLE_NAMES[line.role]),
            "name": line.signatory.person.full_name,
            "note": ""
            if line.signature is None
            else _("Signed %(time)s", time=format_instant(line.signature.signed_at, weekday=False)),
        }
        for line in signed
    ]
