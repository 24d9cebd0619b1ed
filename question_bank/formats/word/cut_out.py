"""The questions that were cut out of a paper."""

from dataclasses import dataclass, field

from question_bank.formats.word.answers import AnswerTable
from question_bank.formats.word.lines import Line, Run
from question_bank.formats.word.options import Option


@dataclass
class PaperQuestion:
    """A question of a paper, as far as it was cut out."""

    number: int | None
    stem: list[Line] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    key: str | None = None
    other_keys: list[str] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    difficulty: str | None = None
    unread: list[str] = field(default_factory=list)
    pictures: int = 0
    equations: int = 0
    on_one_line: int = 0
    is_closed: bool = False
    original: list[str] = field(default_factory=list)
    picture_after: bool = False

    def statements(self) -> None:
        """Put what was read as options a, b … into the stem: options A, B … begin below them."""
        for option in self.options:
            self.stem.append(Line([Run(f"{option.letter}. "), *option.text.runs]))
        self.stem += [Line([Run(text)]) for text in self.loose]
        self.options, self.loose, self.is_closed, self.on_one_line = [], [], False, 0


@dataclass
class Paper:
    """A whole paper: questions in its order and the answers at its end.

    `shared` are the numbers of questions on a text that stands above them.
    """

    questions: list[PaperQuestion] = field(default_factory=list)
    answers: AnswerTable = field(default_factory=AnswerTable)
    shared: set[int] = field(default_factory=set)
