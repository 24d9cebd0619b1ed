"""Pages of reports: the season report, and the registers of contests, models and projects."""

from contest.reports.views.base import blueprint

__all__ = ["blueprint"]
