"""The honour roll: public pages, share picture and sheet; profiles for those who keep it."""

from collections.abc import Mapping
from typing import Final

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import unit_by_public_id
from contest.awards.actions.honours import (
    ProfileValues,
    edit_profile,
    open_profile,
    publish_profile,
    set_portrait,
)
from contest.awards.forms.honours import ProfileForm, RollUnitForm
from contest.awards.models import Commendation, HonourProfile, Level
from contest.awards.queries.commendations import seen_commendation
from contest.awards.queries.honours import (
    RollFilter,
    entry_of,
    essays_about,
    has_consent,
    honours_of,
    kept_profile,
    published_profile,
    roll_choices,
    roll_page,
)
from contest.awards.refusals import WrongCommendation
from contest.awards.rules.honours import shows_portrait
from contest.awards.rules.words import FORM_NAMES, LEVEL_NAMES
from contest.awards.views.base import blueprint
from contest.core.access import Permission, current_actor, public, requires
from contest.core.clock import request_day, request_now
from contest.core.documents import PDF, compile_pdf, printer
from contest.core.errors import InvalidInput, NotFound
from contest.core.files import download, read_file
from contest.core.i18n import format_date, language
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.core.pictures import read_picture

_INVALID: Final = 422
_MOST_BYTES: Final = 10_000_000
_PAGE: Final = "/honour-roll"
_DESK: Final = "/organise/honours"


@blueprint.get(_PAGE)
@public
def honour_roll() -> ResponseReturnValue:
    """Everybody on the roll, with search and filters."""
    year = request.args.get("year", "")
    form = RollUnitForm(formdata=request.args)
    chosen = form.unit.data if form.validate() else ""
    unit = unit_by_public_id(chosen) if chosen else None
    level = request.args.get("level", "")
    wanted = RollFilter(
        text=request.args.get("q", "")[:200],
        level=level if level in {each.value for each in Level} else "",
        year=int(year) if year.isdecimal() and len(year) == 4 else None,  # noqa: PLR2004
        theme=request.args.get("theme", "")[:120],
        unit_id=None if unit is None else unit.id,
    )
    page = roll_page(wanted, page=page_number(request.args.get("page")))
    years, themes = roll_choices()
    return render_template(
        "awards/honour_roll.html",
        page=page,
        wanted=wanted,
        form=form,
        unit=unit,
        years=years,
        themes=themes,
    )


def _published(public_id: str) -> HonourProfile:
    found = published_profile(public_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get(f"{_PAGE}/<profile_id>")
@public
def honour(profile_id: str) -> ResponseReturnValue:
    """Somebody on the roll: portrait, story, commendations, essays about them."""
    profile = _published(profile_id)
    entry = entry_of(profile, has_consent=has_consent(profile))
    today = request_day()
    return render_template(
        "awards/honour.html",
        entry=entry,
        story=profile.story if entry.is_open else "",
        honours=honours_of(profile.id),
        essays=essays_about(profile.subject_id, today) if entry.is_open else [],
    )


@blueprint.get(f"{_PAGE}/<profile_id>/portrait")
@public
def portrait(profile_id: str) -> ResponseReturnValue:
    """The portrait, where the person agreed to it."""
    profile = _published(profile_id)
    if not shows_portrait(profile, has_consent=has_consent(profile)):
        raise NotFound
    return _portrait(profile)


def _portrait(profile: HonourProfile) -> Response:
    stored = profile.portrait
    if stored is None:
        raise NotFound
    return download(read_file(stored.id), name=stored.original_name, media_type=stored.media_type)


def _pictures(profile: HonourProfile) -> dict[str, bytes]:
    """The portrait by its file name, where the public may see it."""
    stored = profile.portrait
    if stored is None or not shows_portrait(profile, has_consent=has_consent(profile)):
        return {}
    return {stored.original_name: read_file(stored.id)}


def _document(profile: HonourProfile, pictures: Mapping[str, bytes]) -> dict[str, object]:
    """What the share picture and the sheet say: no more than the public page."""
    entry = entry_of(profile, has_consent=has_consent(profile))
    honours = honours_of(profile.id)
    return {
        "lang": language(),
        "title": entry.name,
        "name": entry.name,
        "unit": entry.unit_name,
        "summary": entry.summary,
        "story": profile.story if entry.is_open else "",
        "roll": _("Honour roll"),
        "portrait": next(iter(pictures), ""),
        "portrait-text": entry.portrait_text,
        "honours": [_honour_words(each) for each in honours],
    }


def _honour_words(row: Commendation) -> str:
    return _(
        "%(form)s, %(level)s, decision %(number)s of %(day)s",
        form=FORM_NAMES[row.form],
        level=LEVEL_NAMES[row.level],
        number=row.decision_number,
        day=format_date(row.decided_on),
    )


@blueprint.get(f"{_PAGE}/<profile_id>/share.png")
@public
def honour_picture(profile_id: str) -> ResponseReturnValue:
    """A picture to share, 1200 × 630."""
    profile = _published(profile_id)
    instance = current_app.extensions["settings"].instance
    pictures = _pictures(profile)
    with printer("awards/honour-card", instance=instance, pictures=pictures) as open_printer:
        content = open_printer.picture(_document(profile, pictures), points_per_inch=72)
    return download(content, name="guong-sang.png", media_type="image/png")


@blueprint.get(f"{_PAGE}/<profile_id>/sheet.pdf")
@public
def honour_sheet(profile_id: str) -> ResponseReturnValue:
    """A sheet to print and hang up."""
    profile = _published(profile_id)
    pictures = _pictures(profile)
    document = _document(profile, pictures)
    content = compile_pdf(
        "awards/honour-sheet",
        document,
        instance=current_app.extensions["settings"].instance,
        pictures=pictures,
    )
    return download(content, name=f"{document['name']}.pdf", media_type=PDF)


@blueprint.post("/organise/commendations/<commendation_id>/honour")
@requires(Permission.MANAGE_REGISTERS)
def open_honour(commendation_id: str) -> ResponseReturnValue:
    """Begin the profile of a recipient, or go to the one there is."""
    actor = current_actor()
    row = seen_commendation(actor, commendation_id)
    if row is None or not actor.may(Permission.MANAGE_REGISTERS, row.register_unit.scope.path):
        raise NotFound
    try:
        profile = open_profile(commendation=row, actor=actor, now=request_now())
    except WrongCommendation as refused:
        flash(refused.words, "error")
        return redirect(url_for("awards.commendation", commendation_id=commendation_id))
    return redirect(url_for("awards.edit_honour", profile_id=profile.public_id))


def _kept(public_id: str) -> HonourProfile:
    found = kept_profile(current_actor(), public_id)
    if found is None:
        raise NotFound
    return found


@blueprint.route(f"{_DESK}/<profile_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def edit_honour(profile_id: str) -> ResponseReturnValue:
    """Tell the story, note consents, add the portrait."""
    profile = _kept(profile_id)
    form = ProfileForm(
        summary=profile.summary,
        story=profile.story,
        theme=profile.theme,
        portrait_text=profile.portrait_text,
        name_agreed=profile.name_agreed_at is not None,
        photo_agreed=profile.photo_agreed_at is not None,
        is_minor=profile.is_minor,
        guardian_agreed=profile.guardian_agreed_at is not None,
    )
    if form.validate_on_submit() and _keep(profile, form):
        flash(_("The profile is kept."), "success")
        return redirect(url_for("awards.edit_honour", profile_id=profile_id))
    page = render_template(
        "awards/honour_form.html",
        form=form,
        profile=profile,
        entry=entry_of(profile, has_consent=has_consent(profile)),
        honours=honours_of(profile.id),
    )
    return page, _INVALID if form.is_refused else 200


def _keep(profile: HonourProfile, form: ProfileForm) -> bool:
    actor, now = current_actor(), request_now()
    sent = form.portrait.data
    if sent:
        content = sent.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            abort(413)
        try:
            picture = read_picture(content)
        except InvalidInput as bad:
            form.portrait.errors = [bad.words]
            return False
        set_portrait(profile=profile, picture=picture, actor=actor, now=now)
    values = ProfileValues(
        summary=form.summary.data,
        story=form.story.data,
        theme=form.theme.data,
        portrait_text=form.portrait_text.data,
        is_minor=bool(form.is_minor.data),
        name_agreed=bool(form.name_agreed.data),
        photo_agreed=bool(form.photo_agreed.data),
        guardian_agreed=bool(form.guardian_agreed.data),
    )
    edit_profile(profile=profile, values=values, actor=actor, now=now)
    return True


@blueprint.get(f"{_DESK}/<profile_id>/portrait")
@requires(Permission.MANAGE_REGISTERS)
def kept_portrait(profile_id: str) -> ResponseReturnValue:
    """The portrait for those who keep the roll."""
    return _portrait(_kept(profile_id))


@blueprint.post(f"{_DESK}/<profile_id>/publish")
@requires(Permission.MANAGE_REGISTERS)
def publish_honour(profile_id: str) -> ResponseReturnValue:
    """Put a profile on the public roll, or take it off."""
    profile = _kept(profile_id)
    published = request.form.get("published") == "1"
    publish_profile(profile=profile, published=published, actor=current_actor(), now=request_now())
    flash(_("It stands on the honour roll.") if published else _("It is off the honour roll."))
    return redirect(url_for("awards.edit_honour", profile_id=profile_id))
