"""What jobs and commands call: the search for copies."""

from typing import TYPE_CHECKING, Any, Final

from contest.contests.queries import round_by_id
from contest.core import jobs
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.later import later
from contest.core.transactions import end_read, unit_of_work
from contest.submissions.actions.blind_codes import CODES_JOB, make_blind_codes
from contest.submissions.actions.screening import COPIES_JOB, keep_copies, texts_to_compare
from contest.submissions.queries.screening import codes_missing

if TYPE_CHECKING:
    from contest.core import copies
else:
    copies = later("contest.core.copies")


_PART: Final = 100


@jobs.task(CODES_JOB)
def make_codes_job(run: jobs.JobRun) -> dict[str, Any]:
    """Make the blind codes of a round in parts, so that nobody waits for the whole."""
    with unit_of_work():
        total = codes_missing(run.payload["round_id"])
    done = 0
    while done < total:
        with unit_of_work():
            contest_round = round_by_id(run.payload["round_id"])
            assert contest_round is not None  # noqa: S101  (rounds with essays are never deleted)
            made = make_blind_codes(
                contest_round=contest_round, actor=None, now=run.now, most=_PART
            )
        db.session.expunge_all()
        if not made:
            break
        done += made
        run.progress(min(done, total), total)
    lines = [ngettext("%(num)s blind code made.", "%(num)s blind codes made.", done)]
    return {"title": _("The blind codes are made"), "lines": lines}


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
