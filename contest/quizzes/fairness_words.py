"""Signs in plain words: what was found, what it can mean, and how it comes about innocently."""

from dataclasses import dataclass
from typing import Any, Final

from contest.core.errors import Words
from contest.core.i18n import format_number, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.models import FairnessSign, VerificationOutcome


@dataclass(frozen=True, slots=True)
class SignWords:
    """A sign for people: its name, how it is found, and innocent ways to it."""

    label: Words
    found_when: Words
    innocent: Words


SIGNS: Final[dict[FairnessSign, SignWords]] = {
    FairnessSign.FAST: SignWords(
        _l("Faster than reading"),
        _l(
            "Most answers are right, in a time in which nobody reads the questions: more than 600 "
            "words a minute over the questions that were new to this person. Good readers manage "
            "300."
        ),
        _l(
            "The person knew the questions from study material, from an earlier round or from "
            "somebody beside them; or worked on paper first and then pressed quickly."
        ),
    ),
    FairnessSign.ALIKE: SignWords(
        _l("Same answers as somebody else"),
        _l(
            "Two people gave the same answers, the same wrong ones among them, more often than the "
            "difficulty of the questions and the strength of both explain: in a hundred rounds of "
            "this size chance gives less than one such pair."
        ),
        _l(
            "Both learnt from the same wrong source, or a key in the material is wrong; two people "
            "discussed the questions before. It does not say who took it from whom."
        ),
    ),
    FairnessSign.DEVICE: SignWords(
        _l("Shared device and address"),
        _l(
            "Three or more people used the same kind of device behind the same network address. "
            "Groups of more than 40 are left out: those are networks of schools and offices."
        ),
        _l(
            "A family, a school's computer room, an office with equal computers, a colleague who "
            "lends a phone, a village house of culture. This is usual and allowed; alone it means "
            "nothing."
        ),
    ),
    FairnessSign.PREDICTIONS: SignWords(
        _l("Predictions shared out"),
        _l(
            "People behind one device and address predicted numbers in a row, as if they had "
            "shared the numbers out to hit the right one."
        ),
        _l("Friends who talked about the likely number and each took a neighbouring one."),
    ),
    FairnessSign.FOCUS: SignWords(
        _l("Left the page often"),
        _l("The page of the attempt was left ten times or more for another window or app."),
        _l(
            "Calls and messages, a phone that locks itself, a reader that enlarges the text, "
            "looking at allowed material."
        ),
    ),
}

OUTCOMES: Final[dict[VerificationOutcome, Words]] = {
    VerificationOutcome.CONFIRMED: _l("It confirms the result"),
    VerificationOutcome.DOUBTFUL: _l("Doubts remain"),
    VerificationOutcome.ABSENT: _l("The person did not come"),
}


def finding_words(sign: FairnessSign, figures: dict[str, Any]) -> str:
    """What was found about one person, with its figures and without anybody else's name."""
    if sign is FairnessSign.FAST:
        return _(
            "Attempt %(attempt)s: %(right)s of %(questions)s right in %(seconds)s s; %(words)s new "
            "words, that is %(speed)s words a minute.",
            **figures | {"seconds": format_number(figures["seconds"], 1)},
        )
    if sign is FairnessSign.ALIKE:
        return _(
            "Attempt %(attempt)s: of %(common)s questions that both answered, %(alike)s are "
            "answered alike, %(shared)s of them with the same wrong answer; %(expected)s alike "
            "were to be expected. The two handed in %(minutes)s minutes apart.",
            **figures | {"expected": format_number(figures["expected"], 1)},
        )
    if sign is FairnessSign.DEVICE:
        return ngettext(
            "%(num)s person used this device and address, up to %(at_once)s at the same time, in "
            "%(attempts)s attempts.",
            "%(num)s people used this device and address, up to %(at_once)s at the same time, in "
            "%(attempts)s attempts.",
            figures["people"],
            at_once=figures["at_once"],
            attempts=figures["attempts"],
        )
    if sign is FairnessSign.PREDICTIONS:
        return _(
            "Predicted %(own)s; %(people)s people of the group predicted %(first)s to %(last)s, "
            "each number once or more.",
            **figures,
        )
    return _("Attempt %(attempt)s: left %(times)s times.", **figures)
