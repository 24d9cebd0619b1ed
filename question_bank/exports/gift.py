"""GIFT: what it can say of a question, with id, tags and category in its comments."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from question_bank.exports.base import ExportFormat, ExportQuestion, in_words
from question_bank.kinds.choice import option_shares
from question_bank.kinds.multiple import KIND as MULTIPLE

_MARKS: Final = re.compile(r"([~=#{}:\\])")
_IN_COMMENT: Final = re.compile(r"[\[\]\n]")


def escaped(text: str) -> str:
    """Return a text in which no sign is one of the format's; line breaks become its own."""
    return _MARKS.sub(r"\\\1", text).replace("\n", "\\n")


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.5f}".rstrip("0").rstrip(".")


def _single(question: ExportQuestion) -> str:
    shares = [option.get("share") for option in question.body["options"]]
    lines = []
    for (text, right), share in zip(question.options, shares, strict=True):
        weight = (
            "" if right or not share or Fraction(share) == 0 else f"%{_percent(Fraction(share))}%"
        )
        lines.append(f"{'=' if right else '~'}{weight}{escaped(text)}")
    return "{\n" + "\n".join(lines) + "\n}"


def _multiple(question: ExportQuestion) -> str:
    body = MULTIPLE.parse(question.body)
    shares = option_shares(body)
    lines = [f"~%{_percent(shares[option.id])}%{escaped(option.text)}" for option in body.options]
    return "{\n" + "\n".join(lines) + "\n}"


def _true_false(question: ExportQuestion) -> str:
    right = next(text for text, is_right in question.options if is_right)
    return "{TRUE}" if right.casefold() in {"đúng", "true"} else "{FALSE}"


def _weighed(answers: Iterable[dict[str, Any]], text: Any) -> str:
    lines = []
    for answer in answers:
        share = Fraction(answer["share"])
        weight = "" if share == 1 else f"%{_percent(share)}%"
        lines.append(f"={weight}{text(answer)}")
    return "\n".join(lines)


def _short(question: ExportQuestion) -> str:
    return "{\n" + _weighed(question.body["answers"], lambda each: escaped(each["text"])) + "\n}"


def _numeric(question: ExportQuestion) -> str:
    def number(answer: dict[str, Any]) -> str:
        width = answer["tolerance"]
        return f"{answer['value']}:{width}" if width != "0" else str(answer["value"])

    return "{#\n" + _weighed(question.body["answers"], number) + "\n}"


def _matching(question: ExportQuestion) -> str:
    pairs = [(pair["left"], pair["right"]) for pair in question.body["pairs"]]
    pairs += [("", text) for text in question.body["extra"]]
    return "{\n" + "\n".join(f"={_side(a)} -> {_side(b)}" for a, b in pairs) + "\n}"


def _side(text: str) -> str:
    """Return one side of a pair; the format has no escape for its arrow."""
    return escaped(text.replace("->", "→"))


_WRITERS: Final[dict[str, Any]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "short_answer": _short,
    "numeric": _numeric,
    "matching": _matching,
    "essay": lambda _question: "{}",
    "description": lambda _question: "",
}


def _lines(questions: Iterable[ExportQuestion]) -> Iterator[str]:
    topic: tuple[str, ...] | None = None
    for question in map(in_words, questions):
        if question.topic != topic:
            topic = question.topic
            path = "/".join(["$course$/top", *(name.replace("/", "//") for name in topic)])
            yield f"$CATEGORY: {path}\n"
        notes = (
            [f"[id:{_IN_COMMENT.sub(' ', question.external_id)}]"] if question.external_id else []
        )
        notes += [f"[tag:{_IN_COMMENT.sub(' ', tag)}]" for tag in question.tags]
        if notes:
            yield "// " + " ".join(notes)
        block = _WRITERS[question.kind](question)
        if question.explanation and block.endswith("}"):
            block = block[:-1] + f"####{escaped(question.explanation)}" + "}"
        name = f"::{escaped(question.name)}::" if question.name else ""
        yield f"{name}[plain]{escaped(question.stem)} {block}".rstrip() + "\n"


def write(questions: Iterable[ExportQuestion]) -> bytes:
    """Return the file."""
    return ("\n".join(_lines(questions)) + "\n").encode()


FORMAT = ExportFormat(
    "gift",
    _l("GIFT text (.txt, .gift)"),
    "gift",
    "text/plain; charset=utf-8",
    frozenset(_WRITERS),
    write,
)
