"""Vietnamese of the years before Unicode: finding it, and reading it when a person agrees.

TCVN3 (fonts named .VnTime …) and VNI (VNI-Times …) drew Vietnamese letters in the places of
Western ones. Such text arrives as valid Unicode that says something else: "ViÖt Nam", "Vieät Nam".
It is found by what it would mean: a word that is no Vietnamese syllable as it stands and is one
when read the old way. French, German and highland names stay what they are.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from contest.core.vietnamese.text import TONE_MARKS, has_only_letters, nfc


class LegacyEncoding(StrEnum):
    """An encoding that hides in Western letters."""

    TCVN3 = "tcvn3"
    VNI = "vni"


_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)

_TONES = "øùûõï"
_VNI_VOWELS = {
    "a": (_TONES + "âàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ"),
    "e": (_TONES + "âàáåãä", "èéẻẽẹêềếểễệ"),
    "o": (_TONES + "âàáåãä", "òóỏõọôồốổỗộ"),
    "ô": (_TONES, "ờớởỡợ"),
    "u": (_TONES, "ùúủũụ"),
    "ö": (_TONES, "ừứửữự"),
    "y": ("øùûõ", "ỳýỷỹ"),
}
_VNI = {
    vowel + mark: letter
    for vowel, (marks, letters) in _VNI_VOWELS.items()
    for mark, letter in zip(marks, letters, strict=True)
} | dict(zip("ôöñæîòó", "ơưđỉỵịĩ", strict=True))
_VNI_PATTERN = re.compile(
    "|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)), re.IGNORECASE
)

_HIDDEN_IN = {
    LegacyEncoding.TCVN3: frozenset(_TCVN3),
    LegacyEncoding.VNI: frozenset("".join(_VNI) + "".join(_VNI).upper() + "íìÍÌ")
    - frozenset("aeouyAEOUY"),
}
_TOKEN = {
    encoding: re.compile("[A-Za-z" + re.escape("".join(sorted(signs))) + "]+")
    for encoding, signs in _HIDDEN_IN.items()
}
_NOT_LETTERS = frozenset(sign for sign in _TCVN3 if not sign.isalpha())
_UNIT_OF_MEASURE = re.compile("µ[A-Za-z]")
_ONLY_IN_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")

_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch ênh êm ên êp êt êu i ia ich im in inh ip it iu iêc iêm iên "
    "iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt "
    "oe oen oeo oet oc oi om on ong oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uân uâng uât uây uc ui um un ung up ut uê uêch uênh uơ uôc uôi uôm uôn uông uôt uy uya "
    "uych uynh uyt uyên uyêt uyu ư ưa ưc ưi ưng ưt ươc ươi ươm ươn ương ươp ươt ươu ưu "
    "y yêm yên yêng yêt yêu"
)
_RHYME = "|".join(sorted(_RHYMES.split(), key=len, reverse=True))
_SYLLABLE = re.compile(
    f"(?:b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?(?:{_RHYME})"
)
_STOPPED = ("c", "ch", "p", "t")
_TONES_OF_STOPPED = frozenset("\u0301\u0323")


def is_syllable(word: str) -> bool:
    """Say whether `word` could be a Vietnamese syllable, by letters and tone."""
    apart = unicodedata.normalize("NFD", word.casefold())
    tones = [mark for mark in apart if mark in TONE_MARKS]
    letters = unicodedata.normalize("NFC", "".join(m for m in apart if m not in TONE_MARKS))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(letters):
        return False
    return not letters.endswith(_STOPPED) or bool(tones and tones[0] in _TONES_OF_STOPPED)


def legacy_font(font: str) -> LegacyEncoding | None:
    """Return the encoding that a font's name stands for; None for a Unicode font."""
    name = font.strip().casefold()
    if name.startswith(".vn"):
        return LegacyEncoding.TCVN3
    return LegacyEncoding.VNI if name.startswith(("vni-", "vni ")) else None


def _vni_letter(match: re.Match[str]) -> str:
    typed = match[0]
    letter = _VNI[typed.casefold()]
    return letter.upper() if typed[0].isupper() else letter


def from_legacy(text: str, encoding: LegacyEncoding, *, capitals: bool = False) -> str:
    """Read `text` the old way. `capitals`: the font drew every letter as a capital (.VnTimeH)."""
    if encoding is LegacyEncoding.TCVN3:
        converted = text.translate(_TCVN3_TABLE)
    else:
        converted = _VNI_PATTERN.sub(_vni_letter, text)
    return nfc(converted.upper() if capitals else converted)


def _readings(text: str, encoding: LegacyEncoding) -> tuple[int, int, int]:
    """Count words that only make sense the old way, only as they are, and in both ways."""
    old = new = both = 0
    for token in _TOKEN[encoding].findall(text):
        hidden = _HIDDEN_IN[encoding].intersection(token)
        if not hidden or len(token) == len(hidden) == 1 or _UNIT_OF_MEASURE.fullmatch(token):
            continue
        as_it_is = is_syllable(token)
        converted = is_syllable(from_legacy(token, encoding))
        old += converted and not as_it_is
        new += not converted
        both += converted and as_it_is
    return old, new, both


def is_plain_vietnamese(text: str) -> bool:
    """Say whether `text` is Vietnamese as it stands: neither in an old encoding nor garbled."""
    return _ONLY_IN_UNICODE.search(text) is not None and has_only_letters(text)


def are_plain_vietnamese(texts: Sequence[str]) -> bool:
    """Say whether each of some texts is Vietnamese as it stands."""
    return all(map(_ONLY_IN_UNICODE.search, texts)) and has_only_letters("\n".join(texts))


def legacy_votes(text: str) -> dict[LegacyEncoding, int]:
    """Return how many words of `text` only make sense in each old encoding it may be in.

    Empty for Unicode text. "Hoa Lö" votes for both (Hoa Lư in VNI, Hoa Lử in TCVN3): what stands
    around it decides.
    """
    if text.isascii() or is_plain_vietnamese(text):
        return {}
    is_unicode = _ONLY_IN_UNICODE.search(text) is not None
    if is_unicode and _NOT_LETTERS.isdisjoint(text):
        return {}
    found: dict[LegacyEncoding, int] = {}
    for encoding in LegacyEncoding:
        old, new, _both = _readings(text, encoding)
        if old > new:
            found[encoding] = old
    # Beside Unicode letters only the signs of TCVN3 (µ, ¸, ©) are evidence enough.
    return {} if is_unicode and LegacyEncoding.TCVN3 not in found else found


def find_legacy(text: str) -> LegacyEncoding | None:
    """Return the old encoding that `text` is most likely written in, or None.

    Text that is Unicode already is never taken for an old one; what could be either is None here
    (ask `could_be_legacy`).
    """
    found = legacy_votes(text)
    return max(found, key=lambda encoding: found[encoding]) if found else None


def could_be_legacy(text: str, encoding: LegacyEncoding) -> bool:
    """Say whether `text` makes sense both as it stands and in the old encoding ("Phóc")."""
    if text.isascii() or _ONLY_IN_UNICODE.search(text):
        return False
    _old, new, both = _readings(text, encoding)
    return both > 0 and not new


# A first byte of a two- or three-byte letter, then a byte that only continues one.
_LOOKS_GARBLED = re.compile("[Â-ôÄÅÆ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def _western_byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")


def is_garbled(text: str) -> bool:
    """Say whether `text` was damaged on its way: UTF-8 read as a Western code page, or U+FFFD."""
    if "\ufffd" in text:
        return True
    if not _LOOKS_GARBLED.search(text):
        return False
    try:
        repaired = b"".join(map(_western_byte, text)).decode()
    except UnicodeError:
        return False
    return repaired != text
