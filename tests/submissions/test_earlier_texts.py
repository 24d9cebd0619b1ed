"""With which earlier essays the essays of a round are compared: those of the same branch alone."""

from contest.accounts.models import Unit
from contest.contests import actions as contests
from contest.contests.models import ContestKind
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions.queries.screening import earlier_texts


def later_round(world, unit, organiser):
    """A round of essays that another contest begins after the world's own."""
    actor = world.actor(organiser)
    with unit_of_work():
        contest = contests.create_contest(
            title="Người tốt, việc tốt",
            kind=ContestKind.ESSAY,
            unit=db.session.get_one(Unit, unit.id),
            actor=actor,
            now=world.now,
        )
        return contests.add_round(
            contest=contest, title="Bài viết", kind=ContestKind.ESSAY, actor=actor, now=world.now
        )


def compared(world, unit, organiser):
    made = later_round(world, unit, organiser)
    with unit_of_work():
        db.session.add(made)
        return [each.text for each in earlier_texts(made)]


def test_earlier_essays_of_the_same_organisation_are_compared(world):
    world.handed_in(world.cast.minh, "Chị Nhạn giữ sân trường sạch.")
    texts = compared(world, world.cast.province, world.cast.lan)
    assert texts == ["Chị Nhạn giữ sân trường sạch."]


def test_an_essay_of_another_organisation_is_never_read(world):
    world.handed_in(world.cast.minh, "Chị Nhạn giữ sân trường sạch.")
    assert compared(world, world.cast.other_province, world.cast.bao) == []


def test_a_unit_does_not_read_the_essays_of_those_above_it(world):
    world.handed_in(world.cast.minh, "Chị Nhạn giữ sân trường sạch.")
    assert compared(world, world.cast.ward, world.cast.lan) == []
