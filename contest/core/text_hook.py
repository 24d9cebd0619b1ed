"""Short messages to phones: handed by HTTP to whatever sends them, an SMS gateway or Zalo.

The house speaks to no provider itself: it posts each message, signed, to one address, and what
stands there knows the provider. The body is `{"id", "to", "text"}` as JSON; `to` is the number as
people sign in with it. `X-Signature` is `sha256=` and the HMAC of `X-Timestamp`, a full stop and
the body, under the shared secret. Any status from 200 to 299 says that the message was taken; after
anything else it comes again, with the same id in `Idempotency-Key`.
"""

import hashlib
import hmac
import http.client
import json
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from contest.core.clock import micros

_PATIENCE: Final = 20
_TAKEN: Final = range(200, 300)


class NotTaken(OSError):
    """What stands at the address did not take the message."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Signature` holds for a body sent at a timestamp (seconds since 1970, as text)."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def hand_over(*, url: str, secret: str, key: str, phone: str, words: str, now: datetime) -> None:
    """Post one message; redirects are not followed, since the signature is for one address.

    Args:
        url: the configured address, http or https.
        secret: shared with what stands there.
        key: the message's own id, the same at every try.
        phone: the number.
        words: the message.
        now: the instant of the signature.

    Raises:
        OSError: it was not taken (`NotTaken`), or nobody answered within 20 seconds.
    """
    place = urlsplit(url)
    body = json.dumps({"id": key, "to": phone, "text": words}, ensure_ascii=False).encode()
    timestamp = str(micros(now) // 1_000_000)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=_PATIENCE)
    try:
        connection.request(
            "POST",
            (place.path or "/") + (f"?{place.query}" if place.query else ""),
            body,
            {
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                "X-Timestamp": timestamp,
                "X-Signature": signature(secret, timestamp, body),
            },
        )
        status = connection.getresponse().status
    except http.client.HTTPException as odd:
        raise NotTaken from odd
    finally:
        connection.close()
    if status not in _TAKEN:
        raise NotTaken(status)
