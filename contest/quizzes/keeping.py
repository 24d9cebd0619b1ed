"""What this room keeps about a person: attempts, and what they reported about questions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, update

from contest.accounts.models import Person
from contest.accounts.personal_data import Keeper, Line, Record, Section, register_keeper
from contest.contests.models import Entry, Registration
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import format_duration_ms, format_points, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes import forgetting
from contest.quizzes.fairness_words import SIGNS, finding_words
from contest.quizzes.models import Attempt, FairnessFinding, QuestionReport
from contest.quizzes.queries.essays import OwnMark
from contest.quizzes.queries.papers import MarkedQuestion, marked_questions
from contest.quizzes.queries.sittings import Sitting, own_sitting
from contest.quizzes.rules.showing import shown_of_result
from question_bank.media import without_media


def _count(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(Attempt).where(Attempt.person_id == person_id)
        )
        or 0
    )


def _copy(person: Person) -> Sequence[Section]:
    rows = db.session.execute(
        select(Attempt.public_id, Attempt.device, Attempt.address)
        .where(Attempt.person_id == person.id)
        .order_by(Attempt.id)
    ).all()
    records = []
    for public_id, device, address in rows:
        sitting = own_sitting(person.id, public_id)
        if sitting is not None:
            records.append(Record(_attempt(sitting, device, address)))
    return [Section("attempts", _l("Attempts"), records), _reports(person), _signs(person)]


def _signs(person: Person) -> Section:
    """Signs found about the person, without the names of others."""
    rows = db.session.scalars(
        select(FairnessFinding)
        .join(Entry, Entry.id == FairnessFinding.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Registration.person_id == person.id)
        .order_by(FairnessFinding.id)
    )
    return Section(
        "fairness_signs",
        _l("Signs found in your attempts"),
        [
            Record(
                [
                    Line("sign", _l("Sign"), str(SIGNS[row.sign].label)),
                    Line("found", _l("What was found"), finding_words(row.sign, row.figures)),
                    Line("found_at", _l("Found on"), row.found_at),
                ]
            )
            for row in rows
        ],
    )


def _attempt(sitting: Sitting, device: str, address: str) -> list[Line]:
    shown = shown_of_result(
        is_practice=sitting.is_practice,
        stage=sitting.round_stage,
        result_shown=sitting.result_shown,
        has_ended=sitting.submitted_at is not None,
        has_essays=sitting.has_essays,
    )
    lines = [
        Line("contest", _l("Contest"), sitting.contest_title),
        Line("round", _l("Round"), sitting.round_title),
        Line("ordinal", _l("Attempt number"), sitting.ordinal),
        Line("started_at", _l("Started on"), sitting.started_at),
        Line("submitted_at", _l("Handed in on"), sitting.submitted_at),
        Line("working_time", _l("Working time"), format_duration_ms(sitting.working_ms)),
        Line("receipt", _l("Receipt code"), sitting.receipt_code),
        Line("digest", _l("Digest of the answers"), sitting.answers_digest),
        Line("prediction", _l("Prediction"), sitting.prediction),
        Line("device", _l("Device"), device or None),
        Line("address", _l("Network address"), address or None),
    ]
    if shown.points:
        lines += [
            Line("points", _l("Points"), sitting.points),
            Line("correct", _l("Right answers"), sitting.correct_count),
        ]
    if shown.key:
        lines += [_answer(question) for question in marked_questions(sitting)]
    elif sitting.submitted_at is not None:
        lines.append(
            Line("answers", _l("Answers"), _("They stand here once the results are published."))
        )
    return lines


def _answer(question: MarkedQuestion) -> Line:
    chosen = "; ".join(map(without_media, question.given_texts)) or _("no answer")
    verdict = _("right") if question.is_right else _("wrong")
    if question.judged is not None:
        verdict = _judged(question.judged, question.most)
    number = question.slot + 1
    return Line(
        f"answer_{number}",
        _("Question %(number)s", number=number),
        f"{without_media(question.stem)}\n→ {chosen} ({verdict})",
    )


def _judged(mark: OwnMark, most: Decimal) -> str:
    """What a person gave for an answer, in words."""
    if mark.points is None:
        return _("waits for marking")
    given = _(
        "%(points)s of %(max)s points", points=format_points(mark.points), max=format_points(most)
    )
    return f"{given}: {mark.comment}" if mark.comment else given


def _reports(person: Person) -> Section:
    rows = db.session.scalars(
        select(QuestionReport)
        .join(Attempt, Attempt.id == QuestionReport.attempt_id)
        .where(Attempt.person_id == person.id)
        .order_by(QuestionReport.id)
    )
    return Section(
        "question_reports",
        _l("Questions you reported"),
        [
            Record(
                [
                    Line("reported_at", _l("Reported on"), row.reported_at),
                    Line("body", _l("What you wrote"), row.body),
                    Line("reply", _l("Reply"), row.reply or None),
                ]
            )
            for row in rows
        ],
    )


def _consequences(person: Person) -> Sequence[Words]:
    count = _count(person.id)
    if not count:
        return ()
    return [
        ngettext(
            "%(num)s attempt with its answers and points stays for counting, without name, device "
            "and network address.",
            "%(num)s attempts with their answers and points stay for counting, without name, "
            "device and network address.",
            count,
        )
    ]


def _obstacles(person: Person) -> Sequence[Words]:
    running = db.session.scalar(
        select(Attempt.id)
        .where(Attempt.person_id == person.id, Attempt.submitted_at.is_(None))
        .limit(1)
    )
    return () if running is None else [_l("A quiz is being taken right now; wait until it ends.")]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    del now
    db.session.execute(
        update(Attempt).where(Attempt.person_id == person.id).values(device="", address="")
    )
    return {"attempts": _count(person.id), "essay_answers": forgetting.forget_writing(person.id)}


def register() -> None:
    """Tell accounts what this room keeps."""
    register_keeper(Keeper("quizzes", _copy, _consequences, _obstacles, _erase))
    forgetting.register()
