"""How documents in Vietnamese speak of a contest."""

from typing import Final

from contest.core.vietnamese import fold

_SAY_IT: Final = ("cuoc thi", "hoi thi", "hoi dien", "giai thuong", "cuoc van dong", "phong trao")


def called(title: str) -> str:
    """A contest within a sentence: its title in quotes, or bare where it says itself what it is.

    “Cuộc thi viết “Người tốt”” is not called “cuộc thi “Cuộc thi viết “Người tốt”””.

    Args:
        title: of the contest.
    """
    if fold(title).startswith(_SAY_IT):
        return title[0].lower() + title[1:]
    return f"cuộc thi “{title}”"
