"""Kinds that mark nothing: a description is only read, an essay goes to a person (`essay`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from question_bank.kinds.base import (
    NO_ANSWER,
    NOTHING,
    Answer,
    BodyJson,
    Presented,
    Share,
    Way,
)


@dataclass(frozen=True, slots=True)
class EmptyBody:
    """A body that says nothing: the stem is all there is."""

    option_ids: tuple[str, ...] = ()
    fixed_last: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnaskedKind:
    """The behaviour of a description; what it shares with an essay."""

    code: str
    label: Any
    several: bool = False
    way: Way = Way.NOTHING

    def parse(self, body: BodyJson) -> EmptyBody:
        """There is nothing to check."""
        del body
        return EmptyBody()

    def dump(self, body: EmptyBody) -> dict[str, Any]:
        """Return an empty object."""
        del body
        return {}

    def present(self, body: EmptyBody, order: Sequence[str] = ()) -> Presented:
        """Nothing stands under the stem."""
        del body, order
        return Presented(self.code, several=False, options=(), way=self.way)

    def parse_answer(self, body: EmptyBody, raw: object) -> Answer:
        """There is no answer."""
        del body, raw
        return NO_ANSWER

    def mark(self, body: EmptyBody, answer: Answer) -> Share:
        """By itself it earns nothing."""
        del body, answer
        return NOTHING

    def key_letters(self, body: EmptyBody, order: Sequence[str] = ()) -> tuple[str, ...]:
        """There is no key."""
        del body, order
        return ()

    def key_texts(self, body: EmptyBody) -> tuple[str, ...]:
        """There is no key."""
        del body
        return ()

    def option_texts(self, body: EmptyBody) -> tuple[str, ...]:
        """There are no options."""
        del body
        return ()

    def answer_texts(self, body: EmptyBody, answer: Answer) -> tuple[str, ...]:
        """There is no answer."""
        del body, answer
        return ()

    def lines(self, body: EmptyBody) -> tuple[str, ...]:
        """There are no answers."""
        del body
        return ()

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """An empty body."""
        del text, more
        return {}
