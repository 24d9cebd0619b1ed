"""A work without its author: what a judge reads, and what was masked in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contest.core.vietnamese import count_words
from contest.submissions.models import Work, WorkFile, WorkFileKind, WorkVersion
from contest.submissions.rules.identity import (
    Finding,
    Identity,
    find_identity,
    looks_like_name,
    mask_all,
    mask_blocks,
)
from contest.submissions.rules.texts import read_html, write_html, write_text

_LEAST_UNIT_WORDS = 3
_PARTS = re.compile(r"[,;:()\n–]| - ")
_PAIR = 2
_SHORT = 120
"""A private answer of so many signs may be a name or a unit; a longer one is prose."""


@dataclass(frozen=True, slots=True)
class Blinded:
    """The masked parts of a work, and the list of what was found."""

    title: str
    subject_line: str
    body_html: str
    body_text: str
    word_count: int
    captions: dict[str, list[str]]
    masked: list[dict[str, Any]]


def identity_of(work: Work, version: WorkVersion) -> Identity:
    """Whom a text must not tell: authors and units as registered and as the document said.

    What stands in fields that judges are not shown is hidden where the text repeats it.
    """
    names = [author.full_name for author in work.authors]
    units = [author.unit_name for author in work.authors if author.unit_name]
    private = [
        part.strip()
        for answer in version.private_answers.values()
        if _may_name(answer)
        for part in _PARTS.split(answer)
    ]
    if not version.subject_shown:
        private += [version.subject_name, version.subject_unit]
    for hint in [*work.identity_hints, *private]:
        if looks_like_name(hint):
            names.append(hint)
        elif count_words(hint) >= _LEAST_UNIT_WORDS and "@" not in hint:
            units.append(hint)
    return Identity(
        names=tuple(names),
        units=tuple(units),
        kept=(version.subject_name,) if version.subject_name and version.subject_shown else (),
    )


def _may_name(answer: str) -> bool:
    """Whether a private answer may be a name or a unit; a person has one in each of two lines."""
    lines = answer.split("\n")
    return len(answer) < _SHORT or (len(lines) == _PAIR and max(map(len, lines)) < _SHORT)


def handed_in_pictures(work: Work) -> list[WorkFile]:
    """The pictures that belonged to the work when it was handed in last and that judges may see."""
    at = work.submitted_at
    return [
        file
        for file in work.files
        if file.kind is WorkFileKind.PICTURE
        and file.shown
        and file.clean_id is not None
        and at is not None
        and file.added_at <= at
        and (file.removed_at is None or file.removed_at > at)
    ]


def findings(work: Work, version: WorkVersion) -> list[Finding]:
    """Where the text of a version tells who wrote it; uncertain places too."""
    return find_identity(version.body_text, identity_of(work, version))


def as_rows(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as the code table keeps them; what is certain is masked at once."""
    return [
        {
            "kind": each.kind,
            "start": each.start,
            "end": each.end,
            "found": each.found,
            "certain": each.certain,
            "done": each.certain,
        }
        for each in found
    ]


def blind(
    work: Work,
    version: WorkVersion,
    pictures: Sequence[WorkFile],
    rows: list[dict[str, Any]] | None = None,
) -> Blinded:
    """Everything of a work that a judge reads.

    Args:
        work: with authors.
        version: the one handed in.
        pictures: that belonged to it.
        rows: decisions of a secretary about earlier findings; new ones when not given.
    """
    identity = identity_of(work, version)
    if rows is None:
        rows = as_rows(find_identity(version.body_text, identity))
    done = [
        Finding(row["kind"], row["start"], row["end"], row["found"]) for row in rows if row["done"]
    ]
    blocks = mask_blocks(read_html(version.body_html), done)
    parts = [version.subject_name, version.subject_unit, version.subject_reason]
    if not version.subject_shown:
        parts = ["", "", ""]
    name, unit, reason = (mask_all(part, identity) if part else "" for part in parts)
    line = ", ".join(part for part in (name, unit) if part)
    return Blinded(
        title=mask_all(version.title, identity),
        subject_line=f"{line}. {reason}" if line and reason else line or reason,
        body_html=write_html(blocks),
        body_text=write_text(blocks),
        word_count=version.word_count,
        captions={
            file.public_id: [
                mask_all(file.caption, identity),
                mask_all(file.alternative_text, identity),
            ]
            for file in pictures
            if file.shown
        },
        masked=rows,
    )
