"""Forms about signs: a note, a decision, an invitation to verification and its outcome."""

from typing import Final

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.core.forms import BaseForm, LocalInstantField, TextField, WholeNumberField, choices_of
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.fairness_words import OUTCOMES

_MOST_QUESTIONS: Final = 500


class NoteForm(BaseForm):
    """What somebody thinks after looking."""

    body = TextField(_l("Note"), validators=[InputRequired(), Length(max=2000)])
    settles = BooleanField(_l("Looked at; nothing is left to do"))


class EvidenceForm(BaseForm):
    """Not ranking somebody in the round, with a reason and the signs that it rests on."""

    evidence = SelectMultipleField(
        _l("What the decision rests on"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=1000)],
        description=_l("The person reads it in the letter, with the right to appeal."),
    )


class VerificationForm(BaseForm):
    """An invitation to answer again."""

    held_at = LocalInstantField(_l("When"), validators=[InputRequired()])
    words = TextField(
        _l("Where and how"),
        validators=[InputRequired(), Length(max=2000)],
        description=_l("Place, how long it takes, what to bring."),
    )


class FrontForm(VerificationForm):
    """The same invitation to several people in front of the ranking."""

    entries = SelectMultipleField(_l("Who is invited"), validators=[InputRequired()])


class OutcomeForm(BaseForm):
    """What a verification showed."""

    outcome = RadioField(
        _l("What it showed"),
        choices=choices_of(OUTCOMES),
        validators=[InputRequired()],
    )
    right_count = WholeNumberField(
        _l("Right answers"), validators=[Optional(), NumberRange(min=0, max=_MOST_QUESTIONS)]
    )
    question_count = WholeNumberField(
        _l("Questions"), validators=[Optional(), NumberRange(min=1, max=_MOST_QUESTIONS)]
    )
    note = TextField(_l("Note"), validators=[Length(max=2000)])
