"""Every change of the question bank; other rooms import from here."""

from question_bank.actions.accepting import accept_import, drop_import
from question_bank.actions.banks import (
    change_bank,
    change_topic,
    create_bank,
    create_topic,
    delete_topic,
    ensure_topic,
    hand_over_bank,
    merge_topic,
)
from question_bank.actions.bulk import (
    BATCH,
    begin_bulk,
    change_batch,
    drop_bulk,
    end_bulk,
    plan_bulk,
    set_wanted,
    undo_batch,
)
from question_bank.actions.duplicates import decide_pair, keep_pairs
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
from question_bank.actions.sharing import (
    delete_filter,
    end_share,
    save_filter,
    share_bank,
)
from question_bank.actions.sources import (
    SourceValues,
    delete_source,
    link_sources,
    put_source,
)

__all__ = [
    "BATCH",
    "Content",
    "SourceValues",
    "accept_import",
    "begin_bulk",
    "begin_import",
    "change_bank",
    "change_batch",
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
    "decide_pair",
    "delete_filter",
    "delete_source",
    "delete_topic",
    "drop_bulk",
    "drop_import",
    "end_bulk",
    "end_share",
    "ensure_topic",
    "fail_reading",
    "finish_reading",
    "forget_rows",
    "hand_over_bank",
    "import_file",
    "keep_media",
    "keep_pairs",
    "link_sources",
    "mend_row",
    "merge_topic",
    "note_bank_exported",
    "plan_bulk",
    "put_source",
    "read_import",
    "resolve_comment",
    "revise_question",
    "save_filter",
    "set_wanted",
    "share_bank",
    "show_cells",
    "stage_batch",
    "standing_of",
    "undo_batch",
    "write_comment",
]
