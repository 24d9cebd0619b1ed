"""Quizzes as a kind of round: what contests, results and portal ask of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select

from contest.accounts.queries import staff_person_ids
from contest.contests.kinds import (
    Evidence,
    KeyLine,
    ReadinessItem,
    RoundCounts,
    ScoreRow,
    UnitCount,
)
from contest.contests.models import ContestKind, Round
from contest.core.access import Actor
from contest.core.i18n import gettext as _
from contest.core.partitions import give_partition
from contest.quizzes import queries
from contest.quizzes.actions.rounds import discard_settings, freeze_round, settle_round
from contest.quizzes.actions.supposing import suppose_results
from contest.quizzes.models import LedgerLine
from contest.quizzes.queries.counts import attempt_counts
from contest.quizzes.queries.essays import unmarked_count
from contest.quizzes.queries.evidence import attempts_as_evidence
from contest.quizzes.queries.rounds import bank_path, pool_authors, pool_revision_ids
from contest.quizzes.rank_keys import BY_CODE
from contest.quizzes.readiness import quiz_readiness
from contest.quizzes.rules.counting import EVERYBODY
from contest.quizzes.rules.essays import EssaysUnmarked
from contest.quizzes.rules.rulings import answers_in_words
from question_bank.queries import revisions


class QuizKind:
    """The implementation of `contests.kinds.RoundKind` for quizzes."""

    kind = ContestKind.QUIZ

    def readiness(self, round: Round, now: datetime, /) -> list[ReadinessItem]:
        """Bank, blueprint and stock, prediction and window."""
        return quiz_readiness(round, now)

    def freeze(self, round: Round, actor: Actor | None, now: datetime, /) -> None:
        """Freeze pool and seed; the ledger gets a partition where that is asked for."""
        freeze_round(contest_round=round, actor=actor, now=now)
        give_partition(LedgerLine.__tablename__, round.id)

    def discard(self, round: Round, /) -> None:
        """Delete the settings of a planned round."""
        discard_settings(contest_round=round)

    def settle(self, round: Round, now: datetime, /) -> int:
        """Close everything overdue; returns how many attempts still have time."""
        return settle_round(contest_round=round, now=now)

    def check_marked(self, round: Round, /) -> None:
        """Refuse while essay answers that count are not marked."""
        waiting = unmarked_count(round)
        if waiting:
            raise EssaysUnmarked(waiting)

    def counts(self, round: Round, /) -> RoundCounts:
        """Persons and finished attempts."""
        return queries.round_counts(round.id)

    def unit_counts(self, round: Round, /) -> list[UnitCount]:
        """Persons and finished attempts of each unit."""
        return queries.unit_counts(round.id)

    def attempt_counts(self, round: Round, /) -> Select[Any]:
        """Finished attempts of each entry."""
        return attempt_counts(round.id)

    def facts(self, round: Round, disqualified_entry_ids: set[int], /) -> dict[str, Any]:
        """N, the counting rule, the pool's digest, and the seed, which is secret until now."""
        quiz = queries.quiz_of(round.id)
        if quiz is None:
            return {"n": {EVERYBODY: 0}}
        return {
            "n": queries.count_all_right(
                quiz, disqualified_entry_ids, per_division=quiz.prediction_per_division
            ),
            "n_per_division": quiz.prediction_per_division,
            "counting": quiz.counting.value,
            "pool_digest": quiz.pool_digest,
            "seed": quiz.seed,
            "seed_digest": quiz.seed_digest,
        }

    def score_rows(
        self,
        round: Round,
        run_facts: Mapping[str, Any],
        key_codes: tuple[str, ...],
        /,
    ) -> Iterator[ScoreRow]:
        """The counting attempt of each entry, with a key for each code."""
        quiz = queries.quiz_of(round.id)
        if quiz is None:
            return
        values = [BY_CODE[code].value for code in key_codes]
        for finished in queries.counting_attempts(round.id, quiz.counting):
            yield ScoreRow(
                entry_id=finished.entry_id,
                division_id=finished.division_id,
                points=finished.points,
                max_points=finished.max_points,
                keys=tuple(value(finished, run_facts) for value in values),
            )

    def score_select(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Select[Any] | None:
        """The same as one SELECT, so that a large round is ranked inside the database."""
        quiz = queries.quiz_of(round.id)
        if quiz is None:
            return None
        return queries.counting_scores(quiz, key_codes, run_facts)

    def supposed_key(self, key_codes: tuple[str, ...], /) -> str | None:
        """Right answers or points: which of the two ranks first."""
        return next((code for code in key_codes if code in {"correct", "points"}), None)

    def suppose(self, round: Round, key: str, results: Mapping[int, Decimal], /) -> list[int]:
        """Other right answers or points of the attempts that count."""
        return suppose_results(contest_round=round, results=results, is_points=key == "points")

    def evidence(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Evidence:
        """Every finished attempt, with the keys of the one that counts."""
        scores = self.score_rows(round, run_facts, key_codes)
        return attempts_as_evidence(round, scores, key_codes)

    def explain(self, code: str, value: int, /) -> str:
        """A key's value in words."""
        return BY_CODE[code].explain(value)

    def shown(self, code: str, value: int, /) -> str:
        """A key's value alone, for a column under the key's label."""
        return BY_CODE[code].shown(value)

    def answer_key(self, round: Round, /) -> list[KeyLine]:
        """Every question of the frozen pool with its right answers."""
        ids = pool_revision_ids(round.id)
        known, rulings = revisions(ids), queries.rulings_of(round.id)
        return [
            KeyLine(
                reference=_("Question %(number)s", number=number),
                stem=known[revision_id].in_words(known[revision_id].stem),
                answers=answers_in_words(known[revision_id], rulings.get(revision_id)),
                explanation=known[revision_id].in_words(known[revision_id].explanation),
                source=known[revision_id].source,
            )
            for number, revision_id in enumerate(ids, start=1)
        ]

    def insiders(self, round: Round, /) -> set[int]:
        """Whoever works on the bank, or wrote, checked or approved a question of the pool."""
        path = bank_path(round.id)
        staff = set() if path is None else staff_person_ids(path)
        return pool_authors(round.id) | staff
