"""Secretary: what guardians of authors under 18 agreed to."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.submissions.actions.guardians import (
    record_guardian_consent,
    withdraw_guardian_consent,
)
from contest.submissions.forms import PlainForm
from contest.submissions.forms.guardians import GuardianForm
from contest.submissions.forms.subjects import CHANNEL_NAMES
from contest.submissions.models import ConsentChannel, Work
from contest.submissions.queries import work_in_round
from contest.submissions.queries.guardians import Child, children_of, guardian_consent
from contest.submissions.rules.subjects import GUARDIAN_WORDS
from contest.submissions.views.room import UNPROCESSABLE, blueprint, managed_round

_KEEPER: Final = Permission.MANAGE_REGISTRATIONS
_PAGE: Final = (
    "/organise/contests/<slug>/rounds/<int:number>/screening/<public_id>/guardians/<int:position>"
)


def _child(slug: str, number: int, public_id: str, position: int) -> tuple[Work, Child]:
    contest_round = managed_round(slug, number, _KEEPER)
    work = work_in_round(contest_round.id, public_id)
    children = [] if work is None else children_of(work, request_day())
    child = next((each for each in children if each.author.position == position), None)
    if work is None or child is None:
        raise NotFound
    return work, child


@blueprint.route(_PAGE, methods=["GET", "POST"])
@requires(_KEEPER)
def guardians(slug: str, number: int, public_id: str, position: int) -> ResponseReturnValue:
    """What the guardian of a child agreed to, and a form for a new answer."""
    work, child = _child(slug, number, public_id, position)
    form = GuardianForm()
    if form.validate_on_submit() and form.given_on.data is not None:
        try:
            record_guardian_consent(
                work=work,
                author=child.author,
                guardian=form.guardian.data,
                relation=form.relation.data,
                given_on=form.given_on.data,
                channel=ConsentChannel(form.channel.data),
                kept_where=form.kept_where.data,
                actor=current_actor(),
                now=request_now(),
                today=request_day(),
            )
        except RuleBroken as refused:
            form.given_on.errors = [refused.words]
        else:
            flash(_("The answer is kept."), "success")
            return redirect(request.path)
    page = render_template(
        "submissions/guardians.html",
        work=work,
        contest=work.round.contest,
        round=work.round,
        child=child,
        form=form,
        wording=GUARDIAN_WORDS,
        channels=CHANNEL_NAMES,
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.post(f"{_PAGE}/<consent_id>/withdraw")
@requires(_KEEPER)
def withdraw_guardian(
    slug: str, number: int, public_id: str, position: int, consent_id: str
) -> ResponseReturnValue:
    """The guardian agrees no longer."""
    work, _known = _child(slug, number, public_id, position)
    consent = guardian_consent(work, consent_id)
    if consent is None or consent.position != position:
        raise NotFound
    if PlainForm().validate():
        withdraw_guardian_consent(
            work=work, consent=consent, actor=current_actor(), now=request_now()
        )
        flash(_("The consent is withdrawn; public pages closed at once."), "success")
    return redirect(
        url_for(
            "submissions.guardians",
            slug=slug,
            number=number,
            public_id=public_id,
            position=position,
        )
    )
