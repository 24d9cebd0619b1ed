"""Certificates of a contest: designs, preview, issuing, files, revocation; one's own."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import unit_path
from contest.awards.actions.annulled_rounds import revoke_of_round, revoked_in_words
from contest.awards.actions.certificates import (
    issue_certificates,
    revoke_certificate,
    save_design,
)
from contest.awards.certificate_papers import look_of, plain_sheet, press, sheet_of
from contest.awards.forms.certificates import KIND_NAMES, DesignForm, RevokeCertificateForm
from contest.awards.models import Certificate, CertificateDesign, CertificateKind
from contest.awards.queries import certificates as queries
from contest.awards.rules.certificates import LONGEST_NAME, filled, longest, state_of
from contest.awards.views.base import blueprint
from contest.contests.models import Contest
from contest.contests.organised import organised_contest, organised_round
from contest.contests.rules import ranked_rounds
from contest.core import audit
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_day, request_now
from contest.core.documents import PDF
from contest.core.errors import BadFile, NotFound
from contest.core.files import download, read_file
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.paging import page_number
from contest.results.models import Over, number_of
from contest.results.rules.participation import path_parts
from contest.results.rules.words import in_sentence, title_of

_BASE = "/organise/contests/<slug>/certificates"
_KINDS = "<any(prize,participation,honour):kind>"


def _contest(slug: str) -> Contest:
    return organised_contest(slug, Permission.MANAGE_CONTEST)


def _kind(name: str) -> CertificateKind:
    found = next((one for one in CertificateKind if one.value == name), None)
    if found is None:
        raise NotFound
    return found


def _address() -> str:
    return f"{current_app.extensions['settings'].public_url}/verify/"


@blueprint.get(_BASE)
@requires(Permission.MANAGE_CONTEST)
def certificates(slug: str) -> ResponseReturnValue:
    """Designs, what was issued, and every certificate with its state."""
    contest = _contest(slug)
    words = request.args.get("q", "")[:100].strip()
    published = [
        one for one in ranked_rounds(contest.rounds) if queries.publication_of(one) is not None
    ]
    overs: list[Over] = [*published, contest]
    return render_template(
        "awards/certificates.html",
        contest=contest,
        designs=queries.designs_of(contest.id),
        kinds=KIND_NAMES,
        rounds=published,
        without_ground=[one for over in overs for one in queries.without_ground(over)],
        stand={one.id: sum(queries.in_force_of_round(one.id).values()) for one in published},
        with_totals=queries.publication_of(contest) is not None,
        title_of=title_of,
        batches=queries.batches(contest.id),
        page=queries.certificate_page(
            contest, words=words, page=page_number(request.args.get("page"))
        ),
        words=words,
        state_of=state_of,
    )


def _issuer(contest: Contest) -> tuple[str, str]:
    names = path_parts(unit_path(contest.unit).names)
    return (names[0] if names else ""), "Ban Tổ chức cuộc thi"


def _show_design(contest: Contest, kind: CertificateKind, form: DesignForm) -> str:
    return render_template(
        "awards/certificate_design.html",
        contest=contest,
        kind=kind,
        kinds=KIND_NAMES,
        design=queries.designs_of(contest.id).get(kind),
        form=form,
    )


@blueprint.get(f"{_BASE}/{_KINDS}")
@requires(Permission.MANAGE_CONTEST)
def certificate_design(slug: str, kind: str) -> ResponseReturnValue:
    """The design of a kind, with its preview once it is saved."""
    contest, of = _contest(slug), _kind(kind)
    form = DesignForm()
    form.fill(of, queries.designs_of(contest.id).get(of), _issuer(contest))
    return _show_design(contest, of, form)


@blueprint.post(f"{_BASE}/{_KINDS}")
@requires(Permission.MANAGE_CONTEST)
def save_certificate_design(slug: str, kind: str) -> ResponseReturnValue:
    """Keep a design; certificates that were issued stay as they are."""
    contest, of = _contest(slug), _kind(kind)
    form = DesignForm()
    if not form.validate_on_submit():
        return _show_design(contest, of, form), 422
    pictures: dict[str, Any] = {}
    for name in ("logo", "signature"):
        try:
            pictures[name] = form.picture(name)
        except BadFile as refused:
            form[name].errors = [refused.words]
            return _show_design(contest, of, form), 422
    save_design(
        contest=contest,
        kind=of,
        values=form.values(),
        **pictures,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The design is saved. Look at the preview."), "success")
    return redirect(url_for("awards.certificate_design", slug=slug, kind=kind))


def _design(contest: Contest, kind: str) -> CertificateDesign:
    found = queries.designs_of(contest.id).get(_kind(kind))
    if found is None:
        raise NotFound
    return found


def _samples(contest: Contest, design: CertificateDesign) -> list[dict[str, str]]:
    """Sheets with the longest names there are, and one as long as a name may be."""
    facts = {"contest": contest.title, "prize": "giải Nhất", "round": "", "division": ""}
    people = []
    for round in ranked_rounds(contest.rounds):
        facts["round"] = in_sentence(round.title)
        publication = queries.publication_of(round)
        if publication is not None:
            people += list(longest(queries.recipients(publication, design.kind)))
    told = [(one.full_name, one.unit_name, one.facts) for one in longest(people)]
    told.append((LONGEST_NAME, _issuer(contest)[0], facts))
    return [
        plain_sheet(
            name=name,
            unit=unit,
            words=filled(design.words, facts | dict(own)),
            serial="0000/00000",
            code="XXXXXXXXXXXX",
            decision="",
            place=design.place,
            day=request_day(),
            address=_address(),
        )
        for name, unit, own in told
    ]


@blueprint.get(f"{_BASE}/{_KINDS}/preview.<any(png,pdf):form>")
@requires(Permission.MANAGE_CONTEST)
def certificate_preview(slug: str, kind: str, form: str) -> ResponseReturnValue:
    """A design with the longest names: one sheet as a picture, or all of them as PDF."""
    contest = _contest(slug)
    design = _design(contest, kind)
    samples = _samples(contest, design)
    instance = current_app.extensions["settings"].instance
    with press(look_of(design), instance=instance) as made:
        if form == "png":
            wanted = samples[-1] if request.args.get("longest") else samples[0]
            return download(made.picture(wanted), name="preview.png", media_type="image/png")
        return download(made.pdf(*samples), name=f"{slug}-{kind}-preview.pdf", media_type=PDF)


@blueprint.post("/organise/contests/<slug>/totals/certificates")
@blueprint.post("/organise/contests/<slug>/rounds/<int:number>/certificates")
@requires(Permission.MANAGE_CONTEST)
def issue(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Issue what is missing of a kind, and have it printed."""
    over: Over = (
        _contest(slug)
        if number is None
        else organised_round(slug, number, Permission.MANAGE_CONTEST)
    )
    kind = request.form.get("kind", "")
    if kind not in set(CertificateKind):
        raise NotFound
    batch = issue_certificates(
        over=over,
        kind=CertificateKind(kind),
        title=_("Certificates of %(round)s", round=title_of(over)),
        address=lambda batch_id: url_for("awards.certificates", slug=slug, _anchor=batch_id),
        actor=current_actor(),
        now=request_now(),
    )
    flash(
        ngettext(
            "%(num)s certificate is issued and being printed.",
            "%(num)s certificates are issued and being printed.",
            batch.count,
        ),
        "success",
    )
    return redirect(url_for("core.job", job_id=batch.job_public_id))


@blueprint.get(f"{_BASE}/batches/<batch_id>.<any(zip,pdf):form>")
@requires(Permission.MANAGE_CONTEST)
def certificate_files(slug: str, batch_id: str, form: str) -> ResponseReturnValue:
    """The files of a batch: one PDF each, or one for print."""
    contest = _contest(slug)
    batch = queries.batch_of(contest, batch_id)
    file_id = (
        None if batch is None else {"zip": batch.zip_file_id, "pdf": batch.print_file_id}[form]
    )
    if batch is None or file_id is None:
        raise NotFound
    audit.record(
        "awards.certificates_downloaded",
        actor=current_actor(),
        now=request_now(),
        subject=("certificate_batch", batch.id),
        scope_id=contest.scope_id,
        data={"form": form},
    )
    kind = PDF if form == "pdf" else "application/zip"
    name = f"{slug}-{number_of(batch.over) or 'totals'}-{batch.kind.value}.{form}"
    return download(read_file(file_id), name=name, media_type=kind)


def _certificate(slug: str, certificate_id: str) -> Certificate:
    found = queries.certificate_in(_contest(slug), certificate_id)
    if found is None:
        raise NotFound
    return found


@blueprint.route(f"{_BASE}/issued/<certificate_id>/revocation", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def revoke_one(slug: str, certificate_id: str) -> ResponseReturnValue:
    """Take a certificate back, with a reason that everybody reads who verifies it."""
    certificate = _certificate(slug, certificate_id)
    form = RevokeCertificateForm()
    if form.validate_on_submit():
        revoke_certificate(
            certificate=certificate,
            reason=form.reason.data or "",
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The certificate is revoked. Whoever verifies it reads why."), "success")
        return redirect(url_for("awards.certificates", slug=slug))
    page = render_template(
        "awards/revoke_certificate.html",
        contest=certificate.contest,
        certificate=certificate,
        form=form,
    )
    return page, 422 if form.is_refused else 200


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/certificates/revocation",
    methods=["GET", "POST"],
)
@requires(Permission.MANAGE_CONTEST)
def revoke_all(slug: str, number: int) -> ResponseReturnValue:
    """Take back all certificates of a round that stand: how many there are, then with a reason."""
    round = organised_round(slug, number, Permission.MANAGE_CONTEST)
    form = RevokeCertificateForm()
    if form.validate_on_submit():
        count = revoke_of_round(
            round=round, reason=form.reason.data or "", actor=current_actor(), now=request_now()
        )
        flash(revoked_in_words(count), "success")
        return redirect(url_for("awards.certificates", slug=slug))
    page = render_template(
        "awards/revoke_all.html",
        contest=round.contest,
        round=round,
        stand=queries.in_force_of_round(round.id),
        kinds=KIND_NAMES,
        form=form,
    )
    return page, 422 if form.is_refused else 200


def _single(certificate: Certificate) -> ResponseReturnValue:
    look = certificate.batch.look
    instance = current_app.extensions["settings"].instance
    with press(look, instance=instance) as made:
        content = made.pdf(sheet_of(certificate, look, _address()))
    name = f"{certificate.serial.replace('/', '-')}.pdf"
    return download(content, name=name, media_type=PDF)


@blueprint.get("/my-certificates")
@signed_in
def own_certificates() -> ResponseReturnValue:
    """My certificates."""
    return render_template(
        "awards/own_certificates.html",
        certificates=queries.own_certificates(current_actor().person_id),
    )


@blueprint.get("/my-certificates/<certificate_id>.pdf")
@signed_in
def own_certificate(certificate_id: str) -> ResponseReturnValue:
    """One of my certificates as PDF."""
    mine = queries.own_certificates(current_actor().person_id)
    found = next((one for one in mine if one.public_id == certificate_id), None)
    if found is None:
        raise NotFound
    return _single(found)
