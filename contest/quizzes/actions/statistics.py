"""Working out the statistics of a closed round: marked again in memory, then one write."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final, cast

from sqlalchemy import delete, insert

from contest.contests.models import Round, Stage
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.db import POINT_UNITS, db, from_point_units
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.reading_jobs import read_by_job
from contest.quizzes.models import ItemStatistic, RoundStatistic
from contest.quizzes.queries.counts import open_count
from contest.quizzes.queries.essays import judged_units, unmarked_count
from contest.quizzes.queries.rulings import regrade_number, rulings_of
from contest.quizzes.queries.statistics import first_attempt_count, first_attempts, pool_strata
from contest.quizzes.rules.essays import EssaysUnmarked
from contest.quizzes.rules.rulings import (
    ALONE,
    NOBODY_JUDGED,
    Ruling,
    Rulings,
    mark_under,
    ruled_bodies,
)
from contest.quizzes.rules.set_questions import essay_slots
from question_bank.kinds.base import TYPED, Answer, Way
from question_bank.kinds.parts import PartsBody, PartsKind
from question_bank.kinds.typed import as_share
from question_bank.marking import ParsedRevision, share_of
from question_bank.queries import revisions
from question_bank.statistics import DrawnFigures, DrawnTally, MarkedItem, MarkedPart

STATISTICS_JOB: Final = "quizzes.item_statistics"
MOST_IN_REQUEST: Final = 2_000
"""More attempts than this are counted by a job."""
_PAGE: Final = 2_000
_MOST_KEPT: Final = 50_000


class StatisticsTooEarly(RuleBroken):
    """Figures of questions that people still answer would give the key away."""

    message = _l("Statistics are made when the round has closed and every attempt has ended.")


def may_have_statistics(contest_round: Round) -> bool:
    """Whether nobody can answer the questions of a round any more."""
    if contest_round.stage in (Stage.PLANNED, Stage.OPEN):
        return False
    return open_count(contest_round.id) == 0


def ask_for_statistics(
    *, contest_round: Round, title: str, address: str, actor: Actor, now: datetime
) -> jobs.Job | None:
    """Work out the statistics of a closed round: at once, or by a job where it is large.

    Args:
        contest_round: the round.
        title: of the job's page, in the person's language.
        address: of the page that shows the statistics.
        actor: who asks.
        now: the instant of the request.

    Raises:
        StatisticsTooEarly: attempts are or may become open.
        EssaysUnmarked: essay answers are not marked yet.
    """
    if not may_have_statistics(contest_round):
        raise StatisticsTooEarly
    waiting = unmarked_count(contest_round)
    if waiting:
        raise EssaysUnmarked(waiting)
    if first_attempt_count(contest_round.id) > MOST_IN_REQUEST:
        return read_by_job(
            STATISTICS_JOB,
            contest_round=contest_round,
            title=title,
            address=address,
            actor=actor,
            now=now,
            turn=regrade_number(contest_round.id),
        )
    collected = collect_statistics(contest_round.id)
    store_statistics(contest_round=contest_round, collected=collected, actor=actor, now=now)
    return None


class _Marker:
    """Marks answers under the rulings, and keeps what it has marked before."""

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings
        self._known: dict[tuple[int, Answer], MarkedItem] = {}

    def mark(
        self, revision: ParsedRevision, answer: Answer, judged: int | None = None
    ) -> MarkedItem:
        """Mark an answer; what somebody wrote freely is counted by what people gave for it."""
        ruling = self._rulings.get(revision.id)
        if revision.kind.way is Way.ESSAY:
            mark = mark_under(revision, answer, ruling, judged)
            given = (f"{from_point_units(mark.units).normalize():f}",) if answer else ()
            return MarkedItem(revision.question_id, mark.units, mark.max_units, given)
        known = self._known.get((revision.id, answer))
        if known is not None:
            return known
        mark = mark_under(revision, answer, ruling)
        parts = answer
        if revision.kind.way in TYPED:
            parts = tuple(" ".join(part.casefold().split()) for part in answer)
        marked = MarkedItem(
            revision.question_id,
            mark.units,
            mark.max_units,
            parts,
            _inner(revision, answer, ruling),
        )
        if len(self._known) < _MOST_KEPT:
            self._known[revision.id, answer] = marked
        return marked


def _inner(
    revision: ParsedRevision, answer: Answer, ruling: Ruling | None
) -> tuple[MarkedPart, ...]:
    """The marks of gaps and members; none where the question counts for everybody or nobody."""
    if not isinstance(revision.kind, PartsKind) or (ruling and ruling.kind in ALONE):
        return ()
    bodies = cast("Sequence[PartsBody]", ruled_bodies(revision, ruling))
    found = []
    for each in revision.kind.part_results(bodies, answer):
        most = as_share(each.weight)
        earned = as_share(each.weight * each.share)
        found.append(
            MarkedPart(
                share_of(earned, revision.max_units),
                share_of(most, revision.max_units),
                each.answered,
            )
        )
    return tuple(found)


Collected = tuple[DrawnFigures, dict[int, int], int]
"""Figures, the revision met for each question, and the correction whose rulings counted."""


def collect_statistics(round_id: int, tell: Callable[[int, int], None] | None = None) -> Collected:
    """Read every first attempt of a round once and count it.

    Args:
        round_id: of a closed round.
        tell: called with how many attempts are counted, and of how many; may end the unit.
    """
    number = regrade_number(round_id)
    marker, tally = _Marker(rulings_of(round_id)), DrawnTally(POINT_UNITS)
    total, done, last = first_attempt_count(round_id), 0, 0
    met: dict[int, int] = {}
    while rows := first_attempts(round_id, last, _PAGE):
        known = revisions({slot["r"] for row in rows for slot in row.paper if "r" in slot})
        for each in known.values():
            met[each.question_id] = each.id
        judged = judged_units([row.id for row in rows if essay_slots(row.paper)])
        for _entry, paper, answers, attempt_id in rows:
            chosen, given = answers or {}, judged.get(attempt_id, NOBODY_JUDGED)
            tally.add(
                [
                    marker.mark(
                        known[slot["r"]], tuple(chosen.get(str(place), ())), given.get(place)
                    )
                    for place, slot in enumerate(paper)
                    if "r" in slot
                ]
            )
        done, last = done + len(rows), rows[-1].entry_id
        if tell is not None:
            tell(done, max(total, done))
    return tally.figures(pool_strata(round_id)), met, number


def store_statistics(
    *, contest_round: Round, collected: Collected, actor: Actor | None, now: datetime
) -> None:
    """Write the statistics of a round in place of earlier ones."""
    figures, met, number = collected
    round_id = contest_round.id
    db.session.execute(delete(ItemStatistic).where(ItemStatistic.round_id == round_id))
    db.session.execute(delete(RoundStatistic).where(RoundStatistic.round_id == round_id))
    db.session.expire_all()
    db.session.execute(
        insert(RoundStatistic).values(
            round_id=round_id,
            attempts=figures.paper.attempts,
            figures=asdict(figures.paper),
            thirds=list(figures.thirds),
            same_paper=figures.same_paper,
            regrade_number=number,
            made_at=now,
        )
    )
    rows = [
        {
            "round_id": round_id,
            "question_id": item.question_id,
            "revision_id": met[item.question_id],
            "attempts": item.figures.attempts,
            "figures": asdict(item.figures),
            "sums": asdict(item.sums) | {"maximum": item.maximum},
            "options": [*(list(each) for each in item.options), list(item.met)],
            "parts": [
                {
                    "figures": asdict(part.figures),
                    "right": list(part.right[1:]),
                    "answered": list(part.answered[1:]),
                }
                for part in item.parts
            ],
        }
        for item in figures.items
    ]
    if rows:
        db.session.execute(insert(ItemStatistic), rows)
    audit.record(
        "quizzes.statistics_made",
        actor=actor,
        now=now,
        subject=("round", round_id),
        scope_id=contest_round.contest.scope_id,
        data={"attempts": figures.paper.attempts, "questions": len(rows), "regrade": number},
    )
