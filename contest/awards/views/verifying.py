"""Verifying a certificate by its code: for everybody."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.awards.queries.certificates import certificate_by_code
from contest.awards.refusals import UnknownCode
from contest.awards.rules.certificates import read_code, shown_code, state_of
from contest.awards.views.base import blueprint
from contest.core.access import public


@blueprint.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Where a code is typed."""
    code = read_code(request.args.get("code", ""))
    if code:
        return redirect(url_for("awards.verified", code=code))
    return render_template("awards/verify.html", certificate=None, code="", problem="")


@blueprint.get("/verify/<code>")
@public
def verified(code: str) -> ResponseReturnValue:
    """What a code stands for: valid, corrected, revoked; or that nobody issued it."""
    plain = read_code(code)
    found = certificate_by_code(plain)
    if found is None:
        problem = UnknownCode().words
        page = render_template("awards/verify.html", certificate=None, code=plain, problem=problem)
        return page, 404
    return render_template(
        "awards/verify.html",
        certificate=found,
        state=state_of(found).value,
        code=shown_code(found.code),
        problem="",
    )
