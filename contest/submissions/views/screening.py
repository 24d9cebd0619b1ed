"""The secretary's queue: screening, codes, masking, near-duplicates."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Round
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.forms import clean_line
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.paging import page_number
from contest.submissions import actions, queries
from contest.submissions.forms import PlainForm, ScreeningForm, VerdictForm
from contest.submissions.models import ScreeningOutcome, Subject, Work, WorkState, WorkVersion
from contest.submissions.queries.confirmations import demand_of, said_about
from contest.submissions.queries.guardians import children_of
from contest.submissions.queries.screening import DuplicateRow
from contest.submissions.rules.answers import missing_in, shown_answer
from contest.submissions.rules.blinding import findings
from contest.submissions.rules.entry_forms import entry_form
from contest.submissions.rules.passages import Passage, passages
from contest.submissions.views.room import (
    UNPROCESSABLE,
    blueprint,
    handed_in_html,
    managed_round,
    settings_of,
)

_KEEPER = Permission.MANAGE_REGISTRATIONS
_STATES = (queries.WAITING, *(outcome.value for outcome in ScreeningOutcome), "all")


def _round(slug: str, number: int) -> Round:
    return managed_round(slug, number, _KEEPER)


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/screening")
@requires(_KEEPER)
def screening(slug: str, number: int) -> ResponseReturnValue:
    """What was handed in, what waits, and the way to codes."""
    contest_round = _round(slug, number)
    state = request.args.get("state", queries.WAITING)
    state = state if state in _STATES else queries.WAITING
    text = clean_line(request.args.get("q"))
    rows = queries.screening_page(
        contest_round.id, state, text=text, page=page_number(request.args.get("page"))
    )
    return render_template(
        "submissions/screening.html",
        contest=contest_round.contest,
        round=contest_round,
        essay=settings_of(contest_round),
        state=state,
        text=text,
        page=rows,
        counts=queries.screening_counts(contest_round.id),
        may_open=current_actor().may(Permission.MANAGE_CONTEST, contest_round.contest.scope.path),
        form=PlainForm(),
    )


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/screening/<public_id>", methods=["GET", "POST"]
)
@requires(_KEEPER)
def screen(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """One work: its text with the flags, and the decision."""
    contest_round = _round(slug, number)
    work = _work(contest_round, public_id)
    form = ScreeningForm()
    told = _version(work)
    matches = queries.subjects_like(
        told.subject_name, told.subject_unit, contest_round.contest.unit_id
    )
    choices = _subject_choices(work, matches)
    form.subject.choices = choices
    if not form.is_submitted():
        _show_decision(work, form, choices)
    status = 200
    if form.validate_on_submit():
        try:
            _decide(work, form)
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
            status = refused.status
        else:
            return _go_on(contest_round, work)
    elif form.is_submitted():
        status = UNPROCESSABLE
    return _screen_page(contest_round, work, form), status


def _work(contest_round: Round, public_id: str) -> Work:
    work = queries.work_in_round(contest_round.id, public_id)
    if work is None or work.state is not WorkState.SUBMITTED or work.submitted_version is None:
        raise NotFound
    return work


def _version(work: Work) -> WorkVersion:
    assert work.submitted_version is not None  # noqa: S101  (asked for when it was loaded)
    return work.submitted_version


def _subject_choices(work: Work, matches: Sequence[Subject]) -> list[tuple[str, str]]:
    """Persons of the same name first; a person decides whether they are the same."""
    known = [
        (each.public_id, ", ".join(filter(None, (each.full_name, each.unit_name))))
        for each in matches
    ]
    name = _version(work).subject_name
    return [*known, ("new", _("A new person: %(name)s", name=name))] if name else []


def _show_decision(work: Work, form: ScreeningForm, choices: Sequence[tuple[str, str]]) -> None:
    before = queries.screening_of(work.id)
    if before is not None and before.version_id == work.submitted_version_id:
        form.outcome.data, form.reasons.data = before.outcome.value, before.reasons
        form.note.data = before.note
    linked = queries.subjects_of_work(work.id)
    first = choices[0][0] if choices else None
    form.subject.data = linked[0].public_id if linked else first


def _decide(work: Work, form: ScreeningForm) -> None:
    actor, now = current_actor(), request_now()
    outcome = ScreeningOutcome(form.outcome.data)
    passed = outcome is ScreeningOutcome.PASSED
    actions.screen_work(
        work=work,
        outcome=outcome,
        reasons=[] if passed else form.reasons.data or [],
        note=form.note.data,
        actor=actor,
        now=now,
        address=url_for("submissions.write", public_id=work.public_id, _external=True),
    )
    if passed and form.subject.choices and form.subject.data:
        actions.link_subject(work=work, subject=_chosen_subject(form), actor=actor, now=now)


def _chosen_subject(form: ScreeningForm) -> Subject | None:
    """A person known already, of the same name; None makes a new one."""
    chosen = form.subject.data
    return None if chosen in {None, "", "new"} else queries.subject_by_public_id(chosen)


def _go_on(contest_round: Round, work: Work) -> ResponseReturnValue:
    """To the next work that waits, or back to the queue."""
    slug, number = contest_round.contest.slug, contest_round.number
    flash(_("Decided."), "success")
    following = queries.next_waiting(contest_round.id, work)
    if following is None:
        return redirect(url_for("submissions.screening", slug=slug, number=number))
    return redirect(
        url_for("submissions.screen", slug=slug, number=number, public_id=following.public_id)
    )


def _screen_page(contest_round: Round, work: Work, form: ScreeningForm) -> str:
    version, contest = _version(work), contest_round.contest
    essay = settings_of(contest_round)
    asked = entry_form(essay)
    blind = queries.blind_row(contest_round.id, work.id)
    if blind is not None:
        actions.note_work_opened(work=work, actor=current_actor(), now=request_now())
    return render_template(
        "submissions/screen.html",
        contest=contest,
        round=contest_round,
        work=work,
        version=version,
        body=handed_in_html(
            work,
            version.body_html,
            "submissions.screening_file",
            slug=contest.slug,
            number=contest_round.number,
        ),
        form=form,
        missing=missing_in(essay, asked, work, version),
        asks_unit=demand_of(contest_round.id) is not None,
        unit_said=said_about(work),
        private=[
            (each.label, shown_answer(each, version.private_answers.get(each.key, "")))
            for each in asked.further
            if not each.shown
        ],
        attached=[
            (each, files)
            for each in asked.attached
            if (files := queries.files_of_field(work, each.key))
        ],
        flags=findings(work, version),
        documents=queries.documents_of(work),
        pairs=queries.pairs_of(work.id),
        blind=blind,
        unit_path=queries.registration_unit_path(work),
        children=children_of(work, request_day()),
    )


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/screening/<public_id>/masking")
@requires(_KEEPER)
def masking(slug: str, number: int, public_id: str) -> ResponseReturnValue:
    """Choose which places judges do not read."""
    contest_round = _round(slug, number)
    work = _work(contest_round, public_id)
    row = queries.blind_row(contest_round.id, work.id)
    if row is None:
        raise NotFound
    if PlainForm().validate():
        actions.set_masked(
            work=work,
            row=row,
            places=request.form.getlist("place", type=int),
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Judges now read the text as chosen."), "success")
    return redirect(url_for("submissions.screen", slug=slug, number=number, public_id=public_id))


@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/codes")
@requires(_KEEPER)
def make_codes(slug: str, number: int) -> ResponseReturnValue:
    """Make the blind codes, many of them by a job."""
    contest_round = _round(slug, number)
    job = actions.ask_for_codes(
        contest_round=contest_round,
        title=_("Blind codes of %(round)s", round=contest_round.title),
        actor=current_actor(),
        now=request_now(),
    )
    if job is not None:
        return redirect(url_for("core.job", job_id=job.public_id))
    try:
        made = actions.make_blind_codes(
            contest_round=contest_round, actor=current_actor(), now=request_now()
        )
    except RuleBroken as refused:
        flash(refused.words, "error")
    else:
        flash(ngettext("%(num)s blind code made.", "%(num)s blind codes made.", made), "success")
    return redirect(url_for("submissions.screening", slug=slug, number=number))


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/codes/table", methods=["POST"])
@requires(_KEEPER)
def code_table(slug: str, number: int) -> ResponseReturnValue:
    """The table of codes and authors; looking at it stays on record, so it is no plain link."""
    contest_round = _round(slug, number)
    rows = actions.read_code_table(
        contest_round=contest_round, actor=current_actor(), now=request_now()
    )
    return render_template(
        "submissions/code_table.html",
        contest=contest_round.contest,
        round=contest_round,
        rows=rows,
    )


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/copies", methods=["GET", "POST"])
@requires(_KEEPER)
def duplicates(slug: str, number: int) -> ResponseReturnValue:
    """Essays that share passages; the search runs as a job."""
    contest_round = _round(slug, number)
    if PlainForm().validate_on_submit():
        job = actions.ask_for_copies(
            contest_round=contest_round,
            title=_("Comparing the essays of %(round)s", round=contest_round.title),
            actor=current_actor(),
            now=request_now(),
        )
        return redirect(url_for("core.job", job_id=job.public_id))
    return render_template(
        "submissions/duplicates.html",
        contest=contest_round.contest,
        round=contest_round,
        page=queries.duplicates_page(contest_round.id, page=page_number(request.args.get("page"))),
        form=PlainForm(),
    )


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/copies/<pair_id>", methods=["GET", "POST"]
)
@requires(_KEEPER)
def duplicate(slug: str, number: int, pair_id: str) -> ResponseReturnValue:
    """Two essays side by side, with the passages that both hold."""
    contest_round = _round(slug, number)
    found = queries.duplicate_in_round(contest_round.id, pair_id)
    if found is None:
        raise NotFound
    form = VerdictForm(verdict=found.pair.verdict or None, note=found.pair.verdict_note)
    status = UNPROCESSABLE if form.is_submitted() else 200
    if form.validate_on_submit():
        refused = _judge(contest_round, found, form)
        if refused is None:
            flash(_("Saved."), "success")
            return redirect(url_for("submissions.duplicates", slug=slug, number=number))
        form.form_errors.append(refused.words)
        status = refused.status
    form.seen.raw_data, form.seen.data = None, found.pair.compared
    actions.note_pair_opened(
        contest_round=contest_round,
        works=(found.first, found.second),
        actor=current_actor(),
        now=request_now(),
    )
    page = render_template(
        "submissions/duplicate.html",
        contest=contest_round.contest,
        round=contest_round,
        row=found,
        first=_side(found, first=True),
        second=_side(found, first=False),
        form=form,
    )
    return page, status


def _judge(contest_round: Round, found: DuplicateRow, form: VerdictForm) -> RuleBroken | None:
    """Keep a verdict; a refusal is shown on the same page, beside what is compared now."""
    try:
        actions.judge_copy(
            pair=found.pair,
            contest_round=contest_round,
            verdict=form.verdict.data,
            note=form.note.data,
            seen=form.seen.data or "",
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        return refused
    return None


def _side(found: DuplicateRow, *, first: bool) -> list[Passage]:
    text = (found.pair.version_a if first else found.pair.version_b).body_text
    offset = 0 if first else 2
    spans = [(span[offset], span[offset + 1]) for span in found.pair.spans]
    return passages(text, spans)
