"""One round of a dossier: its marks or attempts, ranking, prizes and units."""

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from contest.contests.kinds import Evidence
from contest.contests.models import ContestKind, ScoreStatus
from contest.results.dossier.attempt_checks import key_column
from contest.results.dossier.prizes import ExtraWriter, PrizeWriter
from contest.results.dossier.standing_checks import Unit
from contest.results.dossier.tables import Tables
from contest.results.dossier.units import UnitNames
from contest.results.queries import dossiers as queries
from contest.results.queries.dossiers import PublishedRound, ScoreLine
from contest.results.queries.prizes import awards_of, prize_levels, prize_terms
from contest.results.queries.runs import division_ids
from contest.results.rules.dossiers import (
    Decided,
    Pseudonyms,
    decided_of,
    four_decimals,
    seed_form,
    sum_in_words,
    two_decimals,
    whole_key,
)
from contest.results.rules.extra_prizes import kept_extras
from contest.results.rules.refusals import NothingPublished

_LOTS: Final = "essay_lot"
_CENT_UNITS: Final = 100


class RoundWriter:
    """One round of a dossier."""

    def __init__(
        self,
        published: PublishedRound,
        names: Pseudonyms,
        tables: Tables,
        units: UnitNames,
        *,
        full: bool,
    ) -> None:
        self.published = published
        self.round = published.round
        self.run = published.run
        self.tables = tables
        self.full = full
        self.units = units
        self.people: dict[int, str] = {}
        self._names = names
        evidence = queries.evidence_of(published)
        if evidence is None:
            raise NothingPublished
        self.evidence: Evidence = evidence
        self.offsets = evidence.offsets or (0,) * len(self.run.keys)
        self.divisions = {one.id: one.name for one in self.round.contest.divisions}
        self.is_rounded = False
        self._basis: dict[int, str] = {}
        self._tries: dict[int, int] = {}

    def entry(self, entry_id: int) -> str:
        """The pseudonym of an entry."""
        return self._names.of("entry", self.round.id, entry_id)

    def division(self, division_id: int | None) -> str:
        """The name of a division."""
        return self.divisions.get(division_id or 0, "")

    def write(self) -> dict[str, Any]:
        """Fill the tables; returns what rules.json says of the round."""
        if self.round.kind is ContestKind.ESSAY:
            self._marks()
        else:
            self._attempts()
        for code in self.run.keys:
            if key_column(code) not in self.tables.codes:
                self.tables.codes.append(key_column(code))
        lines = [(line, self.entry(line.entry_id)) for line in queries.score_lines(self.run)]
        lines.sort(key=lambda pair: (*_order(pair[0]), pair[1]))
        for line, entry in lines:
            known = self.people.get(line.registration_id, entry)
            self.people[line.registration_id] = min(known, entry)
        self._ranking(lines)
        self.tables.prizes += self._prizes().rows(awards_of(self.published.allocation.id))
        self.tables.prizes += self._beside().rows()
        self._units(lines)
        lots = self._lots(lines)
        most = {four_decimals(line.max_points) for line, _entry in lines}
        return {**self._rules(lots), "most": most.pop() if len(most) == 1 else ""}

    def _marks(self) -> None:
        judges = {juror: f"J{place:03d}" for place, juror in enumerate(self._shuffled(), 1)}
        if self.full:
            named = queries.names_of_judges(set(self.evidence.judges.values()))
            self.tables.judges += [
                (str(self.round.number), code, named.get(self.evidence.judges[juror], ""))
                for juror, code in judges.items()
            ]
        given: dict[int, dict[str, list[Decimal]]] = {}
        lines: list[Sequence[str]] = []
        for line in self.evidence.marks:
            judge = judges[line.judge]
            given.setdefault(line.entry_id, {}).setdefault(judge, []).append(line.mark)
            lines.append(
                (self.entry(line.entry_id), judge, line.criterion, two_decimals(line.mark))
            )
        # By pseudonym: the order of the database tells who handed in first. Python's sort keeps
        # the order of the markings within an entry, which decides which one was the third.
        self.tables.marks += sorted(lines, key=lambda line: line[0])
        self._basis = {
            entry: " ".join(f"{judge}={sum_in_words(own)}" for judge, own in sheets.items())
            for entry, sheets in given.items()
        }

    def _shuffled(self) -> list[int]:
        jurors = sorted(self.evidence.judges)
        secrets.SystemRandom().shuffle(jurors)
        return jurors

    def _attempts(self) -> None:
        sums: dict[int, list[str]] = {}
        lines: list[tuple[str, int, str, Mapping[str, str]]] = []
        for line in self.evidence.attempts:
            self.is_rounded |= bool(line.points * _CENT_UNITS % 1)
            sums.setdefault(line.entry_id, []).append(two_decimals(line.points))
            keys = {} if line.keys is None else self._keys(line.keys)
            lines.append((self.entry(line.entry_id), line.attempt, two_decimals(line.points), keys))
        self.tables.attempts += sorted(lines, key=lambda line: (line[0], line[1]))
        self._basis = {entry: " ".join(own) for entry, own in sums.items()}
        self._tries = {entry: len(own) for entry, own in sums.items()}

    def _keys(self, values: Sequence[int]) -> dict[str, str]:
        return {
            key_column(code): whole_key(value - offset)
            for code, value, offset in zip(self.run.keys, values, self.offsets, strict=True)
        }

    def _lots(self, lines: Sequence[tuple[ScoreLine, str]]) -> dict[str, int]:
        """The lots of essays, which nothing in the tables gives."""
        if _LOTS not in self.run.keys:
            return {}
        place = self.run.keys.index(_LOTS)
        return {entry: line.keys[place] for line, entry in lines}

    def _ranking(self, lines: Sequence[tuple[ScoreLine, str]]) -> None:
        number = str(self.round.number)
        for line, entry in lines:
            row = (
                number,
                self.division(line.division_id),
                "" if line.place is None else str(line.place),
                entry,
                line.status.value,
                two_decimals(line.points),
                self._basis.get(line.entry_id, ""),
                self.units.of(line.unit_ids, line.unit_path),
                self.people[line.registration_id],
                four_decimals(line.points),
                four_decimals(line.max_points),
            )
            self.tables.ranking.append((row, self._keys(line.keys)))
            if self.full:
                self.tables.entries.append(
                    (number, entry, line.code, line.full_name, line.unit_path)
                )

    def _units(self, lines: Sequence[tuple[ScoreLine, str]]) -> None:
        """The rows of the units: as published where they were ranked, else counted."""
        won = {award.entry_id for award in awards_of(self.published.allocation.id)}
        counted: dict[str, Unit] = {}
        people: set[tuple[int, ScoreStatus]] = set()
        for line, _entry in lines:
            unit = counted.setdefault(self.units.of(line.unit_ids, line.unit_path), Unit())
            if line.status is ScoreStatus.DISQUALIFIED:
                continue
            unit.entries += 1
            unit.persons += (line.registration_id, line.status) not in people
            people.add((line.registration_id, line.status))
            unit.attempts += self._tries.get(line.entry_id, 1)
            unit.points += Fraction(line.points)
            unit.winners += line.entry_id in won
        self.tables.units += self.units.rows(str(self.round.number), counted)

    def _divisions(self, decided: Decided) -> list[str]:
        """Of whom somebody took part, then those about whose prizes alone something was decided."""
        known = division_ids(self.run.id)
        told = [division for division, _level in (*decided.ties, *decided.withheld)]
        return [self.division(one) for one in dict.fromkeys([*known, *told])]

    def _prizes(self) -> PrizeWriter:
        levels = prize_levels(self.round)
        return PrizeWriter(str(self.round.number), levels, self.entry, self.division)

    def _beside(self) -> ExtraWriter:
        return ExtraWriter(
            str(self.round.number),
            kept_extras(self.published.allocation.extras),
            self.entry,
            self.units.of_path,
            self.units.fewest,
        )

    def _rules(self, lots: Mapping[str, int]) -> dict[str, Any]:
        said = self.published.publication
        decided = decided_of(self.published.allocation.trace)
        seed = str(self.run.facts.get("seed") or "")
        form, digest = seed_form(seed) if seed else ("", "")
        if seed:
            self.tables.seeds.append(f"{self.round.number} {seed}")
        return {
            "number": self.round.number,
            "title": self.round.title,
            "annulled": self.round.annulled_at is not None,
            "kind": self.round.kind.value,
            "keys": list(self.run.keys),
            "publication": {
                "round": self.round.number,
                "number": said.number,
                "digest": said.digest,
                "decision": said.decision_number,
            },
            "divisions": self._divisions(decided),
            "rules": dict(self.evidence.rules),
            "quorums": {self.entry(one): n for one, n in self.evidence.quorums.items()},
            # By pseudonym: the order of the database tells who handed in first.
            "decided": [
                {
                    "entry": entry,
                    "method": one.method,
                    "points": two_decimals(one.points),
                    "used": list(one.used),
                }
                for entry, one in sorted(
                    ((self.entry(one.entry_id), one) for one in self.evidence.decided),
                    key=lambda pair: pair[0],
                )
            ],
            "lots": dict(lots),
            "rounded": self.is_rounded,
            "seed_digest": digest,
            "seed_form": form,
            "rest": self.units.rest,
            "standings": self.units.terms(),
            "extras": self._beside().rules(),
            **self._prizes().rules(decided, prize_terms(self.round)),
        }


def _order(line: ScoreLine) -> tuple[Any, ...]:
    return line.division_id or 0, line.place is None, line.place or 0
