"""Reading certificates: designs, recipients, what was issued, and what a code stands for."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from contest.awards.models.certificates import (
    Certificate,
    CertificateBatch,
    CertificateDesign,
    CertificateKind,
)
from contest.awards.rules.certificates import Recipient
from contest.contests.models import Contest, ContestKind, Round, ScoreStatus
from contest.core.db import db
from contest.core.paging import Page, paginate
from contest.results.models import Over, Publication, TotalRun, contest_of
from contest.results.queries.dossiers import score_lines
from contest.results.queries.honours import honours
from contest.results.queries.prizes import allocation_by_id, awards_of, registered
from contest.results.queries.publications import last_published
from contest.results.queries.runs import rank_run_by_id
from contest.results.queries.seal import EssayAuthor, essay_facts
from contest.results.rules.extra_prizes import kept_extras
from contest.results.rules.participation import path_parts
from contest.results.rules.words import document_title, prize_name


def designs_of(contest_id: int) -> dict[CertificateKind, CertificateDesign]:
    """The designs of a contest by kind."""
    rows = db.session.scalars(
        select(CertificateDesign).where(CertificateDesign.contest_id == contest_id)
    )
    return {row.kind: row for row in rows}


def publication_of(over: Over) -> Publication | None:
    """The publication in force of a round or of totals: without one nothing is certified."""
    return last_published(over)


def recipients(publication: Publication, kind: CertificateKind) -> Iterator[Recipient]:
    """Who gets a certificate of a kind over a publication, in the order of the list."""
    over = publication.over
    contest = contest_of(over)
    facts = {"contest": contest.title, "round": document_title(over)}
    if kind is CertificateKind.HONOUR:
        for line in honours(over.id) if isinstance(over, Round) else ():
            yield Recipient(f"honour/{line.id}", None, line.full_name, line.unit_name, facts)
        return
    divisions = {one.id: one.name for one in contest.divisions}
    if kind is CertificateKind.PRIZE:
        for award in awards_of(publication.allocation_id):
            registration = award.entry.registration
            told = facts | {
                "prize": in_sentence_prize(prize_name(award.level.code, award.level.name)),
                "division": divisions.get(award.division_id or 0, ""),
            }
            yield from _authors(
                over,
                award.entry_id,
                (registration.person_id, registration.full_name, registration.unit_path),
                told,
            )
        yield from _beside(publication, facts)
        return
    run = None if publication.rank_run_id is None else rank_run_by_id(publication.rank_run_id)
    for score in score_lines(run) if run is not None else ():
        if score.status is not ScoreStatus.DISQUALIFIED:
            told = facts | {"division": divisions.get(score.division_id or 0, "")}
            yield from _authors(
                over, score.entry_id, (score.person_id, score.full_name, score.unit_path), told
            )


def _beside(publication: Publication, facts: dict[str, str]) -> Iterator[Recipient]:
    """Who gets a unit prize or a side prize; a unit goes by the name that it had."""
    over, allocation = publication.over, allocation_by_id(publication.allocation_id)
    for extra in kept_extras(allocation.extras):
        told = facts | {"prize": in_sentence_prize(extra.name), "division": ""}
        ids = [award["to"] for award in extra.awards]
        if extra.is_for_units:
            for unit_id in ids:
                path = extra.units[unit_id]
                above = path[1] if len(path) > 1 else ""
                yield Recipient(f"unit/{extra.id}/{unit_id}", None, path[0], above, told)
            continue
        people = registered(ids)
        for entry_id in ids:
            one = people[entry_id]
            first = (one.person_id, one.full_name, one.unit_path)
            yield from _authors(over, entry_id, first, told, key=f"extra/{extra.id}")


def in_sentence_prize(name: str) -> str:
    """The name of a prize behind other words: "giải Nhất"."""
    return name[:1].lower() + name[1:]


def _authors(
    over: Over,
    entry_id: int,
    first: tuple[int, str, str],
    facts: dict[str, str],
    *,
    key: str = "entry",
) -> Iterator[Recipient]:
    """Everybody behind an entry: of an essay every author gets a certificate."""
    person_id, full_name, unit_path = first
    unit = (path_parts(unit_path) or ("",))[0]
    authors: tuple[EssayAuthor, ...] = ()
    if isinstance(over, Round) and over.kind is ContestKind.ESSAY:
        known = essay_facts(over, [entry_id])
        authors = known[entry_id].authors if entry_id in known else ()
    if not authors:
        yield Recipient(f"{key}/{entry_id}/0", person_id, full_name, unit, facts)
    for place, author in enumerate(authors):
        own = unit if author.person_id == person_id else ""
        yield Recipient(f"{key}/{entry_id}/{place}", author.person_id, author.full_name, own, facts)


def in_force(over: Over, kind: CertificateKind) -> dict[str, Certificate]:
    """Certificates of a round or over totals, neither replaced nor revoked, by recipient."""
    rows = db.session.scalars(
        select(Certificate).where(
            Certificate.contest_id == contest_of(over).id,
            Certificate.round_id == (over.id if isinstance(over, Round) else None),
            Certificate.kind == kind,
            Certificate.replaced_by_id.is_(None),
            Certificate.revoked_at.is_(None),
        )
    )
    return {row.recipient: row for row in rows}


def without_ground(over: Over) -> list[Certificate]:
    """Certificates of prizes that stand although the publication in force gives no such prize.

    Whoever lost a prize by a correction is among them; nobody takes a certificate back but people.
    """
    publication = publication_of(over)
    stand = in_force(over, CertificateKind.PRIZE)
    if publication is None or not stand:
        return []
    given = {one.key for one in recipients(publication, CertificateKind.PRIZE)}
    lost = [one for key, one in stand.items() if key not in given]
    return sorted(lost, key=lambda one: one.number)


def last_number(contest_id: int) -> int:
    """The highest number of a certificate of a contest."""
    return (
        db.session.scalar(
            select(func.max(Certificate.number)).where(Certificate.contest_id == contest_id)
        )
        or 0
    )


def batches(contest_id: int) -> list[CertificateBatch]:
    """What was issued for a contest, the latest first."""
    return list(
        db.session.scalars(
            select(CertificateBatch)
            .outerjoin(Round, Round.id == CertificateBatch.round_id)
            .options(joinedload(CertificateBatch.round))
            .where(or_(Round.contest_id == contest_id, CertificateBatch.contest_id == contest_id))
            .order_by(CertificateBatch.id.desc())
        )
    )


def batch_of(contest: Contest, public_id: str) -> CertificateBatch | None:
    """A batch of this contest."""
    return db.session.scalar(
        select(CertificateBatch)
        .outerjoin(Round, Round.id == CertificateBatch.round_id)
        .where(
            CertificateBatch.public_id == public_id,
            or_(Round.contest_id == contest.id, CertificateBatch.contest_id == contest.id),
        )
    )


def in_force_of_round(round_id: int) -> dict[CertificateKind, int]:
    """How many certificates of a round stand, by kind; none that was corrected or revoked."""
    rows = db.session.execute(
        select(Certificate.kind, func.count())
        .where(
            Certificate.round_id == round_id,
            Certificate.replaced_by_id.is_(None),
            Certificate.revoked_at.is_(None),
        )
        .group_by(Certificate.kind)
        .order_by(Certificate.kind)
    )
    return dict(rows.all())


def of_totals_counting(round: Round) -> list[int]:
    """Ids of certificates that stand over totals which counted a round, by number.

    What counts are the totals of the publication over which a certificate was issued.
    """
    rows = db.session.execute(
        select(Certificate.id, TotalRun.id)
        .join(CertificateBatch, CertificateBatch.id == Certificate.batch_id)
        .join(Publication, Publication.id == CertificateBatch.publication_id)
        .join(TotalRun, TotalRun.id == Publication.total_run_id)
        .where(
            Certificate.contest_id == round.contest_id,
            Certificate.round_id.is_(None),
            Certificate.replaced_by_id.is_(None),
            Certificate.revoked_at.is_(None),
        )
        .order_by(Certificate.number)
    ).all()
    runs = db.session.scalars(select(TotalRun).where(TotalRun.id.in_({row[1] for row in rows})))
    counting = {
        run.id for run in runs if any(one["number"] == round.number for one in run.terms["rounds"])
    }
    return [row[0] for row in rows if row[1] in counting]


def batch_by_id(batch_id: int) -> CertificateBatch | None:
    """A batch, for its job."""
    return db.session.get(CertificateBatch, batch_id)


def certificates_of_batch(batch_id: int) -> list[Certificate]:
    """The certificates of a batch by number."""
    return list(
        db.session.scalars(
            select(Certificate).where(Certificate.batch_id == batch_id).order_by(Certificate.number)
        )
    )


def certificate_page(contest: Contest, *, words: str = "", page: int = 1) -> Page[Certificate]:
    """Certificates of a contest, the latest first; `words` are looked for in name and serial."""
    statement = select(Certificate).where(Certificate.contest_id == contest.id)
    if words:
        statement = statement.where(
            Certificate.full_name.icontains(words, autoescape=True)
            | Certificate.serial.icontains(words, autoescape=True)
        )
    return paginate(statement.order_by(Certificate.number.desc()), page=page, size=50)


def certificate_in(contest: Contest, public_id: str) -> Certificate | None:
    """A certificate of this contest."""
    return db.session.scalar(
        select(Certificate).where(
            Certificate.contest_id == contest.id, Certificate.public_id == public_id
        )
    )


def certificate_by_code(code: str) -> Certificate | None:
    """What a code stands for, with contest and what replaced it."""
    return db.session.scalar(
        select(Certificate)
        .options(joinedload(Certificate.contest), joinedload(Certificate.replaced_by))
        .where(Certificate.code == code)
    )


def own_certificates(person_id: int) -> list[Certificate]:
    """A person's certificates that stand, the latest first."""
    return list(
        db.session.scalars(
            select(Certificate)
            .options(joinedload(Certificate.contest), joinedload(Certificate.batch))
            .where(
                Certificate.person_id == person_id,
                Certificate.replaced_by_id.is_(None),
                Certificate.revoked_at.is_(None),
            )
            .order_by(Certificate.id.desc())
        )
    )
