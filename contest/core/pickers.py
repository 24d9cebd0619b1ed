"""One choice among many: a list when they are few, a search on the server when they are not.

The room that owns the things implements `Source`; the page gets the same field everywhere. With
JavaScript it is one search box (static/js/unit-picker.js), without it the form itself searches:
its button "Find" sends the form, which comes back as it was, with what was found to choose from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeSerializer
from wtforms import Field
from wtforms.validators import ValidationError

from contest.core.i18n import gettext
from contest.core.vietnamese import one_line

FEW: Final = 200
"""Up to so many are sent with the page."""
MOST_FOUND: Final = 20
"""A search shows at most so many."""
_LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose.

    Attributes:
        value: what the form sends, a public id.
        name: what it is called.
        path: what it belongs to, from near to far; empty at the top.
        depth: how far it is indented in a list, from 0.
    """

    value: str
    name: str
    path: str = ""
    depth: int = 0


class Source(Protocol):
    """Where the choices of a place come from: only what may be chosen there."""

    @property
    def endpoint(self) -> str:
        """The view that answers searches of the page's script."""

    def place(self) -> Any:
        """JSON from which that view makes this source again."""

    def few(self, most: int) -> list[Choice] | None:
        """All of them in their order, or None when there are more than `most`."""

    def search(self, text: str, most: int) -> list[Choice]:
        """The best `most` for what was typed, with or without marks."""

    def find(self, value: str) -> Choice | None:
        """One of them by its value."""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="picker")


def signed_place(place: Any) -> str:
    """A place as it travels in the address of a search, so that nobody can widen it."""
    return str(_signer().dumps(place))


def read_place(text: str) -> Any:
    """The place of a search, or None when it was not signed here."""
    try:
        return _signer().loads(text)
    except BadData:
        return None


class ListedOnce:
    """A source whose list is read once for many fields of one page, and sent once at most.

    Args:
        source: the things.
        fields: how many fields offer them; a long list in each of them would be a long page.
    """

    def __init__(self, source: Source, *, fields: int) -> None:
        self._source = source
        self._fields = fields
        self._read: dict[int, list[Choice] | None] = {}
        self.endpoint = source.endpoint
        self.place = source.place
        self.search = source.search
        self.find = source.find

    def few(self, most: int) -> list[Choice] | None:
        """The list, as long as all fields together stay short."""
        share = max(1, most // max(1, self._fields))
        if share not in self._read:
            self._read[share] = self._source.few(share)
        return self._read[share]


class _Nothing:
    """A source before the form has offered one."""

    endpoint = ""

    def place(self) -> Any:
        return None

    def few(self, most: int) -> list[Choice] | None:
        del most
        return []

    def search(self, text: str, most: int) -> list[Choice]:
        del text, most
        return []

    def find(self, value: str) -> Choice | None:
        del value
        return None


class PickerField(Field):
    """One choice of a source; its data is the value chosen, or an empty text."""

    data: str | None

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self._source: Source = _Nothing()
        self._few: list[Choice] | None = None
        self._known: Choice | None = None
        self.fixed: list[Choice] = []

    def offer(
        self, source: Source, *, empty: str | None = None, fixed: Sequence[Choice] = ()
    ) -> None:
        """Say what can be chosen.

        Args:
            source: the things.
            empty: words for choosing none of them; None when one must be chosen.
            fixed: further lines before the things.
        """
        self._source = source
        self._few = source.few(FEW)
        self._known = None
        self.fixed = [*([] if empty is None else [Choice("", str(empty))]), *fixed]
        if self.data is None:
            self.data = ""
        # A list whose first line is a thing has that one chosen, as a browser shows it.
        if not self.fixed and self._few and not self.data and self.raw_data is None:
            self.data = self._few[0].value

    def process(self, formdata: Any, *arguments: Any, **options: Any) -> None:
        """Read what was chosen, and what was typed to search."""
        super().process(formdata, *arguments, **options)

        def sent(part: str) -> str:
            text = formdata.get(f"{self.name}-{part}", "") if formdata is not None else ""
            return one_line(text[:_LONGEST_SEARCH])

        self.typed, self.sought, self.asked = sent("text"), sent("sought"), bool(sent("find"))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the value chosen."""
        self.data = valuelist[0] if valuelist else ""

    @property
    def is_list(self) -> bool:
        """Whether all choices are sent with the page."""
        return self._few is not None

    @property
    def choices(self) -> list[Choice]:
        """All of them, when they are few."""
        return [*self.fixed, *(self._few or ())]

    @property
    def chosen(self) -> Choice | None:
        """What is chosen now, when it may be chosen here."""
        value = self.data or ""
        if self._known is None or self._known.value != value:
            everything = self.choices
            known = next((each for each in everything if each.value == value), None)
            if known is None and value and not self.is_list:
                known = self._source.find(value)
            self._known = known
        return self._known

    @property
    def finding(self) -> bool:
        """Whether the form was sent to search, not to be kept."""
        answered = self.typed == self.sought and bool(self.data)
        return self.asked and bool(self.typed) and not answered

    @property
    def found(self) -> list[Choice]:
        """What the words typed without JavaScript find."""
        return self._source.search(self.typed, MOST_FOUND) if self.typed else []

    @property
    def lines(self) -> list[Choice]:
        """What the page without JavaScript shows to choose from: the fixed, the chosen, the found.

        Without a fixed line the chosen one stands alone until something was searched.
        """
        found = self.found
        known = self.chosen
        listed = {each.value for each in (*self.fixed, *found)}
        kept = [known] if known is not None and known.value not in listed else []
        return [*self.fixed, *kept, *found]

    @property
    def address(self) -> str:
        """Where the page's script searches."""
        return url_for(self._source.endpoint, place=signed_place(self._source.place()))

    def pre_validate(self, form: Any) -> None:
        """Take only what may be chosen in this place."""
        del form
        if not self.data and self.typed and not self.is_list:
            raise ValidationError(str(gettext("Choose one of the lines found.")))
        if not self.data and self.validators:  # they say what is missing
            return
        if self.chosen is None:
            raise ValidationError(str(gettext("Not a valid choice.")))
