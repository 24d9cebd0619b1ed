"""What strangers, contestants and organisers find on the portal's pages."""

import re
from datetime import timedelta

import pytest

from contest.config import PROJECT_ROOT
from contest.contests.actions import annul_round, disqualify, edit_round
from contest.contests.models import Stage
from contest.contests.queries import entry_of, public_contest, registration_of
from contest.contests.rules import current_round
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes.models import Attempt, QuizRound
from contest.results.actions import ExtraValues, set_extra_prizes
from contest.results.models import Measure, TiePolicy
from tests.portal.conftest import SLUG, TITLE
from tests.support.cast import actor_of
from tests.support.pages import Page

CONTEST = f"/contests/{SLUG}"
INSIDE = f"/organise/contests/{SLUG}"


@pytest.fixture(autouse=True)
def _english(client):
    client.set_cookie("language", "en")


def read(client, path: str) -> Page:
    client.set_cookie("language", "en")
    response = client.get(path)
    assert response.status_code == 200, response.text[:600]
    return Page(response.text)


def big_button(page: Page) -> list[str]:
    return page.words("//h:a[contains(@class, 'btn-big')]")


def test_the_first_page_speaks_the_language_of_the_browser(client):
    client.delete_cookie("language")
    assert 'lang="vi"' in client.get("/", headers={"Accept-Language": "vi"}).text
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "en-GB"}).text


def test_a_stranger_finds_the_open_contest_on_the_first_page(client, weeks):
    weeks()
    page = read(client, "/")
    assert page.words("//h:h2[@id='featured']") == [TITLE]
    assert big_button(page) == ["Go to the contest"]


def test_a_stranger_is_told_to_register_with_what_awaits_them(client, weeks):
    weeks()
    page = read(client, CONTEST)
    assert page.words("//h:h1") == [TITLE]
    assert big_button(page) == ["Register – 20 questions, 15 minutes"]
    assert page.words("//*[contains(@class, 'weeks-note')]/h:span") == ["Round 1 of 2"]


def test_a_contestant_is_told_how_many_attempts_are_left(cast, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh, 18)
    page = read(signed_in(cast.minh), CONTEST)
    assert big_button(page) == ["Start – 20 questions, 15 minutes"]
    assert "You have 6 of 7 attempts left in this round." in page.words("//h:p[@class='after']")[0]


def test_a_contestant_with_a_running_attempt_goes_on_with_it(cast, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh, None)
    assert big_button(read(signed_in(cast.minh), CONTEST)) == ["Continue your attempt"]


def test_before_the_opening_a_contestant_sees_the_countdown_and_their_code(cast, signed_in, weeks):
    weeks(Stage.PLANNED)
    weeks.take_part(cast.minh)
    page = read(signed_in(cast.minh), CONTEST)
    assert big_button(page) == []
    assert len(page.all("//*[@data-countdown]")) == 1
    assert "You are registered. Entry code" in page.text


def test_prizes_keys_and_rules_stand_on_the_page(client, weeks):
    weeks()
    page = read(client, CONTEST)
    assert page.words("//*[contains(@class, 'prizes')]/h:h2") == ["9 prizes in this round"]
    assert page.words("//*[@class='sum']/h:span") == ["Together in this round", "12,000,000 đ"]
    assert page.words("//h:summary")[-2:] == ["Ai không được xét giải?", "Khiếu nại"]


def test_unit_prizes_and_side_prizes_stand_with_the_prizes(app, client, weeks):
    weeks()
    with app.app_context(), unit_of_work():
        contest = public_contest(SLUG)
        shown = current_round(contest, utc_now())
        for over, name, money in (
            (shown, "Đơn vị đông nhất", 2_000_000),
            (contest, "Cao tuổi", 500_000),
        ):
            prize = ExtraValues(Measure.BY_HAND, name, 1, money, TiePolicy.EXPAND)
            set_extra_prizes(over=over, prizes=[prize], actor=None, now=utc_now())
    page = read(client, CONTEST)
    heads = page.words("//*[contains(@class, 'prizes')]/h:h2")
    assert heads == ["10 prizes in this round", "Prizes over the total of the rounds"]
    assert page.words("//*[@class='sum']/h:span") == [
        *("Together in this round", "14,000,000 đ"),
        *("Together over the total", "500,000 đ"),
    ]
    assert page.words("//*[@class='leaders']/h:li/h:b")[-2:] == ["Đơn vị đông nhất", "Cao tuổi"]


def test_nothing_on_the_public_pages_counts_people_while_a_round_is_open(client, cast, weeks):
    weeks()
    weeks.take_part(cast.minh, 20, 20)
    before = client.get(CONTEST).text
    weeks.take_part(cast.an, 20)
    after = client.get(CONTEST).text
    numbers = [  # the countdown alone may have moved on
        [word for word in page.split() if "data-countdown" not in word and ":" not in word]
        for page in (before, after)
    ]
    assert len(numbers[0]) == len(numbers[1])
    for path in ("/", "/contests", CONTEST):
        assert "taken part" not in client.get(path).text


def test_a_draft_is_nowhere_to_be_found(client, weeks):
    weeks(announced=False)
    assert client.get(CONTEST).status_code == 404
    assert TITLE not in client.get("/contests").text
    assert TITLE not in client.get("/").text


def test_a_round_that_does_not_exist_is_not_found(client, weeks):
    weeks()
    assert client.get(f"{CONTEST}?round=9").status_code == 404
    assert read(client, f"{CONTEST}?round=2").words("//*[@class='hero-round']") == ["Tuần 2"]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("typed", ["tim hieu", "TƯ TƯỞNG", "dao duc ho"])
def test_contests_are_found_without_marks(client, weeks, typed):
    weeks()
    assert read(client, f"/contests?q={typed}").words("//h:h3") == [TITLE]


def test_a_search_that_finds_nothing_says_so(client, weeks):
    weeks()
    page = read(client, "/contests?q=cờ+vua")
    assert page.words("//*[@class='empty']/h:p") == ["No contest has “cờ vua” in its name."]


def test_a_contestant_is_greeted_by_given_name_and_finds_their_contest(cast, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh)
    page = read(signed_in(cast.minh), "/")
    assert page.words("//h:h1") == ["Hello, Minh"]
    assert page.words("//h:h3") == [TITLE]


def test_the_desk_is_for_staff(cast, client, signed_in, weeks):
    weeks()
    assert client.get("/organise").status_code == 302
    assert signed_in(cast.minh).get("/organise").status_code == 403
    assert read(signed_in(cast.lan), "/organise").words("//h:tbody//h:a") == [TITLE]
    assert TITLE not in read(signed_in(cast.bao), "/organise").text


@pytest.mark.sqlite_only
@pytest.mark.parametrize("page", ["", "/live", "/figures", "/setup"])
def test_a_contest_is_seen_from_inside_by_its_own_organisers(cast, client, signed_in, weeks, page):
    weeks()
    assert client.get(INSIDE + page).status_code == 302
    assert signed_in(cast.lan).get(INSIDE + page, check=page != "/live").status_code == 200
    assert signed_in(cast.bao).get(INSIDE + page).status_code == 404
    assert signed_in(cast.minh).get(INSIDE + page).status_code == 403


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("stage", "heading"),
    [
        (Stage.PLANNED, "Tuần 1 opens in"),
        (Stage.OPEN, "Tuần 1 is open"),
        (Stage.CLOSED, "Tuần 1 has closed"),
        (Stage.MARKING, "Tuần 1 is being ranked"),
        (Stage.DECIDED, "Tuần 1 is decided"),
    ],
)
def test_the_head_of_a_contest_says_where_it_stands(cast, signed_in, weeks, stage, heading):
    weeks(stage)
    page = read(signed_in(cast.lan), INSIDE)
    assert page.words("//h:h1")[0].startswith(heading)
    assert len(page.all("//h:ol[contains(@class, 'life')]/h:li")) == 6


def test_a_published_round_is_read_by_everybody(cast, client, signed_in, weeks):
    weeks(Stage.PUBLISHED)
    page = read(signed_in(cast.lan), f"{INSIDE}?round=1")
    assert page.words("//h:h1") == ["Tuần 1 is published"]
    assert client.get(CONTEST).status_code == 200


def test_live_numbers_are_answered_with_304_when_nothing_has_changed(cast, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh, 18, 12)
    lan = signed_in(cast.lan)
    first = lan.get(f"{INSIDE}/live", check=False)
    assert "<b>2</b>" in first.text
    again = lan.get(f"{INSIDE}/live", check=False, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    weeks.take_part(cast.an, 20)
    changed = lan.get(
        f"{INSIDE}/live", check=False, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert changed.status_code == 200


def test_units_stand_with_their_share_and_the_silent_ones_apart(cast, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh, 18, 12)
    weeks.head_count(cast.ward, 4)
    page = read(signed_in(cast.lan), f"{INSIDE}/figures")
    cells = page.words("//h:section[@aria-labelledby='units']//h:tbody//h:td")
    assert cells == ["Phường Xuân Hương", "1", "2", "4", "25 %"]
    assert page.words("//*[@id='silent']/../..//h:li") == ["Ban Tuyên giáo và Dân vận"]


def test_the_table_by_unit_is_a_file_for_its_organisers(cast, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh, 18, 12)
    lan = signed_in(cast.lan)
    table = lan.get(f"{INSIDE}/figures.csv?sort=persons&direction=desc")
    assert table.status_code == 200
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert lan.get(f"{INSIDE}/figures.xlsx").data[:2] == b"PK"
    assert lan.get(f"{INSIDE}/figures?q=khong-co-don-vi-nay&sort=unit").status_code == 200
    assert signed_in(cast.bao).get(f"{INSIDE}/figures.csv").status_code == 404
    assert signed_in(cast.minh).get(f"{INSIDE}/figures.csv").status_code == 403


def test_figures_of_a_round_to_come_say_so(cast, signed_in, weeks):
    weeks(Stage.PLANNED)
    page = read(signed_in(cast.lan), f"{INSIDE}/figures")
    assert page.words("//*[@class='empty']/h:p") == [
        "The round has not opened, so there is nothing to count yet."
    ]


def test_pages_about_the_site_are_public(client):
    assert read(client, "/about/privacy").words("//h:h1") == ["Privacy"]
    assert read(client, "/about/accessibility").words("//h:h1") == ["Accessibility"]
    assert read(client, "/results").words("//h:h1") == ["Results"]


def test_a_page_that_is_not_there_says_what_to_do(client):
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert Page(response.text).words("//h:h1") == ["This page was not found"]


@pytest.mark.sqlite_only
def test_every_address_that_the_pages_name_exists(app):
    templates = PROJECT_ROOT / "templates"
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    named = {
        endpoint
        for path in templates.rglob("*.html")
        for endpoint in re.findall(r"url_for\('([a-z_.]+)'", path.read_text(encoding="utf-8"))
    }
    assert named - known == set()


# ── decisions about rounds and about the reader ─────────────────────────────────────────────────
def decided(app, cast, decide):
    """Let Lan decide something about the first week; gives what `decide` gives."""
    now = utc_now()
    with app.app_context():
        lan = actor_of(db.session.merge(cast.lan), now)
        end_read()
        with unit_of_work():
            contest = public_contest(SLUG)
            assert contest is not None
            return decide(contest, lan, now)


def banners(page: Page) -> list[str]:
    return page.words("//*[contains(@class, 'banner')]/h:div/h:b")


def test_an_extension_stands_on_the_contests_page_with_its_reason(app, cast, client, weeks):
    weeks()

    def extend(contest, lan, now):
        first = contest.rounds[0]
        edit_round(
            round=first,
            title=first.title,
            opens_at=first.opens_at,
            closes_at=first.closes_at + timedelta(hours=3),
            is_practice=False,
            reason="Mất điện toàn tỉnh",
            actor=lan,
            now=now,
        )

    decided(app, cast, extend)
    page = read(client, CONTEST)
    assert banners(page) == ["Tuần 1 closes later than announced"]
    assert "Mất điện toàn tỉnh" in page.text


def test_an_annulled_round_says_so_wherever_its_people_look(app, cast, client, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh, 18)

    def annul(contest, lan, now):
        annul_round(round=contest.rounds[0], reason="Lộ đề trước giờ mở", actor=lan, now=now)
        attempt = db.session.query(Attempt).one()
        attempt.working_ms, attempt.answers_digest = 540_000, "ab" * 32
        return attempt.public_id

    receipt = decided(app, cast, annul)
    page = read(client, CONTEST)
    assert banners(page) == ["Tuần 1 was annulled"]
    assert "Lộ đề trước giờ mở" in page.text
    minh = signed_in(cast.minh)
    for place in (f"{CONTEST}/rounds/1/start", f"/attempts/{receipt}/receipt"):
        found = read(minh, place)
        assert banners(found) == ["Tuần 1 was annulled"]
        assert "What comes next" not in found.text


def test_who_is_not_ranked_reads_why_and_nobody_else_does(app, cast, client, signed_in, weeks):
    weeks()
    weeks.take_part(cast.minh, 18)
    weeks.take_part(cast.an, 17)

    def put_out(contest, lan, now):
        entry = entry_of(registration_of(contest.id, cast.minh.id).id)
        disqualify(
            entry=entry,
            round=contest.rounds[0],
            reason="Thi hộ người khác",
            evidence=[{"sign": "fast", "words": "Đọc nhanh bất thường"}],
            actor=lan,
            now=now,
        )

    decided(app, cast, put_out)
    mine = read(signed_in(cast.minh), CONTEST)
    assert banners(mine) == ["You are not ranked in this round"]
    assert "Đọc nhanh bất thường" in mine.text
    assert "right to appeal" in mine.text
    for other in (client, signed_in(cast.an)):
        assert "Thi hộ" not in read(other, CONTEST).text


def test_the_seal_of_the_draw_is_public_from_the_opening_on(app, client, weeks):
    weeks()
    with app.app_context(), unit_of_work():
        for quiz in db.session.query(QuizRound):
            quiz.seed_digest = "5ea1" * 16 if quiz.seed else None
    text = read(client, CONTEST).text
    assert "5ea1" * 16 in text
    assert "00" * 32 not in text  # the seed itself
    assert "5ea1" * 16 not in read(client, f"{CONTEST}?round=2").text
