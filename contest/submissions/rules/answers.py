"""What is typed into an entry form: brought to one form, checked, and put together for judges."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from contest.core.i18n import format_count
from contest.core.i18n import gettext as _
from contest.core.vietnamese import count_words, nfc, one_line
from contest.submissions.models import (
    EssayRound,
    FieldSort,
    Work,
    WorkFile,
    WorkFileKind,
    WorkVersion,
)
from contest.submissions.rules.entry_forms import (
    BODY,
    COAUTHORS,
    DOCUMENT,
    PICTURES,
    SUBJECT,
    TITLE,
    WITH_WORDS,
    EntryForm,
    Field,
)
from contest.submissions.rules.limits import Missing, missing_parts
from contest.submissions.rules.texts import (
    Block,
    Run,
    paragraph,
    read_html,
    read_plain,
    words_of,
    write_text,
)

SCAN: Final = "scan"
"""Key of the pages of a work on paper, which belong to no field of the form."""
MOST_LINE: Final = 1_000
MOST_NAME: Final = 120
MOST_UNIT: Final = 200
MOST_TEXT: Final = 60_000
_BOLD: Final = frozenset({"strong"})
_DAY_FORMS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:[.\u00a0 ]\d{3})+(?:,\d+)?")
_PLAIN: Final = re.compile(r"-?\d+(?:,\d+)?")
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody named in a field of the form beside the person written about.

    Attributes:
        field: name of the field.
        names_folded: the name as typed and without the titles before it, in order.
        unit_folded: the unit as typed; empty where none was.
    """

    field: str
    names_folded: tuple[str, ...]
    unit_folded: str = ""


def clean_answer(field: Field, typed: str) -> str:
    """What was typed, in one form: a day as 2026-11-23, a number as 1800,5.

    What cannot be understood stays as typed: nothing is lost, and `fault_of` says what is wrong.
    """
    if field.sort is FieldSort.PERSON:
        return person_answer(*read_person(nfc(typed)))
    if field.sort is FieldSort.LONG_TEXT:
        return nfc(typed).replace("\r\n", "\n").strip()[:MOST_TEXT]
    line = one_line(nfc(typed))[:MOST_LINE]
    if field.sort is FieldSort.NUMBER:
        number = read_number(line)
        return line if number is None else f"{number:f}".replace(".", ",")
    if field.sort is FieldSort.DATE:
        day = read_day(line)
        return line if day is None else day.isoformat()
    return line


def person_answer(name: str, unit: str) -> str:
    """A person of the form as one answer: the name in the first line, the unit in the second."""
    return f"{name}\n{unit}".rstrip("\n")


def read_person(answer: str) -> tuple[str, str]:
    """Name and unit of a person of the form, each one line."""
    name, _line, unit = answer.partition("\n")
    return one_line(name)[:MOST_NAME], one_line(unit)[:MOST_UNIT]


def read_number(text: str) -> Decimal | None:
    """A number as people here write it: "1.800" is eighteen hundred, "2,5" two and a half.

    A point that cannot part thousands ("1.5") is read as a comma.
    """
    known = text.strip()
    if len(known) > _MOST_DIGITS:
        return None
    if _THOUSANDS.fullmatch(known):
        known = re.sub(r"[.\u00a0 ]", "", known)
    elif not _PLAIN.fullmatch(known) and not re.fullmatch(r"-?\d+\.\d+", known):
        return None
    try:
        return Decimal(known.replace(",", "."))
    except InvalidOperation:
        return None


def read_day(text: str) -> date | None:
    """A day, day before month unless it is written as 2026-11-23."""
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None


def shown_answer(field: Field, answer: str) -> str:
    """An answer as people read it, the Vietnamese way in every language: versions must agree."""
    if field.sort is FieldSort.NUMBER and (number := read_number(answer)) is not None:
        whole, _point, rest = f"{number:f}".partition(".")
        grouped = f"{int(whole):,}".replace(",", ".")
        return f"{grouped},{rest}" if rest.strip("0") else grouped
    if field.sort is FieldSort.DATE and (day := read_day(answer)) is not None:
        return f"{day.day:02}/{day.month:02}/{day.year}"
    if field.sort is FieldSort.PERSON:
        return ", ".join(part for part in read_person(answer) if part)
    return answer


# ── what judges read ───────────────────────────────────────────────────────────────────────


def composed(
    form: EntryForm, main: Sequence[Block], answers: Mapping[str, str], files: Sequence[WorkFile]
) -> list[Block]:
    """The text with every other field that judges are shown, each under its name.

    A form that shows nothing but the text gives the text as it is; pages of a work on paper that
    judges may read stand at the end. Fields that are not shown never
    enter: this is the one place where a text for judges is put together.

    Args:
        form: of the round.
        main: the text.
        answers: the other fields, cleaned.
        files: of the work, those that were taken away left out.
    """
    scans = [
        Block("figure", file_id=file.public_id)
        for file in files
        if file.field_key == SCAN and file.shown and file.removed_at is None
    ]
    if not form.has_more_to_show:
        return [*main, *scans]
    blocks: list[Block] = []
    for field in form.fields:
        if field.key == BODY:
            blocks += _part(field, list(main))
        elif field.shown and not field.is_core:
            blocks += _part(field, list(_content(field, answers, files)))
    return blocks + scans


def _part(field: Field, content: list[Block]) -> list[Block]:
    if not content or field.sort in {FieldSort.LONG_TEXT, FieldSort.FILE, FieldSort.PICTURE}:
        return [paragraph(field.label, "h2"), *content] if content else []
    return content


def _content(
    field: Field, answers: Mapping[str, str], files: Sequence[WorkFile]
) -> Iterator[Block]:
    own = [file for file in files if file.field_key == field.key and file.removed_at is None]
    answer = answers.get(field.key, "")
    if field.sort is FieldSort.PICTURE:
        yield from (Block("figure", file_id=file.public_id) for file in own)
    elif field.sort is FieldSort.FILE:
        for file in own:
            yield from read_html(file.text_html)
    elif field.sort is FieldSort.LONG_TEXT:
        yield from read_plain(answer)
    elif answer:
        name = Run(f"{field.label}: ", _BOLD)
        yield Block("p", (name, Run(shown_answer(field, answer))))


def words_shown(form: EntryForm, main: Sequence[Block], answers: Mapping[str, str]) -> int:
    """How many words (tiếng) judges read: the text and the long fields, without their names."""
    return words_of(main) + sum(
        words_of(read_plain(answers.get(field.key, "")))
        for field in form.further
        if field.shown and field.sort is FieldSort.LONG_TEXT
    )


def main_html(version: WorkVersion) -> str:
    """The text alone, without the other fields."""
    return version.answers.get(BODY, version.body_html)


def words_of_all(form: EntryForm, version: WorkVersion) -> str:
    """Everything that a version says, for its author and the secretary, to be compared."""
    return text_of_all(
        form,
        title=version.title,
        text=write_text(read_html(main_html(version))),
        subject=(version.subject_name, version.subject_unit, version.subject_reason),
        answers={**version.answers, **version.private_answers},
    )


def text_of_all(
    form: EntryForm, *, title: str, text: str, subject: Sequence[str], answers: Mapping[str, str]
) -> str:
    """The fields of a form as one text, each under its name where the form has further ones."""
    own = {TITLE: [title], BODY: [text], SUBJECT: subject}
    parts: list[str] = []
    for field in form.fields:
        said = own.get(field.key, () if field.is_core else [answers.get(field.key, "")])
        told = [each for each in said if each]
        if told and (form.further or field.key == SUBJECT):
            parts.append(field.label)
        parts += told if field.is_core else [shown_answer(field, each) for each in told]
    return "\n".join(parts)


def main_words(version: WorkVersion) -> int:
    """How many words (tiếng) the text alone has."""
    if BODY not in version.answers:
        return version.word_count
    return words_of(read_html(version.answers[BODY]))


# ── what is missing ────────────────────────────────────────────────────────────────────────


def missing_in(
    essay: EssayRound, form: EntryForm, work: Work, version: WorkVersion
) -> list[Missing]:
    """What a version lacks before it can be handed in, the fields that every work has first."""
    live = [file for file in work.files if file.removed_at is None]
    own = [file for file in live if not file.field_key and file.kind.value == "picture"]
    core = missing_parts(
        essay,
        title=version.title,
        word_count=main_words(version),
        subject_name=version.subject_name,
        subject_unit=version.subject_unit,
        subject_reason=version.subject_reason,
        pictures=len(own),
        body_required=form[BODY].required and not any(file.field_key == SCAN for file in live),
    )
    if work.is_on_paper and work.pledged_at is None:
        core.append(Missing("pledge", "pledge", _("The pledge is not signed on the paper.")))
    pictures = form.get(PICTURES)
    if pictures is not None and pictures.required and not own:
        core.append(_lacking(pictures))
    core += _core_faults(form, work, live)
    answers = {**version.answers, **version.private_answers}
    found = [fault for each in form.further if (fault := fault_of(each, answers.get(each.key, "")))]
    for each in form.attached:
        found += _file_faults(each, sum(file.field_key == each.key for file in live))
    return core + found


def _core_faults(form: EntryForm, work: Work, live: Sequence[WorkFile]) -> list[Missing]:
    """Document and co-authors, where the form asks for them; paper needs no document beside it."""
    found: list[Missing] = []
    document, coauthors = form.get(DOCUMENT), form.get(COAUTHORS)
    if document is not None and document.required and not work.is_on_paper:
        sent = any(not file.field_key and file.kind is WorkFileKind.DOCUMENT for file in live)
        found += [] if sent else [_without_file(document)]
    if coauthors is not None and coauthors.required and len(work.authors) == 1:
        words = _("Name at least one person under “%(label)s”.", label=coauthors.label)
        found.append(Missing("field_empty", COAUTHORS, words))
    return found


def _lacking(field: Field) -> Missing:
    return Missing("field_empty", field.key, _("“%(label)s” is not filled in.", label=field.label))


def _without_file(field: Field) -> Missing:
    return Missing("field_empty", field.key, _("“%(label)s” needs a file.", label=field.label))


def fault_of(field: Field, answer: str) -> Missing | None:
    """What is wrong with an answer, in words; None where nothing is."""
    if not answer:
        return _lacking(field) if field.required else None
    words = ""
    if field.sort in WITH_WORDS:
        words = _words_fault(field, count_words(answer))
    elif field.sort is FieldSort.NUMBER:
        words = _number_fault(field, read_number(answer))
    elif field.sort is FieldSort.DATE and read_day(answer) is None:
        words = _("“%(label)s” is no day. Write it like 23/11/2026.", label=field.label)
    elif field.sort is FieldSort.PERSON and not read_person(answer)[0]:
        words = _("“%(label)s” needs a name.", label=field.label)
    elif field.sort is FieldSort.CHOICE and answer not in field.options:
        words = _("Choose one of the answers to “%(label)s”.", label=field.label)
    return Missing("field_wrong", field.key, words) if words else None


def _words_fault(field: Field, count: int) -> str:
    if field.most is not None and count > field.most:
        return _(
            "“%(label)s” has %(count)s words; at most %(most)s are allowed.",
            label=field.label,
            count=format_count(count),
            most=format_count(field.most),
        )
    if field.least is not None and count < field.least:
        return _(
            "“%(label)s” has %(count)s words; at least %(least)s are asked for.",
            label=field.label,
            count=format_count(count),
            least=format_count(field.least),
        )
    return ""


def _number_fault(field: Field, number: Decimal | None) -> str:
    if number is None:
        return _("“%(label)s” is no number. Write it like 1.800 or 2,5.", label=field.label)
    if field.most is not None and number > field.most:
        most = format_count(field.most)
        return _("“%(label)s” is at most %(most)s.", label=field.label, most=most)
    if field.least is not None and number < field.least:
        least = format_count(field.least)
        return _("“%(label)s” is at least %(least)s.", label=field.label, least=least)
    return ""


def _file_faults(field: Field, count: int) -> list[Missing]:
    least = max(field.least or 0, 1 if field.required else 0)
    if count < least:
        if count == 0 and least == 1:
            return [_without_file(field)]
        words = _(
            "“%(label)s” has %(count)s files; at least %(least)s are asked for.",
            label=field.label,
            count=count,
            least=least,
        )
        return [Missing("field_wrong", field.key, words)]
    return []
