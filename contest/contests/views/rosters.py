"""Rosters: upload, preview, units, taking, what stays behind, and the sheets with codes."""

from collections.abc import Sequence
from typing import Final

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.code_sheets import PrintedSheet, PrintedSlip, code_sheets_pdf
from contest.accounts.queries import UnitRange, unit_by_public_id
from contest.config import Settings
from contest.contests import actions
from contest.contests.forms import RosterForm, RosterRowForm, unit_questions_form
from contest.contests.forms.registrations import ROSTER_BYTES
from contest.contests.forms.units import NEW
from contest.contests.models import Contest, RosterImport, RosterState
from contest.contests.organised import organised_contest
from contest.contests.queries import (
    bad_rows,
    roster_counts,
    roster_import,
    roster_imports,
    roster_row,
    roster_rows,
    roster_unit_groups,
    units_waiting_for_codes,
)
from contest.contests.rules.roster_staging import SHOWN, UnitGroup
from contest.contests.views.room import blueprint
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.documents import PDF
from contest.core.errors import NotFound
from contest.core.files import download
from contest.core.forms import BaseForm
from contest.core.i18n import gettext as _
from contest.core.i18n import language, ngettext
from contest.core.jobs import own_job
from contest.core.paging import page_number
from contest.core.spreadsheets import UnreadableFile
from contest.core.table_files import send_table
from contest.core.vietnamese import nfc

_UNPROCESSABLE = 422
_AT_WORK = (RosterState.READING, RosterState.TAKING)
SMALL_FILE: Final = 24_000
"""Up to so many bytes, about 200 people, are read while the person waits."""
FEW_ROWS: Final = 200


def _load(slug: str, roster_id: str) -> tuple[Contest, RosterImport]:
    contest = organised_contest(slug, Permission.MANAGE_REGISTRATIONS)
    found = roster_import(contest, roster_id)
    if found is None:
        raise NotFound
    return contest, found


@blueprint.route("/organise/contests/<slug>/rosters", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS)
def rosters(slug: str) -> ResponseReturnValue:
    """The rosters of a contest; a new one is read here."""
    contest = organised_contest(slug, Permission.MANAGE_REGISTRATIONS)
    form = RosterForm()
    if form.validate_on_submit():
        content = form.file.data.read(ROSTER_BYTES + 1)
        try:
            return redirect(_open(contest, content, nfc(form.file.data.filename)))
        except UnreadableFile as unreadable:
            form.file.errors = [unreadable.words]
    page = render_template(
        "contests/rosters.html",
        contest=contest,
        form=form,
        rosters=roster_imports(contest),
        waiting=sum(each.persons for each in units_waiting_for_codes(contest)),
    )
    return page, _UNPROCESSABLE if form.errors else 200


def _open(contest: Contest, content: bytes, file_name: str) -> str:
    """Keep the file and begin to read it, a long one by a job; returns where to go."""
    if len(content) > ROSTER_BYTES:
        raise UnreadableFile("too_large", _("The file is larger than 8 MB. Split it by units."))
    actor, now = current_actor(), request_now()
    begin = actions.stage_roster if len(content) <= SMALL_FILE else actions.begin_roster
    roster = begin(contest=contest, content=content, file_name=file_name, actor=actor, now=now)
    if roster.state is RosterState.READING:
        job = actions.promise_reading(roster=roster, actor=actor, locale=language(), now=now)
        return url_for("core.job", job_id=job.public_id)
    return url_for("contests.roster", slug=contest.slug, roster_id=roster.public_id)


@blueprint.get("/organise/contests/<slug>/rosters/<roster_id>")
@requires(Permission.MANAGE_REGISTRATIONS)
def roster(slug: str, roster_id: str) -> ResponseReturnValue:
    """The preview: rows, errors at the cell, units to be chosen; or what taking it did."""
    contest, found = _load(slug, roster_id)
    if found.state in _AT_WORK and own_job(current_actor().person_id, found.job_public_id or ""):
        return redirect(url_for("core.job", job_id=found.job_public_id))
    return _preview(contest, found, _unit_form(contest, found, sent=False))


def _preview(contest: Contest, found: RosterImport, form: BaseForm) -> str:
    show = request.args.get("show", "all")
    groups = roster_unit_groups(found)
    unknown = [group for group in groups if not _decided(found, group)]
    return render_template(
        "contests/roster.html",
        contest=contest,
        roster=found,
        show=show,
        counts=roster_counts(found),
        page=roster_rows(found, show, page=page_number(request.args.get("page"))),
        shown=_shown(found),
        unknown=unknown,
        waiting_rows=sum(group.rows for group in unknown),
        form=form,
        unit_questions=_unit_questions(found) if _asks_units(found, groups) else {},
    )


def _shown(found: RosterImport) -> list[str]:
    """The parts of a person that the file has a column for; the name always."""
    present = {part for columns in found.layout.get("sheets", {}).values() for part in columns}
    return [part for part in SHOWN if part in present or part == "name"]


def _decided(found: RosterImport, group: UnitGroup) -> bool:
    return all(spelling in found.unit_choices for spelling in group.spellings)


def _asks_units(found: RosterImport, groups: list[UnitGroup]) -> bool:
    """Units are asked for while a spelling was not found, and stay visible once answered."""
    matched_all = all(_decided(found, group) for group in groups)
    chosen_new = any(choice == actions.NEW_UNIT for choice in found.unit_choices.values())
    return found.state is RosterState.READY and (not matched_all or chosen_new)


def _unit_questions(found: RosterImport) -> dict[str, UnitGroup]:
    """The groups of spellings that are asked for, by the name of their field."""
    asked = {}
    for place, group in enumerate(roster_unit_groups(found)):
        chosen = found.unit_choices.get(group.spellings[0])
        if chosen is None or chosen == actions.NEW_UNIT:
            asked[f"unit-{place}"] = group
    return asked


def _unit_form(contest: Contest, found: RosterImport, *, sent: bool) -> BaseForm:
    questions = _unit_questions(found)
    new = {
        name: NEW
        for name, group in questions.items()
        if found.unit_choices.get(group.spellings[0]) == actions.NEW_UNIT
    }
    units = UnitRange((contest.unit.scope.path,), request_day())
    return unit_questions_form(list(questions), units, known=new, sent=sent)


@blueprint.post("/organise/contests/<slug>/rosters/<roster_id>/units")
@requires(Permission.MANAGE_REGISTRATIONS)
def roster_units(slug: str, roster_id: str) -> ResponseReturnValue:
    """Say which unit each unknown spelling means, or that it is a new one."""
    contest, found = _load(slug, roster_id)
    form = _unit_form(contest, found, sent=True)
    if not form.validate_on_submit():
        return _preview(contest, found, form), _UNPROCESSABLE if form.is_refused else 200
    choices: dict[str, int | None] = {}
    for name, group in _unit_questions(found).items():
        answer = form[name].data
        if not answer and request.form.get("all_new"):
            answer = NEW
        unit = unit_by_public_id(answer) if answer and answer != NEW else None
        chosen = actions.NEW_UNIT if answer == NEW else None if unit is None else unit.id
        choices.update(dict.fromkeys(group.spellings, chosen))
    actions.choose_units(roster=found, choices=choices, actor=current_actor(), now=request_now())
    flash(_("The units are kept."), "success")
    return redirect(url_for("contests.roster", slug=slug, roster_id=roster_id))


@blueprint.route(
    "/organise/contests/<slug>/rosters/<roster_id>/rows/<int:position>", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_REGISTRATIONS)
def roster_row_form(slug: str, roster_id: str, position: int) -> ResponseReturnValue:
    """Mend a row by hand, where it stands."""
    contest, found = _load(slug, roster_id)
    row = roster_row(found, position)
    if row is None or found.state is not RosterState.READY:
        raise NotFound
    form = RosterRowForm(data=(row.person or {}).get("typed", {}))
    form.today = request_day()
    back = url_for("contests.roster", slug=slug, roster_id=roster_id, show=request.args.get("show"))
    if form.validate_on_submit():
        actions.mend_row(
            roster=found, row=row, typed=form.typed(), actor=current_actor(), now=request_now()
        )
        flash(_("Row %(row)s can be taken now.", row=row.row), "success")
        return redirect(back)
    page = render_template(
        "contests/roster_row.html", contest=contest, roster=found, row=row, form=form, back=back
    )
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.post("/organise/contests/<slug>/rosters/<roster_id>/convert")
@requires(Permission.MANAGE_REGISTRATIONS)
def convert_roster(slug: str, roster_id: str) -> ResponseReturnValue:
    """Agree to the conversion of one row in a legacy font, or of all of them."""
    _contest, found = _load(slug, roster_id)
    done = actions.convert_rows(
        roster=found,
        position=request.form.get("position", type=int),
        actor=current_actor(),
        now=request_now(),
    )
    flash(ngettext("%(num)s row converted.", "%(num)s rows converted.", done))
    back = url_for("contests.roster", slug=slug, roster_id=roster_id, show=request.args.get("show"))
    return redirect(back)


@blueprint.post("/organise/contests/<slug>/rosters/<roster_id>/take")
@requires(Permission.MANAGE_REGISTRATIONS)
def take_roster(slug: str, roster_id: str) -> ResponseReturnValue:
    """Register the people of the good rows."""
    _contest, found = _load(slug, roster_id)
    actor, now = current_actor(), request_now()
    if roster_counts(found).takeable > FEW_ROWS:
        job = actions.promise_roster(roster=found, actor=actor, locale=language(), now=now)
        return redirect(url_for("core.job", job_id=job.public_id))
    outcome = actions.take_roster(roster=found, actor=actor, now=now)
    words = ngettext(
        "%(num)s person is registered.", "%(num)s people are registered.", outcome.registered
    )
    flash(words, "success")
    return redirect(url_for("contests.roster", slug=slug, roster_id=roster_id))


@blueprint.post("/organise/contests/<slug>/rosters/<roster_id>/discard")
@requires(Permission.MANAGE_REGISTRATIONS)
def discard_roster(slug: str, roster_id: str) -> ResponseReturnValue:
    """Throw the staged roster away."""
    _contest, found = _load(slug, roster_id)
    actions.discard_roster(roster=found, actor=current_actor(), now=request_now())
    flash(_("Thrown away. Nobody of it was registered."), "success")
    return redirect(url_for("contests.rosters", slug=slug))


@blueprint.get("/organise/contests/<slug>/rosters/<roster_id>/left.<any(xlsx, csv):kind>")
@requires(Permission.MANAGE_REGISTRATIONS)
def roster_left(slug: str, roster_id: str, kind: str) -> ResponseReturnValue:
    """The rows that stay behind, with the reason: to be mended and brought again."""
    _contest, found = _load(slug, roster_id)
    # Headings as rosters have them, so that the mended file is read again.
    table = [["STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Số điện thoại", "Email", _("Why")]]
    for number, row in enumerate(bad_rows(found), start=1):
        typed = (row.person or {}).get("typed", {})
        why = "; ".join(note["message"] for note in row.errors if note["level"] == "error")
        table.append([str(number), *(typed.get(part, "") for part in SHOWN), why])
    left = _("left")
    name = f"{found.file_name.rsplit('.', 1)[0]} ({left})"
    return send_table(table, kind=kind, name=name, sheet=_("Left behind"))


@blueprint.route("/organise/contests/<slug>/codes", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def roster_codes(slug: str) -> ResponseReturnValue:
    """Issue activation codes and show them, once, as A4 sheets for each unit."""
    contest = organised_contest(slug)
    if request.method == "GET":
        units = units_waiting_for_codes(contest)
        return render_template("contests/codes.html", contest=contest, units=units)
    asked = request.form.get("unit", "")
    unit = unit_by_public_id(asked) if asked else None
    if asked and unit is None:
        raise NotFound
    sheets, left_out = actions.issue_roster_codes(
        contest=contest, unit=unit, actor=current_actor(), now=request_now()
    )
    if request.form.get("as") == "pdf" and sheets:
        return _sheets_as_pdf(contest, sheets)
    return render_template(
        "contests/sheets.html", contest=contest, sheets=sheets, left_out=left_out
    )


def _sheets_as_pdf(contest: Contest, sheets: Sequence[actions.CodeSheet]) -> Response:
    """The sheets as a file to print; the only copy there is."""
    settings: Settings = current_app.extensions["settings"]
    printed = []
    for sheet in sheets:
        slips = [
            PrintedSlip(
                slip.registration.full_name,
                slip.issued,
                _("Contestant code: %(code)s", code=slip.registration.code),
            )
            for slip in sheet.slips
        ]
        printed.append(PrintedSheet(sheet.unit_path.split(" › ") if sheet.unit_path else (), slips))
    content = code_sheets_pdf(
        printed,
        about=contest.title,
        address=settings.public_url + url_for("accounts.activate"),
        instance=settings.instance,
    )
    title = _("Code sheets")
    return download(content, name=f"{title} {contest.slug}.pdf", media_type=PDF)
