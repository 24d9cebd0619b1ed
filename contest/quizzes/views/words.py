"""The sentences that the attempt's script says, in the reader's language, as one JSON text."""

import json
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from contest.core.i18n import language
from contest.core.i18n import lazy_gettext as _l

_SENTENCES: Final = {
    "question": _l("Question {n}"),
    "of": _l("of {total}"),
    "prediction": _l("Prediction question"),
    "next_check": _l("Check and hand in"),
    "received": _l("Received {time}"),
    "last_received": _l("Last received: {time}"),
    "sending": _l("Sending…"),
    "answered": _l("Answered {n}"),
    "got": _l("Received {n}"),
    "waiting": _l("Waiting {n}"),
    "flagged": _l("To look at {n}"),
    "empty": _l("Empty {n}"),
    "is_answered": _l("answered"),
    "is_waiting": _l("waiting for the line"),
    "is_flagged": _l("marked to look at again"),
    "is_empty": _l("empty"),
    "five_minutes": _l("Five minutes left."),
    "one_minute": _l("One minute left."),
    "minute_short": _l("1 minute left"),
    "moved_title": _l("You have been given more time"),
    "moved_words": _l("The time now ends at {time}."),
    "paused_words": _l(
        "Decided by the organisers, until {time}. What you answer meanwhile is received as ever."
    ),
    "clock_again": _l("The clock is running again."),
    "all_answered": _l("Every question has an answer."),
    "some_empty": _l("Still empty: {n}. You can hand in all the same."),
    "some_waiting": _l("{n} answers wait for the line; they are sent first."),
    "handing_in": _l("Handing in…"),
    "hand_in_waits": _l("Handing in waits for the line"),
    "hand_in_waits_words": _l(
        "Leave this page open. As soon as the line is back, your answers are sent and handed in."
    ),
    "time_over": _l("The time is over"),
    "time_over_words": _l("Your answers are being handed in."),
    "time_over_offline": _l(
        "Your answers are kept on this device. They count if they arrive by {time}."
    ),
    "grace_over": _l("The line did not come back in time"),
    "grace_over_words": _l(
        "Your answers are kept on this device. When the line is back they are sent as evidence; "
        "only a decision of the organisers can make them count."
    ),
    "taken_title": _l("This attempt is open on another device"),
    "taken_words": _l("Nothing more is sent from here."),
    "taken_queue": _l("These answers were not received from this device:"),
    "taken_none": _l("Everything you answered here had been received."),
    "take_back": _l("Go on here"),
    "tab_title": _l("This attempt is open in another tab"),
    "tab_words": _l("Go on there, or load this page again to go on here."),
    "reload": _l("Go on here"),
    "late_title": _l("The time is over"),
    "late_words": _l(
        "These answers came too late to count. They are kept as evidence, and only a decision of "
        "the organisers can make them count:"
    ),
    "late_waits": _l("These answers still wait on this device for the line:"),
    "to_receipt": _l("To the receipt"),
    "signed_out_title": _l("Please sign in again"),
    "signed_out_words": _l("Your answers are kept on this device and are sent when you are back."),
    "sign_in": _l("Sign in"),
    "refused_title": _l("One answer could not be kept"),
    "refused_words": _l("Question {n}: please choose again."),
    "empty_title": _l("This question is still empty"),
    "empty_words": _l("There is no way back. Press once more to go on without an answer."),
    "adopted_title": _l("Answers of this device were found again"),
    "adopted_words": _l("They had not been received yet and are being sent now."),
    "old_title": _l("Answers of this device were not received"),
    "old_words": _l(
        "The attempt went on elsewhere in the meantime. Look at these questions again:"
    ),
    "next_section": _l("Go on to section {n}"),
    "section_check": _l("Check before you go on"),
    "section_empty": _l("Still empty in this section: {n}. There is no way back."),
    "section_full": _l("Every question of this section has an answer. There is no way back."),
    "section_waits": _l("The time of this section is over"),
    "section_waits_words": _l(
        "The next section opens as soon as the line is back. Leave this page open."
    ),
    "section_going": _l("Going on…"),
    "section_late": _l("One answer came too late for its section"),
    "section_late_words": _l("Question {n}: it is kept as evidence but not counted."),
    "storage_title": _l("This browser keeps nothing"),
    "storage_words": _l("Do not close or reload the page before everything is received."),
    "number_only": _l("Please write a whole number."),
}


_EVERY: Final = frozenset(_SENTENCES)
_OF_SECTIONS: Final = frozenset(name for name in _SENTENCES if "section" in name)
_OF_LATE: Final = frozenset({"question", "prediction", "late_words", "late_waits", "taken_queue"})


def attempt_words(*, with_sections: bool = False) -> Markup:
    """What stands in the page's `<template data-words>`; made once for each language."""
    return _written(language(), _EVERY if with_sections else _EVERY - _OF_SECTIONS)


def late_words() -> Markup:
    """The few of them that a page needs after the attempt has ended."""
    return _written(language(), _OF_LATE)


@lru_cache(maxsize=16)
def _written(_language: str, names: frozenset[str]) -> Markup:
    texts = {name: str(words) for name, words in _SENTENCES.items() if name in names}
    return escape(json.dumps(texts, ensure_ascii=False))
