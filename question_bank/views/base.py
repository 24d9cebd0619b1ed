"""The blueprint of the room, and how a view finds its bank or question (404 when not theirs)."""

from typing import Any

from flask import Blueprint, render_template, url_for

from contest.core import navigation
from contest.core.access import Actor, Permission, current_actor
from contest.core.errors import NotFound
from contest.core.i18n import lazy_gettext as _l
from question_bank import queries
from question_bank.media import without_media
from question_bank.models import Bank, Question
from question_bank.rules import DIFFICULTY_LABELS, STATE_LABELS
from question_bank.shown import in_words, lines_with_media, with_media

blueprint = Blueprint("question_bank", __name__, url_prefix="/banks")
# Texts of questions stand on pages of several rooms: `{{ question.stem | with_media(media, at) }}`.
blueprint.add_app_template_filter(with_media)
blueprint.add_app_template_filter(lines_with_media)
blueprint.add_app_template_filter(in_words)
blueprint.add_app_template_filter(without_media)


def sees_banks(actor: Actor | None, context: Any) -> bool:
    """Is the entry of the side bar shown to this person?"""
    del context
    return actor is not None and actor.may_somewhere(Permission.SEE_BANK)


navigation.register(
    navigation.NavItem(
        area="desk",
        label=_l("Question banks"),
        endpoint="question_bank.bank_list",
        icon="book",
        order=30,
        visible=sees_banks,
        active=("question_bank.",),
    )
)


def the_bank(slug: str, permission: Permission = Permission.SEE_BANK) -> Bank:
    """Return the bank of an address when the actor holds the permission on it, else 404."""
    bank = queries.bank_by_slug(current_actor(), slug, permission)
    if bank is None:
        raise NotFound
    return bank


def the_question(bank: Bank, public_id: str) -> Question:
    """Return a question of a bank that was found for the actor, else 404."""
    question = queries.question_in(bank.id, public_id)
    if question is None:
        raise NotFound
    return question


def media_address(bank: Bank) -> str:
    """Return the address under which the media of a bank are fetched, ending in a slash."""
    return url_for("question_bank.medium", slug=bank.slug, ref="x").removesuffix("x")


def page(template: str, bank: Bank | None = None, **values: Any) -> str:
    """Show a template of this room with the words and rights that all of them use."""
    actor = current_actor()
    rights = None if bank is None else queries.rights_on(actor, bank)

    def may(name: str) -> bool:
        permission = Permission(name)
        return actor.may_somewhere(permission) if rights is None else permission in rights

    return render_template(
        f"question_bank/{template}",
        bank=bank,
        may=may,
        state_labels=STATE_LABELS,
        difficulty_labels=DIFFICULTY_LABELS,
        media_at="" if bank is None else media_address(bank),
        **values,
    )
