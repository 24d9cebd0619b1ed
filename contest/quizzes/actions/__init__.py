"""Every change of the quizzes room; other rooms import from here."""

from contest.quizzes.actions.attempts import (
    Opened,
    open_on_device,
    start_attempt,
    submit_attempt,
)
from contest.quizzes.actions.closing import BATCH, close_attempts, close_overdue
from contest.quizzes.actions.decisions import (
    give_extra_time,
    move_topic,
    report_question,
    settle_report,
    settle_reports,
)
from contest.quizzes.actions.late import LateEffect, count_late, late_effects
from contest.quizzes.actions.pauses import move_close, pause_unit
from contest.quizzes.actions.rounds import (
    QuizSettings,
    copy_quiz,
    freeze_round,
    save_settings,
    settle_round,
)
from contest.quizzes.actions.saves import (
    SaveCode,
    SaveOutcome,
    receive_answer,
    save_answer,
    save_in_unit,
)
from contest.quizzes.actions.sections import go_on

__all__ = [
    "BATCH",
    "LateEffect",
    "Opened",
    "QuizSettings",
    "SaveCode",
    "SaveOutcome",
    "close_attempts",
    "close_overdue",
    "copy_quiz",
    "count_late",
    "freeze_round",
    "give_extra_time",
    "go_on",
    "late_effects",
    "move_close",
    "move_topic",
    "open_on_device",
    "pause_unit",
    "receive_answer",
    "report_question",
    "save_answer",
    "save_in_unit",
    "save_settings",
    "settle_report",
    "settle_reports",
    "settle_round",
    "start_attempt",
    "submit_attempt",
]
