"""Lists of judges from spreadsheets: upload, preview with errors at the row, inviting."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets import UnreadableFile
from contest.core.vietnamese import nfc
from contest.judging import actions, forms
from contest.judging.models import JuryList
from contest.judging.queries.jury_lists import jury_list_in
from contest.judging.rules.jury_lists import SHOWN
from contest.judging.views.room import UNPROCESSABLE, blueprint, essay_round

_BASE = "/organise/contests/<slug>/rounds/<int:number>/jury/lists"


@blueprint.route(_BASE, methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def jury_lists(slug: str, number: int) -> ResponseReturnValue:
    """Bring a list of judges; nobody is invited before the preview was seen."""
    contest_round = essay_round(slug, number)
    form = forms.JuryListForm()
    if form.validate_on_submit():
        content = form.file.data.read(forms.LIST_BYTES + 1)
        try:
            staged = _stage(contest_round, content, nfc(form.file.data.filename))
        except UnreadableFile as unreadable:
            form.file.errors = [unreadable.words]
        else:
            address = url_for(
                "judging.jury_list", slug=slug, number=number, list_id=staged.public_id
            )
            return redirect(address)
    page = render_template(
        "judging/jury_lists.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
    )
    return page, UNPROCESSABLE if form.errors else 200


def _stage(contest_round: Round, content: bytes, file_name: str) -> JuryList:
    if len(content) > forms.LIST_BYTES:
        raise UnreadableFile(
            "too_large", _("The file is larger than 2 MB; a list of judges is not.")
        )
    return actions.stage_jury_list(
        contest_round=contest_round,
        content=content,
        file_name=file_name,
        actor=current_actor(),
        now=request_now(),
    )


def _load(slug: str, number: int, list_id: str) -> tuple[Round, JuryList]:
    contest_round = essay_round(slug, number)
    found = jury_list_in(contest_round.id, list_id)
    if found is None:
        raise NotFound
    return contest_round, found


@blueprint.get(f"{_BASE}/<list_id>")
@requires(Permission.MANAGE_REGISTRATIONS)
def jury_list(slug: str, number: int, list_id: str) -> ResponseReturnValue:
    """The preview: rows, what is wrong at which cell, who is known; or what inviting did."""
    contest_round, found = _load(slug, number, list_id)
    columns = [
        column.value for column in SHOWN if any(_has(row, column.value) for row in found.rows)
    ]
    good = [row for row in found.rows if row["is_good"]]
    return render_template(
        "judging/jury_list.html",
        contest=contest_round.contest,
        round=contest_round,
        list=found,
        columns=columns,
        good=len(good),
        known=sum(row["person_id"] is not None for row in good),
        seated=sum(row["is_seated"] for row in good),
    )


def _has(row: dict[str, Any], column: str) -> bool:
    return column == "name" or bool(row["typed"].get(column))


@blueprint.post(f"{_BASE}/<list_id>/take")
@requires(Permission.MANAGE_REGISTRATIONS)
def take_jury_list(slug: str, number: int, list_id: str) -> ResponseReturnValue:
    """Invite the people of the good rows."""
    contest_round, found = _load(slug, number, list_id)
    outcome = actions.take_jury_list(
        contest_round=contest_round,
        jury_list=found,
        sign_in=url_for("judging.rounds", _external=True),
        activate=url_for("accounts.activate", _external=True),
        actor=current_actor(),
        now=request_now(),
    )
    words = ngettext("%(num)s judge is invited.", "%(num)s judges are invited.", outcome.invited)
    flash(words, "success")
    return redirect(url_for("judging.jury_list", slug=slug, number=number, list_id=list_id))


@blueprint.post(f"{_BASE}/<list_id>/discard")
@requires(Permission.MANAGE_REGISTRATIONS)
def discard_jury_list(slug: str, number: int, list_id: str) -> ResponseReturnValue:
    """Throw the list away."""
    contest_round, found = _load(slug, number, list_id)
    actions.discard_jury_list(
        contest_round=contest_round, jury_list=found, actor=current_actor(), now=request_now()
    )
    flash(_("Thrown away. Nobody of it was invited."), "success")
    return redirect(url_for("judging.jury", slug=slug, number=number))
