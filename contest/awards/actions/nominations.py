"""Nominations on their way: proposed, passed upwards with opinions, listed, decided."""

from dataclasses import dataclass
from datetime import date, datetime
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


def submit_nomination(*, nomination: Nomination, opinion: str, actor: Actor, now: datetime) -> None:
    """Send a draft, or one that came back, to the unit above.

    Raises:
        NominationMoved: somebody else has moved it.
    """
    above = nomination.unit.parent_id or nomination.unit_id
    nomination.submitted_at = nomination.submitted_at or now
    _move(
        nomination,
        (*_OPEN,),
        NominationState.SUBMITTED,
        NominationVerdict.SUBMITTED,
        at_unit_id=above,
        opinion=opinion,
        actor=actor,
        now=now,
    )


def forward_nomination(
    *, nomination: Nomination, opinion: str, actor: Actor, now: datetime
) -> None:
    """Pass a nomination to the next unit above, with an opinion; at the top it is listed.

    Raises:
        OpinionMissing: nothing was written.
        NominationMoved: somebody else has moved it.
    """
    if not opinion.strip():
        raise OpinionMissing
    above = nomination.at_unit.parent_id
    listed = above is None
    _move(
        nomination,
        (NominationState.SUBMITTED,),
        NominationState.LISTED if listed else NominationState.SUBMITTED,
        NominationVerdict.LISTED if listed else NominationVerdict.FORWARDED,
        at_unit_id=above or nomination.at_unit_id,
        opinion=opinion,
        actor=actor,
        now=now,
    )


def list_nomination(*, nomination: Nomination, opinion: str, actor: Actor, now: datetime) -> None:
    """Put a nomination on the list for the council of the unit that has it.

    Raises:
        NominationMoved: somebody else has moved it.
    """
    _move(
        nomination,
        (NominationState.SUBMITTED,),
        NominationState.LISTED,
        NominationVerdict.LISTED,
        at_unit_id=nomination.at_unit_id,
        opinion=opinion,
        actor=actor,
        now=now,
    )


def return_nomination(*, nomination: Nomination, opinion: str, actor: Actor, now: datetime) -> None:
    """Send a nomination back to the unit that proposed, saying what is missing.

    Raises:
        OpinionMissing: nothing was written.
        NominationMoved: somebody else has moved it.
    """
    if not opinion.strip():
        raise OpinionMissing
    _move(
        nomination,
        _UNDER_WAY,
        NominationState.RETURNED,
        NominationVerdict.RETURNED,
        at_unit_id=nomination.unit_id,
        opinion=opinion,
        actor=actor,
        now=now,
    )


def refuse_nomination(*, nomination: Nomination, opinion: str, actor: Actor, now: datetime) -> None:
    """The council refuses, with its reason.

    Raises:
        OpinionMissing: nothing was written.
        NominationMoved: it is not on the list any more.
    """
    if not opinion.strip():
        raise OpinionMissing
    nomination.decided_at = now
    _move(
        nomination,
        (NominationState.LISTED,),
        NominationState.REFUSED,
        NominationVerdict.REFUSED,
        at_unit_id=nomination.at_unit_id,
        opinion=opinion,
        actor=actor,
        now=now,
    )


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
        (NominationState.LISTED,),
        NominationState.APPROVED,
        NominationVerdict.APPROVED,
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
    allowed: tuple[NominationState, ...],
    to: NominationState,
    verdict: NominationVerdict,
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
            Nomination.state.in_(allowed),
            Nomination.edit == nomination.edit,
        )
        .values(state=to, at_unit_id=at_unit_id, edit=number)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise NominationMoved
    db.session.add(
        NominationStep(
            nomination_id=nomination.id,
            number=number,
            unit_id=before,
            verdict=verdict,
            opinion=opinion.strip(),
            made_by_id=actor.person_id,
            made_at=now,
        )
    )
    db.session.flush()
    db.session.refresh(nomination)
    _record(f"nomination_{verdict.value}", nomination, actor=actor, now=now)


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
