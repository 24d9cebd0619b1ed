"""Pages leave packed where the browser takes it; lengths tell nothing, echoes stay unpacked."""

import gzip

import pytest
from flask.testing import FlaskClient

from contest.core import compression
from contest.core.compression import pack

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def stranger(app):
    """Takes bytes as they come."""
    return FlaskClient(app, app.response_class)


@pytest.mark.parametrize("padding", [0, 1, 100])
def test_what_is_packed_is_unpacked_the_same(padding):
    content = "Tấm gương sáng. ".encode() * 500
    packed = pack(content, padding)
    assert gzip.decompress(packed) == content
    assert len(packed) == len(pack(content, 0)) + padding


@pytest.mark.sqlite_only
def test_a_page_is_packed_for_who_takes_it_and_is_the_same_page(stranger):
    plain = stranger.get("/sign-in")
    packed = stranger.get("/sign-in", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert "<h1" in gzip.decompress(packed.data).decode()
    assert stranger.get("/sign-in", headers={"Accept-Encoding": "gzip;q=0"}).data[:1] == b"<"


@pytest.mark.sqlite_only
def test_a_page_that_shows_words_of_its_address_is_not_packed(stranger):
    assert "Content-Encoding" not in stranger.get("/contests?q=sao", headers=GZIP).headers
    assert "Content-Encoding" in stranger.get("/sign-in?q=3", headers=GZIP).headers
    # The link to the other language repeats the whole address, names as well as values.
    assert "Content-Encoding" not in stranger.get("/sign-in?c3ab9f=1", headers=GZIP).headers


@pytest.mark.sqlite_only
def test_strangers_get_the_kept_page_in_the_form_they_take(stranger, monkeypatch):
    monkeypatch.setattr(compression, "_LEAST", 100)
    packed = [stranger.get("/", headers=GZIP).headers.get("Content-Encoding") for _ in range(2)]
    plain = [stranger.get("/").headers.get("Content-Encoding") for _ in range(2)]
    assert packed == ["gzip", "gzip"]
    assert plain == [None, None]
