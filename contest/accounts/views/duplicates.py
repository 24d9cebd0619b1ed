"""Records that may be one person: side by side, merged with a preview, or told apart."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import queries
from contest.accounts.actions import duplicates as duplicate_actions
from contest.accounts.forms.fields import show_phone
from contest.accounts.models import Person
from contest.accounts.queries import duplicates as duplicate_queries
from contest.accounts.rules import format_birth
from contest.accounts.views.base import blueprint, go
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.paging import page_number


@blueprint.get("/people/duplicates")
@requires(Permission.MANAGE_PEOPLE)
def duplicates() -> ResponseReturnValue:
    """Pairs to look at."""
    page = duplicate_queries.duplicate_pairs(
        current_actor(), page=page_number(request.args.get("page"))
    )
    people = [person for pair in page.items for person in (pair.first, pair.second)]
    ids = {person.unit_id for person in people if person.unit_id is not None}
    return render_template(
        "accounts/duplicates.html",
        page=page,
        paths=queries.unit_paths(ids),
        show_phone=show_phone,
        format_birth=format_birth,
    )


def _pair(kept_id: str, merged_id: str) -> tuple[Person, Person]:
    actor = current_actor()
    kept = duplicate_queries.managed_person(actor, kept_id)
    merged = duplicate_queries.managed_person(actor, merged_id)
    if kept is None or merged is None or kept.id == merged.id:
        raise NotFound
    return kept, merged


@blueprint.route("/people/<kept_id>/merge/<merged_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def merge_records(kept_id: str, merged_id: str) -> ResponseReturnValue:
    """What would move to the record that stays; then do it."""
    actor = current_actor()
    kept, merged = _pair(kept_id, merged_id)
    if request.method == "POST":
        duplicate_actions.merge_people(kept=kept, merged=merged, actor=actor, now=request_now())
        flash(_("The two records are one now."))
        return go(url_for("accounts.person", person_id=kept.public_id))
    ids = {person.unit_id for person in (kept, merged) if person.unit_id is not None}
    return render_template(
        "accounts/merge_records.html",
        kept=kept,
        merged=merged,
        preview=duplicate_actions.preview_merge(kept=kept, merged=merged, actor=actor),
        paths=queries.unit_paths(ids),
        show_phone=show_phone,
        format_birth=format_birth,
    )


@blueprint.post("/people/<kept_id>/not-the-same/<merged_id>")
@requires(Permission.MANAGE_PEOPLE)
def not_the_same(kept_id: str, merged_id: str) -> ResponseReturnValue:
    """Two people who look alike: the pair is not proposed again."""
    one, other = _pair(kept_id, merged_id)
    duplicate_actions.say_not_duplicate(
        one=one, other=other, actor=current_actor(), now=request_now()
    )
    flash(_("Kept: these are two people."))
    return go(url_for("accounts.duplicates"))
