"""Who answers for a bank, and handing it over."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.labels import ROLE_NAMES
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from question_bank import actions, queries
from question_bank.forms import HandOverForm
from question_bank.views.base import blueprint, page, the_bank


@blueprint.get("/<slug>/owner")
@requires(Permission.MANAGE_BANK)
def owner(slug: str) -> ResponseReturnValue:
    """Who answers for a bank now and did before; looking for somebody else."""
    bank = the_bank(slug, Permission.MANAGE_BANK)
    text = request.args.get("q", "")
    return page(
        "owner.html",
        bank,
        text=text,
        staff=queries.staff_of_bank(bank, text),
        history=queries.owner_history(bank.id),
        role_names=ROLE_NAMES,
    )


@blueprint.route("/<slug>/owner/<person_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_BANK)
def hand_over(slug: str, person_id: str) -> ResponseReturnValue:
    """What handing a bank over means; then do it."""
    bank = the_bank(slug, Permission.MANAGE_BANK)
    person = queries.staff_member(bank, person_id)
    if person is None:
        raise NotFound
    form = HandOverForm()
    if form.validate_on_submit():
        actions.hand_over_bank(
            bank=bank,
            to=person,
            reason=form.reason.data or "",
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("%(name)s answers for the bank now.", name=person.full_name))
        return redirect(url_for("question_bank.owner", slug=slug))
    status = 422 if form.is_submitted() else 200
    return page("hand_over.html", bank, form=form, person=person), status
