"""How the marks of a work become one, in the words in which a contest's rules print it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import format_count, format_percent, format_points, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.judging.models import JudgedRound, ResolutionMethod, ResolutionRule
from contest.judging.rules.adjudication import TRIMMED_FROM, Limits

RULE_LABELS: Final[dict[ResolutionRule, Words]] = {
    ResolutionRule.PROTOCOL: _l("By steps: the mean, a discussion, a third judge, the panel"),
    ResolutionRule.MEAN: _l("The mean of all marks"),
    ResolutionRule.THIRD: _l("The mean of two; where they differ, the third judge decides"),
    ResolutionRule.MEAN_OF_THREE: _l("The mean of two; where they differ, the mean of three"),
    ResolutionRule.CLOSEST: _l("The mean of the two marks that are closest to each other"),
    ResolutionRule.MEDIAN: _l("The middle mark (median)"),
    ResolutionRule.TRIMMED: _l("The mean without the highest and the lowest mark"),
    ResolutionRule.WITHOUT_FAR: _l("The mean without marks far from the others"),
}

METHOD_LABELS: Final[dict[ResolutionMethod, Words]] = {
    ResolutionMethod.MEAN: _l("mean of the marks"),
    ResolutionMethod.AGREED: _l("agreed by the judges, with minutes"),
    ResolutionMethod.EQUAL_PAIR: _l("two equal marks of three"),
    ResolutionMethod.MEAN_OF_THREE: _l("mean of three marks"),
    ResolutionMethod.THIRD: _l("mark of the third judge"),
    ResolutionMethod.CLOSEST: _l("mean of the two closest marks"),
    ResolutionMethod.MEDIAN: _l("middle mark"),
    ResolutionMethod.TRIMMED: _l("mean without the highest and the lowest mark"),
    ResolutionMethod.WITHOUT_FAR: _l("mean without marks far from the others"),
    ResolutionMethod.CHIEF: _l("decided by the chief judge, with minutes"),
    ResolutionMethod.PANEL: _l("marked by the panel, with minutes"),
    ResolutionMethod.APPEAL: _l("marked again after an appeal"),
}

_TWO: Final = 2


def resolution_sentences(judged: JudgedRound, scale: Decimal) -> list[str]:
    """The round's way from marks to the mark, a sentence for each step.

    Args:
        judged: the round.
        scale: the most points of a work; limits are said in points of it.
    """
    limits = Limits(scale, judged.agree_limit, judged.third_limit, judged.spread_limit)
    marks = judged.marks_per_work
    first = ngettext(
        "%(num)s judge marks each work, without knowing who wrote it.",
        "%(num)s judges mark each work, each alone, without knowing who wrote it.",
        marks,
    )
    following = [] if marks == 1 else _STEPS[judged.resolution](limits, marks)
    if judged.by_criterion and marks == _TWO and judged.resolution is not ResolutionRule.MEAN:
        following.append(
            _(
                "The two are held against these limits on each criterion too, as shares of its "
                "points."
            )
        )
    last = _("The mark is rounded to two decimals; marks on the sheets are never changed.")
    return [first, *following, *_checks(judged), last]


def _checks(judged: JudgedRound) -> list[str]:
    said = []
    if judged.check_share > 0:
        said.append(
            _(
                "At least %(share)s of the works are marked once more as a check, always with the "
                "%(top)s best among them; where a check lies beyond the limit for a third marking, "
                "the jury looks at the mark again, with minutes.",
                share=format_percent(judged.check_share),
                top=format_count(judged.check_top),
            )
        )
    if judged.gives_comments:
        said.append(_("Chosen remarks of judges may reach the authors, without the judge’s name."))
    return said


def _points(limits: Limits, share: Decimal) -> str:
    return format_points((limits.scale * share).normalize())


def _protocol(limits: Limits, marks: int) -> list[str]:
    agree, third = _points(limits, limits.agree), _points(limits, limits.third)
    spread = _points(limits, limits.spread)
    if marks != _TWO:
        return [
            _(
                "Their mean counts when they lie within %(spread)s points of each other; else the "
                "panel marks the work together.",
                spread=spread,
            )
        ]
    return [
        _("Where the two differ by less than %(agree)s points, their mean counts.", agree=agree),
        _(
            "From %(agree)s to %(third)s points the two discuss the work, with minutes; where they "
            "cannot agree, the chief judge decides.",
            agree=agree,
            third=third,
        ),
        _(
            "Beyond %(third)s points a third judge marks. Two equal marks of three count; else the "
            "mean of three, when they lie within %(spread)s points; else the panel marks the work "
            "together.",
            third=third,
            spread=spread,
        ),
    ]


def _mean(limits: Limits, marks: int) -> list[str]:
    del limits, marks
    return [_("The mean of all marks counts.")]


def _trimmed(limits: Limits, marks: int) -> list[str]:
    del limits, marks
    return [
        _(
            "The highest and the lowest mark are left out, and the mean of the others counts; "
            "where fewer than %(fewest)s could mark a work, the mean of all.",
            fewest=format_count(TRIMMED_FROM),
        )
    ]


def _without_far(limits: Limits, marks: int) -> list[str]:
    del marks
    return [
        _(
            "A mark more than %(spread)s points from the mean of all is left out, once, and the "
            "mean of the others counts; where that would leave none, the panel marks the work "
            "together.",
            spread=_points(limits, limits.spread),
        )
    ]


@dataclass(frozen=True, slots=True)
class _Then:
    """What follows beyond the limit where there are two marks, and what counts of several."""

    beyond: Words
    several: Words = ""

    def __call__(self, limits: Limits, marks: int) -> list[str]:
        """The sentences."""
        if marks != _TWO:
            return [str(self.several)]
        third = _points(limits, limits.third)
        up_to = _("Up to a difference of %(third)s points the mean of the two counts.", third=third)
        return [up_to, str(self.beyond)]


_STEPS: Final[dict[ResolutionRule, Callable[[Limits, int], list[str]]]] = {
    ResolutionRule.PROTOCOL: _protocol,
    ResolutionRule.MEAN: _mean,
    ResolutionRule.THIRD: _Then(_l("Beyond it a third judge marks, and that mark counts.")),
    ResolutionRule.MEAN_OF_THREE: _Then(
        _l("Beyond it a third judge marks, and the mean of the three counts.")
    ),
    ResolutionRule.CLOSEST: _Then(
        _l("Beyond it a third judge marks, and the mean of the two closest marks counts."),
        _l("The mean of the two marks that are closest to each other counts."),
    ),
    ResolutionRule.MEDIAN: _Then(
        _l("Beyond it a third judge marks, and the middle one of the three counts."),
        _l("The middle mark counts; of an even number, the mean of the middle two."),
    ),
    ResolutionRule.TRIMMED: _trimmed,
    ResolutionRule.WITHOUT_FAR: _without_far,
}
