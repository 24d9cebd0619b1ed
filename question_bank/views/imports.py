"""Importing a file: upload, preview, mend, accept or drop."""

from collections.abc import Sequence
from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.core import jobs
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import language, ngettext
from contest.core.paging import page_number
from contest.core.spreadsheets.writing import XLSX_TYPE
from contest.core.vietnamese import nfc
from question_bank import actions, queries
from question_bank.exports import EXPORTS
from question_bank.formats import UnreadableFile, find_format
from question_bank.forms import QuestionForm, UploadForm
from question_bank.kinds import KINDS
from question_bank.models import Bank, ImportState, QuestionImport, QuestionImportRow
from question_bank.queries import RowSort
from question_bank.sheets import empty_table, import_report, row_texts, rows_left_behind
from question_bank.staging import TABLES, FileView
from question_bank.views.base import blueprint, page, the_bank
from question_bank.views.media import form_media, submitted

SMALL_FILE: Final = 300_000
FEW_ROWS: Final = 2_000


@blueprint.route("/<slug>/imports/new", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def new_import(slug: str) -> ResponseReturnValue:
    """Choose a file; a small one is read at once, a large one by a job."""
    bank = the_bank(slug, Permission.WRITE_QUESTIONS)
    form = UploadForm().for_formats()
    if form.validate_on_submit():
        uploaded = form.content(request.files)
        opened = None if uploaded is None else _open(bank, form, *uploaded)
        if opened is not None:
            return redirect(opened)
    return page("import_new.html", bank, form=form), 422 if form.is_submitted() else 200


def _open(bank: Bank, form: UploadForm, name: str, content: bytes) -> str | None:
    """Keep the file and begin to read it; returns where to go, or None with an error."""
    actor, now = current_actor(), request_now()
    try:
        file_format = find_format(content, form.format.data)
    except UnreadableFile as unreadable:
        form.file.errors = [unreadable.words]
        return None
    question_import = actions.begin_import(
        bank=bank,
        file_name=nfc(name),
        content=content,
        file_format=file_format,
        whole=bool(form.whole.data),
        actor=actor,
        now=now,
    )
    if len(content) <= SMALL_FILE:
        actions.read_import(question_import=question_import, content=content, now=now)
        return _preview_address(bank, question_import)
    job = jobs.enqueue(
        "question_bank.read_import",
        payload={"import": question_import.id, "language": language()},
        actor=actor,
        now=now,
        title=_("Reading “%(file)s”", file=question_import.file_name),
    )
    question_import.job_public_id = job.public_id
    return url_for("core.job", job_id=job.public_id)


def _preview_address(bank: Bank, question_import: QuestionImport) -> str:
    return url_for("question_bank.preview", slug=bank.slug, import_id=question_import.public_id)


def the_import(slug: str, import_id: str) -> tuple[Bank, QuestionImport]:
    """Return a bank in which the actor may write and an import of it, else 404."""
    bank = the_bank(slug, Permission.WRITE_QUESTIONS)
    question_import = queries.import_in(bank.id, import_id)
    if question_import is None:
        raise NotFound
    return bank, question_import


@blueprint.get("/<slug>/imports/<import_id>")
@requires(Permission.WRITE_QUESTIONS)
def preview(slug: str, import_id: str) -> ResponseReturnValue:
    """What was read: rows, errors at their cells, duplicates; nothing is in the bank yet."""
    bank, question_import = the_import(slug, import_id)
    if question_import.state is ImportState.READING and question_import.job_public_id:
        return redirect(url_for("core.job", job_id=question_import.job_public_id))
    wanted = request.args.get("rows", RowSort.ALL.value)
    sort = RowSort(wanted) if wanted in list(RowSort) else RowSort.ALL
    rows = queries.preview_rows(
        question_import.id, sort, page=page_number(request.args.get("page"))
    )
    shown = [[each.row.stem, each.row.body, each.row.cells] for each in rows.items]
    return page(
        "import.html",
        bank,
        file=question_import,
        media=queries.media_named(bank.id, shown),
        as_written=_as_written(question_import, rows.items),
        counts=queries.row_counts(question_import.id),
        sort=sort,
        rows=rows,
        convertible=queries.convertible_rows(question_import.id),
        may_approve=bank_approves(bank),
        row_texts=row_texts,
    )


def _as_written(
    question_import: QuestionImport, rows: Sequence[queries.PreviewRow]
) -> dict[int, list[tuple[str, str]]]:
    """What stands in the file at each row: word for word, or cell by cell of a small table.

    Returns by the row's position pairs of (where, text).
    """
    found: dict[int, list[tuple[str, str]]] = {
        item.row.position: [("", item.row.original)] for item in rows if item.row.original
    }
    if question_import.format not in TABLES or question_import.file_id is None:
        return found
    content = read_file(question_import.file_id)
    if len(content) > SMALL_FILE:
        return found
    view = FileView.open(content, question_import.format)
    wanted: dict[str, list[int]] = {}
    for item in rows:
        wanted.setdefault(item.row.sheet, []).append(item.row.row)
    places = {(item.row.sheet, item.row.row): item.row.position for item in rows}
    columns = view.layout()
    for sheet, number, texts in view.cells(wanted):
        letters = columns.get(sheet, {})
        options = {f"option {place}": text for place, text in enumerate(texts.pop("options"))}
        found[places[sheet, number]] = sorted(
            ((letters.get(name, ""), text) for name, text in (texts | options).items() if text),
            key=lambda each: (len(each[0]), each[0]),
        )
    return found


@blueprint.post("/<slug>/imports/<import_id>/rows/<int:position>/choice")
@requires(Permission.WRITE_QUESTIONS)
def choose_row(slug: str, import_id: str, position: int) -> ResponseReturnValue:
    """Take a duplicate after all, or leave a row out."""
    bank, question_import = the_import(slug, import_id)
    actions.choose_row(
        question_import=question_import,
        position=position,
        chosen=request.form.get("chosen") == "1",
    )
    return redirect(_back(bank, question_import, position))


@blueprint.post("/<slug>/imports/<import_id>/duplicates")
@requires(Permission.WRITE_QUESTIONS)
def choose_duplicates(slug: str, import_id: str) -> ResponseReturnValue:
    """Take all duplicates, or leave them all out."""
    bank, question_import = the_import(slug, import_id)
    actions.choose_duplicates(
        question_import=question_import, chosen=request.form.get("chosen") == "1"
    )
    return redirect(_back(bank, question_import))


@blueprint.post("/<slug>/imports/<import_id>/convert")
@requires(Permission.WRITE_QUESTIONS)
def convert_rows(slug: str, import_id: str) -> ResponseReturnValue:
    """Agree to the conversion of one row in a legacy font, or of all of them."""
    bank, question_import = the_import(slug, import_id)
    position = request.form.get("position", type=int)
    done = actions.convert_rows(question_import=question_import, position=position)
    flash(ngettext("%(num)s row converted.", "%(num)s rows converted.", done))
    return redirect(_back(bank, question_import, position))


def _back(bank: Bank, question_import: QuestionImport, position: int | None = None) -> str:
    """The place in the preview that the person came from."""
    return url_for(
        "question_bank.preview",
        slug=bank.slug,
        import_id=question_import.public_id,
        rows=request.args.get("rows"),
        page=request.args.get("page"),
        _anchor=None if position is None else f"row-{position}",
    )


@blueprint.route("/<slug>/imports/<import_id>/rows/<int:position>", methods=["GET", "POST"])
@requires(Permission.WRITE_QUESTIONS)
def mend_row(slug: str, import_id: str, position: int) -> ResponseReturnValue:
    """Mend a row with errors in the editor, filled with what stands in the file."""
    bank, question_import = the_import(slug, import_id)
    row = queries.import_row(question_import.id, position)
    if row is None or question_import.state is not ImportState.READY:
        raise NotFound
    back = _back(bank, question_import, position)
    topics = queries.topic_choices(bank.id)
    form = QuestionForm.open_row(request.args.get("kind", ""), topics, row)
    if submitted(bank, form) and _mend(question_import, row, form, dict(topics)):
        return redirect(back)
    return page(
        "question_form.html",
        bank,
        form=form,
        question=None,
        fixed_kind=True,
        kinds=KINDS,
        heading=_("Mend row %(row)s", row=row.row),
        back=back,
        back_label=_("The preview"),
        submit_label=_("Put this row right"),
        problems=[error["message"] for error in row.errors],
        media=form_media(bank, form),
        as_written=_as_written(
            question_import, [queries.PreviewRow(row, "", "", updates=False)]
        ).get(position, []),
        mend_at=url_for(
            "question_bank.mend_row", slug=slug, import_id=import_id, position=position, kind=""
        ),
    ), 422 if form.is_submitted() else 200


def _mend(
    question_import: QuestionImport,
    row: QuestionImportRow,
    form: QuestionForm,
    topics: dict[int, str],
) -> bool:
    problem = actions.mend_row(
        question_import=question_import,
        row=row,
        content=form.content(),
        topic_name=form.new_topic.data or topics.get(form.topic_id.data, ""),
    )
    if problem is not None:
        form.external_id.errors = [problem]
    return problem is None


@blueprint.post("/<slug>/imports/<import_id>/accept")
@requires(Permission.WRITE_QUESTIONS)
def accept_import(slug: str, import_id: str) -> ResponseReturnValue:
    """Take the chosen rows: at once when they are few, else by a job."""
    bank, question_import = the_import(slug, import_id)
    actor, now = current_actor(), request_now()
    approve = request.form.get("approve") == "1" and bank_approves(bank)
    if queries.row_counts(question_import.id).chosen > FEW_ROWS:
        job = jobs.enqueue(
            "question_bank.accept_import",
            payload={"import": question_import.id, "approve": approve, "language": language()},
            actor=actor,
            now=now,
            key=f"question_bank.accept_import:{question_import.id}",
            title=_("Accepting “%(file)s”", file=question_import.file_name),
        )
        return redirect(url_for("core.job", job_id=job.public_id))
    report = actions.accept_import(
        bank=bank, question_import=question_import, approve=approve, actor=actor, now=now
    )
    flash(
        _(
            "Accepted: %(created)s new questions, %(revised)s changed, %(unchanged)s as before.",
            **report,
        ),
        "success",
    )
    return redirect(url_for("question_bank.bank", slug=slug))


def bank_approves(bank: Bank) -> bool:
    """May this person put imported questions into use at once?"""
    may_review = current_actor().may(Permission.REVIEW_QUESTIONS, bank.scope.path)
    return may_review and not bank.two_person_review


@blueprint.post("/<slug>/imports/<import_id>/drop")
@requires(Permission.WRITE_QUESTIONS)
def drop_import(slug: str, import_id: str) -> ResponseReturnValue:
    """Leave the file; nothing is taken."""
    bank, question_import = the_import(slug, import_id)
    actions.drop_import(
        bank=bank, question_import=question_import, actor=current_actor(), now=request_now()
    )
    flash(_("Nothing was taken from this file."))
    return redirect(url_for("question_bank.bank", slug=slug))


@blueprint.get("/<slug>/imports/<import_id>/rows-left")
@requires(Permission.WRITE_QUESTIONS)
def rows_left(slug: str, import_id: str) -> ResponseReturnValue:
    """The rows that stay behind as a workbook, with the reason at each."""
    _bank, question_import = the_import(slug, import_id)
    content = rows_left_behind(queries.rows_left(question_import.id))
    stem = question_import.file_name.rpartition(".")[0] or question_import.file_name
    left = _("rows left")
    return download(content, name=f"{stem} – {left}.xlsx", media_type=XLSX_TYPE)


@blueprint.get("/<slug>/imports/<import_id>/report")
@requires(Permission.WRITE_QUESTIONS)
def import_rows_report(slug: str, import_id: str) -> ResponseReturnValue:
    """Every row of a file as a workbook: what was read, what became of it, and why."""
    _bank, question_import = the_import(slug, import_id)
    content = import_report(
        queries.all_rows(question_import.id), taken=question_import.state is ImportState.TAKEN
    )
    stem = question_import.file_name.rpartition(".")[0] or question_import.file_name
    told = _("report of the rows")
    return download(content, name=f"{stem} – {told}.xlsx", media_type=XLSX_TYPE)


@blueprint.get("/<slug>/export/<code>")
@requires(Permission.SEE_BANK)
def export(slug: str, code: str) -> ResponseReturnValue:
    """The questions in use as a file; the format leaves out the kinds that it cannot say.

    Who took it stays on record, because the file holds the keys.
    """
    bank = the_bank(slug)
    found = EXPORTS.get(code)
    if found is None:
        raise NotFound
    questions = [each for each in queries.export_questions(bank.id) if each.kind in found.kinds]
    content = found.write(questions)
    actions.note_bank_exported(
        bank=bank, kind=code, rows=len(questions), actor=current_actor(), now=request_now()
    )
    return download(content, name=f"{bank.slug}.{found.suffix}", media_type=found.media_type)


@blueprint.get("/import-table")
@requires(Permission.WRITE_QUESTIONS)
def import_table() -> ResponseReturnValue:
    """An empty table with the right headings and two examples."""
    return download(empty_table(), name=_("questions") + ".xlsx", media_type=XLSX_TYPE)
