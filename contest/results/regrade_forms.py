"""Forms of corrections: a ruling on a question, and the reason with which it is applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from contest.core.forms import BaseForm, TextField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.regrades import NewRuling
from contest.quizzes.models import RulingKind
from contest.quizzes.queries.regrades import PooledQuestion
from contest.quizzes.rules.rulings import ALONE, right_letters, ruled_bodies
from question_bank.kinds.base import COMPOSED, Way
from question_bank.kinds.other_keys import (
    REARRANGED,
    arrangements,
    as_lines,
    with_key,
    with_part_keys,
)

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORDS: Final = {
    RulingKind.KEY: _l("Another key is right"),
    RulingKind.ALSO: _l("Several keys are right: these count beside the present one"),
    RulingKind.FULL: _l("Full marks for everybody who had it"),
    RulingKind.DROP: _l("Drop the question: it counts for nobody"),
}


class RulingForm(BaseForm):
    """What is decided about one question."""

    parts: Sequence["PartField"] = ()
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
        self.parts = _part_fields(question)
        if revision.kind.way in REARRANGED:
            self.answers.label.text = _("Right orders or pairings")
            self.answers.description = _(
                "One line for each thing or pair, word for word as in the question; an empty line "
                "between two orders or pairings that are both right."
            )
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
            if revision.kind.way in REARRANGED:
                bodies = ruled_bodies(revision, question.ruling)
                self.answers.data = as_lines(revision.kind, bodies)
            elif question.takes_keys and not self.options.choices and not self.parts:
                self.answers.data = "\n".join(revision.kind.lines(revision.body))
        return self

    def ruling(self, question: PooledQuestion) -> NewRuling:
        """The decision that was typed; its bodies are checked by the action."""
        kind = RulingKind(self.kind.data)
        if kind in ALONE:
            return NewRuling(kind)
        revision = question.revision
        body: dict[str, Any] = revision.kind.dump(revision.body)
        if revision.kind.way in REARRANGED:
            return NewRuling(
                kind, arrangements(revision.kind, revision.body, self.answers.data or "")
            )
        if self.parts:
            return NewRuling(kind, _part_bodies(question))
        if revision.kind.way is not Way.OPTIONS:
            typed = (self.answers.data or "").strip()
            return NewRuling(kind, (revision.kind.from_lines(typed, body),) if typed else ())
        chosen = list(self.options.data or ())
        if kind is RulingKind.ALSO and not revision.kind.several:
            known = set(right_letters(revision, None))
            letters = dict(zip(revision.body.option_ids, _LETTERS, strict=False))
            more = [each for each in chosen if letters[each] not in known]
            return NewRuling(kind, tuple(with_key(body, [each]) for each in more))
        return NewRuling(kind, (with_key(body, chosen),) if chosen else ())


@dataclass(frozen=True, slots=True)
class PartField:
    """A gap or a question on a shared text: right options to tick, or right answers to type."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...] = ()
    lines: str = ""


def _part_fields(question: PooledQuestion) -> list[PartField]:
    revision = question.revision
    if revision.kind.way not in COMPOSED:
        return []
    bodies = ruled_bodies(revision, question.ruling)
    found = []
    for number, part in enumerate(revision.body.parts, start=1):  # type: ignore[attr-defined]
        name = f"part-{part.id}"
        label = revision.in_words(part.stem) or _("Gap %(number)s", number=number)
        same = [body.parts[number - 1].body for body in bodies]  # type: ignore[attr-defined]
        if part.kind.way is not Way.OPTIONS:
            lines = dict.fromkeys(line for body in same for line in part.kind.lines(body))
            typed = request.form.get(name, "\n".join(lines))
            found.append(PartField(name, f"({number}) {label}", lines=typed))
            continue
        right = {each for body in same for each in body.key}
        ticked = set(request.form.getlist(name)) if request.form else right
        texts = part.kind.option_texts(part.body)
        found.append(
            PartField(
                name,
                f"({number}) {label}",
                tuple(
                    (each, f"{_LETTERS[place]}. {revision.in_words(texts[place])}", each in ticked)
                    for place, each in enumerate(part.body.option_ids)
                ),
            )
        )
    return found


def _part_bodies(question: PooledQuestion) -> list[dict[str, Any]]:
    """What was ticked and typed for the parts, as bodies; unknown options are left out."""
    revision = question.revision
    body: Any = revision.body
    choice = [part for part in body.parts if part.kind.way is Way.OPTIONS]
    others = [part for part in body.parts if part not in choice]
    chosen = {
        part.id: [
            each for each in request.form.getlist(f"part-{part.id}") if each in part.body.option_ids
        ]
        for part in choice
    }
    typed = {part.id: request.form.get(f"part-{part.id}", "") for part in others}
    return with_part_keys(revision.kind, body, chosen, typed)


class ApplyForm(BaseForm):
    """The reason of a correction; `seen` is the digest of what was looked at."""

    seen = HiddenField(validators=[InputRequired(), Length(max=64)])
    reason = TextField(
        _l("Reason"),
        validators=[InputRequired(), Length(max=1_000)],
        description=_l("It stands with the new ranking and is read wherever it is explained."),
    )
