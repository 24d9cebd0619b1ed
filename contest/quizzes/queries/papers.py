"""Papers as people see them: during the attempt without the key, afterwards with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from contest.contests.models import Entry, Registration
from contest.core.db import db, from_point_units, to_point_units
from contest.quizzes.models import Attempt, ExtraTime, QuestionReport, RulingKind
from contest.quizzes.queries.essays import OwnMark, own_marks
from contest.quizzes.queries.rulings import rulings_of
from contest.quizzes.queries.sittings import Sitting
from contest.quizzes.rules.answers import Answer
from contest.quizzes.rules.rulings import Ruling, mark_under, right_letters, ruled_bodies
from contest.quizzes.rules.set_questions import revision_ids_of
from question_bank.kinds.base import KindBody, PresentedOption, PresentedPart, Way
from question_bank.kinds.cloze import pieces, with_blanks
from question_bank.kinds.parts import PartsBody, PartsKind
from question_bank.marking import ParsedRevision
from question_bank.media import Medium
from question_bank.models import QuestionRevision
from question_bank.queries import revisions


@dataclass(frozen=True, slots=True)
class Information:
    """Something to read before a question; it is worth nothing and has no number."""

    stem: str
    media: Mapping[str, Medium]


def _information(
    place: Mapping[str, Any], known: Mapping[int, ParsedRevision]
) -> tuple[Information, ...]:
    return tuple(Information(known[key].stem, known[key].media) for key in place.get("i", ()))


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as a contestant sees it during the attempt: it holds nothing of the key."""

    slot: int
    stem: str
    several: bool
    options: tuple[PresentedOption, ...]
    way: Way = Way.OPTIONS
    rows: tuple[PresentedOption, ...] = ()
    unit: str = ""
    media: Mapping[str, Medium] = field(default_factory=dict)

    parts: tuple[PresentedPart, ...] = ()
    information: tuple[Information, ...] = ()

    @property
    def texts(self) -> list[str]:
        """Every text of the question that is shown."""
        options = [each.text for part in self.parts for each in part.options]
        stems = [part.stem for part in self.parts]
        told = [each.stem for each in self.information]
        own = [self.stem, *(each.text for each in (*self.options, *self.rows))]
        return [*told, *own, *stems, *options]

    @property
    def pieces(self) -> list[tuple[str, PresentedPart | None]]:
        """The text between gaps, each time with the gap behind it."""
        return list(pieces(self.stem, self.parts))


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question after the attempt, with answer, key and explanation.

    `right` are letters of options; `right_texts` and `given_texts` are key and answer in words;
    `judged` is what a person gave of the `most` points, None where nobody marks the answer;
    `right_parts` how many gaps or members were right, of how many.
    """

    slot: int
    stem: str
    several: bool
    options: tuple[PresentedOption, ...]
    way: Way
    chosen: Answer
    right: tuple[str, ...]
    right_texts: tuple[str, ...]
    given_texts: tuple[str, ...]
    is_right: bool
    earns: bool
    explanation: str
    source: str
    media: Mapping[str, Medium]
    ruling: RulingKind | None = None
    information: tuple[Information, ...] = ()
    most: Decimal = Decimal(1)
    judged: OwnMark | None = None
    right_parts: tuple[int, int] | None = None


def asked_questions(sitting: Sitting, now: datetime) -> list[AskedQuestion]:
    """The questions of a paper in its order, without the key.

    Those of sections that have not begun, or were never reached, are nobody's to see and left out.
    """
    known = revisions(revision_ids_of(sitting.paper))
    asked = []
    for slot, place in enumerate(sitting.paper[: sitting.reached(now) + 1]):
        if "r" in place:
            revision = known[place["r"]]
            presented = revision.present(place["o"])
            asked.append(
                AskedQuestion(
                    slot,
                    revision.stem,
                    presented.several,
                    presented.options,
                    presented.way,
                    presented.rows,
                    presented.unit,
                    revision.media,
                    presented.parts,
                    _information(place, known),
                )
            )
    return asked


def _right_texts(revision: ParsedRevision, body: KindBody) -> tuple[str, ...]:
    """The key in words, with what each part of a question was to tell."""
    texts = revision.kind.key_texts(body)
    parts = getattr(body, "parts", ())
    return tuple(
        f"{text} – {part.feedback}" if part is not None and part.feedback else text
        for text, part in zip_longest(texts, parts[: len(texts)])
    )


def _right_parts(
    revision: ParsedRevision, chosen: Answer, ruling: Ruling | None
) -> tuple[int, int] | None:
    """How many gaps or members were wholly right, and of how many; None without any."""
    if not isinstance(revision.kind, PartsKind):
        return None
    bodies = cast("Sequence[PartsBody]", ruled_bodies(revision, ruling))
    results = revision.kind.part_results(bodies, chosen)
    return sum(each.share >= 1 for each in results), len(results)


def marked_questions(sitting: Sitting) -> list[MarkedQuestion]:
    """The questions of an ended attempt with the key; only for who may see it."""
    known = revisions(revision_ids_of(sitting.paper))
    answers, rulings = sitting.folded.answers, rulings_of(sitting.round_id)
    judged = own_marks(sitting.id) if sitting.has_essays else {}
    marked = []
    for slot, place in enumerate(sitting.paper):
        if "r" not in place:
            continue
        revision = known[place["r"]]
        presented = revision.present(place["o"])
        chosen = answers.get(slot, ())
        ruling = rulings.get(revision.id)
        own = judged.get(slot)
        units = None if own is None or own.points is None else to_point_units(own.points)
        mark = mark_under(revision, chosen, ruling, units)
        marked.append(
            MarkedQuestion(
                slot=slot,
                stem=with_blanks(revision.stem) if presented.way is Way.GAPS else revision.stem,
                several=presented.several,
                options=presented.options,
                way=presented.way,
                chosen=chosen,
                right=right_letters(revision, ruling, place["o"]),
                right_texts=tuple(
                    text
                    for body in ruled_bodies(revision, ruling)
                    for text in _right_texts(revision, body)
                ),
                given_texts=revision.kind.answer_texts(revision.body, chosen),
                is_right=mark.right,
                earns=mark.units > 0,
                explanation=revision.explanation,
                source=revision.source,
                media=revision.media,
                ruling=None if ruling is None else ruling.kind,
                information=_information(place, known),
                most=from_point_units(revision.max_units),
                judged=own,
                right_parts=_right_parts(revision, chosen, ruling),
            )
        )
    return marked


@dataclass(frozen=True, slots=True)
class ReportLine:
    """Reports of one question of a round, for organisers."""

    report: QuestionReport
    stem: str
    full_name: str
    times: int


def question_reports(round_id: int) -> list[ReportLine]:
    """What contestants reported in a round; unsettled first, then the latest."""
    times = func.count().over(partition_by=QuestionReport.revision_id)
    rows = db.session.execute(
        select(QuestionReport, QuestionRevision.stem, Registration.full_name, times)
        .join(Attempt, Attempt.id == QuestionReport.attempt_id)
        .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Attempt.round_id == round_id)
        .order_by(QuestionReport.settled_at.is_not(None), QuestionReport.reported_at.desc())
    )
    return [ReportLine(report, stem, name, count) for report, stem, name, count in rows]


def report_in_round(round_id: int, public_id: str) -> QuestionReport | None:
    """One report of a round, or None."""
    return db.session.scalar(
        select(QuestionReport)
        .join(Attempt, Attempt.id == QuestionReport.attempt_id)
        .where(Attempt.round_id == round_id, QuestionReport.public_id == public_id)
    )


@dataclass(frozen=True, slots=True)
class ExtraTimeLine:
    """A recorded decision with the name of whom it concerns."""

    decided_at: datetime
    seconds: int
    reason: str
    person: str
    unit: str


def extra_times(round_id: int) -> list[ExtraTimeLine]:
    """Extra time given in a round, latest first."""
    decisions = db.session.execute(
        select(ExtraTime, Registration.full_name)
        .outerjoin(Entry, Entry.id == ExtraTime.entry_id)
        .outerjoin(Registration, Registration.id == Entry.registration_id)
        .where(ExtraTime.round_id == round_id)
        .options(joinedload(ExtraTime.unit))
        .order_by(ExtraTime.decided_at.desc(), ExtraTime.id.desc())
    )
    return [
        ExtraTimeLine(
            decision.decided_at,
            decision.seconds,
            decision.reason,
            name or "",
            decision.unit.name if decision.unit is not None else "",
        )
        for decision, name in decisions
    ]


def entry_by_code(contest_id: int, code: str) -> Entry | None:
    """The entry of a registration of this contest by its code."""
    return db.session.scalar(
        select(Entry)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(
            Registration.contest_id == contest_id,
            Registration.code == code,
            Registration.withdrawn_at.is_(None),
            Entry.ordinal == 1,
        )
        .options(contains_eager(Entry.registration))
    )
