"""Who holds which prize, decided or as the rules would give them; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contest.contests.models import RankRun, Round
from contest.results.actions.extra_prizes import preview_extras
from contest.results.actions.prizes import preview_prizes
from contest.results.queries.extra_prizes import extra_prizes, extra_terms
from contest.results.queries.prizes import awards_of, latest_allocation
from contest.results.rules.extra_prizes import ExtraAward, ExtraTerms, kept_extras
from contest.results.rules.kept_answers import KeptAnswers
from contest.results.rules.what_if import ExtraMove, extra_moves


@dataclass(frozen=True, slots=True)
class PrizesGiven:
    """Prizes of all kinds over a round.

    Attributes:
        levels: the level's id by entry.
        terms: the prizes beside the levels, as they stand in the rules.
        extras: who gets them.
        units: paths of units by their ids.
        money: what everything costs, in đồng.
        stops: ties that a person would have to decide.
    """

    levels: dict[int, int]
    terms: Sequence[ExtraTerms] = ()
    extras: Sequence[ExtraAward] = ()
    units: dict[int, tuple[str, ...]] = field(default_factory=dict)
    money: int = 0
    stops: int = 0

    def extras_moved(self, then: "PrizesGiven") -> list[ExtraMove]:
        """The prizes beside the levels that others would get then."""
        return extra_moves(self.terms, self.extras, then.extras)


def prizes_by_rules(round: Round, run: RankRun, answers: KeptAnswers) -> PrizesGiven:
    """What a ranking gives, with what people have decided so far."""
    outcome = preview_prizes(round, run, answers.ties, answers.empty)
    beside = preview_extras(round, run, outcome, answers.extras)
    return PrizesGiven(
        {one.entry_id: one.level_id for one in outcome.given},
        beside.prizes,
        beside.outcome.given,
        beside.outcome.units,
        outcome.money + beside.outcome.money,
        len(outcome.stops) + len(beside.outcome.stops),
    )


def prizes_in_force(round: Round, run: RankRun, answers: KeptAnswers) -> PrizesGiven:
    """What was decided last; where nothing is decided yet, what the ranking gives."""
    allocation = latest_allocation(round)
    if allocation is None:
        return prizes_by_rules(round, run, answers)
    awards, kept = awards_of(allocation.id), kept_extras(allocation.extras)
    terms = {one.public_id: one for one in extra_terms(extra_prizes(round))}
    return PrizesGiven(
        {one.entry_id: one.level_id for one in awards},
        list(terms.values()),
        [
            ExtraAward(terms[extra.id], award["to"], award["place"])
            for extra in kept
            if extra.id in terms
            for award in extra.awards
        ],
        {unit_id: path for extra in kept for unit_id, path in extra.units.items()},
        sum(one.money for one in awards)
        + sum(award["money"] for extra in kept for award in extra.awards),
    )
