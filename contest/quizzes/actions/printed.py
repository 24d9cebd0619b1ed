"""Making printed papers: one draw, several codes, each with its own order."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from contest.contests.models import Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.rounds import PoolShort
from contest.quizzes.actions.set_questions import pinned_questions
from contest.quizzes.models import PrintedPaper
from contest.quizzes.queries.printed import may_read_bank, printed_papers
from contest.quizzes.queries.rounds import blueprint_of, frozen_pool, live_pool, quiz_of
from contest.quizzes.rules.set_questions import SetQuestion, with_set_questions
from question_bank.drawing import (
    DrawnPaper,
    FrozenPool,
    PoolTooSmall,
    derive_seed,
    draw,
    mixed,
)

FIRST_CODE: Final = 101
MOST_CODES: Final = 24


class NotYours(RuleBroken):
    """A paper shows questions of the bank."""

    message = _l("Only who may read the question bank of this round prints papers from it.")


class PaperWhileOpen(RuleBroken):
    """The questions are being answered."""

    message = _l("While the round is open its questions are not printed; make the paper before.")


class CodesWrong(InvalidInput):
    """No codes, or too many."""

    message = _l("A paper has between 1 and %(count)s codes.", count=MOST_CODES)


class PaperMadeTwice(RuleBroken):
    """Two people pressed at once."""

    message = _l("Somebody has just made a paper. Please look at it first.")


def check_printing(*, contest_round: Round, actor: Actor) -> None:
    """May this person print papers of this round, or their key, now?

    Raises:
        NotYours: the bank is not open to them.
        PaperWhileOpen: people are answering its questions.
    """
    if not may_read_bank(actor, quiz_of(contest_round.id)):
        raise NotYours
    if contest_round.stage is Stage.OPEN:
        raise PaperWhileOpen


def make_printed_paper(
    *,
    contest_round: Round,
    title: str,
    codes: int,
    head: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    seed: str = "",
) -> PrintedPaper:
    """Draw one fixed paper from the round's blueprint and shuffle it for each code.

    All codes ask the same questions; options that stay last do so under every code. The same seed
    and the same bank give the same papers again.

    Args:
        contest_round: whose bank and blueprint count.
        title: above the questions.
        codes: how many.
        head: words above the questions.
        actor: who prints.
        now: the instant of the request.
        seed: 64 hexadecimal digits; a new random one when left out.

    Raises:
        NotYours, PaperWhileOpen, CodesWrong, PoolShort, SetQuestionWrong, PaperMadeTwice: with
            their sentences.
    """
    check_printing(contest_round=contest_round, actor=actor)
    if not 1 <= codes <= MOST_CODES:
        raise CodesWrong
    quiz = quiz_of(contest_round.id)
    if quiz is None or quiz.bank_id is None:
        raise PoolShort
    if quiz.pool_digest is not None:
        pool = frozen_pool(quiz.round_id, quiz.pool_digest)
    else:
        pool = FrozenPool(live_pool(quiz.bank_id, approved_only=quiz.approved_only))
    seed = seed or secrets.token_hex(32)
    try:
        paper = draw(
            blueprint_of(quiz),
            pool,
            derive_seed(bytes.fromhex(seed), "printed"),
            shuffle_questions=False,
            shuffle_options=False,
        )
    except PoolTooSmall:
        raise PoolShort from None
    if not paper.slots:
        raise PoolShort
    earlier = printed_papers(quiz.round_id)
    made = PrintedPaper(
        round_id=quiz.round_id,
        number=earlier[0].number + 1 if earlier else 1,
        title=title.strip(),
        seed=seed,
        head=dict(head),
        papers=coded(paper, pool, seed, codes, pinned_questions(quiz)),
        made_by_id=actor.person_id,
        made_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise PaperMadeTwice from None
    audit.record(
        "quizzes.paper_made",
        actor=actor,
        now=now,
        subject=("printed_paper", made.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "number": made.number, "codes": codes},
    )
    return made


def coded(
    paper: DrawnPaper,
    pool: FrozenPool,
    seed: str,
    codes: int,
    set_questions: Sequence[SetQuestion] = (),
) -> list[dict[str, Any]]:
    """The papers of all codes: the same questions, mixed by a lot of each code's own.

    What stands in every paper by hand keeps its place under every code.
    """
    found = []
    for number in range(codes):
        code = str(FIRST_CODE + number)
        mine = mixed(paper, pool, derive_seed(bytes.fromhex(seed), "code", code))
        slots = [{"r": slot.revision_id, "o": list(slot.option_order)} for slot in mine.slots]
        whole = with_set_questions(slots, set_questions)
        found.append({"code": code, "slots": whole})
    return found
