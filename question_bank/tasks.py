"""What jobs and commands call."""

from pathlib import Path
from typing import Any, Final

from flask_babel import force_locale

from contest.accounts.queries.people import actor_now
from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.errors import NotFound
from contest.core.files import read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets.containers import MAX_FILE_BYTES, too_large
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import nfc
from question_bank import actions, queries
from question_bank.alike import alike
from question_bank.exports import EXPORTS
from question_bank.formats import FileFormat, UnreadableFile, collect, find_format
from question_bank.formats.base import Item
from question_bank.models import Bank, BulkChange, BulkState, ImportState, QuestionImport
from question_bank.staging import FileView, Staging, in_batches

ALL_GOOD: Final = 0
SOME_BAD: Final = 1
UNREADABLE: Final = 2


def _the_import(import_id: int) -> QuestionImport:
    found = queries.import_by_id(import_id)
    if found is None:
        raise NotFound
    return found


@jobs.task("question_bank.read_import")
def read_import(run: jobs.JobRun) -> dict[str, Any] | None:
    """Read a large file into staged rows, in short units, with progress."""
    with force_locale(run.payload.get("language", "vi")):
        return _read_large(run)


def _read_large(run: jobs.JobRun) -> dict[str, Any] | None:
    import_id: int = run.payload["import"]
    with unit_of_work():
        found = _the_import(import_id)
        if found.state is not ImportState.READING:
            return _report(import_id)
        content, code = read_file(found.file_id or 0), found.format
        actions.forget_rows(question_import=found)
    view = FileView.open(content, code)
    staging = Staging(view.layout())
    guess, written = max(1, len(content) // 100), 0
    try:
        for batch in in_batches(staging.rows(view.items(content, code))):
            with unit_of_work():
                actions.stage_batch(import_id=import_id, rows=batch)
            written += len(batch)
            run.progress(written, max(guess, written + 1))
    except UnreadableFile as unreadable:
        with unit_of_work():
            found = _the_import(import_id)
            actions.forget_rows(question_import=found)
            actions.fail_reading(question_import=found, problem=unreadable.words, now=utc_now())
        return _report(import_id)
    with unit_of_work():
        wrong = queries.rows_with_errors(import_id)
    for texts in in_batches(view.cells(wrong)):
        with unit_of_work():
            actions.show_cells(import_id=import_id, cells=texts)
    with unit_of_work():
        actions.finish_reading(
            question_import=_the_import(import_id), layout=staging.summary(), now=utc_now()
        )
    return _report(import_id)


def _report(import_id: int) -> dict[str, Any]:
    """The report page of a reading job leads on to the preview."""
    with unit_of_work():
        found = _the_import(import_id)
        counts = queries.row_counts(import_id)
        return {
            "title": found.file_name,
            "lines": [
                found.problem
                or ngettext("%(num)s row can be used", "%(num)s rows can be used", counts.usable),
                ngettext("%(num)s row has errors", "%(num)s rows have errors", counts.errors),
                ngettext("%(num)s duplicate", "%(num)s duplicates", counts.duplicates),
            ],
            "next": f"/banks/{found.bank.slug}/imports/{found.public_id}",
            "next_label": _("See the preview"),
        }


@jobs.task("question_bank.accept_import")
def accept_import(run: jobs.JobRun) -> dict[str, Any] | None:
    """Take many chosen rows into the bank, in one unit of work."""
    with force_locale(run.payload.get("language", "vi")), unit_of_work():
        found = _the_import(run.payload["import"])
        slug = found.bank.slug
        if found.state is ImportState.TAKEN:
            return {"next": f"/banks/{slug}"}
        report = actions.accept_import(
            bank=found.bank,
            question_import=found,
            approve=bool(run.payload.get("approve")),
            actor=None,
            owner_id=run.owner_id,
            now=run.now,
        )
        words = _(
            "Accepted: %(created)s new questions, %(revised)s changed, %(unchanged)s as before.",
            **report,
        )
        return {"title": found.file_name, "lines": [words], "next": f"/banks/{slug}"}


@jobs.task("question_bank.change_many")
def change_many(run: jobs.JobRun) -> dict[str, Any] | None:
    """Change many questions, or undo it, in short units with progress."""
    with force_locale(run.payload.get("language", "vi")):
        return _change_many(run)


def _change_many(run: jobs.JobRun) -> dict[str, Any] | None:
    undo: bool = run.payload["undo"]
    work = actions.undo_batch if undo else actions.change_batch
    done, last = 0, 0
    while True:
        with unit_of_work():
            change = queries.bulk_change_by_id(run.payload["change"])
            actor = None if run.owner_id is None else actor_now(run.owner_id)
            if change is None or actor is None:
                raise NotFound
            if change.state not in (BulkState.RUNNING, BulkState.UNDOING):
                return {"next": f"/banks/{change.bank.slug}/changes/{change.public_id}"}
            ids = queries.bulk_ids(change.id, last, actions.BATCH)
            if not ids:
                actions.end_bulk(change=change, undo=undo, actor=actor, now=utc_now())
                return _change_report(change, undo=undo)
            work(change=change, ids=ids, actor=actor, now=utc_now())
            total = change.questions
        done, last = done + len(ids), ids[-1]
        run.progress(done, total)


def _change_report(change: BulkChange, *, undo: bool) -> dict[str, Any]:
    changed = change.changed - change.kept if undo else change.changed
    return {
        "title": _("Changing many questions"),
        "lines": [ngettext("%(num)s question changed.", "%(num)s questions changed.", changed)],
        "next": f"/banks/{change.bank.slug}/changes/{change.public_id}",
        "next_label": _("See what changed"),
    }


@jobs.task("question_bank.find_duplicates")
def find_duplicates(run: jobs.JobRun) -> dict[str, Any] | None:
    """Look for questions of a bank that say the same."""
    with force_locale(run.payload.get("language", "vi")):
        with unit_of_work():
            bank = queries.bank_by_id(run.payload["bank"])
            if bank is None:
                raise NotFound
            texts = list(queries.texts_to_compare(bank.id))
        run.progress(1, 3)
        found = alike(texts)
        run.progress(2, 3)
        with unit_of_work():
            bank = queries.bank_by_id(run.payload["bank"])
            if bank is None:
                raise NotFound
            waiting = actions.keep_pairs(bank=bank, found=found, now=utc_now())
            return {
                "title": bank.name,
                "lines": [
                    ngettext(
                        "%(num)s pair waits for a decision",
                        "%(num)s pairs wait for a decision",
                        waiting,
                    )
                ],
                "next": f"/banks/{bank.slug}/duplicates",
                "next_label": _("See the pairs"),
            }


def import_questions_command(
    path: Path,
    bank_slug: str | None,
    fmt: str = "auto",
    *,
    dry_run: bool = False,
    flags: bool = False,
) -> tuple[dict[str, Any], int]:
    """Import a file into a bank, or only read it (then no bank is needed).

    Good rows are taken as drafts, rows with errors are reported. Returns the report as it is
    printed, and the exit code: 0 all rows good, 1 some not, 2 nothing could be read (or no such
    bank or file). With `flags` the report has under this name what rejects no row but should be
    seen: an unknown difficulty, a duplicate, how a key was understood.
    """
    try:
        content = _content(path)
    except OSError:
        words = (
            _("This is a folder. Name a file in it.")
            if path.is_dir()
            else _("There is no such file, or it may not be read.")
        )
        return _unread(fmt, words), UNREADABLE
    except UnreadableFile as unreadable:
        return _unread(fmt, unreadable.words), UNREADABLE
    try:
        file_format = find_format(content, fmt)
        items = list(file_format.read(content))
    except UnreadableFile as unreadable:
        return _unread(fmt, unreadable.words), UNREADABLE
    except KeyError:
        return _unread(fmt, _("There is no such format.")), UNREADABLE
    report = collect(file_format.code, items)
    if not dry_run:
        with unit_of_work():
            bank = queries.bank_named(bank_slug or "")
        if bank is None:
            return _unread(fmt, _("There is no bank with this slug.")), UNREADABLE
        _take(bank, nfc(path.name), content, file_format, items)
    document = report.as_json()
    if flags:
        document["flags"] = [said.as_json() for said in report.flags if said.level == "flag"]
    return document, SOME_BAD if report.rejected else ALL_GOOD


def _content(path: Path) -> bytes:
    """Read a file that is not too large. Raises UnreadableFile, OSError."""
    if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
        raise too_large()
    return path.read_bytes()


def export_questions_command(bank_slug: str, fmt: str, target: Path) -> tuple[dict[str, Any], int]:
    """Write a bank into a file. Returns what was written and left out, and the exit code.

    0 when every question was written, 1 when the format cannot say some of them, 2 when there is
    no such bank or format, or the file cannot be written.
    """
    found = EXPORTS.get(fmt)
    if found is None:
        return {"error": _("There is no such format.")}, UNREADABLE
    with unit_of_work():
        bank = queries.bank_named(bank_slug)
        if bank is None:
            return {"error": _("There is no bank with this slug.")}, UNREADABLE
        questions = list(queries.export_questions(bank.id))
    written = [each for each in questions if each.kind in found.kinds]
    try:
        target.write_bytes(found.write(written))
    except OSError as problem:
        return {"error": problem.strerror or str(problem)}, UNREADABLE
    left = len(questions) - len(written)
    report = {"format": fmt, "written": len(written), "left_out": left, "file": str(target)}
    return report, SOME_BAD if left else ALL_GOOD


def _take(
    bank: Bank, name: str, content: bytes, file_format: FileFormat, items: list[Item]
) -> None:
    """Stage in short units, then take everything that is good in one."""
    now = utc_now()
    with unit_of_work():
        import_id = actions.begin_import(
            bank=bank,
            file_name=name,
            content=content,
            file_format=file_format,
            actor=None,
            now=now,
        ).id
    for batch in in_batches(Staging().rows(items)):
        with unit_of_work():
            actions.stage_batch(import_id=import_id, rows=batch)
    with unit_of_work():
        found = _the_import(import_id)
        actions.finish_reading(question_import=found, layout={}, now=now)
        actions.choose_duplicates(question_import=found, chosen=True)
        if found.accepted:
            actions.accept_import(bank=found.bank, question_import=found, actor=None, now=now)


def _unread(fmt: str, words: str) -> dict[str, Any]:
    error = {"line": 0, "column": None, "message": words}
    return {
        "format": fmt,
        "accepted": 0,
        "rejected": 0,
        "skipped": 0,
        "questions": [],
        "errors": [error],
    }
