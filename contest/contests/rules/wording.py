"""A contest in words: its window, who may take part, a draft of its rules, and plain text as HTML.

The rules (thể lệ) are plain text with three signs (# heading, - point, empty line = paragraph):
organisers paste them from Word, and nothing that could run in a browser can come in with them.
"""

import re
from datetime import datetime
from typing import Final

from markupsafe import Markup, escape

from contest.contests.kinds import rank_key
from contest.contests.models import Contest, Round, Unawarded
from contest.contests.rules.hours import closing_parts
from contest.contests.rules.stages import closes_at_midnight, ranked_rounds
from contest.core.i18n import format_date, format_instant
from contest.core.i18n import gettext as _

_POINT: Final = re.compile(r"^[-•*+–]\s+")
_HEADING: Final = re.compile(r"^#{1,3}\s*")


def prose(text: str) -> Markup:
    """Plain text as HTML: headings, points and paragraphs; every sign of the text is escaped."""
    parts: list[Markup] = []
    open_list: list[Markup] = []
    open_lines: list[Markup] = []

    def finish() -> None:
        if open_list:
            points = Markup("").join(Markup("<li>{}</li>").format(each) for each in open_list)
            parts.append(Markup("<ul>{}</ul>").format(points))
            open_list.clear()
        if open_lines:
            parts.append(Markup("<p>{}</p>").format(Markup("<br>").join(open_lines)))
            open_lines.clear()

    for line in text.split("\n"):
        bare = line.strip()
        if _HEADING.match(bare):
            finish()
            parts.append(Markup("<h3>{}</h3>").format(_HEADING.sub("", bare)))
        elif _POINT.match(bare):
            if open_lines:
                finish()
            open_list.append(escape(_POINT.sub("", bare)))
        elif bare:
            if open_list:
                finish()
            open_lines.append(escape(bare))
        else:
            finish()
    finish()
    return Markup("\n").join(parts)


def opening_words(instant: datetime | None) -> str:
    """An opening: "Thứ Hai, 23/11/2026, 10:00"."""
    return format_instant(instant)


def closing_words(instant: datetime | None) -> str:
    """A close that says whether the instant itself still counts.

    A midnight is the end of the day before, which rules write as "24 giờ"; any other instant is
    the first that no longer counts.
    """
    if instant is None:
        return ""
    if closes_at_midnight(instant):
        day, _hour = closing_parts(instant)
        return _("the end of %(day)s (24:00)", day=format_date(day, weekday=True))
    return _("%(instant)s, not later", instant=format_instant(instant))


def window_words(round: Round) -> str:
    """The window of a round in one line; says what is missing."""
    if round.opens_at is None or round.closes_at is None:
        return _("The times are not set yet.")
    return _(
        "From %(opening)s to %(closing)s",
        opening=opening_words(round.opens_at),
        closing=closing_words(round.closes_at),
    )


def age_words(least: int | None, greatest: int | None) -> str:
    """A span of ages: "from 16 to 30 years", "from 18 years", "to 30 years"; empty for none."""
    if least is not None and greatest is not None:
        return _("from %(least)s to %(greatest)s years", least=least, greatest=greatest)
    if least is not None:
        return _("from %(least)s years", least=least)
    if greatest is not None:
        return _("up to %(greatest)s years", greatest=greatest)
    return ""


def audience_words(contest: Contest) -> str:
    """Who may take part: the organiser's own words, else written from the settings."""
    if contest.audience:
        return contest.audience
    ages = age_words(contest.min_age, contest.max_age)
    if contest.open_to_all_units:
        who = _("Anybody %(ages)s", ages=ages) if ages else _("Anybody may take part")
    else:
        names = ", ".join(branch.unit.name for branch in contest.eligible_units)
        who = _("People of: %(units)s", units=names) + (f"; {ages}" if ages else "")
    return f"{who}."


def rank_key_lines(round: Round) -> list[str]:
    """The ranking keys of a round in order, each with its explanation."""
    known = [rank_key(each.code) for each in round.rank_keys]
    return [f"{key.label}: {key.explanation}" for key in known if key is not None]


def rules_draft(contest: Contest) -> str:
    """A first text of the rules from what has been set; the organiser goes on from there."""
    rounds = ranked_rounds(contest.rounds)
    parts = ["# " + _("Who may take part"), audience_words(contest)]
    if contest.divisions:
        parts += ["# " + _("Divisions")]
        parts += [
            f"- {each.name}: {age_words(each.min_age, each.max_age)}".rstrip(": ")
            for each in contest.divisions
        ]
    if contest.subject_matter:
        parts += ["# " + _("What it is about"), contest.subject_matter]
    if rounds:
        parts += ["# " + _("Rounds and times")]
        parts += [f"- {each.title}: {window_words(each)}" for each in rounds]
        parts += [_("Only the clock of the system decides.")]
        lines = rank_key_lines(rounds[0])
        if lines:
            parts += ["# " + _("Ranking"), _("People are compared in this order:")]
            parts += [f"- {line}" for line in lines]
    parts += ["# " + _("Prizes")]
    if contest.exclude_staff:
        parts += [
            _("Organisers, secretaries, judges and question authors of the contest win no prize.")
        ]
    if contest.one_prize_per_person:
        parts += [_("A person wins at most one prize in the contest.")]
    if contest.unawarded is Unawarded.NEXT_ROUND:
        parts += [_("A prize that nobody wins in a round is given in the next round.")]
    if contest.unawarded is Unawarded.OVERALL:
        parts += [_("A prize that nobody wins in a round is given over the total.")]
    if contest.contact:
        parts += ["# " + _("Contact"), contest.contact]
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    """Empty lines around headings and paragraphs, none between points."""
    text = ""
    previous = ""
    for part in parts:
        tight = part.startswith("- ") and previous.startswith("- ")
        text += ("" if not text else "\n" if tight else "\n\n") + part
        previous = part
    return text
