"""Why an assignment falls short: the minimum cut as a sentence for the secretary."""

from typing import Final

from contest.contests.models import Round
from contest.core.i18n import format_count, ngettext
from contest.core.i18n import gettext as _
from contest.judging.queries.rounds import jurors, unit_names, work_facts
from contest.judging.rules.assignment import Shortage

_MOST_NAMED: Final = 6


def shortage_words(contest_round: Round, shortage: Shortage) -> str:
    """The minimum cut as a sentence for the secretary."""
    wanted = set(shortage.work_ids)
    facts = work_facts(contest_round.id)
    units = unit_names({unit for work in facts if work.work_id in wanted for unit in work.unit_ids})
    names = {each.id: each.person.full_name for each in jurors(contest_round.id)}
    judges = [names.get(juror_id, "") for juror_id in shortage.juror_ids]
    once = [names.get(juror_id, "") for juror_id in shortage.once_ids]
    works = ngettext("%(num)s work", "%(num)s works", len(wanted))
    if len(wanted) == len(facts) and len(judges) == len(names):
        return _("The jury lacks %(missing)s places.", missing=format_count(shortage.missing))
    if not judges:
        return _(
            "%(works)s of %(units)s: too few judges are free of conflict; %(missing)s marks "
            "cannot be given.",
            works=works,
            units=_listed(units),
            missing=format_count(shortage.missing),
        )
    if once:
        return _(
            "%(works)s of %(units)s need other judges besides %(once)s, who can mark each of them "
            "only once; only %(judges)s may do that, and they lack %(missing)s places.",
            works=works,
            units=_listed(units),
            once=_listed(once),
            judges=_listed(judges),
            missing=format_count(shortage.missing),
        )
    return _(
        "%(works)s of %(units)s may be marked only by %(judges)s, who lack %(missing)s places.",
        works=works,
        units=_listed(units),
        judges=_listed(judges),
        missing=format_count(shortage.missing),
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    rest = len(names) - _MOST_NAMED
    return _("%(names)s and %(count)s more", names=shown, count=rest) if rest > 0 else shown
