"""Drawn stand-ins for portraits: the demo's people are invented and have no photographs."""

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

_SIZE: Final = (480, 600)
_GROUNDS: Final = ((214, 201, 178), (188, 201, 190), (206, 190, 180), (196, 200, 208))
_CLOTHES: Final = ((122, 50, 46), (52, 82, 74), (70, 74, 98), (146, 112, 62))
_SKIN: Final = (222, 184, 150)
_HAIR: Final = ((52, 44, 40), (150, 146, 142))


def portrait(look: int) -> bytes:
    """A head and shoulders as a PNG; another number is another look.

    Args:
        look: odd numbers with short hair that turned grey at 1, others with long hair.
    """
    picture = Image.new("RGB", _SIZE, _GROUNDS[look % len(_GROUNDS)])
    pen = ImageDraw.Draw(picture)
    hair = _HAIR[1 if look == 1 else 0]
    shade = tuple(part - 22 for part in _SKIN)
    if look != 1:  # hair behind the shoulders
        pen.rounded_rectangle((130, 140, 350, 440), 105, fill=hair)
    pen.ellipse((40, 410, 440, 820), fill=_CLOTHES[look % len(_CLOTHES)])
    pen.polygon(((205, 360), (275, 360), (300, 440), (240, 480), (180, 440)), fill=shade)
    pen.ellipse((150, 140, 330, 390), fill=_SKIN)
    pen.pieslice((138, 112, 342, 330), 180, 360, fill=hair)
    for left in (192, 262):
        pen.arc((left, 246, left + 30, 268), 200, 340, fill=(70, 52, 44), width=5)
    pen.arc((206, 290, 274, 338), 25, 155, fill=(150, 84, 74), width=5)
    soft = picture.filter(ImageFilter.GaussianBlur(1.4))
    kept = io.BytesIO()
    soft.save(kept, "PNG")
    return kept.getvalue()
