"""Rosters: staged for the preview, taken, and activation codes for the people."""

from contest.contests.actions.rosters.codes import CodeSheet, CodeSlip, issue_roster_codes
from contest.contests.actions.rosters.staging import (
    NEW_UNIT,
    choose_units,
    create_all_missing_units,
    mend_row,
    read_file_as_roster,
    stage_roster,
)
from contest.contests.actions.rosters.taking import RosterOutcome, discard_roster, take_roster

__all__ = [
    "NEW_UNIT",
    "CodeSheet",
    "CodeSlip",
    "RosterOutcome",
    "choose_units",
    "create_all_missing_units",
    "discard_roster",
    "issue_roster_codes",
    "mend_row",
    "read_file_as_roster",
    "stage_roster",
    "take_roster",
]
