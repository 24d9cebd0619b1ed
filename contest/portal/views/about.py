"""Pages about the site itself."""

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.core.access import public
from contest.portal.views.base import blueprint


@blueprint.get("/about/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept about people, why, for how long, and how they ask for it."""
    return render_template("portal/privacy.html")


@blueprint.get("/about/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How the site can be used, and what does not work yet."""
    return render_template("portal/accessibility.html")
