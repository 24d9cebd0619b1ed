"""The part of the editor that takes pictures, sounds and formulas; it works without JavaScript."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from wtforms import BooleanField, FileField, SelectField
from wtforms.validators import Length

from contest.core.errors import BadFile
from contest.core.forms import BaseForm, LineField, TextField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from question_bank.kinds.base import LETTERS
from question_bank.media import ReadMedium
from question_bank.media.mathml import MOST_SIGNS, read_formula
from question_bank.media.reading import read_medium
from question_bank.media.tokens import MOST_WORDS

_WORDS: Final = "words-"
_DECORATIVE: Final = "decorative-"


@dataclass(frozen=True, slots=True)
class Reworded:
    """New words for a medium that the question shows already."""

    ref: str
    words: str
    is_decorative: bool


class MediaForm(BaseForm):
    """Fields of the editor for one new medium; words of the others come by their letters."""

    medium_file = FileField(_l("Picture or sound"))
    medium_markup = TextField(
        _l("Or a formula as MathML"), [Length(max=MOST_SIGNS, message=_l("Too long."))]
    )
    medium_words = LineField(
        _l("Words for people who cannot see or hear it"),
        [Length(max=MOST_WORDS, message=_l("Too long."))],
    )
    medium_decorative = BooleanField(_l("It is decorative: there is nothing to read aloud"))
    medium_place = SelectField(_l("Where it goes"), validate_choice=False)

    def offer_places(self) -> None:
        """Offer the texts of this question to put the medium into."""
        options = len(self["options"].entries) if "options" in self else 0
        parts = len(self["parts"].entries) if "parts" in self else 0
        self.medium_place.choices = [
            ("stem", _("Behind the question")),
            *((f"options.{n}", _("Option %(letter)s", letter=LETTERS[n])) for n in range(options)),
            *((f"parts.{n}", _("Part %(number)s", number=n + 1)) for n in range(parts)),
            ("explanation", _("Behind the explanation")),
        ]

    def new_medium(self) -> ReadMedium | None:
        """Return what was sent, scrubbed; None without one, or with an error at its field."""
        uploaded = request.files.get("medium_file")
        markup, words = self.medium_markup.data or "", self.medium_words.data or ""
        decorative = bool(self.medium_decorative.data)
        try:
            if uploaded is not None and uploaded.filename:
                medium = read_medium(uploaded.read(), words, is_decorative=decorative)
            elif markup:
                medium = read_formula(markup, words)
            else:
                return None
        except BadFile as refusal:
            field: Any = self.medium_markup if markup else self.medium_file
            field.errors = [refusal.words]
            return None
        if not medium.is_described:
            self.medium_words.errors = [
                _("Say what is seen or heard, or tick that it is decorative.")
            ]
            return None
        return medium

    @property
    def has_bad_medium(self) -> bool:
        """Was a medium sent that is not taken?"""
        return any(
            field.errors for field in (self.medium_file, self.medium_markup, self.medium_words)
        )

    def ask_for_file_again(self) -> None:
        """Say that a file which came with other mistakes has to be chosen once more."""
        self.medium_file.errors = [_("Mend the marked fields and choose this file again.")]

    def reworded(self) -> Iterator[Reworded]:
        """Yield what was written about media that the question shows already."""
        for name, words in request.form.items():
            if name.startswith(_WORDS):
                ref = name.removeprefix(_WORDS)
                decorative = bool(request.form.get(f"{_DECORATIVE}{ref}"))
                yield Reworded(ref, "" if decorative else words, decorative)

    def change_texts(self, change: Callable[[str], str]) -> None:
        """Change every text of the question that may name media."""
        for field in self._texts():
            field.data = change(field.data or "")

    def texts(self) -> list[str]:
        """Return every text of the question that may name media."""
        return [field.data or "" for field in self._texts()]

    def put(self, medium: ReadMedium) -> None:
        """Put a medium behind the text that was chosen."""
        place = self.medium_place.data or "stem"
        target = next((field for name, field in self._places() if name == place), self["stem"])
        words = target.data or ""
        gap = "\n" if words and place == "stem" else " " if words else ""
        target.data = f"{words}{gap}{medium.token}"

    def _places(self) -> Iterator[tuple[str, Any]]:
        yield "stem", self["stem"]
        yield "explanation", self["explanation"]
        if "options" in self:
            for place, entry in enumerate(self["options"].entries):
                yield f"options.{place}", entry.form.text
        if "parts" in self:
            for place, entry in enumerate(self["parts"].entries):
                yield f"parts.{place}", entry.form.stem

    def _texts(self) -> Iterator[Any]:
        yield from (field for _name, field in self._places())
        if "answers" in self:
            yield self["answers"]
        for entry in self["parts"].entries if "parts" in self else ():
            yield from (entry.form.stem, entry.form.answers, entry.form.feedback)


def renamed(text: str, names: dict[str, str]) -> str:
    """Return a text with tokens in the place of others."""
    for old, new in names.items():
        text = text.replace(old, new)
    return text


__all__ = ["MediaForm", "Reworded", "renamed"]
