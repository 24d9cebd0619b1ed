"""People of a contest as organisers and secretaries see them."""

from collections.abc import Iterable, Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import unit_by_public_id, unit_path
from contest.accounts.rules import format_birth
from contest.contests import actions
from contest.contests.forms import DisqualifyForm, ReasonForm
from contest.contests.models import Contest, Registration
from contest.contests.organised import organised_contest
from contest.contests.queries import (
    RegistrationFilter,
    RegistrationRow,
    contest_staff,
    disqualification_in,
    disqualifications_of,
    registration_counts,
    registration_in,
    registrations_for_export,
    registrations_page,
    units_with_registrations,
)
from contest.contests.views.room import blueprint
from contest.core import audit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import LOCAL_ZONE, request_now
from contest.core.errors import NotFound
from contest.core.forms import clean_line
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.core.table_files import send_table

_UNPROCESSABLE = 422


def _wanted(contest: Contest) -> RegistrationFilter:
    """What the address asks for; what cannot be read is left out."""
    asked = request.args
    unit = unit_by_public_id(asked["unit"]) if asked.get("unit") else None
    division_id = asked.get("division", "")
    division = next((d for d in contest.divisions if d.public_id == division_id), None)
    return RegistrationFilter(
        text=clean_line(asked.get("q")),
        unit=unit,
        division=division,
        no_division=division_id == "none",
        state=asked.get("state", "live"),
        sort=asked.get("sort", "name"),
        descending=asked.get("direction") == "desc",
    )


@blueprint.get("/organise/contests/<slug>/registrations")
@requires(Permission.MANAGE_REGISTRATIONS)
def registrations(slug: str) -> ResponseReturnValue:
    """The list: search, filter, sort, page."""
    contest = organised_contest(slug, Permission.MANAGE_REGISTRATIONS)
    wanted = _wanted(contest)
    page = registrations_page(contest, wanted, page=page_number(request.args.get("page")))
    return render_template(
        "contests/registrations.html",
        contest=contest,
        page=page,
        wanted=wanted,
        counts=registration_counts(contest),
        units=units_with_registrations(contest),
        staff=contest_staff(contest) if contest.exclude_staff else set(),
    )


@blueprint.get("/organise/contests/<slug>/registrations.<any(xlsx, csv):kind>")
@requires(Permission.MANAGE_REGISTRATIONS)
def export_registrations(slug: str, kind: str) -> ResponseReturnValue:
    """The same list as a file; each export is on record, because it holds personal data."""
    contest = organised_contest(slug, Permission.MANAGE_REGISTRATIONS)
    table = [_heading(), *_lines(registrations_for_export(contest, _wanted(contest)))]
    now = request_now()
    audit.record(
        "contests.registrations_exported",
        actor=current_actor(),
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data={"kind": kind, "rows": len(table) - 1},
    )
    day = now.astimezone(LOCAL_ZONE).date().isoformat()
    name = f"{contest.slug}-{day}"
    return send_table(table, kind=kind, name=name, sheet=_("Contestants"))


def _heading() -> list[str]:
    return [
        _("Contestant code"),
        _("Full name"),
        _("Date of birth"),
        _("Unit"),
        _("Division"),
        _("Telephone"),
        _("E-mail"),
        _("Registered"),
        _("Remarks"),
    ]


def _lines(rows: Iterable[RegistrationRow]) -> Iterator[list[str]]:
    for row in rows:
        each = row.registration
        remarks = [_("withdrawn")] if each.withdrawn_at else []
        remarks += [_("disqualified")] if row.is_disqualified else []
        yield [
            each.code,
            each.full_name,
            format_birth(each.birth_date, each.birth_precision),
            each.unit_path,
            each.division.name if each.division else "",
            each.person.phone or "",
            each.person.email or "",
            format_instant(each.registered_at, weekday=False),
            ", ".join(remarks),
        ]


def _load_registration(slug: str, public_id: str) -> tuple[Contest, Registration]:
    contest = organised_contest(slug, Permission.MANAGE_REGISTRATIONS)
    found = registration_in(contest, public_id)
    if found is None:
        raise NotFound
    return contest, found


@blueprint.get("/organise/contests/<slug>/registrations/<registration_id>")
@requires(Permission.MANAGE_REGISTRATIONS)
def registration(slug: str, registration_id: str) -> ResponseReturnValue:
    """One contestant: what they told, and decisions about them."""
    contest, found = _load_registration(slug, registration_id)
    return render_template(
        "contests/registration.html",
        contest=contest,
        registration=found,
        birth=format_birth(found.birth_date, found.birth_precision),
        decisions=disqualifications_of(found),
        rounds={each.id: each for each in contest.rounds},
        now_path=unit_path(found.person.unit).names if found.person.unit else "",
    )


@blueprint.route(
    "/organise/contests/<slug>/registrations/<registration_id>/withdraw", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_REGISTRATIONS)
def withdraw_registration(slug: str, registration_id: str) -> ResponseReturnValue:
    """Take somebody out of the contest, with a reason."""
    contest, found = _load_registration(slug, registration_id)
    form = ReasonForm()
    if form.validate_on_submit():
        actions.withdraw(
            registration=found,
            actor=current_actor(),
            now=request_now(),
            reason=form.reason.data,
        )
        flash(_("Withdrawn."), "success")
        return redirect(url_for("contests.registrations", slug=slug))
    page = render_template("contests/withdraw.html", contest=contest, registration=found, form=form)
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route(
    "/organise/contests/<slug>/registrations/<registration_id>/disqualify",
    methods=["GET", "POST"],
)
@requires(Permission.MANAGE_CONTEST)
def disqualify(slug: str, registration_id: str) -> ResponseReturnValue:
    """Decide that somebody is not ranked, in a round or in the whole contest."""
    contest = organised_contest(slug)
    found = registration_in(contest, registration_id)
    if found is None:
        raise NotFound
    form = DisqualifyForm()
    ranked = [each for each in contest.rounds if not each.is_practice]
    form.round.choices = [("", _("The whole contest"))]
    form.round.choices += [(str(each.number), each.title) for each in ranked]
    if form.validate_on_submit():
        chosen = next((each for each in ranked if str(each.number) == form.round.data), None)
        actions.disqualify(
            entry=actions.entry_for(registration=found),
            round=chosen,
            reason=form.reason.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Decided. It takes effect in the next ranking."), "success")
        return redirect(_page_of(slug, found))
    page = render_template(
        "contests/disqualify.html", contest=contest, registration=found, form=form
    )
    return page, _UNPROCESSABLE if form.errors else 200


@blueprint.route(
    "/organise/contests/<slug>/disqualifications/<decision_id>/lift", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_CONTEST)
def lift_disqualification(slug: str, decision_id: str) -> ResponseReturnValue:
    """Take a disqualification back."""
    contest = organised_contest(slug)
    decision = disqualification_in(contest, decision_id)
    if decision is None:
        raise NotFound
    form = ReasonForm()
    found = decision.entry.registration
    if form.validate_on_submit():
        actions.lift_disqualification(
            disqualification=decision,
            reason=form.reason.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Lifted. It takes effect in the next ranking."), "success")
        return redirect(_page_of(slug, found))
    page = render_template(
        "contests/lift.html", contest=contest, registration=found, decision=decision, form=form
    )
    return page, _UNPROCESSABLE if form.errors else 200


def _page_of(slug: str, found: Registration) -> str:
    return url_for("contests.registration", slug=slug, registration_id=found.public_id)
