"""Units confirm works: the organiser asks, a representative or the holder of a letter answers."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Actor, Permission, current_actor, public, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.submissions.actions.confirmations import (
    confirm_work,
    demand_confirmation,
)
from contest.submissions.forms.confirmations import ConfirmForm, DemandForm, LetterForm
from contest.submissions.models import ConfirmationLetter, ConfirmationOutcome, Work
from contest.submissions.queries.confirmations import (
    ConfirmationRow,
    demand_of,
    letter_by_code,
    units_of,
    work_of_units,
    works_of_units,
)
from contest.submissions.queries.works import pictures_shown
from contest.submissions.rules.limits import takes_words
from contest.submissions.rules.refusals import ConfirmationOver
from contest.submissions.rules.texts import read_html
from contest.submissions.views.confirmation_letters import ORGANISER, confirmations_page
from contest.submissions.views.room import UNPROCESSABLE, blueprint, managed_round, shown_html


@blueprint.route(ORGANISER, methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def confirmations(slug: str, number: int) -> ResponseReturnValue:
    """Whether units are asked, until when, how far they are, and letters for those without."""
    contest_round = managed_round(slug, number)
    form = DemandForm()
    if form.validate_on_submit():
        demand_confirmation(
            contest_round=contest_round,
            due_at=form.due_at.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Saved."), "success")
        return redirect(url_for("submissions.confirmations", slug=slug, number=number))
    return confirmations_page(contest_round, form, LetterForm(formdata=None))


@blueprint.get("/confirmations")
@requires(Permission.NOMINATE)
def unit_works() -> ResponseReturnValue:
    """Works of the people of my units that ask to be confirmed."""
    return render_template(
        "submissions/unit_works.html",
        rows=[(row, _work_page(row.work, None)) for row in works_of_units(_my_units())],
        unit=None,
    )


def _my_units() -> frozenset[int]:
    return units_of(current_actor())


@blueprint.route("/confirmations/<public_id>", methods=["GET", "POST"])
@requires(Permission.NOMINATE)
def confirm(public_id: str) -> ResponseReturnValue:
    """Read a work of one's unit and say whether it is real."""
    row = work_of_units(_my_units(), public_id)
    if row is None:
        raise NotFound
    return _confirm_page(row, actor=current_actor())


def _letter(code: str) -> ConfirmationLetter:
    """A letter that holds, while the round takes answers: then its works are nobody's to read."""
    letter = letter_by_code(code)
    if letter is None:
        raise NotFound
    if not takes_words(demand_of(letter.round_id), letter.round, request_now()):
        raise ConfirmationOver
    return letter


@blueprint.get("/confirm/<code>")
@public
def letter_works(code: str) -> ResponseReturnValue:
    """The works that a letter asks about."""
    letter = _letter(code)
    rows = works_of_units([letter.unit_id], letter.round_id)
    return render_template(
        "submissions/unit_works.html",
        rows=[(row, _work_page(row.work, letter)) for row in rows],
        unit=letter.unit,
    )


def _row_of(letter: ConfirmationLetter, public_id: str) -> ConfirmationRow:
    row = work_of_units([letter.unit_id], public_id, letter.round_id)
    if row is None:
        raise NotFound
    return row


@blueprint.route("/confirm/<code>/<public_id>", methods=["GET", "POST"])
@public
def confirm_by_letter(code: str, public_id: str) -> ResponseReturnValue:
    """Read a work and answer by letter."""
    letter = _letter(code)
    return _confirm_page(_row_of(letter, public_id), letter=letter)


@blueprint.get("/confirm/<code>/<public_id>/pictures/<file_id>")
@public
def letter_picture(code: str, public_id: str, file_id: str) -> ResponseReturnValue:
    """A picture of a work that a letter asks about."""
    return _picture(_row_of(_letter(code), public_id), file_id)


@blueprint.get("/confirmations/<public_id>/pictures/<file_id>")
@requires(Permission.NOMINATE)
def unit_picture(public_id: str, file_id: str) -> ResponseReturnValue:
    """A picture of a work of one's unit."""
    row = work_of_units(_my_units(), public_id)
    if row is None:
        raise NotFound
    return _picture(row, file_id)


def _picture(row: ConfirmationRow, file_id: str) -> ResponseReturnValue:
    """Drawn anew, without the data of the camera; what judges are not shown units are not."""
    found = next((each for each in pictures_shown(row.work) if each.public_id == file_id), None)
    if found is None or found.clean_id is None:
        raise NotFound
    suffix = found.media_type.rpartition("/")[2]
    content = read_file(found.clean_id)
    return download(content, name=f"picture.{suffix}", media_type=found.media_type)


def _work_page(work: Work, letter: ConfirmationLetter | None) -> str:
    if letter is None:
        return url_for("submissions.confirm", public_id=work.public_id)
    return url_for("submissions.confirm_by_letter", code=letter.code, public_id=work.public_id)


def _confirm_page(
    row: ConfirmationRow, *, actor: Actor | None = None, letter: ConfirmationLetter | None = None
) -> ResponseReturnValue:
    """The work with its pictures, what was said before, and the form."""
    form, status = ConfirmForm(), 200
    back = (
        url_for("submissions.unit_works")
        if letter is None
        else url_for("submissions.letter_works", code=letter.code)
    )
    if form.validate_on_submit():
        try:
            _keep(row.work, form, actor, letter)
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
            status = refused.status
        else:
            flash(_("What your unit says is kept."), "success")
            return redirect(back)
    elif form.is_submitted():
        status = UNPROCESSABLE
    version = row.work.submitted_version
    assert version is not None  # noqa: S101  (the query asks for it)
    endpoint, values = _picture_page(row.work, letter)
    in_text = {block.file_id for block in read_html(version.body_html)}
    page = render_template(
        "submissions/confirm.html",
        row=row,
        work=row.work,
        version=version,
        body=shown_html(row.work, version.body_html, endpoint, **values),
        pictures=[
            (each, url_for(endpoint, file_id=each.public_id, **values))
            for each in pictures_shown(row.work)
            if each.public_id not in in_text
        ],
        form=form,
        back=back,
        action=_work_page(row.work, letter),
        by_letter=letter is not None,
        demand=demand_of(row.work.round_id),
    )
    return page, status


def _keep(
    work: Work, form: ConfirmForm, actor: Actor | None, letter: ConfirmationLetter | None
) -> None:
    base: str = current_app.extensions["settings"].public_url
    confirm_work(
        work=work,
        outcome=ConfirmationOutcome(form.outcome.data),
        remark=form.remark.data,
        signed_as=form.signed_as.data if letter is not None else "",
        actor=actor,
        letter=letter,
        address=base + url_for("submissions.write", public_id=work.public_id),
        now=request_now(),
    )


def _picture_page(work: Work, letter: ConfirmationLetter | None) -> tuple[str, dict[str, Any]]:
    if letter is None:
        return "submissions.unit_picture", {"public_id": work.public_id}
    return "submissions.letter_picture", {"code": letter.code, "public_id": work.public_id}
