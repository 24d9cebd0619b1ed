"""One question of a GIFT file: its stem and the block of its answers.

A wrong key is worse than a rejected question, so whatever could be read in two ways is refused:
braces of a formula, a weight on the right option, `true` in lower case, a number that is none.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import one_line
from question_bank.formats.base import MOST_ORIGINAL, Item, Place, ReadOption, ReadQuestion
from question_bank.formats.draft import Draft
from question_bank.formats.intervals import read_interval
from question_bank.formats.markup import Plain, from_automatic, from_html, from_plain
from question_bank.formats.references import fixed_options
from question_bank.formats.shares import (
    NOTHING,
    WHOLE,
    Weighed,
    numeric_body,
    percent,
    plain_number,
    short_body,
    weighed_choice,
)
from question_bank.formats.sieve import Sieve

# Escaped signs become noncharacters, so that what is left are marks of the format.
_SIGNS: Final = "~=#{}:\\"
_PLACES: Final = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
_BACK: Final = str.maketrans({place: sign for sign, place in _PLACES.items()})
_RESERVED: Final = dict.fromkeys(range(0xFDD0, 0xFDF0), "\ufffd")
_AWAY: Final = re.compile("[\ufdd0-\ufdef]")  # to look is ten times cheaper than to translate
_ESCAPE: Final = re.compile(r"\\([~=#{}:\\])")
_NEWLINE: Final = re.compile(r"\\n([A-Za-z]*)")
# Commands of TeX that begin with n: a line break before "eq" or "abla" is nobody's meaning.
_TEX_WITH_N: Final = re.compile(
    "e|eqq?|eqslant|eg|abla|u|i|ot|otin|otni|mid|exists|earrow|warrow|ewline|olimits|onumber|orm|"
    "[lg]eq|[lg]eqslant|less|gtr|prec|succ|sim|cong|parallel|su[bp]seteq|atural|leftarrow|"
    "rightarrow|Leftarrow|Rightarrow|subset|vdash|Vdash|triangleleft|triangleright|ormalsize|ame"
)
_BEFORE_TEX_BRACE: Final = re.compile(r"(?:\\[A-Za-z]+\*?(?:\[[^\[\]]*\])?|\^|(?<![_\s])_)\s*$|\}$")
_FORMAT: Final = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_TRUTH: Final = re.compile(r"(TRUE|T|FALSE|F)\s*(?:#(.*))?", re.DOTALL)
_LIKE_TRUTH: Final = re.compile(
    r"(?:true|false|t|f|đúng|sai|đ|s)\s*(?:#.*)?", re.DOTALL | re.IGNORECASE
)
_WEIGHT: Final = re.compile(r"\s*%\s*(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)\s*%")
_LIKE_WEIGHT: Final = re.compile(r"\s*%[-+]?\s*[0-9.,]+\s*%?")
# Signs of the format inside a tag or an entity: <span class="a"> would be cut into two answers.
# In "a <b =c" there is no tag.
_CUT_TAG: Final = re.compile(
    r"<[A-Za-z][A-Za-z0-9]*\s(?:[^<>=~#]*\s)?[A-Za-z-]+="
    r"(?:\s*[\"']|[\w#%.-]+\s*/?>)"
    rf"|<[A-Za-z][A-Za-z0-9]*\s[^<>=~#]*{_PLACES['=']}\s*[\"'][^<>\"'=~#]*[=~#]"
)
_CUT_ENTITY: Final = re.compile(r"&#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});")
_CLOSES: Final = re.compile(r"[.,;:?!…)\]»”]")
_GAP: Final = "_____"
_LEAST_PAIRS: Final = 2


class Escaped(NamedTuple):
    """Text whose escaped signs have been put away."""

    text: str

    @classmethod
    def read(cls, text: str) -> "Escaped":
        """Put the escaped signs of a text away; `text` of the result is what it means."""
        return cls(_restore(_put_away(text)))


def _put_away(text: str) -> str:
    clean = text.translate(_RESERVED) if _AWAY.search(text) else text
    return _ESCAPE.sub(lambda found: _PLACES[found[1]], clean)


def _restore(text: str) -> str:
    """Bring escaped signs back; backslash and n are a new line, but not in a command of TeX."""
    broken = _NEWLINE.sub(
        lambda found: found[0] if _TEX_WITH_N.fullmatch(found[1]) else "\n" + found[1], text
    )
    return broken.translate(_BACK) if _AWAY.search(broken) else broken


@dataclass(frozen=True, slots=True)
class RawQuestion:
    """The lines of a question, with what comments and the category say of it."""

    place: Place
    text: str
    own_id: str | None
    tags: tuple[str, ...]
    topic: str | None


@dataclass
class _Reading:
    """A question while it is being read."""

    draft: Draft
    question: ReadQuestion
    way: str
    media: int = 0

    def plain(self, text: str) -> str:
        """Return a text without markup, in the way that the question or the text itself names."""
        found = _FORMAT.match(text)
        way = found[1].lower() if found else self.way
        rest = _restore(text[found.end() :] if found else text)
        plain = _READERS.get(way, from_automatic)(rest)
        self.media += plain.media
        return plain.text


_READERS: Final[Mapping[str, Callable[[str], Plain]]] = {
    "html": from_html,
    "plain": lambda text: Plain(from_plain(text)),
    "markdown": lambda text: Plain(from_plain(text)),
}


def read_question(raw: RawQuestion, sieve: Sieve) -> Iterator[Item]:
    """Yield the question of some lines, or what is wrong with it."""
    text = _put_away(raw.text).strip()
    name, text = _name(text)
    found = _FORMAT.match(text)
    draft = Draft(raw.place, {})
    question = ReadQuestion(
        place=raw.place,
        kind="description",
        stem="",
        options=(),
        key=(),
        external_id=raw.own_id,
        topic=raw.topic,
        tags=raw.tags,
        name=name,
        original=raw.text[:MOST_ORIGINAL],
    )
    reading = _Reading(draft, question, found[1].lower() if found else "moodle")
    _read_parts(reading, text[found.end() :] if found else text)
    if reading.media:
        draft.note(
            "media_left_out",
            _l("Pictures and sounds of this question are not taken over yet."),
        )
    yield from sieve.items(draft, reading.question)


def _name(text: str) -> tuple[str, str]:
    if text.startswith("::"):
        name, found, rest = text[2:].partition("::")
        if found:
            return one_line(_restore(name)), rest.strip()
    return "", text


def _read_parts(reading: _Reading, text: str) -> None:
    head, opened, rest = text.partition("{")
    block, closed, tail = rest.partition("}")
    faults = _brace_faults(head, opened, block, closed, tail)
    stem = _with_gap(head, tail) if tail.strip() else head
    reading.question = replace(reading.question, stem=reading.plain(text if faults else stem))
    if faults:
        reading.draft.refuse(*faults)
    elif opened:
        _read_block(reading, block)
    else:
        reading.question = replace(reading.question, mark=Decimal(0), body={})


def _with_gap(head: str, tail: str) -> str:
    """Join what stands around the answers; a full stop stands right behind the gap."""
    space = "" if _CLOSES.match(tail) else " "
    return f"{head.rstrip()} {_GAP}{space}{tail.strip()}"


def _brace_faults(
    head: str, opened: str, block: str, closed: str, tail: str
) -> tuple[str, object] | None:
    """Say why these braces are not surely those of the answers."""
    if not opened:
        stray = "}" in head
        return ("open_block", _l("There is a } without a { before it.")) if stray else None
    if not closed:
        return (
            "open_block",
            _l("The answers are not closed by }. A blank line ends a question, also within { }."),
        )
    dollars = _restore(head).count("$") % 2 and "$" in block + tail
    if "{" in tail and not dollars and not _in_formula(_restore(head)):
        return (
            "second_block",
            _l(
                "There is a second { } in this question. Put an empty line between two "
                "questions, and write \\{ and \\} for braces of a formula."
            ),
        )
    if "{" in block + tail or "}" in tail or _in_formula(_restore(head)) or dollars:
        return (
            "formula_braces",
            _l(
                "Braces of a formula cannot be told from those of the answers. "
                "Write \\{ and \\} in the formula."
            ),
        )
    return None


def _in_formula(head: str) -> bool:
    return (
        bool(_BEFORE_TEX_BRACE.search(head))
        or head.count("\\(") > head.count("\\)")
        or head.count("\\[") > head.count("\\]")
    )


def _read_block(reading: _Reading, block: str) -> None:
    answers, _mark, general = block.partition("####")
    answers = answers.strip()
    if general.strip():
        reading.question = replace(reading.question, explanation=reading.plain(general))
    if not answers:
        reading.question = replace(reading.question, kind="essay", body={})
    elif answers.startswith("#"):
        _numeric(reading, answers[1:])
    elif truth := _TRUTH.fullmatch(answers):
        _true_false(reading, truth)
    elif answers.startswith(("=", "~")):
        _listed(reading, answers)
    else:
        _refuse_block(reading, answers)


def _refuse_block(reading: _Reading, answers: str) -> None:
    if _LIKE_TRUTH.fullmatch(answers):
        message = _l("“%(text)s” is not read as an answer. Write TRUE or FALSE in capitals.",
                     text=one_line(_restore(answers)))  # fmt: skip
        reading.draft.refuse("lower_case_truth", message)
        return
    message = _l(
        "“%(text)s” in { } is no answer. Answers begin with = or ~; write \\{ and \\} for braces "
        "that belong to the text.",
        text=one_line(_restore(answers))[:80],
    )
    reading.draft.refuse("bad_block", message)


def _true_false(reading: _Reading, truth: re.Match[str]) -> None:
    right = 0 if truth[1].startswith("T") else 1
    # The first feedback is for the wrong answer, the second for the right one.
    said = zip((("Sai", "Đúng"), ("Đúng", "Sai"))[right], (truth[2] or "").split("#"), strict=False)
    feedback = [f"{word}: {words}" for word, part in said if (words := reading.plain(part))]
    reading.question = replace(
        reading.question,
        kind="true_false",
        options=(ReadOption("Đúng", fixed_last=True), ReadOption("Sai", fixed_last=True)),
        key=(right,),
        explanation=_joined(reading.question.explanation, feedback),
    )


def _joined(explanation: str, more: Sequence[str]) -> str:
    return "\n".join(part for part in (explanation, *more) if part)


def _refuse_cut(reading: _Reading, answers: str) -> None:
    """Refuse = ~ # that stand in a tag or an entity: what comes before would be an answer."""
    cut = _CUT_ENTITY.search(answers) or _CUT_TAG.search(answers)
    if cut is not None:
        message = _l(
            "“%(text)s”: within an answer the signs = ~ # are written \\= \\~ \\#.",
            text=one_line(_restore(cut[0]))[:80],
        )
        reading.draft.refuse("sign_in_markup", message)


def _entries(reading: _Reading, answers: str) -> list[tuple[str, Weighed]]:
    """Cut answers at each = and ~; returns (sign, answer)."""
    _refuse_cut(reading, answers)
    pieces = re.split(r"([=~])", answers)
    found = []
    for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        text, _mark, feedback = piece.partition("#")
        weight = _WEIGHT.match(text)
        share = percent(weight[1]) if weight else None
        if (weight and share is None) or (weight is None and _LIKE_WEIGHT.match(text)):
            message = _l("“%(text)s”: a weight is written as %%50%%, from -100 to 100.",
                         text=one_line(_restore(text))[:80])  # fmt: skip
            reading.draft.refuse("bad_weight", message)
        rest = text[weight.end() :] if weight else text
        found.append((sign, Weighed(rest.strip(), share, feedback.strip())))
    return found


def _listed(reading: _Reading, answers: str) -> None:
    entries = _entries(reading, answers)
    if reading.draft.problems:
        reading.question = replace(reading.question, kind="single")
    elif any(sign == "~" for sign, _answer in entries):
        _choice(reading, entries)
    elif any("->" in answer.text for _sign, answer in entries):
        _matching(reading, [answer for _sign, answer in entries])
    else:
        _short(reading, [answer for _sign, answer in entries])


def _choice(reading: _Reading, entries: Sequence[tuple[str, Weighed]]) -> None:
    right = [answer for sign, answer in entries if sign == "="]
    texts = [one_line(reading.plain(answer.text)) for _sign, answer in entries]
    explained = [
        f"{text}: {reading.plain(answer.feedback)}"
        for text, (_sign, answer) in zip(texts, entries, strict=True)
        if answer.feedback
    ]
    shares = [WHOLE if sign == "=" else answer.share or NOTHING for sign, answer in entries]
    fixed = fixed_options(texts)
    reading.question = replace(
        reading.question,
        kind="single" if right else "multiple",
        options=tuple(ReadOption(text, place in fixed) for place, text in enumerate(texts)),
        explanation=_joined(reading.question.explanation, explained),
    )
    if any(answer.share is not None for answer in right):
        message = _l("A right option (=) of a choice carries no weight. Write ~ before it instead.")
        reading.draft.refuse("weight_on_key", message)
        return
    found = weighed_choice(reading.draft, list(zip(texts, shares, strict=True)), single=bool(right))
    reading.question = replace(reading.question, kind=found.kind, key=found.key, body=found.body)


def _short(reading: _Reading, answers: Sequence[Weighed]) -> None:
    given = [
        (one_line(reading.plain(answer.text)), WHOLE if answer.share is None else answer.share)
        for answer in answers
    ]
    if any(not text for text, _share in given):
        reading.draft.refuse("empty_answer", _l("An answer after = is empty."))
    _needs_full(reading, [share for _text, share in given])
    explained = [
        f"{text}: {reading.plain(answer.feedback)}"
        for (text, _share), answer in zip(given, answers, strict=True)
        if answer.feedback
    ]
    reading.question = replace(
        reading.question,
        kind="short_answer",
        body=short_body(given),
        answers=tuple(text for text, share in given if share == WHOLE),
        explanation=_joined(reading.question.explanation, explained),
    )


def _needs_full(reading: _Reading, shares: Sequence[Fraction]) -> None:
    if WHOLE not in shares:
        message = _l("No answer of this question gives all the marks.")
        reading.draft.refuse("no_key", message)


def _matching(reading: _Reading, answers: Sequence[Weighed]) -> None:
    pairs, extra = [], []
    for answer in answers:
        left, arrow, right = answer.text.partition("->")
        if not arrow or answer.share is not None or not right.strip():
            message = _l("Each pair of a matching question is written = left -> right.")
            reading.draft.refuse("bad_pair", message)
            continue
        words = (one_line(reading.plain(left)), one_line(reading.plain(right)))
        if words[0]:
            pairs.append(words)
        else:
            extra.append(words[1])
    if len(pairs) < _LEAST_PAIRS:
        reading.draft.refuse("too_few_pairs", _l("A matching question needs two pairs or more."))
    reading.question = replace(
        reading.question,
        kind="matching",
        body={"pairs": [{"left": left, "right": right} for left, right in pairs], "extra": extra},
        answers=tuple(f"{left} -> {right}" for left, right in pairs),
    )


def _numeric(reading: _Reading, text: str) -> None:
    text = text.strip()
    entries = _entries(reading, text if text.startswith("=") else f"={text}")
    given, explained = [], []
    for sign, answer in entries:
        if sign == "~" and not answer.text and answer.share in (None, NOTHING):
            explained.append(reading.plain(answer.feedback))  # said to every other number
            continue
        found = read_interval(answer.text) if sign == "=" else None
        if found is None:
            message = _l(
                "“%(text)s” cannot be read as a number. Write 3.14, 3.14:0.01 or 3.1..3.2.",
                text=one_line(_restore(answer.text))[:80],
            )
            reading.draft.refuse("bad_number", message)
            continue
        if found.comma:
            message = _l(
                "%(typed)s read as %(number)s",
                typed=one_line(answer.text),
                number=found.as_written(),
            )
            reading.draft.note("decimal_comma", message)
        share = WHOLE if answer.share is None else answer.share
        given.append((found.value, found.tolerance, share))
        if answer.feedback:
            explained.append(f"{one_line(answer.text)}: {reading.plain(answer.feedback)}")
    if not reading.draft.problems:
        _needs_full(reading, [share for _value, _tolerance, share in given])
    reading.question = replace(
        reading.question,
        kind="numeric",
        body=numeric_body(given),
        answers=tuple(plain_number(value) for value, _tolerance, share in given if share == WHOLE),
        explanation=_joined(reading.question.explanation, explained),
    )
