"""Designing, issuing and revoking certificates."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from contest.awards.certificate_papers import look_of
from contest.awards.models.certificates import (
    Certificate,
    CertificateBatch,
    CertificateDesign,
    CertificateKind,
    CertificateLayout,
)
from contest.awards.queries.certificates import (
    designs_of,
    in_force,
    last_number,
    publication_of,
    recipients,
)
from contest.awards.refusals import (
    CertificateRevoked,
    CertificatesNotReady,
    IssuedMeanwhile,
    NobodyToCertify,
)
from contest.awards.rules.certificates import (
    Recipient,
    filled,
    new_code,
    says_the_same,
    serial_of,
)
from contest.contests.copying import values_of
from contest.contests.models import Contest, Round
from contest.contests.rules import ReasonMissing
from contest.contests.rules.refusals import RoundAnnulled
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.files import store_file
from contest.core.pictures import CleanPicture
from contest.results.models import Over, Publication, contest_of, number_of, over_ids

CERTIFICATE_JOB: Final = "awards.certificates"
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class DesignValues:
    """What an organiser may change of a design."""

    layout: CertificateLayout
    style: str
    heading: str
    above: str
    issuer: str
    lead: str
    words: str
    place: str
    signer_role: str
    signer_name: str


def copy_designs(*, source: Contest, target: Contest, actor: Actor | None, now: datetime) -> None:
    """Give a copied contest the designs of certificates; pictures are kept once for both."""
    for kind, design in designs_of(source.id).items():
        if kind in designs_of(target.id):
            continue
        own = ("contest_id", "edited_by_id", "edited_at")
        db.session.add(
            CertificateDesign(
                **values_of(design, without=own),
                contest_id=target.id,
                edited_by_id=None if actor is None else actor.person_id,
                edited_at=now,
            )
        )
    db.session.flush()


def save_design(
    *,
    contest: Contest,
    kind: CertificateKind,
    values: DesignValues,
    logo: CleanPicture | None = None,
    signature: CleanPicture | None = None,
    actor: Actor,
    now: datetime,
) -> CertificateDesign:
    """Write the design of a contest's certificates of a kind; issued ones stay as they are.

    Args:
        contest: whose.
        kind: for what they are given.
        values: texts and layout.
        logo: of the unit; None keeps the one there is.
        signature: a picture of the signature; None keeps the one there is.
        actor: who writes it.
        now: the instant of the request.
    """
    design = designs_of(contest.id).get(kind)
    is_new = design is None
    if design is None:
        design = CertificateDesign(contest_id=contest.id, kind=kind)
    for name, value in asdict(values).items():
        setattr(design, name, value)
    for name, picture in (("logo_id", logo), ("signature_id", signature)):
        if picture is not None:
            stored = store_file(
                picture.content,
                name=f"{name}.{picture.suffix}",
                media_type=picture.media_type,
                actor=actor,
                now=now,
            )
            setattr(design, name, stored.id)
    design.edited_by_id, design.edited_at = actor.person_id, now
    if is_new:  # not before: keeping a picture writes what is waiting
        db.session.add(design)
    db.session.flush()
    audit.record(
        "awards.certificate_design_saved",
        actor=actor,
        now=now,
        subject=("certificate_design", design.id),
        scope_id=contest.scope_id,
        data={"kind": kind.value, "layout": design.layout.value},
    )
    return design


def issue_certificates(
    *,
    over: Over,
    kind: CertificateKind,
    title: str,
    address: Callable[[str], str],
    actor: Actor,
    now: datetime,
) -> CertificateBatch:
    """Issue what is missing of a kind over the publication in force, and have it printed.

    Who has one that says the same keeps it; who has one that says something else gets a new one,
    and the old one reads as corrected.

    Args:
        over: published: a round, or a contest whose totals are.
        kind: for what.
        title: of the job's page.
        address: of the batch, by its id.
        actor: who issues them.
        now: the instant of the request.

    Raises:
        CertificatesNotReady: no design, or nothing is published.
        RoundAnnulled: nothing is issued for it any more.
        NobodyToCertify: everybody has theirs.
        IssuedMeanwhile: somebody else issues at this moment.
    """
    design = designs_of(contest_of(over).id).get(kind)
    publication = publication_of(over)
    if design is None or publication is None:
        raise CertificatesNotReady
    if isinstance(over, Round) and over.annulled_at is not None:
        raise RoundAnnulled
    known = in_force(over, kind)
    new = [
        (one, printed)
        for one in recipients(publication, kind)
        for printed in [_printed(one, design, publication)]
        if one.key not in known or not says_the_same(known[one.key], printed)
    ]
    if not new:
        raise NobodyToCertify
    batch = CertificateBatch(
        **over_ids(over),
        publication_id=publication.id,
        kind=kind,
        look=look_of(design),
        issued_on=now.astimezone(LOCAL_ZONE).date(),
        count=len(new),
        made_by_id=actor.person_id,
        made_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    _write(batch, over, new)
    _replace(known, batch, {one.key for one, _printed_ in new})
    job = jobs.enqueue(
        CERTIFICATE_JOB,
        payload={"batch_id": batch.id, "address": address(batch.public_id)},
        actor=actor,
        now=now,
        title=title,
    )
    batch.job_public_id = job.public_id
    audit.record(
        "awards.certificates_issued",
        actor=actor,
        now=now,
        subject=("certificate_batch", batch.id),
        scope_id=contest_of(over).scope_id,
        data={"round": number_of(over), "kind": kind.value, "count": len(new)},
    )
    return batch


def _printed(one: Recipient, design: CertificateDesign, publication: Publication) -> dict[str, str]:
    decision = f"Quyết định số {publication.decision_number}" if publication.decision_number else ""
    if decision and publication.decided_on:
        decision += f" ngày {publication.decided_on:%d/%m/%Y}"
    return {
        "full_name": one.full_name,
        "unit_name": one.unit_name,
        "words": filled(design.words, one.facts),
        "decision": decision,
    }


def _write(
    batch: CertificateBatch, over: Over, new: Iterable[tuple[Recipient, Mapping[str, str]]]
) -> None:
    contest = contest_of(over)
    first = last_number(contest.id) + 1
    rows = [
        {
            "batch_id": batch.id,
            "contest_id": contest.id,
            "round_id": batch.round_id,
            "kind": batch.kind,
            "recipient": one.key,
            "person_id": one.person_id,
            "number": number,
            "serial": serial_of(number, batch.issued_on),
            "code": new_code(),
            "issued_on": batch.issued_on,
            **printed,
        }
        for number, (one, printed) in enumerate(new, first)
    ]
    try:
        with db.session.begin_nested():
            for at in range(0, len(rows), _AT_ONCE):
                db.session.execute(insert(Certificate), rows[at : at + _AT_ONCE])
    except IntegrityError:
        raise IssuedMeanwhile from None


def _replace(known: Mapping[str, Certificate], batch: CertificateBatch, keys: set[str]) -> None:
    """Old certificates point at the new ones of the same recipients."""
    old = {key: one for key, one in known.items() if key in keys}
    if not old:
        return
    made = db.session.query(Certificate).filter(
        Certificate.batch_id == batch.id, Certificate.recipient.in_(old)
    )
    for one in made:
        old[one.recipient].replaced_by_id = one.id
    db.session.flush()


def revoke_certificate(
    *, certificate: Certificate, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a certificate back, with a reason that verification shows.

    Raises:
        ReasonMissing: without one.
        CertificateRevoked: it is.
    """
    if not reason.strip():
        raise ReasonMissing
    if certificate.revoked_at is not None:
        raise CertificateRevoked
    certificate.revoked_at = now
    certificate.revoked_by_id = actor.person_id
    certificate.revoked_reason = reason.strip()
    db.session.flush()
    audit.record(
        "awards.certificate_revoked",
        actor=actor,
        now=now,
        subject=("certificate", certificate.id),
        scope_id=certificate.contest.scope_id,
        data={"serial": certificate.serial, "reason": certificate.revoked_reason},
    )
