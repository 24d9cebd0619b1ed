"""Reading one row as a question; what is wrong with it is gathered, not raised."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Cell, CellKind
from contest.core.vietnamese import DatePrecision, same_word_key
from question_bank.formats.base import LETTERS, ReadOption, ReadQuestion
from question_bank.formats.draft import Draft, paragraphs
from question_bank.formats.fields import read_difficulty, read_kind, read_mark, read_tags
from question_bank.formats.headers import Column, Role
from question_bank.formats.keys import (
    TRUE_FALSE_KEYS,
    BadKey,
    ReadKey,
    is_true_false,
    read_key,
    unreadable_key,
)
from question_bank.formats.references import contradicts, fixed_options, reference
from question_bank.formats.word.paper import options_in_cell

_MOST_ID: Final = 80
_LEAST_OPTIONS: Final = 2

_STEM_LABEL = re.compile(
    r"câu\s+(?:hỏi\s+)?(?:số\s+)?[0-9]{1,4}\s*[:.)\-–]\s*(?=\S)", re.IGNORECASE
)
_OPTION_LABEL = re.compile(r"\(?([A-Ha-h])\s*[.):]\s*(?=\S)")


def _check_cells(draft: Draft, cells: Mapping[Column, Cell]) -> None:
    for role, cell in cells.items():
        if cell.kind is CellKind.ERROR:
            draft.refuse(
                "cell_error",
                _l("This cell holds an error of Excel: %(text)s.", text=cell.text),
                role,
            )
        elif cell.kind is CellKind.UNCALCULATED:
            draft.refuse(
                "uncalculated",
                _l("This formula has no result. Open the file in Excel, save it and try again."),
                role,
            )
        else:
            continue
        draft.unreadable.add(role)


def _stem(draft: Draft, cells: Mapping[Column, Cell]) -> str:
    cell = cells.get(Role.STEM)
    stem = _STEM_LABEL.sub("", paragraphs(cell.text), count=1) if cell is not None else ""
    if not stem:
        draft.refuse("no_stem", _l("The text of the question is missing."), Role.STEM)
    return stem


def _option_texts(draft: Draft, cells: Mapping[Column, Cell]) -> list[str]:
    """Return the texts of options A to the last one, empty where one is missing."""
    places = [role for role in cells if isinstance(role, int)]
    texts = [""] * (max(places, default=-1) + 1)
    for place in places:
        cell = cells[place]
        texts[place] = cell.line
        if cell.date is not None and _lost_its_year(cell):
            draft.refuse(
                "unclear_date",
                _l(
                    "Excel made a date of what was typed here (%(text)s). Format the cell as text "
                    "and type it again.",
                    text=cell.text,
                ),
                place,
            )
    return _without_labels(texts)


def _lost_its_year(cell: Cell) -> bool:
    known = cell.date
    return (
        known is not None
        and (known.precision is DatePrecision.YEAR or str(known.date.year) not in cell.text)
        and cell.text != str(known.date.year)
    )


def _without_labels(texts: list[str]) -> list[str]:
    """Drop "A.", "B." before the options when every one of them carries its own letter."""
    labels = [_OPTION_LABEL.match(text) for text in texts]
    own = all(
        not text or (label is not None and label[1].upper() == LETTERS[place])
        for place, (text, label) in enumerate(zip(texts, labels, strict=True))
    )
    if not own:
        return texts
    return [
        text[label.end() :] if label else text for text, label in zip(texts, labels, strict=True)
    ]


def letter_of(place: int) -> str:
    """Return an option's letter by its place from 0; beyond H, of too many options, its number."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def check_options(draft: Draft, texts: Sequence[str]) -> None:
    """Refuse a question with fewer than two options, or with two that are the same."""
    given = [place for place, text in enumerate(texts) if text]
    if len(given) < _LEAST_OPTIONS:
        draft.refuse(
            "too_few_options",
            _l("A question needs at least two options; this one has %(count)s.", count=len(given)),
            given[0] if given else 0,
        )
    lengths = [len(texts[place]) for place in given]
    if len(set(lengths)) == len(lengths):
        return  # options that are the same have the same length
    seen: dict[str, int] = {}
    for place in given:
        if lengths.count(len(texts[place])) == 1:
            continue
        first = seen.setdefault(same_word_key(texts[place]), place)
        if first != place:
            draft.refuse(
                "equal_options",
                _l(
                    "Options %(first)s and %(second)s are the same.",
                    first=letter_of(first),
                    second=letter_of(place),
                ),
                place,
            )


def _checked_key(cell: Cell | None, texts: Sequence[str]) -> ReadKey:
    """Return the key of a cell. Raises BadKey."""
    typed = cell.line if cell is not None else ""
    if cell is not None and _is_no_key(cell):
        raise unreadable_key(typed)
    found = read_key(typed, texts)
    if contradicts(found.places, texts):
        raise BadKey(
            "ambiguous_key",
            _l(
                "The key “%(key)s” names several options, and one option speaks of several.",
                key=typed,
            ),
        )
    return found


def _key(draft: Draft, cells: Mapping[Column, Cell], texts: Sequence[str]) -> tuple[int, ...]:
    cell = cells.get(Role.KEY)
    try:
        found = _checked_key(cell, texts)
    except BadKey as refusal:
        draft.refuse(refusal.code, refusal.message, Role.KEY)
        return ()
    if found.by_number:
        draft.flag(
            "key_by_number",
            _l(
                "The key was written as %(key)s and understood as option %(letter)s.",
                key=cell.line if cell is not None else "",
                letter=", ".join(LETTERS[place] for place in found.places),
            ),
            Role.KEY,
        )
    return found.places


def _tell_gap(draft: Draft, texts: Sequence[str], key: Sequence[int]) -> None:
    """Say that options behind an empty one change their letters, and the key with them.

    Where an option names one of those by its letter, the letter would name another: refused.
    """
    gap = texts.index("")
    empty = letter_of(gap)
    named = frozenset[int]().union(*(found.named for text in texts if (found := reference(text))))
    if any(place >= gap for place in named):
        message = _l(
            "Option %(letter)s is empty, and an option names one behind it by its letter. "
            "Leave no option empty.",
            letter=empty,
        )
        draft.refuse("option_gap", message, gap)
        return
    message = _l("Option %(letter)s is empty; the options after it move up.", letter=empty)
    if key[-1] > gap:
        moved = [place - texts[:place].count("") for place in key]
        message = _l(
            "Option %(letter)s is empty; the options after it move up. "
            "The key %(before)s is %(after)s now.",
            letter=empty,
            before=", ".join(map(letter_of, key)),
            after=", ".join(map(letter_of, moved)),
        )
    draft.note("option_gap", message, gap)


def _is_no_key(cell: Cell) -> bool:
    if cell.kind is CellKind.DATE:
        return True
    return cell.kind is CellKind.NUMBER and not float(cell.number or 0).is_integer()


def _kind(
    draft: Draft, cells: Mapping[Column, Cell], texts: Sequence[str], key: tuple[int, ...]
) -> str:
    """Return the kind: as written, or by the options and the number of right ones."""
    cell = cells.get(Role.KIND)
    written = read_kind(cell.text) if cell is not None else ""
    pair = is_true_false([text for text in texts if text])
    natural = "true_false" if pair else "multiple" if len(key) > 1 else "single"
    if written is None:
        draft.refuse(
            "unsupported_kind",
            _l(
                "“%(kind)s” is no kind of question that can be read from a table.",
                kind=cell and cell.line,
            ),
            Role.KIND,
        )
    elif not draft.lacks_option and (
        (written == "single" and len(key) > 1) or (written == "true_false") > pair
    ):
        draft.refuse(
            "kind_and_key",
            _l("The kind of this question does not fit its options and key."),
            Role.KIND,
        )
    return natural if written in (None, "", "single") else written


def _difficulty(draft: Draft, cells: Mapping[Column, Cell]) -> str | None:
    cell = cells.get(Role.DIFFICULTY)
    if cell is None:
        return None
    level = read_difficulty(cell.text)
    if level is None:
        draft.flag(
            "unknown_difficulty",
            _l("“%(level)s” is none of the four levels of difficulty.", level=cell.line),
            Role.DIFFICULTY,
        )
    return level


def _mark(draft: Draft, cells: Mapping[Column, Cell]) -> Decimal | None:
    cell = cells.get(Role.MARK)
    if cell is None:
        return None
    mark = read_mark(cell)
    if mark is None:
        draft.refuse(
            "bad_mark",
            _l("“%(mark)s” cannot be read as points. Write a number such as 0,25.", mark=cell.line),
            Role.MARK,
        )
    return mark


def _own_id(draft: Draft, cells: Mapping[Column, Cell]) -> str | None:
    cell = cells.get(Role.ID)
    own_id = cell.line if cell is not None else ""
    if len(own_id) > _MOST_ID:
        draft.refuse("bad_id", _l("This code is too long."), Role.ID)
    return own_id or None


def read_row(draft: Draft, cells: dict[Column, Cell]) -> ReadQuestion:
    """Read one row; what is wrong with it stands in the draft afterwards."""
    _check_cells(draft, cells)
    stem = _stem(draft, cells)
    texts = _option_texts(draft, cells)
    key_cell = cells.get(Role.KEY)
    inside = None if any(texts) or draft.lacks_option else options_in_cell(stem)
    if inside is not None:
        stem, texts = inside
        message = _l("The options were read from the cell of the question.")
        draft.flag("options_in_stem", message, Role.STEM)
    elif not any(texts) and key_cell is not None and _answers_true_false(key_cell):
        english = key_cell.kind is not CellKind.BOOLEAN and key_cell.line[:1].upper() in "TF"
        texts = ["True", "False"] if english else ["Đúng", "Sai"]
    key: tuple[int, ...] = ()
    if not draft.lacks_option:
        check_options(draft, texts)
        if len([text for text in texts if text]) >= _LEAST_OPTIONS:
            key = _key(draft, cells, texts)
    kind = _kind(draft, cells, texts, key)
    given = [place for place, text in enumerate(texts) if text]
    if len(given) < len(texts) and key:
        _tell_gap(draft, texts, key)
    options = [texts[place] for place in given]
    fixed = range(len(options)) if kind == "true_false" else fixed_options(options)

    def text_of(role: Role) -> str:
        cell = cells.get(role)
        return cell.line if cell is not None else ""

    return ReadQuestion(
        place=draft.place,
        kind=kind,
        stem=stem,
        options=tuple(ReadOption(text, place in fixed) for place, text in enumerate(options)),
        key=tuple(given.index(place) for place in key if place in given),
        external_id=_own_id(draft, cells),
        topic=text_of(Role.TOPIC) or None,
        difficulty=_difficulty(draft, cells),
        explanation=paragraphs(cells[Role.EXPLANATION].text) if Role.EXPLANATION in cells else "",
        source=text_of(Role.SOURCE),
        tags=read_tags(cells[Role.TAGS].text) if Role.TAGS in cells else (),
        mark=_mark(draft, cells),
        name=text_of(Role.NAME),
    )


def _answers_true_false(cell: Cell) -> bool:
    return cell.line.casefold().strip(" .") in TRUE_FALSE_KEYS
