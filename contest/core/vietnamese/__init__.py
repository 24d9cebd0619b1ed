"""Vietnamese text, names, dates and numbers: the one place that knows their traps."""

from contest.core.vietnamese.collation import name_sort_key, text_sort_key
from contest.core.vietnamese.dates import BadDate, DatePrecision, PartialDate, parse_date_vi
from contest.core.vietnamese.names import NameParts, given_name, initials, name_parts
from contest.core.vietnamese.phones import BadPhone, is_landline, normalise_phone, read_phones
from contest.core.vietnamese.text import (
    count_words,
    fold,
    fold_document_number,
    nfc,
    one_line,
    same_word_key,
)

__all__ = [
    "BadDate",
    "BadPhone",
    "DatePrecision",
    "NameParts",
    "PartialDate",
    "count_words",
    "fold",
    "fold_document_number",
    "given_name",
    "initials",
    "is_landline",
    "name_parts",
    "name_sort_key",
    "nfc",
    "normalise_phone",
    "one_line",
    "parse_date_vi",
    "read_phones",
    "same_word_key",
    "text_sort_key",
]
