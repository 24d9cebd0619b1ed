"""Pictures and sounds of questions: fetched by who may see the bank, taken by the editor."""

from flask.typing import ResponseReturnValue

from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.files import download
from question_bank import actions, queries
from question_bank.forms import QuestionForm
from question_bank.forms.media import renamed
from question_bank.media import Medium, token
from question_bank.media.reading import same_with_words
from question_bank.models import Bank
from question_bank.views.base import blueprint, the_bank


@blueprint.get("/<slug>/media/<ref>")
@requires(Permission.SEE_BANK)
def medium(slug: str, ref: str) -> ResponseReturnValue:
    """A picture or sound of a bank."""
    bank = the_bank(slug)
    found = queries.medium_file(bank.id, ref)
    if found is None:
        raise NotFound
    suffix = found.media_type.rpartition("/")[2]
    return download(found.content, name=f"medium.{suffix}", media_type=found.media_type)


def form_media(bank: Bank, form: QuestionForm) -> dict[str, Medium]:
    """Return the media that the texts of an editor name."""
    return queries.media_named(bank.id, *form.texts())


def submitted(bank: Bank, form: QuestionForm) -> bool:
    """Validate an editor that was sent, and keep the media that came with it.

    What is sent with an invalid form is not kept: the file has to be chosen again.
    """
    if not form.is_submitted():
        return False
    added = form.new_medium()
    if form.has_bad_medium:
        return False
    if added is not None:
        form.put(added)
    if not form.validate():
        if added is not None:
            form.change_texts(lambda text: text.replace(added.token, "").rstrip())
            form.ask_for_file_again()
        return False
    _take_new_words(bank, form)
    if added is not None:
        actions.keep_media(bank_id=bank.id, media=[added], actor=current_actor(), now=request_now())
    return True


def _take_new_words(bank: Bank, form: QuestionForm) -> None:
    """A medium with other words is another medium: its token changes in all texts."""
    written = {each.ref: each for each in form.reworded()}
    known = queries.read_media(bank.id, written)
    made = {
        ref: same_with_words(medium, written[ref].words, is_decorative=written[ref].is_decorative)
        for ref, medium in known.items()
        if not medium.markup
        and (medium.words, medium.is_decorative) != (written[ref].words, written[ref].is_decorative)
    }
    if not made:
        return
    actions.keep_media(
        bank_id=bank.id, media=made.values(), actor=current_actor(), now=request_now()
    )
    names = {token(ref): medium.token for ref, medium in made.items()}
    form.change_texts(lambda text: renamed(text, names))
