"""Letters to units without an account: issued, taken back, renewed, printed."""

from typing import Final

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import unit_by_public_id
from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.documents import PDF
from contest.core.errors import NotFound
from contest.core.files import download
from contest.core.i18n import gettext as _
from contest.submissions.actions.confirmations import issue_letter, renew_letter, withdraw_letter
from contest.submissions.confirmation_papers import letter_pdf
from contest.submissions.forms import PlainForm
from contest.submissions.forms.confirmations import DemandForm, LetterForm
from contest.submissions.models import ConfirmationLetter
from contest.submissions.queries.confirmations import (
    confirmation_counts,
    demand_of,
    letter_in,
    letters_of,
)
from contest.submissions.views.room import UNPROCESSABLE, blueprint, managed_round, units_of_authors

ORGANISER: Final = "/organise/contests/<slug>/rounds/<int:number>/confirmations"
_LETTERS: Final = f"{ORGANISER}/letters"


def letter_link(letter: ConfirmationLetter) -> str:
    """The whole address that a letter carries."""
    base: str = current_app.extensions["settings"].public_url
    return base + url_for("submissions.letter_works", code=letter.code)


def confirmations_page(
    contest_round: Round, form: DemandForm, letter: LetterForm
) -> ResponseReturnValue:
    """Whether units are asked, how far they are, and letters for units without an account."""
    demand = demand_of(contest_round.id)
    if form.due_at.data is None and not form.errors and demand is not None:
        form.due_at.data = demand.due_at
    letter.unit.offer(units_of_authors(contest_round.contest), empty=_("– choose the unit –"))
    page = render_template(
        "submissions/confirmations.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        letter_form=letter,
        demand=demand,
        counts=confirmation_counts(contest_round.id),
        letters=[(each, letter_link(each)) for each in letters_of(contest_round.id)],
    )
    return page, UNPROCESSABLE if form.errors or letter.errors else 200


def _back(contest_round: Round) -> ResponseReturnValue:
    slug, number = contest_round.contest.slug, contest_round.number
    return redirect(url_for("submissions.confirmations", slug=slug, number=number))


def _one(slug: str, number: int, public_id: str) -> ConfirmationLetter:
    letter = letter_in(managed_round(slug, number).id, public_id)
    if letter is None:
        raise NotFound
    return letter


@blueprint.post(_LETTERS)
@requires(Permission.MANAGE_CONTEST)
def issue_confirmation_letter(slug: str, number: int) -> ResponseReturnValue:
    """Issue a letter for a unit."""
    contest_round = managed_round(slug, number)
    form = LetterForm()
    form.unit.offer(units_of_authors(contest_round.contest), empty=_("– choose the unit –"))
    unit = unit_by_public_id(form.unit.data or "") if form.validate_on_submit() else None
    if unit is None:
        return confirmations_page(contest_round, DemandForm(formdata=None), form)
    issue_letter(contest_round=contest_round, unit=unit, actor=current_actor(), now=request_now())
    flash(_("The letter is issued: its link is below."), "success")
    return _back(contest_round)


@blueprint.post(f"{_LETTERS}/<public_id>/withdraw")
@requires(Permission.MANAGE_CONTEST)
def withdraw_confirmation_letter(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """Take a letter back."""
    letter = _one(slug, number, public_id)
    if PlainForm().validate():
        withdraw_letter(letter=letter, actor=current_actor(), now=request_now())
        flash(_("The letter is taken back; its link opens nothing any more."), "success")
    return _back(letter.round)


@blueprint.post(f"{_LETTERS}/<public_id>/renew")
@requires(Permission.MANAGE_CONTEST)
def renew_confirmation_letter(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """Give the unit another link in place of one that went astray."""
    letter = _one(slug, number, public_id)
    if PlainForm().validate():
        renew_letter(letter=letter, actor=current_actor(), now=request_now())
        flash(_("The unit has a new link; the old one opens nothing any more."), "success")
    return _back(letter.round)


@blueprint.get(f"{_LETTERS}/<public_id>.pdf")
@requires(Permission.MANAGE_CONTEST)
def confirmation_letter_file(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """The letter as a document to be signed and sent; not of one that was taken back."""
    letter = _one(slug, number, public_id)
    demand = demand_of(letter.round_id)
    if letter.withdrawn_at is not None or demand is None:
        raise NotFound
    made = letter_pdf(
        letter,
        link=letter_link(letter),
        until=demand.due_at,
        instance=current_app.extensions["settings"].instance,
    )
    return download(made, name=f"{slug}-{number}-{public_id}.pdf", media_type=PDF)
