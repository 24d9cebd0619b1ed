"""Forms of quizzes: settings, extra time, reports, checking a receipt."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import (
    AnyOf,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from contest.core.forms import (
    BaseForm,
    LineField,
    LocalInstantField,
    TextField,
    WholeNumberField,
    choices_of,
)
from contest.core.i18n import gettext
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField
from contest.quizzes.actions import QuizSettings
from contest.quizzes.models import (
    BoardShown,
    CountingRule,
    LateStart,
    QuizRound,
    ReportOutcome,
    ResultShown,
)
from contest.quizzes.rules.blueprints import MOST_QUESTIONS
from contest.quizzes.rules.sections import MOST_SECTIONS, Section
from question_bank.drawing import Blueprint, Cell
from question_bank.models import Difficulty

_MINUTE = 60
_WHOLE: Final = re.compile(r"[0-9]{1,3}", re.ASCII)
_MINUTES: Final = re.compile(r"[0-9]{1,4}([.,][0-9]{1,2})?", re.ASCII)
LEVELS: tuple[Difficulty | None, ...] = (*Difficulty, None)


class SettingsForm(BaseForm):
    """How a quiz round is held. The blueprint's cells stand beside it, see `read_cells`."""

    bank = SelectField(_l("Question bank"), validate_choice=True)
    minutes = WholeNumberField(
        _l("Time limit in minutes"),
        validators=[InputRequired(), NumberRange(min=1, max=1440)],
        description=_l("From the start, by the server's clock."),
    )
    attempts = WholeNumberField(
        _l("Attempts for each person"),
        validators=[Optional(), NumberRange(min=1, max=1000)],
        description=_l("Leave it empty for as many as people like."),
    )
    per_day = WholeNumberField(
        _l("Of them on one day"),
        validators=[Optional(), NumberRange(min=1, max=100)],
        description=_l("From midnight to midnight. Leave it empty for no limit a day."),
    )
    delay = WholeNumberField(
        _l("Minutes between two attempts"),
        validators=[Optional(), NumberRange(min=0, max=10_080)],
        description=_l("From the end of the last one. Leave it empty for none."),
    )
    counting = RadioField(
        _l("Which attempt counts"),
        choices=choices_of(
            [
                (CountingRule.BEST.value, _l("The best; among equals the earliest")),
                (CountingRule.FIRST.value, _l("The first")),
                (CountingRule.LAST.value, _l("The last")),
                (CountingRule.MEAN.value, _l("The mean of all attempts")),
            ]
        ),
    )
    late_start = RadioField(
        _l("Whoever begins shortly before the close"),
        choices=choices_of(
            [
                (LateStart.FULL_TIME.value, _l("Has the whole time limit")),
                (
                    LateStart.CUT_AT_CLOSE.value,
                    _l("Ends at the close; it is said before the start"),
                ),
            ]
        ),
    )
    grace = WholeNumberField(
        _l("Grace for answers on their way, in seconds"),
        validators=[InputRequired(), NumberRange(min=0, max=3600)],
        description=_l("Answers that a weak line brings this long after the end still count."),
    )
    shuffle_questions = BooleanField(_l("Questions in random order"))
    shuffle_options = BooleanField(_l("Options in random order"))
    same_paper = BooleanField(
        _l("The same questions for everybody"),
        description=_l("One paper is drawn at the opening; only its order differs."),
    )
    one_page = BooleanField(_l("All questions on one page"))
    one_way = BooleanField(
        _l("No way back to earlier questions"),
        description=_l("One question after another; whoever goes on cannot change what was left."),
    )
    focus_recorded = BooleanField(
        _l("Count how often the page is left"),
        description=_l("Contestants read so before the start. It is a hint for people, no more."),
    )
    approved_only = BooleanField(
        _l("Approved questions only"),
        default=True,
        description=_l("Without this, drafts and checked questions can stand in papers as well."),
    )
    prediction = BooleanField(
        _l("Ask the prediction question"),
        description=_l(
            "How many people will answer everything rightly? It decides between equals."
        ),
    )
    prediction_per_division = BooleanField(_l("Compare with the number of one's own division"))
    result_shown = RadioField(
        _l("What contestants see of their own result before the publication"),
        choices=choices_of(
            [
                (ResultShown.NOTHING.value, _l("Only the receipt")),
                (ResultShown.POINTS.value, _l("Receipt and points, without the answers")),
            ]
        ),
    )

    board_shown = RadioField(
        _l("What everybody sees while the round is open"),
        choices=choices_of(
            [
                (BoardShown.NOTHING.value, _l("Nothing: counters stay hidden")),
                (
                    BoardShown.UNTIL_FREEZE.value,
                    _l("A board that stands still before the close"),
                ),
                (BoardShown.ALWAYS.value, _l("A board until the close")),
            ]
        ),
        description=_l("Counters make the prediction question easier to guess."),
    )
    board_freeze_minutes = WholeNumberField(
        _l("Minutes before the close at which the board stands still"),
        validators=[Optional(), NumberRange(min=0, max=10080)],
    )
    most_open = WholeNumberField(
        _l("Most open attempts at the same time"),
        validators=[Optional(), NumberRange(min=1, max=10_000_000)],
        description=_l("Further people wait by their arrival. Leave it empty for no limit."),
    )

    def validate_one_way(self, field: BooleanField) -> None:
        """Questions that all stand on one page have no order to keep.

        Raises:
            ValidationError: both are chosen.
        """
        if field.data and self.one_page.data:
            raise ValidationError(
                gettext(
                    "With all questions on one page there is no order to keep. "
                    "Choose one of the two."
                )
            )

    def offer_banks(self, banks: Iterable[tuple[int, str]]) -> None:
        """Fill the list of banks."""
        self.bank.choices = [
            ("", _l("– choose a bank –")),
            *((str(key), name) for key, name in banks),
        ]

    def show(self, quiz: QuizRound) -> None:
        """Fill the form from the present settings."""
        self.bank.data = "" if quiz.bank_id is None else str(quiz.bank_id)
        self.minutes.data = quiz.time_limit_seconds // _MINUTE
        self.attempts.data = quiz.attempts_allowed
        self.per_day.data = quiz.attempts_per_day
        self.delay.data = quiz.attempt_delay_seconds // _MINUTE or None
        self.counting.data = quiz.counting.value
        self.late_start.data = quiz.late_start.value
        self.grace.data = quiz.grace_seconds
        self.shuffle_questions.data = quiz.shuffle_questions
        self.shuffle_options.data = quiz.shuffle_options
        self.same_paper.data = bool(quiz.same_paper)
        self.one_page.data = quiz.one_page
        self.one_way.data = bool(quiz.one_way)
        self.focus_recorded.data = quiz.focus_recorded
        self.board_shown.data = (quiz.board_shown or BoardShown.NOTHING).value
        self.board_freeze_minutes.data = quiz.board_freeze_minutes
        self.most_open.data = quiz.most_open
        self.approved_only.data = quiz.approved_only
        self.prediction.data = quiz.prediction_asked
        self.prediction_per_division.data = quiz.prediction_per_division
        self.result_shown.data = quiz.result_shown.value

    def settings(self, sections: tuple[Section, ...] = ()) -> QuizSettings:
        """What was typed; the sections are read apart, see `read_section_lines`."""
        return QuizSettings(
            bank_id=int(self.bank.data) if self.bank.data else None,
            time_limit_seconds=(self.minutes.data or 0) * _MINUTE,
            attempts_allowed=self.attempts.data,
            attempts_per_day=self.per_day.data,
            attempt_delay_seconds=(self.delay.data or 0) * _MINUTE,
            counting=CountingRule(self.counting.data),
            late_start=LateStart(self.late_start.data),
            grace_seconds=self.grace.data or 0,
            shuffle_questions=self.shuffle_questions.data,
            shuffle_options=self.shuffle_options.data,
            same_paper=self.same_paper.data,
            one_page=self.one_page.data,
            one_way=self.one_way.data,
            focus_recorded=self.focus_recorded.data,
            board_shown=BoardShown(self.board_shown.data),
            board_freeze_minutes=self.board_freeze_minutes.data or 0,
            most_open=self.most_open.data,
            approved_only=self.approved_only.data,
            result_shown=ResultShown(self.result_shown.data),
            prediction_asked=self.prediction.data,
            prediction_per_division=self.prediction_per_division.data,
            sections=sections,
        )


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A line of the table of sections: its number, what was typed, whether that is wrong."""

    number: int
    questions: str = ""
    minutes: str = ""
    is_wrong: bool = False


def section_lines(sections: Sequence[Section]) -> list[SectionLine]:
    """The table of a round's sections, with empty lines for those it does not have."""
    filled = [
        SectionLine(number, str(each.questions), _as_minutes(each.seconds))
        for number, each in enumerate(sections, start=1)
    ]
    empty = [SectionLine(number) for number in range(len(filled) + 1, MOST_SECTIONS + 1)]
    return filled + empty


def _as_minutes(seconds: int) -> str:
    return f"{seconds / _MINUTE:g}".replace(".", ",")


def read_section_lines(form: MultiDict[str, str]) -> tuple[tuple[Section, ...], list[SectionLine]]:
    """The sections that were typed, and the lines of the table with the wrong ones marked.

    A line counts where something stands in it; minutes may have decimals: 2,5.
    """
    found: list[Section] = []
    lines: list[SectionLine] = []
    for number in range(1, MOST_SECTIONS + 1):
        questions = form.get(f"section-{number}-questions", "").strip()
        minutes = form.get(f"section-{number}-minutes", "").strip()
        if not questions and not minutes:
            lines.append(SectionLine(number))
            continue
        right = _WHOLE.fullmatch(questions) and _MINUTES.fullmatch(minutes)
        lines.append(SectionLine(number, questions, minutes, is_wrong=not right))
        if right:
            seconds = round(float(minutes.replace(",", ".")) * _MINUTE)
            found.append(Section(int(questions), seconds))
    return tuple(found), lines


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell of the blueprint's table: field name, what was typed, what the bank holds."""

    name: str
    typed: str
    stock: int
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A topic of the blueprint's table; the first row is "any topic"."""

    topic_id: int | None
    topic: str
    depth: int
    cells: tuple[MatrixCell, ...]


def cell_name(topic_id: int | None, level: Difficulty | None) -> str:
    """The field's name of a cell."""
    return f"cell-{topic_id or 'any'}-{level.value if level else 'any'}"


def typed_cells(blueprint: Blueprint) -> dict[str, str]:
    """What stands in the cells of a stored blueprint."""
    return {
        cell_name(cell.topic_id, Difficulty(cell.difficulty) if cell.difficulty else None): str(
            cell.count
        )
        for cell in blueprint
    }


def read_cells(
    form: MultiDict[str, str], topic_ids: Iterable[int]
) -> tuple[list[Cell], dict[str, str]]:
    """The cells that were typed, and the fields whose content is no number from 0 to 200."""
    cells: list[Cell] = []
    wrong: dict[str, str] = {}
    for topic_id in (None, *topic_ids):
        for level in LEVELS:
            name = cell_name(topic_id, level)
            typed = form.get(name, "").strip()
            if not typed:
                continue
            if not (typed.isascii() and typed.isdecimal()) or int(typed[:6]) > MOST_QUESTIONS:
                wrong[name] = typed
            else:
                cells.append(Cell(topic_id, level.value if level else None, int(typed)))
    return cells, wrong


class WhoseForm(BaseForm):
    """A decision about a person or a unit, with its reason."""

    whose = RadioField(
        _l("Who gets more time"),
        choices=choices_of(
            [("person", _l("One contestant")), ("unit", _l("A unit and the units below it"))]
        ),
        default="person",
    )
    code = LineField(
        _l("Entry code"),
        validators=[Length(max=16)],
        description=_l("It stands on the registration and on every receipt."),
    )
    unit = PickerField(_l("Unit"))
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=1000)],
        description=_l("It stays with the decision and can be asked for."),
    )


class ExtraTimeForm(WhoseForm):
    """More time for a person or a unit."""

    minutes = WholeNumberField(
        _l("Minutes more"), validators=[InputRequired(), NumberRange(min=1, max=10080)]
    )


class LaterCloseForm(WhoseForm):
    """A person or a unit may begin after the close."""

    closes_at = LocalInstantField(_l("May begin until"), validators=[InputRequired()])


class PauseForm(BaseForm):
    """The clocks of a unit stood still."""

    unit = PickerField(_l("Unit"))
    from_at = LocalInstantField(_l("The pause began"), validators=[InputRequired()])
    until_at = LocalInstantField(
        _l("The pause ends"),
        validators=[InputRequired()],
        description=_l("It may lie ahead, as far as it is known by now."),
    )
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=1000)],
        description=_l("It stays with the decision and can be asked for."),
    )


class ReportForm(BaseForm):
    """A contestant's word about a question."""

    body = TextField(
        _l("What is wrong or unclear?"),
        validators=[InputRequired(), Length(min=5, max=1000)],
        description=_l("Your attempt goes on; nobody loses time or marks for reporting."),
    )


class ReplyForm(BaseForm):
    """An organiser's answer to a report."""

    reply = TextField(
        _l("Answer to the contestant"), validators=[InputRequired(), Length(max=1000)]
    )


class SettleForm(ReplyForm):
    """The answer to everybody who reported a question, and what became of it."""

    outcome = HiddenField(
        validators=[AnyOf([outcome.value for outcome in ReportOutcome])],
    )


class ReceiptForm(BaseForm):
    """Code and digest of a receipt; sent by GET, since it changes nothing."""

    class Meta(BaseForm.Meta):
        """Without a token: the address can be passed on."""

        csrf = False

    code = LineField(_l("Receipt code"), validators=[InputRequired(), Length(max=30)])
    digest = LineField(
        _l("Check sum"),
        validators=[InputRequired(), Length(max=120)],
        description=_l("The long line of digits and letters at the foot of the receipt."),
    )

    def filled(self) -> dict[str, Any]:
        """What was typed."""
        return {"code": self.code.data, "digest": self.digest.data}
