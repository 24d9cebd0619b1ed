"""Rules of the question bank: review steps, digests, tags, and what changed between revisions.

Pure: no database, no clock, no request.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

from contest.core.access import Permission
from contest.core.errors import RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold, nfc, one_line
from question_bank.kinds import KINDS
from question_bank.models import Difficulty, QuestionState

ENEMY_PREFIX: Final = "enemy:"
MAX_TAGS: Final = 20
MAX_TAG_LENGTH: Final = 80
MAX_STEM_LENGTH: Final = 10_000
MAX_NAME_LENGTH: Final = 200
RESERVED_SLUGS: Final = frozenset(("new", "import-table", "review-queue"))
"""Addresses below `/banks` that are pages, so that no bank may be called so."""
TOPIC_SEPARATOR: Final = " › "
STATE_LABELS: Final = {
    QuestionState.DRAFT: _l("Draft"),
    QuestionState.CHECKED: _l("Checked"),
    QuestionState.APPROVED: _l("Approved"),
    QuestionState.RETIRED: _l("Retired"),
}
DIFFICULTY_LABELS: Final = {
    Difficulty.EASY: _l("Easy"),
    Difficulty.MEDIUM: _l("Medium"),
    Difficulty.HARD: _l("Hard"),
    Difficulty.VERY_HARD: _l("Very hard"),
}
STEPS: Final[Mapping[QuestionState, tuple[QuestionState, ...]]] = {
    QuestionState.DRAFT: (QuestionState.CHECKED, QuestionState.APPROVED, QuestionState.RETIRED),
    QuestionState.CHECKED: (QuestionState.APPROVED, QuestionState.DRAFT, QuestionState.RETIRED),
    QuestionState.APPROVED: (QuestionState.RETIRED, QuestionState.DRAFT),
    QuestionState.RETIRED: (QuestionState.DRAFT,),
}


STEP_PERMISSION: Final = {
    QuestionState.DRAFT: Permission.WRITE_QUESTIONS,
    QuestionState.CHECKED: Permission.REVIEW_QUESTIONS,
    QuestionState.APPROVED: Permission.REVIEW_QUESTIONS,
    QuestionState.RETIRED: Permission.REVIEW_QUESTIONS,
}


class StepNotAllowed(RuleBroken):
    """The question cannot go from its state to that one."""

    message = _l("This question cannot take that step from where it stands now.")


class SamePerson(RuleBroken):
    """One person may not both check and approve in this bank."""

    message = _l("In this bank, whoever checked a question does not approve it. Ask a colleague.")


class OwnQuestion(RuleBroken):
    """Nobody checks what they wrote themselves."""

    message = _l("In this bank nobody checks their own question. Ask a colleague.")


class NotChecked(RuleBroken):
    """A bank with two-person review approves checked questions only."""

    message = _l("In this bank a question is checked by one person before another approves it.")


class QuestionChanged(RuleBroken):
    """Somebody saved a newer revision in the meantime."""

    message = _l(
        "Somebody saved a newer version of this question while you were writing. Open it again."
    )


class MediaUndescribed(RuleBroken):
    """Pictures and sounds need words before a question is used."""

    message = _l(
        "A picture or sound of this question has no words for people who cannot see or hear it. "
        "Write them in the editor, or say that it is decorative."
    )


class ExternalIdTaken(RuleBroken):
    """Two questions of a bank cannot carry the same code."""

    message = _l("Another question of this bank has this code already.")


class TopicTaken(RuleBroken):
    """Two topics in one place cannot have the same name."""

    message = _l("There is a topic with this name here already.")


class TopicInUse(RuleBroken):
    """A topic that holds questions or topics stays."""

    message = _l("This topic still holds questions or topics. Move them first.")


class TopicCircle(RuleBroken):
    """A topic cannot stand under itself."""

    message = _l("A topic cannot stand under itself.")


class ImportEnded(RuleBroken):
    """An import is accepted or dropped once."""

    message = _l("This file was accepted or dropped already.")


class ImportNotRead(RuleBroken):
    """The file is still being read, or could not be read."""

    message = _l("This file has not been read to the end yet.")


class NotWhole(RuleBroken):
    """All rows were asked for, and some of them have errors."""

    message = _l(
        "This file is taken as a whole or not at all, and some rows have errors. Mend them first."
    )


class NothingChosen(RuleBroken):
    """No row of the file can be taken."""

    message = _l("No row of this file can be accepted. Mend the marked cells and import again.")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands in its review; ids are of persons.

    ``author_id`` wrote the present revision, ``checked_by_id`` checked it.
    """

    state: QuestionState
    author_id: int | None
    checked_by_id: int | None
    two_person_review: bool


def check_step(standing: Standing, wanted: QuestionState, person_id: int) -> None:
    """Raise the refusal when this person may not take a question to a state now.

    With two-person review the author does not check, and the checker does not approve.
    """
    if wanted not in STEPS[standing.state]:
        raise StepNotAllowed
    if not standing.two_person_review:
        return
    if wanted is QuestionState.CHECKED and standing.author_id == person_id:
        raise OwnQuestion
    if wanted is QuestionState.APPROVED:
        if standing.state is not QuestionState.CHECKED:
            raise NotChecked
        if standing.checked_by_id == person_id:
            raise SamePerson


def steps_open_to(standing: Standing, person_id: int) -> tuple[QuestionState, ...]:
    """Return the steps that this person may take now, the usual next one first."""
    possible = []
    for wanted in STEPS[standing.state]:
        try:
            check_step(standing, wanted, person_id)
        except RuleBroken:
            continue
        possible.append(wanted)
    return tuple(possible)


_WORD: Final = re.compile(r"[^\W_]+")
# What Vietnamese folds to is ASCII nearly always: a look-up in C parts it five times as fast.
_SPACED: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
_CENTRAL: Final = re.compile(r"(?<=[/-])TƯ(?!\w)")
_NOT_WORDS: Final = re.compile(r"[^0-9a-z]+")


_SIGNS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}


def stem_digest(stem: str) -> str:
    """Return a digest that is equal for stems equal without marks, case, spaces and signs."""
    words = " ".join(fold(stem).translate(_SIGNS).split())
    return hashlib.sha256(words.encode()).hexdigest()


_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def revision_digest(
    kind: str,
    stem: str,
    body: Mapping[str, Any],
    *,
    explanation: str,
    source: str,
    mark: Decimal,
) -> str:
    """Return the digest of what a revision says; ids of options do not count.

    A re-import of an unchanged row brings other option ids and must still be seen as unchanged.
    """
    key = set(body.get("key", ()))
    content = [
        kind,
        stem,
        [
            [
                option.get("text"),
                bool(option.get("fixed")),
                option.get("id") in key,
                *([option["share"]] if option.get("share") is not None else []),
            ]
            for option in body.get("options", ())
        ]
        if "options" in body
        else _without_ids(body),
        body.get("scoring"),
        explanation,
        source,
        str(Decimal(mark).normalize()),
    ]
    return hashlib.sha256(_COMPACT.encode(content).encode()).hexdigest()


def _without_ids(value: Any) -> Any:
    """Return a body of another kind without its random ids, in one order of its keys."""
    if isinstance(value, Mapping):
        key = value.get("key")
        if isinstance(key, list) and "options" in value:
            right = [option.get("id") in key for option in value["options"]]
            value = {**value, "key": right}
        return {
            name: _without_ids(part)
            for name, part in sorted(value.items())
            if name not in {"id", "ids"}
        }
    return [_without_ids(part) for part in value] if isinstance(value, list) else value


def search_text(*parts: str) -> str:
    """Return the folded words in which a question is searched, parted by one space each."""
    return " ".join(search_words(" ".join(part for part in parts if part)))


def search_words(text: str) -> list[str]:
    """Return the words of a text as they are searched: without marks, case and signs.

    CT/TƯ and CT/TW name one committee.
    """
    folded = fold(_CENTRAL.sub("TW", text) if "TƯ" in text else text)
    return folded.translate(_SPACED).split() if folded.isascii() else _WORD.findall(folded)


def clean_tags(words: Iterable[str]) -> tuple[str, ...]:
    """Return tags in NFC, trimmed, without repeats, in the order given; at most ``MAX_TAGS``."""
    tags = (one_line(word)[:MAX_TAG_LENGTH] for word in words)
    return tuple(dict.fromkeys(tag for tag in tags if tag))[:MAX_TAGS]


def split_tags(text: str) -> tuple[str, ...]:
    """Read tags that are separated by commas, semicolons or lines."""
    return clean_tags(re.split(r"[,;\n]", nfc(text)))


def enemy_groups(tags: Iterable[str]) -> frozenset[str]:
    """Return the enemy groups among tags: ``enemy:departure`` belongs to group ``departure``."""
    folded = (fold(tag) for tag in tags)
    return frozenset(
        tag.removeprefix(ENEMY_PREFIX).strip() for tag in folded if tag.startswith(ENEMY_PREFIX)
    )


def topic_path(name: str) -> tuple[str, ...]:
    """Read a topic as it stands in a cell: ``Tiểu sử > Gia đình`` is a topic under a topic."""
    parts = (one_line(part)[:200] for part in re.split(r"[>›]", name))
    return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words in a comparison: ``same``, ``added`` or ``removed``."""

    text: str
    change: str


def compare_texts(old: str, new: str) -> tuple[Piece, ...]:
    """Return what changed between two texts, word by word."""
    before, after = old.split(), new.split()
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for change, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if change == "equal":
            pieces.append(Piece(" ".join(before[a_from:a_to]), "same"))
            continue
        if a_to > a_from:
            pieces.append(Piece(" ".join(before[a_from:a_to]), "removed"))
        if b_to > b_from:
            pieces.append(Piece(" ".join(after[b_from:b_to]), "added"))
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A part of a question that differs between two revisions, word by word."""

    label: Any
    pieces: tuple[Piece, ...]


class Wording(Protocol):
    """What two revisions are compared by."""

    kind: Any
    stem: Any
    body: Any
    explanation: Any
    source: Any
    mark: Any


def compare_revisions(old: Wording, new: Wording) -> tuple[FieldChange, ...]:
    """Return what changed between two revisions, part by part; unchanged parts are left out."""
    before, after = _parts(old), _parts(new)
    labels = list(dict.fromkeys([*before, *after]))
    return tuple(
        FieldChange(_PART_LABELS.get(label, label), compare_texts(left, right))
        for label in labels
        if (left := before.get(label, "")) != (right := after.get(label, ""))
    )


_PART_LABELS: Final = {
    "stem": _l("Question"),
    "key": _l("Right answer"),
    "scoring": _l("How it is marked"),
    "explanation": _l("Explanation"),
    "source": _l("Source"),
    "mark": _l("Points"),
}
_SCORING_LABELS: Final = {"all_or_nothing": _l("All or nothing"), "partial": _l("Partial")}


def _parts(revision: Wording) -> dict[str, str]:
    options = revision.body.get("options", [])
    key = set(revision.body.get("key", ()))
    scoring = revision.body.get("scoring", "")
    parts = {"stem": revision.stem}
    parts |= {chr(65 + n): option["text"] for n, option in enumerate(options)}
    parts["key"] = ", ".join(chr(65 + n) for n, o in enumerate(options) if o["id"] in key)
    parts["scoring"] = str(_SCORING_LABELS.get(scoring, scoring))
    if "options" not in revision.body and revision.kind in KINDS:
        kind = KINDS[revision.kind]
        parts["key"] = " | ".join(kind.lines(kind.parse(revision.body)))
    return parts | {
        "explanation": revision.explanation,
        "source": revision.source,
        "mark": f"{Decimal(revision.mark).normalize():f}",
    }


def slug_from(name: str) -> str:
    """Return a name as it can stand in an address: ``Ngân hàng tuần 1`` → ``ngan-hang-tuan-1``."""
    return _NOT_WORDS.sub("-", fold(name)).strip("-")[:70].strip("-")
