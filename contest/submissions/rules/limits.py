"""Until when, how many, what is missing: the limits of an essay round."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from contest.contests.models import Round, Stage
from contest.core.errors import Words
from contest.core.i18n import format_count
from contest.core.i18n import gettext as _
from contest.submissions.models import ConfirmationDemand, EssayRound, ScreeningOutcome, Work

COALESCE: Final = timedelta(minutes=5)
MOST_COAUTHORS: Final = 4
SCREENABLE: Final = (Stage.OPEN, Stage.CLOSED, Stage.MARKING)
"""Stages in which the secretary decides about essays and about what is masked in them."""
BEFORE_MARKING: Final = (Stage.OPEN, Stage.CLOSED)


def takes_words(demand: ConfirmationDemand | None, contest_round: Round, now: datetime) -> bool:
    """Whether units may still confirm works of a round: somebody asks, its time is not over."""
    return demand is not None and now < demand.due_at and contest_round.stage in BEFORE_MARKING


class WritingPhase(StrEnum):
    """Where an instant lies for those who write."""

    BEFORE = "before"
    OPEN = "open"
    GRACE = "grace"
    OVER = "over"


def deadline(essay: EssayRound, contest_round: Round) -> datetime | None:
    """The first instant at which nothing can be handed in any more: the close and its grace."""
    if contest_round.closes_at is None:
        return None
    return contest_round.closes_at + timedelta(seconds=essay.grace_seconds)


def writing_phase(essay: EssayRound, contest_round: Round, now: datetime) -> WritingPhase:
    """Whether essays can be written and handed in at `now`, by the server's clock.

    The close itself belongs to the grace, the end of the grace to nothing: the windows are half
    open. The grace counts even when the job has closed the round on the minute; a round closed by
    hand has its close moved to that instant, so its grace begins there. A round that gets its works
    from an earlier one is never open to those who write.
    """
    if not essay.takes_works:
        return WritingPhase.OVER
    if contest_round.stage is Stage.PLANNED:
        return WritingPhase.BEFORE
    end = deadline(essay, contest_round)
    if contest_round.stage not in BEFORE_MARKING or end is None or now >= end:
        return WritingPhase.OVER
    assert contest_round.closes_at is not None  # noqa: S101  (or there were no deadline)
    return WritingPhase.OPEN if now < contest_round.closes_at else WritingPhase.GRACE


def may_hand_in(
    essay: EssayRound,
    contest_round: Round,
    outcome: ScreeningOutcome | None,
    now: datetime,
    late_until: datetime | None = None,
) -> bool:
    """Whether a work can be changed and handed in.

    Until the deadline, or the end of a code of the late door (`late_until`, which belongs to
    nothing); and what the secretary returned for mending, until marking begins.
    """
    if writing_phase(essay, contest_round, now) in {WritingPhase.OPEN, WritingPhase.GRACE}:
        return True
    if late_until is not None and now < late_until and contest_round.stage in BEFORE_MARKING:
        return True
    return outcome is ScreeningOutcome.RETURNED and contest_round.stage in BEFORE_MARKING


def is_writable(
    essay: EssayRound, work: Work, outcome: ScreeningOutcome | None, now: datetime
) -> bool:
    """Whether its authors can change a work and hand it in; never what came on paper."""
    return not work.is_on_paper and may_hand_in(essay, work.round, outcome, now, work.late_until)


def same_slot(before: datetime, now: datetime) -> bool:
    """Whether two autosaves lie in the same five minutes, so that the later takes the place."""
    slot = int(COALESCE.total_seconds())
    return int(before.timestamp()) // slot == int(now.timestamp()) // slot


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the rules ask for and a work lacks: where it is mended, and words."""

    code: str
    field: str
    words: Words


def missing_parts(
    essay: EssayRound,
    *,
    title: str,
    word_count: int,
    subject_name: str,
    subject_unit: str,
    subject_reason: str,
    pictures: int,
    body_required: bool = True,
) -> list[Missing]:
    """What is missing or too much among the fields that every work has, in the order of an essay.

    A text that may be left empty (`body_required`) has to be long enough once it is begun.
    """
    found: list[Missing] = []
    if not title:
        found.append(Missing("title", "title", _("The title is missing.")))
    if word_count == 0:
        if body_required:
            found.append(Missing("empty", "body", _("The essay is still empty.")))
    elif word_count < essay.min_words:
        words = _(
            "The essay has %(count)s words; at least %(least)s are asked for.",
            count=format_count(word_count),
            least=format_count(essay.min_words),
        )
        found.append(Missing("too_short", "body", words))
    if word_count > essay.max_words:
        words = _(
            "The essay has %(count)s words; at most %(most)s are allowed.",
            count=format_count(word_count),
            most=format_count(essay.max_words),
        )
        found.append(Missing("too_long", "body", words))
    if essay.subject_required:
        found += _missing_subject(subject_name, subject_unit, subject_reason)
    if pictures > essay.max_pictures:
        words = _(
            "There are %(count)s pictures; at most %(most)s are allowed.",
            count=pictures,
            most=essay.max_pictures,
        )
        found.append(Missing("pictures", "pictures", words))
    return found


def _missing_subject(name: str, unit: str, reason: str) -> list[Missing]:
    parts = (
        ("subject_name", name, _("Say whom the essay is about.")),
        ("subject_unit", unit, _("Say where that person works or lives.")),
        ("subject_reason", reason, _("Say in a sentence why that person is an example.")),
    )
    return [Missing(code, code, words) for code, value, words in parts if not value]


def narrows(before: EssayRound, changes: dict[str, object]) -> bool:
    """Whether new limits would take something from people who write already."""
    wider = {"max_words": 1, "max_pictures": 1, "entries_per_author": 1, "min_words": -1}
    for name, sign in wider.items():
        value = changes.get(name, getattr(before, name))
        if isinstance(value, int) and (value - int(getattr(before, name))) * sign < 0:
            return True
    allowed = ("document_allowed", "coauthors_allowed")
    if any(getattr(before, name) and not changes.get(name, True) for name in allowed):
        return True
    return not before.subject_required and bool(changes.get("subject_required"))


def share_in_percent(ten_thousandths: int) -> str:
    """A share kept as ten-thousandths, as whole percent in words."""
    return f"{round(ten_thousandths / 100)}\u00a0%"
