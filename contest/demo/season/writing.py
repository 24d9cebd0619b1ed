"""Essays about exemplary people, written from patterns: a crowd of texts that read like texts.

The patterns lie in `sentences/*.txt`, a line each, so that somebody who writes well can mend them
without reading Python. A pattern is a row of choices that stand close together; two essays that
meet in a pattern therefore still differ in most of its words.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from contest.core.vietnamese import count_words

SENTENCES: Final = Path(__file__).with_name("sentences")
LEAST_WORDS: Final = 600
MOST_WORDS: Final = 1_200
_CHOICE: Final = re.compile(r"\(([^()]*)\)")
_SLOT: Final = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")
_FIRST_LETTER: Final = re.compile(r"^[“ ]*[^\W\d_]")
_ORDER: Final = (
    *("opening", "who", "past", "tale", "work", "character", "tale", "result", "voice"),
    *("tale", "teaching", "lesson", "closing"),
)
_LEAST: Final = {
    "opening": 2,
    "who": 2,
    "past": 2,
    "work": 2,
    "character": 1,
    "result": 1,
    "voice": 1,
    "teaching": 1,
    "lesson": 1,
    "closing": 1,
}
_MOST: Final = {
    "opening": 3,
    "who": 5,
    "past": 5,
    "work": 3,
    "character": 4,
    "result": 3,
    "voice": 4,
    "teaching": 3,
    "lesson": 4,
    "closing": 2,
}
_WORDS_OF_A_TALE: Final = 330
_OF_THE_TALE: Final = ("b", "be")

Pattern = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody written about.

    Attributes:
        calling: a key of `work.txt`.
        kin: how people address them ("chị").
        work: what they are, in words.
        place: where they work.
        years: in that work.
    """

    full_name: str
    calling: str
    kin: str
    work: str
    place: str
    commune: str
    hamlet: str
    years: int
    age: int

    @property
    def facts(self) -> dict[str, str]:
        """What patterns may say about them."""
        given = self.full_name.rsplit(" ", 1)[-1]
        return {
            "ho": self.full_name,
            "ten": given,
            "ai": f"{self.kin} {given}",
            "ca": f"{self.kin} {' '.join(self.full_name.split()[-2:])}",
            "a": self.kin,
            "nghe": self.work,
            "noi": self.place,
            "xa": self.commune,
            "thon": self.hamlet,
            "nam": str(self.years),
            "tuoi": str(self.age),
        }


@dataclass(frozen=True, slots=True)
class Text:
    """An essay as its author typed it; a paragraph is a string."""

    title: str
    paragraphs: tuple[str, ...]
    reason: str

    @property
    def words(self) -> int:
        """How long it is, as the room counts."""
        return count_words("\n".join(self.paragraphs))


@dataclass(frozen=True, slots=True)
class Book:
    """Every pattern, by section, and the pools of words."""

    frame: dict[str, list[Pattern]]
    work: dict[str, list[Pattern]]
    tales: dict[str, list[Pattern]]
    pools: dict[str, tuple[str, ...]]
    lines: dict[str, list[Pattern]] = field(default_factory=dict)

    @property
    def patterns(self) -> int:
        """How many sentence patterns there are."""
        return sum(
            len(each) for part in (self.frame, self.work, self.tales) for each in part.values()
        )


def _sections(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in (SENTENCES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            here = found.setdefault(line[3:].strip(), [])
        elif line and not line.startswith("#"):
            here.append(line)
    return found


def _pattern(line: str) -> Pattern:
    """Choices in a row; plain words are a choice of one."""
    return tuple(
        tuple(part.split("|")) if place % 2 else (part,)
        for place, part in enumerate(_CHOICE.split(line))
        if part
    )


def _patterns(sections: Mapping[str, Sequence[str]]) -> dict[str, list[Pattern]]:
    return {key: [_pattern(line) for line in lines] for key, lines in sections.items()}


@cache
def book() -> Book:
    """The patterns, read once."""
    pools = _sections("pools.txt")
    lines = {key: pools.pop(key) for key in ("title", "reason")}
    return Book(
        frame=_patterns(_sections("frame.txt")),
        work=_patterns(_sections("work.txt")),
        tales=_patterns(_sections("tales.txt")),
        pools={key: tuple("|".join(rows).split("|")) for key, rows in pools.items()},
        lines=_patterns(lines),
    )


def _one(options: Sequence[str], chance: random.Random) -> str:
    return options[int(chance.random() * len(options))]


def _say(pattern: Pattern, facts: Mapping[str, str], chance: random.Random) -> str:
    """One sentence of a pattern, beginning with a capital."""
    pools = book().pools
    called = (facts["ai"], facts["ai"], facts["ai"], facts["ca"], f"{facts['a']} ấy")

    def fill(slot: re.Match[str]) -> str:
        name, least, most = slot.groups()
        if least:
            return str(int(least) + int(chance.random() * (int(most) - int(least) + 1)))
        if name == "ai":
            return _one(called, chance)
        return facts.get(name) or _one(pools[name], chance)

    raw = "".join(_one(options, chance) for options in pattern)
    said = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(_SLOT.sub(fill, raw).split()))
    return _FIRST_LETTER.sub(lambda first: first[0].upper(), said)


def write(subject: Subject, chance: random.Random, *, words: int) -> Text:
    """An essay about somebody.

    Args:
        subject: the person written about.
        chance: the same stream writes the same essay.
        words: about how long; the essay has from 600 to 1,200 words in any case.
    """
    pages = book()
    facts = subject.facts
    tales = chance.sample(sorted(pages.tales), max(1, min(3, words // _WORDS_OF_A_TALE)))
    drawn = {
        key: chance.sample(rows, min(_MOST[key], len(rows)))
        for key, rows in (*pages.frame.items(), ("work", pages.work[subject.calling]))
    }
    told = {
        key: [_say(each, facts, chance) for each in rows[: _LEAST[key]]]
        for key, rows in drawn.items()
    }
    stories = [_tale(pages.tales[key], facts, chance) for key in tales]
    total = sum(count_words(line) for rows in (*told.values(), *stories) for line in rows)
    more = [key for key, rows in drawn.items() for _each in rows[_LEAST[key] :]]
    chance.shuffle(more)
    for key in more:
        line = _say(drawn[key][len(told[key])], facts, chance)
        longer = total + count_words(line)
        if total >= words or longer > MOST_WORDS:
            break
        told[key].append(line)
        total = longer
    paragraphs: list[str] = []
    for key in _ORDER:
        if key != "tale":
            paragraphs.append(" ".join(told[key]))
        elif stories:
            paragraphs.append(" ".join(stories.pop()))
    return Text(
        title=_say(_one_of(pages.lines["title"], chance), facts, chance),
        paragraphs=tuple(paragraphs),
        reason=_say(_one_of(pages.lines["reason"], chance), facts, chance),
    )


def _tale(rows: Sequence[Pattern], facts: Mapping[str, str], chance: random.Random) -> list[str]:
    """A story told in order, its people the same from line to line."""
    pools = book().pools
    own = {name: _one(pools[name], chance) for name in _OF_THE_TALE}
    return [_say(each, {**facts, **own}, chance) for each in rows]


def _one_of(rows: Sequence[Pattern], chance: random.Random) -> Pattern:
    return rows[int(chance.random() * len(rows))]
