"""The judge: rounds, own works by code, the sheet; saving, abstaining, notes, conflicts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import all_units_on, unit_by_public_id
from contest.contests.models import Round
from contest.core.access import current_actor, signed_in
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.forms import clean_text
from contest.core.i18n import format_points, format_time
from contest.core.i18n import gettext as _
from contest.core.web import wants_json
from contest.judging import actions, forms
from contest.judging.models import Juror, JurorState, MarkSheet, SheetState
from contest.judging.queries import desk as queries
from contest.judging.queries.calibration import calibration_stand, pending_calibration
from contest.judging.queries.own_rounds import own_rounds
from contest.judging.queries.rounds import conflicts_of, judged_round, own_conflict
from contest.judging.rules.pace import minutes_without_break
from contest.judging.rules.refusals import NoteOutside, StaleSheet, WrongMark
from contest.judging.rules.sentences import paragraphs
from contest.judging.rules.sheets import LIVE, check_role, scale_of
from contest.judging.rules.wording import resolution_sentences
from contest.judging.views.passages import marked_passages
from contest.judging.views.room import UNPROCESSABLE, blueprint
from contest.quizzes.queries.essays import rounds_to_mark


@blueprint.get("/judge")
@signed_in
def rounds() -> ResponseReturnValue:
    """The rounds that I judge or am invited to."""
    return render_template(
        "judging/rounds.html",
        rounds=own_rounds(current_actor().person_id),
        quizzes=rounds_to_mark(current_actor()),
        form=forms.EmptyForm(),
    )


def _seat(round_id: str) -> tuple[Juror, Round]:
    juror = queries.own_seat(current_actor().person_id, round_id)
    if juror is None:
        raise NotFound
    return juror, queries.round_of_seat(juror)


@blueprint.post("/judge/<round_id>/answer")
@signed_in
def answer(round_id: str) -> ResponseReturnValue:
    """Accept or decline an invitation."""
    juror, contest_round = _seat(round_id)
    accept = request.form.get("answer") == "accept"
    actions.answer_invitation(
        contest_round=contest_round,
        juror=juror,
        accept=accept,
        actor=current_actor(),
        now=request_now(),
    )
    if accept:
        flash(_("Thank you. Please say now whose works you must not mark."), "success")
        return redirect(url_for("judging.conflicts", round_id=round_id))
    flash(_("You have declined."))
    return redirect(url_for("judging.rounds"))


def accepted_seat(round_id: str) -> tuple[Juror, Round]:
    """My seat on a jury, accepted, and its round.

    Raises:
        NotFound: I have none.
    """
    juror, contest_round = _seat(round_id)
    if juror.state is not JurorState.ACCEPTED:
        raise NotFound
    return juror, contest_round


@blueprint.get("/judge/<round_id>")
@signed_in
def works(round_id: str) -> ResponseReturnValue:
    """My works of a round: to do, done, abstained."""
    juror, contest_round = accepted_seat(round_id)
    check_role(actor=current_actor(), juror=juror, scope_path=contest_round.contest.scope.path)
    sheets = queries.own_sheets(juror)
    shown = request.args.get("show", "todo")
    groups = {
        "todo": [each for each in sheets if each.state in {SheetState.TODO, SheetState.OPEN}],
        "done": [each for each in sheets if each.state is SheetState.DONE],
        "abstained": [each for each in sheets if each.state is SheetState.ABSTAINED],
    }
    return render_template(
        "judging/works.html",
        round=contest_round,
        contest=contest_round.contest,
        groups=groups,
        shown=shown if shown in groups else "todo",
        next_id=queries.next_sheet(juror.id),
        calibration=calibration_stand(juror),
        sentences=_sentences(contest_round.id),
    )


def _sentences(round_id: int) -> list[str]:
    judged = judged_round(round_id)
    return [] if judged is None else resolution_sentences(judged, scale_of(judged.criteria))


@blueprint.route("/judge/<round_id>/conflicts", methods=["GET", "POST"])
@signed_in
def conflicts(round_id: str) -> ResponseReturnValue:
    """Whose works I must not mark."""
    juror, contest_round = accepted_seat(round_id)
    form = forms.ConflictForm()
    today = request_day()
    form.unit.offer(all_units_on(today), empty=_("– choose the unit –"))
    if form.validate_on_submit():
        try:
            actions.declare_conflict(
                contest_round=contest_round,
                juror=juror,
                unit=unit_by_public_id(form.unit.data) if form.unit.data else None,
                person_name=form.person_name.data,
                reason=form.reason.data,
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.person_name.errors = [refused.words]
        else:
            flash(_("Declared. You will not be given these works."), "success")
            return redirect(url_for("judging.conflicts", round_id=round_id))
    page = render_template(
        "judging/conflicts.html",
        round=contest_round,
        contest=contest_round.contest,
        form=form,
        declared=conflicts_of([juror.id]).get(juror.id, []),
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.post("/judge/<round_id>/conflicts/<conflict_id>/withdraw")
@signed_in
def withdraw_conflict(round_id: str, conflict_id: str) -> ResponseReturnValue:
    """Take a declared conflict back."""
    juror, contest_round = accepted_seat(round_id)
    conflict = own_conflict(juror.id, conflict_id)
    if conflict is None:
        raise NotFound
    actions.withdraw_conflict(
        contest_round=contest_round,
        juror=juror,
        conflict=conflict,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("judging.conflicts", round_id=round_id))


def _own(sheet_id: str) -> MarkSheet:
    found = queries.own_sheet(current_actor().person_id, sheet_id)
    if found is None:
        raise NotFound
    return found


def _readable(sheet_id: str) -> MarkSheet:
    """A sheet that its judge may still read.

    Raises:
        NotFound, RoleLost, LeftJury: see the rules.
    """
    found = _own(sheet_id)
    contest_round = queries.round_of_seat(found.juror)
    check_role(
        actor=current_actor(), juror=found.juror, scope_path=contest_round.contest.scope.path
    )
    if found.state not in LIVE:
        raise NotFound
    return found


@blueprint.get("/judge/sheets/<sheet_id>")
@signed_in
def sheet(sheet_id: str) -> ResponseReturnValue:
    """The desk: the work by its code, the rubric, my marks and notes; calibration comes first."""
    found = _readable(sheet_id)
    if found.state is SheetState.TODO and pending_calibration(found.juror) is not None:
        contest_round = queries.round_of_seat(found.juror)
        return redirect(url_for("judging.calibrate", round_id=contest_round.public_id))
    return _sheet_page(found)


def _sheet_page(
    found: MarkSheet,
    *,
    typed: Mapping[str, str] | None = None,
    error: str = "",
    note: Mapping[str, str] | None = None,
    note_error: str = "",
    status: int = UNPROCESSABLE,
) -> ResponseReturnValue:
    blind = queries.blind_sheet(found)
    if blind is None:
        raise NotFound
    page = render_template(
        "judging/sheet.html",
        sheet=blind,
        body=marked_passages(blind.work.body_html, blind.notes),
        paragraphs=paragraphs(blind.work.body_text) if blind.is_open else [],
        typed=typed or {},
        error=error,
        note=note or {},
        note_error=note_error,
        is_late=_is_late(blind.due_at),
        minutes=minutes_without_break(queries.lately_done(found.juror_id), request_now()),
        form=forms.EmptyForm(),
    )
    return page, status if error or note_error else 200


def _is_late(due_at: datetime | None) -> bool:
    return due_at is not None and request_now() > due_at


def _given() -> actions.MarkInput:
    """The marks of the form.

    Raises:
        WrongMark: one cannot be read.
    """
    marks: dict[str, Decimal] = {}
    for name, typed in request.form.items():
        if not name.startswith("mark-") or not typed.strip():
            continue
        points = forms.read_points(typed)
        if points is None:
            raise WrongMark
        marks[name.removeprefix("mark-")] = points
    return actions.MarkInput(marks, clean_text(request.form.get("comment")))


def _edit() -> int:
    typed = request.form.get("edit", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else -1  # noqa: PLR2004


@blueprint.post("/judge/sheets/<sheet_id>")
@signed_in
def save(sheet_id: str) -> ResponseReturnValue:
    """Save, or save as done and go on; the page's script gets JSON."""
    found = _own(sheet_id)
    done = request.form.get("go") == "next"
    act = actions.finish_sheet if done else actions.save_sheet
    try:
        given = _given()
        saved = act(
            sheet=found, given=given, edit=_edit(), actor=current_actor(), now=request_now()
        )
    except RuleBroken as refused:
        return _not_saved(found, refused)
    late = _is_late(queries.due_at(saved.round_id))
    if wants_json():
        at = format_time(request_now())
        words = _("Saved %(time)s, after the day marks were due", time=at) if late else ""
        return jsonify(edit=saved.edit, at=at, total=format_points(saved.total), words=words)
    if late:
        flash(
            _("Saved. Marks were due before now; the chief judge sees that this one came later."),
            "info",
        )
    elif not done:
        flash(_("Saved."), "success")
    return redirect(_after_saving(saved) if done else url_for("judging.sheet", sheet_id=sheet_id))


def _not_saved(found: MarkSheet, refused: RuleBroken) -> ResponseReturnValue:
    """Say why; what was sent stays on record where it was refused as a whole."""
    if refused.status == UNPROCESSABLE:
        if wants_json():
            raise refused
        return _sheet_page(found, typed=request.form, error=refused.words)
    actions.keep_refused(
        sheet_id=found.id, refusal=refused, given=_given(), edit=_edit(), now=request_now()
    )
    if wants_json() or not isinstance(refused, StaleSheet):
        raise refused
    # The marks that stand, with the words; what was typed here is shown once it is loaded again.
    return _sheet_page(found, error=refused.words, status=refused.status)


def _after_saving(saved: MarkSheet) -> str:
    """The next work, or the list when that was the last one."""
    following = queries.next_sheet(saved.juror_id, saved.public_id)
    if following is not None:
        return url_for("judging.sheet", sheet_id=following)
    flash(_("That was the last one: all your works are marked."), "success")
    return url_for("judging.works", round_id=queries.round_of_seat(saved.juror).public_id)


@blueprint.route("/judge/sheets/<sheet_id>/abstain", methods=["GET", "POST"])
@signed_in
def abstain(sheet_id: str) -> ResponseReturnValue:
    """Give a work back, with a reason."""
    found = _readable(sheet_id)
    form = forms.ReasonForm()
    if form.validate_on_submit():
        actions.abstain(
            sheet=found, reason=form.reason.data, actor=current_actor(), now=request_now()
        )
        flash(_("Given back: another judge will mark this work."), "success")
        following = queries.next_sheet(found.juror_id, sheet_id)
        if following is not None:
            return redirect(url_for("judging.sheet", sheet_id=following))
        contest_round = queries.round_of_seat(found.juror)
        return redirect(url_for("judging.works", round_id=contest_round.public_id))
    page = render_template("judging/abstain.html", sheet=queries.blind_sheet(found), form=form)
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.post("/judge/sheets/<sheet_id>/notes")
@signed_in
def write_note(sheet_id: str) -> ResponseReturnValue:
    """Write a note on a passage; what cannot be kept is shown again, with words."""
    found = _own(sheet_id)
    blind = queries.blind_sheet(found)
    start, end = _passage()
    try:
        actions.add_note(
            sheet=found,
            start=start,
            end=end,
            body=clean_text(request.form.get("body")),
            criterion=request.form.get("criterion", ""),
            text_length=0 if blind is None else len(blind.work.body_text),
            actor=current_actor(),
            now=request_now(),
        )
    except NoteOutside as refused:
        return _sheet_page(found, note=request.form, note_error=refused.words)
    return redirect(url_for("judging.sheet", sheet_id=sheet_id, _anchor="notes"))


def _passage() -> tuple[int, int]:
    """The places of the passage as the list of the form sends them: 12-80."""
    start, _dash, end = request.form.get("passage", "").partition("-")
    first, last = (
        int(each) if each.isdecimal() and len(each) < 9 else 0  # noqa: PLR2004
        for each in (start, end)
    )
    return first, last


@blueprint.post("/judge/sheets/<sheet_id>/notes/<note_id>/remove")
@signed_in
def remove_note(sheet_id: str, note_id: str) -> ResponseReturnValue:
    """Take a note away."""
    actions.remove_note(
        sheet=_own(sheet_id), public_id=note_id, actor=current_actor(), now=request_now()
    )
    return redirect(url_for("judging.sheet", sheet_id=sheet_id, _anchor="notes"))
