"""Equations of Word (OMML) in one line of text: x², (a+b)/(c), √(2)."""

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
