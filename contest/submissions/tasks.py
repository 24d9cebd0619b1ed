"""What jobs and commands call: the search for copies."""

from typing import TYPE_CHECKING, Any

from contest.contests.queries import round_by_id
from contest.core import jobs
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.later import later
from contest.core.transactions import end_read, unit_of_work
from contest.submissions.actions.screening import COPIES_JOB, keep_copies, texts_to_compare

if TYPE_CHECKING:
    from contest.submissions.rules import copies
else:
    copies = later("contest.submissions.rules.copies")


@jobs.task(COPIES_JOB)
def find_copies_job(run: jobs.JobRun) -> dict[str, Any]:
    """Compare the essays of a round with each other and with earlier ones."""
    contest_round = round_by_id(run.payload["round_id"])
    if contest_round is None:
        return {}
    own, earlier = texts_to_compare(contest_round)
    end_read()
    run.progress(0, 2)
    found = copies.find_copies([each.text for each in own], against=[each.text for each in earlier])
    run.progress(1, 2)
    with unit_of_work():
        again = round_by_id(run.payload["round_id"])
        assert again is not None  # noqa: S101  (rounds with essays are never deleted)
        count = keep_copies(contest_round=again, works=[*own, *earlier], found=found, now=run.now)
    run.progress(2, 2)
    lines = [
        ngettext("%(num)s essay compared", "%(num)s essays compared", len(own)),
        ngettext("%(num)s pair shares passages", "%(num)s pairs share passages", count),
    ]
    return {"title": _("The essays are compared"), "lines": lines}
