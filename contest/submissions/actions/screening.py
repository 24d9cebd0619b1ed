"""The secretary's work: screening, near-duplicates."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import update

from contest.contests.models import Round
from contest.core import jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.records import record
from contest.submissions.letters import send_decision
from contest.submissions.models import (
    NearDuplicate,
    Screening,
    ScreeningOutcome,
    Work,
    WorkState,
)
from contest.submissions.queries.screening import (
    ComparedText,
    earlier_texts,
    texts_of_round,
)
from contest.submissions.queries.works import authors_with_accounts
from contest.submissions.rules.limits import SCREENABLE
from contest.submissions.rules.refusals import (
    ComparedAnew,
    NothingHandedIn,
    ReasonsMissing,
    ScreeningOver,
)

if TYPE_CHECKING:
    from contest.core.copies import SharedPassages

COPIES_JOB = "submissions.find_copies"
_SHARE = 10_000


def screen_work(
    *,
    work: Work,
    outcome: ScreeningOutcome,
    reasons: Sequence[str],
    note: str,
    actor: Actor,
    now: datetime,
    address: str = "",
) -> Screening:
    """Decide about the version handed in; a later decision takes the place of this one.

    Args:
        work: handed in.
        outcome: what is decided.
        reasons: codes of `rules.screening`.
        note: for the author.
        actor: the secretary.
        now: the instant of the request.
        address: page of the essay for its authors, who get a letter where it does not go on;
            without it none is written.

    Raises:
        NothingHandedIn: there is nothing to decide about.
        ScreeningOver: results are decided.
        ReasonsMissing: returned or refused without a reason.
    """
    if work.state is not WorkState.SUBMITTED or work.submitted_version_id is None:
        raise NothingHandedIn
    if work.round.stage not in SCREENABLE:
        raise ScreeningOver
    if outcome is not ScreeningOutcome.PASSED and not (reasons or note):
        raise ReasonsMissing
    db.session.execute(
        update(Screening)
        .where(Screening.work_id == work.id, Screening.is_current)
        .values(is_current=False)
    )
    decision = Screening(
        work_id=work.id,
        version_id=work.submitted_version_id,
        outcome=outcome,
        reasons=list(reasons),
        note=note,
        decided_by_id=actor.person_id,
        decided_at=now,
        is_current=True,
    )
    db.session.add(decision)
    db.session.flush()
    record(
        "work_screened",
        ("work", work.id),
        work.round.contest.scope_id,
        actor=actor,
        now=now,
        outcome=outcome.value,
        reasons=list(reasons),
    )
    if address and outcome is not ScreeningOutcome.PASSED:
        _tell_authors(work, decision, address=address, now=now)
    return decision


def _tell_authors(work: Work, decision: Screening, *, address: str, now: datetime) -> None:
    until = work.round.closes_at  # the grace is for weak lines, nobody is told to count on it
    for person in authors_with_accounts(work):
        send_decision(
            person=person,
            work=work,
            outcome=decision.outcome,
            reasons=decision.reasons,
            note=decision.note,
            until=until if until is not None and now < until else None,
            address=address,
            key=f"submissions.decision:{decision.id}:{person.id}",
            now=now,
        )


def ask_for_copies(*, contest_round: Round, title: str, actor: Actor, now: datetime) -> jobs.Job:
    """Have the essays of a round compared with each other and with earlier ones, as a job."""
    return jobs.enqueue(
        COPIES_JOB,
        payload={"round_id": contest_round.id},
        actor=actor,
        now=now,
        title=title,
    )


def texts_to_compare(contest_round: Round) -> tuple[list[ComparedText], list[ComparedText]]:
    """What the job compares: the round's essays, and those of earlier rounds."""
    return texts_of_round(contest_round.id), earlier_texts(contest_round)


def keep_copies(
    *,
    contest_round: Round,
    works: Sequence[ComparedText],
    found: Sequence["SharedPassages"],
    now: datetime,
) -> int:
    """Keep what the search found.

    Pairs that are gone vanish unless there is a verdict. A verdict is about two texts: it stays
    while both say word for word what they said; else the pair waits for a new one, with the old
    note beside.

    Args:
        contest_round: whose essays were compared.
        works: the texts in the order in which they were compared, earlier ones at the end.
        found: what `find_copies` gave.
        now: the instant of the search.

    Returns:
        How many pairs there are.
    """
    known = {
        (pair.work_a_id, pair.work_b_id): pair
        for pair in db.session.query(NearDuplicate).filter_by(round_id=contest_round.id)
    }
    for each in found:
        first, second = works[each.first], works[each.second]
        key = (first.work_id, second.work_id)
        pair = known.pop(key, None)
        if pair is None:
            pair = NearDuplicate(
                round_id=contest_round.id,
                work_a_id=key[0],
                work_b_id=key[1],
                verdict="",
                verdict_note="",
            )
            db.session.add(pair)
        elif pair.verdict and not _is_about(pair, first, second, each.spans):
            pair.verdict, pair.decided_by_id, pair.decided_at = "", None, None
        pair.version_a_id, pair.version_b_id = first.version_id, second.version_id
        pair.share_a = round(each.share_first * _SHARE)
        pair.share_b = round(each.share_second * _SHARE)
        pair.spans = [list(span) for span in each.spans]
        pair.found_at = now
    for gone in known.values():
        if not gone.verdict:
            db.session.delete(gone)
    db.session.flush()
    return len(found)


def _is_about(
    pair: NearDuplicate, first: ComparedText, second: ComparedText, spans: Iterable[Sequence[int]]
) -> bool:
    """Whether what was compared last is what is compared now; versions never change.

    Passages may begin or end a little elsewhere: a field that was hidden between two others
    brings these together, and what both works say there is then shared as well.
    """
    return (
        (pair.version_a_id == first.version_id or pair.version_a.body_text == first.text)
        and (pair.version_b_id == second.version_id or pair.version_b.body_text == second.text)
        and _same_passages(pair.spans, list(spans))
    )


def _same_passages(before: Sequence[Sequence[int]], now: Sequence[Sequence[int]]) -> bool:
    """Whether each passage of the one stands where one of the other does, in both texts."""

    def meet(one: Sequence[int], other: Sequence[int]) -> bool:
        return all(one[at] < other[at + 1] and other[at] < one[at + 1] for at in (0, 2))

    return all(any(meet(one, other) for other in now) for one in before) and all(
        any(meet(one, other) for other in before) for one in now
    )


def judge_copy(
    *,
    pair: NearDuplicate,
    contest_round: Round,
    verdict: str,
    note: str,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Say what a pair is: `copied`, `quoted` or `harmless`. It refuses nobody by itself.

    Args:
        pair: the two works.
        contest_round: in which they are screened.
        verdict: one of the three.
        note: why, for those who screen.
        seen: `NearDuplicate.compared` of the texts that were read for it.
        actor: who says so.
        now: the instant of the request.

    Raises:
        ComparedAnew: other texts were compared meanwhile.
    """
    if pair.compared != seen:
        raise ComparedAnew
    pair.verdict, pair.verdict_note = verdict, note
    pair.decided_by_id, pair.decided_at = actor.person_id, now
    db.session.flush()
    record(
        "copy_judged",
        ("near_duplicate", pair.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
        verdict=verdict,
    )
