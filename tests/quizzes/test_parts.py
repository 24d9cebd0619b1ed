"""Gaps and questions on a shared text in an attempt: with a plain form, by saves, to the result."""

import pytest

from contest.contests.models import Round, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt
from question_bank.actions import Content
from question_bank.models import Difficulty
from question_bank.queries import revisions
from tests.question_bank.test_parts import TEXT, cloze_body, group_body
from tests.quizzes.conftest import make_world
from tests.quizzes.test_pages import begin, paper_of, save

SHARED = "Đọc đoạn trích rồi trả lời."


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def minh(app, cast, now, signed_in):
    """Minh before an open round that asks a text with gaps and two questions on a shared text."""
    with app.app_context():
        world = make_world(app, cast, now)
        world.ask_only(
            Content(kind="cloze", stem=TEXT, body=cloze_body(), difficulty=Difficulty.EASY),
            Content(kind="group", stem=SHARED, body=group_body(), difficulty=Difficulty.EASY),
        )
        world.open()
        world.agree(cast.minh)
    return signed_in(cast.minh)


def on_paper(client, address):
    """Slot and revision of both questions."""
    paper = paper_of(client, address)
    with client.application.app_context():
        known = revisions([place["r"] for place in paper if "r" in place])
    return {
        known[place["r"]].kind.code: (slot, known[place["r"]])
        for slot, place in enumerate(paper)
        if "r" in place
    }


def test_a_plain_form_fills_gaps_and_the_result_tells_each(app, minh):
    address = begin(minh)
    found = on_paper(minh, address)
    slot, revision = found["cloze"]
    year, place, village = revision.body.parts
    page = minh.page(f"{address}?q={slot + 1}")
    assert page.all(f"//h:input[@name='slot-{slot}.{year.id}'][@aria-label]")
    assert page.all(f"//h:select[@name='slot-{slot}.{village.id}'][@aria-label]")
    for secret in ("1890", "Nam Đàn", "Làng Hoàng Trù"):
        assert secret not in page.text
    typed = {
        f"slot-{slot}.{year.id}": "1890",
        f"slot-{slot}.{place.id}": "nghe an",
        f"slot-{slot}.{village.id}": village.body.option_ids[1],
    }
    epoch = page.all("//h:input[@name='epoch']")[0].get("value")
    shown = {f"shown-{slot}": "1", "epoch": epoch, "go": "1", **typed}
    assert minh.post(address, data=shown).status_code == 302
    again = minh.page(f"{address}?q={slot + 1}")
    assert again.all(f"//h:input[@name='slot-{slot}.{place.id}'][@value='nghe an']")
    assert again.all(f"//h:option[@value='{village.body.option_ids[1]}'][@selected]")
    minh.post(f"{address}/submit")
    with app.app_context(), unit_of_work():
        attempt = db.session.query(Attempt).one()
        assert str(attempt.points.normalize()) == "0.75"
        db.session.query(Round).update({"stage": Stage.PUBLISHED})
    result = minh.page(f"{address}/result")
    assert "Bác sinh năm …… tại ……" in result.text
    assert "(2) nghe an" in result.text
    assert "(2) Nghệ An – Làng Hoàng Trù, xã Kim Liên." in result.text


def test_saves_of_one_part_and_of_several_are_received(minh):
    address = begin(minh)
    found = on_paper(minh, address)
    slot, revision = found["group"]
    choice, words = revision.body.parts
    first, _second, third = choice.body.option_ids
    page = minh.page(f"{address}?q={slot + 1}")
    assert len(page.all(f"//h:input[@name='slot-{slot}.{choice.id}'][@type='checkbox']")) == 3
    several = [f"{choice.id}={first}", f"{choice.id}={third}", f"{words.id}=Nguyễn Ái Quốc"]
    assert save(minh, address, 1, 1, slot, [f"{words.id}=Nguyễn"]).status_code == 200
    assert save(minh, address, 1, 2, slot, several).status_code == 200
    minh.post(f"{address}/submit")
    with minh.application.app_context():
        attempt = db.session.query(Attempt).one()
        assert attempt.answers == {str(slot): sorted(several)}
        assert str(attempt.points.normalize()) == "1"
