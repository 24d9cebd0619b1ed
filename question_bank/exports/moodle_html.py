"""Texts of questions as HTML for Moodle: pictures, formulas, gaps."""

import html
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, Final

from question_bank.exports.base import ExportQuestion
from question_bank.formats.moodle_cloze import MEMBER, escaped
from question_bank.kinds.choice import option_shares
from question_bank.kinds.cloze import GAP
from question_bank.kinds.multiple import KIND as MULTIPLE
from question_bank.media import TOKEN, MediumKind, ReadMedium, plain

_SUFFIX: Final = {"image/png": "png", "image/jpeg": "jpg", "audio/mpeg": "mp3", "audio/wav": "wav"}


def percent(share: Fraction) -> str:
    """Return a share as a percentage with at most five decimals."""
    return f"{float(share * 100):.5f}".rstrip("0").rstrip(".")


def file_name(medium: ReadMedium) -> str:
    """Return the name of a medium's file: its letters, which tell nothing."""
    return f"{medium.ref}.{_SUFFIX.get(medium.media_type, 'bin')}"


def as_html(text: str, media: Mapping[str, ReadMedium]) -> str:
    """Return a text as HTML, media in their places, line breaks as such."""
    pieces = TOKEN.split(text)
    shown = [
        _element(media.get(piece)) if place % 2 else html.escape(piece, quote=False)
        for place, piece in enumerate(pieces)
    ]
    return "".join(shown).replace("\n", "<br>")


def _element(medium: ReadMedium | None) -> str:
    if medium is None:
        return ""
    if medium.kind is MediumKind.FORMULA:
        return medium.markup
    source, words = f"@@PLUGINFILE@@/{file_name(medium)}", html.escape(medium.words)
    if medium.kind is MediumKind.SOUND:
        return f'<audio controls title="{words}"><source src="{source}"></audio>'
    role = ' role="presentation"' if medium.is_decorative else ""
    return (
        f'<img src="{source}" alt="{words}"{role} width="{medium.width}" height="{medium.height}">'
    )


def cloze_html(question: ExportQuestion) -> str:
    """Return the text of a question made of parts, each as a gap of Moodle's.

    Questions on a shared text stand under it, each in an element by which our reader knows them.
    """
    parts = question.body["parts"]
    scale = lcm(*(Fraction(part["weight"]).denominator for part in parts))
    gaps = [_gap(part, scale, question.media) for part in parts]
    if question.kind == "group":
        members = (
            f'<div class="{MEMBER}">{as_html(part["stem"], question.media)} {gap}</div>'
            for part, gap in zip(parts, gaps, strict=True)
        )
        return as_html(question.stem, question.media) + "".join(members)
    return GAP.sub(lambda found: gaps[int(found[1]) - 1], as_html(question.stem, question.media))


def _gap(part: Mapping[str, Any], scale: int, media: Mapping[str, ReadMedium]) -> str:
    name, answers = _WRITERS[part["kind"]](part)
    written = []
    feedback = part["feedback"].replace("\n", " ")
    for text, share in answers:
        weight = "=" if share == 1 else f"%{percent(share)}%" if share else ""
        said = f"#{_safe(feedback)}" if share == 1 and feedback else ""
        feedback = "" if said else feedback
        written.append(f"{weight}{text(media) if callable(text) else _safe(text)}{said}")
    times = int(Fraction(part["weight"]) * scale)
    return f"{{{times}:{name}:{'~'.join(written)}}}"


def _safe(text: str) -> str:
    return escaped(html.escape(text, quote=False))


def _weighed(part: Mapping[str, Any], value: Callable[[Any], str]) -> list[tuple[Any, Fraction]]:
    return [(value(each), Fraction(each["share"])) for each in part["body"]["answers"]]


def _short(part: Mapping[str, Any]) -> tuple[str, list[tuple[Any, Fraction]]]:
    name = "SHORTANSWER_C" if part["body"]["match_case"] else "SHORTANSWER"
    return name, _weighed(part, lambda each: str(each["text"]))


def _numeric(part: Mapping[str, Any]) -> tuple[str, list[tuple[Any, Fraction]]]:
    return "NUMERICAL", _weighed(part, lambda each: f"{each['value']}:{each['tolerance']}")


def _layout(part: Mapping[str, Any]) -> str:
    fixed = all(option["fixed"] for option in part["body"]["options"])
    layout = ("V" if part["is_list"] and part["kind"] != "multiple" else "") + (
        "" if fixed else "S"
    )
    return f"_{layout}" if layout else ""


def _single(part: Mapping[str, Any]) -> tuple[str, list[tuple[Any, Fraction]]]:
    key = part["body"]["key"]
    answers = [
        (
            _option(option["text"]),
            Fraction(1) if option["id"] in key else Fraction(option.get("share") or 0),
        )
        for option in part["body"]["options"]
    ]
    return f"MULTICHOICE{_layout(part)}", answers


def _multiple(part: Mapping[str, Any]) -> tuple[str, list[tuple[Any, Fraction]]]:
    body = MULTIPLE.parse(part["body"])
    shares = option_shares(body)
    answers = [(_option(option.text), shares[option.id]) for option in body.options]
    return f"MULTIRESPONSE{_layout(part)}", answers


def _option(text: str) -> Callable[[Mapping[str, ReadMedium]], str]:
    """An option of a gap; Moodle shows no files there, so that words stand for pictures."""
    return lambda media: _safe(plain(text, media))


_WRITERS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[str, list[Any]]]]] = {
    "short_answer": _short,
    "numeric": _numeric,
    "single": _single,
    "true_false": _single,
    "multiple": _multiple,
}
