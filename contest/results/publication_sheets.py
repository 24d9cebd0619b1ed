"""Published results as sheets: all of them in Excel or in a zip of CSV files."""

from collections.abc import Iterator, Sequence

from contest.contests.models import ContestKind
from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.results.rules.extra_snapshots import PublishedExtra
from contest.results.rules.snapshots import Published
from contest.results.rules.total_snapshots import PublishedTotals
from contest.results.rules.words import KeyWords, prize_name
from contest.results.unit_sheets import standings_sheet


def words_of(said: Published) -> KeyWords:
    """Words for the keys of a published ranking."""
    return KeyWords(ContestKind(said.round_kind), said.keys)


def _winner_rows(said: Published) -> Iterator[list[TableCell]]:
    words = words_of(said)
    for winner in said.winners:
        level = said.level_of(winner)
        yield [
            winner.place,
            winner.names,
            *([winner.title] if is_essay(said) else []),
            " › ".join(winner.path),
            winner.division,
            prize_name(level.code, level.name),
            winner.money,
            *(words.shown(position, winner.keys) for position in range(len(said.keys))),
        ]


def is_essay(said: Published) -> bool:
    """Whether essays were published."""
    return said.round_kind == ContestKind.ESSAY


def _extra_sheets(extras: Sequence[PublishedExtra]) -> list[Sheet]:
    if not extras:
        return []
    heads = [_("Prize"), _("Name or unit"), _("Unit"), _("What it was given for"), _("Amount (đ)")]
    rows = (row for one in extras for row in _extra_rows(one))
    return [Sheet(_("Unit prizes and side prizes"), heads, rows, (32, 40, 60, 40, 14))]


def _extra_rows(one: PublishedExtra) -> Iterator[list[TableCell]]:
    for unit in one.units:
        above = " › ".join(unit.path[1:])
        yield [one.name, unit.path[0], above, one.value(unit), unit.money]
    for winner in one.winners:
        yield [one.name, winner.names, " › ".join(winner.path), one.terms, winner.money]


def _honour_sheets(said: Published) -> list[Sheet]:
    if not said.honours:
        return []
    return [
        Sheet(
            _("Honoured persons"),
            [_("Full name"), _("Unit"), _("Why this person is honoured")],
            ([line.name, line.unit, line.citation] for line in said.honours),
            (32, 60, 80),
        )
    ]


def _standing_sheets(said: Published | PublishedTotals) -> list[Sheet]:
    if said.standings is None:
        return []
    return [standings_sheet(said.standings.lines, said.standings.terms)]


def result_sheets(said: Published) -> list[Sheet]:
    """Winners first, then prizes beside the levels, honours, units, and the answer key."""
    words = words_of(said)
    return [
        Sheet(
            _("Winners"),
            [
                _("Place"),
                _("Full name"),
                *([_("Title of the essay")] if is_essay(said) else []),
                _("Unit"),
                _("Division"),
                _("Prize"),
                _("Amount (đ)"),
                *words.labels,
            ],
            _winner_rows(said),
            (8, 32, *([48] if is_essay(said) else []), 60, 16, 20, 14, *(16 for _c in said.keys)),
        ),
        *_extra_sheets(said.extras),
        *_honour_sheets(said),
        *_standing_sheets(said),
        Sheet(
            _("By unit"),
            [_("Unit"), _("Persons"), _("Attempts"), _("Head-count")],
            (
                [
                    " › ".join(line.path) or _("No unit named"),
                    line.persons,
                    line.attempts,
                    line.headcount,
                ]
                for line in said.branches
            ),
            (60, 14, 14, 14),
        ),
        Sheet(
            _("Single units"),
            [_("Unit"), _("Persons"), _("Attempts")],
            (
                [" › ".join(line.path) or _("No unit named"), line.persons, line.attempts]
                for line in said.units
            ),
            (80, 14, 14),
        ),
        Sheet(
            _("Answer key"),
            [_("Question number"), _("Question"), _("Right answer"), _("Explanation"), _("Source")],
            (
                [line.number, line.stem, "; ".join(line.answers), line.explanation, line.source]
                for line in said.answers
            ),
            (10, 80, 60, 60, 40),
        ),
    ]


def total_sheets(said: PublishedTotals) -> list[Sheet]:
    """Places with the points of each round, the prizes over the total, and the units."""
    return [
        Sheet(
            _("Total"),
            [
                _("Place"),
                _("Full name"),
                _("Unit"),
                _("Division"),
                *(one.title for one in said.rounds),
                _("Total"),
            ],
            _total_rows(said),
            (8, 32, 60, 16, *(14 for _one in said.rounds), 14),
        ),
        Sheet(
            _("Prizes"),
            [_("Place"), _("Full name"), _("Unit"), _("Division"), _("Prize"), _("Amount (đ)")],
            (
                [
                    winner.place,
                    winner.names,
                    " › ".join(winner.path),
                    winner.division,
                    prize_name(said.level_of(winner).code, said.level_of(winner).name),
                    winner.money,
                ]
                for winner in said.winners
            ),
            (8, 32, 60, 16, 20, 14),
        ),
        *_extra_sheets(said.extras),
        *_standing_sheets(said),
    ]


def _total_rows(said: PublishedTotals) -> Iterator[list[TableCell]]:
    for line in said.lines:
        points = [None if part is None else float(part[2]) for part in line.parts]
        unit = " › ".join(line.path)
        yield [line.place, line.name, unit, line.division, *points, float(line.total)]
