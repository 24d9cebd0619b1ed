"""Equations of Word (OMML): in one line of text, x², (a+b)/(c), √(2), and as MathML."""

import re
from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from lxml import etree

from question_bank.formats.markup import lowered, raised

_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VAL: Final = f"{_M}val"


def _part(element: etree._Element, name: str) -> str:
    part = element.find(f"{_M}{name}")
    return "" if part is None else linear(part)


def _grouped(text: str) -> str:
    return text if text.isalnum() or not text else f"({text})"


def _fraction(element: etree._Element) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _root(element: etree._Element) -> str:
    degree = _part(element, "deg")
    return f"{raised(degree) if degree else ''}√({_part(element, 'e')})"


def _brackets(element: etree._Element) -> str:
    begin = element.find(f"{_M}dPr/{_M}begChr")
    end = element.find(f"{_M}dPr/{_M}endChr")
    first = "(" if begin is None else begin.get(_VAL) or ""
    last = ")" if end is None else end.get(_VAL) or ""
    inner = "; ".join(linear(part) for part in element.iterfind(f"{_M}e"))
    return f"{first}{inner}{last}"


def _sum(element: etree._Element) -> str:
    sign = element.find(f"{_M}naryPr/{_M}chr")
    word = "∫" if sign is None else sign.get(_VAL) or "∫"
    low, high = _part(element, "sub"), _part(element, "sup")
    limits = f"{lowered(low) if low else ''}{raised(high) if high else ''}"
    return f"{word}{limits} {_part(element, 'e')}"


def linear(element: etree._Element) -> str:
    """Return an equation, or a part of one, as text in one line."""
    parts = []
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        if name == "t":
            parts.append(child.text or "")
        elif name == "f":
            parts.append(_fraction(child))
        elif name in {"sSup", "sSub", "sSubSup"}:
            base, low, high = _part(child, "e"), _part(child, "sub"), _part(child, "sup")
            parts.append(base + (lowered(low) if low else "") + (raised(high) if high else ""))
        elif name == "rad":
            parts.append(_root(child))
        elif name == "d":
            parts.append(_brackets(child))
        elif name == "nary":
            parts.append(_sum(child))
        elif not name.endswith("Pr"):
            parts.append(linear(child))
    return "".join(parts)


_PIECE: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[^\W\d_]+|\s+|.", re.DOTALL)
_DEEPEST: Final = 40


def mathml(element: etree._Element) -> str:
    """Return an equation of Word as MathML; what is not known stands in a row as it comes."""
    return f"<math>{_row(element, 0)}</math>"


def _row(element: etree._Element | None, depth: int) -> str:
    if element is None or depth > _DEEPEST:
        return ""
    return "".join(_math(child, depth + 1) for child in element.iterchildren(tag=etree.Element))


def _group(element: etree._Element, name: str, depth: int) -> str:
    return f"<mrow>{_row(element.find(f'{_M}{name}'), depth)}</mrow>"


def _chosen(element: etree._Element, path: str, usual: str) -> str:
    """Return a sign that properties name: given empty, none; not given, the usual one."""
    found = element.find("/".join(f"{_M}{step}" for step in path.split("/")))
    return usual if found is None else found.get(_VAL) or ""


def _signs(text: str) -> str:
    written = []
    for piece in _PIECE.findall(text):
        if piece.isspace():
            continue
        name = "mn" if piece[0].isdigit() else "mi" if piece[0].isalpha() else "mo"
        written.append(f"<{name}>{escape(piece)}</{name}>")
    return "".join(written)


def _operator(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>" if sign else ""


def _math(element: etree._Element, depth: int) -> str:
    name = etree.QName(element).localname
    if name == "t":
        return _signs(element.text or "")
    write = _ELEMENTS.get(name)
    if write is not None:
        return write(element, depth)
    return "" if name.endswith("Pr") else _row(element, depth)


def _scripts(tag: str, *names: str) -> Callable[[etree._Element, int], str]:
    def write(element: etree._Element, depth: int) -> str:
        return f"<{tag}>{''.join(_group(element, name, depth) for name in names)}</{tag}>"

    return write


def _math_root(element: etree._Element, depth: int) -> str:
    degree = _row(element.find(f"{_M}deg"), depth)
    if not degree:
        return f"<msqrt>{_group(element, 'e', depth)}</msqrt>"
    return f"<mroot>{_group(element, 'e', depth)}<mrow>{degree}</mrow></mroot>"


def _math_brackets(element: etree._Element, depth: int) -> str:
    between = _operator(_chosen(element, "dPr/sepChr", "|"))
    inner = between.join(_row(part, depth) for part in element.iterfind(f"{_M}e"))
    first = _operator(_chosen(element, "dPr/begChr", "("))
    return f"<mrow>{first}{inner}{_operator(_chosen(element, 'dPr/endChr', ')'))}</mrow>"


def _math_sum(element: etree._Element, depth: int) -> str:
    sign = _operator(_chosen(element, "naryPr/chr", "∫"))
    low, high = _group(element, "sub", depth), _group(element, "sup", depth)
    return f"<mrow><munderover>{sign}{low}{high}</munderover>{_group(element, 'e', depth)}</mrow>"


def _math_accent(element: etree._Element, depth: int) -> str:
    sign = _operator(_chosen(element, "accPr/chr", "^"))
    return f'<mover accent="true">{_group(element, "e", depth)}{sign}</mover>'


def _math_bar(element: etree._Element, depth: int) -> str:
    below = _chosen(element, "barPr/pos", "bot") == "bot"
    tag = "munder" if below else "mover"
    return f"<{tag}>{_group(element, 'e', depth)}<mo>‾</mo></{tag}>"


def _math_matrix(element: etree._Element, depth: int) -> str:
    rows = (
        "".join(f"<mtd>{_row(cell, depth)}</mtd>" for cell in row.iterfind(f"{_M}e"))
        for row in element.iterfind(f"{_M}mr")
    )
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in rows)}</mtable>"


def _math_array(element: etree._Element, depth: int) -> str:
    rows = (_row(row, depth) for row in element.iterfind(f"{_M}e"))
    return f"<mtable>{''.join(f'<mtr><mtd>{row}</mtd></mtr>' for row in rows)}</mtable>"


_ELEMENTS: Final[Mapping[str, Callable[[etree._Element, int], str]]] = MappingProxyType(
    {
        "f": _scripts("mfrac", "num", "den"),
        "sSup": _scripts("msup", "e", "sup"),
        "sSub": _scripts("msub", "e", "sub"),
        "sSubSup": _scripts("msubsup", "e", "sub", "sup"),
        "limLow": _scripts("munder", "e", "lim"),
        "limUpp": _scripts("mover", "e", "lim"),
        "rad": _math_root,
        "d": _math_brackets,
        "nary": _math_sum,
        "acc": _math_accent,
        "bar": _math_bar,
        "m": _math_matrix,
        "eqArr": _math_array,
    }
)
