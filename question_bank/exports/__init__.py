"""The registry of formats that a bank is written in: a new one is one file and one line here."""

from types import MappingProxyType

from question_bank.exports import gift, moodle_xml, own_json, table
from question_bank.exports.base import ExportFormat, ExportQuestion

__all__ = ["EXPORTS", "ExportFormat", "ExportQuestion"]

EXPORTS: MappingProxyType[str, ExportFormat] = MappingProxyType(
    {
        found.code: found
        for found in (
            own_json.FORMAT,
            table.EXCEL,
            table.CSV,
            gift.FORMAT,
            moodle_xml.FORMAT,
        )
    }
)
