"""Writing a dossier: tables, rules, manifest and the check, in one zip."""

import csv
import hashlib
import json
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contest.contests.kinds import Evidence
from contest.contests.models import Contest, ContestKind
from contest.core.i18n import gettext as _
from contest.results.dossier import checking
from contest.results.queries import dossiers as queries
from contest.results.queries.dossiers import PublishedRound, ScoreLine
from contest.results.queries.prizes import awards_of, prize_levels
from contest.results.queries.runs import division_ids
from contest.results.rules.dossiers import (
    LEAST_PERSONS,
    Pseudonyms,
    decided_of,
    merged_units,
    seed_form,
    two_decimals,
    whole_key,
)
from contest.results.rules.refusals import DossierDisagrees, NothingPublished

SCHEMA: Final = 1
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_LOTS: Final = "essay_lot"
_CENT_UNITS: Final = 100


@dataclass
class _Tables:
    """The rows of all tables, without their heads."""

    marks: list[Sequence[str]] = field(default_factory=list)
    attempts: list[tuple[str, int, str, Mapping[str, str]]] = field(default_factory=list)
    ranking: list[tuple[Sequence[str], Mapping[str, str]]] = field(default_factory=list)
    prizes: list[Sequence[str]] = field(default_factory=list)
    units: list[Sequence[str]] = field(default_factory=list)
    entries: list[Sequence[str]] = field(default_factory=list)
    judges: list[Sequence[str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    seeds: list[str] = field(default_factory=list)


class _RoundWriter:
    """One round of a dossier."""

    def __init__(
        self, published: PublishedRound, names: Pseudonyms, tables: _Tables, *, full: bool
    ) -> None:
        self.published = published
        self.round = published.round
        self.run = published.run
        self.tables = tables
        self.full = full
        self._names = names
        evidence = queries.evidence_of(published)
        if evidence is None:
            raise NothingPublished
        self.evidence: Evidence = evidence
        self.offsets = evidence.offsets or (0,) * len(self.run.keys)
        self.divisions = {one.id: one.name for one in self.round.contest.divisions}
        self.is_rounded = False
        self._basis: dict[int, str] = {}

    def entry(self, entry_id: int) -> str:
        return self._names.of("entry", self.round.id, entry_id)

    def division(self, division_id: int | None) -> str:
        return self.divisions.get(division_id or 0, "")

    def write(self) -> dict[str, Any]:
        """Fill the tables; returns what rules.json says of the round."""
        if self.round.kind is ContestKind.ESSAY:
            self._marks()
        else:
            self._attempts()
        for code in self.run.keys:
            if checking.key_column(code) not in self.tables.codes:
                self.tables.codes.append(checking.key_column(code))
        lots = self._ranking()
        self._prizes()
        return self._rules(lots)

    def _marks(self) -> None:
        judges = {juror: f"J{place:03d}" for place, juror in enumerate(self._shuffled(), 1)}
        if self.full:
            named = queries.names_of_judges(set(self.evidence.judges.values()))
            self.tables.judges += [
                (str(self.round.number), code, named.get(self.evidence.judges[juror], ""))
                for juror, code in judges.items()
            ]
        totals: dict[int, dict[str, Any]] = {}
        lines: list[Sequence[str]] = []
        for line in self.evidence.marks:
            judge = judges[line.judge]
            own = totals.setdefault(line.entry_id, {})
            own[judge] = own.get(judge, 0) + line.mark
            lines.append(
                (self.entry(line.entry_id), judge, line.criterion, two_decimals(line.mark))
            )
        # By pseudonym: the order of the database tells who handed in first. Python's sort keeps
        # the order of the markings within an entry, which decides which one was the third.
        self.tables.marks += sorted(lines, key=lambda line: line[0])
        self._basis = {
            entry: " ".join(f"{judge}={two_decimals(total)}" for judge, total in own.items())
            for entry, own in totals.items()
        }

    def _shuffled(self) -> list[int]:
        jurors = sorted(self.evidence.judges)
        secrets.SystemRandom().shuffle(jurors)
        return jurors

    def _attempts(self) -> None:
        sums: dict[int, list[Any]] = {}
        lines: list[tuple[str, int, str, Mapping[str, str]]] = []
        for line in self.evidence.attempts:
            self.is_rounded |= bool(line.points * _CENT_UNITS % 1)
            own = sums.setdefault(line.entry_id, [0, 0])
            own[0] += line.points
            own[1] += 1
            keys = {} if line.keys is None else self._keys(line.keys)
            lines.append((self.entry(line.entry_id), line.attempt, two_decimals(line.points), keys))
        self.tables.attempts += sorted(lines, key=lambda line: (line[0], line[1]))
        self._basis = {entry: f"{two_decimals(own[0])}/{own[1]}" for entry, own in sums.items()}

    def _keys(self, values: Sequence[int]) -> dict[str, str]:
        return {
            checking.key_column(code): whole_key(value - offset)
            for code, value, offset in zip(self.run.keys, values, self.offsets, strict=True)
        }

    def _ranking(self) -> dict[str, int]:
        """The rows of the ranking and of the units; returns the lots of essays."""
        paths, persons = queries.persons_by_unit(self.run, self.round)
        told = {unit: unit for unit in persons}
        if not self.full:
            told = merged_units(persons, _("Other units"))
        number = str(self.round.number)
        counts: dict[str, int] = {}
        lots: dict[str, int] = {}
        lines: list[tuple[ScoreLine, str]] = [
            (line, self.entry(line.entry_id)) for line in queries.score_lines(self.run)
        ]
        lines.sort(key=lambda pair: (*_order(pair[0]), pair[1]))
        for line, entry in lines:
            unit = told[paths[line.unit_path]]
            counts[unit] = counts.get(unit, 0) + 1
            if _LOTS in self.run.keys:
                lots[entry] = line.keys[self.run.keys.index(_LOTS)]
            row = (
                number,
                self.division(line.division_id),
                "" if line.place is None else str(line.place),
                entry,
                line.status.value,
                two_decimals(line.points),
                self._basis.get(line.entry_id, ""),
                unit,
            )
            self.tables.ranking.append((row, self._keys(line.keys)))
            if self.full:
                self.tables.entries.append(
                    (number, entry, line.code, line.full_name, line.unit_path)
                )
        self.tables.units += [(number, unit, str(counts[unit])) for unit in sorted(counts)]
        return lots

    def _levels(self) -> dict[int, str]:
        return {
            level.id: f"{place} {level.code.value}"
            for place, level in enumerate(prize_levels(self.round.id), 1)
        }

    def _prizes(self) -> None:
        levels = self._levels()
        rows = [
            (
                str(self.round.number),
                self.division(award.division_id),
                levels[award.level_id],
                str(award.place),
                self.entry(award.entry_id),
                str(award.money),
            )
            for award in awards_of(self.published.allocation.id)
        ]
        self.tables.prizes += sorted(rows, key=lambda row: (row[1], row[2], int(row[3]), row[4]))

    def _rules(self, lots: Mapping[str, int]) -> dict[str, Any]:
        said, levels = self.published.publication, self._levels()
        decided = decided_of(self.published.allocation.trace)
        seed = str(self.run.facts.get("seed") or "")
        form, digest = seed_form(seed) if seed else ("", "")
        if seed:
            self.tables.seeds.append(f"{self.round.number} {seed}")
        return {
            "number": self.round.number,
            "title": self.round.title,
            "kind": self.round.kind.value,
            "keys": list(self.run.keys),
            "publication": {
                "round": self.round.number,
                "number": said.number,
                "digest": said.digest,
                "decision": said.decision_number,
            },
            "divisions": [self.division(one) for one in division_ids(self.run.id)],
            "rules": dict(self.evidence.rules),
            "quorums": {self.entry(one): n for one, n in self.evidence.quorums.items()},
            "decided": [
                {
                    "entry": self.entry(one.entry_id),
                    "method": one.method,
                    "points": two_decimals(one.points),
                    "used": list(one.used),
                }
                for one in self.evidence.decided
            ],
            "lots": dict(lots),
            "rounded": self.is_rounded,
            "seed_digest": digest,
            "seed_form": form,
            "levels": [
                {
                    "level": levels[one.id],
                    "quota": one.quota,
                    "money": one.money,
                    "ties": one.tie_policy.value,
                }
                for one in prize_levels(self.round.id)
            ],
            "passed_over": [
                {"entry": self.entry(entry), "why": why} for entry, why in decided.passed_over
            ],
            "ties": [
                {
                    "division": self.division(division),
                    "level": levels[level],
                    "chosen": [self.entry(one) for one in chosen],
                }
                for (division, level), chosen in decided.ties.items()
            ],
            "withheld": [
                {"division": self.division(division), "level": levels[level], "count": count}
                for (division, level), count in decided.withheld.items()
            ],
        }


def _order(line: ScoreLine) -> tuple[Any, ...]:
    return line.division_id or 0, line.place is None, line.place or 0


def _write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _write_tables(folder: Path, tables: _Tables) -> None:
    codes = tables.codes
    if tables.marks:
        _write_csv(folder / "marks.csv", checking.COLUMNS["marks.csv"], tables.marks)
    if tables.attempts:
        _write_csv(
            folder / "attempts.csv",
            (*checking.COLUMNS["attempts.csv"], *codes),
            (
                (entry, attempt, points, *(keys.get(code, "") for code in codes))
                for entry, attempt, points, keys in tables.attempts
            ),
        )
    _write_csv(
        folder / "ranking.csv",
        (*checking.COLUMNS["ranking.csv"], *codes),
        ((*row, *(keys.get(code, "") for code in codes)) for row, keys in tables.ranking),
    )
    _write_csv(folder / "prizes.csv", checking.COLUMNS["prizes.csv"], tables.prizes)
    _write_csv(folder / "units.csv", checking.COLUMNS["units.csv"], tables.units)
    if tables.entries:
        head = ("round", "entry", "code", "full_name", "unit_path")
        _write_csv(folder / "entries.csv", head, tables.entries)
    if tables.judges:
        _write_csv(folder / "judges.csv", ("round", "judge", "full_name"), tables.judges)
    (folder / "seed.txt").write_text("".join(f"{line}\n" for line in tables.seeds), "utf-8")


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")


def _fill(folder: Path, contest: Contest, *, full: bool) -> None:
    published = queries.published_rounds_of(contest)
    if not published:
        raise NothingPublished
    names, tables = Pseudonyms(secrets.token_bytes(32)), _Tables()
    rounds = [_RoundWriter(one, names, tables, full=full).write() for one in published]
    _write_tables(folder, tables)
    about = {"slug": contest.slug, "title": contest.title}
    _write_json(
        folder / "rules.json",
        {
            "schema": SCHEMA,
            "contest": about,
            "rounds": rounds,
            "least_persons_of_a_unit": None if full else LEAST_PERSONS,
        },
    )
    shutil.copyfile(checking.__file__, folder / "verify.py")
    _write_json(
        folder / "manifest.json",
        {
            "schema": SCHEMA,
            "contest": about,
            "full": full,
            "publications": [one["publication"] for one in rounds],
            "files": {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(folder.iterdir())
            },
        },
    )


@contextmanager
def written_dossier(contest: Contest, *, full: bool = False) -> Iterator[Path]:
    """The dossier of a contest's published results as a zip in a temporary folder.

    It is checked by its own script before it is given to anybody.

    Args:
        contest: with at least one published round.
        full: with names, units as they are, and judges: for auditors alone.

    Raises:
        NothingPublished: no round is published, or its kind cannot tell what it rests on.
        DossierDisagrees: marks, places and prizes no longer fit what was published.
    """
    with tempfile.TemporaryDirectory(prefix="dossier-") as made:
        folder = Path(made) / "dossier"
        folder.mkdir()
        _fill(folder, contest, full=full)
        problems = checking.check(folder, digests=True)
        if problems:
            raise DossierDisagrees(
                _(
                    "The marks no longer give the published places or prizes: %(first)s. Rank "
                    "again, decide, and publish a correction first.",
                    first=problems[0],
                )
            )
        target = Path(made) / "dossier.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                info = zipfile.ZipInfo(path.name, _STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes())
        yield target
