"""Every change of the judging room; other rooms import from here."""

from contest.judging.actions.assigning import (
    draw_proposal,
    new_seed,
    preview_assignment,
    take_assignment,
)
from contest.judging.actions.calibration import (
    add_calibration,
    mark_calibration,
    remove_calibration,
)
from contest.judging.actions.exports import EXPORT_JOB, ask_for_export, note_export_fetched
from contest.judging.actions.extras import call_extras, decide_check, draw_checks, leave_out
from contest.judging.actions.handing import move_sheets
from contest.judging.actions.juries import (
    Letter,
    answer_invitation,
    declare_conflict,
    invite_juror,
    leave_jury,
    release_seats,
    set_seat,
    withdraw_conflict,
)
from contest.judging.actions.jury_lists import (
    discard_jury_list,
    stage_jury_list,
    take_jury_list,
)
from contest.judging.actions.marking import (
    MarkInput,
    abstain,
    add_note,
    finish_sheet,
    remove_note,
    save_sheet,
)
from contest.judging.actions.refused import keep_refused
from contest.judging.actions.remarks import pass_remark
from contest.judging.actions.reminders import remind_late_judges, set_reminders
from contest.judging.actions.rubrics import (
    CriterionValues,
    JudgingSettings,
    copy_rubric,
    discard_rubric,
    save_rubric,
)
from contest.judging.actions.settling import (
    close_marking,
    decide_work,
    lower_quorum,
    settle_work,
)
from contest.judging.actions.stages import (
    add_final_stage,
    call_band,
    send_shortlist,
    set_shortlist_size,
)

__all__ = [
    "EXPORT_JOB",
    "CriterionValues",
    "JudgingSettings",
    "Letter",
    "MarkInput",
    "abstain",
    "add_calibration",
    "add_final_stage",
    "add_note",
    "answer_invitation",
    "ask_for_export",
    "call_band",
    "call_extras",
    "close_marking",
    "copy_rubric",
    "decide_check",
    "decide_work",
    "declare_conflict",
    "discard_jury_list",
    "discard_rubric",
    "draw_checks",
    "draw_proposal",
    "finish_sheet",
    "invite_juror",
    "keep_refused",
    "leave_jury",
    "leave_out",
    "lower_quorum",
    "mark_calibration",
    "move_sheets",
    "new_seed",
    "note_export_fetched",
    "pass_remark",
    "preview_assignment",
    "release_seats",
    "remind_late_judges",
    "remove_calibration",
    "remove_note",
    "save_rubric",
    "save_sheet",
    "send_shortlist",
    "set_reminders",
    "set_seat",
    "set_shortlist_size",
    "settle_work",
    "stage_jury_list",
    "take_assignment",
    "take_jury_list",
    "withdraw_conflict",
]
