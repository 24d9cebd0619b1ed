"""Vietnamese text, names, dates and numbers: the one place that knows their traps."""

from contest.core.vietnamese.collation import name_sort_key, text_sort_key
from contest.core.vietnamese.dates import BadDate, DatePrecision, PartialDate, parse_date_vi
from contest.core.vietnamese.legacy import (
    LegacyEncoding,
    are_plain_vietnamese,
    could_be_legacy,
    find_legacy,
    from_legacy,
    is_garbled,
    is_plain_vietnamese,
    legacy_font,
    legacy_votes,
)
from contest.core.vietnamese.names import NameParts, given_name, initials, name_parts
from contest.core.vietnamese.phones import BadPhone, is_landline, normalise_phone, read_phones
from contest.core.vietnamese.text import (
    count_words,
    fold,
    fold_document_number,
    is_composed,
    nfc,
    one_line,
    same_word_key,
    squeeze,
)

__all__ = [
    "BadDate",
    "BadPhone",
    "DatePrecision",
    "LegacyEncoding",
    "NameParts",
    "PartialDate",
    "are_plain_vietnamese",
    "could_be_legacy",
    "count_words",
    "find_legacy",
    "fold",
    "fold_document_number",
    "from_legacy",
    "given_name",
    "initials",
    "is_composed",
    "is_garbled",
    "is_landline",
    "is_plain_vietnamese",
    "legacy_font",
    "legacy_votes",
    "name_parts",
    "name_sort_key",
    "nfc",
    "normalise_phone",
    "one_line",
    "parse_date_vi",
    "read_phones",
    "same_word_key",
    "squeeze",
    "text_sort_key",
]
