"""A dry run: how many works somebody could mark, before they are invited."""

from collections import Counter
from dataclasses import dataclass

from contest.accounts.models import Person
from contest.contests.models import Round
from contest.judging.queries.rounds import marked_before, work_facts
from contest.judging.rules.conflicts import Finding, JudgeFacts, finding_of


@dataclass(frozen=True, slots=True)
class WouldConflict:
    """What stands between a person and the works of a round; numbers alone, no work is named."""

    works: int
    by_reason: tuple[tuple[Finding, int], ...]

    @property
    def barred(self) -> int:
        """Works that this person must not mark."""
        return sum(count for _why, count in self.by_reason)

    @property
    def free(self) -> int:
        """Works that this person could mark."""
        return self.works - self.barred


def would_conflict(contest_round: Round, person: Person) -> WouldConflict:
    """What a person could mark of the works that passed the screening; nothing is written."""
    judge = JudgeFacts(
        juror_id=0,
        person_id=person.id,
        name_folded=person.name_folded,
        unit_id=person.unit_id,
        unit_folded=person.unit.name_folded if person.unit is not None else "",
        phone=person.phone or "",
        email=person.email or "",
        marked_before=marked_before(contest_round, [person.id]).get(person.id, frozenset()),
    )
    works = work_facts(contest_round.id)
    found = Counter(filter(None, (finding_of(judge, work) for work in works)))
    return WouldConflict(len(works), tuple(sorted(found.items())))
