"""Papers for print: one draw under several codes, with a key for each; and who may have them."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from contest.contests.models import Round, Stage
from contest.core.db import db
from contest.core.documents import compile_pdf
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes.actions.printed import (
    CodesWrong,
    PaperWhileOpen,
    coded,
    make_printed_paper,
)
from contest.quizzes.printing import set_question
from contest.quizzes.queries.printed import columns_for, key_table, printed_question, questions_of
from question_bank.drawing import DrawnPaper, FrozenPool, PaperSlot, PoolItem
from question_bank.kinds import kind_of
from question_bank.kinds.choice import new_choice_body
from question_bank.marking import ParsedRevision
from question_bank.media import Medium
from question_bank.media.mathml import read_formula
from question_bank.media.reading import read_medium
from question_bank.queries import revisions
from tests.question_bank.test_media import picture
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


def shown_revision(kind, stem, body, *media):
    """A question of the bank with media, as a worker keeps it."""
    found = kind_of(kind)
    known = {
        each.ref: Medium(
            each.ref,
            each.kind,
            each.words,
            each.markup,
            each.is_decorative,
            each.width,
            each.height,
        )
        for each in media
    }
    return ParsedRevision(1, 1, 1, found, stem, found.parse(body), "", media=known)


def test_pictures_and_formulas_are_set_and_gaps_are_to_be_written_into(app, tmp_path):
    """Each kind on paper: what a formula says is set as mathematics, a picture is a picture."""
    house = read_medium(picture(), "Nhà sàn")
    speed = read_formula(
        "<math><mfrac><mtext>quãng đường</mtext><mtext>thời gian</mtext></mfrac></math>"
    )
    gap = {"kind": "short_answer", "body": {"answers": [{"text": "Nghệ An"}]}}
    asked = [
        shown_revision(
            "single",
            f"Nhà ai?\n{house.token}",
            new_choice_body([speed.token, "Huế"], [0]),
            house,
            speed,
        ),
        shown_revision("cloze", "Bác quê ở [[1]].", {"parts": [gap]}),
        shown_revision("group", "Đọc đoạn sau.", {"parts": [gap | {"stem": "Tỉnh nào?"}]}),
        shown_revision(
            "matching",
            "Ghép.",
            {"pairs": [{"left": "Pa-ri", "right": "1917"}, {"left": "Pác Bó", "right": "1941"}]},
        ),
        shown_revision("ordering", "Xếp.", {"items": [{"text": each} for each in ("x", "y", "z")]}),
    ]
    with app.test_request_context():
        sheet = [
            set_question(printed_question(number, each, ()))
            for number, each in enumerate(asked, start=1)
        ]
        content = compile_pdf(
            "quizzes/paper",
            {
                "title": "Đề số 1",
                "about": "",
                "header": {
                    "style": "none",
                    "above": "",
                    "issuer": "",
                    "number": "",
                    "place_date": "",
                },
                "sheets": [{"code": "101", "questions": sheet}],
                "words": dict.fromkeys(
                    ("code", "name", "birth", "unit", "number", "end", "answer"), "·"
                ),
            },
            instance=tmp_path,
            pictures={house.ref: house.content},
        )
    reader = PdfReader(io.BytesIO(content))
    words = text_of(content)
    assert [len(page.images) for page in reader.pages] == [1]
    assert all(each in words for each in ("quãng đường", "thời gian", "(1)", "Tỉnh nào?", "Pác Bó"))
    assert "Nhà sàn" not in words
    assert "⟦" not in words
    assert "[[" not in words
