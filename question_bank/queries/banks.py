"""Banks and their topics, tags and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from contest.accounts.models import Scope, Unit
from contest.core.access import Actor, Permission
from contest.core.db import db
from question_bank.models import (
    Bank,
    BankShare,
    Question,
    QuestionState,
    QuestionTag,
    ShareRight,
    Topic,
)
from question_bank.rules import TOPIC_SEPARATOR


@dataclass(frozen=True, slots=True)
class BankCard:
    """A bank in the list of banks, with how many questions stand where."""

    id: int
    slug: str
    name: str
    unit_name: str
    total: int
    approved: int
    waiting: int


@dataclass(frozen=True, slots=True)
class TopicNode:
    """A topic in its tree: how deep it stands, its whole path, and its own questions."""

    id: int
    public_id: str
    parent_id: int | None
    name: str
    path: str
    depth: int
    questions: int


_SHARED: Final[Mapping[Permission, tuple[ShareRight, ...]]] = {
    Permission.SEE_BANK: tuple(ShareRight),
    Permission.WRITE_QUESTIONS: (ShareRight.WRITE,),
    Permission.REVIEW_QUESTIONS: (ShareRight.REVIEW,),
}


def banks_where(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Return the condition for banks in which the actor holds a permission.

    On the bank's scope or above, or where the bank is shared with a unit or contest in which they
    hold it. The statement joins ``Scope`` as the bank's scope.
    """
    paths = actor.scopes_where(permission)
    if not paths:
        return false()
    own = or_(*(Scope.path.startswith(path, autoescape=True) for path in paths))
    rights = _SHARED.get(permission, ())
    if not rights:
        return own
    place = aliased(Scope)
    lent = (
        select(BankShare.id)
        .join(place, place.id == BankShare.scope_id)
        .where(
            BankShare.bank_id == Bank.id,
            BankShare.ended_at.is_(None),
            BankShare.right.in_(rights),
            or_(*(place.path.startswith(path, autoescape=True) for path in paths)),
        )
        .correlate(Bank)
    )
    return or_(own, lent.exists())


def rights_on(actor: Actor, bank: Bank) -> frozenset[Permission]:
    """Return what an actor may do in a bank, by their roles and by what is shared with them."""
    held = {each for each in Permission if actor.may(each, bank.scope.path)}
    if Permission.SEE_BANK in held:
        return frozenset(held)
    rows = db.session.execute(
        select(BankShare.right, Scope.path)
        .join(Scope, Scope.id == BankShare.scope_id)
        .where(BankShare.bank_id == bank.id, BankShare.ended_at.is_(None))
    ).all()
    return frozenset(held) | {
        permission
        for permission, rights in _SHARED.items()
        for row in rows
        if row.right in rights and actor.may(permission, row.path)
    }


def _visible(actor: Actor, permission: Permission) -> Select[Bank]:
    return select(Bank).join(Scope, Scope.id == Bank.scope_id).where(banks_where(actor, permission))


def banks_for(actor: Actor, permission: Permission = Permission.SEE_BANK) -> list[BankCard]:
    """Return the banks that the actor may see (or use by another permission), by name."""
    in_use = Question.state != QuestionState.RETIRED
    counts = (
        select(
            Question.bank_id.label("bank_id"),
            func.sum(case((in_use, 1), else_=0)).label("total"),
            func.sum(case((Question.state == QuestionState.APPROVED, 1), else_=0)).label(
                "approved"
            ),
            func.sum(
                case((Question.state.in_((QuestionState.DRAFT, QuestionState.CHECKED)), 1), else_=0)
            ).label("waiting"),
        )
        .group_by(Question.bank_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Bank.id,
            Bank.slug,
            Bank.name,
            Unit.name.label("unit_name"),
            func.coalesce(counts.c.total, 0).label("total"),
            func.coalesce(counts.c.approved, 0).label("approved"),
            func.coalesce(counts.c.waiting, 0).label("waiting"),
        )
        .join(Scope, Scope.id == Bank.scope_id)
        .join(Unit, Unit.id == Bank.unit_id)
        .outerjoin(counts, counts.c.bank_id == Bank.id)
        .where(banks_where(actor, permission))
        .order_by(Bank.name_folded, Bank.id)
    )
    return [
        BankCard(
            row.id,
            row.slug,
            row.name,
            row.unit_name,
            int(row.total),
            int(row.approved),
            int(row.waiting),
        )
        for row in rows
    ]


def bank_by_slug(
    actor: Actor, slug: str, permission: Permission = Permission.SEE_BANK
) -> Bank | None:
    """Return a bank that the actor may see (or use by another permission), or None."""
    statement = _visible(actor, permission).where(Bank.slug == slug)
    return db.session.scalar(statement.options(joinedload(Bank.unit)))


def bank_named(slug: str) -> Bank | None:
    """Return a bank whoever asks: for commands, never for pages."""
    return db.session.scalar(select(Bank).where(Bank.slug == slug))


def bank_by_id(bank_id: int) -> Bank | None:
    """Return a bank whoever asks: for jobs, never for pages."""
    return db.session.get(Bank, bank_id)


def slug_taken(slug: str) -> bool:
    """Is there a bank with this slug?"""
    return db.session.scalar(select(Bank.id).where(Bank.slug == slug)) is not None


def units_for_banks(actor: Actor) -> list[tuple[int, str]]:
    """Return the units for which the actor may open a bank: (id, name) in their order."""
    rows = db.session.execute(
        select(Unit.id, Unit.name)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(banks_where(actor, Permission.MANAGE_BANK), Unit.valid_to.is_(None))
        .order_by(Unit.sort_key, Unit.id)
    )
    return [(row.id, row.name) for row in rows]


def unit_scope(actor: Actor, unit_id: int) -> Scope | None:
    """Return the scope of a unit in which the actor may manage banks, or None."""
    return db.session.scalar(
        select(Scope)
        .join(Unit, Unit.scope_id == Scope.id)
        .where(Unit.id == unit_id, banks_where(actor, Permission.MANAGE_BANK))
    )


def topics(bank_id: int) -> list[TopicNode]:
    """Return the topics of a bank as a tree laid flat: parents before children, each by name."""
    counts = db.session.execute(
        select(Question.topic_id, func.count().label("questions"))
        .where(
            Question.bank_id == bank_id,
            Question.state.in_(
                (QuestionState.DRAFT, QuestionState.CHECKED, QuestionState.APPROVED)
            ),
        )
        .group_by(Question.topic_id)
    )
    return _tree(bank_id, {row.topic_id: row.questions for row in counts})


def _tree(bank_id: int, counts: Mapping[int | None, int]) -> list[TopicNode]:
    rows = db.session.execute(
        select(Topic.id, Topic.public_id, Topic.parent_id, Topic.name, Topic.sort_key).where(
            Topic.bank_id == bank_id
        )
    ).all()
    children: dict[int | None, list[int]] = {}
    by_id = {row.id: row for row in rows}
    for row in sorted(rows, key=attrgetter("sort_key", "id")):
        children.setdefault(row.parent_id, []).append(row.id)
    nodes: list[TopicNode] = []
    stack = [(topic_id, 0, "") for topic_id in reversed(children.get(None, []))]
    while stack:
        topic_id, depth, above = stack.pop()
        row = by_id[topic_id]
        path = f"{above}{TOPIC_SEPARATOR}{row.name}" if above else row.name
        nodes.append(
            TopicNode(
                topic_id,
                row.public_id,
                row.parent_id,
                row.name,
                path,
                depth,
                counts.get(topic_id, 0),
            )
        )
        stack += [(child, depth + 1, path) for child in reversed(children.get(topic_id, []))]
    return nodes


def topic_choices(bank_id: int) -> list[tuple[int, str]]:
    """Return (id, path) of every topic, for a select: ``Tiểu sử › Gia đình``."""
    return [(node.id, node.path) for node in _tree(bank_id, {})]


def topic_named_in_address(bank_id: int, public_id: str) -> Topic | None:
    """Return the topic of this bank with the id that addresses use, or None."""
    return db.session.scalar(
        select(Topic).where(Topic.public_id == public_id, Topic.bank_id == bank_id)
    )


def topic_in(bank_id: int, topic_id: int) -> Topic | None:
    """Return a topic of this bank, or None."""
    return db.session.scalar(select(Topic).where(Topic.id == topic_id, Topic.bank_id == bank_id))


def topic_named(bank_id: int, parent_id: int | None, name_folded: str) -> Topic | None:
    """Return the topic with this folded name in this place, or None."""
    place = Topic.parent_id.is_(None) if parent_id is None else Topic.parent_id == parent_id
    return db.session.scalar(
        select(Topic).where(and_(Topic.bank_id == bank_id, place, Topic.name_folded == name_folded))
    )


def topic_is_used(topic_id: int) -> bool:
    """Does the topic hold questions (retired ones too) or topics?"""
    child = aliased(Topic)
    held = select(Question.id).where(Question.topic_id == topic_id).limit(1)
    below = select(child.id).where(child.parent_id == topic_id).limit(1)
    return db.session.scalar(held) is not None or db.session.scalar(below) is not None


def topics_below(topic_id: int) -> list[Topic]:
    """Return the topics directly below a topic, by id."""
    return list(
        db.session.scalars(select(Topic).where(Topic.parent_id == topic_id).order_by(Topic.id))
    )


@dataclass(frozen=True, slots=True)
class MergeEffect:
    """What merging a topic into another one does; names are of topics below it."""

    questions: int
    retired: int
    moved: tuple[str, ...]
    joined: tuple[str, ...]


def merge_effect(bank_id: int, topic: Topic, into: Topic) -> MergeEffect:
    """Return what would move when a topic is merged into another one."""
    retired = Question.state == QuestionState.RETIRED
    counts = {
        row.retired: row.questions
        for row in db.session.execute(
            select(retired.label("retired"), func.count().label("questions"))
            .where(Question.topic_id == topic.id)
            .group_by(retired)
        )
    }
    below = topics_below(topic.id)
    twins = {
        child.id for child in below if topic_named(bank_id, into.id, child.name_folded) is not None
    }
    return MergeEffect(
        questions=counts.get(False, 0),
        retired=counts.get(True, 0),
        moved=tuple(child.name for child in below if child.id not in twins),
        joined=tuple(child.name for child in below if child.id in twins),
    )


def branch_of(bank_id: int, topic_id: int) -> list[int]:
    """Return a topic's id and the ids of all topics below it."""
    branch = [topic_id]
    for node in _tree(bank_id, {}):
        if node.parent_id in branch:
            branch.append(node.id)
    return branch


def tag_names(bank_id: int) -> list[str]:
    """Return the tags used in a bank, for the filter.

    From tag to tag through the index: a bank of a hundred thousand questions has few of them.
    """
    beyond = aliased(QuestionTag)
    names = select(func.min(QuestionTag.name).label("name")).cte("names", recursive=True)
    names = names.union_all(
        select(select(func.min(beyond.name)).where(beyond.name > names.c.name).scalar_subquery())
        .select_from(names)
        .where(names.c.name.is_not(None))
    )
    used = (
        select(QuestionTag.question_id)
        .join(Question, Question.id == QuestionTag.question_id)
        .where(QuestionTag.name == names.c.name, Question.bank_id == bank_id)
        .correlate(names)
        .limit(1)
        .scalar_subquery()
    )
    return list(
        db.session.scalars(
            select(names.c.name)
            .where(names.c.name.is_not(None), used.is_not(None))
            .order_by(names.c.name)
        )
    )
