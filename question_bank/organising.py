"""Pure rules of keeping a bank in order: citations, and changes of many questions at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from question_bank.models import ShareRight
from question_bank.rules import clean_tags, search_text

RIGHT_LABELS: Final = {
    ShareRight.READ: _l("Read"),
    ShareRight.WRITE: _l("Read and write"),
    ShareRight.REVIEW: _l("Read and review"),
}
MOST_FILTERS: Final = 30
FIELDS: Final = ("topic", "difficulty", "tags", "source", "state")
"""What a change of many questions may change, in the order in which it is shown."""


class SourceTaken(RuleBroken):
    """A document stands once on the list of a bank."""

    message = _l("This document is on the list already.")


class SourceDates(RuleBroken):
    """A document cannot end before it begins."""

    message = _l("The last day lies before the first.")


class NobodyThere(RuleBroken):
    """There is no unit or contest of this code, or it is the bank's own."""

    message = _l("There is no other unit or contest with this code.")


class AlreadyShared(RuleBroken):
    """One right is given to one place once."""

    message = _l("The bank is shared like this already.")


class OwnsAlready(RuleBroken):
    """A bank is handed over to somebody else."""

    message = _l("This person answers for the bank already.")


class TooManyFilters(RuleBroken):
    """A list of filters that nobody can read helps nobody."""

    message = _l("You keep many filters already. Delete one first.")


class NothingToChange(RuleBroken):
    """A change of many questions names at least one field."""

    message = _l("Choose at least one thing to change.")


class BulkEnded(RuleBroken):
    """A change is carried out once and undone once."""

    message = _l("This was carried out or undone already.")


def cited_source(text: str, citations: Sequence[tuple[int, str]]) -> int | None:
    """Return the key of the longest citation that a source line holds, or None.

    ``citations`` are (key, folded words); signs, marks and spaces do not count, so that
    "Luật số 59/2020/QH14, Điều 4" cites "Luật số 59/2020/QH14".
    """
    words = f" {search_text(text)} "
    held = [(len(folded), key) for key, folded in citations if folded and f" {folded} " in words]
    return max(held)[1] if held else None


@dataclass(frozen=True, slots=True)
class Values:
    """What a change of many questions can change, as it is kept for undoing. Ids, codes, names."""

    topic: int | None
    difficulty: str
    tags: tuple[str, ...]
    source: int | None
    state: str

    def as_json(self) -> dict[str, Any]:
        """Return the values as they are stored."""
        return {name: getattr(self, name) for name in FIELDS} | {"tags": list(self.tags)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Values":
        """Read stored values."""
        return cls(**{name: kept[name] for name in FIELDS} | {"tags": tuple(kept["tags"])})


def changed_values(values: Values, wanted: Mapping[str, Any]) -> Values:
    """Return what a question's values become by a change; what it does not name stays."""
    removed = set(wanted.get("tags_remove", ()))
    kept = [tag for tag in values.tags if tag not in removed]
    return Values(
        topic=wanted.get("topic", values.topic),
        difficulty=wanted.get("difficulty", values.difficulty),
        tags=tuple(sorted(clean_tags([*kept, *wanted.get("tags_add", ())]))),
        source=wanted.get("source", values.source),
        state=wanted.get("state", values.state),
    )


def differing(before: Values, after: Values) -> tuple[str, ...]:
    """Return the fields in which two values differ, in the order of ``FIELDS``."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
