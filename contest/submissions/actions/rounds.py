"""Settings of an essay round."""

from dataclasses import asdict, dataclass
from datetime import datetime

from contest.contests.models import ContestKind, Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.entry_forms import copy_form
from contest.submissions.models import EssayRound
from contest.submissions.queries.rounds import essay_round
from contest.submissions.rules.limits import narrows
from contest.submissions.rules.refusals import NotAnEssayRound, RoundFrozen


@dataclass(frozen=True, slots=True)
class EssaySettings:
    """What an organiser sets; limits in words (tiếng), grace in seconds."""

    call_text: str = ""
    pledge_text: str = ""
    min_words: int = 0
    max_words: int = 1200
    max_pictures: int = 5
    document_allowed: bool = True
    subject_required: bool = True
    coauthors_allowed: bool = True
    entries_per_author: int = 1
    grace_seconds: int = 300


def save_settings(
    *, contest_round: Round, settings: EssaySettings, actor: Actor | None, now: datetime
) -> EssayRound:
    """Keep the settings of a round; once it has opened, limits only become wider.

    Raises:
        NotAnEssayRound: the round is of another kind.
        RoundFrozen: a limit on which people rely would become narrower.
    """
    if contest_round.kind is not ContestKind.ESSAY:
        raise NotAnEssayRound
    values = asdict(settings)
    known = essay_round(contest_round.id)
    if known is None:
        known = EssayRound(round_id=contest_round.id, **values)
        db.session.add(known)
    else:
        if contest_round.stage is not Stage.PLANNED and narrows(known, values):
            raise RoundFrozen
        for name, value in values.items():
            setattr(known, name, value)
    db.session.flush()
    limits = {key: value for key, value in values.items() if not key.endswith("_text")}
    audit.record(
        "submissions.settings_saved",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data=limits,
    )
    return known


def copy_settings(*, source: Round, target: Round, actor: Actor | None, now: datetime) -> None:
    """Give a copied round settings and form of the one it was copied from."""
    known = essay_round(source.id)
    if known is None or target.kind is not ContestKind.ESSAY:
        return
    values = {name: getattr(known, name) for name in EssaySettings.__dataclass_fields__}
    made = save_settings(
        contest_round=target, settings=EssaySettings(**values), actor=actor, now=now
    )
    made.takes_works = known.takes_works
    copy_form(known, made)
    db.session.flush()


def discard_settings(*, contest_round: Round) -> None:
    """Delete the settings of a planned round that is deleted."""
    known = essay_round(contest_round.id)
    if known is not None:
        db.session.delete(known)
        db.session.flush()
