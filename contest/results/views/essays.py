"""Winners' essays to read, for everybody, as long as their authors agree."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from contest.core.access import public
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download, read_file
from contest.core.i18n import lazy_gettext as _l
from contest.results import queries
from contest.results.rules.reading import reading_minutes
from contest.results.views.base import blueprint
from contest.results.views.public import local_day, published

_GONE = _l(
    "This essay is not published: its authors have not agreed to it, or have taken their consent"
    " back. The result itself stands on the page of results."
)


@blueprint.get("/contests/<slug>/results/<int:number>/essays/<work_id>")
@public
def essay(slug: str, number: int, work_id: str) -> ResponseReturnValue:
    """A winning essay in a layout for reading."""
    head = published(slug, number)
    said = queries.publication(head)
    page = queries.essay_page(head, said, work_id, local_day(request_now()))
    if page is None:
        raise NotFound(_GONE if any(one.work == work_id for one in said.winners) else "")
    html = render_template(
        "results/essay.html",
        head=head,
        said=said,
        page=page,
        minutes=reading_minutes(page.words),
    )
    response = Response(html)
    # Gone at once when a consent is withdrawn: nobody keeps a copy without asking again.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/contests/<slug>/results/<int:number>/pictures/<file_id>")
@public
def essay_picture(slug: str, number: int, file_id: str) -> ResponseReturnValue:
    """A picture of a winning essay, without metadata or its file's name."""
    head = published(slug, number)
    file = queries.essay_picture(head, queries.publication(head), file_id, local_day(request_now()))
    if file is None or file.clean is None:
        raise NotFound
    return download(
        read_file(file.clean.id), name=f"{file_id}.jpg", media_type=file.clean.media_type
    )
