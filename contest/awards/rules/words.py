"""Words of levels, forms and kinds of recipients, and how people write them."""

from typing import Final

from contest.awards.models.commendations import AwardForm, Level, RecipientKind
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l

LEVEL_NAMES: Final[dict[Level, Words]] = {
    Level.BASE: _l("Base"),
    Level.DISTRICT: _l("District (until 30/6/2025)"),
    Level.BLOC: _l("Bloc of agencies"),
    Level.CITY: _l("Province or city"),
    Level.MINISTRY: _l("Ministry or central body"),
    Level.PRIME_MINISTER: _l("Prime Minister"),
}
FORM_NAMES: Final[dict[AwardForm, Words]] = {
    AwardForm.COMMENDATION: _l("Public commendation"),
    AwardForm.LETTER: _l("Letter of praise"),
    AwardForm.COMMENDATION_PAPER: _l("Commendation paper"),
    AwardForm.MERIT_CERTIFICATE: _l("Certificate of merit"),
    AwardForm.EMULATION_TITLE: _l("Emulation title"),
    AwardForm.EMULATION_FLAG: _l("Emulation flag"),
    AwardForm.MEDAL: _l("Commemorative medal"),
    AwardForm.ORDER: _l("Order"),
}
KIND_NAMES: Final[dict[RecipientKind, Words]] = {
    RecipientKind.COLLECTIVE: _l("Collective"),
    RecipientKind.INDIVIDUAL: _l("Individual"),
}

_LEVEL_WORDS: Final = {
    Level.BASE: (
        "co so|cap co so|dang uy co so|chi bo|xa|cap xa|phuong|thi tran|dac khu|base|commune|truong"
    ),
    Level.DISTRICT: "huyen|cap huyen|quan|thi xa|huyen uy|quan uy|thi uy|district",
    Level.BLOC: "khoi|cap khoi|dang uy khoi|bloc|bloc of agencies",
    Level.CITY: (
        "tinh|cap tinh|thanh pho|cap thanh pho|tinh uy|thanh uy|tp|tinh thanh pho|city|province|"
        "province or city"
    ),
    Level.MINISTRY: (
        "bo|cap bo|bo nganh|ban dang|nganh|trung uong|cap trung uong|bo ban nganh|ministry|central|"
        "bo nganh trung uong|ministry or central body"
    ),
    Level.PRIME_MINISTER: (
        "thu tuong|thu tuong chinh phu|chinh phu|nha nuoc|cap nha nuoc|prime minister"
    ),
}
_FORM_WORDS: Final = {
    AwardForm.COMMENDATION: (
        "tuyen duong|bieu duong|tuyen duong bieu duong|khen|commendation|public commendation"
    ),
    AwardForm.LETTER: "thu khen|thu cam on|letter|letter of praise",
    AwardForm.COMMENDATION_PAPER: "giay khen|commendation paper",
    AwardForm.MERIT_CERTIFICATE: (
        "bang khen|bang khen cua thu tuong|bang khen thu tuong|certificate of merit|"
        "bang khen thu tuong chinh phu|bang khen cua thu tuong chinh phu|"
        "bang khen cua ubnd tinh|bang khen ubnd tinh|bang khen ubnd thanh pho"
    ),
    AwardForm.EMULATION_TITLE: (
        "chien si thi dua|danh hieu thi dua|chien si thi dua co so|chien si thi dua cap tinh|"
        "tap the lao dong xuat sac|lao dong tien tien|emulation title"
    ),
    AwardForm.EMULATION_FLAG: "co thi dua|emulation flag",
    AwardForm.MEDAL: "ky niem chuong|huy chuong|commemorative medal|medal",
    AwardForm.ORDER: "huan chuong|huan chuong lao dong|huan chuong doc lap|order",
}
_KIND_WORDS: Final = {
    RecipientKind.COLLECTIVE: "tap the|don vi|tt|collective",
    RecipientKind.INDIVIDUAL: "ca nhan|cn|nguoi|individual",
}

LEVEL_OF: Final = {word: key for key, words in _LEVEL_WORDS.items() for word in words.split("|")}
"""Levels by how people write them, folded and without signs."""
FORM_OF: Final = {word: key for key, words in _FORM_WORDS.items() for word in words.split("|")}
"""Forms of award likewise."""
KIND_OF: Final = {word: key for key, words in _KIND_WORDS.items() for word in words.split("|")}
"""Kinds of recipients likewise."""
