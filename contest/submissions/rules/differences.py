"""What changed between two versions of a text, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_PIECE: Final = re.compile(r"\n|[^\s]+|[ \t]+")
_MOST_WORDS: Final = 8_000


@dataclass(frozen=True, slots=True)
class Change:
    """A passage: `kind` is same, added or removed."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Change]:
    """The later text with what was added, and what was removed in its place.

    Paragraphs are compared first, then the words of those that changed, so that a long essay is
    compared in a moment.
    """
    old, new = before.split("\n"), after.split("\n")
    changes: list[Change] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        removed = "".join(f"{line}\n" for line in old[old_start:old_end])
        added = "".join(f"{line}\n" for line in new[new_start:new_end])
        if what == "equal":
            changes.append(Change("same", added))
        elif not removed or not added:
            changes += [Change("removed", removed)] if removed else []
            changes += [Change("added", added)] if added else []
        else:
            changes += _word_changes(removed, added)
    return _joined(changes)


def _word_changes(removed: str, added: str) -> Iterator[Change]:
    old, new = _PIECE.findall(removed), _PIECE.findall(added)
    if len(old) + len(new) > _MOST_WORDS:
        yield Change("removed", removed)
        yield Change("added", added)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            yield Change("same", "".join(new[new_start:new_end]))
            continue
        if old_end > old_start:
            yield Change("removed", "".join(old[old_start:old_end]))
        if new_end > new_start:
            yield Change("added", "".join(new[new_start:new_end]))


def _joined(changes: list[Change]) -> list[Change]:
    joined: list[Change] = []
    for change in changes:
        if joined and joined[-1].kind == change.kind:
            joined[-1] = Change(change.kind, joined[-1].text + change.text)
        else:
            joined.append(change)
    return joined
