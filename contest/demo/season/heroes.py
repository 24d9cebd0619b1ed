"""Units of the season beside the demo's, and the people whom its essays are about."""

import random
from dataclasses import dataclass
from itertools import islice
from typing import Final

from contest.accounts.models import UnitKind
from contest.demo.fiction import FictionalUnit, person_name
from contest.demo.season.writing import Subject

_COMMUNES: Final = (
    *("xã Hòa Lộc Thượng", "xã Suối Ngà", "xã Đạ Rơi", "xã Phú Sơn Trung", "xã An Khê Hạ"),
    *("phường Tân Lâm", "phường Mỹ Vọng", "xã Krông Sơn", "xã Bàu Sen", "phường Vĩnh Hội Tây"),
    *("xã Ea Mơ", "xã Long Thạch", "xã Thanh Bồng", "phường Cửa Hạc"),
)
_OLD_COMMUNES: Final = ("phường Bảo Lạc", "xã Lạc Đạ", "xã Đắk Mai", "xã Tuy Phú")
_SCHOOLS: Final = (
    *("Nguyễn Cư Trinh", "Phan Văn Lân", "Lê Thị Riêng", "Đào Duy Từ", "Ngô Thì Nhậm"),
    *("Tô Vĩnh Diện", "Nơ Trang Lơng", "Đặng Thùy Trâm", "Hoàng Hoa Thám", "Bùi Thị Xuân"),
    *("Trương Định", "Kim Đồng", "Võ Thị Sáu", "Lương Văn Can"),
)
_A, _S, _M = UnitKind.AGENCY, UnitKind.SCHOOL, UnitKind.MASS_ORG
_SECOND: Final = (
    ("Trường Tiểu học {school}", _S),
    ("Trường Trung học cơ sở {school}", _S),
    ("Trạm Y tế {commune}", _A),
    ("Trung tâm Phục vụ hành chính công {commune}", _A),
    ("Công an {commune}", _A),
)
_THIRD: Final = (
    ("Hội Liên hiệp Phụ nữ {commune}", _M),
    ("Đoàn Thanh niên {commune}", _M),
    ("Hội Cựu chiến binh {commune}", _M),
    ("Ủy ban Mặt trận Tổ quốc Việt Nam {commune}", _M),
    ("Hội Nông dân {commune}", _M),
)
_HAMLETS: Final = (
    *("Hòa Thắng", "Đạ Nghiệt", "Suối Cạn", "Bồ Liêng", "Cây Gáo", "Ma Bó", "Hố Dầu", "Tà Nung"),
    *("Gò Găng", "Liên Trì", "Đồng Sổ", "K’Long", "Bàu Ấu", "Phước Lâm", "Buôn Dung", "Xóm Lưới"),
    *("Đa Quý", "Vạn Thành", "Chợ Mới", "Trại Hoa", "Bờ Đắp", "Núi Ngang", "Cầu Sắt", "Nhơn Hậu"),
    *("Sơn Cát", "R’Lơm", "Bình Đê", "Cồn Dừa", "Mỏ Cày", "Rạch Ông", "Đồi Chè", "Hang Dơi"),
)
_BUSINESSES: Final = (
    *("Nhà máy Chè Cầu Đá", "Xí nghiệp May Sông Trà", "Công ty Cơ khí Bến Ngự"),
    *("Nhà máy Nước Lâm Sơn", "Xưởng gỗ Tân Lâm", "Nhà máy Gạch Phú Sơn"),
)


@dataclass(frozen=True, slots=True)
class _Calling:
    """A way to work: what a person is called, how they are addressed, where they work."""

    work: tuple[str, ...]
    kin: tuple[str, ...]
    places: tuple[str, ...]


_CALLINGS: Final = {
    "teacher": _Calling(
        ("giáo viên cắm bản", "giáo viên tiểu học", "người dạy lớp ghép"),
        ("cô", "thầy"),
        ("Trường Tiểu học {school}", "điểm trường {hamlet}"),
    ),
    "medic": _Calling(
        ("y sĩ", "nữ hộ sinh", "điều dưỡng", "bác sĩ tuyến xã"),
        ("chị", "anh", "cô"),
        ("Trạm Y tế {commune}",),
    ),
    "guard": _Calling(
        ("nhân viên bảo vệ", "người gác cổng", "bảo vệ cơ quan"),
        ("chú", "bác", "anh"),
        ("Ủy ban nhân dân {commune}", "Trường Trung học cơ sở {school}", "{business}"),
    ),
    "cleaner": _Calling(
        ("công nhân vệ sinh", "nhân viên quét dọn", "lao công"),
        ("chị", "cô", "anh"),
        ("Tổ vệ sinh môi trường {commune}", "Đội công trình đô thị {commune}"),
    ),
    "farmer": _Calling(
        ("nông dân", "chủ vườn cà phê", "người trồng lúa", "tổ trưởng tổ hợp tác"),
        ("anh", "chị", "chú", "ông"),
        ("Hội Nông dân {commune}", "Tổ hợp tác {hamlet}"),
    ),
    "soldier": _Calling(
        ("bộ đội biên phòng", "chiến sĩ biên phòng", "cán bộ vận động quần chúng"),
        ("anh", "chú"),
        ("Đồn Biên phòng {place}",),
    ),
    "headman": _Calling(
        ("trưởng thôn", "bí thư chi bộ thôn", "tổ trưởng dân phố"),
        ("ông", "bác", "chú", "cô"),
        ("thôn {hamlet}",),
    ),
    "clerk": _Calling(
        ("công chức một cửa", "cán bộ tư pháp – hộ tịch", "chuyên viên văn phòng"),
        ("chị", "anh"),
        ("Trung tâm Phục vụ hành chính công {commune}", "Ủy ban nhân dân {commune}"),
    ),
    "worker": _Calling(
        ("công nhân", "thợ cơ khí", "tổ trưởng sản xuất"),
        ("anh", "chị", "chú"),
        ("{business}",),
    ),
    "ranger": _Calling(
        ("kiểm lâm viên", "người giữ rừng", "cán bộ bảo vệ rừng"),
        ("anh", "chú"),
        ("Trạm Kiểm lâm {place}", "Ban Quản lý rừng phòng hộ {place}"),
    ),
    "postman": _Calling(
        ("bưu tá", "người phát thư", "nhân viên bưu điện"),
        ("anh", "chú", "chị"),
        ("Bưu điện {commune}", "Bưu cục {place}"),
    ),
    "police": _Calling(
        ("công an xã", "cảnh sát khu vực", "cán bộ công an cơ sở"),
        ("anh", "chị"),
        ("Công an {commune}",),
    ),
    "veteran": _Calling(
        ("cựu chiến binh", "thương binh", "người lính già"),
        ("bác", "ông", "chú"),
        ("Hội Cựu chiến binh {commune}", "Chi hội cựu chiến binh {hamlet}"),
    ),
}
_WOMEN: Final = frozenset({"chị", "cô", "bà"})
_ELDERS: Final = frozenset({"ông", "bác", "chú", "bà"})


def season_units(count: int) -> tuple[FictionalUnit, ...]:
    """So many units below the province, in communes of three: committee, office, union.

    Args:
        count: at most 42.
    """
    return tuple(islice(_every_unit(), count))


def _every_unit() -> list[FictionalUnit]:
    units = []
    for place, commune in enumerate(_COMMUNES):
        code = f"LS-M{place + 1:02d}"
        units.append(
            FictionalUnit(code, f"Đảng ủy {commune}", UnitKind.PARTY_COMMITTEE, "LS", 60 + place)
        )
        for number, (name, kind) in enumerate(
            (_SECOND[place % len(_SECOND)], _THIRD[place * 2 % len(_THIRD)]), start=1
        ):
            words = name.format(commune=commune, school=_SCHOOLS[place])
            units.append(
                FictionalUnit(f"{code}-{number:02d}", words, kind, code, 20 + place * number)
            )
    return units


def subjects(count: int, seed: int) -> list[Subject]:
    """So many people worth an essay, no two of one name."""
    chance = random.Random(f"subjects {seed}")  # noqa: S311  (fiction needs no secrecy)
    names: set[str] = set()
    found: list[Subject] = []
    while len(found) < count:
        calling = list(_CALLINGS)[len(found) % len(_CALLINGS)]
        made = _subject(calling, chance)
        if made.full_name not in names:
            names.add(made.full_name)
            found.append(made)
    return found


def _subject(calling: str, chance: random.Random) -> Subject:
    about = _CALLINGS[calling]
    kin = chance.choice(about.kin)
    work = chance.choice(about.work)
    if work == "nữ hộ sinh":
        kin = chance.choice(("chị", "cô"))
    commune = chance.choice((*_COMMUNES, *_OLD_COMMUNES))
    hamlet = chance.choice(_HAMLETS)
    age = chance.randint(52, 71) if kin in _ELDERS else chance.randint(29, 54)
    place = chance.choice(about.places).format(
        commune=commune,
        school=chance.choice(_SCHOOLS),
        hamlet=hamlet,
        place=commune.split(" ", 1)[1],
        business=chance.choice(_BUSINESSES),
    )
    return Subject(
        full_name=person_name(chance, woman=kin in _WOMEN),
        calling=calling,
        kin=kin,
        work=work,
        place=place,
        commune=commune,
        hamlet=f"thôn {hamlet}",
        years=chance.randint(5, age - 22),
        age=age,
    )
