"""Texts of questions as pages show them: pictures, sounds and formulas in the place of tokens."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

from contest.core.i18n import gettext as _
from question_bank.media import TOKEN, Medium, MediumKind, plain

_SIGN: Final = "⟦"
_LINE: Final = Markup("<br>")
_PICTURE: Final = Markup('<img class="medium" src="{}{}" alt="{}" width="{}" height="{}">')
_SOUND: Final = Markup(
    '<audio class="medium" controls preload="none" src="{}{}" aria-label="{}"></audio>'
)
_FORMULA: Final = Markup('<span class="formula">{}</span>')


def with_media(text: str, media: Mapping[str, Medium], at: str) -> str | Markup:
    """Return a text with its media as HTML; a text without any comes back as it is.

    Args:
        text: what an author wrote, with tokens.
        media: by token, the media that this page may show.
        at: the address under which their files are fetched, ending in a slash.
    """
    if _SIGN not in text:
        return text
    pieces = TOKEN.split(text)
    shown = Markup()
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            shown += escape(piece)
        elif piece in media:
            shown += _element(media[piece], at)
    return shown


def lines_with_media(text: str, media: Mapping[str, Medium], at: str) -> Markup:
    """The same, with line breaks as the author typed them."""
    return _LINE.join(with_media(line, media, at) for line in text.split("\n"))


def _element(medium: Medium, at: str) -> Markup:
    if medium.kind is MediumKind.FORMULA:
        # Sanitised when it was kept (`media.mathml`): nothing but MathML.
        return _FORMULA.format(Markup(medium.markup))  # noqa: S704
    if medium.kind is MediumKind.SOUND:
        return _SOUND.format(at, medium.ref, medium.words or _("A sound"))
    words = "" if medium.is_decorative else medium.words or _("A picture without words")
    return _PICTURE.format(at, medium.ref, words, medium.width or 1, medium.height or 1)


def in_words(text: str, media: Mapping[str, Medium]) -> str:
    """Return a text with words in the place of its media: for lists, titles, fields."""
    return plain(text, media)
