"""Jobs of the room: copies of people's data; what was kept for a while only is forgotten."""

from datetime import timedelta
from typing import Final

from flask_babel import force_locale

from contest.accounts import personal_data
from contest.accounts.actions import subject_requests as request_actions
from contest.accounts.actions.exports import PEOPLE_JOB
from contest.accounts.actions.forgetting import forget_old_traces
from contest.accounts.data_copies import copy_archive
from contest.accounts.models import Unit
from contest.accounts.people_sheets import people_sheet
from contest.accounts.queries.people import (
    PeopleFilter,
    actor_now,
    count_people_to_export,
    range_of_export,
)
from contest.core import jobs
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.table_files import file_task, keep_sheet
from contest.core.transactions import unit_of_work

_EVERY: Final = timedelta(hours=6)


@jobs.task("accounts.forget_old_traces", every=_EVERY)
def forget(run: jobs.JobRun) -> dict[str, int]:
    """Delete old failures and challenges, and device and address of old sign-ins."""
    with unit_of_work():
        return forget_old_traces(now=run.now)


@jobs.task("accounts.copy_data")
def copy_data(run: jobs.JobRun) -> dict[str, object]:
    """Gather what all rooms keep about the asker into an archive that only they can fetch."""
    with unit_of_work(), force_locale(run.payload["locale"]):
        request = request_actions.copy_to_make(request_id=run.payload["request"])
        if request is not None:
            sections = [
                section
                for keeper in personal_data.keepers()
                for section in keeper.copy(request.person)
            ]
            content = copy_archive(sections, full_name=request.person.full_name, made_at=run.now)
            request_actions.keep_copy(request=request, content=content, now=run.now)
        return {
            "title": _("The copy of your data is ready"),
            "lines": [_("You can fetch it for seven days under “My data and rights”.")],
            "next": "/account/privacy",
        }


@file_task(PEOPLE_JOB, page="accounts.people")
def people_file(run: jobs.JobRun) -> dict[str, object]:
    """Write the list of people into a file that only who asked can fetch."""
    asked = run.payload
    actor = None if run.owner_id is None else actor_now(run.owner_id)
    if actor is None:
        return {}
    unit = None if asked["unit_id"] is None else db.session.get(Unit, asked["unit_id"])
    wanted = PeopleFilter(asked["text"], unit, asked["only"], asked["sort"], asked["descending"])
    with force_locale(asked["locale"]):
        rows = count_people_to_export(actor, wanted)
        title, day = _("People"), run.now.astimezone(LOCAL_ZONE).date().isoformat()
        name = f"{title} {day}.{asked['kind']}"
        sheet = people_sheet(actor, wanted)
        file_id = keep_sheet(sheet, kind=asked["kind"], name=name, now=run.now)
        run.progress(1, 1)
        return {
            "title": _("The file is ready"),
            "lines": [ngettext("%(num)s row", "%(num)s rows", rows)],
            "download": asked["address"],
            "file_id": file_id,
            "file_name": name,
            "rows": rows,
            "range": range_of_export(actor, unit),
        }
