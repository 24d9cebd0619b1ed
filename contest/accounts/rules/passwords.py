"""Hashing of passwords: argon2id, 7 MiB, five passes.

One of the settings that OWASP's cheat sheet on password storage lists as equal in defence (19 MiB
with two passes, 12 with three, 9 with four, 7 with five). This one lies in the cache of a
processor: 9–10 ms on the machine of the benches where 19 MiB took 22, and a third of the memory
when everybody signs in in the last hour. Whoever wants other costs changes the two numbers;
hashes made before are renewed at the next sign-in.

libsodium does it, which uses the widest registers of the processor, and the memory goes back to
the system after each.
"""

import errno
from typing import Final

from contest.accounts.rules.people import same_password_text
from contest.core.later import later

argon2id: Final = later("nacl.pwhash.argon2id")
refusals: Final = later("nacl.exceptions")
sodium: Final = later("nacl._sodium")
_PASSES: Final = 5
_KIBIBYTES: Final = 7_168
_COSTS: Final = f"$argon2id$v=19$m={_KIBIBYTES},t={_PASSES},p=1$"
NOBODY: Final = (
    "$argon2id$v=19$m=7168,t=5,p=1$"
    "aowfNmR5pA/4YZW7sQxVuQ$qLEVimYrSObGcazJkCZkgfxZuEimfwCWxidkd1/2uB4"
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
