"""The Vietnamese catalogue is whole: every message, every placeholder, one text for each."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from contest.config import PROJECT_ROOT

KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
}
METHODS: Final = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
SOURCES: Final = ("contest", "question_bank", "templates")
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sdif]|%(?![(%])\S|%%")
CATALOGUES: Final = sorted((PROJECT_ROOT / "translations" / "vi").glob("*.po"))

Id = str | tuple[str, ...]


@cache
def extracted() -> dict[Id, str]:
    """Every message in the code and templates, with where it stands."""
    found: dict[Id, str] = {}
    for folder in SOURCES:
        for name, line, message, _comments, _context in extract_from_dir(
            PROJECT_ROOT / folder, METHODS, keywords=dict(KEYWORDS)
        ):
            found.setdefault(message, f"{folder}/{name}:{line}")
    return found


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="vi", abort_invalid=True)


def messages() -> Iterator[tuple[Path, Message]]:
    for path in CATALOGUES:
        yield from ((path, message) for message in catalogue(path) if message.id)


def key(message: Message) -> Id:
    return tuple(message.id) if isinstance(message.id, list | tuple) else str(message.id)


def texts(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list | tuple) else [str(value)]


def test_every_message_has_its_vietnamese() -> None:
    translated = {key(message) for _path, message in messages() if all(texts(message.string))}
    missing = {
        str(message): place for message, place in extracted().items() if message not in translated
    }
    assert missing == {}


def said_by_wtforms() -> set[Id]:
    """The messages of WTForms' own validators, which has no Vietnamese."""
    folder = Path(wtforms.__file__).parent
    return {
        message
        for _name, _line, message, *_rest in extract_from_dir(
            folder, METHODS, keywords=dict(KEYWORDS)
        )
    }


def test_the_catalogue_holds_nothing_that_is_not_said() -> None:
    said = extracted().keys() | said_by_wtforms()
    left_over = [
        f"{path.name}: {message.id}" for path, message in messages() if key(message) not in said
    ]
    assert left_over == []


def test_nothing_is_fuzzy() -> None:
    assert [f"{path.name}: {message.id}" for path, message in messages() if message.fuzzy] == []


def test_placeholders_are_the_same() -> None:
    faults = [
        f"{path.name}: {wanted} → {text}"
        for path, message in messages()
        for wanted in [set(PLACEHOLDER.findall(texts(message.id)[-1]))]
        for text in texts(message.string)
        if set(PLACEHOLDER.findall(text)) != wanted
    ]
    assert faults == []


def test_one_message_has_one_text() -> None:
    """Different Vietnamese for the same English wants different English."""
    known: dict[Id, set[tuple[str, ...]]] = defaultdict(set)
    for _path, message in messages():
        known[key(message)].add(tuple(texts(message.string)))
    assert {message: words for message, words in known.items() if len(words) > 1} == {}


def test_vietnamese_is_composed_and_tidy() -> None:
    faults = [
        f"{path.name}: {text!r}"
        for path, message in messages()
        for edges in [texts(message.id)[0].strip(" ") != texts(message.id)[0]]
        for text in texts(message.string)
        if text != unicodedata.normalize("NFC", text)
        or "  " in text
        or (text.strip(" ") != text) is not edges
        or "..." in text
        or '"' in text
    ]
    assert faults == []
