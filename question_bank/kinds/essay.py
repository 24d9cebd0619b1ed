"""Essay: free writing, marked by a person; by itself it earns nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.base import (
    NO_ANSWER,
    Answer,
    AnswerInvalid,
    Presented,
    Way,
)
from question_bank.kinds.unasked import EmptyBody, UnaskedKind

MOST_WRITTEN: Final = 4_000
"""Characters of an answer."""


def as_written(text: str) -> str:
    """A text as it is kept: one sign for the end of a line, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def is_writing(text: str) -> bool:
    """Whether a text can be an answer: not too long, no control signs but ends of lines, tabs."""
    return len(text) <= MOST_WRITTEN and all(sign in "\n\t" or sign.isprintable() for sign in text)


@dataclass(frozen=True, slots=True)
class EssayKind(UnaskedKind):
    """The behaviour of essay questions in a quiz."""

    way: Way = Way.ESSAY

    def present(self, body: EmptyBody, order: Sequence[str] = ()) -> Presented:
        """A field under the stem."""
        del body, order
        return Presented(self.code, several=False, options=(), way=self.way)

    def parse_answer(self, body: EmptyBody, raw: object) -> Answer:
        """Read the text. Raises ``AnswerInvalid``."""
        del body
        if raw is None or raw in ("", [], ()):
            return NO_ANSWER
        values = [raw] if isinstance(raw, str) else raw
        if not isinstance(values, list | tuple) or len(values) != 1:
            raise AnswerInvalid(self.code)
        text = values[0]
        if not isinstance(text, str) or not is_writing(text := as_written(text)):
            raise AnswerInvalid(self.code)
        return (text,) if text else NO_ANSWER

    def answer_texts(self, body: EmptyBody, answer: Answer) -> tuple[str, ...]:
        """What was written."""
        del body
        return answer


KIND = EssayKind("essay", _l("Essay question"))
