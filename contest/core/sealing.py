"""Secrets that have to be read again, sealed before they are stored.

The key comes from SECRET_KEY: a copy of the database alone opens nothing. With another SECRET_KEY
what was sealed before cannot be opened, and whoever asks gets None.
"""

import base64
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

_KEY_BYTES: Final = 32


@lru_cache(maxsize=8)
def _cipher(secret_key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"gương sáng: {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))


def _own(purpose: str) -> Fernet:
    return _cipher(str(current_app.secret_key), purpose)


def seal(text: str, *, purpose: str) -> str:
    """A text encrypted and signed, to be opened for the same purpose only."""
    return _own(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str | None, *, purpose: str) -> str | None:
    """What was sealed; None for nothing, or when it cannot be opened."""
    if not sealed:
        return None
    try:
        return _own(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
