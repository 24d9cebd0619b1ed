"""Settings of a quiz round."""

from collections.abc import Iterable
from typing import Final

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import (
    InputRequired,
    NumberRange,
    Optional,
    ValidationError,
)

from contest.core.forms import (
    BaseForm,
    WholeNumberField,
    choices_of,
)
from contest.core.i18n import gettext
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions import QuizSettings
from contest.quizzes.models import (
    BoardShown,
    CountingRule,
    LateStart,
    QuizRound,
    ResultShown,
)
from contest.quizzes.rules.sections import Section

_MINUTE: Final = 60


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
