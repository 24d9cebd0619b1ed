"""Codes and digests: blind codes, receipts, and what a receipt proves."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from contest.contests.rules.codes import CODE_LETTERS
from contest.core.audit import canonical_json, sha256_hex
from contest.core.clock import micros

_BLIND_SIGNS: Final = 6
_RECEIPT_SIGNS: Final = 10


def new_blind_code(taken: set[str]) -> str:
    """A random code (mã phách) that no other work of the round has, "K7Q-2XR".

    No sign can be taken for another on paper, and nothing of work, author or time is in it.
    """
    while True:
        signs = "".join(secrets.choice(CODE_LETTERS) for _ in range(_BLIND_SIGNS))
        code = f"{signs[:3]}-{signs[3:]}"
        if code not in taken:
            return code


def new_receipt_code() -> str:
    """A random code of a receipt, "BT-K7QM2-XRD4P" (31¹⁰ of them)."""
    signs = "".join(secrets.choice(CODE_LETTERS) for _ in range(_RECEIPT_SIGNS))
    return f"BT-{signs[:5]}-{signs[5:]}"


def version_digest(
    *,
    title: str,
    body_html: str,
    subject_name: str,
    subject_unit: str,
    subject_reason: str,
    answers: Mapping[str, str] | None = None,
) -> str:
    """SHA-256 of what a version says: the same words give the same digest.

    `answers` are the further fields of the form, shown to judges or not; a form without any gives
    the digest that essays always had.
    """
    said: list[Any] = [title, body_html, subject_name, subject_unit, subject_reason]
    return sha256_hex(canonical_json([*said, dict(answers)] if answers else said))


def receipt_digest(
    *,
    public_id: str,
    version_digest: str,
    files: Iterable[Sequence[str]],
    authors: Sequence[str],
    submitted_at: datetime,
) -> str:
    """SHA-256 that a receipt carries.

    Args:
        public_id: of the work.
        version_digest: of the version handed in.
        files: SHA-256 and caption of each file, in order.
        authors: names as on the work, in order.
        submitted_at: by the server's clock.
    """
    return sha256_hex(
        canonical_json(
            {
                "work": public_id,
                "text": version_digest,
                "files": [list(each) for each in files],
                "authors": list(authors),
                "at": micros(submitted_at),
            }
        )
    )
