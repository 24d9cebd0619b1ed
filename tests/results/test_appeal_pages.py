"""The pages of appeals: filing, the queue, the answer."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

from contest.accounts.actions import create_person
from contest.accounts.models import Person
from contest.core.db import db
from contest.core.mail import Mail
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import Juror, JurorState
from contest.results.actions import set_prize_terms
from contest.results.actions.appeals import decide_appeal, set_appeal_terms
from contest.results.models import Appeal, AppealMark
from tests.results.test_appeals import appealed_essay
from tests.results.test_signing import decided, go_public


def window_of(story, now, *, closes_at):
    set_appeal_terms(
        round=story.round,
        opens_at=now,
        closes_at=closes_at,
        threshold=Decimal("0.5"),
        actor=story.organiser,
        now=now,
    )


def test_on_the_pages_a_contestant_asks_and_reads_the_answer(app, now, signed_in):
    with app.app_context(), unit_of_work():
        story = decided(now)
        go_public(story, now)
        window_of(story, now, closes_at=now + timedelta(days=4_000))
        lan, mine, an = story.cast.lan, story.persons["K'Brỏih"], story.cast.an
    page = "/contests/tim-hieu-2026/results/1/appeal"
    contestant = signed_in(mine)
    assert contestant.get(page).status_code == 200
    assert contestant.post(page, data={"body": ""}).status_code == 422
    assert contestant.post(page, data={"body": "Xin xem lại bài"}).status_code == 302
    assert contestant.post(page, data={"body": "Lần nữa"}).status_code == 409
    with app.app_context(), unit_of_work():
        public_id = db.session.query(Appeal).one().public_id
    organiser = signed_in(lan)
    queue = "/organise/contests/tim-hieu-2026/rounds/1/appeals"
    assert "K&#39;Brỏih" in organiser.get(queue).text
    assert organiser.get(f"{queue}/{public_id}").status_code == 200
    assert (
        organiser.post(f"{queue}/{public_id}/answer", data={"answer": "Điểm đúng."}).status_code
        == 302
    )
    assert organiser.get(f"{queue}/{public_id}/answer.pdf").mimetype == "application/pdf"
    assert "Điểm đúng." in contestant.get(page).text
    assert signed_in(an).get(f"/re-marking/{public_id}").status_code == 404


def asked_again(app, cast, now):
    """A judge is asked to mark an essay again; gives the ids of the appeal and of the judge."""
    story, appeal_id = appealed_essay(app, cast, now)
    with unit_of_work():
        names = ("Đinh Thị Mai Hương", "Bùi Quốc Việt")
        people = [
            create_person(
                full_name=name,
                email=f"giamkhao{number}@vi-du.example",
                locale="en" if number else "vi",
                actor=None,
                now=now,
            )
            for number, name in enumerate(names)
        ]
        for person in people:
            db.session.add(
                Juror(
                    round_id=story.round_id,
                    person_id=person.id,
                    state=JurorState.ACCEPTED,
                    invited_at=now,
                )
            )
        appeal = db.session.get_one(Appeal, appeal_id)
        public_id = appeal.public_id
        ids = {person.full_name: person.public_id for person in people}
    return story, public_id, people, ids


def test_who_marks_again_gets_a_letter_sees_the_criteria_and_is_told_at_the_field(
    app, cast, now, signed_in
):
    with app.app_context():
        story, public_id, people, ids = asked_again(app, cast, now)
        case = f"/organise/contests/guong-sang/rounds/1/appeals/{public_id}"
        titles = {story.contest.title}
        end_read()
    first, second = ids.values()
    asked = signed_in(cast.lan).submit(case, {"first": first, "second": second}, action="/judges")
    assert asked.status_code == 302
    with app.app_context():
        letters = db.session.query(Mail).filter(Mail.key.like("results.remark/%")).order_by(Mail.id)
        told = {one.recipient: (one.subject, one.body) for one in letters}
        end_read()
    assert told["giamkhao0@vi-du.example"][0].startswith("Mời chấm lại một bài dự thi")
    assert told["giamkhao1@vi-du.example"][0].startswith("Please mark a work again")
    for _subject, body in told.values():
        assert f"/re-marking/{public_id}" in body
        assert [title for title in titles if title not in body] == []
    page = f"/re-marking/{public_id}"
    judge = signed_in(people[0])
    seen = unescape(judge.get(page).text)
    assert "Nội dung, chiều sâu" in seen
    wrong = judge.submit(page, {"points": "11"}, action=page)
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    assert judge.submit(page, {"points": "9,5"}, action=page).status_code == 302


def test_means_by_criterion_are_said_to_be_those_before_the_appeal(app, cast, now, signed_in):
    with app.app_context():
        story, appeal_id = appealed_essay(app, cast, now)
        lan = story.actor(cast.lan)
        with unit_of_work():
            terms = {"per_author": None, "per_unit": None, "shows_criteria": True}
            set_prize_terms(over=story.round, **terms, actor=lan, now=now)
            appeal = db.session.get_one(Appeal, appeal_id)
            for position, person in enumerate((cast.minh, cast.an), 1):
                mark = AppealMark(appeal_id=appeal.id, position=position, person_id=person.id)
                mark.points = Decimal("9.5")
                db.session.add(mark)
            db.session.flush()
            db.session.refresh(appeal)
            decide_appeal(appeal=appeal, answer="Nâng điểm.", actor=lan, now=now)
        story.decide(reason="Sau phúc khảo")
        story.publish(reason="Sau phúc khảo")
        author = db.session.get_one(Person, story.work(3).person_id)
        end_read()
    page = unescape(signed_in(author).get("/contests/guong-sang/results/1/mine").text)
    assert "Sau phúc khảo, điểm của bạn là 9,5" in page


def test_the_answer_to_an_essay_comes_in_the_persons_language_with_both_marks(app, cast, now):
    with app.app_context():
        story, appeal_id = appealed_essay(app, cast, now)
        lan = story.actor(cast.lan)
        with unit_of_work():
            appeal = db.session.get_one(Appeal, appeal_id)
            db.session.get_one(Person, appeal.person_id).locale = "en"
            for position, person in enumerate((cast.minh, cast.an), 1):
                db.session.add(
                    AppealMark(
                        appeal_id=appeal.id,
                        position=position,
                        person_id=person.id,
                        points=Decimal("8.75"),
                    )
                )
            db.session.flush()
            db.session.refresh(appeal)
            decide_appeal(appeal=appeal, answer="Giữ nguyên điểm.", actor=lan, now=now)
        letter = db.session.query(Mail).filter(Mail.key == f"results.appeal/{appeal_id}").one()
        assert letter.subject == "Answer to your request: Sơ khảo"
        assert "Mark before: 8.5. Mark after: 8.5.\n\nGiữ nguyên điểm." in letter.body
        end_read()


def test_what_was_asked_stands_on_the_persons_page_until_it_is_answered(app, now, signed_in):
    with app.app_context(), unit_of_work():
        story = decided(now)
        go_public(story, now)
        window_of(story, now, closes_at=now + timedelta(days=4_000))
        mine, lan = story.persons["K'Brỏih"], story.cast.lan
    page = "/contests/tim-hieu-2026/results/1/appeal"
    contestant = signed_in(mine)
    assert "Điểm đã công bố: 20" in contestant.get(page).text
    contestant.post(page, data={"body": "Xin xem lại câu 7"})
    waiting = contestant.get(page).text
    assert "Xin xem lại câu 7" in waiting
    assert "Điểm đã công bố: 20" in waiting
    with app.app_context(), unit_of_work():
        public_id = db.session.query(Appeal).one().public_id
    stranger = unescape(signed_in(story.cast.an).get(page).text)
    assert "Bạn không có kết quả ở vòng này" in stranger
    assert "<textarea" not in stranger
    case = signed_in(lan).get(f"/organise/contests/tim-hieu-2026/rounds/1/appeals/{public_id}")
    assert "Gửi trả lời" in case.text
    assert "/rounds/1/regrades" in case.text
