"""Units and people of the demo. All are invented; phone numbers hold 000 in the middle."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contest.accounts.models import UnitKind, UnitTree


@dataclass(frozen=True, slots=True)
class FictionalUnit:
    """A unit of the demo; `parent` is the code of another, `headcount` its persons."""

    code: str
    name: str
    kind: UnitKind
    parent: str | None
    headcount: int = 0


TREE: Final = UnitTree.PARTY
_P, _A, _S, _M, _C = (
    UnitKind.PARTY_COMMITTEE,
    UnitKind.AGENCY,
    UnitKind.SCHOOL,
    UnitKind.MASS_ORG,
    UnitKind.PARTY_CELL,
)
UNITS: Final = (
    FictionalUnit("LS", "Tỉnh ủy Lâm Sơn", _P, None, 874),
    FictionalUnit("LS-BTG", "Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Sơn", _A, "LS", 31),
    FictionalUnit("LS-XH", "Đảng ủy phường Xuân Hòa - Bến Ngự", _P, "LS", 287),
    FictionalUnit("LS-XH-01", "Trường Trung học phổ thông Trần Quang Khải", _S, "LS-XH", 92),
    FictionalUnit(
        "LS-XH-02", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường", _A, "LS-XH", 61
    ),
    FictionalUnit("LS-XH-03", "Công đoàn Công ty Cổ phần Chè Cầu Đá", _M, "LS-XH", 84),
    FictionalUnit("LS-BL", "Đảng ủy phường Bảo Lạc", _P, "LS", 176),
    FictionalUnit("LS-BL-01", "Trung tâm Y tế khu vực Bảo Lạc", _A, "LS-BL", 72),
    FictionalUnit("LS-BL-02", "Đoàn Thanh niên phường Bảo Lạc", _M, "LS-BL", 58),
    FictionalUnit("LS-LD", "Đảng ủy xã Lạc Đạ", _P, "LS", 118),
    FictionalUnit("LS-LD-01", "Chi bộ thôn Đạ Nghiệt", _C, "LS-LD", 46),
    FictionalUnit("LS-LD-02", "Trạm Y tế xã Lạc Đạ", _A, "LS-LD", 39),
    FictionalUnit("LS-DM", "Đảng ủy xã Đắk Mai", _P, "LS", 96),
    FictionalUnit("LS-DM-01", "Trường Tiểu học Nguyễn Bá Học", _S, "LS-DM", 41),
    FictionalUnit("LS-DM-02", "Hội Liên hiệp Phụ nữ xã Đắk Mai", _M, "LS-DM", 35),
    FictionalUnit("LS-TP", "Đảng ủy xã Tuy Phú", _P, "LS", 97),
    FictionalUnit("LS-TP-01", "Chi bộ thôn Hòa Thắng", _C, "LS-TP", 38),
    FictionalUnit("LS-TP-02", "Trường Mầm non Sơn Ca", _S, "LS-TP", 31),
    FictionalUnit("LS-PQ", "Đảng ủy đặc khu Phú Quân", _P, "LS", 57),
    FictionalUnit("LS-PQ-01", "Đồn Biên phòng Phú Quân", _A, "LS-PQ", 42),
    FictionalUnit("VL", "Đảng ủy Khối các cơ quan thành phố Vạn Lộc", UnitKind.BLOC, None, 2_140),
    FictionalUnit("VL-01", "Sở Văn hóa và Thể thao thành phố Vạn Lộc", _A, "VL", 166),
    FictionalUnit("VL-02", "Bệnh viện Đa khoa Vạn Lộc", _A, "VL", 612),
)

_FAMILY: Final = (
    *("Nguyễn",) * 9,
    *("Trần",) * 4,
    *("Lê",) * 3,
    *("Phạm",) * 2,
    *("Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"),
    *("Tôn Nữ", "Lơ Mu", "Kră Jăn", "Cil"),
)
_MIDDLE_F: Final = (
    "Thị",
    "Thị Mỹ",
    "Ngọc",
    "Thị Ngọc",
    "Thúy",
    "Quỳnh",
    "Hoàng Tường",
    "Bảo",
    "Khánh",
)
_MIDDLE_M: Final = ("Văn", "Đức", "Quang", "Minh", "Hữu", "Đình Nhật", "Công", "Xuân", "Thanh")
_GIVEN_F: Final = (
    *("Anh", "Ánh", "Bích", "Chi", "Dung", "Duyên", "Đào", "Hà", "Hạnh", "Hiền", "Hoa", "Hương"),
    *("Khuyên", "Lan", "Liên", "Loan", "Mai", "Nga", "Ngân", "Nhung", "Oanh", "Phượng", "Quyên"),
    *("Tâm", "Thảo", "Thủy", "Trang", "Trân", "Tuyết", "Uyên", "Vân", "Vi", "Xuân", "Yến"),
)
_GIVEN_M: Final = (
    *("An", "Ân", "Bình", "Chiến", "Cường", "Dũng", "Duy", "Đạt", "Đăng", "Đức", "Giang", "Hải"),
    *("Hiếu", "Hòa", "Hùng", "Khoa", "Kiên", "Lâm", "Long", "Minh", "Nam", "Nghĩa", "Phong"),
    *("Phúc", "Quang", "Quân", "Sơn", "Tài", "Thành", "Thắng", "Tiến", "Trung", "Tuấn", "Vinh"),
)
_HIGHLAND: Final = (
    *("K’Brỏih", "Ka Dung", "H’Nhung Êban", "Y Moan Êban", "Ka Nhẻo", "K’Thế", "H’Hen Niê"),
    *("Y Blúi Niê", "Ka Thọ", "K’Sung"),
)


@dataclass(frozen=True, slots=True)
class FictionalPerson:
    """Somebody of the demo."""

    full_name: str
    birth_date: date
    unit: str
    phone: str


def people(count: int, units: tuple[str, ...], seed: int) -> list[FictionalPerson]:
    """So many people spread over units, the same for the same seed number.

    Args:
        count: how many, at most 999.
        units: codes; earlier ones get more people.
        seed: makes another crowd.
    """
    chance = random.Random(seed)  # noqa: S311  (fiction needs no secrecy)
    weights = [1 / (position + 7) for position in range(len(units))]
    crowd: list[FictionalPerson] = []
    names: set[str] = set()
    while len(crowd) < count:
        name = person_name(chance)
        if name in names:
            continue
        names.add(name)
        crowd.append(
            FictionalPerson(
                full_name=name,
                birth_date=date(1962, 1, 1) + timedelta(days=chance.randrange(365 * 45)),
                unit=chance.choices(units, weights)[0],
                phone=f"+849{seed % 10}000{len(crowd):04d}",
            )
        )
    return crowd


def person_name(chance: random.Random, *, woman: bool | None = None) -> str:
    """A name as it might stand in any list; of a woman or a man when that is said."""
    if chance.random() < 0.04:  # noqa: PLR2004  (about the share in such a province)
        return chance.choice(_HIGHLAND)
    family = chance.choice(_FAMILY)
    if woman is None:
        woman = chance.random() < 0.56  # noqa: PLR2004  (more women take part)
    if woman:
        return f"{family} {chance.choice(_MIDDLE_F)} {chance.choice(_GIVEN_F)}"
    return f"{family} {chance.choice(_MIDDLE_M)} {chance.choice(_GIVEN_M)}"
