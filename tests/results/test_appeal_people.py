"""Appeals of a person: in the copy of their data, after a merger, after an erasure."""

from contest.accounts.merging import followers
from contest.accounts.personal_data import keepers
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.results.actions.appeals import decide_appeal, file_appeal
from contest.results.models import Appeal, AppealMark
from tests.results.test_appeals import opened
from tests.results.test_signing import decided, go_public
from tests.support.cast import actor_of


def keeper():
    return next(each for each in keepers() if each.code == "results")


def follower():
    return next(each for each in followers() if each.code == "appeals")


def appealed(now):
    """K'Brỏih has asked for a second look, and was answered."""
    with unit_of_work():
        story = decided(now)
        go_public(story, now)
        opened(story, now)
        person = story.persons["K'Brỏih"]
        actor = actor_of(person, now)
        appeal = file_appeal(round=story.round, body="Xin xem lại câu 3", actor=actor, now=now)
        decide_appeal(appeal=appeal, answer="Điểm đúng.", actor=story.organiser, now=now)
    return story, person, appeal


def test_the_copy_holds_the_appeal_and_its_answer(app, context, now):
    _story, person, _appeal = appealed(now)
    (section,) = [each for each in keeper().copy(person) if each.code == "appeals"]
    (record,) = section.records
    told = {line.code: line.value for line in record.lines}
    assert (told["body"], told["answer"], told["filed_at"]) == (
        "Xin xem lại câu 3",
        "Điểm đúng.",
        now,
    )


def test_an_erasure_takes_the_words_and_leaves_the_decision(app, context, now):
    _story, person, appeal = appealed(now)
    end_read()
    with unit_of_work():
        assert keeper().erase(person, now)["appeals"] == 1
    appeal = db.session.get_one(Appeal, appeal.id)
    assert (appeal.body, appeal.answer, appeal.result) == ("", "", appeal.official)


def test_who_appeals_cannot_become_who_marks_again(app, context, now):
    story, person, appeal = appealed(now)
    end_read()
    with unit_of_work():
        assert follower().obstacles(person.id, story.cast.hoa.id) == []
        db.session.add(AppealMark(appeal_id=appeal.id, position=1, person_id=story.cast.hoa.id))
        db.session.flush()
        (words,) = follower().obstacles(person.id, story.cast.hoa.id)
        assert "Tìm hiểu tư tưởng" in str(words)
        assert follower().obstacles(person.id, story.cast.tu.id) == []
        assert follower().move(story.cast.tu.id, person.id, now) == 1
    appeal = db.session.get_one(Appeal, appeal.id)
    assert appeal.person_id == story.cast.tu.id
