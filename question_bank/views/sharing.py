"""With whom a bank is shared, and the filters that people keep."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.labels import ROLE_NAMES
from contest.accounts.queries import all_units_on
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from question_bank import actions, queries
from question_bank.forms import SaveFilterForm, ShareForm
from question_bank.models import Bank, ShareRight
from question_bank.organising import RIGHT_LABELS, NobodyThere
from question_bank.views.base import blueprint, page, the_bank


@blueprint.route("/<slug>/sharing", methods=["GET", "POST"])
@requires(Permission.MANAGE_BANK)
def sharing(slug: str) -> ResponseReturnValue:
    """Units, contests and people beside the owning unit; lending the bank to one more."""
    bank = the_bank(slug, Permission.MANAGE_BANK)
    form = ShareForm().for_units(all_units_on(request_day()))
    if not form.finding and form.validate_on_submit() and _share(bank, form):
        flash(_("The bank is shared."))
        return redirect(url_for("question_bank.sharing", slug=slug))
    return (
        page(
            "sharing.html",
            bank,
            form=form,
            shares=queries.shares(bank.id),
            people=queries.people_of_bank(bank),
            right_labels=RIGHT_LABELS,
            role_names=ROLE_NAMES,
        ),
        422 if form.is_refused else 200,
    )


def _share(bank: Bank, form: ShareForm) -> bool:
    try:
        scope = queries.place_to_share(bank, *form.place)
        if scope is None:
            raise NobodyThere
        actions.share_bank(
            bank=bank,
            scope=scope,
            right=ShareRight(form.right.data),
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refusal:
        field = form.unit if form.unit.data else form.contest
        field.errors = [refusal.words]
        return False
    return True


@blueprint.post("/<slug>/sharing/<share_id>/end")
@requires(Permission.MANAGE_BANK)
def end_share(slug: str, share_id: str) -> ResponseReturnValue:
    """Take the bank back from a unit or a contest."""
    bank = the_bank(slug, Permission.MANAGE_BANK)
    share = queries.share_in(bank.id, share_id)
    if share is None:
        raise NotFound
    actions.end_share(bank=bank, share=share, actor=current_actor(), now=request_now())
    flash(
        _(
            "The bank is no longer shared there. A planned round that draws from it cannot open "
            "before it chooses another bank or gets this one again."
        )
    )
    return redirect(url_for("question_bank.sharing", slug=slug))


@blueprint.post("/<slug>/filters")
@requires(Permission.SEE_BANK)
def save_filter(slug: str) -> ResponseReturnValue:
    """Keep the filter that is on under a name."""
    bank = the_bank(slug)
    form = SaveFilterForm()
    query: dict[str, Any] = {
        key: value for key, value in request.args.items() if value and key != "page"
    }
    if not form.validate_on_submit():
        flash(_("Give the filter a name."), "warning")
    elif query:
        actions.save_filter(
            bank=bank,
            name=form.name.data or "",
            query=query,
            is_shared=form.is_shared.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The filter is kept."), "success")
    return redirect(url_for("question_bank.bank", slug=slug, **query))


@blueprint.post("/<slug>/filters/<filter_id>/delete")
@requires(Permission.SEE_BANK)
def delete_filter(slug: str, filter_id: str) -> ResponseReturnValue:
    """Delete a filter of one's own."""
    bank = the_bank(slug)
    kept = queries.own_filter(bank.id, current_actor().person_id, filter_id)
    if kept is None:
        raise NotFound
    actions.delete_filter(kept=kept)
    flash(_("The filter is deleted."))
    return redirect(url_for("question_bank.bank", slug=slug))
