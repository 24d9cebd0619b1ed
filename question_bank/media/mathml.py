"""MathML from outside: only what draws a formula is kept, and its words are found.

The elements and attributes are those of MathML Core (https://www.w3.org/TR/mathml-core/), without
links, scripts, styles and anything that loads.
"""

import html
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from lxml import etree

from contest.core.errors import BadFile
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc, one_line
from question_bank.media.tokens import MOST_WORDS, MediumKind, ReadMedium

NAMESPACE: Final = "http://www.w3.org/1998/Math/MathML"
MOST_SIGNS: Final = 20_000
_AS_DEFAULT: Final[Any] = {None: NAMESPACE}  # the stubs know no default namespace
_DEEPEST: Final = 60
_ELEMENTS: Final = frozenset(
    re.findall(
        r"\S+",
        "math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom msub "
        "msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd "
        "mfenced menclose",
    )
)
_ATTRIBUTES: Final = frozenset(
    re.findall(
        r"\S+",
        "display mathvariant dir accent accentunder stretchy symmetric largeop movablelimits form "
        "fence separator lspace rspace minsize maxsize linethickness columnspan rowspan "
        "columnalign rowalign open close separators notation displaystyle scriptlevel width "
        "height depth voffset numalign denomalign",
    )
)
_VALUE: Final = re.compile(r"[\w .,|+\-−–%()\[\]{}⟨⟩‖⌈⌉⌊⌋/\\;:]{0,60}")
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)(\w{2,31});")
_SUPERSCRIPT: Final = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPT: Final = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def bad_formula() -> BadFile:
    """The refusal of what is no formula."""
    return BadFile(
        "bad_formula", _l("This formula cannot be read. Write it as MathML: <math>…</math>.")
    )


def read_formula(markup: str, words: str = "") -> ReadMedium:
    """Return a formula of nothing but MathML, with its words: those given, or as read in one line.

    Raises:
        BadFile: it is no MathML, too long or too deep.
    """
    if len(markup) > MOST_SIGNS or "<!" in markup or "<?" in markup:
        raise bad_formula()
    text = _ENTITY.sub(lambda found: html.escape(html.unescape(found[0])), nfc(markup))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True, recover=False,
    )  # fmt: skip
    if "<mml:" in text and "xmlns:mml" not in text:
        text = text.replace("<mml:math", f'<mml:math xmlns:mml="{NAMESPACE}"', 1)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as reason:
        raise bad_formula() from reason
    return formula_of(root, words)


def formula_of(root: etree._Element, words: str = "") -> ReadMedium:
    """The same for a tree that was parsed already."""
    if etree.QName(root).localname != "math":
        raise bad_formula()
    clean = _clean(root, 0)
    if clean is None:
        raise bad_formula()
    said = one_line(words or nfc(root.get("alttext") or "")) or one_line(linear(clean))
    if not said:
        raise bad_formula()
    said = said[:MOST_WORDS]
    clean.set("alttext", said)
    etree.cleanup_namespaces(clean)
    written = etree.tostring(clean, encoding="unicode")
    if len(written) > MOST_SIGNS:
        raise bad_formula()
    return ReadMedium(MediumKind.FORMULA, markup=written, words=said)


def _clean(element: etree._Element, depth: int) -> etree._Element | None:
    if depth > _DEEPEST:
        raise bad_formula()
    name = etree.QName(element).localname
    if name == "semantics":
        first = next(element.iterchildren(tag=etree.Element), None)
        return None if first is None else _clean(first, depth + 1)
    if name not in _ELEMENTS or (name == "math") != (depth == 0):
        return None
    made = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap=_AS_DEFAULT)
    for attribute, value in sorted(element.attrib.items()):
        if str(attribute) in _ATTRIBUTES and _VALUE.fullmatch(str(value)):
            made.set(str(attribute), str(value))
    children = list(element.iterchildren(tag=etree.Element))
    if not children:
        made.text = " ".join((element.text or "").split()) or None
    for child in children:
        kept = _clean(child, depth + 1)
        if kept is not None:
            made.append(kept)
    return made


def raised(text: str) -> str:
    """Return text as an exponent: ², or ^(…) where there are no such signs."""
    small = text.translate(_SUPERSCRIPT)
    return small if all(sign not in text for sign in small) else f"^({text})"


def lowered(text: str) -> str:
    """Return text as an index: ₂, or _(…) where there are no such signs."""
    small = text.translate(_SUBSCRIPT)
    return small if all(sign not in text for sign in small) else f"_({text})"


def _grouped(text: str) -> str:
    return text if text.isalnum() or not text else f"({text})"


def linear(element: etree._Element) -> str:
    """Return a formula, or a part of one, in one line: x², (a+b)/c, √(2)."""
    name = etree.QName(element).localname
    parts = [linear(child) for child in element.iterchildren(tag=etree.Element)]
    if not parts:
        return (element.text or "").strip() or (" " if name == "mspace" else "")
    write = _WRITERS.get(name)
    return "".join(parts) if write is None else write(parts)


def _two(parts: list[str], write: Callable[[str, str], str]) -> str:
    return write(parts[0], parts[1]) if len(parts) > 1 else "".join(parts)


def _three(parts: list[str]) -> str:
    base, low, high = [*parts, "", "", ""][:3]
    return base + (lowered(low) if low else "") + (raised(high) if high else "")


_WRITERS: Final[Mapping[str, Callable[[list[str]], str]]] = MappingProxyType(
    {
        "mfrac": lambda parts: _two(parts, lambda a, b: f"{_grouped(a)}/{_grouped(b)}"),
        "msqrt": lambda parts: f"√({''.join(parts)})",
        "mroot": lambda parts: _two(parts, lambda a, b: f"{raised(b)}√({a})"),
        "msup": lambda parts: _two(parts, lambda a, b: a + raised(b)),
        "mover": lambda parts: _two(parts, lambda a, b: a + (b if len(b) == 1 else raised(b))),
        "msub": lambda parts: _two(parts, lambda a, b: a + lowered(b)),
        "munder": lambda parts: _two(parts, lambda a, b: a + lowered(b)),
        "msubsup": _three,
        "munderover": _three,
        "mfenced": lambda parts: f"({'; '.join(parts)})",
        "mtable": lambda parts: f"[{'; '.join(parts)}]",
        "mtr": ", ".join,
    }
)
