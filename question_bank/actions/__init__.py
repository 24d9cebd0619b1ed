"""Every change of the question bank; other rooms import from here."""

from question_bank.actions.accepting import accept_import, drop_import
from question_bank.actions.banks import (
    change_bank,
    change_topic,
    create_bank,
    create_topic,
    delete_topic,
    ensure_topic,
    merge_topic,
)
from question_bank.actions.exports import note_bank_exported
from question_bank.actions.imports import (
    begin_import,
    choose_duplicates,
    choose_row,
    convert_rows,
    fail_reading,
    finish_reading,
    forget_rows,
    import_file,
    mend_row,
    read_import,
    show_cells,
    stage_batch,
)
from question_bank.actions.media import keep_media
from question_bank.actions.questions import (
    Content,
    copy_question,
    create_question,
    revise_question,
)
from question_bank.actions.review import (
    change_state,
    change_states,
    resolve_comment,
    standing_of,
    write_comment,
)

__all__ = [
    "Content",
    "accept_import",
    "begin_import",
    "change_bank",
    "change_state",
    "change_states",
    "change_topic",
    "choose_duplicates",
    "choose_row",
    "convert_rows",
    "copy_question",
    "create_bank",
    "create_question",
    "create_topic",
    "delete_topic",
    "drop_import",
    "ensure_topic",
    "fail_reading",
    "finish_reading",
    "forget_rows",
    "import_file",
    "keep_media",
    "mend_row",
    "merge_topic",
    "note_bank_exported",
    "read_import",
    "resolve_comment",
    "revise_question",
    "show_cells",
    "stage_batch",
    "standing_of",
    "write_comment",
]
