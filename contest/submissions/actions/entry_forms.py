"""The entry form of a round: taken from a template, built field by field, frozen once in use."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from contest.contests.models import Round, Stage
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.records import record
from contest.submissions.actions.works import settings_of
from contest.submissions.models import EssayRound, FormField
from contest.submissions.queries.rounds import has_works
from contest.submissions.rules.entry_forms import (
    ALWAYS,
    BODY,
    COAUTHORS,
    CORE,
    DOCUMENT,
    MOST_FIELDS,
    PICTURES,
    SUBJECT,
    EntryForm,
    Field,
    entry_form,
    moved,
    takes_away,
    template_fields,
)
from contest.submissions.rules.refusals import (
    FieldNeeded,
    FormClosed,
    FormInUse,
    TooManyFields,
    UnknownField,
)

_BUILDING = (Stage.PLANNED, Stage.OPEN)
_SHORTEST = 1


def new_key() -> str:
    """A random name of a field."""
    return f"f{secrets.token_hex(4)}"


def take_template(
    *, contest_round: Round, template: str, actor: Actor | None, now: datetime
) -> EntryForm:
    """Make the form of a round that of a template; what was built before is gone.

    Raises:
        NotAnEssayRound: the round takes no works.
        FormInUse: somebody writes by the present form.
        FormClosed: the round has closed.
    """
    essay = _open_form(contest_round)
    if has_works(contest_round.id):
        raise FormInUse
    fields = [_keyed(field) for field in template_fields(template)]
    asked = {field.key for field in fields}
    essay.fields.clear()
    db.session.flush()
    for key in CORE:
        if key not in asked:
            _leave_out(essay, key)
    write_fields(essay, fields)
    for field in fields:
        _set_limits(essay, field)
    return _changed(contest_round, essay, "form_template_taken", actor, now, template=template)


def add_field(*, contest_round: Round, field: Field, actor: Actor, now: datetime) -> EntryForm:
    """Add a field at the end of the form.

    Raises:
        FormInUse: somebody writes already, and the field would have to be filled in.
        TooManyFields: no form is as long.
        UnknownField: a field of the product's own that the form has.
        FormClosed, NotAnEssayRound: as for a template.
    """
    essay = _open_form(contest_round)
    form = entry_form(essay)
    if has_works(contest_round.id) and field.required:
        raise FormInUse
    if len(form.fields) >= MOST_FIELDS:
        raise TooManyFields
    if field.key in form:
        raise UnknownField
    made = field if field.is_core else _keyed(field)
    write_fields(essay, [*form.fields, made])
    _set_limits(essay, made)
    return _changed(contest_round, essay, "form_field_added", actor, now, field=made.key)


def edit_field(
    *, contest_round: Round, key: str, field: Field, actor: Actor, now: datetime
) -> EntryForm:
    """Change a field; its key and sort stay.

    Raises:
        UnknownField: the form has none of this key.
        FormInUse: the change would take something from those who write already.
        FormClosed, NotAnEssayRound: as for a template.
    """
    essay = _open_form(contest_round)
    form = entry_form(essay)
    before = form.get(key)
    if before is None:
        raise UnknownField
    if has_works(contest_round.id) and takes_away(before, field):
        raise FormInUse
    write_fields(essay, [field if each.key == key else each for each in form.fields])
    _set_limits(essay, field)
    return _changed(contest_round, essay, "form_field_changed", actor, now, field=key)


def move_field(
    *, contest_round: Round, key: str, by: int, actor: Actor, now: datetime
) -> EntryForm:
    """Move a field up (-1) or down (1); allowed while people write.

    Raises:
        UnknownField, FormClosed, NotAnEssayRound: as for a change.
    """
    essay = _open_form(contest_round)
    form = entry_form(essay)
    if key not in form:
        raise UnknownField
    write_fields(essay, [form[each] for each in moved(form, key, by)])
    return _changed(contest_round, essay, "form_field_moved", actor, now, field=key)


def remove_field(*, contest_round: Round, key: str, actor: Actor, now: datetime) -> EntryForm:
    """Take a field out of the form.

    Raises:
        FieldNeeded: title and text stay.
        FormInUse: somebody writes already.
        UnknownField, FormClosed, NotAnEssayRound: as for a change.
    """
    essay = _open_form(contest_round)
    form = entry_form(essay)
    if key not in form:
        raise UnknownField
    if key in ALWAYS:
        raise FieldNeeded
    if has_works(contest_round.id):
        raise FormInUse
    write_fields(essay, [each for each in form.fields if each.key != key])
    _leave_out(essay, key)
    return _changed(contest_round, essay, "form_field_removed", actor, now, field=key)


def copy_form(source: EssayRound, target: EssayRound) -> None:
    """Give a copied round the form of the one it was copied from; keys stay, answers are apart."""
    if source.fields:
        write_fields(target, list(entry_form(source).fields))


def _open_form(contest_round: Round) -> EssayRound:
    essay = settings_of(contest_round)
    if contest_round.stage not in _BUILDING:
        raise FormClosed
    return essay


def _keyed(field: Field) -> Field:
    if field.key:
        return field
    values: dict[str, Any] = {name: getattr(field, name) for name in Field.__dataclass_fields__}
    return Field(**{**values, "key": new_key()})


def write_fields(essay: EssayRound, fields: Sequence[Field]) -> None:
    """Make the rows those of the fields, in their order."""
    known = {row.key: row for row in essay.fields}
    wanted = {field.key for field in fields}
    for row in list(essay.fields):
        if row.key not in wanted:
            essay.fields.remove(row)
    for position, field in enumerate(fields, start=1):
        row = known.get(field.key) or FormField(key=field.key)
        if field.key not in known:
            essay.fields.append(row)
        row.position, row.sort = position, field.sort
        row.label, row.hint = field.label[:120], field.hint
        row.required, row.shown = field.required, field.shown
        row.options = list(field.options)
        row.least, row.most = field.least, field.most
        row.most_megabytes = field.most_megabytes
        if field.is_core:  # their limits are the round's
            row.least = row.most = row.most_megabytes = None


def _set_limits(essay: EssayRound, field: Field) -> None:
    """The limits of a field that the product knows are those of the round."""
    if field.key == BODY:
        essay.min_words = field.least or 0
        essay.max_words = max(field.most or essay.max_words, essay.min_words, _SHORTEST)
    elif field.key == SUBJECT:
        essay.subject_required = field.required
    elif field.key == PICTURES:
        essay.max_pictures = field.most or _SHORTEST
    elif field.key == DOCUMENT:
        essay.document_allowed = True
    elif field.key == COAUTHORS:
        essay.coauthors_allowed = True


def _leave_out(essay: EssayRound, key: str) -> None:
    if key == SUBJECT:
        essay.subject_required = False
    elif key == PICTURES:
        essay.max_pictures = 0
    elif key == DOCUMENT:
        essay.document_allowed = False
    elif key == COAUTHORS:
        essay.coauthors_allowed = False


def _changed(
    contest_round: Round,
    essay: EssayRound,
    what: str,
    actor: Actor | None,
    now: datetime,
    **data: str,
) -> EntryForm:
    db.session.flush()
    db.session.expire(essay, ["fields"])
    record(
        what,
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
        **data,
    )
    return entry_form(essay)
