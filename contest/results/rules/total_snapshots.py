"""What a publication of a contest's totals and the prizes over them says, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from contest.results.rules.extra_snapshots import PublishedExtra, read_extras, told_extras
from contest.results.rules.snapshots import Level, told_winners
from contest.results.rules.standing_snapshots import PublishedStandings, read_standings
from contest.results.rules.winners import Winner, read_winner

TOTALS_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class TotalRound:
    """A round that counted: number, title, kind, weight."""

    number: int
    title: str
    kind: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A published place.

    Attributes:
        id: random id of the registration, by which a withdrawn consent is found.
        parts: for each round points, most points and weighted points; None = took no part.
    """

    id: str
    name: str
    is_full_name: bool
    path: tuple[str, ...]
    division: str
    place: int
    total: Decimal
    parts: tuple[tuple[Decimal, Decimal, Decimal] | None, ...]


@dataclass(frozen=True, slots=True)
class PublishedTotals:
    """Everything that the page of totals shows, read from its snapshot."""

    contest: str
    organiser: tuple[str, ...]
    rounds: tuple[TotalRound, ...]
    missing: str
    best: int | None
    people: int
    placed: int
    missed: int
    shown: int
    run_number: int
    run_digest: str
    number: int
    decision_number: str
    decided_on: date | None
    reason: str
    published_at: datetime | None
    audit_head: str
    levels: tuple[Level, ...]
    divisions: tuple[str, ...]
    winners: tuple[Winner, ...]
    lines: tuple[TotalLine, ...]
    standings: PublishedStandings | None = None
    extras: tuple[PublishedExtra, ...] = ()
    digest: str = ""
    hidden: frozenset[str] = field(default_factory=frozenset)

    @property
    def most(self) -> Decimal:
        """The greatest total that can be had."""
        return sum((one.weight for one in self.rounds), Decimal(0))

    @property
    def money(self) -> int:
        """What the given prizes of the levels cost together, in đồng."""
        return sum(winner.money for winner in self.winners)

    def level_of(self, winner: Winner) -> Level:
        """The prize level of a winner."""
        return self.levels[winner.level]

    def local(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """A unit path without the contest's own unit and those above it."""
        own = self.organiser
        if own and len(path) > len(own) and path[-len(own) :] == own:
            return path[: -len(own)]
        return path

    def without_names(
        self, gone: frozenset[str], initials: Callable[[str], str]
    ) -> "PublishedTotals":
        """The same with initials for some lines, by ids of registrations."""
        lines = tuple(
            replace(line, name=initials(line.name), is_full_name=False) if line.id in gone else line
            for line in self.lines
        )
        return replace(self, lines=lines, hidden=self.hidden | gone)


def _part(data: list[str] | None) -> tuple[Decimal, Decimal, Decimal] | None:
    return None if data is None else (Decimal(data[0]), Decimal(data[1]), Decimal(data[2]))


def _line(data: Mapping[str, Any]) -> TotalLine:
    return TotalLine(
        id=data["id"],
        name=data["name"],
        is_full_name=data["is_full_name"],
        path=tuple(data["path"]),
        division=data["division"],
        place=data["place"],
        total=Decimal(data["total"]),
        parts=tuple(_part(part) for part in data["parts"]),
    )


def read_totals(snapshot: Mapping[str, Any], digest: str = "") -> PublishedTotals:
    """What a snapshot of totals says, ready for a page."""
    contest, run, said = snapshot["contest"], snapshot["run"], snapshot["publication"]
    published_at, decided_on = said["published_at"], said["decided_on"]
    return PublishedTotals(
        contest=contest["title"],
        organiser=tuple(contest["organiser"]),
        rounds=tuple(
            TotalRound(one["number"], one["title"], one["kind"], Decimal(one["weight"]))
            for one in run["terms"]["rounds"]
        ),
        missing=run["terms"]["missing"],
        best=run["terms"].get("best"),
        people=run["people"],
        placed=run["placed"],
        missed=run["missed"],
        shown=snapshot["shown"],
        run_number=run["number"],
        run_digest=run["digest"],
        number=said["number"],
        decision_number=said["decision_number"],
        decided_on=date.fromisoformat(decided_on) if decided_on else None,
        reason=said["reason"],
        published_at=datetime.fromisoformat(published_at) if published_at else None,
        audit_head=said["audit_head"],
        levels=tuple(Level(**level) for level in snapshot["levels"]),
        divisions=tuple(snapshot["divisions"]),
        winners=tuple(read_winner(winner) for winner in snapshot["winners"]),
        lines=tuple(_line(line) for line in snapshot["lines"]),
        standings=read_standings(snapshot.get("standings")),
        extras=read_extras(snapshot.get("extras", ())),
        digest=digest,
    )


def changed_total_parts(old: PublishedTotals, new: PublishedTotals) -> list[str]:
    """Names of the parts that differ between two publications of totals."""
    pairs: tuple[tuple[str, object, object], ...] = (
        ("winners", told_winners(old), told_winners(new)),
        ("levels", old.levels, new.levels),
        ("totals", (old.run_digest, old.lines), (new.run_digest, new.lines)),
        ("units", old.standings, new.standings),
        ("extras", told_extras(old.extras), told_extras(new.extras)),
        (
            "decision",
            (old.decision_number, old.decided_on),
            (new.decision_number, new.decided_on),
        ),
    )
    return [name for name, was, now in pairs if was != now]
