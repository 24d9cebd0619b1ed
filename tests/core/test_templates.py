"""Compiled templates that are kept: for nobody else, and never in the way of a page."""

import stat
from pathlib import Path

import pytest
from flask import Flask

from contest.core.templates import keep_compiled

pytestmark = pytest.mark.sqlite_only


def page(folder: Path, *, trim: bool = True) -> str:
    """A page of an application that keeps its compiled templates in a folder."""
    app = Flask("pages", template_folder=str(folder.parent / "pages"))
    app.jinja_env.trim_blocks = trim
    keep_compiled(app, folder)
    return app.jinja_env.get_template("a.html").render()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text("{% if true %}\nXin chào{% endif %}")
    return tmp_path / "compiled"


def test_only_the_owner_may_write_where_code_is_read_from(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    assert page(folder) == "Xin chào"
    (own,) = folder.iterdir()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, own)} == {0o700}
    assert len(list(own.iterdir())) == 1


def test_other_options_have_a_folder_of_their_own(folder: Path) -> None:
    assert [page(folder), page(folder, trim=False), page(folder)] == [
        "Xin chào",
        "\nXin chào",
        "Xin chào",
    ]
    assert len(list(folder.iterdir())) == 2


def test_a_disk_that_takes_nothing_still_shows_the_page(folder: Path) -> None:
    # A folder that has gone takes no file, whoever asks (no mode stops the superuser).
    app = Flask("pages", template_folder=str(folder.parent / "pages"))
    keep_compiled(app, folder)
    (own,) = folder.iterdir()
    own.rmdir()
    own.write_text("a file in its place")
    assert app.jinja_env.get_template("a.html").render() == "\nXin chào"


def test_no_folder_at_all_still_shows_the_page(folder: Path) -> None:
    folder.write_text("a file in its place")
    assert page(folder) == "Xin chào"
