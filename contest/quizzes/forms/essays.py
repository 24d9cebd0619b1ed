"""Forms of essay questions in quizzes: what stands in every paper, and a mark."""

from collections.abc import Iterable

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from contest.core.forms import BaseForm, PointsField, TextField, WholeNumberField
from contest.core.i18n import format_points
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.queries.essays import EssaySheet
from contest.quizzes.rules.blueprints import MOST_QUESTIONS
from contest.quizzes.rules.essays import MOST_COMMENT, STEPS
from question_bank.queries import SetCandidate

_MOST_SHOWN = 90


class SetQuestionForm(BaseForm):
    """One more piece of information or essay question for every paper."""

    question = SelectField(_l("What is put in"), validators=[InputRequired()])
    before = WholeNumberField(
        _l("Before question number"),
        validators=[Optional(), NumberRange(min=1, max=MOST_QUESTIONS)],
        description=_l("For information alone. Essay questions stand at the end of the paper."),
    )

    def offer(self, candidates: Iterable[tuple[SetCandidate, str]]) -> "SetQuestionForm":
        """Fill the list: what may be chosen, with its words."""
        self.question.choices = [("", _("– choose –"))]
        for each, words in candidates:
            kind = _("Essay question") if each.is_essay else _("Information")
            short = words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]}…"
            self.question.choices.append((each.public_id, f"{kind}: {short}"))
        return self


class StepForm(BaseForm):
    """In which steps marks of essay answers are given."""

    step = SelectField(_l("Marks are given in steps of"))

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.step.choices = [(str(step), format_points(step)) for step in STEPS]

    def show(self, step: object) -> "StepForm":
        """Fill in the present step."""
        self.step.data = next((str(each) for each in STEPS if each == step), str(STEPS[1]))
        return self


class EssayMarkForm(BaseForm):
    """A mark; `version` is that of the page on which it was given."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=0)])
    points = PointsField(_l("Mark"), validators=[InputRequired()])
    comment = TextField(
        _l("Comment"),
        validators=[Length(max=MOST_COMMENT)],
        description=_l("The contestant reads it after the publication, without your name."),
    )

    def about(self, sheet: EssaySheet) -> "EssayMarkForm":
        """Show the present mark."""
        if not self.is_submitted():
            self.version.data = sheet.version
            self.points.data = sheet.points
            self.comment.data = sheet.comment
        return self
