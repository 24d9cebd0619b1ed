"""Everything the submissions room changes."""

from contest.submissions.actions.advancing import advance_works
from contest.submissions.actions.authors import Coauthor, set_coauthors
from contest.submissions.actions.blind_codes import (
    ask_for_codes,
    complete_codes,
    make_blind_codes,
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
    "Saved",
    "add_document",
    "add_field",
    "add_field_file",
    "add_picture",
    "advance_works",
    "ask_for_codes",
    "ask_for_copies",
    "complete_codes",
    "copy_settings",
    "create_work",
    "describe_file",
    "discard_settings",
    "edit_field",
    "judge_copy",
    "keep_consents",
    "keep_copies",
    "link_subject",
    "make_blind_codes",
    "move_field",
    "read_code_table",
    "remove_field",
    "remove_file",
    "restore_version",
    "save_draft",
    "save_settings",
    "screen_work",
    "set_coauthors",
    "set_masked",
    "submit_work",
    "take_template",
    "withdraw_work",
]
