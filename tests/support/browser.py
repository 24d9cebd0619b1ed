"""Real Chromium against a live server, on a phone and on a desktop, with axe on each page."""

import contextlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from toolchain.programs import find_chromium
from toolchain.steps import PROJECT_ROOT

AXE: Final = PROJECT_ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARTEFACTS: Final = PROJECT_ROOT / "test-artefacts"
AXE_RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PATIENCE: Final = 15_000
"""ms until a test gives up on a page: four browsers share two cores."""
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing of a test leaves the machine, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Screen:
    """A device that pages are looked at on."""

    name: str
    width: int
    height: int
    touch: bool


PHONE: Final = Screen("phone", 390, 844, touch=True)
DESKTOP: Final = Screen("desktop", 1366, 768, touch=False)
SCREENS: Final = (PHONE, DESKTOP)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  (werkzeug's name)
        """Say nothing about requests."""


@contextmanager
def live_server(app: Flask) -> Iterator[str]:
    """Serve the application from threads of this process on a free port; gives the address."""
    server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def start_chromium(playwright: Playwright) -> Browser:
    """Start the browser.

    Raises:
        RuntimeError: there is none; the message says what to do.
    """
    program = find_chromium()
    if program is None:
        words = (
            "Chromium is missing. `python3 dev.py test` fetches it; or install it (Debian: "
            "apt-get install chromium), or name one in CHROMIUM."
        )
        raise RuntimeError(words)
    return playwright.chromium.launch(executable_path=str(program), args=list(FLAGS))


@contextmanager
def open_window(
    browser: Browser,
    address: str,
    screen: Screen = PHONE,
    *,
    language: str = "vi",
    dark: bool = False,
    javascript: bool = True,
) -> Iterator[Page]:
    """A window of its own, with its own cookies; errors of scripts and of the policy are kept.

    Args:
        browser: the running browser.
        address: the server's, for paths without one.
        screen: phone or desktop.
        language: what the browser asks for.
        dark: whether the person prefers dark colours.
        javascript: without it every main job must still work.
    """
    context = browser.new_context(
        base_url=address,
        viewport={"width": screen.width, "height": screen.height},
        has_touch=screen.touch,
        is_mobile=screen.touch,
        device_scale_factor=1,
        locale="vi-VN" if language == "vi" else "en-GB",
        timezone_id="Asia/Ho_Chi_Minh",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=javascript,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints = listen(page)
    try:
        yield page
        assert not complaints, "the browser complains:\n" + "\n".join(complaints)
    except BaseException:
        _keep_picture(page)
        raise
    finally:
        close(context)


def listen(page: Page) -> list[str]:
    """Collect what the console and the content security policy complain about."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))

    def note(message: Any) -> None:
        # A network that the test has cut is no fault of the page, nor is a 4xx it asked for.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"console: {message.text}")

    page.on("console", note)
    return complaints


def close(context: BrowserContext) -> None:
    """Close a window, whatever state it is in."""
    with contextlib.suppress(Exception):
        context.close()


def _keep_picture(page: Page) -> None:
    """Keep what was seen when a test failed."""
    ARTEFACTS.mkdir(exist_ok=True)
    name = os.environ.get("PYTEST_CURRENT_TEST", "page").split(" ")[0]
    path = ARTEFACTS / (re.sub(r"\W+", "-", name).strip("-")[-120:] + ".png")
    with contextlib.suppress(Exception):
        page.screenshot(path=path, full_page=True)


def axe(page: Page) -> None:
    """Assert that axe finds nothing on the page, and that it does not scroll sideways."""
    # Evaluated, not added as a tag: the page's policy forbids foreign scripts, and should.
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", list(AXE_RULES)
    )
    faults = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(node["html"][:200] for node in violation["nodes"][:4])
        for violation in found["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        faults.append(f"the page is {wide} px wider than the screen")
    assert not faults, f"{page.url}:\n" + "\n".join(faults)
