"""Persons written about: list, page, file; name, unit and portrait."""

from collections.abc import Iterable
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import person_by_identifier, unit_by_public_id
from contest.accounts.rules.people import read_identifier
from contest.core.access import Actor, Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import InvalidInput, NotFound, RuleBroken
from contest.core.files import download, read_file
from contest.core.i18n import format_date
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.core.pictures import read_picture
from contest.core.spreadsheets.writing import Sheet
from contest.core.table_files import send_sheets
from contest.submissions.actions.subject_records import edit_subject, set_subject_portrait
from contest.submissions.forms.subjects import (
    CHANNEL_NAMES,
    PURPOSE_NAMES,
    SplitForm,
    SubjectConsentForm,
    SubjectForm,
)
from contest.submissions.models import Subject
from contest.submissions.queries import subjects as queries
from contest.submissions.queries.subjects import SubjectFilter
from contest.submissions.rules.subjects import CONSENT_WORDS
from contest.submissions.views.room import UNPROCESSABLE, blueprint

KEEPER: Final = Permission.MANAGE_REGISTRATIONS
BASE: Final = "/organise/subjects"
_MOST_BYTES: Final = 10_000_000
_KEPT: Final = ("q", "contest", "consent", "several", "sort")


def kept(subject_id: str, *, decides: bool = False) -> Subject:
    """A person written about of the reader's contests.

    Args:
        subject_id: of the address.
        decides: the reader wants to change the record.

    Raises:
        NotFound: there is none, or it is not theirs (to change).
    """
    actor = current_actor()
    found = queries.kept_subject(actor, subject_id)
    if found is None or (decides and not queries.may_decide(actor, found)):
        raise NotFound
    return found


def _wanted(actor: Actor) -> tuple[SubjectFilter, str]:
    contests = {slug: key for slug, key, _title in queries.essay_contests(actor)}
    consent = request.args.get("consent", "")
    sort = request.args.get("sort", "")
    return (
        SubjectFilter(
            text=request.args.get("q", "")[:200],
            contest_id=contests.get(request.args.get("contest", "")),
            consent=consent if consent in queries.CONSENT_STATES else "",
            several=request.args.get("several") == "1",
        ),
        sort if sort in queries.SORTS else queries.SORTS[0],
    )


@blueprint.get(BASE)
@requires(KEEPER)
def subjects() -> ResponseReturnValue:
    """Everybody whom essays of my contests are about."""
    actor = current_actor()
    wanted, sort = _wanted(actor)
    page = queries.subject_page(
        actor, wanted, sort=sort, page=page_number(request.args.get("page"))
    )
    return render_template(
        "submissions/subjects.html",
        page=page,
        wanted=wanted,
        sort=sort,
        honours=queries.honour_counts([row.subject.id for row in page.items]),
        contests=queries.essay_contests(actor),
        kept={key: request.args[key] for key in _KEPT if request.args.get(key)},
    )


@blueprint.get(f"{BASE}.<any(xlsx, csv):ending>")
@requires(KEEPER)
def subjects_file(ending: str) -> ResponseReturnValue:
    """The list as a file."""
    actor = current_actor()
    wanted, sort = _wanted(actor)
    rows = queries.all_subjects(actor, wanted, sort=sort)
    honours = queries.honour_counts([row.subject.id for row in rows])
    columns = [
        _("Name"), _("Unit"), _("Essays"), _("Authors"), _("Contests"), _("Honours"),
        _("Agrees to be named since"), _("Agrees to the portrait since"), _("Does not agree since"),
    ]  # fmt: skip
    lines: Iterable[list[str | int]] = (
        [
            row.subject.full_name,
            row.subject.unit_name,
            row.essays,
            row.authors,
            row.contests,
            honours[row.subject.id],
            format_date(row.subject.consented_at),
            format_date(row.subject.portrait_agreed_at),
            format_date(row.subject.withheld_at),
        ]
        for row in rows
    )
    name = str(_("Persons written about"))
    widths = [30, 36, 10, 10, 10, 10, 16, 16, 16]
    return send_sheets(
        [Sheet(name, columns, lines, widths, is_edited=True)], kind=ending, name=name
    )


@blueprint.get(f"{BASE}/<subject_id>")
@requires(KEEPER)
def subject(subject_id: str) -> ResponseReturnValue:
    """One person written about: essays, consents, honours, who else it may be, the trail."""
    found = kept(subject_id)
    if found.merged_into_id is not None:
        whole = queries.subject_by_id(found.merged_into_id)
        if whole is None:
            raise NotFound
        return redirect(url_for("submissions.subject", subject_id=whole.public_id))
    return subject_page(found)


def subject_page(
    found: Subject,
    *,
    consent_form: SubjectConsentForm | None = None,
    split_form: SplitForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a person, perhaps with a form that was refused."""
    actor = current_actor()
    page = render_template(
        "submissions/subject.html",
        subject=found,
        decides=queries.may_decide(actor, found) and found.erased_at is None,
        essays=queries.essays_about(actor, found.id),
        elsewhere=queries.essays_elsewhere(actor, found.id),
        unlinked=queries.essays_without_subject(actor, found),
        similar=queries.similar_subjects(actor, found),
        consents=queries.consents_of_subject(found.id),
        mentions=queries.mentions_of(found.id),
        trail=queries.trail_of(found.id),
        purposes=PURPOSE_NAMES,
        channels=CHANNEL_NAMES,
        wording=CONSENT_WORDS,
        consent_form=consent_form or SubjectConsentForm(),
        split_form=split_form or SplitForm(formdata=None),
    )
    return page, status


@blueprint.get(f"{BASE}/<subject_id>/portrait")
@requires(KEEPER)
def subject_portrait(subject_id: str) -> ResponseReturnValue:
    """The portrait, for those who keep the record."""
    stored = kept(subject_id).portrait
    if stored is None:
        raise NotFound
    return download(read_file(stored.id), name=stored.original_name, media_type=stored.media_type)


@blueprint.route(f"{BASE}/<subject_id>/edit", methods=["GET", "POST"])
@requires(KEEPER)
def edit_subject_page(subject_id: str) -> ResponseReturnValue:
    """Name, unit, account, portrait."""
    found = kept(subject_id, decides=True)
    form = SubjectForm()
    if not form.is_submitted():
        form.show(found)
    if form.validate_on_submit():
        try:
            _keep(found, form)
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("submissions.subject", subject_id=subject_id))
    page = render_template("submissions/subject_form.html", subject=found, form=form)
    return page, UNPROCESSABLE if form.errors else 200


def _keep(found: Subject, form: SubjectForm) -> None:
    actor, now = current_actor(), request_now()
    typed = form.contact.data
    person = person_by_identifier(read_identifier(typed)) if typed else None
    if typed and person is None:
        raise InvalidInput(_("Nobody here has this phone number or address."))
    if form.portrait.data:
        content = form.portrait.data.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            abort(413)
        set_subject_portrait(subject=found, picture=read_picture(content), actor=actor, now=now)
    elif form.remove_portrait.data:
        set_subject_portrait(subject=found, picture=None, actor=actor, now=now)
    edit_subject(
        subject=found,
        full_name=form.full_name.data,
        unit=unit_by_public_id(form.unit.data) if form.unit.data else None,
        unit_name=form.unit_name.data,
        person_id=None if person is None else person.id,
        portrait_text=form.portrait_text.data if found.portrait_id is not None else "",
        actor=actor,
        now=now,
    )
