"""Forms of the review."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Form, HiddenField, SelectField
from wtforms.validators import Length

from contest.core.forms import BaseForm, TextField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from question_bank.forms.lists import difficulty_choices, kind_choices, set_choices
from question_bank.models import Difficulty, QuestionState
from question_bank.queries import Step, WaitingFilter


class StepForm(BaseForm):
    """A review step with an optional comment."""

    to = HiddenField()
    comment = TextField(_l("Comment"), [Length(max=4_000, message=_l("This comment is too long."))])

    @property
    def wanted(self) -> QuestionState | None:
        """The state asked for, or None when only a comment was written."""
        try:
            return QuestionState(self.to.data or "")
        except ValueError:
            return None


class WaitingForm(Form):
    """What a reviewer's queue is narrowed to: a GET form."""

    bank = SelectField(_l("Bank"), default="")
    step = SelectField(_l("Waiting for"), default="")
    kind = SelectField(_l("Kind"), default="")
    difficulty = SelectField(_l("Difficulty"), default="")
    commented = BooleanField(_l("Only with open comments"))

    def for_banks(self, banks: Sequence[tuple[str, str]]) -> "WaitingForm":
        """Offer these banks; a value that is not offered is set back to all."""
        everything: dict[Any, list[tuple[Any, Any]]] = {
            self.bank: [("", _("All banks")), *banks],
            self.step: [
                ("", _("Every step")),
                (Step.CHECK.value, _("To be checked")),
                (Step.APPROVE.value, _("To be approved")),
            ],
            self.kind: [("", _("All kinds")), *kind_choices()],
            self.difficulty: [("", _("All difficulties")), *difficulty_choices()],
        }
        set_choices(everything)
        return self

    @property
    def wanted(self) -> WaitingFilter:
        """The filter."""
        return WaitingFilter(
            bank=self.bank.data or "",
            step=Step(self.step.data) if self.step.data else None,
            kind=self.kind.data or "",
            difficulty=Difficulty(self.difficulty.data) if self.difficulty.data else None,
            commented=self.commented.data,
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return any(field.data for field in self)
