"""Searching a round for signs of unfair work."""

import secrets
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert

from contest.contests.models import Round, Stage
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.clock import micros
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import count_words
from contest.quizzes.actions.reading_jobs import read_by_job
from contest.quizzes.models import (
    FairnessFinding,
    FairnessReport,
    FairnessSign,
)
from contest.quizzes.queries.fairness import ended_attempts, ended_count, times_away
from contest.quizzes.queries.rulings import rulings_of
from contest.quizzes.rules import fairness as rules
from contest.quizzes.rules.rulings import Rulings, mark_under
from contest.quizzes.rules.shared_answers import AnswerBook, shared_answers
from contest.quizzes.rules.timing import working_ms
from question_bank.kinds.base import Answer
from question_bank.marking import ParsedRevision
from question_bank.queries import revisions

FAIRNESS_JOB: Final = "quizzes.fairness"
MOST_IN_REQUEST: Final = 1_000
"""More attempts than this are searched by a job."""
MOST_FINDINGS: Final = 5_000
"""So many findings of one sign are kept, the strongest."""
_PAGE: Final = 2_000
_MOST_KEPT: Final = 50_000


class FairnessTooEarly(RuleBroken):
    """While people answer, nobody is looked at."""

    message = _l("Signs are looked for when the round has closed.")


@dataclass(slots=True)
class Search:
    """What one pass over a round collects: some hundred bytes for each attempt."""

    key: bytes
    book: AnswerBook = field(default_factory=AnswerBook)
    entries: "array[int]" = field(default_factory=lambda: array("q"))
    ordinals: "array[int]" = field(default_factory=lambda: array("i"))
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    ends: "array[int]" = field(default_factory=lambda: array("q"))
    predictions: "array[int]" = field(default_factory=lambda: array("i"))
    groups: "dict[bytes, array[int]]" = field(default_factory=dict)
    fast: list[dict[str, Any]] = field(default_factory=list)


Findings = list[dict[str, Any]]
Collected = tuple[Findings, dict[str, Any]]


def ask_for_signs(
    *, contest_round: Round, title: str, address: str, actor: Actor, now: datetime
) -> jobs.Job | None:
    """Search a closed round for signs: at once, or by a job where it is large.

    Args:
        contest_round: the round.
        title: of the job's page, in the person's language.
        address: of the page that shows the signs.
        actor: who asks.
        now: the instant of the request.

    Raises:
        FairnessTooEarly: the round has not closed.
    """
    if contest_round.stage in (Stage.PLANNED, Stage.OPEN):
        raise FairnessTooEarly
    if ended_count(contest_round.id) > MOST_IN_REQUEST:
        return read_by_job(
            FAIRNESS_JOB,
            contest_round=contest_round,
            title=title,
            address=address,
            actor=actor,
            now=now,
        )
    collected = collect_signs(contest_round.id)
    store_signs(contest_round=contest_round, collected=collected, actor=actor, now=now)
    return None


def collect_signs(round_id: int, tell: Callable[[int, int], None] | None = None) -> Collected:
    """Read every ended attempt of a round once, and look for signs.

    Args:
        round_id: of a closed round.
        tell: called with how many attempts are read, and of how many; may end the unit.

    Returns:
        Rows of findings, and the figures of the report.
    """
    search = Search(key=secrets.token_bytes(32))
    right, words = _Right(rulings_of(round_id)), _Words()
    total, after = ended_count(round_id), (0, 0)
    while rows := ended_attempts(round_id, after, _PAGE):
        known = revisions({slot["r"] for row in rows for slot in row.paper if "r" in slot})
        for row in rows:
            _read(search, row, known, right, words)
        after = (rows[-1].entry_id, rows[-1].ordinal)
        if tell is not None:
            tell(len(search.entries), max(total, len(search.entries)))
    return _found(search, times_away(round_id, rules.LEAST_AWAY, MOST_FINDINGS))


class _Right:
    """Whether answers are right under the rulings; what was marked before is kept."""

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings
        self._known: dict[tuple[int, Answer], bool] = {}

    def __call__(self, revision: ParsedRevision, answer: Answer) -> bool:
        known = self._known.get((revision.id, answer))
        if known is None:
            known = mark_under(revision, answer, self._rulings.get(revision.id)).right
            if len(self._known) < _MOST_KEPT:
                self._known[revision.id, answer] = known
        return known


class _Words:
    """How many words stems hold."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def __call__(self, revision: ParsedRevision) -> int:
        if revision.id not in self._known:
            self._known[revision.id] = count_words(revision.in_words(revision.stem))
        return self._known[revision.id]


def _read(
    search: Search, row: Any, known: Mapping[int, ParsedRevision], right: _Right, words: _Words
) -> None:
    chosen, seen = row.answers or {}, set(row.seen or ())
    answers, new_words = [], 0
    for place, slot in enumerate(row.paper):
        given = tuple(chosen.get(str(place), ()))
        if "r" not in slot or not given:
            continue
        revision = known[slot["r"]]
        answers.append((revision.id, given, right(revision, given)))
        if revision.question_id not in seen:
            new_words += words(revision)
    search.book.add(row.entry_id, answers)
    place = len(search.entries)
    search.entries.append(row.entry_id)
    search.ordinals.append(row.ordinal)
    search.starts.append(micros(row.started_at))
    search.ends.append(micros(row.submitted_at))
    search.predictions.append(-1 if row.prediction is None else row.prediction)
    digest = rules.trace_digest(search.key, row.device, row.address)
    if digest:
        search.groups.setdefault(digest, array("i")).append(place)
    counted = row.correct_count or 0
    # With the pauses: whoever read on through a power cut did not read faster for it.
    elapsed = working_ms(row.started_at, row.submitted_at)
    if rules.is_faster_than_reading(
        words=new_words,
        working_ms=elapsed,
        right=counted,
        questions=row.question_count,
    ):
        speed = rules.reading_speed(new_words, elapsed)
        search.fast.append(
            _finding(
                FairnessSign.FAST,
                row.entry_id,
                speed,
                attempt=row.ordinal,
                words=new_words,
                seconds=round(elapsed / 1000, 1),
                speed=round(speed),
                right=counted,
                questions=row.question_count,
            )
        )


def _finding(
    sign: FairnessSign,
    entry_id: int,
    strength: float,
    *,
    other: int | None = None,
    group: str = "",
    **figures: Any,
) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "other_entry_id": other,
        "sign": sign,
        "strength": int(min(strength, 1_000_000) * 1000),
        "group": group,
        "figures": figures,
    }


def _found(search: Search, away: Sequence[Any]) -> Collected:
    given = [each for each in search.predictions if each >= 0]
    width = rules.middle_width(given)
    large = 0
    grouped: Findings = []
    for digest, places in search.groups.items():
        people = {search.entries[place] for place in places}
        if len(people) > rules.MOST_TOGETHER:
            large += 1
        elif len(people) >= rules.LEAST_TOGETHER:
            grouped.extend(_of_group(search, digest.hex(), places, len(people), width))
    left = [
        _finding(FairnessSign.FOCUS, row.entry_id, row.times, attempt=row.ordinal, times=row.times)
        for row in away
    ]
    pairs = list(_of_pairs(search))
    every = [*search.fast, *pairs, *grouped, *left]
    kept: Findings = []
    counts: dict[str, Any] = {}
    for sign in FairnessSign:
        of_sign = [each for each in every if each["sign"] is sign]
        of_sign.sort(key=lambda each: (-each["strength"], each["entry_id"]))
        counts[sign.value] = len({each["entry_id"] for each in of_sign})
        kept.extend(of_sign[:MOST_FINDINGS])
    figures = {
        "attempts": len(search.entries),
        "people": len(set(search.entries)),
        "signs": counts,
        "pairs": len(pairs) // 2,
        "large_groups": large,
        "prediction_width": width,
    }
    return kept, figures


def _of_group(
    search: Search, name: str, places: Sequence[int], people: int, width: int
) -> Iterator[dict[str, Any]]:
    """Signs of the people behind one device and address: that they are, and their predictions."""
    spans = [(search.starts[place], search.ends[place]) for place in places]
    at_once = rules.overlapping(spans)
    predictions: dict[int, int] = {}
    for place in places:
        if search.predictions[place] >= 0:
            predictions[search.entries[place]] = search.predictions[place]
    run = rules.consecutive(predictions.values(), width)
    for entry_id in sorted({search.entries[place] for place in places}):
        yield _finding(
            FairnessSign.DEVICE,
            entry_id,
            people,
            group=name,
            people=people,
            attempts=len(places),
            at_once=at_once,
        )
        own = predictions.get(entry_id)
        if run is not None and own is not None and run.first <= own < run.first + run.length:
            yield _finding(
                FairnessSign.PREDICTIONS,
                entry_id,
                run.length,
                group=name,
                own=own,
                first=run.first,
                last=run.first + run.length - 1,
                people=run.length,
                by_chance=run.expected,
            )


def _of_pairs(search: Search) -> Iterator[dict[str, Any]]:
    strongest: dict[tuple[int, int], Any] = {}
    for pair in shared_answers(search.book):
        key = (search.entries[pair.first], search.entries[pair.second])
        if key not in strongest or strongest[key].strength < pair.strength:
            strongest[key] = pair
    for (first, second), pair in strongest.items():
        for own, other, mine, theirs in (
            (first, second, pair.first, pair.second),
            (second, first, pair.second, pair.first),
        ):
            yield _finding(
                FairnessSign.ALIKE,
                own,
                pair.strength,
                other=other,
                attempt=search.ordinals[mine],
                other_attempt=search.ordinals[theirs],
                common=pair.common,
                alike=pair.alike,
                shared=pair.shared,
                expected=round(pair.expected, 1),
                by_chance=pair.pairs_expected,
                minutes=round(abs(search.ends[mine] - search.ends[theirs]) / 60_000_000),
            )


def store_signs(
    *, contest_round: Round, collected: Collected, actor: Actor | None, now: datetime
) -> None:
    """Write the signs of a round in place of earlier ones; notes and decisions stay."""
    findings, figures = collected
    round_id = contest_round.id
    db.session.execute(delete(FairnessFinding).where(FairnessFinding.round_id == round_id))
    db.session.execute(delete(FairnessReport).where(FairnessReport.round_id == round_id))
    db.session.expire_all()
    db.session.execute(
        insert(FairnessReport).values(
            round_id=round_id,
            attempts=figures["attempts"],
            people=figures["people"],
            figures=figures,
            made_by_id=None if actor is None else actor.person_id,
            made_at=now,
        )
    )
    if findings:
        rows = [each | {"round_id": round_id, "found_at": now} for each in findings]
        db.session.execute(insert(FairnessFinding), rows)
    audit.record(
        "quizzes.signs_searched",
        actor=actor,
        now=now,
        subject=("round", round_id),
        scope_id=contest_round.contest.scope_id,
        data={"attempts": figures["attempts"], "signs": figures["signs"]},
    )
