"""Saying who must sign, and signing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from contest.accounts.models import Person
from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.results.models import (
    Over,
    Signatory,
    Signature,
    SignRole,
    contest_of,
    number_of,
    over_ids,
)
from contest.results.queries.signing import may_sign, sign_state
from contest.results.rules.refusals import (
    AlreadySigned,
    ListChanged,
    NotDecidedYet,
    NotSignedYet,
    NotYourTurn,
    RoleLost,
    SecondFactorNeeded,
    SignatoriesWrong,
    SignedAlready,
)
from contest.results.rules.signing import may_be_signatories
from contest.results.rules.words import title_of


def set_signatories(
    *, over: Over, people: Mapping[SignRole, Person], actor: Actor, now: datetime
) -> None:
    """Say who must sign a decision on a round or over totals; nobody means that nobody needs to.

    Args:
        over: whose decision.
        people: by role.
        actor: who says so.
        now: the instant of the request.

    Raises:
        SignatoriesWrong: one person twice, or no chair among them.
        SignedAlready: somebody has signed the decision in force.
    """
    if not may_be_signatories([(role, person.id) for role, person in people.items()]):
        raise SignatoriesWrong
    if any(line.signature for line in sign_state(over).lines):
        raise SignedAlready
    db.session.execute(delete(Signatory).where(Signatory.of(over)))
    db.session.add_all(
        Signatory(**over_ids(over), role=role, person_id=person.id)
        for role, person in people.items()
    )
    db.session.flush()
    db.session.expire_all()
    audit.record(
        "results.signatories_set",
        actor=actor,
        now=now,
        subject=("round" if isinstance(over, Round) else "contest", over.id),
        scope_id=contest_of(over).scope_id,
        data={"round": number_of(over), "roles": sorted(role.value for role in people)},
    )


def sign_decision(
    *, over: Over, expected: str, address: str = "", actor: Actor, now: datetime
) -> Signature:
    """Sign the decision in force; the signature stands over its digest.

    Args:
        over: whose decision.
        expected: digest of the list that was looked at.
        address: of the page where the next one signs, for the letter.
        actor: who signs, signed in by two steps.
        now: the instant of the request.

    Raises:
        NotDecidedYet, RoleLost, SecondFactorNeeded, ListChanged, AlreadySigned, NotYourTurn:
            each with its sentence.
    """
    state = sign_state(over)
    if state.allocation is None:
        raise NotDecidedYet
    line = state.line_of(actor.person_id)
    if line is None:
        raise NotYourTurn
    if not may_sign(over, actor.person_id):
        raise RoleLost
    if not actor.second_factor:
        raise SecondFactorNeeded
    if expected != state.allocation.digest:
        raise ListChanged
    if line.signature is not None:
        raise AlreadySigned
    if not line.is_next:
        raise NotYourTurn
    made = Signature(
        allocation_id=state.allocation.id,
        role=line.role,
        person_id=actor.person_id,
        full_name=line.signatory.person.full_name,
        digest=state.allocation.digest,
        signed_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise AlreadySigned from None
    audit.record(
        "results.signed",
        actor=actor,
        now=now,
        subject=("allocation", state.allocation.id),
        scope_id=contest_of(over).scope_id,
        data={"round": number_of(over), "role": made.role.value, "digest": made.digest},
    )
    _tell_next(over, address, now)
    return made


def _tell_next(over: Over, address: str, now: datetime) -> None:
    """A letter to whose turn it is now."""
    state = sign_state(over)
    line = next((one for one in state.lines if one.is_next), None)
    if line is None or state.allocation is None or not line.signatory.person.email:
        return
    send_mail(
        to=line.signatory.person.email,
        subject=_("Please sign the results of %(round)s", round=title_of(over)),
        body=_(
            "The list of prizes of “%(contest)s”, %(round)s, waits for your signature: %(address)s",
            contest=contest_of(over).title,
            round=title_of(over),
            address=address,
        ),
        key=f"results.sign/{state.allocation.id}/{line.role.value}",
        now=now,
    )


def check_signed(over: Over) -> None:
    """Refuse what is final while a signature is missing.

    Raises:
        NotSignedYet: somebody who must sign has not.
    """
    state = sign_state(over)
    if state.lines and not state.is_final:
        raise NotSignedYet
