"""Authors: who wrote together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.contests.rules import read_registration_code
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import fold
from contest.submissions.actions.works import check_writable, record_event
from contest.submissions.models import Work, WorkAuthor
from contest.submissions.queries.works import registration_by_code
from contest.submissions.rules.limits import MOST_COAUTHORS
from contest.submissions.rules.refusals import CoauthorsNotAllowed, UnknownCoauthor


@dataclass(frozen=True, slots=True)
class Coauthor:
    """A co-author as typed; `code` is their registration code, if they have one."""

    full_name: str
    unit_name: str = ""
    code: str = ""


def set_coauthors(
    *, work: Work, coauthors: Sequence[Coauthor], actor: Actor, now: datetime
) -> None:
    """Say who wrote together with the first author.

    Raises:
        CoauthorsNotAllowed: the rules know single authors only, or there are too many.
        UnknownCoauthor: a code that nobody has.
        TooLate, RoundNotOpen: outside the window.
    """
    essay = check_writable(work, now)
    named = [each for each in coauthors if each.full_name]
    if named and (not essay.coauthors_allowed or len(named) > MOST_COAUTHORS):
        raise CoauthorsNotAllowed
    wanted = [_author(work, place, each) for place, each in enumerate(named, start=2)]
    present = [author for author in work.authors if author.position > 1]
    if [_author_key(author) for author in present] == [_author_key(each) for each in wanted]:
        return
    for author in present:
        work.authors.remove(author)
    db.session.flush()
    work.authors.extend(wanted)
    db.session.flush()
    record_event("coauthors_named", work, actor=actor, now=now, count=len(wanted))


def _author_key(author: WorkAuthor) -> tuple[object, ...]:
    return (author.full_name, author.unit_name, author.person_id)


def _author(work: Work, position: int, named: Coauthor) -> WorkAuthor:
    registration = None
    if named.code:
        code = read_registration_code(named.code)
        registration = registration_by_code(work.round.contest_id, code) if code else None
        if registration is None:
            raise UnknownCoauthor
    unit_name = named.unit_name
    if registration is not None and not unit_name:
        unit_name = registration.unit_path.split(" › ")[0]
    person_id = None if registration is None else registration.person_id
    unit_id = None if registration is None else registration.unit_id
    if registration is None:  # named before by a code, which is not asked for again
        known = next((one for one in work.authors[1:] if one.full_name == named.full_name), None)
        if known is not None:
            person_id, unit_id = known.person_id, known.unit_id
    return WorkAuthor(
        work_id=work.id,
        position=position,
        person_id=person_id,
        full_name=named.full_name[:120],
        name_folded=fold(named.full_name)[:120],
        unit_id=unit_id,
        unit_name=unit_name[:200],
    )
