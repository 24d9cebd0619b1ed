"""Hashing of passwords: argon2id, 19 MiB, two passes.

libsodium does it, which uses the widest registers of the processor: 22 ms where the reference
implementation took 36, and the memory goes back to the system after each.
"""

import errno
from typing import Final

from contest.accounts.rules.people import same_password_text
from contest.core.later import later

argon2id: Final = later("nacl.pwhash.argon2id")
refusals: Final = later("nacl.exceptions")
sodium: Final = later("nacl._sodium")
_PASSES: Final = 2
_KIBIBYTES: Final = 19_456
_COSTS: Final = f"$argon2id$v=19$m={_KIBIBYTES},t={_PASSES},p=1$"
NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "EK9GI6VmHYdjitYMuWFMxQ$TZho0uYLKrvapo3gHhXrV3sg85sx5dzgO0Re65qU5Ro"
)
"""A hash that stands in where there is none: of random letters that nobody kept.

Written down, because one made at the first sign-in of a worker would make that one twice as long.
"""


def hash_password(password: str) -> str:
    """The hash that the database keeps, with its own salt."""
    text = same_password_text(password).encode()
    hashed: bytes = argon2id.str(text, _PASSES, _KIBIBYTES * 1024)
    return hashed.decode("ascii")


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed.

    Without a hash (unknown account, no password yet) a stand-in is verified all the same, so
    that the answer takes as long.

    Raises:
        MemoryError: there was no memory to find out, which says nothing about the password.
    """
    known, text = password_hash or NOBODY, same_password_text(password)
    try:
        argon2id.verify(known.encode(), text.encode())
    except refusals.CryptoError:
        # libsodium answers both alike; a wrong password leaves EINVAL.
        if sodium.ffi.errno == errno.ENOMEM:
            raise MemoryError from None
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return not password_hash.startswith(_COSTS)
