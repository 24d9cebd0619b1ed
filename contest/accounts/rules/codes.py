"""Tokens and printable one-time codes: how they are made, read back and kept.

The database keeps digests only; what a cookie, a letter or a sheet of paper carries cannot be
found from them.
"""

import hashlib
import re
import secrets
from typing import Final

CODE_SIGNS: Final = "234679ACDEFGHJKMNPQRTVWXY"
"""Letters and digits that are not taken for each other: no 0 O, 1 I L, 5 S, 8 B, U, Z."""
CODE_LENGTH: Final = 12
_GROUP: Final = 4
_TOKEN_BYTES: Final = 32
_NOISE: Final = re.compile(r"[\s\-–—.·_]+")


def new_token() -> str:
    """A random token of 32 bytes for a cookie or a link."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_digest(token: str) -> str:
    """What the database keeps of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """A random code of 12 signs (55 bits), ungrouped."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def print_code(code: str) -> str:
    """A code as it is printed, in groups of four: "K7QM-4RTX-9WPD"."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read_code(typed: str) -> str:
    """A typed code without groups, spaces and small letters."""
    return _NOISE.sub("", typed).upper()


def code_digest(code: str) -> str:
    """What the database keeps of a printed code, however it was typed."""
    return token_digest("code:" + read_code(code))


def failure_key(kind: str, value: str) -> str:
    """Under which failures are counted, as a digest: `kind` says what is counted."""
    return token_digest(f"{kind}:{value}")
