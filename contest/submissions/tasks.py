"""What jobs and commands call: blind codes, the search for copies, reminders to units."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import current_app

from contest.contests.queries import round_by_id
from contest.core import jobs
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.later import later
from contest.core.transactions import end_read, unit_of_work
from contest.submissions.actions.blind_codes import CODES_JOB, make_blind_codes
from contest.submissions.actions.hiding import HIDE_JOB, hide_in_works
from contest.submissions.actions.screening import COPIES_JOB, keep_copies, texts_to_compare
from contest.submissions.letters import send_unit_reminder
from contest.submissions.queries.confirmations import coordinators_with_waiting, demands_due
from contest.submissions.queries.hiding import rounds_with_copies, works_still_showing
from contest.submissions.queries.screening import codes_missing

if TYPE_CHECKING:
    from contest.core import copies
else:
    copies = later("contest.core.copies")


_PART: Final = 100
_REMIND_BEFORE: Final = timedelta(days=3)


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


@jobs.task(HIDE_JOB)
def hide_field_job(run: jobs.JobRun) -> dict[str, Any]:
    """Bring the works of a round to what its form shows judges now, in parts."""
    with unit_of_work():
        contest_round = round_by_id(run.payload["round_id"])
        assert contest_round is not None  # noqa: S101  (rounds with essays are never deleted)
        waiting = works_still_showing(rounds_with_copies(contest_round))
    for start in range(0, len(waiting), _PART):
        part = waiting[start : start + _PART]
        with unit_of_work():
            hide_in_works(work_ids=part, actor_id=run.payload["actor_id"], now=run.now)
        db.session.expunge_all()
        run.progress(start + len(part), len(waiting))
    lines = [ngettext("%(num)s work changed", "%(num)s works changed", len(waiting))]
    return {"title": _("Judges no longer see the field"), "lines": lines}


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


@jobs.task("submissions.remind_units", every=timedelta(hours=1))
def remind_units_job(run: jobs.JobRun) -> dict[str, Any]:
    """Write once to coordinators whose works wait, three days before their time is over."""
    written = 0
    with unit_of_work():
        for demand in demands_due(run.now, _REMIND_BEFORE):
            demand.reminded_at = run.now
            for person, waiting in coordinators_with_waiting(demand.round):
                written += 1
                send_unit_reminder(
                    person=person,
                    contest=demand.round.contest.title,
                    waiting=waiting,
                    until=demand.due_at,
                    address=current_app.extensions["settings"].public_url + "/confirmations",
                    key=f"submissions.remind_units:{demand.round_id}:{person.id}:{waiting}",
                    now=run.now,
                )
    return {"written": written}
