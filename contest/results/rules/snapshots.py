"""What a publication says, as data: building it, reading it again, comparing two of them.

A snapshot is plain JSON with sorted keys; its SHA-256 over the canonical bytes is the digest
that stands on the page. It holds nothing that may not be read by everybody: names only where
they may be shown, otherwise initials.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from contest.core.audit import canonical_json, sha256_hex
from contest.results.rules.extra_snapshots import PublishedExtra, read_extras, told_extras
from contest.results.rules.standing_snapshots import PublishedStandings, read_standings
from contest.results.rules.winners import Winner, read_winner

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class HonourLine:
    """An honoured person; initials without unit and reason where they do not agree."""

    id: str
    name: str
    is_full_name: bool
    unit: str
    citation: str


@dataclass(frozen=True, slots=True)
class SealLine:
    """When the codes were opened, and whether the prizes had been decided by then."""

    opened_at: datetime | None
    decided_at: datetime | None
    decided_before: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A published prize level; `name` is empty where the usual name of the code stands."""

    code: str
    name: str
    quota: int
    money: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A line of the published table by unit."""

    path: tuple[str, ...]
    persons: int
    attempts: int
    headcount: int | None = None
    counted_on: date | None = None

    @property
    def share(self) -> float | None:
        """Persons of the head-count; None where it is not known."""
        return self.persons / self.headcount if self.headcount else None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A line of the published answer key."""

    number: int
    stem: str
    answers: tuple[str, ...]
    explanation: str
    source: str


@dataclass(frozen=True, slots=True)
class Published:
    """Everything that a published page shows, read from its snapshot."""

    contest: str
    organiser: tuple[str, ...]
    round: str
    round_number: int
    round_kind: str
    opens_at: datetime | None
    closes_at: datetime | None
    number: int
    decision_number: str
    decided_on: date | None
    reason: str
    published_at: datetime | None
    audit_head: str
    corrects: str
    run_number: int
    run_digest: str
    run_made_at: datetime | None
    keys: tuple[str, ...]
    facts: Mapping[str, Any]
    ranked: int
    disqualified: int
    persons: int
    attempts: int
    levels: tuple[Level, ...]
    divisions: tuple[str, ...]
    winners: tuple[Winner, ...]
    branches: tuple[UnitLine, ...]
    units: tuple[UnitLine, ...]
    answers: tuple[AnswerLine, ...]
    honours: tuple[HonourLine, ...] = ()
    seal: SealLine | None = None
    standings: PublishedStandings | None = None
    extras: tuple[PublishedExtra, ...] = ()
    digest: str = ""
    hidden: frozenset[str] = field(default_factory=frozenset)

    @property
    def money(self) -> int:
        """What the given prizes of the levels cost together, in đồng."""
        return sum(winner.money for winner in self.winners)

    @property
    def has_shares(self) -> bool:
        """Whether at least one unit has a head-count to compare with."""
        return any(branch.headcount for branch in self.branches)

    def local(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """A unit path without the contest's own unit and those above it, which everybody knows."""
        own = self.organiser
        if own and len(path) > len(own) and path[-len(own) :] == own:
            return path[: -len(own)]
        return path

    @property
    def ordered_branches(self) -> tuple[UnitLine, ...]:
        """Units by their share where head-counts are known, otherwise as they are kept."""
        if not self.has_shares:
            return self.branches
        return tuple(
            sorted(
                self.branches,
                key=lambda line: (line.share is None, -(line.share or 0), -line.persons),
            )
        )

    def level_of(self, winner: Winner) -> Level:
        """The prize level of a winner."""
        return self.levels[winner.level]


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical bytes of a snapshot."""
    return sha256_hex(canonical_json(snapshot))


def body_digest(snapshot: Mapping[str, Any]) -> str:
    """The digest of what a snapshot says, without number, instant and head of the record.

    Two looks at the same state give the same.
    """
    return digest_of({name: part for name, part in snapshot.items() if name != "publication"})


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _unit_line(data: Mapping[str, Any]) -> UnitLine:
    return UnitLine(
        tuple(data["path"]),
        data["persons"],
        data["attempts"],
        data.get("headcount"),
        _day(data.get("counted_on")),
    )


def _seal(data: Mapping[str, Any] | None) -> SealLine | None:
    if data is None:
        return None
    return SealLine(
        _instant(data["opened_at"]), _instant(data["decided_at"]), data["decided_before"]
    )


def _answer(data: Mapping[str, Any]) -> AnswerLine:
    return AnswerLine(**{**data, "answers": tuple(data["answers"])})


def read_snapshot(snapshot: Mapping[str, Any], digest: str = "") -> Published:
    """What a snapshot says, ready for a page."""
    contest, round_, said = snapshot["contest"], snapshot["round"], snapshot["publication"]
    ranking, counts = snapshot["ranking"], snapshot["counts"]
    return Published(
        contest=contest["title"],
        organiser=tuple(contest["organiser"]),
        round=round_["title"],
        round_number=round_["number"],
        round_kind=round_["kind"],
        opens_at=_instant(round_["opens_at"]),
        closes_at=_instant(round_["closes_at"]),
        number=said["number"],
        decision_number=said["decision_number"],
        decided_on=_day(said["decided_on"]),
        reason=said["reason"],
        published_at=_instant(said["published_at"]),
        audit_head=said["audit_head"],
        corrects=said["corrects"],
        run_number=ranking["number"],
        run_digest=ranking["digest"],
        run_made_at=_instant(ranking["made_at"]),
        keys=tuple(ranking["keys"]),
        facts=ranking["facts"],
        ranked=ranking["ranked"],
        disqualified=ranking["disqualified"],
        persons=counts["persons"],
        attempts=counts["attempts"],
        levels=tuple(Level(**level) for level in snapshot["levels"]),
        divisions=tuple(snapshot["divisions"]),
        winners=tuple(read_winner(winner) for winner in snapshot["winners"]),
        branches=tuple(_unit_line(line) for line in snapshot["branches"]),
        units=tuple(_unit_line(line) for line in snapshot["units"]),
        answers=tuple(_answer(line) for line in snapshot["answers"]),
        honours=tuple(HonourLine(**line) for line in snapshot.get("honours", ())),
        seal=_seal(snapshot.get("seal")),
        standings=read_standings(snapshot.get("standings")),
        extras=read_extras(snapshot.get("extras", ())),
        digest=digest,
    )


class GivesPrizes(Protocol):
    """A publication with winners: of a round, or of totals."""

    @property
    def winners(self) -> tuple[Winner, ...]:
        """Who is named."""

    @property
    def extras(self) -> tuple[PublishedExtra, ...]:
        """Unit prizes and side prizes."""

    def level_of(self, winner: Winner) -> Level:
        """The prize level of a winner."""


@dataclass(frozen=True, slots=True)
class PrizeChange:
    """Somebody whose published prize is another than before; None = no prize."""

    winner: Winner
    old: Level | None
    new: Level | None


def prize_changes(old: GivesPrizes, new: GivesPrizes) -> list[PrizeChange]:
    """Who gains, loses or changes a prize from one publication to the next."""
    before = {winner.entry: winner for winner in old.winners}
    after = {winner.entry: winner for winner in new.winners}
    return list(_changes(before, after, old, new))


def _changes(
    before: Mapping[str, Winner],
    after: Mapping[str, Winner],
    old: GivesPrizes,
    new: GivesPrizes,
) -> Iterable[PrizeChange]:
    for entry, winner in after.items():
        known = before.get(entry)
        was = old.level_of(known) if known else None
        now = new.level_of(winner)
        if was is None or (was.code, was.name, was.money) != (now.code, now.name, now.money):
            yield PrizeChange(winner, was, now)
    for entry, winner in before.items():
        if entry not in after:
            yield PrizeChange(winner, old.level_of(winner), None)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a publication says otherwise than the one that it corrects; names nobody.

    Attributes:
        number: of the publication before.
        parts: names of the parts that differ.
        gained, lost, moved: how many are new among the winners, no longer among them, or have
            another prize.
    """

    number: int
    parts: list[str]
    gained: int
    lost: int
    moved: int


def correction(number: int, old: GivesPrizes, new: GivesPrizes, parts: Sequence[str]) -> Correction:
    """What is other than in publication `number`; `parts` are those that differ."""
    changes = prize_changes(old, new)
    gained = sum(change.old is None for change in changes)
    lost = sum(change.new is None for change in changes)
    return Correction(number, list(parts), gained, lost, len(changes) - gained - lost)


def changed_parts(old: Published, new: Published) -> list[str]:
    """Names of the parts that differ between two publications, for a sentence about each."""
    pairs: Sequence[tuple[str, object, object]] = (
        ("winners", told_winners(old), told_winners(new)),
        ("levels", old.levels, new.levels),
        ("counts", (old.persons, old.attempts), (new.persons, new.attempts)),
        (
            "units",
            (old.branches, old.units, old.standings),
            (new.branches, new.units, new.standings),
        ),
        ("facts", old.facts, new.facts),
        ("answers", old.answers, new.answers),
        ("honours", old.honours, new.honours),
        ("extras", told_extras(old.extras), told_extras(new.extras)),
        (
            "decision",
            (old.decision_number, old.decided_on),
            (new.decision_number, new.decided_on),
        ),
    )
    return [name for name, was, now in pairs if was != now]


def told_winners(said: GivesPrizes) -> list[tuple[Any, ...]]:
    """What a publication tells of its winners, for comparing two of them."""
    return [
        (one.entry, one.names, one.title, one.place, one.level, one.money) for one in said.winners
    ]
