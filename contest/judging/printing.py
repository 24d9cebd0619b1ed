"""Minutes and mark sheets as PDF, under the header of the State or of the Party."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from contest.contests.models import Round
from contest.core.clock import LOCAL_ZONE
from contest.core.documents import compile_pdf
from contest.core.i18n import format_instant, format_points, language
from contest.core.i18n import gettext as _
from contest.judging.models import Criterion, Juror
from contest.judging.queries.exports import ExportedSheet
from contest.judging.queries.records import DecisionRecord
from contest.judging.rules.sheets import scale_of
from contest.judging.rules.wording import METHOD_LABELS

STYLES: Final = ("state", "party")


def _header(contest_round: Round, style: str, now: datetime) -> dict[str, str]:
    day = now.astimezone(LOCAL_ZONE)
    return {
        "style": style if style in STYLES else STYLES[0],
        "above": contest_round.contest.unit.name,
        "issuer": _("Jury"),
        "number": "",
        "place_date": _(
            "Day %(day)s month %(month)s year %(year)s", day=day.day, month=day.month, year=day.year
        ),
    }


def _base(contest_round: Round, title: str, style: str, now: datetime) -> dict[str, Any]:
    return {
        "title": title,
        "lang": language(),
        "header": _header(contest_round, style, now),
        "about": f"{contest_round.contest.title} · {contest_round.title}",
    }


def minutes_pdf(
    contest_round: Round,
    decisions: Sequence[DecisionRecord],
    *,
    style: str,
    now: datetime,
    instance: Path,
) -> bytes:
    """Minutes of every decision, a page for each.

    Args:
        contest_round: the round.
        decisions: in the order of printing; not empty.
        style: `state` or `party`.
        now: the day that stands on the document.
        instance: the folder of this installation.
    """
    data = _base(contest_round, _("Minutes on the mark of a work"), style, now) | {
        "records": [_minutes(each) for each in decisions],
        "words": {
            "given": _("Marks that were given"),
            "judge": _("Judge"),
            "mark": _("Mark"),
            "minutes": _("What was discussed"),
            "chair": _("For the jury"),
            "secretary": _("Who kept the minutes"),
            "judges": _("Judges who marked it"),
        },
    }
    return compile_pdf("judging/minutes", data, instance=instance)


def _minutes(record: DecisionRecord) -> dict[str, Any]:
    present = record.present or [name for name, _total in record.judges]
    facts = [
        [_("Blind code"), record.code],
        [_("When"), format_instant(record.decided_at)],
        [_("Who was present"), ", ".join(present)],
        [_("How the mark came about"), str(METHOD_LABELS[record.method])],
        [_("Mark that counts"), format_points(record.points)],
    ]
    if record.before is not None:
        facts.insert(4, [_("Mark before"), format_points(record.before)])
    return {
        "code": record.code,
        "facts": facts,
        "judges": [[name, format_points(total)] for name, total in record.judges],
        "minutes": record.minutes,
        "kept_by": record.decided_by,
    }


def sheets_pdf(
    contest_round: Round,
    juror: Juror,
    sheets: Sequence[ExportedSheet],
    criteria: Sequence[Criterion],
    *,
    style: str,
    now: datetime,
    instance: Path,
) -> bytes:
    """The mark sheets of a judge, two on a page.

    Args:
        contest_round: the round.
        juror: whose sheets they are.
        sheets: finished ones, in the order of printing.
        criteria: the rubric.
        style: `state` or `party`.
        now: the day that stands on the document.
        instance: the folder of this installation.
    """
    scale = format_points(scale_of(list(criteria)))
    data = _base(contest_round, _("Mark sheets"), style, now) | {
        "judge": juror.person.full_name,
        "sheets": [_sheet(each, criteria, scale) for each in sheets],
        "words": {
            "criterion": _("Criterion"),
            "most": _("Most"),
            "mark": _("Mark"),
            "total": _("Total mark"),
            "remark": _("Remark"),
            "judge": _("Judge"),
            "work": _("Blind code"),
        },
    }
    return compile_pdf("judging/mark-sheets", data, instance=instance)


def _sheet(sheet: ExportedSheet, criteria: Sequence[Criterion], scale: str) -> dict[str, Any]:
    return {
        "code": sheet.code,
        "rows": [
            [each.name, format_points(each.max_points), format_points(sheet.marks.get(each.id))]
            for each in criteria
        ],
        "total": f"{format_points(sheet.total)} / {scale}",
        "remark": sheet.comment,
        "when": format_instant(sheet.done_at) if sheet.done_at is not None else "",
    }
