"""What a kind of round offers to the rooms around it, and the registries of kinds and rank keys.

`contests` owns the protocol and is blind to who implements it: quizzes, essays and stages
register themselves, `contest.app` wires them. A new kind of round is one class with these
methods and one call of `register_kind`; a new ranking key one call of `register_rank_key`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import Select

from contest.contests.models import ContestKind, Round
from contest.core.access import Actor
from contest.core.errors import Words

MAX_RANK_KEYS = 6


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One thing that must be right before a round opens, and where it is mended.

    Attributes:
        code: name of the check, unique within the round's list.
        ok: whether it is right.
        label: what is looked at, in a few words ("The rules are written").
        detail: what is missing, or what stands there now; may be empty.
        endpoint: the page on which it is mended.
        values: arguments of that page's address.
        action: words of the button that leads there; empty = "Mend this".
    """

    code: str
    ok: bool
    label: Words
    detail: Words = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    action: Words = ""


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """How many took part: distinct persons (người) and attempts or entries (lượt)."""

    persons: int
    attempts: int


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Persons and attempts of a unit, with the unit path as it was when they registered."""

    unit_id: int | None
    unit_path: str
    persons: int
    attempts: int


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """What ranks an entry. `keys` are integers where smaller is better, in the round's order."""

    entry_id: int
    division_id: int | None
    points: Decimal
    max_points: Decimal
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A line of the answer key as it is published after the close.

    `reference` is what people call the thing ("Câu 12" or a code), `answers` the right answers
    in words.
    """

    reference: str
    stem: str
    answers: tuple[str, ...]
    explanation: str = ""
    source: str = ""


class RoundKind(Protocol):
    """Implemented once for each kind of round."""

    @property
    def kind(self) -> ContestKind:
        """The kind of round this stands for."""

    def readiness(self, round: Round, now: datetime, /) -> list[ReadinessItem]:
        """What this kind needs before the round opens (bank, blueprint, …)."""

    def freeze(self, round: Round, actor: Actor | None, now: datetime, /) -> None:
        """Freeze what contestants will meet; called by `open_round` in the same unit."""

    def discard(self, round: Round, /) -> None:
        """Delete what this kind keeps about a planned round; called before it is deleted."""

    def settle(self, round: Round, now: datetime, /) -> int:
        """Close everything overdue; called before marking.

        Returns:
            How many attempts still have time and so hold up the marking.
        """

    def counts(self, round: Round, /) -> RoundCounts:
        """Persons and attempts of the round, submitted ones only."""

    def unit_counts(self, round: Round, /) -> list[UnitCount]:
        """Persons and attempts of each unit that took part."""

    def facts(self, round: Round, disqualified_entry_ids: set[int], /) -> dict[str, Any]:
        """What a rank run freezes beside the scores (N, pool digest, seed of the lots)."""

    def score_rows(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Iterator[ScoreRow]:
        """A row for each entry that took part, with a key for each code, in that order."""

    def explain(self, code: str, value: int, /) -> str:
        """A key's value in words for a person ("19 câu đúng", "lệch 12")."""

    def shown(self, code: str, value: int, /) -> str:
        """A key's value alone, for a column under the key's label ("19", "12", "7:58,204")."""

    def answer_key(self, round: Round, /) -> list[KeyLine]:
        """The answer key for the publication; empty where a kind has none."""

    def insiders(self, round: Round, /) -> set[int]:
        """Ids of persons who knew beforehand what would be asked: they win no prize."""


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A judge's mark for a criterion, for the dossier; `judge` is a number without meaning."""

    entry_id: int
    judge: int
    criterion: str
    mark: Decimal


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """A finished attempt for the dossier; `keys` of the one that counts, None of the others."""

    entry_id: int
    attempt: int
    points: Decimal
    keys: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class DecidedMark:
    """A mark that people decided where the rule did not: no computation gives it again.

    `used` are places (from 0) of the sheets whose criteria count for ties.
    """

    entry_id: int
    method: str
    points: Decimal
    used: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a ranking was computed from, so that others can compute it again.

    Attributes:
        rules: JSON: how attempts or marks become points.
        marks: of judges; by entry, in the order of the markings.
        attempts: of contestants; by entry, in the order of the starts.
        decided: marks that people decided.
        quorums: entries that are content with fewer markings than the rules ask for.
        offsets: for each key what is taken off before it is shown (an instant becomes the time
            since the opening).
        judges: ids of the persons behind the numbers of judges, for who may know them.
    """

    rules: Mapping[str, Any]
    marks: Iterable[MarkLine] = ()
    attempts: Iterable[AttemptLine] = ()
    decided: tuple[DecidedMark, ...] = ()
    quorums: Mapping[int, int] = field(default_factory=dict)
    offsets: tuple[int, ...] = ()
    judges: Mapping[int, int] = field(default_factory=dict)


@runtime_checkable
class GivesEvidence(Protocol):
    """A kind of round whose rankings can be computed again from a dossier."""

    def evidence(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Evidence:
        """Marks or attempts behind a ranking, and the rules by which they count."""


@runtime_checkable
class MarkedByPeople(Protocol):
    """A kind of round in which people mark answers after the close."""

    def check_marked(self, round: Round, /) -> None:
        """Raise the sentence that says how many marks are missing before people can be ranked."""


@runtime_checkable
class FollowsRounds(Protocol):
    """A kind of round that may take its entries from an earlier round and has no window then."""

    def follows_another(self, round: Round, /) -> bool:
        """Whether this round opens by itself, with what an earlier one sends on."""


@runtime_checkable
class CountsAttempts(Protocol):
    """A kind of round in which an entry can have several attempts; elsewhere each counts once."""

    def attempt_counts(self, round: Round, /) -> Select[Any]:
        """`entry_id` and the number of finished `attempts` of each entry."""


@runtime_checkable
class SupposesResults(Protocol):
    """A kind of round whose results can be supposed otherwise, to see what would follow."""

    def supposed_key(self, key_codes: tuple[str, ...], /) -> str | None:
        """The ranking key whose value is asked for; None where nothing can be supposed."""

    def suppose(self, round: Round, key: str, results: Mapping[int, Decimal], /) -> list[int]:
        """Change results in a transaction that is undone; gives the entries that have others.

        Raises:
            RefusedResult: a result that nobody could have.
        """


@runtime_checkable
class SelectsScores(Protocol):
    """A kind of round whose score rows the database can make by itself, a million at once."""

    def score_select(
        self, round: Round, run_facts: Mapping[str, Any], key_codes: tuple[str, ...], /
    ) -> Select[Any] | None:
        """What `score_rows` gives, as one SELECT; None where there is nothing to rank.

        Columns: entry_id, division_id, points and max_points in ten-thousandths, key_1, key_2 …
        """


@dataclass(frozen=True, slots=True)
class RankKeyKind:
    """A thing by which entries may be compared.

    Attributes:
        code: what the round's list of keys keeps.
        label: its name as the rules print it.
        explanation: one sentence on what is better and how it is counted.
        kinds: kinds of rounds that can produce it.
        is_merit: it says how good an entry was; a ranking needs at least one such key where
            the kind has any.
        is_default: it belongs to the list that a new round begins with, in registration order.
    """

    code: str
    label: Words
    explanation: Words
    kinds: frozenset[ContestKind]
    is_merit: bool = False
    is_default: bool = False


_kinds: dict[ContestKind, RoundKind] = {}
_rank_keys: dict[str, RankKeyKind] = {}


def register_kind(kind: RoundKind) -> None:
    """Make a kind of round known; registering it again replaces it."""
    _kinds[kind.kind] = kind


def kind_of(round: Round) -> RoundKind:
    """The implementation of a round's kind.

    Raises:
        LookupError: nobody registered that kind.
    """
    return implementation(round.kind)


def implementation(kind: ContestKind) -> RoundKind:
    """The implementation of a kind, where there is no round at hand (a published snapshot).

    Raises:
        LookupError: nobody registered that kind.
    """
    try:
        return _kinds[kind]
    except KeyError:
        words = f"no room has registered rounds of kind {kind.value!r}"
        raise LookupError(words) from None


def register_rank_key(key: RankKeyKind) -> None:
    """Make a ranking key known; registering it again replaces it."""
    _rank_keys[key.code] = key


def rank_key(code: str) -> RankKeyKind | None:
    """A ranking key by its code."""
    return _rank_keys.get(code)


def rank_keys_for(kind: ContestKind) -> list[RankKeyKind]:
    """The keys that a kind of round can produce, in the order they were registered."""
    return [key for key in _rank_keys.values() if kind in key.kinds]


def default_rank_keys(kind: ContestKind) -> list[str]:
    """Codes of the keys with which a new round of a kind begins."""
    return [key.code for key in rank_keys_for(kind) if key.is_default][:MAX_RANK_KEYS]
