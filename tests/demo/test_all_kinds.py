"""The demo's round of all kinds is open, and its paper holds what the bank can say."""

import pytest
from sqlalchemy import select

from contest.contests.models import Contest, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.demo import all_kinds, bank, foundation
from contest.demo.story.attempts import as_actor
from contest.quizzes.actions import start_attempt
from contest.quizzes.models import Attempt
from contest.quizzes.queries import doorway
from question_bank.models import QuestionRevision


@pytest.mark.usefixtures("context")
def test_minh_meets_every_kind_information_and_an_essay_in_one_paper():
    now = utc_now()
    with unit_of_work():
        base = foundation.lay(passwords=dict.fromkeys(foundation.CAST, "twelve-signs"), now=now)
    with unit_of_work():
        bank.tell(base, now=now)
        all_kinds.tell(base, now=now)
    with unit_of_work():
        contest = db.session.scalars(select(Contest)).one()
        assert [(each.stage, each.is_practice) for each in contest.rounds] == [
            (Stage.OPEN, False),
            (Stage.OPEN, True),
        ]
        door = doorway(base.people["minh"].id, contest.slug, 1)
        opened = start_attempt(door=door, actor=as_actor(base.people["minh"]), now=now)
        paper = db.session.get_one(Attempt, opened.attempt_id).paper

        def kinds(ids):
            return sorted(
                db.session.scalars(
                    select(QuestionRevision.kind).where(QuestionRevision.id.in_(ids))
                )
            )

        assert kinds([slot["r"] for slot in paper]) == [
            *("cloze", "essay", "matching", "ordering", "single", "single")
        ]
        assert kinds(paper[0]["i"]) == ["description"]
