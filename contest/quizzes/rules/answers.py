"""Answers: their shape at the border, the fold of the ledger, and the digest of a receipt.

An answer is a tuple of strings everywhere: ids of options, or the digits of the prediction;
empty when there is none. The ledger keeps it as a JSON list.
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from contest.core.audit import canonical_json, sha256_hex
from contest.core.clock import micros
from contest.core.errors import InvalidInput
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc
from question_bank.kinds.essay import as_written, is_writing

Answer: TypeAlias = tuple[str, ...]

MOST_PARTS: Final = 32
MOST_SIGNS: Final = 200
MOST_SEQUENCE: Final = 1_000_000
_CACHED: Final = 400
MOST_PREDICTED: Final = 99_999_999
# Without I, L, O, 0, 1: a code is read out over the telephone.
_CODE_SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH: Final = 8
_CODES: Final = len(_CODE_SIGNS) ** _CODE_LENGTH
_CODE: Final = re.compile(r"[^A-Z0-9]+")


class MalformedAnswer(InvalidInput):
    """What was sent is no answer to any question."""

    message = _l("This is not an answer that can be kept.")


@dataclass(frozen=True, slots=True)
class Saved:
    """One line for the ledger, as a device sends it; `away` counts how often the page was left."""

    epoch: int
    sequence: int
    slot: int
    answer: Answer
    away: int = 0

    @property
    def text(self) -> str:
        """The answer as the ledger keeps it."""
        return pack(self.answer)


def pack(answer: Answer) -> str:
    """An answer as JSON, with the same bytes for the same answer."""
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False)


def unpack(text: str) -> Answer:
    """Read back what `pack` wrote; what is long enough to be somebody's own is not kept."""
    return _unpacked(text) if len(text) <= _CACHED else tuple(json.loads(text))


@lru_cache(maxsize=4096)
def _unpacked(text: str) -> Answer:
    """Thousands who choose an option leave the same text."""
    return tuple(json.loads(text))


def read_answer(raw: object) -> Answer:
    """An answer from JSON: a list of short strings, one string, a whole number, or null.

    One string alone may be long and have several lines, as only an essay question takes it. The
    parts come back sorted and without repeats, so that one choice is always one answer.

    Raises:
        MalformedAnswer: it is something else.
    """
    if raw is None or raw == "":
        return ()
    if isinstance(raw, bool):
        raise MalformedAnswer
    if isinstance(raw, int):
        raw = str(raw)
    parts = [raw] if isinstance(raw, str) else raw
    if not isinstance(parts, list) or len(parts) > MOST_PARTS:
        raise MalformedAnswer
    if len(parts) == 1 and isinstance(parts[0], str) and is_long(parts[0]):
        written = nfc(as_written(parts[0]))
        if not written or not is_writing(written):
            raise MalformedAnswer
        return (written,)
    # Control signs and lone surrogates are no text, and no database takes them.
    if not all(
        isinstance(part, str) and 0 < len(part) <= MOST_SIGNS and part.isprintable()
        for part in parts
    ):
        raise MalformedAnswer
    return tuple(sorted({nfc(part) for part in parts}))


def is_long(text: str) -> bool:
    """Whether a text is more than a line: only an essay question takes it."""
    return len(text) > MOST_SIGNS or not text.isprintable()


def read_saved(body: object) -> Saved:
    """A save from the JSON a device sent: epoch, sequence, slot, answer.

    Raises:
        MalformedAnswer: a part is missing, of the wrong type or out of range.
    """
    if not isinstance(body, dict):
        raise MalformedAnswer
    return Saved(
        epoch=_whole(body.get("epoch"), 1, MOST_SEQUENCE),
        sequence=_whole(body.get("sequence"), 1, MOST_SEQUENCE),
        slot=_whole(body.get("slot"), 0, 1_000),
        answer=read_answer(body.get("answer")),
        away=_whole(body.get("away", 0), 0, MOST_SEQUENCE),
    )


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MalformedAnswer
    return value


def as_prediction(answer: Answer) -> int | None:
    """The number that a person predicted, or None.

    Raises:
        MalformedAnswer: it is no whole number from 0 to 99,999,999.
    """
    if not answer:
        return None
    number = answer[0]
    if len(answer) > 1 or not (number.isascii() and number.isdecimal()):
        raise MalformedAnswer
    if int(number) > MOST_PREDICTED:
        raise MalformedAnswer
    return int(number)


def could_be_prediction(answer: Answer) -> bool:
    """Whether an answer could stand in the slot of the prediction."""
    try:
        as_prediction(answer)
    except MalformedAnswer:
        return False
    return True


def fits_slot(paper: Sequence[Mapping[str, Any]], slot: int, answer: Answer) -> bool:
    """Whether a paper has this slot and this answer is one that it can have.

    `actions.saves.SAVE` says the same in SQL.
    """
    if not 0 <= slot < len(paper):
        return False
    place = paper[slot]
    if "t" not in place and "p" not in place:  # first, since nearly every slot is a choice
        if len(answer) > 1:
            return "m" in place and set(answer) <= set(place["o"])
        return not answer or answer[0] in place["o"]
    if "p" in place:
        return could_be_prediction(answer)
    if "e" in place:
        return len(answer) <= 1
    return (len(answer) <= 1 or "m" in place) and not any(map(is_long, answer))


def fold(lines: Iterable[tuple[int, str]]) -> dict[int, Answer]:
    """What stands at the end of a ledger.

    Args:
        lines: (slot, answer as the ledger keeps it), ordered by epoch, then sequence.

    Returns:
        The last answer of each slot; slots whose answer was taken back are left out.
    """
    last = dict(lines)
    return {slot: answer for slot, text in sorted(last.items()) if (answer := unpack(text))}


@dataclass(frozen=True, slots=True)
class Folded:
    """The answers of a finished attempt by slot, the prediction apart.

    `stored` are the answers as the attempt's row keeps them.
    """

    answers: dict[int, Answer]
    prediction: int | None
    stored: dict[str, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        stored = {str(slot): list(answer) for slot, answer in self.answers.items()}
        object.__setattr__(self, "stored", stored)


def split_prediction(folded: Mapping[int, Answer], question_count: int) -> Folded:
    """Take the prediction, which stands in the slot after the questions, out of a fold."""
    answers = {slot: answer for slot, answer in folded.items() if slot < question_count}
    return Folded(answers, as_prediction(folded.get(question_count, ())))


def answers_digest(
    *,
    public_id: str,
    revision_ids: Sequence[int],
    folded: Folded,
    started_at: datetime,
    submitted_at: datetime,
) -> str:
    """The SHA-256 that a receipt carries: over the paper, the answers and the times."""
    content = {
        "attempt": public_id,
        "paper": list(revision_ids),
        "answers": folded.stored,
        "prediction": folded.prediction,
        "started": micros(started_at),
        "submitted": micros(submitted_at),
    }
    return sha256_hex(canonical_json(content))


def new_receipt_code(round_number: int) -> str:
    """A code like T3-7KQM-42XD: the round, then 39 random bits."""
    signs, rest = "", secrets.randbelow(_CODES)
    for _place in range(_CODE_LENGTH):
        rest, sign = divmod(rest, len(_CODE_SIGNS))
        signs += _CODE_SIGNS[sign]
    return f"T{round_number % 1000}-{signs[:4]}-{signs[4:]}"


def clean_receipt_code(typed: str) -> str:
    """A receipt code as it is stored, from what a person typed: spaces and dashes do not matter."""
    signs = _CODE.sub("", typed.upper())
    if len(signs) < 10 or not signs.startswith("T"):  # noqa: PLR2004  (T, a number, eight signs)
        return ""
    return f"{signs[:-8]}-{signs[-8:-4]}-{signs[-4:]}"


def clean_digest(typed: str) -> str:
    """A digest from what a person typed or pasted: spaces, dashes and case do not matter."""
    return re.sub(r"[^0-9a-f]", "", typed.lower())


@lru_cache(maxsize=8192)
def save_signature(secret_key: str, token: str) -> str:
    """The CSRF signature of the save: an HMAC of the sign-in token, sent in a header."""
    return hmac.digest(secret_key.encode(), b"quiz-save:" + token.encode(), "sha256").hex()
