"""What every question kind can do, and the words that kinds share.

A kind is one file in this folder plus one line in the registry (``kinds/__init__.py``). It owns the
JSON *body* of a revision: it checks it, shows the part that a contestant may see, reads an answer,
and marks it. It never touches the database, so that a worker can mark thousands of papers a second.

An answer is one form for all kinds: a tuple of strings, empty when nothing was answered (option ids
for choices, the typed text for a short answer, ``left=right`` pairs for matching). The ledger of
answers can then be compared, folded and digested without knowing the kind.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

Answer: TypeAlias = tuple[str, ...]
BodyJson: TypeAlias = Mapping[str, Any]
NO_ANSWER: Answer = ()
_SHARE = re.compile(r"[-+]?[0-9]{1,20}(?:[./][0-9]{1,20})?")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Share(NamedTuple):
    """The part of a question's marks that an answer earns, as an exact fraction of integers."""

    numerator: int
    denominator: int

    @property
    def full(self) -> bool:
        """Is the whole question right?"""
        return self.numerator == self.denominator

    @property
    def fraction(self) -> Fraction:
        """The same as a reduced fraction, for reports."""
        return Fraction(self.numerator, self.denominator)


def read_share(raw: object) -> Fraction | None:
    """Return "1/3" or "0.5" as a fraction; None for what is none, and for exponents.

    1e999999999 would be made into a thousand million digits.
    """
    text = str(raw)
    try:
        return Fraction(text) if _SHARE.fullmatch(text) else None
    except ZeroDivisionError:
        return None


NOTHING = Share(0, 1)
EVERYTHING = Share(1, 1)


@dataclass(frozen=True, slots=True)
class BodyProblem:
    """One thing that is wrong with a body.

    ``field`` names the place: ``options``, ``key``, ``scoring`` or ``options.2`` (counted from 0);
    ``message`` is a lazy translated sentence that says what to do.
    """

    field: str
    message: Any


class BodyInvalid(ValueError):
    """The body of a revision breaks its kind's rules; ``problems`` says where and why."""

    def __init__(self, problems: Sequence[BodyProblem]) -> None:
        super().__init__(", ".join(problem.field for problem in problems))
        self.problems = tuple(problems)


class AnswerInvalid(ValueError):
    """An answer that this question cannot have (an unknown option, two where one is allowed)."""


class Way(StrEnum):
    """How a question is answered: by options, typed words or a number, or a list for each row.

    GAPS are filled in a text, PARTS answered one by one under it; an answer names its part.
    An ESSAY is written freely and marked by a person; NOTHING is for what is only read.
    """

    OPTIONS = "options"
    TEXT = "text"
    NUMBER = "number"
    PAIRS = "pairs"
    ORDER = "order"
    GAPS = "gaps"
    PARTS = "parts"
    ESSAY = "essay"
    NOTHING = "nothing"


TYPED: frozenset[Way] = frozenset((Way.TEXT, Way.NUMBER))
COMPOSED: frozenset[Way] = frozenset((Way.GAPS, Way.PARTS))
"""Made of parts, of which some may be typed."""
UNDRAWN: frozenset[Way] = frozenset((Way.ESSAY, Way.NOTHING))
"""What no paper is drawn of: organisers put it into the papers of a round by hand."""


@dataclass(frozen=True, slots=True)
class PresentedOption:
    """An option as a contestant sees it: its letter comes from the place on this paper."""

    id: str
    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class PresentedPart:
    """A gap, or a question on a shared text, as a contestant sees it.

    `is_list` shows options one under another; without it they stand in a menu.
    """

    id: str
    number: int
    way: Way
    several: bool
    stem: str = ""
    options: tuple[PresentedOption, ...] = ()
    unit: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Presented:
    """The part of a body that a contestant may see. It has no key, no scoring, no explanation.

    Each of the `rows` gets one of the options; the answer is then ``row=option``. `unit` stands
    behind the field of a number.
    """

    kind: str
    several: bool
    options: tuple[PresentedOption, ...]
    way: Way = Way.OPTIONS
    rows: tuple[PresentedOption, ...] = ()
    unit: str = ""
    parts: tuple[PresentedPart, ...] = ()


class KindBody(Protocol):
    """A body that has been checked. Immutable: workers keep it in memory and share it."""

    @property
    def option_ids(self) -> tuple[str, ...]:
        """What an answer may consist of: ids of options, ``row=option``; empty for typed answers.

        For choices they stand in the author's order, else in one that tells nothing of the key.
        """
        ...

    @property
    def fixed_last(self) -> tuple[str, ...]:
        """Ids of the options that keep their place at the end when options are shuffled."""
        ...


@runtime_checkable
class MarksAny(Protocol):
    """A kind whose questions have parts of their own: several keys are tried part by part."""

    def mark_any(self, bodies: Sequence[Any], answer: "Answer") -> "Share":
        """Return the share that an answer earns where each part may follow any of the bodies."""
        ...


class QuestionKind(Protocol):
    """One kind of question. Implementations are stateless singletons."""

    @property
    def code(self) -> str:
        """The name that is stored: ``single``, ``multiple``, ``true_false``."""
        ...

    @property
    def label(self) -> Any:
        """The kind's name for people, lazily translated."""
        ...

    @property
    def several(self) -> bool:
        """May an answer have more than one part?"""
        ...

    @property
    def way(self) -> Way:
        """How the question is answered."""
        ...

    def parse(self, body: BodyJson) -> KindBody:
        """Check a stored or typed body. Raises ``BodyInvalid`` with every problem found."""
        ...

    def dump(self, body: Any) -> dict[str, Any]:
        """Return the JSON of a checked body; ``parse(dump(body)) == body``."""
        ...

    def present(self, body: Any, order: Sequence[str]) -> Presented:
        """Return what a contestant may see, options in the paper's ``order`` (all when empty)."""
        ...

    def parse_answer(self, body: Any, raw: object) -> Answer:
        """Read an answer from JSON or a form's values. Raises ``AnswerInvalid``."""
        ...

    def mark(self, body: Any, answer: Answer) -> Share:
        """Return the share of the marks that ``answer`` earns."""
        ...

    def key_letters(self, body: Any, order: Sequence[str] = ()) -> tuple[str, ...]:
        """Letters of the right options, by the paper's ``order`` (the author's when empty)."""
        ...

    def key_texts(self, body: Any) -> tuple[str, ...]:
        """Texts of the right answers, in the author's order."""
        ...

    def option_texts(self, body: Any) -> tuple[str, ...]:
        """Texts of all options, in the author's order."""
        ...

    def answer_texts(self, body: Any, answer: Answer) -> tuple[str, ...]:
        """The given answer in words, for a receipt or a result page."""
        ...

    def lines(self, body: Any) -> tuple[str, ...]:
        """The answers as an author types them, one a line; `from_lines` reads them back."""
        ...

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """Build an unchecked body from such lines; `more` holds switches of the kind's form."""
        ...
