"""A whole ranking as a table; of a sealed round codes alone."""

from collections.abc import Iterator

from contest.contests.models import ContestKind, RankRun, Round, ScoreStatus
from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.results import queries
from contest.results.queries import RankingLine
from contest.results.rules.words import KeyWords


def _who(line: RankingLine, *, essays: bool) -> list[TableCell]:
    if line.is_sealed:
        return [line.code]
    titles: list[TableCell] = [line.title, line.blind_code] if essays else []
    return [line.full_name, *titles, line.unit_path, line.code]


def _rows(round: Round, run: RankRun, words: KeyWords) -> Iterator[list[TableCell]]:
    divisions = {one.id: one.name for one in round.contest.divisions}
    status = {
        ScoreStatus.RANKED: "",
        ScoreStatus.NO_PRIZE: _("takes no prize"),
        ScoreStatus.DISQUALIFIED: _("disqualified"),
    }
    essays = round.kind is ContestKind.ESSAY
    for line in queries.ranking_lines(run):
        yield [
            line.place,
            *_who(line, essays=essays),
            divisions.get(line.division_id or 0, ""),
            float(line.points),
            *(words.shown(position, line.keys) for position in range(len(run.keys))),
            *([] if line.is_sealed else [status[line.status]]),
        ]


def ranking_sheet(round: Round, run: RankRun) -> Sheet:
    """A whole ranking as a table."""
    words = KeyWords(round.kind, tuple(run.keys))
    sealed = queries.is_sealed(round)
    titles = [_("Title of the essay"), _("Code")] if round.kind is ContestKind.ESSAY else []
    who = [_("Code")] if sealed else [_("Full name"), *titles, _("Unit"), _("Contestant code")]
    columns = [
        _("Place"),
        *who,
        _("Division"),
        _("Points"),
        *words.labels,
        *([] if sealed else [_("Status")]),
    ]
    widths = (
        8,
        *([16] if sealed else [32, *(30 for _title in titles), 60, 16]),
        16,
        10,
        *(18 for _label in words.codes),
        18,
    )
    return Sheet(_("Ranking"), columns, _rows(round, run, words), widths)
