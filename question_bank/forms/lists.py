"""The search line of a bank, and what lists offer."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import (
    Form,
    SelectField,
)

from contest.core.forms import LineField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds import KINDS
from question_bank.models import Difficulty, QuestionState
from question_bank.queries import Flag, QuestionFilter
from question_bank.rules import (
    DIFFICULTY_LABELS,
    STATE_LABELS,
)

FLAG_LABELS: Final = {
    Flag.LAPSED.value: _l("Cites what has lapsed"),
    Flag.COMMENTED.value: _l("Has open comments"),
    Flag.DUPLICATE.value: _l("Looks like another question"),
    Flag.NO_SOURCE.value: _l("Cites no document"),
    Flag.NO_TOPIC.value: _l("Has no topic"),
}


class FilterForm(Form):
    """The search line of a bank: a GET form, so that a filtered list has an address."""

    q = LineField(_l("Search"))
    topic = SelectField(_l("Topic"), coerce=int, default=0)
    difficulty = SelectField(_l("Difficulty"), default="")
    state = SelectField(_l("State"), default="")
    kind = SelectField(_l("Kind"), default="")
    tag = SelectField(_l("Tag"), default="")
    source = SelectField(_l("Document cited"), coerce=int, default=0)
    author = SelectField(_l("Author"), default="")
    flag = SelectField(_l("What needs attention"), default="")

    def for_bank(
        self,
        topics: Sequence[tuple[int, str]],
        tags: Sequence[str],
        sources: Sequence[tuple[int, str]] = (),
        authors: Sequence[tuple[str, str]] = (),
    ) -> "FilterForm":
        """Offer what this bank has; a value that it has not is set back to all."""
        everything: dict[Any, list[tuple[Any, Any]]] = {
            self.topic: [(0, _("All topics")), *topics],
            self.difficulty: [("", _("All difficulties")), *difficulty_choices()],
            self.state: [("", _("All in use")), *state_choices()],
            self.kind: [("", _("All kinds")), *kind_choices()],
            self.tag: [("", _("All tags")), *((tag, tag) for tag in tags)],
            self.source: [(0, _("All documents")), *sources],
            self.author: [("", _("All authors")), *authors],
            self.flag: [("", _("With and without flags")), *FLAG_LABELS.items()],
        }
        set_choices(everything)
        return self

    def wanted(self, arguments: Mapping[str, str]) -> QuestionFilter:
        """Return the filter, with the order that the list's heads ask for."""
        return QuestionFilter(
            words=self.q.data or "",
            topic_id=self.topic.data or None,
            difficulty=Difficulty(self.difficulty.data) if self.difficulty.data else None,
            state=QuestionState(self.state.data) if self.state.data else None,
            kind=self.kind.data or "",
            tag=self.tag.data or "",
            source_id=self.source.data or None,
            author=self.author.data or "",
            flag=Flag(self.flag.data) if self.flag.data else None,
            sort=arguments.get("sort", ""),
            descending=arguments.get("direction") == "desc",
        )

    @property
    def narrowed(self) -> dict[str, Any]:
        """What differs from "all", for addresses and for saying that a filter is on."""
        return {field.short_name: field.data for field in self if field.data}


def set_choices(choices: Mapping[Any, list[tuple[Any, Any]]]) -> None:
    """Offer choices in the fields of a GET form; what is not among them becomes the first."""
    for field, offered in choices.items():
        field.choices = offered
        if field.data not in [value for value, _label in offered]:
            field.data = offered[0][0]


def difficulty_choices() -> list[tuple[str, Any]]:
    """Return the difficulties from easy to very hard."""
    return [(level.value, label) for level, label in DIFFICULTY_LABELS.items()]


def state_choices() -> list[tuple[str, Any]]:
    """Return the states in the order of the review."""
    return [(state.value, label) for state, label in STATE_LABELS.items()]


def kind_choices() -> list[tuple[str, Any]]:
    """Return the registered kinds."""
    return [(code, kind.label) for code, kind in KINDS.items()]
