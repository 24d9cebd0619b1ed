"""Other keys of a question as it was asked: another order or pairing, other answers of its parts.

A correction after the close says what counts as right too. It never changes what was shown: things,
sides, parts and options keep their ids, and nothing may be added to them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from contest.core.vietnamese import one_line
from question_bank.kinds.base import Way
from question_bank.kinds.keeping import with_kept_ids
from question_bank.kinds.parts import PartsBody

_BLANK_LINE: Final = re.compile(r"\n\s*\n")
REARRANGED: Final = frozenset((Way.PAIRS, Way.ORDER))
"""Ways whose key is an arrangement of what was shown."""


def arrangements(kind: Any, body: Any, text: str) -> list[dict[str, Any]]:
    """Read arrangements as an author types one, with an empty line between two of them.

    Args:
        kind: of a matching or an ordering question.
        body: as it was asked.
        text: for example ``left -> right`` lines; right sides that fit nowhere may be left out.

    Returns:
        Unchecked bodies with the ids of the question; one that was asked already is left out.
    """
    old = kind.dump(body)
    found: list[dict[str, Any]] = []
    for block in _BLANK_LINE.split(text.replace("\r\n", "\n").strip()):
        if not block.strip():
            continue
        new = kind.from_lines(block, old)
        if kind.way is Way.PAIRS:
            new["extra"] = _left_over(old, new)
        found.append({**old, **with_kept_ids(kind.code, old, new)})
    return found


def _left_over(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Right sides of the question that an arrangement does not use, and those that it names."""
    used = {one_line(pair["right"]) for pair in new["pairs"]}
    all_of_them = [*(pair["right"] for pair in old["pairs"]), *old["extra"], *new["extra"]]
    return [each for each in dict.fromkeys(map(one_line, all_of_them)) if each not in used]


def as_lines(kind: Any, bodies: Sequence[Any]) -> str:
    """Write arrangements as `arrangements` reads them."""
    return "\n\n".join("\n".join(kind.lines(body)) for body in bodies)


def with_part_keys(
    kind: Any, body: PartsBody, chosen: Mapping[str, Sequence[str]], typed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Bodies of a question of parts with other answers; each part earns the best of them.

    Args:
        kind: of the question.
        body: as it was asked.
        chosen: right options by part. Several of a part with one answer are alternatives.
        typed: right answers by part, one on a line, as an author types them.

    Returns:
        Unchecked bodies, as many as the most alternatives of a part; none when nothing was given.
    """
    turns = max(
        (1 if part.kind.several else len(chosen.get(part.id, ())) or 1 for part in body.parts),
        default=1,
    )
    if not any(chosen.values()) and not any(map(str.strip, typed.values())):
        return []
    found = []
    for turn in range(turns):
        dumped: dict[str, Any] = kind.dump(body)
        for part, item in zip(body.parts, dumped["parts"], strict=True):
            options = list(chosen.get(part.id, ()))
            if options and not part.kind.several:
                options = [options[min(turn, len(options) - 1)]]
            if options:
                item["body"] = with_key(item["body"], options)
            elif typed.get(part.id, "").strip():
                item["body"] = part.kind.from_lines(typed[part.id], item["body"])
        found.append(dumped)
    return found


def with_key(body: Mapping[str, Any], key: Sequence[str]) -> dict[str, Any]:
    """Return a body of options with another key; shares of single options belonged to the old."""
    options = [
        {name: value for name, value in option.items() if name != "share"}
        for option in body["options"]
    ]
    return {**body, "options": options, "key": list(key)}


def shows_the_same(old: Any, new: Any) -> bool:
    """Whether two checked bodies of one question show the same things, sides, parts and options."""
    if isinstance(old, PartsBody) and isinstance(new, PartsBody):
        return [_seen(part) for part in old.parts] == [_seen(part) for part in new.parts]
    return set(old.option_ids) == set(new.option_ids)


def _seen(part: Any) -> tuple[str, str, frozenset[str]]:
    return part.id, part.stem, frozenset(part.body.option_ids)
