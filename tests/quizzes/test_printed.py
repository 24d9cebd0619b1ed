"""Papers for print: one draw under several codes, with a key for each; and who may have them."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from contest.contests.models import Round, Stage
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes.actions.printed import (
    CodesWrong,
    PaperWhileOpen,
    coded,
    make_printed_paper,
)
from contest.quizzes.queries.printed import columns_for, key_table, questions_of
from question_bank.drawing import DrawnPaper, FrozenPool, PaperSlot, PoolItem
from question_bank.queries import revisions
from tests.quizzes.conftest import RIGHT, make_world

HERE = "/organise/contests/tim-hieu/rounds/1/papers"


def make(world, codes=4, seed=""):
    actor = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        return make_printed_paper(
            contest_round=world.round,
            title="Đề kiểm tra số 1",
            codes=codes,
            head={"minutes": 45},
            actor=actor,
            now=world.now,
            seed=seed,
        )


def test_codes_of_one_draw(world):
    """The same questions under every code, in another order; the key follows the letters."""
    paper = make(world)
    assert [each["code"] for each in paper.papers] == ["101", "102", "103", "104"]
    asked = [{slot["r"] for slot in each["slots"]} for each in paper.papers]
    assert asked[0] == asked[1] == asked[2] == asked[3]
    assert len({str(each["slots"]) for each in paper.papers}) == 4
    table = key_table(paper.papers)
    assert (len(table.rows), table.codes) == (4, ("101", "102", "103", "104"))
    for column, each in enumerate(paper.papers):
        for row, question in enumerate(questions_of(each)):
            letters = {option.letter: option.text for option in question.options}
            assert letters[table.rows[row][column]] == RIGHT


def test_the_same_seed_gives_the_same_papers(world):
    """Anybody can draw them again from the same bank."""
    seed = "ab" * 32
    assert make(world, seed=seed).papers == make(world, seed=seed).papers
    assert make(world).papers != make(world).papers


def test_a_printed_paper_holds_its_revisions(world):
    """Editing a question later changes no paper: revisions are pinned."""
    paper = make(world, codes=1)
    known = revisions([slot["r"] for slot in paper.papers[0]["slots"]])
    assert len(known) == 4


def test_options_that_stay_last_do_so_under_every_code():
    """ "Cả A và B" stays at the end."""

    item = PoolItem(1, 11, None, "easy", option_ids=("a", "b", "c", "z"), fixed_last=("z",))
    papers = coded(DrawnPaper((PaperSlot(11, item.option_ids),)), FrozenPool([item]), "cd" * 32, 20)
    orders = [each["slots"][0]["o"] for each in papers]
    assert {order[-1] for order in orders} == {"z"}
    assert len({tuple(order) for order in orders}) == 6


def test_columns_by_length():
    """Four short options on one line, longer ones two or one."""
    assert columns_for(["1945", "1946", "1947", "1948"]) == 4
    assert columns_for(["Hà Nội", "Huế"]) == 2
    assert columns_for(["x" * 39, "y"]) == 1


def test_what_is_refused(world):
    """No codes, too many, and a round whose questions are being answered."""
    for codes in (0, 25):
        with pytest.raises(CodesWrong):
            make(world, codes=codes)
    with unit_of_work():
        world.round.stage = Stage.OPEN
    with pytest.raises(PaperWhileOpen):
        make(world)


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_lan_makes_and_prints_a_paper(app, cast, now, signed_in):
    """Page, form, preview, sheets and key; the text comes out of the PDF as it was typed."""
    with app.app_context():
        make_world(app, cast, now)
    lan = signed_in(cast.lan)
    page = lan.page(HERE)
    assert "đề khác nhau" in page.text
    assert "ở đề khó nhất" in page.text
    answer = lan.submit(
        HERE, {"title": "Đề thi Gương sáng làm theo lời Bác", "codes": "3"}, action="/papers"
    )
    assert answer.status_code in {302, 303}, answer.text
    here = answer.location
    shown = lan.page(here)
    assert "Mã đề 103" in shown.text
    sheets = text_of(lan.get(here + "/all.pdf").data)
    assert "ĐỀ THI GƯƠNG SÁNG LÀM THEO LỜI BÁC" in sheets
    assert "đáp án nào đúng?" in sheets
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in sheets
    assert all(code in sheets for code in ("101", "102", "103"))
    assert "Lời giải thích bí mật" not in sheets
    key = text_of(lan.get(here + "/key.pdf").data)
    assert "Mã đề 102" in key
    one = text_of(lan.get(here + "/codes/102.pdf").data)
    assert "102" in one
    assert lan.get(here + "/codes/999.pdf").status_code == 404
    with app.app_context(), unit_of_work():
        make_open(cast)
    assert lan.get(here + "/key.pdf").status_code == 409
    for person in (cast.bao, cast.minh):
        stranger = signed_in(person)
        for address in (HERE, here, here + "/key.pdf", here + "/all.pdf"):
            assert stranger.get(address).status_code in {403, 404}


def make_open(cast):
    """People answer now."""

    del cast
    db.session.query(Round).one().stage = Stage.OPEN


def test_a_fixed_paper_asks_everybody_the_same(world):
    """The same questions for Minh, An and a second attempt; only the order is their own."""
    world.configure(same_paper=True)
    world.open()
    people = (world.cast.minh, world.cast.an, world.cast.cuc)
    papers = [world.attempt(world.start(person)).paper for person in people]
    asked = [{slot["r"] for slot in paper if "r" in slot} for paper in papers]
    assert asked[0] == asked[1] == asked[2]
    assert len({str(paper) for paper in papers}) == 3
    opened = world.start(world.cast.minh)
    world.submit(world.cast.minh, opened)
    again = world.start(world.cast.minh, at=world.now + timedelta(minutes=10))
    assert again.is_new
    assert {slot["r"] for slot in world.attempt(again).paper if "r" in slot} == asked[0]
