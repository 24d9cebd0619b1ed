"""What stands on a certificate, its serial and code, and what verification says of it."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from contest.awards.models.certificates import Certificate, CertificateKind, CertificateLayout
from contest.results.rules.titles import called

CODE_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are taken for others: 0 O, 1 I L, U V."""
_CODE_LENGTH: Final = 12
_GROUP: Final = 4
_CONTEST: Final = "cuộc thi “{contest}”"
LONGEST_NAME: Final = (
    "Công Tằng Tôn Nữ Nguyễn Phúc Huyền Trang Bảo Ngọc Phương Thảo Quỳnh Như Thiên Hương "
    "Diễm Kiều Trâm Anh Minh Nguyệt Ánh"
)
"""A hundred and twenty signs, as long as a name may be."""


class CertificateState(StrEnum):
    """What verification says."""

    VALID = "valid"
    CORRECTED = "corrected"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a certificate, with the facts that its words may name."""

    key: str
    person_id: int | None
    full_name: str
    unit_name: str
    facts: Mapping[str, str]


USUAL: Final[dict[CertificateKind, tuple[CertificateLayout, str, str, str]]] = {
    CertificateKind.PRIZE: (
        CertificateLayout.LANDSCAPE,
        "Giấy chứng nhận",
        "Chứng nhận",
        "Đã đạt {prize} {round}, cuộc thi “{contest}”",
    ),
    CertificateKind.PARTICIPATION: (
        CertificateLayout.LANDSCAPE,
        "Giấy chứng nhận",
        "Chứng nhận",
        "Đã tham gia {round}, cuộc thi “{contest}”",
    ),
    CertificateKind.HONOUR: (
        CertificateLayout.PORTRAIT,
        "Tôn vinh",
        "Trân trọng tôn vinh",
        "Gương sáng được viết đến trong {round}, cuộc thi “{contest}”",
    ),
}
"""Layout, heading, lead and words with which a design begins; documents are in Vietnamese."""


def new_code() -> str:
    """A code that cannot be guessed: twelve signs, 58 bits."""
    return "".join(secrets.choice(CODE_SIGNS) for _place in range(_CODE_LENGTH))


def shown_code(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def read_code(typed: str) -> str:
    """What was typed, without spaces and hyphens, in capitals."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())[: _CODE_LENGTH + 4]


def serial_of(number: int, issued_on: date) -> str:
    """The serial of the nth certificate of a contest: "2026/00042"."""
    return f"{issued_on.year}/{number:05d}"


def filled(words: str, facts: Mapping[str, str]) -> str:
    """Words with the facts in their places; braces that name no fact stay as they are.

    “cuộc thi” stands once where the contest's title says it itself.
    """

    def fact(found: re.Match[str]) -> str:
        return facts.get(found.group(1), found.group(0))

    if "contest" in facts:
        words = words.replace(_CONTEST, called(facts["contest"]))
    return " ".join(re.sub(r"\{([a-z]+)\}", fact, words).split())


def state_of(certificate: Certificate) -> CertificateState:
    """Whether it still stands; a revocation weighs more than a correction."""
    if certificate.revoked_at is not None:
        return CertificateState.REVOKED
    if certificate.replaced_by_id is not None:
        return CertificateState.CORRECTED
    return CertificateState.VALID


def longest(recipients: Iterable[Recipient], count: int = 3) -> list[Recipient]:
    """Those with the longest names, for the preview."""
    return sorted(recipients, key=lambda one: (-len(one.full_name), one.full_name))[:count]


def says_the_same(old: Certificate, printed: Mapping[str, Any]) -> bool:
    """Whether a certificate would be printed as it is, but for number and day."""
    return all(getattr(old, name) == value for name, value in printed.items())
