"""Who must sign a decision, on a round or over the totals, and who has."""

from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select

from contest.accounts.models import Person
from contest.accounts.queries import staff_person_ids
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.vietnamese import name_sort_key
from contest.results.models import (
    Allocation,
    Over,
    Signatory,
    Signature,
    SignRole,
    contest_of,
)
from contest.results.queries.prizes import latest_allocation
from contest.results.rules.signing import ORDER, next_role


@dataclass(frozen=True, slots=True)
class SignLine:
    """A role with who must sign in it, and the signature once it stands."""

    role: SignRole
    signatory: Signatory
    signature: Signature | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class SignState:
    """The signatures of the decision in force."""

    allocation: Allocation | None
    lines: tuple[SignLine, ...]

    @property
    def is_final(self) -> bool:
        """Whether it is decided and nobody still has to sign."""
        return self.allocation is not None and all(line.signature for line in self.lines)

    def line_of(self, person_id: int) -> SignLine | None:
        """The line of a person; None when they do not sign."""
        return next((one for one in self.lines if one.signatory.person_id == person_id), None)


def signatories(over: Over) -> list[Signatory]:
    """Who must sign, in the order of signing."""
    found = list(db.session.scalars(select(Signatory).where(Signatory.of(over))))
    return sorted(found, key=lambda one: ORDER.index(one.role))


def sign_state(over: Over) -> SignState:
    """Where the signatures of the decision in force stand."""
    allocation = latest_allocation(over)
    signed: dict[SignRole, Signature] = {}
    if allocation is not None:
        rows = db.session.scalars(
            select(Signature).where(
                Signature.allocation_id == allocation.id, Signature.digest == allocation.digest
            )
        )
        signed = {row.role: row for row in rows}
    needed = signatories(over)
    turn = next_role([one.role for one in needed], signed)
    return SignState(
        allocation,
        tuple(
            SignLine(one.role, one, signed.get(one.role), is_next=one.role is turn)
            for one in needed
        ),
    )


def waiting_signatures(person_id: int) -> list[Over]:
    """Decisions that wait for this person's signature now, the longest waiting first."""
    latest = (
        select(func.max(Allocation.id))
        .where(
            or_(
                Allocation.round_id == Signatory.round_id,
                Allocation.contest_id == Signatory.contest_id,
            )
        )
        .correlate(Signatory)
        .scalar_subquery()
    )
    given = (
        exists()
        .where(
            Signature.allocation_id == Allocation.id,
            Signature.digest == Allocation.digest,
            Signature.role == Signatory.role,
        )
        .correlate(Allocation, Signatory)
    )
    unsigned = db.session.scalars(
        select(Signatory)
        .join(Allocation, Allocation.id == latest)
        .where(Signatory.person_id == person_id, ~given)
        .order_by(Allocation.id)
    ).all()
    found: list[Over] = [
        db.session.get_one(Round, one.round_id)
        if one.round_id is not None
        else db.session.get_one(Contest, one.contest_id)
        for one in unsigned
    ]
    return [over for over in found if _is_next(over, person_id)]


def _is_next(over: Over, person_id: int) -> bool:
    line = sign_state(over).line_of(person_id)
    return line is not None and line.is_next and may_sign(over, person_id)


def round_to_sign(person_id: int, public_id: str) -> Round | None:
    """A round whose decision this person must sign."""
    return db.session.scalar(
        select(Round)
        .join(Signatory, Signatory.round_id == Round.id)
        .where(Round.public_id == public_id, Signatory.person_id == person_id)
    )


def totals_to_sign(person_id: int, slug: str) -> Contest | None:
    """A contest whose decision over the totals this person must sign."""
    return db.session.scalar(
        select(Contest)
        .join(Signatory, Signatory.contest_id == Contest.id)
        .where(Contest.slug == slug, Signatory.person_id == person_id)
    )


def may_sign(over: Over, person_id: int) -> bool:
    """Whether somebody still is one of those who may sign for a contest."""
    return person_id in staff_person_ids(contest_of(over).scope.path)


def people_who_may_sign(over: Over) -> list[Person]:
    """Staff and judges of the contest, by name."""
    ids = staff_person_ids(contest_of(over).scope.path)
    found = db.session.scalars(select(Person).where(Person.id.in_(ids))).all() if ids else []
    return sorted(found, key=lambda one: name_sort_key(one.full_name))
