"""Entry forms: the fields that a round asks for, ready templates, and what may still change."""

from dataclasses import dataclass, field, replace
from typing import Final

from contest.core.i18n import gettext as _
from contest.submissions.models import EssayRound, FieldSort, FormField

TITLE: Final = "title"
BODY: Final = "body"
SUBJECT: Final = "subject"
PICTURES: Final = "pictures"
DOCUMENT: Final = "document"
COAUTHORS: Final = "coauthors"
CORE: Final = (TITLE, BODY, SUBJECT, PICTURES, DOCUMENT, COAUTHORS)
"""Keys of the fields that the product itself knows, in the order of an essay."""
ALWAYS: Final = (TITLE, BODY)
"""Fields that every form has."""
NEVER_SHOWN: Final = (DOCUMENT, COAUTHORS)
"""Judges read the document's words in the text, and no author anywhere."""
MOST_FIELDS: Final = 40
MOST_FILES: Final = 20
MOST_MEGABYTES: Final = 15
MOST_OPTIONS: Final = 100
WITH_WORDS: Final = (FieldSort.TEXT, FieldSort.LONG_TEXT)
WITH_FILES: Final = (FieldSort.FILE, FieldSort.PICTURE)

_CORE_SORTS: Final = {
    TITLE: FieldSort.TEXT,
    BODY: FieldSort.LONG_TEXT,
    SUBJECT: FieldSort.PERSON,
    PICTURES: FieldSort.PICTURE,
    DOCUMENT: FieldSort.FILE,
    COAUTHORS: FieldSort.PERSON,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    Attributes:
        key: name in addresses and answers; one of `CORE`, or random.
        sort: what is entered.
        label: its name on the page.
        hint: a line of explanation.
        required: nothing is handed in without it.
        shown: judges see it.
        options: of a choice.
        least: words of a text, files, or the smallest number; None for no bound.
        most: the same, upwards.
        most_megabytes: of one file.
    """

    key: str
    sort: FieldSort
    label: str
    hint: str = ""
    required: bool = False
    shown: bool = True
    options: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    most_megabytes: int | None = None

    @property
    def is_core(self) -> bool:
        """Whether it is one of those that the product itself knows."""
        return self.key in CORE


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The fields in their order. `is_own` says whether the organiser built it."""

    fields: tuple[Field, ...]
    is_own: bool = False
    _by_key: dict[str, Field] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {each.key: each for each in self.fields})

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def get(self, key: str) -> Field | None:
        """A field by its key."""
        return self._by_key.get(key)

    def __getitem__(self, key: str) -> Field:
        return self._by_key[key]

    @property
    def further(self) -> list[Field]:
        """Fields that are typed or chosen, beside those that the product knows."""
        return [each for each in self.fields if not each.is_core and each.sort not in WITH_FILES]

    @property
    def attached(self) -> list[Field]:
        """Fields that hold files, beside pictures and document of the text."""
        return [each for each in self.fields if not each.is_core and each.sort in WITH_FILES]

    @property
    def is_essay(self) -> bool:
        """Whether it tells of a person, or nothing else was built: else it is a dossier."""
        return not self.is_own or SUBJECT in self

    @property
    def has_more_to_show(self) -> bool:
        """Whether judges are shown more than title, text, pictures and person written about."""
        return any(each.shown and not each.is_core for each in self.fields)


def core_label(key: str) -> str:
    """The name that a field has where the organiser gave it none."""
    labels = {
        TITLE: _("Title of the essay"),
        BODY: _("Your essay"),
        SUBJECT: _("The person written about"),
        PICTURES: _("Pictures"),
        DOCUMENT: _("Document"),
        COAUTHORS: _("Co-authors"),
    }
    return labels[key]


def entry_form(essay: EssayRound) -> EntryForm:
    """The form of a round: what was built, with the limits of the round; else that of an essay."""
    rows = {row.key: row for row in essay.fields}
    places = {key: row.position for key, row in rows.items()}
    core = [key for key in CORE if _is_asked(essay, key, rows.get(key))]
    last = max(places.values(), default=0)
    fields = [_core_field(essay, key, rows.get(key)) for key in core]
    fields += [as_field(row) for row in essay.fields if row.key not in CORE]
    order = {key: places.get(key, last + 1 + CORE.index(key)) for key in core} | {
        key: place for key, place in places.items() if key not in CORE
    }
    return EntryForm(tuple(sorted(fields, key=lambda each: order[each.key])), bool(rows))


def _is_asked(essay: EssayRound, key: str, row: FormField | None) -> bool:
    asked = {
        SUBJECT: essay.subject_required or row is not None,
        PICTURES: essay.max_pictures > 0,
        DOCUMENT: essay.document_allowed,
        COAUTHORS: essay.coauthors_allowed,
    }
    return asked.get(key, True)


def _core_field(essay: EssayRound, key: str, row: FormField | None) -> Field:
    least, most = None, None
    if key == BODY:
        least, most = essay.min_words, essay.max_words
    elif key == PICTURES:
        most = essay.max_pictures
    elif key == DOCUMENT:
        most = 1
    required = {TITLE: True, SUBJECT: essay.subject_required}
    return Field(
        key=key,
        sort=_CORE_SORTS[key],
        label=row.label if row is not None and row.label else core_label(key),
        hint=row.hint if row is not None else "",
        required=required.get(key, row.required if row is not None else key == BODY),
        shown=key not in NEVER_SHOWN and (key in ALWAYS or row is None or row.shown),
        least=least,
        most=most,
    )


def as_field(row: FormField) -> Field:
    """A stored field of the organiser's own."""
    return Field(
        key=row.key,
        sort=row.sort,
        label=row.label,
        hint=row.hint,
        required=row.required,
        shown=row.shown,
        options=tuple(row.options),
        least=row.least,
        most=row.most,
        most_megabytes=row.most_megabytes,
    )


def moved(form: EntryForm, key: str, by: int) -> list[str]:
    """The keys in their order after one field went up (-1) or down (1)."""
    keys = [each.key for each in form.fields]
    place = keys.index(key)
    target = min(max(place + by, 0), len(keys) - 1)
    keys.insert(target, keys.pop(place))
    return keys


# ── once people write by it ────────────────────────────────────────────────────────────────


def takes_away(before: Field, after: Field) -> bool:
    """Whether a change of a field would take something from those who write already.

    Names, explanations and places may change, choices be added, bounds widened, and what had to be
    filled in may be left empty; what judges are shown stays as people were told.
    """
    if before.sort is not after.sort or before.shown is not after.shown:
        return True
    if after.required and not before.required:
        return True
    if not set(before.options) <= set(after.options):
        return True
    return (
        _raised(before.least, after.least)
        or _lowered(before.most, after.most)
        or _lowered(before.most_megabytes, after.most_megabytes)
    )


def can_be_hidden(field: Field) -> bool:
    """Whether judges see a field that they could do without; title and text are what they mark."""
    return field.shown and field.key not in (*ALWAYS, *NEVER_SHOWN)


def without_showing(field: Field, key: str) -> Field:
    """The same field; the one of this key is no longer shown to judges."""
    return replace(field, shown=False) if field.key == key else field


def _raised(before: int | None, after: int | None) -> bool:
    return after is not None and (before is None or after > before)


def _lowered(before: int | None, after: int | None) -> bool:
    return after is not None and (before is None or after < before)


# ── templates ──────────────────────────────────────────────────────────────────────────────

ESSAY: Final = "essay"
PROJECT: Final = "project"
MODEL: Final = "model"
TEMPLATES: Final = (ESSAY, PROJECT, MODEL)


def template_fields(template: str) -> list[Field]:
    """The fields of a ready template; their keys are made when they are taken.

    An essay tells of a person; a project dossier has objective, content, road map, criteria and
    category; a model says what it does, since when, for whom, with what result.
    """
    makers = {ESSAY: _essay_fields, PROJECT: _project_fields, MODEL: _model_fields}
    return makers[template]()


def _core(key: str, **values: object) -> Field:
    made = Field(
        key=key,
        sort=_CORE_SORTS[key],
        label=core_label(key),
        required=key in ALWAYS,
        shown=key not in NEVER_SHOWN,
        most=1 if key == DOCUMENT else None,
    )
    return replace(made, **values)  # type: ignore[arg-type]


def _essay_fields() -> list[Field]:
    return [
        _core(TITLE),
        _core(BODY, least=0, most=1200),
        _core(SUBJECT, required=True),
        _core(PICTURES, most=5),
        _core(DOCUMENT),
        _core(COAUTHORS),
    ]


def _long(label: str, hint: str, most: int) -> Field:
    return Field("", FieldSort.LONG_TEXT, label, hint, required=True, most=most)


def _project_fields() -> list[Field]:
    categories = (
        _("Party building"),
        _("Building the agency"),
        _("Special resolution of the locality"),
        _("Breakthrough programme"),
        _("Administrative reform"),
    )
    return [
        _core(TITLE, label=_("Name of the project")),
        Field("", FieldSort.CHOICE, _("Category"), required=True, options=categories),
        _long(_("Objective"), _("What will be different when it is done, in figures."), 300),
        _core(BODY, label=_("Content of the project"), least=0, most=2000),
        _long(_("Road map"), _("A line for each step: when, what, who answers for it."), 600),
        _long(_("Criteria"), _("By what anybody can see that it was reached."), 400),
        Field("", FieldSort.DATE, _("To be finished by"), required=True),
        Field(
            "",
            FieldSort.FILE,
            _("Plan and decisions"),
            _("Signed papers for the secretary; those who mark do not see them."),
            shown=False,
            most=5,
            most_megabytes=10,
        ),
        _core(PICTURES, most=5),
        _core(COAUTHORS),
    ]


def _model_fields() -> list[Field]:
    fields = (
        _("Economy"),
        _("Culture and society"),
        _("Defence and security"),
        _("Building the political system"),
    )
    return [
        _core(TITLE, label=_("Name of the model")),
        Field("", FieldSort.CHOICE, _("Area of work"), required=True, options=fields),
        Field("", FieldSort.DATE, _("Carried out since"), required=True),
        Field(
            "",
            FieldSort.NUMBER,
            _("People who benefit"),
            required=True,
            least=1,
            most=100_000_000,
        ),
        _core(BODY, label=_("How it is done"), least=0, most=1500),
        _long(_("Results"), _("What has changed, in figures where there are any."), 600),
        Field("", FieldSort.PICTURE, _("Pictures of the model"), most=8, most_megabytes=10),
        Field(
            "",
            FieldSort.TEXT,
            _("Whom to ask about the model"),
            _("Name and telephone number, for the secretary alone."),
            shown=False,
            most=30,
        ),
        _core(COAUTHORS),
    ]
