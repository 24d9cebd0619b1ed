"""What a judge sees: own works by code, and the sheet, from which no author can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import and_, case, exists, select
from sqlalchemy.orm import joinedload

from contest.contests.models import Contest, Round, Stage
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.models import (
    Criterion,
    JudgedRound,
    Juror,
    JurorState,
    MarkSheet,
    RefusedSave,
    Resolution,
    SheetMark,
    SheetNote,
    SheetState,
)
from contest.judging.queries.extras import is_extra
from contest.judging.queries.rounds import criteria_of
from contest.judging.rules.sheets import LIVE, UNDONE, Band, bands_of, scale_of
from contest.submissions.models import BlindCode, EssayRound, FieldSort, FormField
from contest.submissions.queries.marking import BlindWork, blind_work
from contest.submissions.rules.entry_forms import BODY

_MOST_KEPT: Final = 5
_LATELY: Final = 60


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A line of my list of works: only the code names it."""

    public_id: str
    code: str
    place: int
    state: SheetState
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion as the sheet shows it, with my mark."""

    public_id: str
    position: int
    name: str
    description: str
    max_points: Decimal
    step: Decimal
    bands: tuple[Band, ...]
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note of mine on a passage of the text."""

    public_id: str
    start: int
    end: int
    body: str
    criterion: int | None


@dataclass(frozen=True, slots=True)
class KeptSave:
    """What I sent and could not be saved; it does not count.

    `marks`: name of the criterion and the mark, in the order of the rubric.
    """

    at: datetime
    marks: tuple[tuple[str, Decimal], ...]
    comment: str


@dataclass(frozen=True, slots=True)
class BlindSheet:
    """Everything that the page of a sheet is made of.

    There is no author, unit, file name, entry, storage key, order or time of entry in it, nor
    any mark of another judge. `place` counts in this judge's own random order.
    """

    public_id: str
    round_public_id: str
    round_title: str
    contest_title: str
    due_at: datetime | None
    max_words: int
    work: BlindWork
    place: int
    state: SheetState
    edit: int
    total: Decimal | None
    scale: Decimal
    comment: str
    criteria: tuple[CriterionLine, ...]
    notes: tuple[NoteLine, ...]
    kept: tuple[KeptSave, ...]
    is_settled: bool
    is_closed: bool
    done: int
    of: int
    next_id: str | None
    previous_id: str | None
    passes_on: bool = False

    @property
    def is_open(self) -> bool:
        """Whether marks can still be written."""
        return not (self.is_settled or self.is_closed) and self.state in LIVE


def own_seat(person_id: int, round_public_id: str) -> Juror | None:
    """My seat on the jury of a round, invited or accepted; else None."""
    return db.session.scalar(
        select(Juror)
        .join(Round, Round.id == Juror.round_id)
        .where(
            Juror.person_id == person_id,
            Round.public_id == round_public_id,
            Juror.state.in_((JurorState.INVITED, JurorState.ACCEPTED)),
        )
        .options(joinedload(Juror.person))
    )


def round_of_seat(juror: Juror) -> Round:
    """The round of a seat, with its contest."""
    return db.session.scalars(
        select(Round)
        .where(Round.id == juror.round_id)
        .options(joinedload(Round.contest).joinedload(Contest.scope))
    ).one()


def own_sheets(juror: Juror) -> list[OwnSheet]:
    """My works in my own stable order."""
    rows = db.session.execute(
        select(MarkSheet.public_id, BlindCode.code, MarkSheet.state, MarkSheet.total)
        .outerjoin(
            BlindCode,
            (BlindCode.work_id == MarkSheet.work_id) & (BlindCode.round_id == MarkSheet.round_id),
        )
        .where(MarkSheet.juror_id == juror.id, MarkSheet.state != SheetState.MOVED)
        .order_by(MarkSheet.position, MarkSheet.id)
    )
    return [
        OwnSheet(row.public_id, row.code or "–", place, row.state, row.total)
        for place, row in enumerate(rows, start=1)
    ]


def own_sheet(person_id: int, public_id: str) -> MarkSheet | None:
    """A sheet of mine, for the actions; the page gets `blind_sheet`."""
    return db.session.scalar(
        select(MarkSheet)
        .join(MarkSheet.juror)
        .where(MarkSheet.public_id == public_id, Juror.person_id == person_id)
        .options(joinedload(MarkSheet.juror))
    )


def marks_of(sheet_id: int) -> dict[int, Decimal]:
    """The newest mark of each criterion on a sheet."""
    rows = db.session.execute(
        select(SheetMark.criterion_id, SheetMark.points)
        .where(SheetMark.sheet_id == sheet_id)
        .order_by(SheetMark.edit)
    )
    return dict(rows.all())  # a later edit takes the earlier one's place


def is_settled(work_id: int) -> bool:
    """Whether a work has its mark."""
    return bool(db.session.scalar(select(exists().where(Resolution.work_id == work_id))))


def notes_of(sheet_id: int, criteria: list[Criterion]) -> tuple[NoteLine, ...]:
    """My notes on a sheet, in the order of the text."""
    places = {criterion.id: criterion.position for criterion in criteria}
    return tuple(
        NoteLine(
            note.public_id,
            note.start,
            note.end,
            note.body,
            None if note.criterion_id is None else places.get(note.criterion_id),
        )
        for note in db.session.scalars(
            select(SheetNote)
            .where(SheetNote.sheet_id == sheet_id, SheetNote.removed_at.is_(None))
            .order_by(SheetNote.start, SheetNote.id)
        )
    )


def kept_saves(sheet_id: int, criteria: list[Criterion]) -> tuple[KeptSave, ...]:
    """What could not be saved on a sheet of mine, the newest first."""
    rows = db.session.execute(
        select(RefusedSave.refused_at, RefusedSave.marks, RefusedSave.comment)
        .where(RefusedSave.sheet_id == sheet_id)
        .order_by(RefusedSave.id.desc())
        .limit(_MOST_KEPT)
    )
    return tuple(
        KeptSave(
            row.refused_at,
            tuple(
                (each.name, Decimal(row.marks[each.public_id]))
                for each in criteria
                if each.public_id in row.marks
            ),
            row.comment,
        )
        for row in rows
    )


def due_at(round_id: int) -> datetime | None:
    """By when the marks of a round are due."""
    return db.session.scalar(
        select(JudgedRound.marks_due_at).where(JudgedRound.round_id == round_id)
    )


def blind_sheet(sheet: MarkSheet) -> BlindSheet | None:
    """The page of a sheet that was loaded for its judge; None while the work has no code."""
    work = blind_work(sheet.round_id, sheet.work_id)
    if work is None:
        return None
    contest_round = round_of_seat(sheet.juror)
    judged, max_words = _settings(sheet.round_id)
    criteria = criteria_of(sheet.round_id)
    marks = marks_of(sheet.id)
    order = _order(sheet.juror_id)
    place = next(at for at, row in enumerate(order) if row.public_id == sheet.public_id)
    live = [row for row in order if row.state in LIVE]
    return BlindSheet(
        public_id=sheet.public_id,
        round_public_id=contest_round.public_id,
        round_title=contest_round.title,
        contest_title=contest_round.contest.title,
        due_at=None if judged is None else judged.marks_due_at,
        max_words=max_words,
        work=work,
        place=place + 1,
        state=sheet.state,
        edit=sheet.edit,
        total=sheet.total,
        scale=scale_of(criteria),
        comment=sheet.comment,
        criteria=_lines(criteria, marks),
        notes=notes_of(sheet.id, criteria),
        kept=kept_saves(sheet.id, criteria),
        is_settled=is_settled(sheet.work_id) and not is_extra(sheet),
        is_closed=judged is None
        or judged.closed_at is not None
        or contest_round.stage is not Stage.MARKING,
        done=sum(row.state is SheetState.DONE for row in live),
        of=len(live),
        next_id=next_undone(order, sheet.public_id),
        previous_id=order[place - 1].public_id if place else None,
        passes_on=judged is not None and judged.gives_comments,
    )


def _settings(round_id: int) -> tuple[JudgedRound | None, int]:
    """How the round is judged, and the limit of the text; 0 where more than it is counted."""
    has_more = exists().where(
        FormField.round_id == EssayRound.round_id,
        FormField.sort == FieldSort.LONG_TEXT,
        FormField.key != BODY,
        FormField.shown,
    )
    row = db.session.execute(
        select(JudgedRound, case((has_more, 0), else_=EssayRound.max_words))
        .outerjoin(EssayRound, EssayRound.round_id == JudgedRound.round_id)
        .where(JudgedRound.round_id == round_id)
    ).first()
    return (None, 0) if row is None else (row[0], row[1] or 0)


def _lines(criteria: list[Criterion], marks: Mapping[int, Decimal]) -> tuple[CriterionLine, ...]:
    return tuple(
        CriterionLine(
            each.public_id,
            each.position,
            each.name,
            each.description,
            each.max_points,
            each.step,
            bands_of(each),
            marks.get(each.id),
        )
        for each in criteria
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet in a judge's order."""

    public_id: str
    state: SheetState


def _order(juror_id: int) -> list[Place]:
    rows = db.session.execute(
        select(MarkSheet.public_id, MarkSheet.state)
        .where(MarkSheet.juror_id == juror_id, MarkSheet.state != SheetState.MOVED)
        .order_by(MarkSheet.position, MarkSheet.id)
    )
    return [Place(row.public_id, row.state) for row in rows]


def next_undone(order: list[Place], after: str) -> str | None:
    """The next work to mark after one, beginning again at the top; None when none is left."""
    at = next((place for place, row in enumerate(order) if row.public_id == after), -1)
    turned = order[at + 1 :] + order[: max(at, 0)]
    return next((row.public_id for row in turned if row.state in UNDONE), None)


def next_sheet(juror_id: int, after: str = "") -> str | None:
    """The sheet to go on with."""
    return next_undone(_order(juror_id), after)


def lately_done(juror_id: int) -> list[datetime]:
    """When a judge finished the latest sheets, the latest first."""
    return list(
        db.session.scalars(
            select(MarkSheet.done_at)
            .where(
                MarkSheet.juror_id == juror_id,
                MarkSheet.state == SheetState.DONE,
                MarkSheet.done_at.is_not(None),
            )
            .order_by(MarkSheet.done_at.desc())
            .limit(_LATELY)
        )
    )


def reads_blind(*, actor: Actor, work_id: int) -> bool:
    """Whether somebody holds a live sheet for a work, and so may fetch its pictures."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    and_(
                        MarkSheet.work_id == work_id,
                        MarkSheet.state.in_(LIVE),
                        Juror.id == MarkSheet.juror_id,
                        Juror.person_id == actor.person_id,
                        Juror.state == JurorState.ACCEPTED,
                    )
                )
            )
        )
    )
