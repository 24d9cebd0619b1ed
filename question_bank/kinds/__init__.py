"""The registry of question kinds: a new kind is one file here and one line below."""

from types import MappingProxyType
from typing import Any

from question_bank.kinds import (
    cloze,
    description,
    essay,
    group,
    matching,
    multiple,
    numeric,
    ordering,
    short_answer,
    single,
    true_false,
)
from question_bank.kinds.base import UNDRAWN, QuestionKind

KINDS: MappingProxyType[str, QuestionKind] = MappingProxyType(
    {
        found.KIND.code: found.KIND
        for found in (
            single,
            multiple,
            true_false,
            short_answer,
            numeric,
            matching,
            ordering,
            cloze,
            group,
            essay,
            description,
        )
    }
)
ASKED: tuple[str, ...] = tuple(code for code, kind in KINDS.items() if kind.way not in UNDRAWN)
"""The kinds of which papers are drawn."""


def check_stem(code: str, stem: str, body: Any) -> None:
    """Check what only text and checked body together tell: the gaps. Raises ``BodyInvalid``."""
    if code == cloze.KIND.code:
        cloze.check_gaps(stem, body)


def kind_of(code: str) -> QuestionKind:
    """Return the kind with this code. Raises ``KeyError`` when no such kind is registered."""
    return KINDS[code]
