"""Jobs of the room: copies of people's data; what was kept for a while only is forgotten."""

from datetime import timedelta
from typing import Final

from flask_babel import force_locale

from contest.accounts import personal_data
from contest.accounts.actions import subject_requests as request_actions
from contest.accounts.actions.forgetting import forget_old_traces
from contest.accounts.data_copies import copy_archive
from contest.core import jobs
from contest.core.i18n import gettext as _
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
