"""What follows the demo's published results: certificates to verify, and requests to mark again."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from contest.accounts.models import Person
from contest.awards.actions.certificates import (
    DesignValues,
    issue_certificates,
    revoke_certificate,
    save_design,
)
from contest.awards.models import Certificate, CertificateKind
from contest.awards.rules.certificates import USUAL
from contest.contests.models import (
    ContestKind,
    Entry,
    Registration,
    Round,
    RoundScore,
    Stage,
)
from contest.core.db import db
from contest.demo.foundation import Foundation
from contest.demo.story.attempts import as_actor
from contest.results.actions.appeals import (
    appoint_remarkers,
    file_appeal,
    set_appeal_terms,
)
from contest.results.queries import latest_publication
from contest.results.queries.appeals import free_remarkers
from contest.results.queries.places import own_place

_DAY: Final = timedelta(days=1)
_TWO: Final = 2
_BODIES: Final = {
    ContestKind.QUIZ: (
        "Câu 7 tôi chọn phương án B và máy đã báo nhận, nhưng kết quả ghi là chưa trả lời. Đề nghị "
        "Ban Tổ chức kiểm tra lại."
    ),
    ContestKind.ESSAY: (
        "Tôi thấy điểm tiêu chí “Tính chân thực” thấp hơn mong đợi. Bài có xác nhận của đơn vị về "
        "người và việc. Kính mong Ban Giám khảo chấm lại."
    ),
}


def tell(base: Foundation, *, now: datetime) -> None:
    """Issue certificates of the first published rounds and file appeals, in this unit of work.

    Args:
        base: units and cast.
        now: "today".
    """
    published = db.session.scalars(
        select(Round).where(Round.stage == Stage.PUBLISHED).order_by(Round.id)
    ).all()
    for kind in (ContestKind.QUIZ, ContestKind.ESSAY):
        found = next((each for each in published if each.kind is kind), None)
        if found is not None:
            _certify(base, found, now=now)
            _appeal(base, found, now=now)


def _certify(base: Foundation, live: Round, *, now: datetime) -> None:
    contest, lan, kind = live.contest, base.actors["lan"], CertificateKind.PRIZE
    layout, heading, lead, words = USUAL[kind]
    values = DesignValues(
        layout=layout,
        style="party",
        heading=heading,
        above="Tỉnh ủy Lâm Sơn",
        issuer="Ban Tổ chức cuộc thi",
        lead=lead,
        words=words,
        place="Lâm Sơn",
        signer_role="Trưởng Ban Tổ chức",
        signer_name="Trần Thị Ngọc Lan",
    )
    save_design(contest=contest, kind=kind, values=values, actor=lan, now=now)
    issue_certificates(
        over=live,
        kind=kind,
        title=f"Giấy chứng nhận: {live.title}",
        address=lambda _batch: f"/organise/contests/{contest.slug}/certificates",
        actor=lan,
        now=now,
    )
    last = db.session.scalars(
        select(Certificate).where(Certificate.round_id == live.id).order_by(Certificate.id.desc())
    ).first()
    if last is not None and live.kind is ContestKind.QUIZ:
        revoke_certificate(
            certificate=last, reason="Người nhận xin rút khỏi danh sách đạt giải.", actor=lan,
            now=now,
        )  # fmt: skip


def _appeal(base: Foundation, live: Round, *, now: datetime) -> None:
    """Two people ask: one waits for an answer, an essay is being marked again."""
    publication = latest_publication(live.id)
    if publication is None:
        return
    lan = base.actors["lan"]
    # On a Monday the last week is published an hour ago, and nobody asked before that.
    filed_at = max(publication.published_at, now - _DAY)
    set_appeal_terms(
        round=live,
        opens_at=publication.published_at,
        closes_at=now + 5 * _DAY,
        threshold=Decimal("0.5"),
        actor=lan,
        now=publication.published_at,
    )
    places = (
        select(Person)
        .join(Registration, Registration.person_id == Person.id)
        .join(Entry, Entry.registration_id == Registration.id)
        .join(RoundScore, RoundScore.entry_id == Entry.id)
        .where(RoundScore.rank_run_id == publication.rank_run_id, RoundScore.place > 1)
        .order_by(RoundScore.place, Person.id)
        .limit(2)
    )
    minh = db.session.get_one(Person, base.people["minh"].id)
    is_essay, asked = live.kind is ContestKind.ESSAY, False
    for person in db.session.scalars(places) if is_essay else (minh,):
        if own_place(person.id, publication.id) is None:
            continue
        appeal = file_appeal(
            round=live, body=_BODIES[live.kind], actor=as_actor(person), now=filed_at
        )
        free = free_remarkers(appeal)[:2] if is_essay and not asked else []
        if len(free) == _TWO:
            appoint_remarkers(
                appeal=appeal, people=free, actor=lan, now=max(filed_at, now - _DAY / 2)
            )
            asked = True
