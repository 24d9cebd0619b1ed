"""Every change of the judging room; other rooms import from here."""

from contest.judging.actions.assigning import new_seed, preview_assignment, take_assignment
from contest.judging.actions.juries import (
    answer_invitation,
    declare_conflict,
    invite_juror,
    leave_jury,
    set_seat,
    withdraw_conflict,
)
from contest.judging.actions.marking import (
    MarkInput,
    abstain,
    add_note,
    finish_sheet,
    remove_note,
    save_sheet,
)
from contest.judging.actions.rubrics import (
    CriterionValues,
    JudgingSettings,
    copy_rubric,
    discard_rubric,
    save_rubric,
)
from contest.judging.actions.settling import close_marking, decide_work, settle_work

__all__ = [
    "CriterionValues",
    "JudgingSettings",
    "MarkInput",
    "abstain",
    "add_note",
    "answer_invitation",
    "close_marking",
    "copy_rubric",
    "decide_work",
    "declare_conflict",
    "discard_rubric",
    "finish_sheet",
    "invite_juror",
    "leave_jury",
    "new_seed",
    "preview_assignment",
    "remove_note",
    "save_rubric",
    "save_sheet",
    "set_seat",
    "settle_work",
    "take_assignment",
    "withdraw_conflict",
]
