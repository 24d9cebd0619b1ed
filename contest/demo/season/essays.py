"""The essays of a season: written, handed in, screened, compared, each step the room's own."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contest.accounts.models import ConsentPurpose
from contest.contests.models import Registration, Round
from contest.core.access import Actor
from contest.core.copies import find_copies
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo.season.crowd import Member
from contest.demo.season.heroes import subjects
from contest.demo.season.sizes import SeasonSize
from contest.demo.season.writing import MOST_WORDS, Subject, Text, write
from contest.submissions import actions as submissions
from contest.submissions import models
from contest.submissions.actions.screening import texts_to_compare
from contest.submissions.models import ScreeningOutcome, Work
from contest.submissions.rules.texts import paragraph

_PART: Final = 60
_CODES: Final = 200
_SIGNS_ITS_UNIT: Final = 0.06
_WHOLE: Final = 0.7
_PASSAGE: Final = 0.25
_MOST_OF_ONE: Final = 26


@dataclass(frozen=True, slots=True)
class Plan:
    """An essay to be written.

    Attributes:
        number: from 0, in the order of handing in.
        author: who writes.
        about: the place of the subject in the list of subjects.
        copied_from: the number of an essay from which a part is taken.
        handed_in: when; None where it stays a draft.
    """

    number: int
    author: Member
    about: int
    subject: Subject
    text: Text
    begun: datetime
    handed_in: datetime | None
    copied_from: int | None = None


def plan(
    authors: Sequence[Member],
    size: SeasonSize,
    *,
    opened: datetime,
    closes: datetime,
    until: datetime,
    seed: int,
) -> list[Plan]:
    """Who writes about whom and when, with the texts; what would come after `until` is a draft."""
    chance = random.Random(f"essays {seed}")  # noqa: S311  (fiction needs no secrecy)
    people = subjects(size.subjects, seed)
    writers = [*authors, *chance.sample(list(authors), size.essays - len(authors))]
    chance.shuffle(writers)
    abouts = _abouts(size, chance)
    moments = _moments(size.essays, opened, closes, chance)
    thieves = _thieves(size, chance)
    plans: list[Plan] = []
    for number, (author, about, at) in enumerate(zip(writers, abouts, moments, strict=True)):
        own = random.Random(f"essay {seed} {number}")  # noqa: S311  (see above)
        text = write(people[about], own, words=own.randint(630, 1_140))
        source = thieves.get(number)
        if source is not None:
            text = _copied(text, plans[source].text, whole=number % 2 == 0)
        elif own.random() < _SIGNS_ITS_UNIT:
            text = _signed(text, author)
        begun = at - timedelta(minutes=own.randint(40, 6_000))
        plans.append(
            Plan(
                number=number,
                author=author,
                about=about,
                subject=people[about],
                text=text,
                begun=max(begun, opened + timedelta(seconds=number)),
                handed_in=at if at < until else None,
                copied_from=source,
            )
        )
    return [each for each in plans if each.begun < until]


def _abouts(size: SeasonSize, chance: random.Random) -> list[int]:
    """Who is written about: each once, those to be honoured much more often than the rest."""
    more = size.essays - size.subjects
    favourites = [place % size.honoured for place in range(more // 4)]
    favourites = [each for each in favourites if chance.random() < 1 / (1 + each / 9)]
    rest = chance.choices(range(size.honoured, size.subjects), k=more - len(favourites))
    abouts = [*range(size.subjects), *favourites, *rest]
    chance.shuffle(abouts)
    return abouts


def _moments(
    count: int, opened: datetime, closes: datetime, chance: random.Random
) -> list[datetime]:
    """When essays come in: few at first, most in the last days."""
    window = (closes - opened).total_seconds() - 7_200
    shares = sorted(chance.random() ** 0.45 for _ in range(count))
    return [opened + timedelta(seconds=3_600 + share * window) for share in shares]


def _thieves(size: SeasonSize, chance: random.Random) -> dict[int, int]:
    """Which essays take from which earlier ones; nobody is taken from who took."""
    chosen = chance.sample(range(size.essays), 2 * size.copies)
    pairs = zip(chosen[::2], chosen[1::2], strict=True)
    return {max(pair): min(pair) for pair in pairs}


def _copied(text: Text, source: Text, *, whole: bool) -> Text:
    """A text that takes much of another: most of it, or a passage of a quarter."""
    wanted = int((_WHOLE if whole else _PASSAGE) * source.words)
    taken: list[str] = []
    words = 0
    for each in source.paragraphs[2:]:
        if words >= wanted:
            break
        taken.append(each)
        words += len(each.split())
    kept = [text.paragraphs[0]]
    total = words + len(kept[0].split())
    for each in text.paragraphs[1:]:
        if total + len(each.split()) <= MOST_WORDS - 20:
            kept.append(each)
            total += len(each.split())
    return Text(text.title, (*kept[:2], *taken, *kept[2:]), text.reason)


def _signed(text: Text, author: Member) -> Text:
    """A text at whose end the author says who they are, against the call; judges read a mask."""
    words = sum(len(each.split()) for each in text.paragraphs)
    if words > MOST_WORDS - 30:
        return text
    line = f"Tôi là {author.full_name}, xin chịu trách nhiệm về tính trung thực của bài viết."
    return Text(text.title, (*text.paragraphs, line), text.reason)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the secretary decides about an essay."""

    outcome: ScreeningOutcome
    reasons: tuple[str, ...] = ()
    note: str = ""


_FAULTS: Final = {
    20: _Outcome(
        ScreeningOutcome.RETURNED,
        ("missing_parts",),
        "Đề nghị ghi rõ hơn nơi công tác hiện nay của nhân vật.",
    ),
    38: _Outcome(
        ScreeningOutcome.INELIGIBLE,
        ("published_before",),
        "Bài đã đăng trên bản tin của xã trước ngày phát động cuộc thi.",
    ),
}


def hand_in_all(contest_round: Round, plans: Sequence[Plan], seed: int) -> dict[int, int]:
    """Write the essays of a plan and hand in those that are finished.

    Returns:
        The key of each work by the number of its plan.
    """
    keys: dict[int, int] = {}
    for part in _parts(plans):
        with unit_of_work():
            live = db.session.get_one(Round, contest_round.id)
            for each in part:
                keys[each.number] = _hand_in(live, each, seed)
        db.session.expunge_all()
    return keys


def _parts(plans: Sequence[Plan]) -> Iterator[Sequence[Plan]]:
    for start in range(0, len(plans), _PART):
        yield plans[start : start + _PART]


def _hand_in(contest_round: Round, each: Plan, seed: int) -> int:
    actor = each.author.actor
    work = submissions.create_work(
        contest_round=contest_round,
        registration=db.session.get_one(Registration, each.author.registration_id),
        actor=actor,
        now=each.begun,
    )
    submissions.save_draft(
        work=work,
        draft=submissions.Draft(
            title=each.text.title,
            blocks=[paragraph(line) for line in each.text.paragraphs],
            subject_name=each.subject.full_name,
            subject_unit=each.subject.place,
            subject_reason=each.text.reason,
        ),
        edit=work.edit,
        actor=actor,
        now=each.begun + timedelta(minutes=30),
    )
    if each.handed_in is not None:
        chance = random.Random(f"consent {seed} {each.number}")  # noqa: S311  (see above)
        submissions.submit_work(
            work=work,
            edit=work.edit,
            pledge=True,
            consents=[ConsentPurpose.PUBLISH_ESSAY] if chance.random() < _WHOLE else [],
            locale="vi",
            actor=actor,
            now=each.handed_in,
        )
    return work.id


def screen(
    plans: Sequence[Plan],
    keys: dict[int, int],
    *,
    actor: Actor,
    since: datetime,
    share: float = 1.0,
) -> dict[int, int]:
    """The secretary's desk: essays pass, and essays about one person are linked.

    Args:
        plans: what was handed in.
        keys: works by the number of their plan.
        actor: the secretary.
        since: when the first is looked at; one a minute.
        share: which part is done, from the first; beyond it some are sent back or refused.

    Returns:
        Keys of the subjects by their place in the plan.
    """
    known: dict[int, int] = {}
    done = [each for each in plans if each.handed_in is not None]
    done = done[: round(len(done) * share)]
    for part in _parts(done):
        with unit_of_work():
            for each in part:
                work = db.session.get_one(Work, keys[each.number])
                at = since + timedelta(minutes=each.number)
                decided = _outcome(each, whole=share >= 1)
                submissions.screen_work(
                    work=work,
                    outcome=decided.outcome,
                    reasons=decided.reasons,
                    note=decided.note,
                    actor=actor,
                    now=at,
                )
                subject = known.get(each.about)
                linked = submissions.link_subject(
                    work=work,
                    subject=None if subject is None else db.session.get(models.Subject, subject),
                    actor=actor,
                    now=at,
                )
                known[each.about] = linked.id
        db.session.expunge_all()
    return known


def _outcome(each: Plan, *, whole: bool) -> _Outcome:
    """Passed, but for a few where only a part is screened: sent back, or refused."""
    if whole or each.number % 45 not in _FAULTS:
        return _Outcome(ScreeningOutcome.PASSED)
    return _FAULTS[each.number % 45]


def make_codes(contest_round: Round, *, actor: Actor, now: datetime) -> None:
    """Give the works that passed their blind codes, in parts, as the job does."""
    made = _CODES
    while made == _CODES:
        with unit_of_work():
            live = db.session.get_one(Round, contest_round.id)
            made = submissions.make_blind_codes(
                contest_round=live, actor=actor, now=now, most=_CODES
            )
        db.session.expunge_all()


def compare(contest_round: Round, *, now: datetime) -> int:
    """Look for passages that essays share, as the job does; returns how many pairs there are."""
    own, earlier = texts_to_compare(contest_round)
    found = find_copies([each.text for each in own], against=[each.text for each in earlier])
    return submissions.keep_copies(
        contest_round=contest_round, works=[*own, *earlier], found=found, now=now
    )
