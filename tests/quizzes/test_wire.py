"""What a contest costs on a phone's line: bytes as the browser receives them from the real server."""

import random

import pytest
from playwright.sync_api import expect

from contest.contests.models import Stage
from contest.core.clock import utc_now
from contest.core.transactions import unit_of_work
from question_bank.actions import Content
from question_bank.kinds.choice import new_choice_body
from question_bank.models import Difficulty
from tests.quizzes.conftest import make_world
from tests.quizzes.test_journeys import RECEIVED, choose, sign_in
from tests.support.browser import PHONE, open_window
from tests.support.server import running_server

pytestmark = pytest.mark.browser
FIRST = 150_000
LATER = 30_000
SAVED = 1_000
CONTEST = "/contests/tim-hieu"
SYLLABLES = str.split(
    "bác hồ đã dạy cán bộ đảng viên phải gần dân hiểu dân học dân thực hành tiết kiệm chống lãng "
    "phí quan liêu năm tháng nào tại nước việt nam độc lập tự do hạnh phúc cách mạng tư tưởng đạo "
    "đức phong cách nêu gương trách nhiệm người đứng đầu nói đi đôi với làm xây dựng khối đại đoàn "
    "kết toàn dân tộc thi đua yêu nước bắt nguồn từ đâu trong tác phẩm thư gửi đồng bào"
)


@pytest.fixture
def now():
    return utc_now()


@pytest.fixture
def world(app, cast, now):
    """An open round of 20 questions, as long as those of large public contests and never alike."""
    with app.app_context():
        world = make_world(app, cast, now)
        chance = random.Random(19)

        def words(count):
            return " ".join(chance.choices(SYLLABLES, k=count)).capitalize()

        world.ask_only(
            *(
                Content(
                    kind="single",
                    stem=words(40) + "?",
                    body=new_choice_body([words(14) for _ in range(4)], [0]),
                    difficulty=Difficulty.EASY,
                    explanation=words(40),
                )
                for _ in range(20)
            )
        )
        world.open()
        world.agree(cast.minh)
    return world


class Wire:
    """Counts what comes over the line of one window, headers with it; the cache costs nothing."""

    def __init__(self, page):
        self.page = page
        self._got = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._count)

    def _count(self, event):
        self._got += event["encodedDataLength"]

    def taken(self):
        """Bytes since the last time."""
        self.page.wait_for_load_state("networkidle")
        got, self._got = self._got, 0
        assert got > 0
        return int(got)


@pytest.fixture
def server(world, database, tmp_path, instance):
    """The server of every day, as `dev.py run` starts it."""
    settings = world.app.extensions["settings"]
    environment = {
        "DATABASE_URL": database.url,
        "INSTANCE_DIR": str(instance),
        "SECRET_KEY": settings.secret_key,
        "LOG_LEVEL": "error",
    }
    with running_server(environment, log=tmp_path / "server.log") as server:
        yield server.address


@pytest.mark.parametrize("first", ["/", CONTEST, "/sign-in"])
def test_a_first_visit_costs_at_most_150_kb_with_fonts_and_styles(browser, server, first):
    with open_window(browser, server, PHONE) as page:
        wire = Wire(page)
        page.goto(first)
        assert wire.taken() <= FIRST


def test_every_later_page_of_a_contestant_costs_at_most_30_kb(browser, server, world):
    with open_window(browser, server, PHONE) as page:
        wire = Wire(page)
        page.goto("/")
        sizes = {"home": wire.taken()}
        sign_in(page, CONTEST)
        sizes["contest"] = wire.taken()
        page.goto(f"{CONTEST}/rounds/1/start")
        sizes["start"] = wire.taken()
        page.locator("form[action$='/start'] button").click()
        page.wait_for_url("**/attempts/**")
        sizes["attempt"] = wire.taken()
        choose(page, 0)
        expect(page.locator("[data-saved]")).to_have_text(RECEIVED)
        sizes["save"] = wire.taken()
        page.reload()
        sizes["attempt again"] = wire.taken()
        page.locator(".pal [data-go='20']").click()
        page.locator("[data-next]").click()
        page.locator("[data-hand-in]").click()
        page.wait_for_url("**/receipt")
        sizes["receipt"] = wire.taken()
        publish(world)
        page.goto(page.url.replace("/receipt", "/result"))
        expect(page.locator("main")).to_contain_text("đáp án")
        sizes["result"] = wire.taken()
    first = sizes.pop("home")
    saved = sizes.pop("save")
    assert {name: size for name, size in sizes.items() if size > LATER} == {}, sizes
    assert (first <= FIRST, saved <= SAVED) == (True, True), (first, saved)


def publish(world):
    """The key may be seen."""
    with world.app.app_context(), unit_of_work():
        world.round.stage = Stage.PUBLISHED
