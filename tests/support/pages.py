"""A test client that checks every page it gets, and fills forms as a browser would."""

import functools
import itertools
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urljoin

import html5lib
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from lxml import etree
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

HTML: Final = "{http://www.w3.org/1999/xhtml}"
UNLABELLED: Final = {"hidden", "submit", "button", "reset", "image"}
UNSAFE: Final = {"POST", "PUT", "PATCH", "DELETE"}
OWN_FAULTS: Final = {
    # The parser's complaints that would change what a browser shows; others are matters of taste.
    "unexpected-end-tag",
    "expected-closing-tag-but-got-eof",
    "duplicate-attribute",
    "unexpected-start-tag-implies-end-tag",
    "unexpected-cell-in-table-body",
    "unexpected-form-in-table",
    "unexpected-char-implies-table-voodoo",
    "unexpected-start-tag-implies-table-voodoo",
    "end-tag-too-early",
    "adoption-agency-1.3",
    "non-void-element-with-trailing-solidus",
}
OBJECT: Final = re.compile(r"\b[A-Z]\w+\([a-z_]+=[^)]{0,60}|(?:<|&lt;)[\w. ]+ (?:object )?at 0x\w+")
CSRF_FIELD: Final = "csrf_token"


class Page:
    """A parsed HTML page."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root, self.faults = _parsed(text)

    def all(self, xpath: str) -> list[Any]:
        """Elements by XPath, with `h:` for HTML."""
        return list(self.root.xpath(xpath, namespaces={"h": HTML.strip("{}")}))

    def words(self, xpath: str) -> list[str]:
        """The words of each element found, with single spaces."""
        return [words_of(element) for element in self.all(xpath)]

    def form(self, action: str | None = None) -> Any:
        """The one form that posts to an action (or the only one that posts at all)."""
        forms = [
            form
            for form in self.all("//h:form")
            if form.get("method", "get").lower() == "post"
            and (action is None or form.get("action", "").split("?")[0].endswith(action))
        ]
        assert forms, f"no form posts to {action}"
        return forms[0]


@functools.lru_cache(maxsize=16)
def _parsed(text: str) -> tuple[Any, tuple[str, ...]]:
    """The root and the faults; a page is checked first and then read by the test."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"))
    document = parser.parse(text)
    faults = (
        f"line {position[0]}: {code} {data}"
        for position, code, data in parser.errors
        if code in OWN_FAULTS
    )
    return document.getroot(), tuple(faults)


def words_of(element: Any) -> str:
    """The text inside an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def form_values(form: Any) -> dict[str, Any]:
    """What a browser would send for a form that nobody touched, without its buttons."""
    values: dict[str, Any] = {}

    def add(name: str, value: str) -> None:
        if name in values:
            before = values[name]
            values[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            values[name] = value

    for field in form.iter(f"{HTML}input", f"{HTML}textarea", f"{HTML}select"):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.get("disabled") is not None or kind in {"submit", "button", "file"}:
            continue
        if field.tag == f"{HTML}select":
            options = list(field.iter(f"{HTML}option"))
            chosen = [option for option in options if option.get("selected") is not None]
            if not chosen and field.get("multiple") is None:
                chosen = options[:1]
            for option in chosen:
                add(name, option.get("value", words_of(option)))
        elif field.tag == f"{HTML}textarea":
            add(name, (field.text or "").removeprefix("\n"))
        elif kind not in {"checkbox", "radio"} or field.get("checked") is not None:
            add(name, field.get("value", "on" if kind in {"checkbox", "radio"} else ""))
    return values


def check_page(text: str, headers: Headers, path: str) -> Page:
    """Assert what holds for every page of the site."""
    page = Page(text)
    faults = [
        *page.faults,
        *_language_faults(page),
        *_title_faults(page),
        *_label_faults(page),
        *_form_faults(page),
        *_inline_faults(page),
        *_id_faults(page),
        *_heading_faults(page),
        *_object_faults(page),
        *_policy_faults(headers),
    ]
    assert not faults, f"{path}:\n" + "\n".join(faults)
    return page


def _language_faults(page: Page) -> list[str]:
    language = page.root.get("lang")
    return [] if language in {"vi", "en"} else [f"<html lang={language!r}>"]


def _title_faults(page: Page) -> list[str]:
    titles, headings = page.words("//h:head/h:title"), page.words("//h:h1")
    if len(titles) != 1 or len(headings) != 1:
        return [f"one title and one h1 are expected: {titles}, {headings}"]
    if headings[0] and headings[0] in titles[0]:
        return []
    return [f"the h1 {headings[0]!r} is not in the title {titles[0]!r}"]


def _label_faults(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("//h:label[@for]")}
    faults = []
    for field in page.all("//h:input | //h:select | //h:textarea"):
        named = (
            field.get("type") in UNLABELLED
            or field.get("id") in labelled
            or field.get("aria-label")
            or field.get("aria-labelledby")
            or next(field.iterancestors(f"{HTML}label"), None) is not None
        )
        if not named:
            faults.append(f"field without a label: {etree.tostring(field, with_tail=False)!r}")
    faults += [
        f"button without words: {etree.tostring(button, with_tail=False)!r}"
        for button in page.all("//h:button")
        if not (words_of(button) or button.get("aria-label") or button.get("aria-labelledby"))
    ]
    return faults


def _form_faults(page: Page) -> list[str]:
    faults = []
    for form in page.all("//h:form"):
        posts = form.get("method", "get").lower() == "post"
        has_token = any(
            field.get("name") == CSRF_FIELD and field.get("value")
            for field in form.iter(f"{HTML}input")
        )
        if posts and not has_token:
            faults.append(f"form to {form.get('action')!r} posts without a CSRF token")
        if not posts and has_token:
            faults.append(f"form to {form.get('action')!r} shows its CSRF token in the address")
        if urljoin("http://here/", form.get("action") or "").split("/")[2] != "here":
            faults.append(f"form posts to another site: {form.get('action')!r}")
    return faults


def _inline_faults(page: Page) -> list[str]:
    faults = [
        f"inline {name} on <{element.tag.removeprefix(HTML)}>"
        for element in page.all("//*")
        if isinstance(element.tag, str)
        for name in element.attrib
        if name == "style" or name.startswith("on")
    ]
    faults += ["<style> in the page" for _ in page.all("//h:style")]
    faults += [
        "<script> with code in the page"
        for script in page.all("//h:script[not(@src)]")
        if script.get("type", "") != "application/json"
    ]
    faults += [
        f"javascript: in {element.get('href')!r}"
        for element in page.all("//h:a[starts-with(@href, 'javascript:')]")
    ]
    return faults


def _id_faults(page: Page) -> list[str]:
    ids = [element.get("id") for element in page.all("//*[@id]")]
    return [f"id {name!r} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]


def _heading_faults(page: Page) -> list[str]:
    """No level is left out going down, as who listens to the headings would miss one."""
    levels = [int(each.tag[-1]) for each in page.all("//h:h1|//h:h2|//h:h3|//h:h4|//h:h5|//h:h6")]
    return [
        f"a heading of level {below} follows one of level {above}"
        for above, below in itertools.pairwise(levels)
        if below > above + 1
    ]


def _object_faults(page: Page) -> list[str]:
    """No object of ours stands in the page as Python would print it."""
    return [f"a Python object: {found}" for found in OBJECT.findall(page.text)]


def _policy_faults(headers: Headers) -> list[str]:
    policy = headers.get("Content-Security-Policy", "")
    if not policy:
        return ["no content security policy"]
    return [f"{word} in the policy" for word in ("unsafe-inline", "unsafe-eval") if word in policy]


class CheckingClient(FlaskClient):
    """Checks each HTML page, and adds the CSRF token to what is posted.

    Pass `csrf=False` to leave the token out, and `check=False` for a page that is not ours.
    """

    def open(
        self, *args: Any, csrf: bool = True, check: bool = True, **kwargs: Any
    ) -> TestResponse:
        """Send a request; see the class."""
        if csrf and str(kwargs.get("method", "GET")).upper() in UNSAFE:
            self._add_token(kwargs)
        response = super().open(*args, **kwargs)
        if (
            check
            and response.mimetype == "text/html"
            and response.status_code not in {301, 302, 303}
        ):
            check_page(response.text, response.headers, str(response.request.path))
        return response

    def _add_token(self, kwargs: dict[str, Any]) -> None:
        headers = dict(kwargs.get("headers") or {})
        if not any(name.lower() == "x-csrftoken" for name in headers):
            kwargs["headers"] = {**headers, "X-CSRFToken": self.csrf_token()}

    def csrf_token(self) -> str:
        """A token that is valid for this client's session."""
        with self.session_transaction() as session:
            session.setdefault(CSRF_FIELD, "0" * 40)
            secret: str = session[CSRF_FIELD]
        signer = URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token")
        return str(signer.dumps(secret))

    def page(self, path: str, **kwargs: Any) -> Page:
        """GET a page that must be there, parsed."""
        response = self.get(path, **kwargs)
        assert response.status_code == 200, f"{path}: {response.status}"
        return Page(response.text)

    def submit(
        self,
        path: str,
        values: Mapping[str, Any] | None = None,
        *,
        action: str | None = None,
        follow: bool = False,
    ) -> TestResponse:
        """Open a page, fill in its form and send it, as a person would.

        Args:
            path: the page with the form.
            values: what is typed; a name that the form does not have is an error. None removes.
            action: the end of the form's address, when the page has several that post.
            follow: go on to where the answer leads.
        """
        form = self.page(path).form(action)
        sent = form_values(form)
        known = {field.get("name") for field in form.iter() if isinstance(field.tag, str)}
        for name, value in (values or {}).items():
            assert name in known, (
                f"the form on {path} has no field {name!r}: {sorted(filter(None, known))}"
            )
            sent[name] = value
        sent = {name: value for name, value in sent.items() if value is not None}
        target = urljoin(path, form.get("action") or path)
        return self.post(target, data=sent, follow_redirects=follow)


def alerts(response: TestResponse) -> list[str]:
    """The words of flashed messages and alerts on a page."""
    page = Page(response.text)
    return page.words("//*[@role='alert' or @role='status']")


def squeeze(text: str) -> str:
    """Text with single spaces, for comparing words."""
    return re.sub(r"\s+", " ", text).strip()
