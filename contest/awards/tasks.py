"""What jobs call: printing certificates."""

from typing import Any

from flask import current_app

from contest.awards.actions.certificates import CERTIFICATE_JOB
from contest.awards.certificate_printing import keep_prints, print_batch
from contest.awards.queries.certificates import batch_by_id, certificates_of_batch
from contest.core import jobs
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.transactions import end_read, unit_of_work
from contest.results.models import contest_of


@jobs.task(CERTIFICATE_JOB)
def certificate_job(run: jobs.JobRun) -> dict[str, Any]:
    """Print a batch and keep its files; a second run prints nothing again."""
    batch_id = run.payload["batch_id"]
    batch = batch_by_id(batch_id)
    if batch is None:
        return {}
    certificates = certificates_of_batch(batch_id)
    count = len(certificates)
    if batch.print_file_id is None:
        settings = current_app.extensions["settings"]
        for one in (batch, batch.over, contest_of(batch.over), *certificates):
            db.session.expunge(one)
        end_read()
        zipped, whole = print_batch(
            batch,
            certificates,
            address=f"{settings.public_url}/verify/",
            instance=settings.instance,
            told=lambda done: run.progress(done, count + 1),
        )
        with unit_of_work():
            kept = batch_by_id(batch_id)
            if kept is not None:
                keep_prints(kept, zipped, whole, now=run.now)
    run.progress(count, count)
    return {
        "title": _("The certificates are ready"),
        "lines": [ngettext("%(num)s certificate", "%(num)s certificates", count)],
        "next": run.payload["address"],
    }
