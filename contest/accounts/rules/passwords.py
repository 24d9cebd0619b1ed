"""Hashing of passwords: argon2id, 19 MiB, two passes (27 ms; the defaults take 162 ms)."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from contest.accounts.rules.people import same_password_text

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY: Final = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash that the database keeps, with its own salt."""
    return _hasher.hash(same_password_text(password))


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed.

    Without a hash (unknown account, no password yet) a stand-in is verified all the same, so
    that the answer takes as long.
    """
    try:
        _hasher.verify(password_hash or _NOBODY, same_password_text(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(password_hash)
