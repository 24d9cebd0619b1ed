"""Opening and changing banks and their topics."""

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import update

from contest.accounts.models import Person, Scope, ScopeKind
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.core.vietnamese import fold, given_name, one_line, text_sort_key
from question_bank import queries
from question_bank.models import Bank, Question, Topic
from question_bank.organising import OwnsAlready
from question_bank.rules import RESERVED_SLUGS, TopicCircle, TopicInUse, TopicTaken, slug_from
from question_bank.topic_uses import topic_uses


def create_bank(
    *,
    name: str,
    unit_id: int,
    unit_scope: Scope,
    two_person_review: bool = False,
    slug: str = "",
    actor: Actor | None,
    now: datetime,
) -> Bank:
    """Open a bank for a unit, with a scope of its own below the unit's.

    ``slug`` is made from the name when empty; a number is added when it is taken.
    """
    scope = Scope(kind=ScopeKind.BANK, parent_id=unit_scope.id, path="")
    db.session.add(scope)
    db.session.flush()
    scope.path = f"{unit_scope.path}{scope.id}/"
    title = one_line(name)
    bank = Bank(
        slug=_free_slug(slug or slug_from(title) or "bank"),
        name=title,
        name_folded=fold(title),
        unit_id=unit_id,
        scope_id=scope.id,
        two_person_review=two_person_review,
        owner_id=None if actor is None else actor.person_id,
        created_at=now,
    )
    db.session.add(bank)
    db.session.flush()
    audit.record(
        "question_bank.bank_created",
        actor=actor,
        now=now,
        subject=("bank", bank.id),
        scope_id=scope.id,
        data={"slug": bank.slug, "name": bank.name},
    )
    return bank


def _free_slug(wanted: str) -> str:
    slug, number = wanted, 2
    while slug in RESERVED_SLUGS or queries.slug_taken(slug):
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def change_bank(
    *,
    bank: Bank,
    name: str,
    two_person_review: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a bank's name and whether two people review.

    The slug stays, links keep working.
    """
    before = {"name": bank.name, "two_person_review": bank.two_person_review}
    bank.name = one_line(name)
    bank.name_folded = fold(bank.name)
    bank.two_person_review = two_person_review
    audit.record(
        "question_bank.bank_changed",
        actor=actor,
        now=now,
        subject=("bank", bank.id),
        scope_id=bank.scope_id,
        data={
            "before": before,
            "after": {"name": bank.name, "two_person_review": two_person_review},
        },
    )


def hand_over_bank(*, bank: Bank, to: Person, reason: str, actor: Actor, now: datetime) -> None:
    """Make another person answer for a bank; what people may do in it does not change.

    ``reason`` may be empty. The new owner gets a letter, unless it is the actor. Raises
    ``OwnsAlready``.
    """
    if bank.owner_id == to.id:
        raise OwnsAlready
    audit.record(
        queries.OWNER_CHANGED,
        actor=actor,
        now=now,
        subject=("bank", bank.id),
        scope_id=bank.scope_id,
        data={"before": bank.owner_id, "after": to.id},
        personal={"reason": reason} if reason else None,
    )
    bank.owner_id = to.id
    db.session.flush()
    if to.email and to.id != actor.person_id:
        with force_locale(to.locale):
            lines = [
                _("Hello %(name)s,", name=given_name(to.full_name)),
                _(
                    "%(actor)s asks you to answer for the question bank “%(bank)s” from now on.",
                    actor=actor.full_name,
                    bank=bank.name,
                ),
                *([reason] if reason else []),
                _("Gương Sáng"),
            ]
            subject = _("You answer for the question bank “%(bank)s”", bank=bank.name)
            send_mail(to=to.email, subject=subject, body="\n\n".join(lines) + "\n", now=now)


def create_topic(
    *, bank: Bank, name: str, parent_id: int | None, actor: Actor | None, now: datetime
) -> Topic:
    """Add a topic to a bank. Raises ``TopicTaken`` when its place holds one of that name."""
    title = one_line(name)
    if queries.topic_named(bank.id, parent_id, fold(title)) is not None:
        raise TopicTaken
    topic = _new_topic(bank.id, parent_id, title)
    audit.record(
        "question_bank.topic_created",
        actor=actor,
        now=now,
        subject=("topic", topic.id),
        scope_id=bank.scope_id,
        data={"name": title, "parent": parent_id},
    )
    return topic


def _new_topic(bank_id: int, parent_id: int | None, title: str) -> Topic:
    topic = Topic(
        bank_id=bank_id,
        parent_id=parent_id,
        name=title,
        name_folded=fold(title),
        sort_key=text_sort_key(title),
    )
    db.session.add(topic)
    db.session.flush()
    return topic


def ensure_topic(*, bank: Bank, path: tuple[str, ...]) -> Topic | None:
    """Return the topic at a path of names, making what is missing; None for an empty path."""
    topic: Topic | None = None
    for name in path:
        parent_id = None if topic is None else topic.id
        known = queries.topic_named(bank.id, parent_id, fold(name))
        topic = known if known is not None else _new_topic(bank.id, parent_id, name)
    return topic


def change_topic(
    *,
    bank: Bank,
    topic: Topic,
    name: str,
    parent_id: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Rename or move a topic. Raises ``TopicTaken`` or ``TopicCircle``."""
    title = one_line(name)
    if parent_id is not None and parent_id in queries.branch_of(bank.id, topic.id):
        raise TopicCircle
    there = queries.topic_named(bank.id, parent_id, fold(title))
    if there is not None and there.id != topic.id:
        raise TopicTaken
    before = {"name": topic.name, "parent": topic.parent_id}
    topic.name, topic.name_folded = title, fold(title)
    topic.sort_key = text_sort_key(title)
    topic.parent_id = parent_id
    audit.record(
        "question_bank.topic_changed",
        actor=actor,
        now=now,
        subject=("topic", topic.id),
        scope_id=bank.scope_id,
        data={"before": before, "after": {"name": title, "parent": parent_id}},
    )


def merge_topic(*, bank: Bank, topic: Topic, into: Topic, actor: Actor, now: datetime) -> None:
    """Move what a topic holds into another one and delete it; papers that take it take the other.

    Topics below it come along; one of a name that is there already is merged with it. Raises
    ``TopicCircle`` when the other is the topic itself or stands below it.
    """
    if into.id in queries.branch_of(bank.id, topic.id):
        raise TopicCircle
    for child in queries.topics_below(topic.id):
        twin = queries.topic_named(bank.id, into.id, child.name_folded)
        if twin is None:
            child.parent_id = into.id
            db.session.flush()
        else:
            merge_topic(bank=bank, topic=child, into=twin, actor=actor, now=now)
    db.session.execute(
        update(Question).where(Question.topic_id == topic.id).values(topic_id=into.id)
    )
    for use in topic_uses():
        use.move(topic.id, into.id)
    delete_topic(bank=bank, topic=topic, actor=actor, now=now)


def delete_topic(*, bank: Bank, topic: Topic, actor: Actor, now: datetime) -> None:
    """Delete an empty topic. Raises ``TopicInUse`` when questions or topics hang on it."""
    if queries.topic_is_used(topic.id) or any(use.papers([topic.id]) for use in topic_uses()):
        raise TopicInUse
    audit.record(
        "question_bank.topic_deleted",
        actor=actor,
        now=now,
        subject=("topic", topic.id),
        scope_id=bank.scope_id,
        data={"name": topic.name},
    )
    db.session.delete(topic)
    db.session.flush()
