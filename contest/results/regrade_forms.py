"""Forms of corrections: a ruling on a question, and the reason with which it is applied."""

from collections.abc import Mapping
from typing import Any, Final

from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from contest.core.forms import BaseForm, TextField
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.regrades import NewRuling
from contest.quizzes.models import RulingKind
from contest.quizzes.queries.regrades import PooledQuestion
from contest.quizzes.rules.rulings import ALONE, right_letters
from question_bank.kinds.base import Way

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORDS: Final = {
    RulingKind.KEY: _l("Another key is right"),
    RulingKind.ALSO: _l("Several keys are right: these count beside the present one"),
    RulingKind.FULL: _l("Full marks for everybody who had it"),
    RulingKind.DROP: _l("Drop the question: it counts for nobody"),
}


class RulingForm(BaseForm):
    """What is decided about one question."""

    kind = RadioField(_l("What is decided"), validators=[InputRequired()])
    options = SelectMultipleField(
        _l("Right options"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    answers = TextField(
        _l("Right answers, one on a line"),
        validators=[Length(max=4_000)],
        description=_l("Written as in the editor of the question."),
    )

    def about(self, question: PooledQuestion) -> "RulingForm":
        """Offer what this kind of question allows."""
        self.kind.choices = [
            (kind.value, words)
            for kind, words in _WORDS.items()
            if kind in ALONE or question.takes_keys
        ]
        revision = question.revision
        self.options.choices = []
        if revision.kind.way is Way.OPTIONS:
            texts = revision.kind.option_texts(revision.body)
            self.options.choices = [
                (option_id, f"{_LETTERS[place]}. {revision.in_words(texts[place])}")
                for place, option_id in enumerate(revision.body.option_ids)
            ]
        if not self.is_submitted():
            letters = right_letters(revision, question.ruling)
            self.options.data = (
                [
                    option_id
                    for place, option_id in enumerate(revision.body.option_ids)
                    if _LETTERS[place] in letters
                ]
                if self.options.choices
                else []
            )
            if question.takes_keys and not self.options.choices:
                self.answers.data = "\n".join(revision.kind.lines(revision.body))
        return self

    def ruling(self, question: PooledQuestion) -> NewRuling:
        """The decision that was typed; its bodies are checked by the action."""
        kind = RulingKind(self.kind.data)
        if kind in ALONE:
            return NewRuling(kind)
        revision = question.revision
        body: dict[str, Any] = revision.kind.dump(revision.body)
        if revision.kind.way is not Way.OPTIONS:
            typed = (self.answers.data or "").strip()
            return NewRuling(kind, (revision.kind.from_lines(typed, body),) if typed else ())
        chosen = list(self.options.data or ())
        if kind is RulingKind.ALSO and not revision.kind.several:
            known = set(right_letters(revision, None))
            letters = dict(zip(revision.body.option_ids, _LETTERS, strict=False))
            more = [each for each in chosen if letters[each] not in known]
            return NewRuling(kind, tuple(_with_key(body, [each]) for each in more))
        return NewRuling(kind, (_with_key(body, chosen),) if chosen else ())


def _with_key(body: Mapping[str, Any], key: list[str]) -> dict[str, Any]:
    """The body with another key; shares of single options belonged to the old one."""
    options = [
        {name: value for name, value in option.items() if name != "share"}
        for option in body["options"]
    ]
    return {**body, "options": options, "key": key}


class ApplyForm(BaseForm):
    """The reason of a correction; `seen` is the digest of what was looked at."""

    seen = HiddenField(validators=[InputRequired(), Length(max=64)])
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=1_000)],
        description=_l("It stands with the new ranking and is read wherever it is explained."),
    )
