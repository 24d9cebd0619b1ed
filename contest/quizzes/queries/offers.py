"""Before the start: where the person stands with a round, and what they are offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from contest.accounts.models import Consent, ConsentPurpose
from contest.contests.models import Contest, Entry, Registration, Round, Stage
from contest.contests.rules import Phase, window_at
from contest.core.db import db
from contest.core.errors import RuleBroken, Words
from contest.quizzes.models import Attempt, ExtraTime, MovedWindow, QuizRound
from contest.quizzes.queries.attempts import (
    LINE,
    AttemptLine,
    attempts_of_entry,
    decided_for,
    entry_of,
)
from contest.quizzes.queries.rounds import terms_of
from contest.quizzes.rules import timing
from contest.quizzes.rules.terms import Terms


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """A person's live registration in a contest, with what competes.

    Attributes:
        entry_id, entry_public_id: what competes.
        has_agreed: whether the person has agreed to take part; people of a roster agree before
            their first start.
        extra: time that recorded decisions give this entry in the round.
        moved_close: until when the latest recorded decision lets this entry begin, or None; in an
            annulled round nobody begins.
        attempts: all so far, in order.
    """

    code: str
    full_name: str
    unit_path: str
    entry_id: int
    entry_public_id: str
    has_agreed: bool
    extra: timedelta
    moved_close: datetime | None
    attempts: tuple[AttemptLine, ...]


def own_phase(
    stage: Stage,
    opens_at: datetime | None,
    closes_at: datetime | None,
    moved_close: datetime | None,
    now: datetime,
) -> Phase:
    """Where an instant lies in the window of a round, for somebody whose close may be moved."""
    if moved_close is None:
        return window_at(stage, opens_at, closes_at, now).phase
    # The round may have closed for everybody else.
    own_stage = Stage.OPEN if stage is Stage.CLOSED else stage
    return window_at(own_stage, opens_at, moved_close, now).phase


@dataclass(frozen=True, slots=True)
class Doorway:
    """A quiz round of an announced contest, and the person who stands before it.

    `own` is None for somebody who is not registered.
    """

    contest_id: int
    contest_slug: str
    contest_title: str
    scope_id: int
    round_id: int
    number: int
    title: str
    stage: Stage
    is_practice: bool
    opens_at: datetime | None
    closes_at: datetime | None
    pool_digest: str | None
    annulled_at: datetime | None
    own: OwnEntry | None

    def phase(self, now: datetime) -> Phase:
        """Where an instant lies in the round's window."""
        moved = None if self.own is None else self.own.moved_close
        return own_phase(self.stage, self.opens_at, self.closes_at, moved, now)

    @property
    def ends_at(self) -> datetime | None:
        """Until when this person may begin: the close, or where a decision moved it."""
        moved = None if self.own is None else self.own.moved_close
        return self.closes_at if moved is None else moved


_PLACE: Final = (
    Contest.id,
    Contest.slug,
    Contest.title,
    Contest.scope_id,
    Round.id,
    Round.number,
    Round.title,
    Round.stage,
    Round.is_practice,
    Round.opens_at,
    Round.closes_at,
    QuizRound.pool_digest,
    Round.annulled_at,
)
_person: Final = bindparam("person_id", type_=Integer)
_HAS_AGREED: Final = exists().where(
    Consent.person_id == _person,
    Consent.purpose == ConsentPurpose.TAKE_PART,
    Consent.withdrawn_at.is_(None),
    Consent.scope_id == Contest.scope_id,
)


def _reaches(decision: type[ExtraTime | MovedWindow]) -> ColumnElement[bool]:
    """A decision about this entry, or about a unit whose branch it belongs to."""
    return and_(
        decision.round_id == Round.id,
        or_(
            decision.entry_id == Entry.id,
            Registration.unit_ids.like(
                literal("%/") + cast(decision.unit_id, String) + literal("/%")
            ),
        ),
    )


_EXTRA: Final = (
    select(func.coalesce(func.sum(ExtraTime.seconds), 0))
    .where(_reaches(ExtraTime))
    .scalar_subquery()
)
_MOVED: Final = (
    select(MovedWindow.closes_at)
    .where(_reaches(MovedWindow), Round.annulled_at.is_(None))
    .order_by(MovedWindow.id.desc())
    .limit(1)
    .scalar_subquery()
)
_OWN: Final = (
    Registration.code,
    Registration.full_name,
    Registration.unit_path,
    Entry.id,
    Entry.public_id,
    _HAS_AGREED,
    _EXTRA,
    _MOVED,
)
_DOORWAY: Final = (
    select(*_PLACE, *_OWN, *LINE)
    .select_from(Contest)
    .join(Round, Round.contest_id == Contest.id)
    .join(QuizRound, QuizRound.round_id == Round.id)
    .outerjoin(
        Registration,
        and_(
            Registration.contest_id == Contest.id,
            Registration.person_id == _person,
            Registration.withdrawn_at.is_(None),
        ),
    )
    .outerjoin(Entry, and_(Entry.registration_id == Registration.id, Entry.ordinal == 1))
    .outerjoin(Attempt, and_(Attempt.round_id == Round.id, Attempt.entry_id == Entry.id))
    .where(
        Contest.slug == bindparam("slug", type_=String),
        Contest.announced_at.is_not(None),
        Round.number == bindparam("number", type_=Integer),
    )
    .order_by(Attempt.ordinal)
)
_OWN_AT: Final = len(_PLACE)
_ATTEMPT_AT: Final = _OWN_AT + len(_OWN)


def doorway(person_id: int, slug: str, number: int) -> Doorway | None:
    """A quiz round of an announced contest as this person finds it, from one SELECT; or None."""
    values = {"person_id": person_id, "slug": slug, "number": number}
    rows: Sequence[Sequence[Any]] = db.session.connection().execute(_DOORWAY, values).all()
    if not rows:
        return None
    own_row = rows[0][_OWN_AT:_ATTEMPT_AT]
    code, name, unit, entry_id, entry_public_id, has_agreed, extra, moved = own_row
    own = None
    if entry_id is not None:
        attempts = (row[_ATTEMPT_AT:] for row in rows)
        own = OwnEntry(
            code,
            name,
            unit,
            entry_id,
            entry_public_id,
            bool(has_agreed),
            timedelta(seconds=int(extra)),
            moved,
            tuple(AttemptLine(*each) for each in attempts if each[0] is not None),
        )
    place: Sequence[Any] = rows[0][:_OWN_AT]
    return Doorway(*place, own)  # type: ignore[call-arg]


@dataclass(frozen=True, slots=True)
class StartOffer:
    """Whether this person may begin now, and what they would get.

    Attributes:
        attempts: all attempts so far, in order.
        running: the attempt that nobody has ended and that still has time.
        left: attempts left, None when there is no limit.
        available: the time really available to an attempt that begins now.
        whole: the time limit with extra time, before the close cuts it.
        is_cut: the close leaves less than the whole time.
        refusal: why no new attempt can begin; None when it can.
        next_at: when the delay after the last attempt is over.
        moved_close: where a decision moved the close for this person.
    """

    attempts: tuple[AttemptLine, ...]
    running: AttemptLine | None
    left: int | None
    available: timedelta
    whole: timedelta
    extra: timedelta
    is_cut: bool
    phase: Phase
    refusal: Words | None
    next_at: datetime | None = None
    moved_close: datetime | None = None

    @property
    def finished(self) -> list[AttemptLine]:
        """Attempts that have ended."""
        return [attempt for attempt in self.attempts if attempt.submitted_at is not None]


def offer_at(door: Doorway, own: OwnEntry, terms: Terms, now: datetime) -> StartOffer:
    """What the page before the start says to a registered person."""
    return _offer(
        terms,
        door.phase(now),
        door.ends_at,
        attempts=own.attempts,
        extra=own.extra,
        moved=own.moved_close,
        now=now,
    )


def start_offer(
    quiz: QuizRound, contest_round: Round, registration: Registration, now: datetime
) -> StartOffer:
    """The same where round and registration have been loaded already."""
    entry = entry_of(registration.id)
    attempts: tuple[AttemptLine, ...] = ()
    extra, moved = timedelta(0), None
    if entry is not None:
        attempts = attempts_of_entry(entry.id, contest_round.id)
        extra, moved = decided_for(contest_round.id, entry.id, registration.unit_ids)
        moved = moved if contest_round.annulled_at is None else None
    return _offer(
        terms_of(quiz),
        own_phase(contest_round.stage, contest_round.opens_at, contest_round.closes_at, moved, now),
        moved or contest_round.closes_at,
        attempts=attempts,
        extra=extra,
        moved=moved,
        now=now,
    )


def _offer(
    terms: Terms,
    phase: Phase,
    closes_at: datetime | None,
    *,
    attempts: tuple[AttemptLine, ...],
    extra: timedelta,
    moved: datetime | None,
    now: datetime,
) -> StartOffer:
    found = timing.limits_of_start(terms, closes_at, now, extra)
    held = [each.held for each in attempts]
    refusal: Words | None = None
    try:
        timing.check_start(terms, phase, held=held, found=found, now=now)
    except RuleBroken as refused:
        refusal = refused.message
    return StartOffer(
        attempts=attempts,
        running=next((each for each in attempts if each.is_running(now)), None),
        left=timing.attempts_left(terms.attempts_allowed, len(attempts)),
        available=found.available(now),
        whole=timedelta(seconds=terms.time_limit_seconds) + extra,
        extra=extra,
        is_cut=found.is_cut,
        phase=phase,
        refusal=refusal,
        next_at=timing.next_start_at(terms, held),
        moved_close=moved,
    )
