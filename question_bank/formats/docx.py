"""Word papers: ordinary questions with their key as bold, underline, red, or a table at the end."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.containers import is_zip
from contest.core.vietnamese import LegacyEncoding, one_line
from question_bank.formats.base import (
    MOST_ORIGINAL,
    FileFormat,
    Item,
    Place,
    ReadOption,
    ReadQuestion,
    RowError,
    UnreadableFile,
)
from question_bank.formats.draft import Draft, paragraphs
from question_bank.formats.keys import BadKey, is_true_false, read_key
from question_bank.formats.media import FoundMedia
from question_bank.formats.references import contradicts, fixed_options
from question_bank.formats.sieve import Sieve
from question_bank.formats.word.cut_out import Paper, PaperQuestion
from question_bank.formats.word.lines import Document, Line, is_document, read_blocks
from question_bank.formats.word.options import marked
from question_bank.formats.word.paper import read_paper
from question_bank.media import refs_in

_WHY: Final = {
    "star": _l("a star before it"),
    "underline": _l("underlined"),
    "red": _l("in red"),
    "highlight": _l("highlighted"),
    "bold": _l("in bold"),
    "line": _l("the line “Đáp án”"),
    "table": _l("the table of answers"),
}


def _places(questions: Sequence[PaperQuestion]) -> list[Place]:
    """Name questions by their printed numbers, or in order where these do not tell them apart."""
    numbers = [question.number for question in questions]
    if None not in numbers and len(set(numbers)) == len(numbers):
        return [Place(number or 0, question=number) for number in numbers]
    return [
        Place(order, question=order if number is None else number)
        for order, number in enumerate(numbers, start=1)
    ]


def _sources(
    question: PaperQuestion, texts: Sequence[str], said: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """Return what each place where a key may stand says. Raises BadKey."""
    found: dict[str, tuple[int, ...]] = {
        mark: places
        for mark, places in marked(question.options).items()
        if len(places) < len(question.options)
    }
    if question.key is not None:
        found["line"] = read_key(question.key, texts).places
        if any(read_key(other, texts).places != found["line"] for other in question.other_keys):
            raise _two_keys()
    for letters in said:
        places = read_key(letters, texts).places
        if found.get("table", places) != places:
            raise _two_keys()
        found["table"] = places
    return found


def _two_keys() -> BadKey:
    return BadKey(
        "ambiguous_key",
        _l("The paper gives two different keys for this question. Mark one of them."),
    )


def _key(draft: Draft, question: PaperQuestion, texts: list[str], said: Sequence[str]) -> list[int]:
    """Return the key that all marks and tables agree on."""
    try:
        found = _sources(question, texts, said)
        if len(set(found.values())) > 1:
            raise _two_keys()
        places = next(iter(found.values()), ())
        if not places:
            raise BadKey("no_key", _l("The right answer is missing."))  # noqa: TRY301
        if contradicts(places, texts):
            raise _two_keys()
    except BadKey as refusal:
        draft.refuse(refusal.code, refusal.message)
        return []
    letters = ", ".join(chr(ord("A") + place) for place in places)
    why = ", ".join(str(_WHY[source]) for source in found)
    draft.flag("key_taken", _l("Key %(letters)s: %(why)s.", letters=letters, why=why))
    return list(places)


def _said(paper: Paper, question: PaperQuestion, times: Counter[int | None]) -> list[str]:
    """What the table of answers says of a question; of a number printed twice it says nothing."""
    number = question.number
    if number is None or times[number] > 1:
        return []
    return paper.answers.said.get(number, [])


def _fonts(question: PaperQuestion) -> dict[str, LegacyEncoding]:
    parts: dict[str, Sequence[Line]] = {"stem": question.stem}
    parts |= {f"option {n}": [option.text] for n, option in enumerate(question.options)}
    return {
        name: font
        for name, lines in parts.items()
        if (font := next((found for line in lines if (found := line.font())), None)) is not None
    }


def _tell(draft: Draft, question: PaperQuestion) -> None:
    """Note what of a question is not taken over as it stands."""
    for text in question.unread:
        message = _l("The line “%(text)s” does not continue the options.", text=text[:80])
        draft.refuse("letters_out_of_order", message)
    for text in question.loose:
        message = _l("The line “%(text)s” after the options was not read.", text=text[:80])
        draft.flag("line_not_read", message)
    if question.pictures:
        message = _l(
            "A picture, sound or formula of this question could not be taken over. "
            "Add it in the editor."
        )
        draft.note("media_left_out", message)
    if question.picture_after:
        message = _l("A picture stood behind the options; it was put behind the question.")
        draft.flag("picture_after_options", message)
    if question.equations:
        message = _l("The equations of this question were written in one line. Please check them.")
        draft.note("equations_in_line", message)


def _tell_shared(draft: Draft) -> None:
    """Say that the text which a question asks about stands elsewhere in the paper."""
    message = _l(
        "The paper has a text above several questions, and this one asks about it. "
        "The text was not read: add it in the editor."
    )
    draft.note("shared_text_left_out", message)


def _items(
    place: Place,
    question: PaperQuestion,
    said: Sequence[str],
    sieve: Sieve,
    document: Document,
    *,
    has_shared_text: bool,
) -> Iterator[Item]:
    draft, media = Draft(place, {}), document.media
    _tell(draft, question)
    if has_shared_text:
        _tell_shared(draft)
    texts = [option.words for option in question.options]
    enough = len(texts) > 1
    key = _key(draft, question, texts, said) if enough else []
    fixed = fixed_options(texts)
    pair = is_true_false(texts)
    lines = [*question.stem, *(option.text for option in question.options)]
    shown = refs_in([*(line.text for line in lines), *question.explanation])
    taken = FoundMedia(found={ref: media[ref] for ref in dict.fromkeys(shown) if ref in media})
    taken.tell(draft)
    yield from sieve.items(
        draft,
        ReadQuestion(
            place=place,
            kind="true_false" if pair else "multiple" if len(key) > 1 else "single",
            stem=paragraphs("\n".join(line.text for line in question.stem)),
            options=tuple(
                ReadOption(text, pair or place in fixed) for place, text in enumerate(texts)
            ),
            key=tuple(key),
            difficulty=question.difficulty,
            explanation="\n".join(one_line(part) for part in question.explanation),
            media=tuple(taken.found.values()),
            original="\n".join(question.original)[:MOST_ORIGINAL],
        ),
        _fonts(question),
    )


def _without_question(paper: Paper) -> Iterator[Item]:
    known = {question.number for question in paper.questions}
    for number in sorted(paper.answers.said.keys() - known):
        message = _l(
            "The table of answers names question %(number)s, which is not in the paper.",
            number=number,
        )
        place = Place(number, question=number)
        yield RowError(place, "key_without_question", message, level="note")


def _recognises(data: bytes) -> bool:
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return is_document(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        # Cut off on the way: its parts are gone, but their names stand before each of them.
        return b"word/document.xml" in data


def _may_be(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def _read(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
    is_zip(data)
    document = read_blocks(data)
    paper = read_paper(document.blocks, document.margins)
    if not paper.questions:
        raise UnreadableFile(
            "no_questions",
            _l("No question was found. Questions begin with “Câu 1.” or with a number."),
        )
    sieve = Sieve(convert_legacy)
    times = Counter(question.number for question in paper.questions)
    for place, question in zip(_places(paper.questions), paper.questions, strict=True):
        said = _said(paper, question, times)
        shares = question.number in paper.shared
        yield from _items(place, question, said, sieve, document, has_shared_text=shares)
    yield from _without_question(paper)


FORMAT = FileFormat("docx", _l("Word document (.docx)"), _recognises, _read, _may_be)
