"""Pages composed from several rooms: home, contests, desks, an organiser's view of a contest."""

from flask import Flask

from contest.portal.rules import keep_together
from contest.portal.views import about, contests, home, organise
from contest.portal.views.base import blueprint, short_day, short_instant

__all__ = ["about", "blueprint", "contests", "home", "organise", "register"]


def register(app: Flask) -> None:
    """Give the templates what this room lays out texts with."""
    for words in (keep_together, short_day, short_instant):
        app.add_template_filter(words)
