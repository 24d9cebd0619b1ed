"""Pictures, sounds and formulas of questions: where they stand in a text, and how they are read.

A text holds a medium as a token, ``⟦m:abcdefghij…⟧``. The letters are drawn from what the medium is
(its bytes, its words for people who do not see it), so that the same medium is the same token in
every file and bank, and a revision that names it can never show another one.
"""

from question_bank.media.tokens import (
    TOKEN,
    Medium,
    MediumKind,
    ReadMedium,
    plain,
    refs_in,
    token,
    without_media,
)

__all__ = [
    "TOKEN",
    "Medium",
    "MediumKind",
    "ReadMedium",
    "plain",
    "refs_in",
    "token",
    "without_media",
]
