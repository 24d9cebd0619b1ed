"""What this room says about a person: places and prizes that are published, and appeals."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.personal_data import Keeper, Line, Record, Section, register_keeper
from contest.contests.models import Contest, Entry, Registration
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.results.models import Appeal, PrizeAward, Publication
from contest.results.queries import own_place
from contest.results.queries.publications import published_rounds
from contest.results.queries.total_publications import own_totals
from contest.results.rules.words import prize_name


def _copy(person: Person) -> Sequence[Section]:
    """Own places in the publications that are in force; nothing that is not published."""
    contests = db.session.scalars(
        select(Registration.contest_id).where(Registration.person_id == person.id)
    ).all()
    records = []
    for head in published_rounds(contests, limit=1_000) if contests else ():
        own = own_place(person.id, head.id)
        if own is None:
            continue
        prize = prize_name(own.prize.code.value, own.prize.name) if own.prize else None
        records.append(
            Record(
                [
                    Line("contest", _l("Contest"), head.contest_title),
                    Line("round", _l("Round"), head.round_title),
                    Line("published_at", _l("Published on"), head.published_at),
                    Line("division", _l("Division"), own.division or None),
                    Line("place", _l("Place"), own.place),
                    Line("ranked", _l("Ranked entries"), own.ranked),
                    Line("prize", _l("Prize"), prize),
                    Line("disqualified_because", _l("Not ranked because"), own.reason or None),
                ]
            )
        )
    return [
        Section("results", _l("Published results"), records + _totals(person.id)),
        Section("appeals", _l("Appeals"), _appeals(person.id)),
    ]


def _totals(person_id: int) -> list[Record]:
    return [
        Record(
            [
                Line("contest", _l("Contest"), own.contest_title),
                Line("round", _l("Round"), _l("Total over the rounds")),
                Line("published_at", _l("Published on"), own.published_at),
                Line("division", _l("Division"), own.division or None),
                Line("place", _l("Place"), own.place),
                Line("points", _l("Total"), own.points),
                Line(
                    "prize",
                    _l("Prize"),
                    prize_name(own.prize.code.value, own.prize.name) if own.prize else None,
                ),
            ]
        )
        for own in own_totals(person_id)
    ]


def _appeals(person_id: int) -> list[Record]:
    rows = db.session.scalars(
        select(Appeal).where(Appeal.person_id == person_id).order_by(Appeal.id)
    )
    return [
        Record(
            [
                Line("contest", _l("Contest"), row.round.contest.title),
                Line("filed_at", _l("Filed on"), row.filed_at),
                Line("body", _l("What you wrote"), row.body or None),
                Line("official", _l("Mark when it was filed"), row.official),
                Line("result", _l("Mark after it"), row.result),
                Line("answer", _l("Answer"), row.answer or None),
            ]
        )
        for row in rows
    ]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    """What was written in appeals goes; that they were decided, and how, stays."""
    del now
    rows: int = db.session.execute(
        update(Appeal).where(Appeal.person_id == person.id).values(body="", answer="")
    ).rowcount  # type: ignore[attr-defined]
    return {"appeals": rows}


def _prizes(person_id: int, scope_id: int | None = None) -> int:
    """In how many publications a person stands among the winners."""
    statement = (
        select(Publication.id)
        .join(PrizeAward, PrizeAward.allocation_id == Publication.allocation_id)
        .join(Entry, Entry.id == PrizeAward.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .join(Contest, Contest.id == Registration.contest_id)
        .where(Registration.person_id == person_id)
        .distinct()
    )
    if scope_id is not None:
        statement = statement.where(Contest.scope_id == scope_id)
    return len(db.session.scalars(statement).all())


def _consequences(person: Person) -> Sequence[Words]:
    count = _prizes(person.id)
    if not count:
        return ()
    return [
        ngettext(
            "On %(num)s published result “hidden on request” stands instead of the name. The "
            "prize and the archived decision stay.",
            "On %(num)s published results “hidden on request” stands instead of the name. Prizes "
            "and archived decisions stay.",
            count,
        )
    ]


def _withdrawal(person: Person, purpose: ConsentPurpose, scope_id: int | None) -> Sequence[Words]:
    if purpose is not ConsentPurpose.PUBLISH_NAME or scope_id is None:
        return ()
    count = _prizes(person.id, scope_id)
    if not count:
        return [_l("If you win a prize, initials stand instead of your name.")]
    return [
        ngettext(
            "On %(num)s published result initials stand instead of your name, at once; the prize "
            "stays.",
            "On %(num)s published results initials stand instead of your name, at once; the "
            "prizes stay.",
            count,
        )
    ]


def register() -> None:
    """Tell accounts what this room says."""
    register_keeper(Keeper("results", _copy, _consequences, erase=_erase, withdrawal=_withdrawal))
