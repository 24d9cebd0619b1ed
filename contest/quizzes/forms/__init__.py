"""Forms of quizzes: the shape of what people type."""

from contest.quizzes.forms.blueprints import (
    LEVELS,
    MatrixCell,
    MatrixRow,
    cell_name,
    read_cells,
    typed_cells,
)
from contest.quizzes.forms.decisions import (
    ExtraTimeForm,
    LaterCloseForm,
    PauseForm,
    WhoseForm,
)
from contest.quizzes.forms.reports import (
    ReceiptForm,
    ReplyForm,
    ReportForm,
    SettleForm,
)
from contest.quizzes.forms.sections import (
    SectionLine,
    read_section_lines,
    section_lines,
)
from contest.quizzes.forms.settings import (
    SettingsForm,
)

__all__ = [
    "LEVELS",
    "ExtraTimeForm",
    "LaterCloseForm",
    "MatrixCell",
    "MatrixRow",
    "PauseForm",
    "ReceiptForm",
    "ReplyForm",
    "ReportForm",
    "SectionLine",
    "SettingsForm",
    "SettleForm",
    "WhoseForm",
    "cell_name",
    "read_cells",
    "read_section_lines",
    "section_lines",
    "typed_cells",
]
