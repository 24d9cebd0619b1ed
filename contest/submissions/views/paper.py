"""Works on paper: the secretary enters them, adds pages, prints the receipt."""

from typing import Any, cast

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.actions import create_person
from contest.accounts.models import Person
from contest.accounts.queries import unit_by_public_id
from contest.accounts.queries.people import person_by_identifier
from contest.accounts.rules import IdentifierKind, read_identifier
from contest.contests.actions import Agreement, register
from contest.contests.models import Registration, RegistrationSource, Round
from contest.contests.queries import registration_of
from contest.contests.rules import read_registration_code
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.submissions import actions, queries
from contest.submissions.actions.paper import typed_in
from contest.submissions.forms import PlainForm
from contest.submissions.forms.entry_forms import answers_in, show_answers, write_form
from contest.submissions.forms.paper import PaperParts, ScansForm, WhoForm
from contest.submissions.models import Work, WorkFile
from contest.submissions.queries.works import registration_by_code
from contest.submissions.rules.answers import SCAN
from contest.submissions.rules.entry_forms import EntryForm, entry_form
from contest.submissions.rules.limits import BEFORE_MARKING
from contest.submissions.rules.refusals import NobodyKnown
from contest.submissions.rules.texts import read_plain, write_plain
from contest.submissions.views.room import (
    UNPROCESSABLE,
    blueprint,
    managed_round,
    missing_of,
    settings_of,
    units_of_authors,
)

_KEEPER = Permission.MANAGE_REGISTRATIONS
_PAPER = "/organise/contests/<slug>/rounds/<int:number>/paper"


def _round(slug: str, number: int) -> Round:
    contest_round = managed_round(slug, number, _KEEPER)
    if queries.essay_round(contest_round.id) is None:
        raise NotFound
    return contest_round


def _paper_work(contest_round: Round, public_id: str) -> Work:
    work = queries.work_in_round(contest_round.id, public_id)
    if work is None or not work.is_on_paper:
        raise NotFound
    return work


@blueprint.route(_PAPER, methods=["GET", "POST"])
@requires(_KEEPER)
def enter_paper(slug: str, number: int) -> ResponseReturnValue:
    """Enter a work that came on paper."""
    contest_round = _round(slug, number)
    asked = entry_form(settings_of(contest_round))
    form, who = _forms(asked), WhoForm()
    who.unit.offer(units_of_authors(contest_round.contest), empty=_("– choose –"))
    status = UNPROCESSABLE
    if who.is_refused and all([form.validate(), who.validate()]):
        try:
            work = actions.enter_paper(
                contest_round=contest_round,
                registration=_registered(contest_round, who),
                paper=_paper(form, asked),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            # The answer is an error: what was begun before the refusal (a new person) is undone.
            form.form_errors.append(refused.words)
            status = refused.status
        else:
            flash(_("The work is entered. Now add the pages, then print the receipt."), "success")
            return redirect(
                url_for(
                    "submissions.paper_work", slug=slug, number=number, public_id=work.public_id
                )
            )
    page = _paper_form(contest_round, form, asked, who=who)
    return page, status if form.errors or who.errors else 200


def _forms(asked: EntryForm) -> Any:
    return write_form(asked, PaperParts)


def _paper_form(
    contest_round: Round,
    form: Any,
    asked: EntryForm,
    *,
    who: WhoForm | None = None,
    work: Work | None = None,
) -> str:
    return render_template(
        "submissions/paper_form.html",
        contest=contest_round.contest,
        round=contest_round,
        essay=settings_of(contest_round),
        entry_form=asked,
        form=form,
        who=who,
        work=work,
        may_enter=contest_round.stage in BEFORE_MARKING,
    )


def _paper(form: Any, asked: EntryForm) -> actions.Paper:
    plain = (form.body.data or "").replace("\r\n", "\n").strip()
    return actions.Paper(
        draft=actions.Draft(
            title=form.title.data,
            blocks=read_plain(plain),
            subject_name=form.subject_name.data,
            subject_unit=form.subject_unit.data,
            subject_reason=form.subject_reason.data,
            answers=answers_in(form, asked),
        ),
        postmarked_on=form.postmarked_on.data,
        kept_where=form.kept_where.data,
        pledged=form.pledged.data,
        late_reason=form.late_reason.data,
    )


def _registered(contest_round: Round, who: WhoForm) -> Registration:
    """The registration of who is known, or of somebody new; made where there is none.

    Raises:
        NobodyKnown: nobody is known by what was typed.
    """
    actor, now, contest = current_actor(), request_now(), contest_round.contest
    if who.known.data:
        code = read_registration_code(who.known.data)
        found = registration_by_code(contest.id, code) if code else None
        if found is not None:
            return found
        person = person_by_identifier(read_identifier(who.known.data))
        if person is None:
            raise NobodyKnown
    else:
        person = _new_person(who)
    unit = unit_by_public_id(who.unit.data) if who.unit.data else None
    known = registration_of(contest.id, person.id)
    if known is not None and known.withdrawn_at is None:
        return known
    return register(
        contest=contest,
        person=person,
        unit=unit or person.unit,
        agreement=Agreement(take_part=True, publish_name=False, locale="vi", channel="paper"),
        source=RegistrationSource.ROSTER,
        actor=actor,
        now=now,
    )


def _new_person(who: WhoForm) -> Person:
    contact = read_identifier(who.phone.data) if who.phone.data else None
    is_phone = contact is not None and contact.kind is IdentifierKind.PHONE
    return create_person(
        full_name=who.full_name.data,
        phone=contact.value if contact is not None and is_phone else None,
        unit=unit_by_public_id(who.unit.data) if who.unit.data else None,
        actor=current_actor(),
        now=request_now(),
    )


@blueprint.get(f"{_PAPER}/<public_id>")
@requires(_KEEPER)
def paper_work(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """A work on paper: its receipt to be printed, its pages, what is missing."""
    contest_round = _round(slug, number)
    work = _paper_work(contest_round, public_id)
    return render_template(
        "submissions/paper_work.html",
        contest=contest_round.contest,
        round=contest_round,
        work=work,
        version=work.submitted_version,
        scans=queries.files_of_field(work, SCAN),
        missing=missing_of(work),
        form=ScansForm(formdata=None),
        may_change=contest_round.stage in BEFORE_MARKING,
    )


@blueprint.route(f"{_PAPER}/<public_id>/text", methods=["GET", "POST"])
@requires(_KEEPER)
def correct_paper(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """Correct what was typed in."""
    contest_round = _round(slug, number)
    work = _paper_work(contest_round, public_id)
    asked = entry_form(settings_of(contest_round))
    form = _forms(asked)
    if not form.is_submitted():
        _show(form, asked, work)
    elif form.validate():
        try:
            actions.correct_paper(
                work=work, paper=_paper(form, asked), actor=current_actor(), now=request_now()
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("Saved. The receipt has changed: print it again."), "success")
            return redirect(
                url_for("submissions.paper_work", slug=slug, number=number, public_id=public_id)
            )
    status = UNPROCESSABLE if form.errors else 200
    return _paper_form(contest_round, form, asked, work=work), status


def _show(form: Any, asked: EntryForm, work: Work) -> None:
    form.show(work, work.version)
    show_answers(form, asked, work.version)
    draft = typed_in(work)
    form.body.data = write_plain(draft.blocks)
    form.postmarked_on.data, form.kept_where.data = work.postmarked_on, work.kept_where
    form.late_reason.data, form.pledged.data = work.late_reason, work.pledged_at is not None


@blueprint.post(f"{_PAPER}/<public_id>/scans")
@requires(_KEEPER)
def add_scans(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """Add pages; a page that cannot be taken is named, the others are kept."""
    contest_round = _round(slug, number)
    work, form = _paper_work(contest_round, public_id), ScansForm()
    if form.validate():
        for sent in form.scans.data or []:
            name = cast("str", sent.filename or "")
            try:
                actions.add_scan(
                    work=work,
                    content=sent.read(),
                    name=name,
                    shown=form.shown.data == "yes",
                    actor=current_actor(),
                    now=request_now(),
                )
            except RuleBroken as refused:
                flash(f"{name}: {refused.words}", "error")
            else:
                flash(_("The page %(name)s is added.", name=name), "success")
    return _back(slug, number, public_id)


def _back(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    address = url_for(
        "submissions.paper_work", slug=slug, number=number, public_id=public_id, _anchor="pages"
    )
    return redirect(address)


def _scan(work: Work, file_id: str) -> WorkFile:
    scans = queries.files_of_field(work, SCAN)
    found = next((file for file in scans if file.public_id == file_id), None)
    if found is None:
        raise NotFound
    return found


@blueprint.post(f"{_PAPER}/<public_id>/scans/<file_id>/<any(show, hide, remove):what>")
@requires(_KEEPER)
def change_scan(
    slug: str, number: int, public_id: str, file_id: str, what: str
) -> ResponseReturnValue:
    """Show a page to judges, hide it, or take it away."""
    work = _paper_work(_round(slug, number), public_id)
    scan, actor, now = _scan(work, file_id), current_actor(), request_now()
    if PlainForm().validate():
        if what == "remove":
            actions.remove_scan(work=work, file=scan, actor=actor, now=now)
        else:
            actions.show_scan(work=work, file=scan, shown=what == "show", actor=actor, now=now)
        flash(_("Saved."), "success")
    return _back(slug, number, public_id)
