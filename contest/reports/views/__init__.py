"""Pages of reports: the season report, and the registers of contests, models and projects."""

from typing import Final

from flask import Flask

from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.i18n import lazy_gettext as _l
from contest.reports import following
from contest.reports.views import exports, record_files, records, season
from contest.reports.views.base import blueprint

__all__ = ["blueprint", "exports", "record_files", "records", "register", "season"]

_ENTRIES: Final = (
    (_l("Season report"), "reports.season", "chart", 39, ("reports.rows", "reports.add_")),
    (
        _l("Older contests"),
        "reports.contest_records",
        "calendar",
        42,
        ("reports.new_contest_record",),
    ),
    (_l("Models and projects"), "reports.projects", "flag", 43, ("reports.project",)),
)


def _sees_reports(actor: Actor | None, context: object) -> bool:
    del context
    return actor is not None and actor.may_somewhere(Permission.SEE_REPORTS)


def register(app: Flask) -> None:
    """Put the room's pages into the menus, and tell accounts what follows a person."""
    del app
    following.register()
    for label, endpoint, icon, order, active in _ENTRIES:
        navigation.register(
            navigation.NavItem(
                area="desk",
                label=label,
                endpoint=endpoint,
                icon=icon,
                order=order,
                visible=_sees_reports,
                active=active,
            )
        )
