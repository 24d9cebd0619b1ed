"""Every change of the question bank; other rooms import from here."""

from question_bank.actions.banks import (
    change_bank,
    change_topic,
    create_bank,
    create_topic,
    delete_topic,
    ensure_topic,
    merge_topic,
)
from question_bank.actions.questions import (
    Content,
    change_state,
    change_states,
    copy_question,
    create_question,
    revise_question,
    write_comment,
)

__all__ = [
    "Content",
    "change_bank",
    "change_state",
    "change_states",
    "change_topic",
    "copy_question",
    "create_bank",
    "create_question",
    "create_topic",
    "delete_topic",
    "ensure_topic",
    "merge_topic",
    "revise_question",
    "write_comment",
]
