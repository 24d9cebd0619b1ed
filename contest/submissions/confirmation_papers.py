"""Letters of confirmation as PDF, under the header of the State's documents."""

from datetime import datetime
from pathlib import Path

from contest.core.clock import LOCAL_ZONE
from contest.core.documents import ARCHIVAL, compile_pdf, qr_svg
from contest.core.i18n import format_instant, language
from contest.core.i18n import gettext as _
from contest.submissions.models import ConfirmationLetter


def letter_pdf(letter: ConfirmationLetter, *, link: str, until: datetime, instance: Path) -> bytes:
    """A letter that asks a unit to confirm works, with its link as words and as QR code.

    It names no author and no work: it may lie on a desk before it reaches who answers.

    Args:
        letter: with its round and unit.
        link: the whole address that it opens.
        until: when the time to answer is over.
        instance: the folder of this installation.
    """
    contest_round = letter.round
    day = letter.issued_at.astimezone(LOCAL_ZONE)
    about = f"{contest_round.contest.title} · {contest_round.title}"
    data = {
        "title": _("Request for confirmation"),
        "lang": language(),
        "header": {
            "style": "state",
            "above": contest_round.contest.unit.name,
            "issuer": _("Organising committee"),
            "number": "",
            "place_date": _(
                "Day %(day)s month %(month)s year %(year)s",
                day=day.day,
                month=day.month,
                year=day.year,
            ),
        },
        "about": about,
        "greeting": _("To:"),
        "unit": letter.unit.name,
        "paragraphs": [
            _(
                "People of your unit take part in “%(contest)s”. Before their works are marked, we "
                "ask the unit to confirm that the person and the deeds in each work are real.",
                contest=contest_round.contest.title,
            ),
            _(
                "Scan the code, or type the address beside it. Read each work, then confirm it or "
                "send it back with a remark. Whoever answers gives full name and office."
            ),
        ],
        "until": _("Please answer before %(when)s.", when=format_instant(until)),
        "care": _(
            "Whoever holds this letter can read the works and answer for the unit: hand it only to "
            "the person in charge. If it goes astray, tell the organising committee at once; you "
            "get another code, and this one opens nothing any more."
        ),
        "link": link,
        "qr": qr_svg(link),
        "signer": _("For the organising committee"),
    }
    return compile_pdf(
        "submissions/confirmation-letter", data, instance=instance, standard=ARCHIVAL
    )
