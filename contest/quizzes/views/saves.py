"""The save of an answer: nothing is loaded, the statement is the authentication.

What is received is answered by `save_door` before it comes here; here stand the words for all
that is not, and the same save for whatever the door hands on.
"""

import hmac
import json
from datetime import datetime
from typing import Final

from flask import Request, Response, current_app, request, session

from contest.accounts.rules import token_digest
from contest.core.access import checked_by_statement
from contest.core.clock import micros, request_now
from contest.core.i18n import format_time
from contest.core.i18n import gettext as _
from contest.core.transactions import commits_apart
from contest.core.web import csrf
from contest.quizzes.actions import SaveCode, save_answer
from contest.quizzes.actions.meters import METER
from contest.quizzes.rules.answers import MalformedAnswer, read_saved, save_signature
from contest.quizzes.views.room import blueprint

MOST_BYTES: Final = 16_384  # 4,000 signs of Vietnamese with what stands around them
SIGNATURE_HEADER: Final = "X-Save-Signature"
SAVE_HEADERS: Final = (
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)
_STATUS: Final = {
    SaveCode.TAKEN_OVER: 409,
    SaveCode.CLOSED: 409,
    SaveCode.TOO_LATE: 409,
    SaveCode.SECTION_OVER: 409,
    SaveCode.SECTION_AHEAD: 422,
    SaveCode.SEQUENCE_USED: 409,
    SaveCode.PASSED: 422,
    SaveCode.REFUSED: 422,
    SaveCode.NOT_FOUND: 404,
    SaveCode.SIGNED_OUT: 401,
}


@blueprint.post("/attempts/<public_id>/answers")
@csrf.exempt  # type: ignore[untyped-decorator]
@checked_by_statement
def save(public_id: str) -> Response:
    """Receive one answer; see `actions.saves`. CSRF is the signature in the header."""
    commits_apart()
    if request.mimetype != "application/json":
        return _refused(415, "content_type", _("Answers are sent as JSON."))
    length = request.content_length
    if length is None and "Transfer-Encoding" in request.headers:
        return _refused(413, "too_large", _("This is too large to be an answer."))
    if length is not None and length > MOST_BYTES:
        return _refused(413, "too_large", _("This is too large to be an answer."))
    token = session.get("_user_id", "")
    if not token:
        return _explain(SaveCode.SIGNED_OUT)
    if not is_signed(request, token):
        return _refused(403, "signature", _("This page is no longer valid. Please load it again."))
    try:
        saved = read_saved(json.loads(request.get_data(cache=False)))
    except (MalformedAnswer, ValueError, RecursionError):
        return _explain(SaveCode.REFUSED)
    now = request_now()
    try:
        outcome = save_answer(
            public_id=public_id, token_hash=token_digest(token), saved=saved, now=now
        )
    except Exception:
        METER.count("failed", now)
        raise
    METER.count("refused" if outcome.received_at is None else "received", now)
    if outcome.received_at is None:
        return _explain(outcome.code)
    return Response(received_body(outcome.received_at, now), headers=SAVE_HEADERS)


def is_signed(sent: Request, token: str) -> bool:
    """Whether a save carries the signature that the attempt's page was given for this sign-in."""
    expected = save_signature(str(current_app.secret_key), token)
    signature = sent.headers.get(SIGNATURE_HEADER, "")
    return bool(token) and hmac.compare_digest(signature.encode(), expected.encode())


def received_body(received_at: datetime, now: datetime) -> str:
    """What acknowledges an answer: when it was received, and the server's time, in ms."""
    return f'{{"received":{micros(received_at) // 1000},"now":{micros(now) // 1000}}}'


def _explain(code: SaveCode) -> Response:
    words = {
        SaveCode.TAKEN_OVER: _("This attempt has been opened on another device."),
        SaveCode.CLOSED: _("This attempt has ended. The answer did not arrive in time to count."),
        SaveCode.TOO_LATE: _("The time is over. The answer is kept as evidence but not counted."),
        SaveCode.SECTION_OVER: _(
            "The time of this section is over. The answer is kept as evidence but not counted."
        ),
        SaveCode.SECTION_AHEAD: _("This section has not begun yet."),
        SaveCode.SEQUENCE_USED: _("Another answer was received under this number."),
        SaveCode.PASSED: _("You have gone on from this question, and there is no way back."),
        SaveCode.REFUSED: _("This is not an answer that can be kept."),
        SaveCode.NOT_FOUND: _("There is no such attempt."),
        SaveCode.SIGNED_OUT: _("Please sign in again."),
    }
    return _refused(_STATUS[code], code.value, words[code])


def _refused(status: int, error: str, message: str) -> Response:
    body = json.dumps(
        {"error": error, "message": message, "at": format_time(request_now())},
        ensure_ascii=False,
    )
    return Response(body, status, headers=SAVE_HEADERS)
