"""Marking the passages of notes in the clean HTML of a work."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from markupsafe import Markup, escape

from contest.judging.queries.desk import NoteLine

_TAG: Final = re.compile(r"(<[^>]*>)")
_BLOCK_END: Final = re.compile(r"</(?:p|h[1-6]|li)>|<br\s*/?>", re.IGNORECASE)


def marked_passages(body_html: str, notes: Sequence[NoteLine]) -> Markup:
    """The body with the passages of notes in `<mark>`.

    Places count in the plain text: the text of the blocks, a line for each block, figures left
    out. The HTML was cleaned when it was saved; nothing but these is added here.
    """
    made: list[str] = []
    place, hidden = 0, 0
    for part in _TAG.split(body_html):
        if part.startswith("<"):
            name = part[1:8].lower()
            hidden += name.startswith("figure") - name.startswith("/figure")
            made.append(part)
            if not hidden and _BLOCK_END.match(part):
                place += 1
            continue
        if hidden or part in {"", "\n"}:  # a line between two blocks belongs to neither
            made.append(part)
            continue
        words = Markup(part).unescape()  # noqa: S704  (escaped again below)
        made.append(_marked(words, place, notes))
        place += len(words)
    return Markup("").join(Markup(each) for each in made)  # noqa: S704  (see above)


def _marked(words: str, place: int, notes: Sequence[NoteLine]) -> str:
    borders = {0, len(words)}
    for note in notes:
        borders |= {
            border - place for border in (note.start, note.end) if 0 < border - place < len(words)
        }
    cuts = sorted(borders)
    made = []
    for start, end in pairwise(cuts):
        piece = str(escape(words[start:end]))
        held = [
            at
            for at, note in enumerate(notes, start=1)
            if note.start < place + end and note.end > place + start
        ]
        made.append(f'<mark data-note="{held[0]}">{piece}</mark>' if held else piece)
    return "".join(made)
