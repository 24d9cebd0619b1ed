"""Everything the submissions room changes."""

from contest.submissions.actions.advancing import advance_works
from contest.submissions.actions.authors import Coauthor, set_coauthors
from contest.submissions.actions.blind_codes import (
    ask_for_codes,
    complete_codes,
    make_blind_codes,
    note_pair_opened,
    note_work_opened,
    read_code_table,
    set_masked,
)
from contest.submissions.actions.drafts import Draft, Saved, restore_version, save_draft
from contest.submissions.actions.entry_forms import (
    add_field,
    edit_field,
    move_field,
    remove_field,
    take_template,
)
from contest.submissions.actions.field_files import add_field_file
from contest.submissions.actions.files import (
    add_document,
    add_picture,
    describe_file,
    remove_file,
)
from contest.submissions.actions.hiding import hide_field
from contest.submissions.actions.late_codes import (
    issue_late_code,
    use_late_code,
    withdraw_late_code,
)
from contest.submissions.actions.paper import (
    Paper,
    add_scan,
    correct_paper,
    enter_paper,
    remove_scan,
    show_scan,
)
from contest.submissions.actions.receipts import keep_consents, submit_work, withdraw_work
from contest.submissions.actions.rounds import (
    EssaySettings,
    copy_settings,
    discard_settings,
    save_settings,
)
from contest.submissions.actions.screening import (
    ask_for_copies,
    judge_copy,
    keep_copies,
    screen_work,
)
from contest.submissions.actions.subjects import link_subject
from contest.submissions.actions.works import create_work

__all__ = [
    "Coauthor",
    "Draft",
    "EssaySettings",
    "Paper",
    "Saved",
    "add_document",
    "add_field",
    "add_field_file",
    "add_picture",
    "add_scan",
    "advance_works",
    "ask_for_codes",
    "ask_for_copies",
    "complete_codes",
    "copy_settings",
    "correct_paper",
    "create_work",
    "describe_file",
    "discard_settings",
    "edit_field",
    "enter_paper",
    "hide_field",
    "issue_late_code",
    "judge_copy",
    "keep_consents",
    "keep_copies",
    "link_subject",
    "make_blind_codes",
    "move_field",
    "note_pair_opened",
    "note_work_opened",
    "read_code_table",
    "remove_field",
    "remove_file",
    "remove_scan",
    "restore_version",
    "save_draft",
    "save_settings",
    "screen_work",
    "set_coauthors",
    "set_masked",
    "show_scan",
    "submit_work",
    "take_template",
    "use_late_code",
    "withdraw_late_code",
    "withdraw_work",
]
