"""What invented contestants know: a right and a wrong answer to each question, kind by kind.

Read from the stored body alone. Nothing of `question_bank` is used, so that a mistake in its
marking shows: a right answer of these is all right, a wrong one earns nothing.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_MOST_SIGNS: Final = 200
_NOT_KNOWN: Final = "không nhớ nổi"
_FAR_OFF: Final = "-987654321"


@dataclass(frozen=True, slots=True)
class Crib:
    """A right and a wrong answer as the ledger keeps them; None where a kind has no such answer.

    `is_marked` is False where people mark what is written: nothing is expected then. `is_chosen`
    says that the answer is made of options that the page must show.
    """

    right: tuple[str, ...] | None
    wrong: tuple[str, ...] | None
    is_marked: bool = True
    is_chosen: bool = False


def as_kept(parts: Sequence[str]) -> tuple[str, ...]:
    """An answer as it is compared: composed, sorted, each part once."""
    return tuple(sorted({unicodedata.normalize("NFC", part) for part in parts}))


def crib_of(kind: str, body: Mapping[str, Any]) -> Crib:
    """What is right and wrong in a question.

    Args:
        kind: code of the question's kind.
        body: the JSON of its revision.
    """
    read = _READERS.get(kind)
    return _UNKNOWN if read is None else read(body)


_UNKNOWN: Final = Crib(None, None, is_marked=False)


def _of_choice(body: Mapping[str, Any]) -> Crib:
    key = {str(each) for each in body["key"]}
    others = [option["id"] for option in body["options"] if option["id"] not in key]
    return Crib(as_kept(list(key)), as_kept(others[:1]) or None, is_chosen=True)


def _of_short_answer(body: Mapping[str, Any]) -> Crib:
    first = body["answers"][0]
    text = str(first["text"])
    # Stars stand for any signs: what a star takes, only the marking says.
    plain = not any("*" in str(each["text"]) or "\\" in each["text"] for each in body["answers"])
    whole = plain and str(first.get("share", 1)) == "1"
    return Crib((text,) if whole else None, (_NOT_KNOWN,) if plain else None)


def _of_numeric(body: Mapping[str, Any]) -> Crib:
    first = body["answers"][0]
    whole = str(first.get("share", 1)) == "1"
    return Crib((str(first["value"]).replace(".", ","),) if whole else None, (_FAR_OFF,))


def _of_matching(body: Mapping[str, Any]) -> Crib:
    pairs, ids = body["pairs"], body["ids"]
    extra = [each["text"] if isinstance(each, dict) else each for each in body.get("extra", [])]
    words = list(dict.fromkeys([*(pair["right"] for pair in pairs), *extra]))
    rows, by_word = ids[: len(pairs)], dict(zip(words, ids[len(pairs) :], strict=True))
    wanted = [by_word[pair["right"]] for pair in pairs]
    others = [next((each for each in by_word.values() if each != own), own) for own in wanted]
    return Crib(
        as_kept([f"{row}={own}" for row, own in zip(rows, wanted, strict=True)]),
        as_kept([f"{row}={other}" for row, other in zip(rows, others, strict=True)]),
        is_chosen=True,
    )


def _of_ordering(body: Mapping[str, Any]) -> Crib:
    ids = [item["id"] for item in body["items"]]
    return Crib(_placed(ids), _placed(ids[::-1]), is_chosen=True)


def _placed(ids: Sequence[str]) -> tuple[str, ...]:
    return as_kept([f"{each}={place}" for place, each in enumerate(ids, start=1)])


def _of_parts(body: Mapping[str, Any]) -> Crib:
    right: list[str] | None = []
    wrong: list[str] | None = []
    for part in body["parts"]:
        own = crib_of(part["kind"], part["body"])
        right = _with(right, part["id"], own.right)
        wrong = _with(wrong, part["id"], own.wrong)
    return Crib(
        None if right is None else as_kept(right), None if wrong is None else as_kept(wrong)
    )


def _with(known: list[str] | None, part: str, values: tuple[str, ...] | None) -> list[str] | None:
    if known is None or values is None:
        return None
    named = [f"{part}={value}" for value in values]
    return None if any(len(each) > _MOST_SIGNS for each in named) else known + named


def _of_essay(body: Mapping[str, Any]) -> Crib:
    del body
    return Crib(("Bài làm thử: học ở dân, gần dân.",), None, is_marked=False)


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Crib]]] = {
    "single": _of_choice,
    "multiple": _of_choice,
    "true_false": _of_choice,
    "short_answer": _of_short_answer,
    "numeric": _of_numeric,
    "matching": _of_matching,
    "ordering": _of_ordering,
    "cloze": _of_parts,
    "group": _of_parts,
    "essay": _of_essay,
}
