"""Texts of questions for print: lines of pieces that a Typst template sets. Pure.

A piece is one of `{"text": …}`, `{"picture": ref, "width": px, "height": px, "words": …}`,
`{"formula": tree}` and `{"gap": number}`. The tree of a formula is its MathML: `{"n": name, "c":
children}` or `{"n": name, "x": text}`, with `"a"` for what opens and closes a fence.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from contest.core.i18n import gettext as _
from question_bank.kinds.cloze import GAP
from question_bank.media.tokens import TOKEN, Medium, MediumKind

_KEPT: Final = ("mathvariant", "open", "close", "separators", "linethickness", "notation")
_CUT: Final = re.compile(f"({TOKEN.pattern}|{GAP.pattern})")


def typeset(
    text: str, media: Mapping[str, Medium], *, with_gaps: bool = False
) -> list[list[dict[str, Any]]]:
    """Return the lines of a text, each as pieces.

    Args:
        text: what an author wrote, with tokens.
        media: by token; what is not among them is left out.
        with_gaps: whether `[[1]]` is a gap to write into.
    """
    return [_pieces(line, media, with_gaps=with_gaps) for line in text.split("\n")]


def _pieces(line: str, media: Mapping[str, Medium], *, with_gaps: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    at = 0
    for sign in _CUT.finditer(line):
        ref, gap = sign[2], sign[3]
        if gap and not with_gaps:
            continue
        if line[at : sign.start()]:
            found.append({"text": line[at : sign.start()]})
        at = sign.end()
        if gap:
            found.append({"gap": int(gap)})
        elif ref in media:
            found.append(_medium(media[ref]))
    if line[at:]:
        found.append({"text": line[at:]})
    return found


def _medium(medium: Medium) -> dict[str, Any]:
    if medium.kind is MediumKind.FORMULA:
        return {"formula": formula_tree(medium.markup)}
    if medium.kind is MediumKind.SOUND:
        said = _("Sound: %(words)s", words=medium.words)
        return {"text": f"[{said}]"}
    return {
        "picture": medium.ref,
        "width": medium.width,
        "height": medium.height,
        "words": medium.words,
    }


def formula_tree(markup: str) -> dict[str, Any]:
    """Return MathML that was cleaned when it was kept as nested JSON."""
    return _node(etree.fromstring(markup.encode()))


def _node(element: etree._Element) -> dict[str, Any]:
    node: dict[str, Any] = {"n": etree.QName(element).localname}
    children = [_node(child) for child in element.iterchildren(tag=etree.Element)]
    if children:
        node["c"] = children
    else:
        node["x"] = element.text or ""
    kept = {name: element.get(name) for name in _KEPT if element.get(name) is not None}
    if kept:
        node["a"] = kept
    return node
