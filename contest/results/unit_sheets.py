"""Units in order: searched by words, and as a table for spreadsheets."""

from collections.abc import Iterator, Sequence

from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.core.vietnamese import fold
from contest.results.rules.unit_standings import StandingTerms, UnitStanding, above_each
from contest.results.rules.unit_words import reason, rounded


def found_units(lines: Sequence[UnitStanding], query: str) -> list[UnitStanding]:
    """Units whose path holds every word, marks not needed."""
    wanted = fold(query[:100]).split()
    if not wanted:
        return list(lines)
    return [line for line in lines if all(word in fold(" ".join(line.path)) for word in wanted)]


def standings_sheet(lines: Sequence[UnitStanding], terms: StandingTerms) -> Sheet:
    """Units in order as a table."""
    columns = [
        _("Place"),
        _("Place within the unit above"),
        _("Unit"),
        _("Persons"),
        _("Attempts or entries"),
        _("Mean of points"),
        _("Head-count"),
        _("Counted on"),
        _("Of the head-count"),
        _("Prizes"),
        _("Why this place"),
    ]
    widths = (8, 12, 60, 12, 12, 12, 14, 14, 14, 10, 60)
    return Sheet(_("Units in order"), columns, _rows(lines, terms), widths)


def _rows(lines: Sequence[UnitStanding], terms: StandingTerms) -> Iterator[list[TableCell]]:
    above = above_each(lines)
    for line in lines:
        mean = rounded(line.mean)
        yield [
            line.place,
            line.within,
            " › ".join(line.path) or _("No unit named"),
            line.persons,
            line.attempts,
            None if mean is None else float(mean),
            line.headcount,
            line.counted_on.isoformat() if line.counted_on else "",
            None if line.ratio is None else round(float(line.ratio), 4),
            line.winners,
            reason(line, above.get(line.place or 0), terms.keys),
        ]
