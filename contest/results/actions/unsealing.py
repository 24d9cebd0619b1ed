"""Opening the codes of an essay round: once, by two people, with a reason, never back again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of
from contest.contests.kinds import kind_of
from contest.contests.models import ContestKind, Round
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import format_count, ngettext
from contest.results.models import Allocation
from contest.results.queries.prizes import award_entries, latest_allocation
from contest.results.queries.runs import latest_run
from contest.results.queries.seal import open_markings, seal_counts, unsealing_of, unsealing_request
from contest.results.rules.refusals import (
    AlreadyUnsealed,
    DecisionOutdated,
    JudgeOpensNothing,
    MarkingOpen,
    NobodyAsked,
    NotDecidedYet,
    NothingSealed,
    SecondPersonNeeded,
)
from contest.submissions.models import Unsealing, UnsealingRequest


@dataclass(frozen=True, slots=True)
class Consequences:
    """What opening the codes will do; numbers only, nobody's name.

    Attributes:
        works: works whose authors will be seen.
        authors: people who will be seen.
        prizes: prizes decided, which stay as they are.
        named: authors of winning works who agreed to be named in the publication.
        winners: authors of winning works with an account.
        problem: the sentence that stands in the way; None when nothing does.
    """

    works: int
    authors: int
    prizes: int
    named: int
    winners: int
    problem: RuleBroken | None


def _marking_words(round: Round) -> MarkingOpen | None:
    markings = open_markings(round)
    if not markings:
        return None
    first = markings[0]
    return MarkingOpen(
        ngettext(
            "Marking of “%(round)s” is still open (%(sheets)s sheet waits). Lock the marks first.",
            "Marking of “%(round)s” is still open (%(sheets)s sheets wait). Lock the marks first.",
            first.sheets,
            round=first.round_title,
            sheets=format_count(first.sheets),
        )
    )


def _decided(round: Round) -> Allocation:
    allocation = latest_allocation(round)
    if allocation is None:
        raise NotDecidedYet
    run = latest_run(round.id)
    if run is None or run.id != allocation.rank_run_id:
        raise DecisionOutdated
    return allocation


def _check(round: Round, actor: Actor) -> Allocation:
    if round.kind is not ContestKind.ESSAY:
        raise NothingSealed
    if unsealing_of(round.id) is not None:
        raise AlreadyUnsealed
    marking = _marking_words(round)
    if marking is not None:
        raise marking
    allocation = _decided(round)
    if actor.person_id in kind_of(round).insiders(round):
        raise JudgeOpensNothing
    return allocation


def consequences(*, round: Round, actor: Actor) -> Consequences:
    """What opening the codes would do, and what still stands in the way; changes nothing."""
    problem: RuleBroken | None = None
    entries: list[int] = []
    try:
        entries = award_entries(_check(round, actor).id)
    except RuleBroken as refused:
        problem = refused
    everything = seal_counts(round.id)
    winning = seal_counts(round.id, entries)
    named = consents_of(winning.persons, ConsentPurpose.PUBLISH_NAME, round.contest.scope_id)
    return Consequences(
        everything.works,
        everything.authors,
        len(entries),
        len(named),
        winning.authors,
        problem,
    )


def ask_unsealing(*, round_: Round, reason: str, actor: Actor, now: datetime) -> UnsealingRequest:
    """Ask that the codes of a round be opened; a second person has to agree.

    Args:
        round_: an essay round whose prizes are decided over its latest ranking.
        reason: why now; kept and audited.
        actor: an organiser who does not judge the round.
        now: the instant of the request.

    Raises:
        NothingSealed, AlreadyUnsealed, MarkingOpen, NotDecidedYet, DecisionOutdated,
        JudgeOpensNothing, ReasonMissing: each with its sentence.
    """
    allocation = _check(round_, actor)
    if not reason.strip():
        raise ReasonMissing
    asked = UnsealingRequest(
        round_id=round_.id,
        asked_by_id=actor.person_id,
        asked_at=now,
        digest=allocation.digest,
        reason=reason.strip(),
    )
    db.session.add(asked)
    db.session.flush()
    audit.record(
        "results.unsealing_asked",
        actor=actor,
        now=now,
        subject=("round", round_.id),
        scope_id=round_.contest.scope_id,
        data={
            "round": round_.number,
            "allocation": allocation.number,
            "digest": allocation.digest,
            "reason": asked.reason,
        },
    )
    return asked


def unseal(*, round_: Round, actor: Actor, now: datetime) -> Unsealing:
    """Open the codes of a round that somebody else asked for: from here on its pages show names.

    It cannot be taken back.

    Args:
        round_: an essay round whose prizes are decided over its latest ranking.
        actor: organiser or secretary, who does not judge the round and is not who asked.
        now: the instant of the request.

    Raises:
        NothingSealed, AlreadyUnsealed, MarkingOpen, NotDecidedYet, DecisionOutdated,
        JudgeOpensNothing: each with its sentence.
        NobodyAsked: nobody asked for it since the prizes were decided.
        SecondPersonNeeded: who asked cannot agree as well.
    """
    allocation = _check(round_, actor)
    asked = unsealing_request(round_.id)
    if asked is None or asked.digest != allocation.digest:
        raise NobodyAsked
    if asked.asked_by_id == actor.person_id:
        raise SecondPersonNeeded
    made = Unsealing(
        round_id=round_.id,
        asked_by_id=asked.asked_by_id,
        unsealed_by_id=actor.person_id,
        unsealed_at=now,
        reason=asked.reason,
    )
    _claim(made)
    audit.record(
        "results.unsealed",
        actor=actor,
        now=now,
        subject=("round", round_.id),
        scope_id=round_.contest.scope_id,
        data={
            "round": round_.number,
            "works": seal_counts(round_.id).works,
            "allocation": allocation.number,
            "digest": allocation.digest,
            "reason": made.reason,
            "asked_by": asked.asked_by_id,
        },
    )
    return made


def _claim(made: Unsealing) -> None:
    """Insert the row; its key lets one of two people at once through."""
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise AlreadyUnsealed from None
