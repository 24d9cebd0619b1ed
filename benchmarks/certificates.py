"""A season of certificates: 1,800, one PDF each and one for print."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from benchmarks import Figure, benchmark, measured
from contest.awards.certificate_papers import plain_sheet, press
from contest.awards.certificate_printing import print_sheets
from contest.awards.rules.certificates import LONGEST_NAME, new_code, serial_of

CERTIFICATES: Final = 1_800
LOOK: Final[dict[str, Any]] = {
    "layout": "landscape",
    "style": "state",
    "heading": "Giấy chứng nhận",
    "above": "Ủy ban nhân dân tỉnh Lâm Sơn",
    "issuer": "Ban Tổ chức cuộc thi",
    "lead": "Chứng nhận",
    "place": "Lâm Sơn",
    "signer-role": "Trưởng Ban Tổ chức",
    "signer-name": "Lê Thị Lan",
    "logo_id": None,
    "signature_id": None,
    "serial-word": "Số:",
    "code-word": "Mã xác thực:",
}


def _sheets() -> list[dict[str, str]]:
    day = date(2026, 11, 22)
    return [
        plain_sheet(
            name=LONGEST_NAME if number % 100 == 0 else f"Nguyễn Thị Ánh Tuyết {number}",
            unit="Trường THPT Sông Trà",
            words="Đã đạt giải Nhất tuần 1, cuộc thi “Tìm hiểu tư tưởng Hồ Chí Minh”",
            serial=serial_of(number, day),
            code=new_code(),
            decision="Quyết định số 47-QĐ/BTC ngày 22/11/2026",
            place="Lâm Sơn",
            day=day,
            address="https://guong-sang.example/verify/",
        )
        for number in range(1, CERTIFICATES + 1)
    ]


@benchmark("certificates")
def certificates() -> Iterator[Figure]:
    """1,800 certificates with serial and QR code as PDF/A, single ones and one for print."""
    with tempfile.TemporaryDirectory() as folder:
        with press(LOOK, instance=Path(folder)) as warm:
            warm.pdf(_sheets()[0])  # the fonts are made once for each installation
        with measured() as run:
            made: list[bytes] = []
            whole = print_sheets(
                LOOK,
                _sheets(),
                instance=Path(folder),
                keep=lambda _place, pdf: made.append(pdf[:4]),
            )
    assert made == [b"%PDF"] * CERTIFICATES
    assert whole.startswith(b"%PDF")
    yield Figure("one PDF each and one for print", run.cpu, "s CPU")
    yield Figure("both", run.wall, "s", at_most=20.0)
    yield Figure("certificates a second", CERTIFICATES / run.wall, "/s")
