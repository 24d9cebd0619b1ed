"""Codes and slugs: what people read aloud, type and link to."""

import re
import secrets
from typing import Final

from contest.core.vietnamese import fold

CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0, 1: on paper they are taken for each other."""

_HALF: Final = 4
_SLUG_LENGTH: Final = 60
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")


def new_registration_code() -> str:
    """A random code of a registration (mã dự thi), "K7QM-2XRD": 31⁸ ≈ 8.5 · 10¹¹ of them."""
    signs = "".join(secrets.choice(CODE_LETTERS) for _ in range(2 * _HALF))
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def read_registration_code(typed: str) -> str | None:
    """A code as it is stored, from how somebody typed it; None when it cannot be one."""
    signs = "".join(sign for sign in typed.upper() if sign not in " -–.")
    if len(signs) != 2 * _HALF or not set(signs) <= set(CODE_LETTERS):
        return None
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def slug_of(title: str) -> str:
    """The address made from a title: folded, words joined by "-", whole words up to 60 signs."""
    words = _NOT_SLUG.sub(" ", fold(title)).split()
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:_SLUG_LENGTH]
        if len(longer) > _SLUG_LENGTH:
            break
        slug = longer
    return slug or "contest"


def free_slug(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with the first number behind it that nobody has yet."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
