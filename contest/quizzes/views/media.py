"""Pictures and sounds of a person's own paper, and of no other."""

from collections.abc import Collection

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from contest.core.access import signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download
from contest.quizzes import queries
from contest.quizzes.rules.set_questions import revision_ids_of
from contest.quizzes.rules.showing import shown_of_result
from contest.quizzes.views.room import blueprint, own_sitting
from question_bank.media import refs_in
from question_bank.queries import medium_file_of_revisions, revisions

_KEPT_SECONDS = 3_600


def media_address(sitting: queries.Sitting) -> str:
    """The address under which the media of a paper are fetched, ending in a slash."""
    return url_for("quizzes.medium", public_id=sitting.public_id, ref="x").removesuffix("x")


@blueprint.get("/attempts/<public_id>/media/<ref>")
@signed_in
def medium(public_id: str, ref: str) -> ResponseReturnValue:
    """A picture or sound of the open paper; once the key is shown, also of the explanations."""
    sitting = own_sitting(public_id)
    if ref not in _shown_refs(sitting):
        raise NotFound
    return send_medium(revision_ids_of(sitting.paper), ref)


def send_medium(revision_ids: Collection[int], ref: str) -> Response:
    """The file of a picture or sound that stands in one of these revisions.

    Raises:
        NotFound: it stands in none.
    """
    found = medium_file_of_revisions(revision_ids, ref)
    if found is None:
        raise NotFound
    suffix = found.media_type.rpartition("/")[2]
    answer: Response = download(found.content, name=f"medium.{suffix}", media_type=found.media_type)
    answer.headers["Cache-Control"] = f"private, max-age={_KEPT_SECONDS}"
    return answer


def _shown_refs(sitting: queries.Sitting) -> set[str]:
    """The media that a page of this attempt shows now."""
    shown = shown_of_result(
        is_practice=sitting.is_practice,
        stage=sitting.round_stage,
        result_shown=sitting.result_shown,
        has_ended=sitting.submitted_at is not None,
        has_essays=sitting.has_essays,
    )
    if shown.key:
        known = revisions(revision_ids_of(sitting.paper))
        return {ref for revision in known.values() for ref in revision.media}
    if sitting.submitted_at is not None:
        return set()
    asked = queries.asked_questions(sitting, request_now())
    return set(refs_in([question.texts for question in asked]))
