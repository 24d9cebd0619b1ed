"""Public contests, and what one of them is to the person who reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.contests.kinds import RankKeyKind, rank_key
from contest.contests.models import (
    Contest,
    ContestKind,
    Disqualification,
    Registration,
    Round,
    RoundDecision,
    RoundDecisionKind,
    Stage,
)
from contest.contests.queries import (
    decisions_of,
    disqualifications_of,
    own_registrations,
    rank_key_codes,
    registration_of,
)
from contest.contests.rules import (
    RoundWindow,
    contest_stage,
    current_round,
    is_over,
    ranked_rounds,
    round_window,
    stage_at,
)
from contest.core.access import Actor
from contest.portal.rules import RulesSection, WayIn, list_place, rules_sections, way_in
from contest.quizzes.models import QuizRound, Verification
from contest.quizzes.queries import StartOffer, questions_in_paper, quiz_of, start_offer
from contest.quizzes.queries.verifications import own_verification
from contest.results.models import ExtraPrize, PrizeLevel
from contest.results.queries import (
    Budget,
    PublicationHead,
    budget,
    prize_levels,
    published_rounds,
    total_heads,
)
from contest.results.queries.extra_prizes import extra_prizes


@dataclass(frozen=True, slots=True)
class ContestCard:
    """A contest in a list.

    Attributes:
        round: the round it is about now; None while it has none.
        registration: of the person who reads, if they take part.
        published: the latest publication of the contest.
    """

    contest: Contest
    stage: Stage
    round: Round | None
    window: RoundWindow | None
    rounds: int
    registration: Registration | None = None
    published: PublicationHead | None = None


@dataclass(frozen=True, slots=True)
class ContestPage:
    """Everything that a public contest page shows to one reader.

    Attributes:
        rounds: the ranked rounds with the stage each is in.
        practice: a practice round that is open now.
        questions: how many questions a paper has; 0 when it is not a quiz.
        published: the publications in force by round id.
        has_totals: totals over the rounds are published.
        extras: unit prizes and side prizes of the round.
        overall: levels of the prizes over the totals.
        overall_extras: unit prizes and side prizes over the totals.
        overall_budget: what the prizes over the totals are and cost together.
        decisions: that took rounds back, and that moved the close of the round shown.
        outs: decisions in force that the reader is not ranked here.
        verification: to which the reader is invited.
        offer: what the reader would get if they began now; None when they do not take part.
    """

    contest: Contest
    stage: Stage
    round: Round | None
    window: RoundWindow | None
    rounds: Sequence[tuple[Round, Stage]]
    practice: Round | None
    quiz: QuizRound | None
    questions: int
    rank_keys: Sequence[RankKeyKind]
    levels: Sequence[PrizeLevel]
    budget: Budget
    published: dict[int, PublicationHead]
    rules: Sequence[RulesSection]
    registration: Registration | None
    offer: StartOffer | None
    way: WayIn
    has_totals: bool
    overall_budget: Budget
    overall: Sequence[PrizeLevel] = ()
    extras: Sequence[ExtraPrize] = ()
    overall_extras: Sequence[ExtraPrize] = ()
    decisions: Sequence[RoundDecision] = ()
    outs: Sequence[Disqualification] = ()
    verification: Verification | None = None

    @property
    def position(self) -> int:
        """Where the round stands among the ranked ones, from 1; 0 for a practice round."""
        ids = [each.id for each, _stage in self.rounds]
        return ids.index(self.round.id) + 1 if self.round and self.round.id in ids else 0

    @property
    def previous_published(self) -> PublicationHead | None:
        """The latest publication of another round than the one shown."""
        shown = self.round.id if self.round else None
        others = [head for head in self.published.values() if head.round_id != shown]
        return max(others, key=lambda head: head.round_number, default=None)


def cards(
    contests: Sequence[Contest], now: datetime, registrations: Sequence[Registration] = ()
) -> list[ContestCard]:
    """Contests as a list shows them, see `rules.list_place`."""
    heads: dict[int, PublicationHead] = {}
    if contests:
        for head in published_rounds([contest.id for contest in contests], limit=500):
            heads.setdefault(head.contest_id, head)
    mine = {registration.contest_id: registration for registration in registrations}
    found = [_card(each, now, mine.get(each.id), heads.get(each.id)) for each in contests]
    return sorted(
        found, key=lambda card: list_place(card.stage, card.window.until if card.window else None)
    )


def _card(
    contest: Contest,
    now: datetime,
    registration: Registration | None,
    published: PublicationHead | None,
) -> ContestCard:
    leading = current_round(contest, now)
    return ContestCard(
        contest=contest,
        stage=contest_stage(contest.rounds, now),
        round=leading,
        window=round_window(leading, now) if leading else None,
        rounds=len(ranked_rounds(contest.rounds)),
        registration=registration,
        published=published,
    )


def own_cards(actor: Actor, now: datetime) -> list[ContestCard]:
    """The contests that a person takes part in."""
    registrations = own_registrations(actor.person_id)
    return cards([each.contest for each in registrations], now, registrations)


def visible_round(contest: Contest, number: int | None, now: datetime) -> Round | None:
    """The round a page is about: the one asked for, else the one the contest is about now."""
    if number is None:
        return current_round(contest, now)
    return next((each for each in contest.rounds if each.number == number), None)


def contest_page(
    contest: Contest, actor: Actor | None, number: int | None, now: datetime
) -> ContestPage:
    """The public page of a contest for one reader.

    Args:
        contest: an announced contest.
        actor: the reader, None for a stranger.
        number: of a round; None for the one the contest is about now.
        now: the present instant.
    """
    shown = visible_round(contest, number, now)
    registration = _live(registration_of(contest.id, actor.person_id)) if actor else None
    published = {head.round_id: head for head in published_rounds([contest.id])}
    quiz = _quiz(shown)
    levels = prize_levels(shown) if shown else []
    extras = extra_prizes(shown) if shown else []
    overall, overall_extras = prize_levels(contest), extra_prizes(contest)
    offer = start_offer(quiz, shown, registration, now) if quiz and shown and registration else None
    window = round_window(shown, now) if shown else None
    return ContestPage(
        contest=contest,
        stage=stage_at(shown, now) if shown else Stage.PLANNED,
        round=shown,
        window=window,
        rounds=[(each, stage_at(each, now)) for each in ranked_rounds(contest.rounds)],
        practice=_open_practice(contest, now),
        quiz=quiz,
        questions=questions_in_paper(quiz) if quiz else 0,
        rank_keys=_rank_keys(shown),
        levels=levels,
        budget=budget(levels, len(contest.divisions), extras=extras),
        published=published,
        rules=rules_sections(contest.rules_text),
        registration=registration,
        offer=offer,
        way=_way(
            contest,
            shown,
            window,
            registration=registration,
            offer=offer,
            published=published,
            now=now,
        ),
        decisions=_decisions(contest, shown),
        outs=_outs(registration, shown),
        verification=_verification(registration, shown),
        has_totals=len(published) > 1 and bool(total_heads(contest.id)),
        overall=overall,
        extras=extras,
        overall_extras=overall_extras,
        overall_budget=budget(overall, len(contest.divisions), extras=overall_extras),
    )


def _live(registration: Registration | None) -> Registration | None:
    if registration is None or registration.withdrawn_at is not None:
        return None
    return registration


def _quiz(shown: Round | None) -> QuizRound | None:
    return quiz_of(shown.id) if shown and shown.kind is ContestKind.QUIZ else None


def _open_practice(contest: Contest, now: datetime) -> Round | None:
    practice = (each for each in contest.rounds if each.is_practice)
    return next((each for each in practice if stage_at(each, now) is Stage.OPEN), None)


def _rank_keys(shown: Round | None) -> list[RankKeyKind]:
    codes = rank_key_codes(shown) if shown else ()
    return [key for key in map(rank_key, codes) if key is not None]


def _way(
    contest: Contest,
    shown: Round | None,
    window: RoundWindow | None,
    *,
    registration: Registration | None,
    offer: StartOffer | None,
    published: dict[int, PublicationHead],
    now: datetime,
) -> WayIn:
    if shown is None or window is None:
        return WayIn.NONE
    return way_in(
        phase=window.phase,
        is_published=shown.id in published,
        can_register=contest.self_registration and not is_over(contest, now),
        is_registered=registration is not None,
        is_running=offer is not None and offer.running is not None,
        is_refused=offer is not None and offer.refusal is not None,
    )


def _decisions(contest: Contest, shown: Round | None) -> list[RoundDecision]:
    """Of rounds that were annulled, and extensions of the round shown once it has opened."""
    told = [each.id for each in contest.rounds if each.annulled_at is not None]
    if shown is not None and shown.stage is not Stage.PLANNED:
        told.append(shown.id)
    return [
        each
        for each in decisions_of(told)
        if each.kind is RoundDecisionKind.ANNULMENT
        or (shown is not None and each.round_id == shown.id and shown.annulled_at is None)
    ]


def _outs(registration: Registration | None, shown: Round | None) -> list[Disqualification]:
    """Decisions in force that a person is not ranked in the round shown, or in the contest."""
    if registration is None or shown is None or shown.stage is Stage.PLANNED:
        return []
    return [
        each
        for each in disqualifications_of(registration)
        if each.lifted_at is None and each.round_id in (None, shown.id)
    ]


def _verification(registration: Registration | None, shown: Round | None) -> Verification | None:
    """An invitation to confirm one's result, while nothing is recorded about it."""
    if registration is None or shown is None or shown.stage in (Stage.PLANNED, Stage.OPEN):
        return None
    return own_verification(shown.id, registration.id)
