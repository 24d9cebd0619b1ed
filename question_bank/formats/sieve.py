"""What questions that stand in no table pass through: checks, old letters, duplicates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Cell
from contest.core.spreadsheets.legacy import Verdict, converted_cells, verdict
from contest.core.vietnamese import LegacyEncoding
from question_bank.formats.base import Item, Place, ReadOption, ReadQuestion, RowError, SkippedRow
from question_bank.formats.draft import Draft
from question_bank.formats.question_rows import check_options, letter_of
from question_bank.formats.seen import Seen, garbled, held_back, twin_flag
from question_bank.kinds import KINDS, check_stem
from question_bank.kinds.base import BodyInvalid
from question_bank.kinds.choice import MAX_OPTIONS, new_choice_body

CHOICES: Final = frozenset(("single", "multiple", "true_false"))
_MOST_ID: Final = 80
_MOST_STEM: Final = 10_000

Fonts = Mapping[str, LegacyEncoding]


@dataclass
class Sieve:
    """Checks the questions of one file, in its order."""

    convert: bool = False
    seen: Seen = field(default_factory=Seen)

    def items(
        self, draft: Draft, question: ReadQuestion, fonts: Fonts | None = None
    ) -> Iterator[Item]:
        """Yield a question with its flags, or what is wrong with it.

        `fonts` names the legacy font in which a part ("stem", "option 0") is drawn.
        """
        if question.kind not in KINDS and not draft.problems:
            yield from skipped_kind(draft.place, question.kind)
            return
        _check(draft, question)
        if draft.problems:
            yield from (_with_shown(problem, question) for problem in draft.problems)
            return
        cells = _cells(question, fonts or {})
        found = verdict(cells.values())
        if found is Verdict.GARBLED:
            yield _with_shown(garbled(draft.place), question)
        elif found is Verdict.UNCLEAR or (found is Verdict.LEGACY and question.body is not None):
            yield _with_shown(held_back(draft.place, None), question)
        elif found is Verdict.LEGACY and not self.convert:
            preview = _with_texts(question, converted_cells(cells))
            yield _with_shown(held_back(draft.place, preview, can_convert=True), question)
        else:
            if found is Verdict.LEGACY:
                question = _with_texts(question, converted_cells(cells))
            yield from self._finished(draft, question)

    def _finished(self, draft: Draft, question: ReadQuestion) -> Iterator[Item]:
        used = self.seen.used_id(question.external_id, draft.place)
        if used is not None:
            draft.refuse("duplicate_id", used)
            yield from draft.problems
            return
        yield question
        yield from draft.flags
        twin = self.seen.twin(question)
        if twin is not None:
            yield twin_flag(draft.place, twin)


def _with_shown(problem: RowError, question: ReadQuestion) -> RowError:
    """Return a refusal with what stands in the file, so that a person sees what is meant."""
    return replace(
        problem, shown=_shown(question), original=question.original, media=question.media
    )


def skipped_kind(place: Place, kind: str) -> Iterator[Item]:
    """Yield what a question of a kind that we do not have comes to: skipped, with an entry."""
    yield SkippedRow(place)
    message = _l("Questions of the kind “%(kind)s” are not taken over yet.", kind=kind)
    yield RowError(place, "unsupported_kind", message, level="note")


def _check(draft: Draft, question: ReadQuestion) -> None:
    """Gather what the bank would refuse, so that a report never promises too much."""
    if not question.stem:
        draft.refuse("no_stem", _l("The text of the question is missing."))
    if len(question.stem) > _MOST_STEM:
        draft.refuse("too_long", _l("This question is too long."))
    if len(question.external_id or "") > _MOST_ID:
        draft.refuse("bad_id", _l("This code is too long."))
    # Where the options could not be told apart, nothing more is said of them.
    if question.kind in CHOICES and (question.options or not draft.problems):
        texts = [option.text for option in question.options]
        if len(texts) <= MAX_OPTIONS:
            check_options(draft, texts)
            _refuse_gaps(draft, texts)
        else:
            message = _l(
                "This question has %(count)s options; at most %(most)s can be kept.",
                count=len(texts),
                most=MAX_OPTIONS,
            )
            draft.refuse("too_many_options", message)
    if not draft.problems and question.kind in KINDS:
        try:
            parsed = KINDS[question.kind].parse(body_of(question))
            check_stem(question.kind, question.stem, parsed)
        except BodyInvalid as invalid:
            for problem in invalid.problems:
                draft.refuse("invalid", problem.message)


def _refuse_gaps(draft: Draft, texts: Sequence[str]) -> None:
    """Refuse an empty option: without it, those behind would change their letters."""
    for place, text in enumerate(texts):
        if not text and not any(each.code == "too_few_options" for each in draft.problems):
            message = _l("Option %(letter)s is empty.", letter=letter_of(place))
            draft.refuse("empty_option", message)


def body_of(question: ReadQuestion) -> Mapping[str, Any]:
    """Return the body that the bank keeps of a question."""
    if question.body is not None:
        return question.body
    return new_choice_body(
        [option.text for option in question.options],
        question.key,
        fixed=[place for place, option in enumerate(question.options) if option.fixed_last],
    )


def _cells(question: ReadQuestion, fonts: Fonts) -> dict[str, Cell]:
    texts = {"stem": question.stem, "explanation": question.explanation}
    texts |= {f"option {place}": option.text for place, option in enumerate(question.options)}
    return {name: Cell(text, font=fonts.get(name)) for name, text in texts.items() if text}


def _with_texts(question: ReadQuestion, cells: Mapping[str, Cell]) -> ReadQuestion:
    def text(name: str, before: str) -> str:
        return cells[name].text if name in cells else before

    return replace(
        question,
        stem=text("stem", question.stem),
        explanation=text("explanation", question.explanation),
        options=tuple(
            ReadOption(text(f"option {place}", option.text), option.fixed_last)
            for place, option in enumerate(question.options)
        ),
    )


def _shown(question: ReadQuestion) -> dict[str, Any]:
    return {
        "stem": question.stem,
        "options": [option.text for option in question.options],
        "key": " | ".join(question.answers) if question.answers else question.key_letters,
        "topic": question.topic or "",
        "kind": question.kind,
        "name": question.name,
        "external_id": question.external_id or "",
        "difficulty": question.difficulty or "",
        "explanation": question.explanation,
        "source": question.source,
        "tags": ", ".join(question.tags),
        **_lines_shown(question),
    }


def _lines_shown(question: ReadQuestion) -> dict[str, Any]:
    """The answers of a question without options as an author would type them, if they say any."""
    kind = KINDS.get(question.kind)
    if kind is None or question.kind in CHOICES or question.body is None:
        return {}
    try:
        return {"lines": list(kind.lines(kind.parse(question.body))), "body": dict(question.body)}
    except BodyInvalid:
        return {"lines": list(question.answers), "body": dict(question.body)}
