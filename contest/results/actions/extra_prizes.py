"""Unit prizes and side prizes: setting them, and giving them beside the levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from contest.contests.copying import values_of
from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.models import (
    ExtraPrize,
    Measure,
    Over,
    Ranking,
    TiePolicy,
    contest_of,
    number_of,
    over_ids,
)
from contest.results.queries.extra_prizes import (
    ExtraContenders,
    extra_prizes,
    extra_terms,
    kind_of_over,
)
from contest.results.queries.prizes import latest_allocation
from contest.results.queries.unit_standings import unit_terms
from contest.results.rules.allocation import Outcome
from contest.results.rules.extra_prizes import (
    ExtraAnswers,
    ExtraOutcome,
    ExtraTerms,
    check_measure,
    give_extras,
)
from contest.results.rules.refusals import ExtraPrizeWrong, PrizesFixed
from contest.results.rules.unit_standings import StandingTerms

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class ExtraValues:
    """A prize beside the levels as it is typed; see `models.ExtraPrize`."""

    measure: Measure
    name: str
    quota: int
    money: int = 0
    policy: TiePolicy = TiePolicy.STOP
    fewest: int | None = None
    terms: str = ""


def set_extra_prizes(
    *, over: Over, prizes: Sequence[ExtraValues], actor: Actor | None, now: datetime
) -> list[ExtraPrize]:
    """Say which prizes there are beside the levels; what was there is replaced.

    Raises:
        PrizesFixed: the prizes have been decided already.
        ExtraPrizeWrong: no name or one too long, a quota below one, money or head-count below 0.
        MeasureNotHere: this round cannot give it.
    """
    if latest_allocation(over) is not None:
        raise PrizesFixed
    for one in prizes:
        if not 0 < len(one.name.strip()) <= _LONGEST or one.quota < 1 or one.money < 0:
            raise ExtraPrizeWrong
        if one.fewest is not None and one.fewest < 0:
            raise ExtraPrizeWrong
        check_measure(one.measure, kind_of_over(over))
    db.session.execute(delete(ExtraPrize).where(ExtraPrize.of(over)))
    rows = [
        ExtraPrize(
            **over_ids(over),
            position=position,
            measure=one.measure,
            name=one.name.strip(),
            quota=one.quota,
            money=one.money,
            tie_policy=one.policy,
            fewest=one.fewest,
            terms=one.terms.strip(),
        )
        for position, one in enumerate(prizes, 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(
        "results.extra_prizes_set",
        actor=actor,
        now=now,
        subject=("round" if isinstance(over, Round) else "contest", over.id),
        scope_id=contest_of(over).scope_id,
        data={
            "round": number_of(over),
            "prizes": [
                [one.measure.value, one.name, one.quota, one.money, one.tie_policy.value]
                for one in rows
            ],
        },
    )
    return rows


def copy_extra_prizes(*, source: Over, target: Over) -> None:
    """Give a copied round or contest the prizes beside the levels, where it has none yet."""
    if extra_prizes(target):
        return
    db.session.add_all(
        ExtraPrize(**values_of(one, without=("round_id", "contest_id")), **over_ids(target))
        for one in extra_prizes(source)
    )


@dataclass(frozen=True, slots=True)
class GivenExtras:
    """The prizes beside the levels with what would be given of them."""

    prizes: list[ExtraTerms]
    outcome: ExtraOutcome


def preview_extras(
    over: Over,
    run: Ranking,
    outcome: Outcome,
    answers: ExtraAnswers | None = None,
) -> GivenExtras:
    """Who would get the unit prizes and side prizes over a ranking; changes nothing.

    Args:
        over: whose rules count.
        run: the ranking.
        outcome: of the levels, which the prize for most winners goes by.
        answers: what persons decided about ties, and whom the council chose.

    Raises:
        PickedTooMany, PickReasonMissing: with their sentences.
    """
    prizes = extra_terms(extra_prizes(over))
    if not prizes:
        return GivenExtras([], ExtraOutcome())
    known = ExtraContenders(run, [one.entry_id for one in outcome.given], {})
    found = give_extras(prizes, known, answers=answers or ExtraAnswers())
    found.units = known.units
    terms = unit_terms(contest_of(over).id) or StandingTerms()
    found.standing = tuple(key.value for key in terms.keys)
    return GivenExtras(prizes, found)
