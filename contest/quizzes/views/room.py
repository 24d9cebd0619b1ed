"""The room's blueprint, and what its views share."""

from typing import Any, Final

from flask import Blueprint, current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.models import Unit
from contest.accounts.queries import unit_by_public_id
from contest.contests.models import Contest, ContestKind, Entry, Round
from contest.contests.organised import organised_round
from contest.contests.rules import read_registration_code
from contest.core.access import Permission, current_actor
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.jobs import Job
from contest.quizzes import queries
from contest.quizzes.actions import Opened
from contest.quizzes.forms import PauseForm, WhoseForm
from contest.quizzes.queries.decisions import late_answers_of
from contest.quizzes.rules.answers import save_signature

blueprint: Final = Blueprint("quizzes", __name__)
UNPROCESSABLE: Final = 422
_WRITER: Final = "writer"


def managed_round(
    slug: str, number: int, permission: Permission = Permission.MANAGE_CONTEST
) -> Round:
    """A quiz round of a contest that the person may work on; its side bar is shown.

    Raises:
        NotFound: there is none, it is no quiz, or it is not theirs.
    """
    return organised_round(slug, number, permission, ContestKind.QUIZ)


def first_quiz(contest: Contest) -> dict[str, Any]:
    """Address values of the contest's first quiz round, for the wizard's step."""
    return {"slug": contest.slug, "number": min(quiz_numbers(contest), default=1)}


def quiz_numbers(contest: Contest) -> list[int]:
    """Numbers of a contest's quiz rounds."""
    return [each.number for each in contest.rounds if each.kind is ContestKind.QUIZ]


def own_sitting(public_id: str) -> queries.Sitting:
    """The attempt of the person who asks.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    sitting = queries.own_sitting(current_actor().person_id, public_id)
    if sitting is None:
        raise NotFound
    return sitting


def remember_epoch(opened: Opened) -> None:
    """Keep in this device's session that it writes to an attempt, and with which epoch."""
    session[_WRITER] = [opened.public_id, opened.epoch]


def writes_here(sitting: queries.Sitting) -> bool:
    """Whether this device holds the attempt's present epoch."""
    held: list[Any] = session.get(_WRITER, [])
    return held == [sitting.public_id, sitting.writer]


def signature() -> str:
    """What a page's script signs its saves with, for the person who is signed in."""
    return save_signature(str(current_app.secret_key), current_actor().token)


def late_answers(sitting: queries.Sitting) -> int:
    """How many answers of an attempt that has ended wait as evidence for a decision.

    None can, and nothing is asked, where the person handed in before the end; only sections with
    times of their own may have brought some by then.
    """
    if (
        not sitting.sections
        and sitting.submitted_at is not None
        and sitting.submitted_at < sitting.deadline_at
    ):
        return 0
    return late_answers_of(sitting.id)


def read_whose(
    contest_round: Round, form: WhoseForm
) -> tuple[Entry, None] | tuple[None, Unit] | None:
    """The entry or the unit that a decision is about; None puts an error at the field."""
    if form.whose.data == "person":
        code = read_registration_code(form.code.data or "")
        entry = queries.entry_by_code(contest_round.contest_id, code) if code else None
        if entry is None:
            form.code.errors = [_("Nobody is registered in this contest under this code.")]
            return None
        return entry, None
    unit = read_unit(form)
    return None if unit is None else (None, unit)


def read_unit(form: WhoseForm | PauseForm) -> Unit | None:
    """The unit that was chosen; None puts an error at the field."""
    unit = unit_by_public_id(form.unit.data) if form.unit.data else None
    if unit is None:
        form.unit.errors = [_("Choose the unit.")]
    return unit


def on_to(job: Job | None, here: str, done: str) -> ResponseReturnValue:
    """To the page of a job that reads a large round; without one it is done, and said so."""
    if job is not None:
        return redirect(url_for("core.job", job_id=job.public_id))
    flash(done, "success")
    return redirect(here)
