"""What a reverse proxy says about the caller is believed as often as TRUSTED_PROXIES says."""

import pytest
from flask import request

pytestmark = pytest.mark.sqlite_only
SAID = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "thi.vidu.example",
}


@pytest.fixture(params=[("0", "127.0.0.1", "http"), ("1", "198.51.100.7", "https")])
def believed(request):
    return request.param


@pytest.fixture
def app_options(believed):
    return {"TRUSTED_PROXIES": believed[0]}


def test_address_and_scheme_are_the_proxys_word_only_where_one_stands_in_front(
    app, client, believed
):
    seen = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme, request.host)))
    client.get("/about/privacy", headers=SAID)
    host = "thi.vidu.example" if believed[0] == "1" else "localhost"
    assert seen == [(*believed[1:], host)]
