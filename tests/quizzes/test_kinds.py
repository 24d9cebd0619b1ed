"""Questions that are answered by words, numbers and lists: from the paper to the result."""

import pytest
from playwright.sync_api import expect

from contest.contests.models import Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes import queries
from contest.quizzes.models import Attempt
from contest.quizzes.readiness import quiz_readiness
from question_bank.actions import Content
from question_bank.kinds import kind_of
from question_bank.models import Difficulty
from question_bank.queries import revisions
from tests.quizzes.conftest import make_world
from tests.quizzes.test_journeys import RECEIVED, start
from tests.quizzes.test_pages import begin, lines, paper_of, save
from tests.support.browser import PHONE, axe

LINES = {
    "short_answer": "Nguyễn Tất Thành\n50% Anh Ba",
    "numeric": "6,5 ± 0,1",
    "matching": "Ra đi tìm đường cứu nước -> năm mười một\nĐọc Tuyên ngôn -> năm bốn lăm\n-> năm năm tư",
    "ordering": "Bến Nhà Rồng\nQuảng Châu\nPác Bó\nBa Đình",
    "essay": "",
    "description": "",
}
SECRETS = ("Tất Thành", "6,5", "6.5")


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def running(app, cast, now):
    """An open round of which each paper asks one question of each kind; Minh agreed to take part."""
    with app.app_context():
        world = make_world(app, cast, now)
        world.ask_only(
            *(
                Content(
                    kind=code,
                    stem=f"Câu loại {code}?",
                    body=kind_of(code).from_lines(typed, {"unit": "km"}),
                    difficulty=Difficulty.EASY,
                )
                for code, typed in LINES.items()
            ),
            drawn=4,
        )
        world.open()
        world.agree(cast.minh)
    return world


@pytest.fixture
def stored(app):
    """Looks into the database."""

    def look(question):
        with app.app_context():
            return question(db.session)

    return look


@pytest.fixture
def minh(running, signed_in):
    return signed_in(running.cast.minh)


def by_kind(client, address):
    """Slot, place of the paper and revision of each kind."""
    paper = paper_of(client, address)
    with client.application.app_context():
        known = revisions([place["r"] for place in paper if "r" in place])
    return {
        known[place["r"]].kind.code: (slot, place, known[place["r"]])
        for slot, place in enumerate(paper)
        if "r" in place
    }


def right_answers(found):
    matching, ordering = found["matching"][2].body, found["ordering"][2].body
    return {
        "short_answer": ["nguyễn  tất thành"],
        "numeric": ["6,55 km"],
        "matching": [f"{row}={right}" for row, _left, right in matching.rows],
        "ordering": [f"{item}={n}" for n, (item, _text) in enumerate(ordering.items, start=1)],
    }


def finish(client, running, address):
    client.submit(address + "/check", action="/submit")
    with client.application.app_context():
        return db.session.query(Attempt).filter_by(public_id=address.rsplit("/", 1)[1]).one()


def test_a_paper_holds_the_kinds_that_a_quiz_can_ask_and_says_which_it_leaves(running, minh):
    address = begin(minh)
    assert set(by_kind(minh, address)) == {"short_answer", "numeric", "matching", "ordering"}
    with minh.application.app_context():
        (item,) = (i for i in quiz_readiness(running.round, running.now) if i.code == "quiz_stock")
        assert item.ok
        assert "2" in str(item.detail)


def test_the_page_shows_fields_and_lists_and_no_key(minh):
    page = minh.page(begin(minh))
    assert len(page.all("//h:input[@data-typed]")) == 2
    assert len(page.all("//h:ul[@class='match']//h:select")) == 2 + 4
    source = minh.get(begin(minh)).text
    assert not [secret for secret in SECRETS if secret in source]
    things = page.words("//h:ul[@class='match']//h:label")
    assert "Bến Nhà Rồng" in things


def test_answers_by_the_queue_are_kept_shown_again_and_marked(running, minh, stored):
    address = begin(minh)
    found = by_kind(minh, address)
    answers = right_answers(found)
    for sequence, (code, answer) in enumerate(answers.items(), start=1):
        assert save(minh, address, 1, sequence, found[code][0], answer).status_code == 200, code
    page = minh.page(address)
    typed = {field.get("value") for field in page.all("//h:input[@data-typed]")}
    assert typed == {answers["short_answer"][0], answers["numeric"][0]}
    chosen = [option.get("value") for option in page.all("//h:option[@selected]")]
    assert sorted(chosen) == sorted([*answers["matching"], *answers["ordering"]])
    attempt = finish(minh, running, address)
    assert (attempt.correct_count, attempt.points, attempt.max_points) == (4, 4, 4)


def test_part_of_an_answer_earns_part_of_the_marks(running, minh):
    address = begin(minh)
    found = by_kind(minh, address)
    save(minh, address, 1, 1, found["short_answer"][0], "anh ba")
    save(minh, address, 1, 2, found["matching"][0], right_answers(found)["matching"][:1])
    save(minh, address, 1, 3, found["numeric"][0], "sáu")
    attempt = finish(minh, running, address)
    assert (attempt.correct_count, float(attempt.points)) == (0, 1.0)


def test_what_no_question_can_have_is_refused(minh, stored):
    address = begin(minh)
    found = by_kind(minh, address)
    cases = [
        (found["short_answer"][0], ["một", "hai"]),
        (found["short_answer"][0], "x" * 201),
        (found["numeric"][0], ["6\n5"]),
        (found["matching"][0], ["x=y"]),
        (found["ordering"][0], "3"),
    ]
    for sequence, (slot, answer) in enumerate(cases, start=1):
        assert save(minh, address, 1, sequence, slot, answer).status_code == 422, answer
    assert stored(lines) == []


def test_text_in_nfd_is_kept_composed(minh, stored):
    address = begin(minh)
    slot = by_kind(minh, address)["short_answer"][0]
    decomposed = "Nguye\u0302\u0303n Ta\u0302\u0301t Tha\u0300nh"
    save(minh, address, 1, 1, slot, decomposed)
    assert stored(lines) == [(slot, ["Nguyễn Tất Thành"])]


def test_without_javascript_the_form_saves_all_of_them(running, minh):
    address = begin(minh)
    found = by_kind(minh, address)
    answers = right_answers(found)
    pairs = [("go", "check"), ("epoch", "1")]
    for code, answer in answers.items():
        slot = found[code][0]
        pairs += [(f"shown-{slot}", "1"), *((f"slot-{slot}", part) for part in answer)]
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    assert minh.post(address, data=fields).headers["Location"] == address + "/check"
    assert finish(minh, running, address).correct_count == 4


def test_the_result_shows_answer_and_key_once_published(running, minh):
    address = begin(minh)
    found = by_kind(minh, address)
    save(minh, address, 1, 1, found["short_answer"][0], "anh ba")
    finish(minh, running, address)
    assert "Tất Thành" not in minh.get(address + "/result").text

    with minh.application.app_context(), unit_of_work():
        running.round.stage = Stage.PUBLISHED
    page = minh.page(address + "/result")
    words = " ".join(page.words("//h:dl[@class='marked-words']"))
    assert "anh ba" in words
    assert "Nguyễn Tất Thành" in words
    assert "Đọc Tuyên ngôn → năm bốn lăm" in words
    assert "6.5 ± 0.1 km" in words
    with minh.application.app_context():
        sitting = queries.own_sitting(running.cast.minh.id, address.rsplit("/", 1)[1])
        marked = {each.stem: each for each in queries.marked_questions(sitting)}
    assert (marked["Câu loại short_answer?"].is_right, marked["Câu loại short_answer?"].earns) == (
        False,
        True,
    )


def fill(page, attempt_kind, slots):
    """Answer the question of a kind as a person does, having gone to it by the palette."""
    slot = slots[attempt_kind]
    page.locator(f".pal [data-go='{slot}']").click()
    return page.locator(f"[data-slot='{slot}']")


@pytest.mark.browser
def test_on_a_phone_words_and_lists_are_saved_as_they_are_given(running, window):
    with window(PHONE) as page:
        start(page)
        slots = {}
        for section in page.locator("[data-slot][data-way]").all():
            stem = section.locator(".words").text_content()
            slots[stem.removeprefix("Câu loại ").removesuffix("?")] = section.get_attribute(
                "data-slot"
            )
        section = fill(page, "short_answer", slots)
        section.locator("input[data-typed]").fill("Nguyễn Tất Thành 12")
        page.keyboard.press("ArrowLeft")
        expect(section).to_be_visible()
        section.locator("input[data-typed]").fill("nguyễn tất thành")
        axe(page)
        section = fill(page, "numeric", slots)
        section.locator("input[data-typed]").fill("6,5")
        axe(page)
        section = fill(page, "matching", slots)
        for row in section.locator("li:has(select)").all():
            words = row.locator("label").text_content()
            wanted = "năm mười một" if "Ra đi" in words else "năm bốn lăm"
            options = row.locator("option").all_text_contents()
            row.locator("select").select_option(next(o for o in options if wanted in o))
        axe(page)
        section = fill(page, "ordering", slots)
        for place, thing in enumerate(LINES["ordering"].split("\n"), start=1):
            row = section.locator("li:has(select)").filter(has_text=thing)
            row.locator("select").select_option(str(place))
        axe(page)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        page.reload()
        expect(page.locator(f"[data-slot='{slots['numeric']}'] input[data-typed]")).to_have_value(
            "6,5"
        )
        page.locator(f".pal [data-go='{slots['short_answer']}']").click()
        last = page.locator(f"[data-slot='{slots['short_answer']}'] input[data-typed]")
        # The last word is typed and handed in at once, before the typing rests.
        last.fill("Nguyễn Tất Thành")
        page.locator(".pal [data-go='3']").click()
        page.locator("[data-next]").click()
        if page.locator("[data-hand-in]").is_hidden():
            page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt")
    with running.app.app_context():
        attempt = db.session.query(Attempt).one()
        assert attempt.correct_count == 4
        assert ["Nguyễn Tất Thành"] in attempt.answers.values()
