"""Results by HTTP: the organiser's way to publication, what everybody reads, and what nobody may."""

import csv
import io
import json

import pytest
from PIL import Image
from sqlalchemy import select

from contest.accounts.actions import create_person, give_grant, withdraw_consent
from contest.accounts.models import Consent, ConsentPurpose
from contest.contests.actions import DivisionPlan, disqualify
from contest.contests.models import Round
from contest.core.access import Role
from contest.core.audit import sha256_hex
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.spreadsheets import CellKind, read_workbook
from contest.core.spreadsheets.writing import safe_text, sheet_name
from contest.core.transactions import unit_of_work
from contest.quizzes.models import QuizRound
from contest.results import queries
from contest.results.actions import LevelValues, decide_prizes, make_rank_run, publish
from contest.results.models import PrizeCode, Publication, TiePolicy
from contest.results.views.public import share_card
from tests.results.stories import TAKERS, Taker, closed_round, take_part
from tests.support.cast import actor_of, sign_in_as
from tests.support.counting import count_queries
from tests.support.pages import Page, alerts

ORGANISE = "/organise/contests/tim-hieu-2026"
RANKING = f"{ORGANISE}/rounds/1/ranking"
DECIDE = f"{ORGANISE}/rounds/1/prizes"
PUBLISH = f"{ORGANISE}/rounds/1/publication"
RESULTS = "/contests/tim-hieu-2026/results/1"
PUBLIC = (
    RESULTS,
    f"{RESULTS}/units",
    f"{RESULTS}/answers",
    f"{RESULTS}.xlsx",
    f"{RESULTS}.csv",
    f"{RESULTS}/publications/1",
)
SECRETS = (
    "Tường Vi",
    "K&#39;Brỏih",
    "Bảo Trân",
    "Quỳnh Như",
    "4.000.000",
    "19/5/1890",
    "7:58,204",
    "ababab",
)
VIETNAMESE = {"Accept-Language": "vi"}
ONE = [LevelValues(PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP)]


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        return closed_round(utc_now())


def in_unit(app, story, *steps):
    """Do the steps of the organiser's way without the pages."""
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        now = utc_now()
        if "rank" in steps:
            make_rank_run(round=round, reason="Xếp hạng", actor=story.organiser, now=now)
        if "decide" in steps:
            decide_prizes(over=round, reason="Quyết định", actor=story.organiser, now=now)
        if "publish" in steps:
            publish(
                over=round,
                decision_number="47-QĐ/BTC",
                decided_on=None,
                reason="Lần này",
                actor=story.organiser,
                now=now,
            )


@pytest.fixture
def published(app, story):
    in_unit(app, story, "rank", "decide", "publish")
    return story


def test_from_the_close_to_the_published_page(app, client, new_client, story):
    sign_in_as(client, story.cast.lan)
    assert client.submit(RANKING, action="/ranking", follow=True).status_code == 200
    page = client.page(f"{RANKING}?q=tuong+vi")
    assert page.words("//h:tbody//h:b") == ["Phan Nguyễn Hoàng Tường Vi"]
    assert [client.get(f"{RANKING}?run={run}").status_code for run in (1, 2, "9" * 5000)] == [
        200,
        404,
        404,
    ]
    page = client.page(DECIDE)
    assert "4.000.000" in page.text or "4,000,000" in page.text
    response = client.post(DECIDE, data=form_of(client, DECIDE) | {"step": "decide"})
    assert (response.status_code, response.location) == (302, PUBLISH)
    assert client.page(f"{PUBLISH}/preview").words("//h:h1")
    response = client.submit(
        PUBLISH, action="/publication", values={"decision_number": "47-QĐ/BTC"}, follow=True
    )
    assert response.status_code == 200
    page = new_client().page(RESULTS, headers=VIETNAMESE)
    assert page.words("//h:h1") == ["Kết quả tuần 1"]
    assert "47-QĐ/BTC" in page.text
    names = page.words("//h:table//h:tbody//h:b")
    assert names == ["Phan Nguyễn Hoàng Tường Vi", "K'Brỏih", "T.N.B.T.", "T.N.Q.N."]


def form_of(client, path):
    values = {}
    for field in client.page(path).form(path).iter():
        if (
            isinstance(field.tag, str)
            and field.tag.endswith("}input")
            and field.get("type") == "hidden"
        ):
            values[field.get("name")] = field.get("value", "")
    return values


def test_a_tie_is_decided_on_the_page(app, client, story):
    with app.app_context(), unit_of_work():
        fresh = [Taker(f"Người {letter}", 20, 6, 1) for letter in "XYZ"]
        for taker in fresh:
            take_part(story, taker, utc_now())
    in_unit(app, story, "rank")
    sign_in_as(client, story.cast.lan)
    page = client.page(DECIDE, headers=VIETNAMESE)
    name = page.all("//h:input[@type='radio']")[0].get("name").removesuffix("-how")
    entry = page.all(f"//h:input[@name='{name}-entry']")[1].get("value")
    sent = form_of(client, DECIDE) | {
        f"{name}-how": "some",
        f"{name}-entry": entry,
        f"{name}-reason": "Bốc thăm",
    }
    looked = client.post(DECIDE, data=sent | {"step": "look"})
    assert looked.status_code == 200
    again = Page(looked.text)
    expected = again.all("//h:input[@name='expected']")[0].get("value")
    decided = client.post(DECIDE, data=sent | {"step": "decide", "expected": expected})
    assert decided.status_code == 302, alerts(decided)
    with app.app_context():
        allocation = queries.latest_allocation(story.round)
        assert allocation is not None
        first = queries.awards_of(allocation.id)[0]
        assert (first.entry.public_id, first.reason) == (entry, "Bốc thăm")


def test_a_tie_without_an_answer_is_refused(app, client, story):
    with app.app_context(), unit_of_work():
        for letter in "XYZ":
            take_part(story, Taker(f"Người {letter}", 20, 6, 1), utc_now())
    in_unit(app, story, "rank")
    sign_in_as(client, story.cast.lan)
    response = client.post(DECIDE, data=form_of(client, DECIDE) | {"step": "decide"})
    assert response.status_code == 409


def test_the_prizes_are_edited_without_scripts(app, client, story):
    sign_in_as(client, story.cast.lan)
    path = f"{ORGANISE}/prizes?round=1"
    response = client.submit(
        path,
        {"levels-0-quota": "2", "levels-0-money": "5.000.000", "levels-1-quota": ""},
        action="/prizes",
    )
    assert response.status_code == 302
    with app.app_context():
        kept = [
            (level.code, level.quota, level.money) for level in queries.prize_levels(story.round)
        ]
    assert kept == [(PrizeCode.FIRST, 2, 5_000_000), (PrizeCode.THIRD, 1, 1_500_000)]
    wrong = client.submit(path, {"levels-0-quota": "không"}, action="/prizes")
    assert wrong.status_code == 422
    usual = client.page(f"{ORGANISE}/prizes?round=1&usual=1")
    assert usual.all("//h:input[@name='levels-3-quota']")[0].get("value") == "8"
    assert client.get(f"{ORGANISE}/prizes?round=9").status_code == 404


def test_before_publication_nothing_leaks(app, client, new_client, story):
    """At every step before, the addresses say what they say of a contest that never was."""
    minh = new_client()
    sign_in_as(minh, story.cast.minh)
    for step in ("", "rank", "decide"):
        if step:
            in_unit(app, story, step)
        for path in PUBLIC:
            for reader in (client, minh):
                response = reader.get(path)
                assert response.status_code == 404, path
        assert minh.get(f"{RESULTS}/mine").status_code == 404
        for reader in (client, minh):
            for path in ("/", "/contests", "/results", "/contests/tim-hieu-2026"):
                text = reader.get(path, headers=VIETNAMESE).text
                assert [
                    secret for secret in SECRETS if secret in text and secret != "4.000.000"
                ] == [], path


def test_an_unknown_and_an_unpublished_round_look_alike(client, story):
    unknown = client.get("/contests/khong-co/results/1")
    unpublished = client.get(RESULTS)
    strip = lambda response, slug: response.text.replace(slug, "")  # noqa: E731
    assert unknown.status_code == unpublished.status_code == 404
    assert strip(unknown, "khong-co") == strip(unpublished, "tim-hieu-2026")


def test_only_the_organisers_reach_the_workroom(app, client, published):
    for person, wanted in ((published.cast.bao, 404), (published.cast.minh, 403)):
        sign_in_as(client, person)
        for path in (
            RANKING,
            DECIDE,
            PUBLISH,
            f"{PUBLISH}/preview",
            f"{RANKING}.csv",
            f"{DECIDE}/trace",
            f"{ORGANISE}/results",
            f"{ORGANISE}/prizes",
        ):
            assert client.get(path).status_code == wanted, path
        assert client.post(RANKING).status_code == wanted
        assert client.post(PUBLISH, data={"number": "2"}).status_code == wanted


def test_of_two_organisers_at_once_one_publishes(app, client, new_client, story):
    in_unit(app, story, "rank", "decide")
    other = new_client()
    for browser in (client, other):
        sign_in_as(browser, story.cast.lan)
    first, second = form_of(client, PUBLISH), form_of(other, PUBLISH)
    assert client.post(PUBLISH, data=first).status_code == 302
    assert other.post(PUBLISH, data=second).status_code == 409
    with app.app_context():
        assert len(db.session.scalars(select(Publication.number)).all()) == 1


def test_a_correction_shows_its_reason_and_leads_to_the_one_before(
    app, client, new_client, published
):
    with app.app_context(), unit_of_work():
        round = db.session.get(Round, published.round.id)
        entry = published.entries["K'Brỏih"]
        disqualify(
            entry=db.session.merge(entry),
            round=round,
            reason="Thi hộ",
            actor=published.organiser,
            now=utc_now(),
        )
    in_unit(app, published, "rank", "decide")
    sign_in_as(client, published.cast.lan)
    page = client.page(PUBLISH, headers=VIETNAMESE)
    assert "K'Brỏih" in page.words("//h:table//h:b")
    assert (
        client.submit(
            PUBLISH, action="/publication", values={"reason": "Hủy kết quả thi hộ"}
        ).status_code
        == 302
    )
    stranger = new_client()
    page = stranger.page(RESULTS, headers=VIETNAMESE)
    assert "Hủy kết quả thi hộ" in page.text
    (told,) = page.words("//h:span[@class='div corrected']")
    assert told == (
        "Khác với bản công bố 1: người đoạt giải số liệu xếp hạng "
        "Thêm 1 người đoạt giải. 1 người không còn trong danh sách đoạt giải. "
        "1 người nhận mức giải khác."
    )
    assert "K'Brỏih" not in page.text
    assert page.all("//h:span[@class='div corrected']//h:a") == []
    old = stranger.page(f"{RESULTS}/publications/1", headers=VIETNAMESE)
    assert "K'Brỏih" in old.words("//h:table//h:b")
    assert old.words("//h:span[@class='div corrected']") == []
    assert stranger.get(f"{RESULTS}/publications/3").status_code == 404


def test_a_withdrawn_consent_takes_the_name_off_the_page(app, client, published):
    before = client.get(RESULTS)
    with app.app_context(), unit_of_work():
        person = published.persons["Phan Nguyễn Hoàng Tường Vi"]
        consent = db.session.scalars(
            select(Consent).where(
                Consent.person_id == person.id, Consent.purpose == ConsentPurpose.PUBLISH_NAME
            )
        ).one()
        withdraw_consent(consent=consent, actor=published.organiser, now=utc_now())
    after = client.get(RESULTS, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    for path in (RESULTS, f"{RESULTS}.csv", f"{RESULTS}/publications/1"):
        assert "Tường Vi" not in client.get(path).text
    assert "P.N.H.T.V." in after.text


def test_search_works_without_marks_and_without_scripts(client, published):
    page = client.page(f"{RESULTS}?q=nguyen+trai+TUONG", headers=VIETNAMESE)
    assert page.words("//h:table//h:tbody//h:b") == ["Phan Nguyễn Hoàng Tường Vi"]
    page = client.page(f"{RESULTS}?q=zzz", headers=VIETNAMESE)
    assert page.all("//h:table") == []


def test_a_known_page_is_not_sent_again(client, published):
    for path in (RESULTS, f"{RESULTS}/units", f"{RESULTS}/answers"):
        first = client.get(path, headers=VIETNAMESE)
        tag = first.headers["ETag"]
        second = client.get(path, headers={"If-None-Match": tag, **VIETNAMESE})
        assert (second.status_code, second.data) == (304, b"")
        packed = client.get(path, headers={"If-None-Match": f"W/{tag}", **VIETNAMESE})
        assert (packed.status_code, packed.data) == (304, b"")
        other = client.get(path, headers={"If-None-Match": tag, "Accept-Language": "en"})
        assert other.status_code == 200


def test_a_page_with_a_name_in_its_bar_is_kept_by_nobody(client, published):
    sign_in_as(client, published.cast.minh)
    response = client.get(RESULTS)
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "private, no-store"


def test_why_this_place(app, client, new_client, published):
    with app.app_context(), unit_of_work():
        person = published.persons["K'Brỏih"]
    sign_in_as(client, person)
    response = client.get(f"{RESULTS}/mine", headers=VIETNAMESE)
    page = Page(response.text)
    assert page.words("//h:span[@class='n']") == ["2"]
    for name in ("Tường Vi", "Bảo Trân", "T.N.B.T."):
        assert name not in response.text
    an = new_client()
    sign_in_as(an, published.cast.an)
    refused = an.get(f"{RESULTS}/mine", headers=VIETNAMESE)
    assert refused.status_code == 404
    assert "Bạn không có kết quả trong vòng này" in refused.get_data(as_text=True)
    assert new_client().get(f"{RESULTS}/mine").status_code == 302


def mine(client, story, name):
    """What somebody reads about their place, in English."""
    with client.application.app_context():
        person = db.session.merge(story.persons[name])
        person.locale = "en"
        db.session.commit()
        sign_in_as(client, person)
    return client.get(f"{RESULTS}/mine", headers={"Accept-Language": "en"}).text


EQUALS = (
    Taker("Phan Nguyễn Hoàng Tường Vi", 20, 4, 478_204),
    Taker("K'Brỏih", 20, 4, 478_204),
)


def test_a_contestant_draws_their_lot_again(app, client):
    with app.app_context(), unit_of_work():
        story = closed_round(
            utc_now(), EQUALS, key_codes=("correct", "prediction", "working_time", "lot")
        )
    in_unit(app, story, "rank", "decide", "publish")
    text = mine(client, story, "K'Brỏih")
    seed = "ab" * 32
    entry = story.entries["K'Brỏih"].public_id
    lot = sha256_hex(bytes.fromhex(seed) + f"lot{entry}".encode())[:12]
    page = Page(text)
    (draw,) = page.root.xpath("//*[@data-draw]")
    assert (draw.get("data-seed"), draw.get("data-entry")) == (seed, entry)
    assert (draw.get("data-seal"), draw.get("data-lot")) == (sha256_hex(bytes.fromhex(seed)), lot)
    assert "drawing lots" in text.lower()  # what separates the two
    other = story.entries["Phan Nguyễn Hoàng Tường Vi"].public_id
    assert other not in text


def test_n_is_that_of_ones_own_division(app, client):
    with app.app_context(), unit_of_work():
        story = closed_round(
            utc_now(),
            divisions=[DivisionPlan("Bảng trẻ", None, 30), DivisionPlan("Bảng lớn", 31, None)],
        )
        db.session.get_one(QuizRound, story.round.id).prediction_per_division = True
    in_unit(app, story, "rank", "decide", "publish")
    young = "Tôn Nữ Quỳnh Như"  # alone in her division, not all right
    assert "in your division who answered everything rightly is 0." in mine(client, story, young)
    assert "in your division who answered everything rightly is 3." in mine(
        client, story, "K'Brỏih"
    )
    public = client.get(RESULTS, headers={"Accept-Language": "en"}).text
    assert "Bảng trẻ 0, Bảng lớn 3." in public


def test_prizes_that_went_past_somebody_are_explained_to_them(app, client, story):
    with app.app_context(), unit_of_work():
        lan = story.cast.lan
        give_grant(
            person=db.session.merge(story.persons["K'Brỏih"]),
            role=Role.ORGANISER,
            scope=db.session.merge(story.contest).scope,
            actor=actor_of(lan, utc_now()),
            now=utc_now(),
        )
    in_unit(app, story, "rank", "decide", "publish")
    assert "Whoever works for the contest takes no prize." in mine(client, story, "K'Brỏih")


def test_the_downloads_hold_what_the_page_says(client, published):
    rows = list(
        csv.reader(
            io.StringIO(
                client.get(f"{RESULTS}.csv", headers=VIETNAMESE).text.removeprefix("\ufeff")
            )
        )
    )
    assert [row[1] for row in rows[1:]] == [
        "Phan Nguyễn Hoàng Tường Vi",
        "K'Brỏih",
        "T.N.B.T.",
        "T.N.Q.N.",
    ]
    assert rows[1][2] == "Trường THCS Nguyễn Trãi › Phường Xuân Hương › Tỉnh Lâm Sơn"
    book = read_workbook(client.get(f"{RESULTS}.xlsx", headers=VIETNAMESE).data)
    names = [sheet.name for sheet in book.sheets]
    assert names == ["Người đoạt giải", "Theo đơn vị", "Từng đơn vị", "Đáp án"]
    assert second_row(book, 0)[6].number == 4_000_000
    assert second_row(book, 3)[3].text == "Ngày 19/5/1890"


def second_row(book, sheet):
    """The cells of the first row below the head, by column from 1 (or 0, as the reader counts)."""
    row = list(book.sheets[sheet].read_rows())[1]
    shift = 1 - min(row.cells)
    return {column + shift: cell for column, cell in row.cells.items()}


def test_a_name_that_looks_like_a_formula_stays_a_name(app, client, story):
    with app.app_context(), unit_of_work():
        take_part(story, Taker("=HYPERLINK(1)", 20, 4, 1), utc_now())
    in_unit(app, story, "rank")
    sign_in_as(client, story.cast.lan)
    text = client.get(f"{RANKING}.csv").text
    assert "'=HYPERLINK(1)" in text
    cell = second_row(read_workbook(client.get(f"{RANKING}.xlsx").data), 0)[2]
    assert (cell.kind, cell.text) == (CellKind.TEXT, "=HYPERLINK(1)")


@pytest.mark.parametrize("text", ["=1+1", "+84", "-3", "@SUM", "\tx", "\rx"])
def test_what_a_spreadsheet_takes_for_a_formula(text):
    assert safe_text(text) == f"'{text}"


def test_names_of_sheets():
    assert sheet_name("Bảng A/B: [2026]*?") == "Bảng A B   2026"
    assert sheet_name("'") == "1"
    assert len(sheet_name("x" * 80)) == 31


@pytest.mark.parametrize("count", [1, 3])
def test_the_ranking_asks_the_same_number_of_questions(app, client, count):
    with app.app_context(), unit_of_work():
        story = closed_round(utc_now(), TAKERS[:count])
    in_unit(app, story, "rank")
    sign_in_as(client, story.cast.lan)
    with app.app_context(), count_queries() as seen:
        assert client.get(RANKING).status_code == 200
    assert seen.count == 15, str(seen)


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_page_asks_few_questions(app, client, count):
    with app.app_context(), unit_of_work():
        story = closed_round(utc_now(), TAKERS[:count])
    in_unit(app, story, "rank", "decide", "publish")
    client.get(RESULTS)
    with app.app_context(), count_queries() as seen:
        assert client.get(f"{RESULTS}?again=1").status_code == 200
    assert seen.count == 5, str(seen)
    with app.app_context(), count_queries() as seen:  # kept for a second
        assert client.get(RESULTS).status_code == 200
    assert seen.count == 0, str(seen)


@pytest.mark.parametrize("count", [1, 3])
def test_the_decision_asks_the_same_number_of_questions(app, client, count):
    with app.app_context(), unit_of_work():
        story = closed_round(utc_now(), TAKERS[:count])
    in_unit(app, story, "rank")
    sign_in_as(client, story.cast.lan)
    with app.app_context(), count_queries() as seen:
        assert client.get(DECIDE).status_code == 200
    assert seen.count == 18, str(seen)


def test_a_disqualified_contestant_reads_the_reason(app, client, story):
    with app.app_context(), unit_of_work():
        person = create_person(full_name="Bùi Dũng", unit=None, actor=None, now=utc_now())
        entry = take_part(story, Taker("Bùi Dũng", 20, 3, 1), utc_now(), person=person)
        round = db.session.get(Round, story.round.id)
        disqualify(
            entry=entry,
            round=round,
            reason="Dùng hai tài khoản",
            actor=story.organiser,
            now=utc_now(),
        )
    in_unit(app, story, "rank", "decide", "publish")
    sign_in_as(client, person)
    assert "Dùng hai tài khoản" in client.get(f"{RESULTS}/mine").text
    client_text = client.get(RESULTS).text
    assert "Bùi Dũng" not in Page(client_text).text.split("<main", 1)[1]


def test_the_picture_to_share_says_no_more_than_the_page(client, published, story):
    """Bảo Trân did not agree and Quỳnh Như is a child: the picture does not name them either."""
    page = client.page(RESULTS, headers=VIETNAMESE)
    (found,) = page.all("//h:meta[@property='og:image']")
    path = found.get("content").split("/", 3)[3]
    picture = client.get(f"/{path}")
    assert Image.open(io.BytesIO(picture.data)).size == (1200, 630)
    assert client.get("/contests/khong-co/results/1/share.png").status_code == 404
    with client.application.test_request_context():
        said = queries.publication(queries.publication_head("tim-hieu-2026", 1, None))
        card = json.dumps(share_card(said), ensure_ascii=False)
    assert "Tường Vi" in card
    assert "Bảo Trân" not in card
    assert "Quỳnh Như" not in card


def test_before_publication_there_is_no_picture(client, story):
    assert client.get(f"{RESULTS}/share.png").status_code == 404
