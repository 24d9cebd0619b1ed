"""Why an essay is returned or not accepted."""

from collections.abc import Sequence
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l

REASONS: Final[tuple[tuple[str, Words], ...]] = (
    ("too_long", _l("Too long")),
    ("too_short", _l("Too short")),
    ("missing_parts", _l("Parts are missing")),
    ("off_topic", _l("Not on the subject of the call")),
    ("published_before", _l("Published before")),
    ("copied", _l("Passages are copied")),
    ("not_eligible", _l("The author may not take part")),
)


def reason_words(codes: Sequence[str]) -> list[str]:
    """Reasons in the language of the moment; one that nobody knows stays as its code."""
    words = {code: str(said) for code, said in REASONS}
    return [words.get(code, code) for code in codes]
