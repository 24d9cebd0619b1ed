"""Our JSON: a bank as it is, without loss. The writer is `question_bank.exports.own_json`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc, one_line
from question_bank.formats.base import (
    MOST_ORIGINAL,
    FileFormat,
    Item,
    Place,
    ReadOption,
    ReadQuestion,
    UnreadableFile,
    some_questions,
)
from question_bank.formats.draft import Draft
from question_bank.formats.media import MOST_OF_QUESTION as MOST_MEDIA
from question_bank.formats.media import Budget, FoundMedia, decoded
from question_bank.formats.sieve import CHOICES, Sieve, skipped_kind
from question_bank.formats.text import decode, peek
from question_bank.kinds import KINDS
from question_bank.kinds.base import BodyInvalid
from question_bank.kinds.choice import looks_random
from question_bank.media import MediumKind, token
from question_bank.models import Difficulty

NAME: Final = "guong-sang-questions"
VERSION: Final = 1
# Also JSON of others: it is refused as such, not as a table without a header row.
_SIGN: Final = re.compile(r'\s*(?:\{\s*"|\[\s*[\[{])')
_DEPTH: Final = 40
_MOST_MARK: Final = 1_000
_MOST_EXPONENT: Final = 10


def _unreadable(code: str, line: int = 1) -> UnreadableFile:
    return UnreadableFile(
        code, _l("This is not JSON as we write it: the fault is in line %(line)s.", line=line)
    )


def _document(data: bytes) -> dict[str, Any]:
    text = decode(data)
    try:
        document = json.loads(text)
    except RecursionError as reason:
        raise _unreadable("bad_json") from reason
    except json.JSONDecodeError as reason:
        raise _unreadable("bad_json", reason.lineno) from reason
    except ValueError as reason:  # a number of thousands of digits
        raise _unreadable("bad_json") from reason
    if not isinstance(document, dict) or document.get("format") != NAME:
        raise _unreadable("other_json")
    if document.get("version") != VERSION or not isinstance(document.get("questions"), list):
        raise UnreadableFile(
            "other_version", _l("This file was written by another version and is not read.")
        )
    return document


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return nfc(value) if isinstance(value, str) else ""


def _mark(draft: Draft, entry: Mapping[str, Any]) -> Decimal | None:
    if entry.get("mark") is None:
        return None
    try:
        mark = Decimal(str(entry["mark"]))
    except InvalidOperation:
        mark = Decimal(-1)
    far = mark.is_finite() and bool(mark) and abs(mark.adjusted()) > _MOST_EXPONENT
    if mark.is_finite() and not far and 0 <= mark <= _MOST_MARK:
        return mark
    message = _l(
        "“%(mark)s” cannot be read as points. Write a number such as 0,25.",
        mark=str(entry["mark"])[:40],
    )
    draft.refuse("bad_mark", message)
    return None


def _question(draft: Draft, entry: Mapping[str, Any], kind_code: str) -> ReadQuestion:
    """Read one entry; what is wrong with it stands in the draft afterwards."""
    kind = KINDS[kind_code]
    topic = entry.get("topic")
    names = [one_line(str(name)) for name in topic] if isinstance(topic, list) else []
    tags = entry.get("tags")
    level = _text(entry, "difficulty")
    body = entry.get("body")
    options: tuple[ReadOption, ...] = ()
    key: tuple[int, ...] = ()
    answers: tuple[str, ...] = ()
    try:
        parsed = kind.parse(
            _without_telling_ids(kind_code, _clean(body)) if isinstance(body, dict) else {}
        )
    except BodyInvalid as invalid:
        for problem in invalid.problems:
            draft.refuse("invalid", problem.message)
    else:
        body = kind.dump(parsed)
        if kind_code in CHOICES:
            given = body["options"]
            options = tuple(ReadOption(each["text"], each["fixed"]) for each in given)
            key = tuple(n for n, each in enumerate(given) if each["id"] in body["key"])
        else:
            answers = kind.key_texts(parsed)
    return ReadQuestion(
        place=draft.place,
        kind=kind_code,
        stem=_text(entry, "stem").strip(),
        options=options,
        key=key,
        answers=answers,
        body=body if isinstance(body, dict) else None,
        external_id=one_line(_text(entry, "id")) or None,
        topic=" > ".join(name for name in names if name) or None,
        difficulty=level if level in set(Difficulty) else None,
        explanation=_text(entry, "explanation"),
        source=_text(entry, "source"),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        mark=_mark(draft, entry),
    )


def _without_telling_ids(kind_code: str, body: dict[str, Any]) -> dict[str, Any]:
    """Drop ids that people gave: "1", "2", "3" would tell contestants the right order."""
    items, pairs, ids = body.get("items"), body.get("pairs"), body.get("ids")
    if kind_code == "ordering" and isinstance(items, list):
        given = [item for item in items if isinstance(item, dict)]
        if not looks_random([item.get("id") for item in given]):
            return body | {"items": [item | {"id": ""} for item in given]}
    elif kind_code == "matching" and isinstance(ids, list):
        left = len(pairs) if isinstance(pairs, list) else 0
        if not (looks_random(ids[:left]) and looks_random(ids[left:])):
            return body | {"ids": []}
    return body


def _clean(value: Any, depth: int = 0) -> Any:
    """Return JSON without lone surrogates and NUL, which no database takes, and not too deep."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode().replace("\0", "")
    if depth > _DEPTH:
        return None
    if isinstance(value, list):
        return [_clean(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(each, depth + 1) for name, each in value.items()}
    return value


def _items(entry: object, number: int, sieve: Sieve, budget: Budget) -> Iterator[Item]:
    place = Place(number, question=number)
    draft = Draft(place, {})
    if not isinstance(entry, dict):
        draft.refuse("no_question", _l("This entry is no question."))
        yield from draft.problems
        return
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        yield from skipped_kind(place, one_line(str(kind))[:40])
        return
    cleaned: dict[str, Any] = _clean(entry)
    media = FoundMedia(budget)
    kept = _with_media(cleaned, media)
    question = _question(draft, kept, kind)
    media.tell(draft)
    yield from sieve.items(
        draft,
        replace(
            question,
            name=one_line(_text(kept, "name")),
            media=tuple(media.found.values()),
            original=json.dumps(kept | {"media": len(media.found)}, ensure_ascii=False, indent=1)[
                :MOST_ORIGINAL
            ],
        ),
    )


def _with_media(entry: dict[str, Any], media: FoundMedia) -> dict[str, Any]:
    """Take the media of an entry, scrubbed again; where that makes another, its token changes."""
    given = entry.get("media")
    names = {}
    for item in given[:MOST_MEDIA] if isinstance(given, list) else ():
        if not isinstance(item, dict):
            continue
        words = _text(item, "words")
        if item.get("kind") == MediumKind.FORMULA:
            made = media.formula(_text(item, "markup"), words)
        else:
            made = media.content(
                decoded(str(item.get("content", ""))),
                words,
                is_decorative=item.get("decorative") is True,
            )
        names[token(str(item.get("ref")))] = made
    kept = {name: value for name, value in entry.items() if name != "media"}
    return _renamed(kept, names) if names else kept


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in names.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    if isinstance(value, dict):
        return {name: _renamed(each, names) for name, each in value.items()}
    return value


def _recognises(data: bytes) -> bool:
    return bool(_SIGN.match(peek(data)[:1_000]))


def _may_be(data: bytes) -> bool:
    return peek(data).lstrip().startswith(("{", "["))


@some_questions
def _read(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
    sieve, budget = Sieve(convert_legacy), Budget()
    for number, entry in enumerate(_document(data)["questions"], start=1):
        yield from _items(entry, number, sieve, budget)


FORMAT = FileFormat("json", _l("Our JSON (.json), without loss"), _recognises, _read, _may_be)
