"""Certificates as PDF: what the template is given."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from contest.awards.models.certificates import Certificate, CertificateDesign
from contest.awards.rules.certificates import shown_code
from contest.core.documents import ARCHIVAL, Printer, printer, qr_svg
from contest.core.files import read_file
from contest.results.result_documents import place_and_day

TEMPLATE: Final = "awards/certificate"


def look_of(design: CertificateDesign) -> dict[str, Any]:
    """The design as a batch keeps it; documents are in Vietnamese."""
    return {
        "layout": design.layout.value,
        "style": design.style,
        "heading": design.heading,
        "above": design.above,
        "issuer": design.issuer,
        "lead": design.lead,
        "place": design.place,
        "signer-role": design.signer_role,
        "signer-name": design.signer_name,
        "logo_id": design.logo_id,
        "signature_id": design.signature_id,
        "serial-word": "Số:",
        "code-word": "Mã xác thực:",
    }


def sheet_of(certificate: Certificate, look: Mapping[str, Any], address: str) -> dict[str, str]:
    """What one certificate says.

    Args:
        certificate: which.
        look: of its batch.
        address: of the page that verifies codes, without the code.
    """
    return plain_sheet(
        name=certificate.full_name,
        unit=certificate.unit_name,
        words=certificate.words,
        serial=certificate.serial,
        code=certificate.code,
        decision=certificate.decision,
        place=look["place"],
        day=certificate.issued_on,
        address=address,
    )


def plain_sheet(
    *,
    name: str,
    unit: str,
    words: str,
    serial: str,
    code: str,
    decision: str,
    place: str,
    day: date | None,
    address: str,
) -> dict[str, str]:
    """A sheet from its facts, for previews too."""
    whole = f"{address}{code}"
    return {
        "name": name,
        "unit": unit,
        "words": words,
        "serial": serial,
        "code": shown_code(code),
        "decision": decision,
        "place-date": place_and_day(place, day),
        "address": whole,
        "qr": qr_svg(whole),
    }


class Press:
    """Prints certificates of one look, again and again."""

    def __init__(self, look: Mapping[str, Any], open_printer: Printer) -> None:
        self._printer = open_printer
        self._design = {
            **look,
            "logo": _name("logo", look["logo_id"]),
            "signature": _name("signature", look["signature_id"]),
        }

    def _data(self, sheets: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        title = self._design["heading"]
        return {"title": title, "lang": "vi", "design": self._design, "sheets": list(sheets)}

    def pdf(self, *sheets: Mapping[str, str]) -> bytes:
        """One PDF/A with a page for each."""
        return self._printer.pdf(self._data(sheets), standard=ARCHIVAL)

    def picture(self, sheet: Mapping[str, str]) -> bytes:
        """One sheet as PNG."""
        return self._printer.picture(self._data([sheet]), points_per_inch=110)


def _name(what: str, file_id: int | None) -> str:
    return "" if file_id is None else f"{what}.img"


@contextmanager
def press(look: Mapping[str, Any], *, instance: Path) -> Iterator[Press]:
    """Open the press for a look, with its pictures."""
    pictures = {
        f"{what}.img": read_file(look[f"{what}_id"])
        for what in ("logo", "signature")
        if look[f"{what}_id"] is not None
    }
    with printer(TEMPLATE, instance=instance, pictures=pictures) as open_printer:
        yield Press(look, open_printer)
