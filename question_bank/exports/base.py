"""What a writer of questions gets, and what a format of writing is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from contest.core.errors import Words
from question_bank.media import ReadMedium, plain


@dataclass(frozen=True, slots=True)
class ExportQuestion:
    """A question as it stands in the bank; `topic` holds the names from the top down.

    `media` are those that its texts name, by token.
    """

    kind: str
    stem: str
    body: Mapping[str, Any]
    difficulty: str
    mark: Decimal
    external_id: str = ""
    topic: tuple[str, ...] = ()
    explanation: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    name: str = ""
    media: Mapping[str, ReadMedium] = field(default_factory=dict)

    def in_words(self, text: str) -> str:
        """Return one of its texts with words in the place of pictures, sounds and formulas."""
        return plain(text, self.media)

    @property
    def options(self) -> list[tuple[str, bool]]:
        """Texts of the options, and whether each is right."""
        key = set(self.body.get("key", ()))
        return [(option["text"], option["id"] in key) for option in self.body.get("options", ())]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format of writing. `kinds` are those that it can say; others are left out and counted."""

    code: str
    label: Words
    suffix: str
    media_type: str
    kinds: frozenset[str]
    write: Callable[[Iterable[ExportQuestion]], bytes]


def in_words(question: ExportQuestion) -> ExportQuestion:
    """Return a question for a format without media: its words stand where they stood."""
    if not question.media:
        return question
    return replace(
        question,
        stem=question.in_words(question.stem),
        explanation=question.in_words(question.explanation),
        body=_in_words(question, question.body),
    )


def _in_words(question: ExportQuestion, value: Any) -> Any:
    if isinstance(value, str):
        return question.in_words(value)
    if isinstance(value, list):
        return [_in_words(question, each) for each in value]
    if isinstance(value, Mapping):
        return {name: _in_words(question, each) for name, each in value.items()}
    return value
