"""Media that a file brings with a question: files by name, data in the text, formulas."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from contest.core.errors import BadFile
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc
from question_bank.formats.draft import Draft
from question_bank.media import ReadMedium
from question_bank.media.mathml import read_formula
from question_bank.media.reading import read_medium

MOST_OF_QUESTION: Final = 20
MOST_OF_FILE: Final = 48 * 1024 * 1024
_PLUGIN: Final = "@@PLUGINFILE@@/"
_DATA: Final = "data:"


@dataclass
class Budget:
    """How many bytes of media a whole file may still bring, so that memory stays flat."""

    left: int = MOST_OF_FILE


@dataclass
class FoundMedia:
    """The media of one question while it is read; `lost` counts those that could not be taken."""

    budget: Budget = field(default_factory=Budget)
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    found: dict[str, ReadMedium] = field(default_factory=dict)
    lost: int = 0
    in_line: int = 0

    def source(self, source: str, words: str, *, is_decorative: bool = False) -> str:
        """Return the token of a picture or sound that a text names; "" when it is lost."""
        return self.content(self._bytes(source), words, is_decorative=is_decorative)

    def content(self, content: bytes | None, words: str, *, is_decorative: bool = False) -> str:
        """Return the token of a picture or sound; "" when it cannot be taken."""
        if content is None or len(content) > self.budget.left:
            self.lost += 1
            return ""
        try:
            medium = read_medium(content, words, is_decorative=is_decorative)
        except BadFile:
            self.lost += 1
            return ""
        return self.keep(medium)

    def formula(self, markup: str, words: str = "") -> str:
        """Return the token of a formula; "" when it is none."""
        try:
            return self.keep(read_formula(markup, words))
        except BadFile:
            self.lost += 1
            return ""

    def keep(self, medium: ReadMedium) -> str:
        """Keep a medium and return its token; "" when there are too many."""
        if medium.ref not in self.found:
            if len(self.found) >= MOST_OF_QUESTION:
                self.lost += 1
                return ""
            self.found[medium.ref] = medium
            self.budget.left -= len(medium.content)
        return medium.token

    def _bytes(self, source: str) -> bytes | None:
        if source.startswith(_PLUGIN):
            name = unquote(source.removeprefix(_PLUGIN)).partition("?")[0]
            held = self.files.get(nfc(name), self.files.get(name.rpartition("/")[2]))
            return held if held is None or isinstance(held, bytes) else decoded(held)
        if source.startswith(_DATA) and ";base64," in source[:100]:
            return decoded(source.partition(",")[2])
        return None

    def tell(self, draft: Draft) -> None:
        """Note what of a question's media could not be taken, or needs words."""
        if self.lost:
            message = _l(
                "A picture, sound or formula of this question could not be taken over. "
                "Add it in the editor."
            )
            draft.note("media_left_out", message)
        if any(not medium.is_described for medium in self.found.values()):
            message = _l(
                "A picture or sound has no words for people who cannot see or hear it. The "
                "question stays a draft until they are written."
            )
            draft.flag("media_without_words", message)


def decoded(text: str) -> bytes | None:
    """Return what base64 says; None when it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


__all__ = ["Budget", "FoundMedia", "decoded"]
