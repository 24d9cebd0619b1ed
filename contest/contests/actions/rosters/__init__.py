"""Rosters: staged for the preview, taken, and activation codes for the people."""

from contest.contests.actions.rosters.codes import CodeSheet, CodeSlip, issue_roster_codes
from contest.contests.actions.rosters.records import NEW_UNIT
from contest.contests.actions.rosters.staging import (
    begin_roster,
    choose_units,
    convert_rows,
    create_all_missing_units,
    fail_reading,
    finish_reading,
    forget_rows,
    in_batches,
    keep_rows,
    mend_row,
    promise_reading,
    read_file_as_roster,
    stage_roster,
)
from contest.contests.actions.rosters.taking import (
    RosterOutcome,
    discard_roster,
    give_back,
    promise_roster,
    take_roster,
)

__all__ = [
    "NEW_UNIT",
    "CodeSheet",
    "CodeSlip",
    "RosterOutcome",
    "begin_roster",
    "choose_units",
    "convert_rows",
    "create_all_missing_units",
    "discard_roster",
    "fail_reading",
    "finish_reading",
    "forget_rows",
    "give_back",
    "in_batches",
    "issue_roster_codes",
    "keep_rows",
    "mend_row",
    "promise_reading",
    "promise_roster",
    "read_file_as_roster",
    "stage_roster",
    "take_roster",
]
