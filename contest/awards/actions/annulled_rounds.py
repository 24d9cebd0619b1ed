"""Revoking all certificates of a round in one decision: annulled with it, or from their page."""

from datetime import datetime

from sqlalchemy import ColumnElement, update

from contest.awards.models.certificates import Certificate
from contest.awards.queries.certificates import in_force_of_round, of_totals_counting
from contest.awards.refusals import NothingToRevoke
from contest.contests.annulling import TakenBack
from contest.contests.models import Round
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext


def revoke_of_round(*, round: Round, reason: str, actor: Actor, now: datetime) -> int:
    """Take back every certificate of a round that stands; corrected ones stay corrected.

    Returns:
        How many were revoked.

    Raises:
        ReasonMissing: without one.
        NothingToRevoke: none stands.
    """
    which = Certificate.round_id == round.id
    kind = "awards.certificates_of_round_revoked"
    return _revoke(which, kind, round=round, reason=reason, actor=actor, now=now)


def revoke_of_totals(*, round: Round, reason: str, actor: Actor, now: datetime) -> int:
    """Take back every certificate that stands over totals which counted a round.

    Returns:
        How many were revoked.

    Raises:
        ReasonMissing: without one.
        NothingToRevoke: none stands.
    """
    which = Certificate.id.in_(of_totals_counting(round))
    kind = "awards.certificates_of_totals_revoked"
    return _revoke(which, kind, round=round, reason=reason, actor=actor, now=now)


def _revoke(
    which: ColumnElement[bool],
    kind: str,
    *,
    round: Round,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    if not reason.strip():
        raise ReasonMissing
    claimed = db.session.execute(
        update(Certificate)
        .where(which, Certificate.replaced_by_id.is_(None), Certificate.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by_id=actor.person_id, revoked_reason=reason.strip())
        .execution_options(synchronize_session=False)
    )
    count: int = claimed.rowcount  # type: ignore[attr-defined]
    if not count:
        raise NothingToRevoke
    audit.record(
        kind,
        actor=actor,
        now=now,
        subject=("round", round.id),
        scope_id=round.contest.scope_id,
        data={"round": round.number, "count": count, "reason": reason.strip()},
    )
    return count


class CertificatesTakenBack:
    """Certificates follow the annulment of their round, where whoever annuls it says so."""

    def asks(self, round: Round, /) -> TakenBack | None:
        """How many stand; None where none does."""
        count = sum(in_force_of_round(round.id).values())
        if not count:
            return None
        return TakenBack(
            "certificates",
            ngettext(
                "Revoke the %(num)s certificate of this round that stands",
                "Revoke all %(num)s certificates of this round that stand",
                count,
            ),
            _(
                "Whoever verifies one then reads the reason above. If you leave this, they stay "
                "valid until you revoke them."
            ),
        )

    def take_back(self, *, round: Round, reason: str, actor: Actor, now: datetime) -> Words:
        """Revoke them with the reason of the annulment; none may be left by now."""
        try:
            count = revoke_of_round(round=round, reason=reason, actor=actor, now=now)
        except NothingToRevoke:
            count = 0
        return revoked_in_words(count)


class TotalsCertificatesTakenBack:
    """Certificates over totals that counted a round follow its annulment in the same way."""

    def asks(self, round: Round, /) -> TakenBack | None:
        """How many stand; None where none does."""
        count = len(of_totals_counting(round))
        if not count:
            return None
        return TakenBack(
            "certificates-of-totals",
            ngettext(
                "Revoke the %(num)s certificate that stands over the totals of the contest, which "
                "counted this round",
                "Revoke all %(num)s certificates that stand over the totals of the contest, which "
                "counted this round",
                count,
            ),
            _(
                "Whoever verifies one then reads the reason above; totals added up and published "
                "again give new ones. If you leave this, they stay valid until you revoke them, "
                "even where the new totals give no such prize."
            ),
        )

    def take_back(self, *, round: Round, reason: str, actor: Actor, now: datetime) -> Words:
        """Revoke them with the reason of the annulment; none may be left by now."""
        try:
            count = revoke_of_totals(round=round, reason=reason, actor=actor, now=now)
        except NothingToRevoke:
            count = 0
        return revoked_in_words(count)


def revoked_in_words(count: int) -> str:
    """How many certificates were revoked."""
    return ngettext("%(num)s certificate was revoked.", "%(num)s certificates were revoked.", count)
