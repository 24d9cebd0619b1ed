"""Pictures of a paper: its owner fetches them while it is open, and nobody else, and not before."""

import pytest

from contest.contests.models import Round, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from question_bank import actions
from question_bank.actions import Content
from question_bank.kinds.choice import new_choice_body
from question_bank.media.mathml import read_formula
from question_bank.media.reading import read_medium
from question_bank.models import Difficulty
from tests.question_bank.test_media import HOUSE, picture
from tests.quizzes.conftest import make_world
from tests.quizzes.test_pages import begin

ASKED = read_medium(picture(), HOUSE)
OPTION = read_medium(picture("#1f5fa3"), "Nhà rường ba gian")
KEY_TOLD = read_medium(picture("#2f7d3a"), "Đáp án là nhà sàn")
AREA = read_formula("<math><msup><mi>a</mi><mn>2</mn></msup></math>")


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def running(app, cast, now):
    """An open round with one question that shows pictures; the explanation has one of its own."""
    with app.app_context():
        world = make_world(app, cast, now)
        with unit_of_work():
            actions.keep_media(
                bank_id=world.bank_id, media=[ASKED, OPTION, KEY_TOLD, AREA], actor=None, now=now
            )
        texts = ["Nhà sàn", OPTION.token, f"Rộng {AREA.token}"]
        world.ask_only(
            Content(
                kind="single",
                stem=f"Đây là nhà gì?\n{ASKED.token}",
                body=new_choice_body(texts, [0]),
                difficulty=Difficulty.EASY,
                explanation=f"Xem hình. {KEY_TOLD.token}",
            )
        )
        world.open()
        world.agree(cast.minh, cast.an)
    return world


def test_pictures_are_fetched_by_the_owner_of_the_open_paper_alone(running, signed_in):
    minh, an = signed_in(running.cast.minh), signed_in(running.cast.an)
    for ref in (ASKED.ref, OPTION.ref):
        assert minh.get(f"/banks/ngan-hang/media/{ref}").status_code in {403, 404}
    address = begin(minh)
    page = minh.page(address)
    assert page.words("//h:label[@class='opt']")  # the options are there
    alts = {image.get("alt"): image.get("src") for image in page.all("//h:section//h:img")}
    assert alts.keys() == {HOUSE, OPTION.words}
    assert page.all("//*[local-name()='math'][@alttext='a²']")
    assert "⟦" not in page.text
    for source in alts.values():
        fetched = minh.get(source)
        assert fetched.mimetype == "image/png"
        assert "filename=medium.png" in fetched.headers["Content-Disposition"]
        assert an.get(source).status_code == 404
    # What the explanation shows would tell the key.
    hidden = f"{address}/media/{KEY_TOLD.ref}"
    assert minh.get(hidden).status_code == 404
    assert minh.get(f"{address}/media/{'a' * 20}").status_code == 404


def test_after_handing_in_pictures_wait_for_the_publication(app, running, signed_in):
    minh = signed_in(running.cast.minh)
    address = begin(minh)
    minh.post(f"{address}/submit")
    assert minh.get(f"{address}/media/{ASKED.ref}").status_code == 404
    with app.app_context(), unit_of_work():
        db.session.query(Round).update({"stage": Stage.PUBLISHED})
    page = minh.page(f"{address}/result")
    sources = [image.get("src") for image in page.all("//h:img[contains(@class, 'medium')]")]
    assert len(sources) == 3
    assert {minh.get(source).status_code for source in sources} == {200}
