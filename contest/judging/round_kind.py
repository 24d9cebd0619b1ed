"""Essays as a kind of round: what contests, results and portal ask of them."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

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
from contest.core.errors import Words
from contest.core.i18n import format_count, format_points
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.judging.actions.rubrics import discard_rubric
from contest.judging.models import JurorState
from contest.judging.queries.counts import handed_in, handed_in_by_unit
from contest.judging.queries.evidence import marks_as_evidence
from contest.judging.queries.rounds import judged_round, jurors, seated_person_ids
from contest.judging.queries.scores import scored_works
from contest.judging.rules.rank_keys import BY_CODE
from contest.judging.rules.refusals import MarkingStillOpen
from contest.judging.rules.sheets import scale_of
from contest.submissions.actions import discard_settings
from contest.submissions.queries.rounds import essay_round, still_writing


def _item(
    code: str,
    contest_round: Round,
    label: Words,
    problem: Words,
    *,
    detail: Words = "",
    endpoint: str,
    action: Words,
) -> ReadinessItem:
    return ReadinessItem(
        code,
        ok=not problem,
        label=label,
        detail=problem or detail,
        endpoint=endpoint,
        values={"slug": contest_round.contest.slug, "number": contest_round.number},
        action=action,
    )


class EssayKind:
    """The implementation of `contests.kinds.RoundKind` for essays."""

    kind = ContestKind.ESSAY

    def follows_another(self, round: Round, /) -> bool:
        """Whether its works are a shortlist that an earlier round sends on."""
        essay = essay_round(round.id)
        return essay is not None and not essay.takes_works

    def readiness(self, round: Round, now: datetime, /) -> list[ReadinessItem]:
        """Call and limits, rubric, and that the marks a work needs can be given."""
        del now
        essay, judged = essay_round(round.id), judged_round(round.id)
        criteria = [] if judged is None else list(judged.criteria)
        seats = [
            each
            for each in jurors(round.id)
            if each.state in {JurorState.INVITED, JurorState.ACCEPTED}
        ]
        wanted = 2 if judged is None else judged.marks_per_work
        return [
            _item(
                "essay_call",
                round,
                _l("The call and the limits are written"),
                "" if essay is not None else _l("Say what is called for, and how long it may be."),
                detail=""
                if essay is None
                else _("up to %(count)s words", count=format_count(essay.max_words)),
                endpoint="submissions.settings",
                action=_l("Go to the call"),
            ),
            _item(
                "essay_rubric",
                round,
                _l("The rubric is written"),
                "" if criteria else _l("Write the rubric by which judges mark."),
                detail=_(
                    "%(count)s criteria, %(points)s points",
                    count=len(criteria),
                    points=format_points(scale_of(criteria)),
                )
                if criteria
                else "",
                endpoint="judging.rubric",
                action=_l("Go to the rubric"),
            ),
            _item(
                "essay_jury",
                round,
                _l("The jury is large enough"),
                ""
                if len(seats) >= wanted
                else _(
                    "Each work needs %(wanted)s judges; %(seats)s are invited.",
                    wanted=wanted,
                    seats=len(seats),
                ),
                detail=_("%(count)s judges", count=len(seats)),
                endpoint="judging.jury",
                action=_l("Go to the jury"),
            ),
        ]

    def freeze(self, round: Round, actor: Actor | None, now: datetime, /) -> None:
        """Nothing is drawn beforehand: what contestants meet stands in the settings."""

    def discard(self, round: Round, /) -> None:
        """Delete call and rubric of a planned round."""
        discard_rubric(contest_round=round)
        discard_settings(contest_round=round)

    def settle(self, round: Round, now: datetime, /) -> int:
        """Nothing is closed by the server; 1 while somebody could still hand in."""
        return int(still_writing(round, now))

    def counts(self, round: Round, /) -> RoundCounts:
        """Persons and works handed in."""
        return handed_in(round.id)

    def unit_counts(self, round: Round, /) -> list[UnitCount]:
        """Persons and works of each unit, with the path as it was; most persons first."""
        return handed_in_by_unit(round.id)

    def facts(self, round: Round, disqualified_entry_ids: set[int], /) -> dict[str, Any]:
        """Scale and rubric of the locked marks, and a seed for lots.

        Raises:
            MarkingStillOpen: the marks are not locked yet.
        """
        del disqualified_entry_ids
        judged = judged_round(round.id)
        if judged is None or judged.closed_at is None:
            raise MarkingStillOpen
        return {
            "scale": str(scale_of(judged.criteria)),
            "criteria": [[each.name, str(each.max_points)] for each in judged.criteria],
            "marks_per_work": judged.marks_per_work,
            "seed": judged.lot_seed or secrets.token_hex(16),
        }

    def score_rows(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Iterator[ScoreRow]:
        """The mark of each work, with a key for each code."""
        judged = judged_round(round.id)
        scale = scale_of(judged.criteria if judged is not None else ())
        values = [BY_CODE[code].value for code in key_codes]
        for scored in scored_works(round.id, str(run_facts.get("seed", ""))):
            yield ScoreRow(
                entry_id=scored.entry_id,
                division_id=scored.division_id,
                points=scored.total,
                max_points=scale,
                keys=tuple(value(scored) for value in values),
            )

    def evidence(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Evidence:
        """Every mark of every finished sheet, and what people decided beside them."""
        del run_facts, key_codes
        return marks_as_evidence(round.id)

    def explain(self, code: str, value: int, /) -> str:
        """A key's value in words."""
        return BY_CODE[code].explain(value)

    def shown(self, code: str, value: int, /) -> str:
        """A key's value alone, for a column under the key's label."""
        return BY_CODE[code].shown(value)

    def answer_key(self, round: Round, /) -> list[KeyLine]:
        """Essays have none."""
        del round
        return []

    def insiders(self, round: Round, /) -> set[int]:
        """Everybody who accepted a seat on the jury, also those who left it."""
        return seated_person_ids(round.id)
