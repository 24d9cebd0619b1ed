"""The list of people as a table for a file."""

from collections.abc import Iterator, Mapping

from contest.accounts import queries
from contest.accounts.forms.fields import show_phone
from contest.accounts.models import Person
from contest.accounts.queries import people as people_queries
from contest.accounts.rules import format_birth
from contest.core.access import Actor
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet

_WIDTHS = (28, 14, 36, 48, 16, 30, 16, 20)


def people_sheet(actor: Actor, wanted: people_queries.PeopleFilter) -> Sheet:
    """The people of somebody's branches with contacts; rows are read while they are written."""
    columns = [
        _("Full name"),
        _("Birth date"),
        _("Unit"),
        _("Belongs to"),
        _("Phone number"),
        _("E-mail"),
        _("Account"),
        _("Recorded on"),
    ]
    return Sheet(_("People"), columns, _rows(actor, wanted), _WIDTHS, is_edited=True)


def _rows(actor: Actor, wanted: people_queries.PeopleFilter) -> Iterator[list[str]]:
    paths: dict[int, queries.UnitPath] = {}
    for part in people_queries.people_to_export(actor, wanted):
        unknown = {one.unit_id for one in part if one.unit_id is not None} - paths.keys()
        paths |= queries.unit_paths(unknown) if unknown else {}
        for person in part:
            yield _line(person, paths)


def _line(person: Person, paths: Mapping[int, queries.UnitPath]) -> list[str]:
    path = paths.get(person.unit_id or 0)
    parts = ("",) if path is None else path.parts
    in_use = _("In use") if person.password_hash else _("Not activated")
    return [
        person.full_name,
        format_birth(person.birth_date, person.birth_precision),
        parts[0],
        " › ".join(parts[1:]),
        show_phone(person.phone),
        person.email or "",
        _("Closed") if person.disabled_at else in_use,
        format_instant(person.created_at, weekday=False),
    ]
