"""Pages of reports: the season report, and the registers of contests, models and projects."""

from flask import Flask

from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.i18n import lazy_gettext as _l
from contest.reports.views import season
from contest.reports.views.base import blueprint

__all__ = ["blueprint", "register", "season"]


def _sees_reports(actor: Actor | None, context: object) -> bool:
    del context
    return actor is not None and actor.may_somewhere(Permission.SEE_REPORTS)


def register(app: Flask) -> None:
    """Put the room's pages into the menus."""
    del app
    navigation.register(
        navigation.NavItem(
            area="desk",
            label=_l("Season report"),
            endpoint="reports.season",
            icon="chart",
            order=39,
            visible=_sees_reports,
            active=("reports.rows", "reports.add_"),
        )
    )
