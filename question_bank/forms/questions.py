"""The editor of a question."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.core.forms import LineField, PointsField, TextField, choices_of
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold
from question_bank.actions import Content
from question_bank.formats.fields import read_difficulty
from question_bank.formats.keys import BadKey, read_key
from question_bank.forms.lists import difficulty_choices
from question_bank.forms.media import MediaForm
from question_bank.kinds import KINDS, check_stem, kind_of
from question_bank.kinds.base import COMPOSED, LETTERS, TYPED, BodyInvalid, Way
from question_bank.kinds.choice import MAX_OPTION_LENGTH, MAX_OPTIONS, Scoring, new_choice_body
from question_bank.kinds.parts import MOST_PARTS, MOST_WEIGHT, SIMPLE
from question_bank.models import Difficulty, Question, QuestionImportRow, Topic
from question_bank.rules import (
    MAX_NAME_LENGTH,
    MAX_STEM_LENGTH,
    split_tags,
)
from question_bank.sheets import row_texts

TRUE_FALSE_OPTIONS: Final = 2
FIRST_PART: Final = "short_answer"
PARTS_SHOWN: Final = 10


class OptionForm(Form):
    """One option of a choice question."""

    id = HiddenField()
    text = TextField(
        _l("Text of the option"), [Length(max=MAX_OPTION_LENGTH, message=_l("Too long."))]
    )
    fixed = BooleanField(_l("Always last"))


_STEM_NAMES: Final = {
    "cloze": _l("Text with gaps"),
    "description": _l("Information"),
    "group": _l("Shared text"),
}


class PartForm(Form):
    """A gap of a text, or a question on a shared text."""

    id = HiddenField()
    kind = SelectField(
        _l("Kind"),
        choices=choices_of((code, kind.label) for code, kind in SIMPLE.items()),
        default=FIRST_PART,
    )
    stem = TextField(_l("What is asked"), [Length(max=4_000, message=_l("Too long."))])
    answers = TextField(_l("Answers"), [Length(max=4_000, message=_l("Too long."))])
    weight = PointsField(
        _l("Weight"),
        [Optional(), NumberRange(min=0, max=MOST_WEIGHT, message=_l("Write a weight up to 100."))],
        default=Decimal(1),
    )
    ignore_tones = BooleanField(_l("Marks do not matter"))
    is_list = BooleanField(_l("Options as a list, not in a menu"))
    feedback = TextField(_l("What to say about it"), [Length(max=2_000, message=_l("Too long."))])

    @property
    def is_empty(self) -> bool:
        """Was nothing written here?"""
        return not (self.answers.data or self.stem.data or self.feedback.data)

    def part(self) -> dict[str, Any]:
        """Return the part as typed; its lines are those of its kind."""
        kind = SIMPLE.get(self.kind.data or "")
        more = {"ignore_tones": self.ignore_tones.data}
        return {
            "id": self.id.data or "",
            "kind": self.kind.data,
            "stem": self.stem.data or "",
            "weight": str(Decimal(1) if self.weight.data is None else self.weight.data),
            "feedback": self.feedback.data or "",
            "is_list": bool(self.is_list.data),
            "body": {} if kind is None else kind.from_lines(self.answers.data or "", more),
        }


class QuestionForm(MediaForm):
    """The editor: works without JavaScript, with as many options as a question may have."""

    stem = TextField(
        _l("Question"),
        [
            InputRequired(_l("Write the question.")),
            Length(max=MAX_STEM_LENGTH, message=_l("This question is too long.")),
        ],
    )
    options = FieldList(FormField(OptionForm), min_entries=0, max_entries=MAX_OPTIONS)
    key = SelectMultipleField(
        _l("Right answer"), choices=[SelectChoice(str(n), LETTERS[n]) for n in range(MAX_OPTIONS)]
    )
    parts = FieldList(FormField(PartForm), min_entries=0, max_entries=MOST_PARTS)
    answers = TextField(_l("Accepted answers"), [Length(max=20_000, message=_l("Too long."))])
    unit = LineField(_l("Unit of measure"), [Length(max=40, message=_l("This unit is too long."))])
    match_case = BooleanField(_l("Capitals and small letters differ"))
    ignore_tones = BooleanField(_l("Marks do not matter: “ho chi minh” is “Hồ Chí Minh”"))
    scoring = RadioField(
        _l("How it is marked"),
        choices=[
            SelectChoice(
                Scoring.ALL_OR_NOTHING.value, _l("All or nothing: exactly the right options")
            ),
            SelectChoice(
                Scoring.PARTIAL.value, _l("Partial: right options add, wrong ones take away")
            ),
        ],
        default=Scoring.ALL_OR_NOTHING.value,
    )
    mark = PointsField(
        _l("Points"),
        [Optional(), NumberRange(min=0, max=1000, message=_l("Write points from 0 to 1000."))],
        default=Decimal(1),
    )
    topic_id = SelectField(_l("Topic"), coerce=int, default=0)
    new_topic = LineField(
        _l("Or a new topic"), [Length(max=200, message=_l("This name is too long."))]
    )
    difficulty = RadioField(_l("Difficulty"), default=Difficulty.MEDIUM.value)
    explanation = TextField(
        _l("Explanation"), [Length(max=10_000, message=_l("This explanation is too long."))]
    )
    source = TextField(_l("Source"), [Length(max=2_000, message=_l("This source is too long."))])
    tags = LineField(_l("Tags"), [Length(max=1_000, message=_l("There are too many tags."))])
    external_id = LineField(_l("Code"), [Length(max=80, message=_l("This code is too long."))])
    name = LineField(
        _l("Name"), [Length(max=MAX_NAME_LENGTH, message=_l("This name is too long."))]
    )
    number = HiddenField()

    kind_code: str = "single"

    @classmethod
    def open(
        cls,
        kind_code: str,
        topics: Sequence[tuple[int, str]],
        question: Question | None = None,
        tags: Sequence[str] = (),
    ) -> "QuestionForm":
        """Make the form for a kind, filled with a question when there is one."""
        data = {} if question is None else _filled(question, tags)
        form = cls(data=data)
        form.kind_code = kind_code
        form.topic_id.choices = [(0, _("– no topic –")), *topics]
        form.difficulty.choices = difficulty_choices()
        form._fit_kind()
        if kind_code == "true_false" and question is None and not form.is_submitted():
            for entry, word in zip(form.options.entries, ("Đúng", "Sai"), strict=True):
                entry.form.text.data = word
        return form

    @classmethod
    def open_row(
        cls, kind_code: str, topics: Sequence[tuple[int, str]], row: QuestionImportRow
    ) -> "QuestionForm":
        """Make the form for a row of a file, filled with the texts that stand there."""
        texts = row_texts(row)
        known = next(
            (code for code in (kind_code, row.kind, texts.get("kind")) if code in KINDS), ""
        )
        kind = known or _kind_of_texts(texts)
        form = cls(data=_filled_row(texts, topics, kind))
        form.kind_code = kind
        form.topic_id.choices = [(0, _("– no topic –")), *topics]
        form.difficulty.choices = difficulty_choices()
        form._fit_kind()
        return form

    def _fit_kind(self) -> None:
        """Name the text as its kind does, and give as many options as the kind may have."""
        self.stem.label.text = _STEM_NAMES.get(self.kind_code, self.stem.label.text)
        most = TRUE_FALSE_OPTIONS if self.kind_code == "true_false" else MAX_OPTIONS
        wanted = most if self.has_options else 0
        while len(self.options.entries) < wanted:
            self.options.append_entry()
        while len(self.parts.entries) < (PARTS_SHOWN if self.has_parts else 0):
            self.parts.append_entry()
        self.offer_places()

    @property
    def has_parts(self) -> bool:
        """Is the question made of gaps, or of questions on a shared text?"""
        return self.kind.way in COMPOSED

    @property
    def has_options(self) -> bool:
        """Is the kind answered by choosing options?"""
        return self.kind.way is Way.OPTIONS

    @property
    def kind(self) -> Any:
        """The kind that is being written."""
        return kind_of(self.kind_code)

    def body(self) -> dict[str, Any]:
        """Return the body as typed: empty options at the end are left out."""
        if self.has_parts:
            parts: list[PartForm] = [entry.form for entry in self.parts.entries]
            while parts and parts[-1].is_empty:
                parts.pop()
            return {"parts": [part.part() for part in parts]}
        if not self.has_options:
            more = {
                "unit": self.unit.data,
                "match_case": self.match_case.data,
                "ignore_tones": self.ignore_tones.data,
                "scoring": self.scoring.data,
            }
            built: dict[str, Any] = self.kind.from_lines(self.answers.data or "", more)
            return built
        entries = [entry.form for entry in self.options.entries]
        while entries and not entries[-1].text.data:
            entries.pop()
        right = [int(value) for value in self.key.data or () if value.isdecimal()]
        return new_choice_body(
            [entry.text.data for entry in entries],
            right,
            fixed=[n for n, entry in enumerate(entries) if entry.fixed.data],
            scoring=Scoring(self.scoring.data or Scoring.ALL_OR_NOTHING),
            ids=[entry.id.data or "" for entry in entries],
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Let the kind check the body, and put what it says at its field."""
        valid = bool(super().validate(extra_validators=extra_validators))
        try:
            check_stem(self.kind_code, self.stem.data or "", self.kind.parse(self.body()))
        except BodyInvalid as invalid:
            for problem in invalid.problems:
                self._show(problem.field, problem.message)
            return False
        return valid

    def _show(self, place: str, message: Any) -> None:
        name, _dot, index = place.partition(".")
        target: Any = self.key if name == "key" else self.options
        if name == "stem":
            target = self.stem
        elif self.has_parts:
            target = self.parts
            if index and int(index) < len(self.parts.entries):
                target = self.parts.entries[int(index)].form.answers
                index = ""
        elif not self.has_options:
            target = self.answers
        if index and int(index) < len(self.options.entries):
            target = self.options.entries[int(index)].form.text
        target.errors = [*target.errors, message]

    def content(self, topic: Topic | None = None) -> Content:
        """Return what was written; ``topic`` stands for a new topic that was named."""
        return Content(
            kind=self.kind_code,
            stem=self.stem.data or "",
            body=self.body(),
            difficulty=Difficulty(self.difficulty.data),
            topic_id=topic.id if topic is not None else self.topic_id.data or None,
            explanation=self.explanation.data or "",
            source=self.source.data or "",
            tags=split_tags(self.tags.data or ""),
            external_id=self.external_id.data or "",
            name=self.name.data or "",
            mark=Decimal(1) if self.mark.data is None else self.mark.data,
        )

    @property
    def expected_number(self) -> int | None:
        """The revision that the author had before them."""
        number = self.number.data or ""
        return int(number) if number.isdecimal() else None


def _kind_of_texts(texts: Mapping[str, Any]) -> str:
    letters = [part for part in str(texts.get("key", "")).split(",") if part.strip()]
    return "multiple" if len(letters) > 1 else "single"


def _key_of(typed: str, options: Sequence[str]) -> list[str]:
    """Return the places that a key surely names; none where it could be read in two ways."""
    try:
        return [str(place) for place in read_key(typed, options).places]
    except BadKey:
        return []


def _typed_key(texts: Mapping[str, Any], kind: str) -> list[str]:
    """Return what stood as the key, where a kind takes typed answers."""
    way = kind_of(kind).way
    return [str(texts.get("key", ""))] if way in TYPED and texts.get("key") else []


def _parts_of(body: Any) -> list[dict[str, Any]]:
    """Return parts as far as they were read, for a person to mend."""
    filled = []
    for part in body.get("parts", ()) if isinstance(body, Mapping) else ():
        kind = SIMPLE.get(part.get("kind", ""))
        try:
            lines = () if kind is None else kind.lines(kind.parse(part.get("body", {})))
        except BodyInvalid:
            lines = ()
        filled.append(
            {
                "kind": part.get("kind"),
                "stem": part.get("stem", ""),
                "answers": "\n".join(lines),
                "feedback": part.get("feedback", ""),
                "is_list": bool(part.get("is_list")),
            }
        )
    return filled


def _filled_row(
    texts: Mapping[str, Any], topics: Sequence[tuple[int, str]], kind: str
) -> dict[str, Any]:
    known = {fold(path): topic_id for topic_id, path in topics}
    topic = str(texts.get("topic", ""))
    level = read_difficulty(str(texts.get("difficulty", "")))
    options = list(texts["options"])[:MAX_OPTIONS]
    return {
        "stem": texts.get("stem", ""),
        "options": [{"id": "", "text": text, "fixed": False} for text in options],
        "key": _key_of(str(texts.get("key", "")), options),
        "answers": "\n".join(texts.get("lines") or _typed_key(texts, kind)),
        "parts": _parts_of(texts.get("body")) if kind_of(kind).way in COMPOSED else [],
        "topic_id": known.get(fold(topic), 0),
        "new_topic": "" if fold(topic) in known else topic,
        "difficulty": level or Difficulty.MEDIUM.value,
        "explanation": texts.get("explanation", ""),
        "source": texts.get("source", ""),
        "tags": texts.get("tags", ""),
        "external_id": texts.get("external_id", ""),
        "name": texts.get("name", ""),
    }


def _filled(question: Question, tags: Sequence[str]) -> dict[str, Any]:
    revision = question.revision
    if revision is None:
        return {}
    options = revision.body.get("options", [])
    key = set(revision.body.get("key", ()))
    kind = kind_of(question.kind)
    lines = () if "options" in revision.body else kind.lines(kind.parse(revision.body))
    return {
        "stem": revision.stem,
        "answers": "\n".join(lines),
        "unit": revision.body.get("unit", ""),
        "match_case": revision.body.get("match_case", False),
        "ignore_tones": revision.body.get("ignore_tones", False),
        "options": [
            {"id": option["id"], "text": option["text"], "fixed": option.get("fixed", False)}
            for option in options
        ],
        "parts": _filled_parts(revision.body, kind) if kind.way in COMPOSED else [],
        "key": [str(n) for n, option in enumerate(options) if option["id"] in key],
        "scoring": revision.body.get("scoring", Scoring.ALL_OR_NOTHING.value),
        "mark": revision.mark,
        "topic_id": question.topic_id or 0,
        "difficulty": question.difficulty.value,
        "explanation": revision.explanation,
        "source": revision.source,
        "tags": ", ".join(tags),
        "external_id": question.external_id or "",
        "name": question.name,
        "number": str(revision.number),
    }


def _filled_parts(body: Mapping[str, Any], kind: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": part.id,
            "kind": part.kind.code,
            "stem": part.stem,
            "answers": "\n".join(part.kind.lines(part.body)),
            "weight": Decimal(part.weight.numerator) / Decimal(part.weight.denominator),
            "ignore_tones": getattr(part.body, "ignore_tones", False),
            "is_list": part.is_list,
            "feedback": part.feedback,
        }
        for part in kind.parse(body).parts
    ]
