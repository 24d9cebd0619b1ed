"""Nominations on their way: proposed, passed upwards with opinions, listed, decided."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import update

from contest.accounts.models import Person, Unit
from contest.awards.actions.commendations import CommendationValues, add_commendation
from contest.awards.models import (
    AwardForm,
    Level,
    Nomination,
    NominationFile,
    NominationState,
    NominationStep,
    NominationVerdict,
    RecipientKind,
)
from contest.awards.queries.nominations import earlier_awards
from contest.awards.refusals import AwardedBefore, NominationMoved, OpinionMissing
from contest.awards.rules.commendations import achievement_key, recipient_key
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.files import store_file
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail

_OPEN: Final = (NominationState.DRAFT, NominationState.RETURNED)
_UNDER_WAY: Final = (NominationState.SUBMITTED, NominationState.LISTED)


@dataclass(frozen=True, slots=True)
class NominationValues:
    """Who is proposed for what.

    Attributes:
        unit: that proposes, and that the recipient belongs to.
        achievement: in one line; an earlier award for the same is found by it.
        account: the achievements told.
    """

    unit: Unit
    recipient_kind: RecipientKind
    recipient_name: str
    level: Level
    form: AwardForm
    achievement: str
    account: str = ""
    position: str = ""
    is_leader: bool = False
    person: Person | None = None


def propose(*, values: NominationValues, actor: Actor, now: datetime) -> Nomination:
    """Begin a nomination as a draft of its unit."""
    person_id = None if values.person is None else values.person.id
    unit_itself = (
        values.recipient_kind is RecipientKind.COLLECTIVE
        and values.recipient_name == values.unit.name
    )
    made = Nomination(
        unit_id=values.unit.id,
        at_unit_id=values.unit.id,
        recipient_kind=values.recipient_kind,
        person_id=person_id,
        recipient_name=values.recipient_name,
        recipient_key=recipient_key(
            values.recipient_kind,
            name=values.recipient_name,
            unit_id=values.unit.id,
            person_id=person_id,
            own_unit_id=values.unit.id if unit_itself else None,
        ),
        position=values.position,
        level=values.level,
        form=values.form,
        achievement=values.achievement,
        achievement_key=achievement_key(values.achievement),
        account=values.account,
        is_leader=values.is_leader,
        created_by_id=actor.person_id,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    _record("nomination_begun", made, actor=actor, now=now)
    return made


def add_nomination_file(
    *,
    nomination: Nomination,
    content: bytes,
    name: str,
    media_type: str,
    actor: Actor,
    now: datetime,
) -> NominationFile:
    """Add a document to the achievement file of a draft.

    Raises:
        NominationMoved: it is no draft any more.
    """
    if nomination.state not in _OPEN:
        raise NominationMoved
    stored = store_file(content, name=name, media_type=media_type, actor=actor, now=now)
    made = NominationFile(nomination_id=nomination.id, file_id=stored.id, added_at=now)
    db.session.add(made)
    db.session.flush()
    return made


class Step(StrEnum):
    """What is done with a nomination on its way; the decision that awards is apart."""

    SUBMIT = "submit"
    FORWARD = "forward"
    LIST = "list"
    RETURN = "return"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class _Move:
    """A step: from which states, to which, what it is called on the way, whether it needs words."""

    allowed: tuple[NominationState, ...]
    to: NominationState
    verdict: NominationVerdict
    needs_opinion: bool = False


_SUBMITTED: Final = (NominationState.SUBMITTED,)
_MOVES: Final = {
    Step.SUBMIT: _Move(_OPEN, NominationState.SUBMITTED, NominationVerdict.SUBMITTED),
    Step.FORWARD: _Move(
        _SUBMITTED, NominationState.SUBMITTED, NominationVerdict.FORWARDED, needs_opinion=True
    ),
    Step.LIST: _Move(_SUBMITTED, NominationState.LISTED, NominationVerdict.LISTED),
    Step.RETURN: _Move(
        _UNDER_WAY, NominationState.RETURNED, NominationVerdict.RETURNED, needs_opinion=True
    ),
    Step.REFUSE: _Move(
        (NominationState.LISTED,),
        NominationState.REFUSED,
        NominationVerdict.REFUSED,
        needs_opinion=True,
    ),
}


def move_nomination(
    *, nomination: Nomination, step: Step, opinion: str, actor: Actor, now: datetime
) -> None:
    """Take a nomination one step on its way.

    A draft, or one that came back, is sent to the unit above; that one passes it on (at the top it
    is listed), puts it on its council's list, or sends it back; the council refuses.

    Args:
        nomination: on its way.
        step: what is done.
        opinion: of the unit that has it; passing on, sending back and refusing need one.
        actor: who takes the step.
        now: the instant of the request.

    Raises:
        OpinionMissing: nothing was written.
        NominationMoved: somebody else has moved it.
    """
    move = _MOVES[step]
    if move.needs_opinion and not opinion.strip():
        raise OpinionMissing
    if step is Step.FORWARD and nomination.at_unit.parent_id is None:
        move = _MOVES[Step.LIST]
    if step is Step.SUBMIT:
        nomination.submitted_at = nomination.submitted_at or now
    if step is Step.REFUSE:
        nomination.decided_at = now
    _move(
        nomination, move, at_unit_id=_goes_to(nomination, step), opinion=opinion, actor=actor,
        now=now,
    )  # fmt: skip


def _goes_to(nomination: Nomination, step: Step) -> int:
    """The unit that has the nomination after a step."""
    if step is Step.SUBMIT:
        return nomination.unit.parent_id or nomination.unit_id
    if step is Step.FORWARD:
        return nomination.at_unit.parent_id or nomination.at_unit_id
    return nomination.unit_id if step is Step.RETURN else nomination.at_unit_id


def approve_nomination(
    *,
    nomination: Nomination,
    decision_number: str,
    decided_on: date,
    again: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """The council awards: the recipient stands in the register, and is told by mail.

    Args:
        nomination: on the list.
        decision_number: of the decision.
        decided_on: its date.
        again: somebody saw that there is an earlier award for the same achievement, and says that
            this one is another.
        actor: who enters the decision.
        now: the instant of the request.

    Raises:
        AwardedBefore: there is an earlier award for the same achievement.
        NominationMoved: it is not on the list any more.
        WrongCommendation: the decision cannot be.
    """
    earlier = earlier_awards(nomination)
    if earlier and not again:
        raise AwardedBefore
    unit_itself = nomination.recipient_name == nomination.unit.name
    row = add_commendation(
        register_unit=nomination.at_unit,
        values=CommendationValues(
            level=nomination.level,
            form=nomination.form,
            recipient_kind=nomination.recipient_kind,
            recipient_name=nomination.recipient_name,
            decision_number=decision_number,
            decided_on=decided_on,
            unit_id=nomination.unit_id,
            is_unit=unit_itself and nomination.recipient_kind is RecipientKind.COLLECTIVE,
            person_id=nomination.person_id,
            position=nomination.position,
            reason=nomination.achievement,
            is_leader=nomination.is_leader,
        ),
        actor=actor,
        now=now,
    )
    nomination.commendation_id, nomination.decided_at = row.id, now
    _move(
        nomination,
        _Move((NominationState.LISTED,), NominationState.APPROVED, NominationVerdict.APPROVED),
        at_unit_id=nomination.at_unit_id,
        opinion=decision_number,
        actor=actor,
        now=now,
    )
    _tell(nomination, decision_number, now)


def _tell(nomination: Nomination, number: str, now: datetime) -> None:
    person = nomination.person
    if person is None or not person.email:
        return
    send_mail(
        to=person.email,
        subject=_("You have been commended"),
        body=_(
            "Decision %(number)s commends you for: %(achievement)s.",
            number=number,
            achievement=nomination.achievement,
        ),
        key=f"nomination-{nomination.public_id}-approved",
        now=now,
    )


def _move(
    nomination: Nomination,
    move: _Move,
    *,
    at_unit_id: int,
    opinion: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Claim the next step: who comes second finds it moved."""
    before = nomination.at_unit_id
    number = nomination.edit + 1
    db.session.flush()
    claimed = db.session.execute(
        update(Nomination)
        .where(
            Nomination.id == nomination.id,
            Nomination.state.in_(move.allowed),
            Nomination.edit == nomination.edit,
        )
        .values(state=move.to, at_unit_id=at_unit_id, edit=number)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise NominationMoved
    db.session.add(
        NominationStep(
            nomination_id=nomination.id,
            number=number,
            unit_id=before,
            verdict=move.verdict,
            opinion=opinion.strip(),
            made_by_id=actor.person_id,
            made_at=now,
        )
    )
    db.session.flush()
    db.session.refresh(nomination)
    _record(f"nomination_{move.verdict.value}", nomination, actor=actor, now=now)


def _record(what: str, nomination: Nomination, *, actor: Actor, now: datetime) -> None:
    audit.record(
        f"awards.{what}",
        actor=actor,
        now=now,
        subject=("nomination", nomination.id),
        scope_id=db.session.get_one(Unit, nomination.at_unit_id).scope_id,
        data={"state": nomination.state.value, "level": nomination.level.value},
        personal={"recipient": nomination.recipient_name},
    )
