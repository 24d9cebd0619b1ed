"""How long an essay takes to read."""

from typing import Final

SYLLABLES_PER_MINUTE: Final = 220
"""Vietnamese words are counted by syllables (tiếng); read silently, without hurry."""


def reading_minutes(words: int) -> int:
    """Whole minutes, rounded up, at least one."""
    return max(1, -(-words // SYLLABLES_PER_MINUTE))
