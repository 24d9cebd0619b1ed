"""Tables of prizes, their allocation, and publications."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Person
from contest.contests.models import Contest, Division, Entry, RankRun, Registration, Round
from contest.core.db import Base, JsonData, Points, PublicIdMixin, UtcInstant, enum_type
from contest.submissions.models import Subject


class PrizeCode(StrEnum):
    """Levels of prizes, from the highest."""

    SPECIAL = "special"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    CONSOLATION = "consolation"


class TiePolicy(StrEnum):
    """What happens when a tie stands across the line of a level's quota."""

    EXPAND = "expand"
    SHRINK = "shrink"
    STOP = "stop"


class PrizeLevel(PublicIdMixin, Base):
    """So many prizes of a level in a round (for each division if the contest has some).

    `money` is in đồng.
    """

    __tablename__ = "prize_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    code: Mapped[PrizeCode] = mapped_column(enum_type(PrizeCode))
    name: Mapped[str] = mapped_column(String(120))
    quota: Mapped[int]
    money: Mapped[int] = mapped_column(BigInteger, default=0)
    tie_policy: Mapped[TiePolicy] = mapped_column(enum_type(TiePolicy), default=TiePolicy.STOP)

    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        CheckConstraint("quota >= 1", "quota"),
        CheckConstraint("money >= 0", "money"),
    )


class PrizeTerms(Base):
    """Limits on the prizes of a round, and what contestants are shown of their marks.

    `per_author` and `per_unit` say how many prizes at most an author, or all authors of a unit
    at the reporting level, may get in each division; empty means no limit. `shows_criteria` lets
    authors read the mean mark of each criterion beside their own place.
    """

    __tablename__ = "prize_terms"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    per_author: Mapped[int | None]
    per_unit: Mapped[int | None]
    shows_criteria: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("per_author IS NULL OR per_author >= 1", "per_author"),
        CheckConstraint("per_unit IS NULL OR per_unit >= 1", "per_unit"),
    )


class Honour(PublicIdMixin, Base):
    """A person written about whom the organisers honour, beside the prizes (domain: S0-3).

    `citation` says why. `agreed_at` is when the organisers noted that the person agrees to be
    named; without it the public reads initials, and no citation.
    """

    __tablename__ = "honour"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    position: Mapped[int]
    full_name: Mapped[str] = mapped_column(String(120))
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    citation: Mapped[str] = mapped_column(Text, default="")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcInstant)

    subject: Mapped[Subject] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "subject_id"),)


class Allocation(PublicIdMixin, Base):
    """Prizes given over a rank run, with the trace that says why; decided by a person.

    A decision taken again is a new allocation that says in `reason` why.
    """

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    rank_run_id: Mapped[int] = mapped_column(ForeignKey("rank_run.id"), index=True)
    number: Mapped[int]
    trace: Mapped[list[dict[str, Any]]] = mapped_column(JsonData)
    # The honoured persons as they were when the prizes were decided.
    honours: Mapped[list[dict[str, Any]]] = mapped_column(JsonData, default=list)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcInstant)

    rank_run: Mapped[RankRun] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class PrizeAward(Base):
    """An entry receives a prize of a level."""

    __tablename__ = "prize_award"

    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("prize_level.id"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    place: Mapped[int]
    money: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")

    level: Mapped[PrizeLevel] = relationship(lazy="joined")
    entry: Mapped[Entry] = relationship()
    division: Mapped[Division | None] = relationship()


class Publication(PublicIdMixin, Base):
    """A published result: a snapshot with a digest that is never changed.

    `snapshot` holds everything that the public page and the downloads show. A correction is a
    new publication that says why.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    rank_run_id: Mapped[int] = mapped_column(ForeignKey("rank_run.id"))
    # Large, and read once for each process: lists of publications do without it.
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonData, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    audit_head: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decision_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(UtcInstant)

    round: Mapped[Round] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class TotalRun(PublicIdMixin, Base):
    """Standings of a contest over its rounds, made at an instant; never changed.

    `terms` holds the rounds with weight, rank run and its digest, and what a missed round means;
    `digest` is the SHA-256 over terms and exact totals.
    """

    __tablename__ = "total_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(JsonData)
    people: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)

    contest: Mapped[Contest] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "number"),)


class TotalScore(Base):
    """The total of a registration. Places are found from exact fractions, not from `points`.

    `points` is the total rounded half-up to a ten-thousandth, for reading; `parts` has for each
    round of the terms `[points, most points, weighted points]` as texts, or null when the person
    did not take part or was not ranked. `place` is empty where the terms leave them unranked.
    """

    __tablename__ = "total_score"

    total_run_id: Mapped[int] = mapped_column(ForeignKey("total_run.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id"), primary_key=True, index=True
    )
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    points: Mapped[Decimal] = mapped_column(Points)
    taken: Mapped[int]
    place: Mapped[int | None]
    parts: Mapped[list[list[str] | None]] = mapped_column(JsonData)

    registration: Mapped[Registration] = relationship()

    __table_args__ = (Index("ix_total_score_run_place", "total_run_id", "division_id", "place"),)


class TotalPublication(PublicIdMixin, Base):
    """Published standings of a contest: a snapshot with a digest, as a round's publication."""

    __tablename__ = "total_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    total_run_id: Mapped[int] = mapped_column(ForeignKey("total_run.id"))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonData, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    audit_head: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decision_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(UtcInstant)

    contest: Mapped[Contest] = relationship()

    __table_args__ = (UniqueConstraint("contest_id", "number"),)


class SignRole(StrEnum):
    """Who signs a list of prizes, in this order."""

    SECRETARY = "secretary"
    CHIEF_JUDGE = "chief_judge"
    CHAIR = "chair"


class Signatory(Base):
    """Somebody who must sign the decision of a round before it may be published.

    A round without signatories needs no signature.
    """

    __tablename__ = "signatory"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[SignRole] = mapped_column(enum_type(SignRole), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")

    person: Mapped[Person] = relationship()


class Signature(PublicIdMixin, Base):
    """Somebody has signed a decision: `digest` is that of the allocation they looked at.

    It is never changed; a decision taken again needs new ones.
    """

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    role: Mapped[SignRole] = mapped_column(enum_type(SignRole))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcInstant)

    __table_args__ = (UniqueConstraint("allocation_id", "role"),)


class AppealTerms(Base):
    """When somebody may ask for a second look at a result, and from what difference on it moves.

    `threshold` is in points of the round; a smaller difference leaves the mark as it is.
    """

    __tablename__ = "appeal_terms"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    opens_at: Mapped[datetime] = mapped_column(UtcInstant)
    closes_at: Mapped[datetime] = mapped_column(UtcInstant)
    threshold: Mapped[Decimal] = mapped_column(Points, default=Decimal("0.5"))

    __table_args__ = (CheckConstraint("closes_at > opens_at", "window"),)


class AppealState(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    MARKING = "marking"
    DECIDED = "decided"


class Appeal(PublicIdMixin, Base):
    """Somebody asks for a second look at their result (phúc khảo); it costs nothing.

    `official` is the mark when it was filed, `result` what stands after; `answer` is the letter.
    """

    __tablename__ = "appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    state: Mapped[AppealState] = mapped_column(enum_type(AppealState), default=AppealState.FILED)
    body: Mapped[str] = mapped_column(Text)
    official: Mapped[Decimal] = mapped_column(Points)
    result: Mapped[Decimal | None] = mapped_column(Points)
    answer: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()
    marks: Mapped[list["AppealMark"]] = relationship(order_by="AppealMark.position")

    __table_args__ = (UniqueConstraint("round_id", "entry_id"),)


class AppealMark(Base):
    """A re-marking of an appeal: by whom, and the mark once it is given."""

    __tablename__ = "appeal_mark"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    points: Mapped[Decimal | None] = mapped_column(Points)
    marked_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("appeal_id", "person_id"),
        CheckConstraint("position BETWEEN 1 AND 3", "position"),
    )
