"""Pages kept for strangers: only those that a view allows, for a moment, and never another's."""

from contest.core.page_cache import KEPT, PageCache

ADDRESS = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "a"}


class Application:
    def __init__(self, headers=((KEPT, "1"), ("ETag", '"t"')), status="200 OK"):
        self.asked = 0
        self.headers, self.status = list(headers), status

    def __call__(self, environ, start):
        self.asked += 1
        start(self.status, self.headers)
        return [f"page {self.asked}".encode()]


def get(cache, **changes):
    said = []
    body = b"".join(cache({**ADDRESS, **changes}, lambda *what: said.append(what)))
    return said[0][0], dict(said[0][1]), body


def test_a_kept_page_is_given_again_for_a_second_and_without_its_mark():
    moment = [100.0]
    inner = Application()
    cache = PageCache(inner, clock=lambda: moment[0])
    assert get(cache) == ("200 OK", {"ETag": '"t"'}, b"page 1")
    assert get(cache)[2] == b"page 1"
    moment[0] += 1.5
    assert get(cache)[2] == b"page 2"


def test_who_asks_with_the_tag_gets_304_and_nothing_else():
    cache = PageCache(Application())
    get(cache)
    assert get(cache, HTTP_IF_NONE_MATCH='"t"') == ("304 NOT MODIFIED", {"ETag": '"t"'}, b"")


def test_a_person_with_a_session_is_never_answered_from_memory():
    inner = Application()
    cache = PageCache(inner)
    get(cache)
    assert get(cache, HTTP_COOKIE="gs=signed")[2] == b"page 2"
    assert get(cache)[2] == b"page 1"


def test_language_theme_and_words_of_the_address_are_kept_apart():
    cache = PageCache(Application())
    seen = [
        get(cache)[2],
        get(cache, HTTP_ACCEPT_LANGUAGE="en")[2],
        get(cache, HTTP_COOKIE="language=en")[2],
        get(cache, HTTP_COOKIE="theme=dark")[2],
        get(cache, QUERY_STRING="q=an")[2],
        get(cache, HTTP_HOST="b")[2],
    ]
    assert len(set(seen)) == 6


def test_what_no_view_allows_is_asked_anew_each_time():
    for inner in (
        Application(headers=[("ETag", '"t"')]),
        Application(headers=[(KEPT, "1"), ("Set-Cookie", "a=b")]),
        Application(status="404 NOT FOUND"),
    ):
        cache = PageCache(inner)
        get(cache)
        get(cache)
        assert inner.asked == 2
    posts = Application()
    cache = PageCache(posts)
    get(cache, REQUEST_METHOD="POST")
    get(cache, REQUEST_METHOD="POST")
    assert posts.asked == 2
