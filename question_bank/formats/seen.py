"""What every reader asks of a question: was it met before, and in which letters is it written?"""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold
from question_bank.formats.base import Place, ReadQuestion, RowError

_HALF: Final = 2
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_SIGNS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}


def _folded(text: str) -> str:
    folded = fold(text)
    if folded.isascii():
        return " ".join(folded.translate(_SIGNS).split())
    return _NOT_ALPHANUMERIC.sub(" ", folded).strip()


@dataclass
class Seen:
    """What was met before in the whole file, to find duplicates.

    `once` holds the options of stems that came a single time as they are written: most stems never
    come again, and folding their options would be for nothing.
    """

    once: dict[str, tuple[Place, tuple[str, ...]]] = field(default_factory=dict)
    stems: dict[str, list[tuple[Place, frozenset[str]]]] = field(default_factory=dict)
    ids: dict[str, Place] = field(default_factory=dict)

    def used_id(self, external_id: str | None, place: Place) -> Any | None:
        """Say where a code was used before; None when this is its first or only place."""
        if external_id is None:
            return None
        first = self.ids.setdefault(external_id, place)
        if first == place:
            return None
        if first.question is not None:
            return _l(
                "The code %(code)s was used in question %(number)s already.",
                code=external_id,
                number=first.question,
            )
        return _l(
            "The code %(code)s was used in row %(row)s already.", code=external_id, row=first.row
        )

    def twin(self, question: ReadQuestion) -> Place | None:
        """Return the place of an earlier question with this stem and mostly the same options."""
        stem, texts = _folded(question.stem), tuple(option.text for option in question.options)
        before = self.once.pop(stem, None)
        if before is not None:
            self.stems[stem] = [(before[0], frozenset(map(_folded, before[1])))]
        others = self.stems.get(stem)
        if others is None:
            self.once[stem] = (question.place, texts)
            return None
        options = frozenset(map(_folded, texts))
        found = next(
            (place for place, met in others if len(options & met) * _HALF >= len(options)), None
        )
        if found is None:
            others.append((question.place, options))
        return found


def twin_flag(place: Place, twin: Place) -> RowError:
    """Return the flag of a question that stands in the file twice."""
    message = _l("The same question stands in row %(row)s already.", row=twin.row)
    if twin.question is not None:
        message = _l("It says the same as question %(number)s.", number=twin.question)
    return RowError(place, "duplicate", message, level="flag", of_row=twin.row)


def garbled(place: Place) -> RowError:
    """Return the refusal of letters that were lost before they came to us."""
    message = _l("The letters of this row were damaged on the way. Type the row again.")
    return RowError(place, "garbled_text", message)


def held_back(place: Place, preview: ReadQuestion | None, *, can_convert: bool = False) -> RowError:
    """Return the refusal of a row in a legacy font, with what it would become."""
    message = _l(
        "This row is in a legacy font and can be read in two ways. Type it again in Unicode."
    )
    if can_convert:
        message = _l(
            "This row is written in a legacy font (TCVN3 or VNI). It is held back until the "
            "conversion is agreed to."
        )
    return RowError(place, "legacy_encoding", message, preview=preview)
