"""What matching and ordering share: each row gets one of the choices, as ``row=choice``."""

from collections.abc import Iterable, Sequence

from question_bank.kinds.base import NO_ANSWER, Answer, AnswerInvalid


def parse_rows(raw: object, allowed: Iterable[str], code: str) -> Answer:
    """Read a list of ``row=choice``, at most one for each row. Raises ``AnswerInvalid``."""
    if raw is None or raw in ("", [], ()):
        return NO_ANSWER
    values = [raw] if isinstance(raw, str) else raw
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
        raise AnswerInvalid(code)
    rows = [each.partition("=")[0] for each in values]
    if len(set(rows)) != len(rows) or not set(values) <= set(allowed):
        raise AnswerInvalid(code)
    return tuple(sorted(values))


def chosen_by_row(answer: Answer) -> dict[str, str]:
    """Return the choice of each row; a row with two of them has none."""
    found: dict[str, list[str]] = {}
    for part in answer:
        row, _sign, choice = part.partition("=")
        found.setdefault(row, []).append(choice)
    return {row: choices[0] for row, choices in found.items() if len(choices) == 1}


def in_order(order: Sequence[str], place: int) -> list[str]:
    """Return the rows (place 0) or the choices (1) in the order of their first appearance."""
    return list(dict.fromkeys(each.split("=")[place] for each in order))
