"""Ids of what did not change: an edited question keeps them, so that its parts stay the same."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contest.core.vietnamese import one_line
from question_bank.kinds.choice import new_option_ids


def with_kept_ids(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new body in which what the old one had too carries the ids that it had there.

    Things to order and sides to match are known by their words, parts of a question by their ids,
    options inside parts by their words. Other kinds are given back as they are.
    """
    if kind == "ordering" and "items" in new:
        items = _renamed(old.get("items", ()), new["items"])
        return {**new, "items": items}
    if kind == "matching" and "pairs" in new:
        return {**new, "ids": _matching_ids(old, new)}
    if kind in {"cloze", "group"} and "parts" in new:
        before = {part.get("id"): part for part in old.get("parts", ())}
        return {
            **new,
            "parts": [_kept_part(before.get(part.get("id")), part) for part in new["parts"]],
        }
    return dict(new)


def _words(entry: Mapping[str, Any]) -> str:
    return one_line(str(entry.get("text", "")))


def _renamed(
    old: Iterable[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    known = {_words(entry): entry.get("id", "") for entry in old}
    fresh = iter(new_option_ids(len(new)))
    return [{**entry, "id": known.pop(_words(entry), "") or next(fresh)} for entry in new]


def _matching_ids(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    lefts, rights = _sides(old)
    ids = list(old.get("ids", ()))
    known_left = dict(zip(lefts, ids, strict=False))
    known_right = dict(zip(rights, ids[len(lefts) :], strict=False))
    new_lefts, new_rights = _sides(new)
    fresh = iter(new_option_ids(len(new_lefts) + len(new_rights)))
    return [
        *(known_left.pop(text, "") or next(fresh) for text in new_lefts),
        *(known_right.pop(text, "") or next(fresh) for text in new_rights),
    ]


def _sides(body: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return left sides and different right ones, in the order in which a body names their ids."""
    pairs = body.get("pairs", ())
    extra = [
        each.get("text") if isinstance(each, Mapping) else each for each in body.get("extra", ())
    ]
    rights = [one_line(str(pair.get("right", ""))) for pair in pairs]
    others = [one_line(str(each)) for each in extra]
    return [one_line(str(pair.get("left", ""))) for pair in pairs], list(
        dict.fromkeys([*rights, *others])
    )


def _kept_part(old: Mapping[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    body = new.get("body")
    if old is None or not isinstance(body, dict) or "options" not in body:
        return new
    options = _renamed(old.get("body", {}).get("options", ()), body["options"])
    names = dict(zip((each.get("id") for each in body["options"]), options, strict=True))
    key = [names[each]["id"] for each in body.get("key", ()) if each in names]
    return {**new, "body": {**body, "options": options, "key": key}}
