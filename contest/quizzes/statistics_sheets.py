"""Item statistics as tables for spreadsheets: the questions, their options, and the paper."""

from collections.abc import Iterator, Sequence

from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.quizzes.queries.statistics import ItemLine, RoundFigures
from question_bank.statistics import PaperFigures


def _rounded(value: float | None, places: int = 4) -> TableCell:
    return None if value is None else round(value, places)


def item_sheet(lines: Sequence[ItemLine]) -> Sheet:
    """A row for each question."""
    columns = [
        _("No."),
        _("Question"),
        _("Attempts"),
        _("Facility, %"),
        _("Standard deviation, %"),
        _("Discrimination"),
        _("Efficiency, %"),
        _("Intended weight, %"),
        _("Effective weight, %"),
        _("What stands out"),
    ]
    rows = (
        [
            line.number,
            line.stem,
            line.figures.attempts,
            _rounded(None if line.figures.facility is None else 100 * line.figures.facility),
            _rounded(line.figures.sd_percent),
            _rounded(line.figures.discrimination_index),
            _rounded(line.figures.discriminative_efficiency),
            _rounded(line.figures.intended_weight),
            _rounded(line.figures.effective_weight),
            " ".join(str(each.words) for each in line.verdicts),
        ]
        for line in lines
    )
    return Sheet(_("Questions"), columns, rows, (6, 60, 10, 12, 12, 12, 12, 12, 12, 60))


def option_sheet(lines: Sequence[ItemLine]) -> Sheet:
    """A row for each option, by thirds of the attempts."""
    columns = [
        _("No."),
        _("Option"),
        _("Words of the option"),
        _("Right answer"),
        _("Bottom third"),
        _("Middle third"),
        _("Top third"),
        _("All"),
    ]
    return Sheet(_("Options"), columns, _option_rows(lines), (6, 10, 60, 12, 12, 12, 12, 12))


def _option_rows(lines: Sequence[ItemLine]) -> Iterator[list[TableCell]]:
    for line in lines:
        for option in line.options:
            count = option.count
            yield [
                line.number,
                option.letter,
                option.words or _("no answer"),
                _("yes") if option.is_key else "",
                count.bottom,
                count.middle,
                count.top,
                count.total,
            ]


def paper_lines(figures: PaperFigures) -> list[tuple[str, float | None]]:
    """The paper's figures with their names, in the order of the page."""
    return [
        (_("Mean, points"), figures.mean),
        (_("Median, points"), figures.median),
        (_("Standard deviation, points"), figures.sd),
        (_("Internal consistency (α), %"), figures.cic),
        (_("Error ratio, %"), figures.error_ratio),
        (_("Standard error, points"), figures.standard_error),
        (_("Skewness"), figures.skewness),
        (_("Kurtosis"), figures.kurtosis),
    ]


def paper_sheet(found: RoundFigures) -> Sheet:
    """The figures of the paper, a row for each."""
    rows: list[list[TableCell]] = [[_("Attempts"), found.attempts]]
    rows += [[name, _rounded(value, 6)] for name, value in paper_lines(found.figures)]
    return Sheet(_("Paper"), [_("Figure"), _("Value")], rows, (40, 16))
