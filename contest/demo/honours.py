"""The demo's registers: commendations, the honour roll, nominations, older contests, models."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select

from contest.awards.actions import honours, nominations
from contest.awards.actions.commendations import CommendationValues, commendation_row
from contest.awards.models import AwardForm, Commendation, Level, RecipientKind
from contest.awards.queries.commendations import unit_book
from contest.contests.models import ContestKind
from contest.core.db import db
from contest.core.pictures import read_picture
from contest.demo.fiction import UNITS, person_name
from contest.demo.foundation import Foundation
from contest.demo.portraits import portrait
from contest.reports.actions import figures, records
from contest.reports.models import Measure, ProjectCategory, ProjectKind, ProjectState, Qualifier

_THEME: Final = "Học tập và làm theo Bác"
_SKILFUL: Final = "Dân vận khéo"
_REASON: Final = "Thành tích trong học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh"
_ONE, _MANY = RecipientKind.INDIVIDUAL, RecipientKind.COLLECTIVE


@dataclass(frozen=True, slots=True)
class _Told:
    """Somebody on the roll: who, where, what for, the story, and what they agreed to."""

    name: str
    unit: str
    kind: RecipientKind
    level: Level
    form: AwardForm
    decision: tuple[str, date]
    summary: str
    story: str
    theme: str = _THEME
    position: str = ""
    agreed: bool = True
    minor: bool = False
    look: int | None = None


_MERIT, _PAPER = AwardForm.MERIT_CERTIFICATE, AwardForm.COMMENDATION_PAPER
_OF_PROVINCE: Final = ("1124-QĐ/TU", date(2026, 5, 19))
_OF_WARD: Final = ("86-QĐ/ĐU", date(2026, 2, 3))
_PEOPLE: Final = (
    _Told(
        "Nguyễn Thị Bạch Tuyết",
        "LS-DM-01",
        _ONE,
        Level.CITY,
        _MERIT,
        _OF_PROVINCE,
        "Hai mươi hai năm dạy chữ ở điểm trường thôn Đắk Mai, tối nào cũng đi bộ đến lớp xóa mù.",
        "Điểm trường cách trung tâm xã mười một cây số. Mùa mưa, xe máy không qua được suối, cô "
        "Tuyết gửi xe ở nhà dân rồi đi bộ.\nBan ngày cô dạy lớp ghép hai trình độ. Ban đêm, cô mở "
        "lớp cho các chị chưa biết chữ; ai bận con nhỏ thì cô đến tận nhà. Đến nay, sáu mươi tư "
        "người đã tự ký được tên mình vào sổ vay vốn.\nCô nói: “Bác dạy một dân tộc dốt là một "
        "dân tộc yếu. Tôi chỉ làm phần việc nhỏ của tôi.”",
        position="Giáo viên",
        look=3,
    ),
    _Told(
        "K’Brỏih",
        "LS-LD-01",
        _ONE,
        Level.CITY,
        _MERIT,
        _OF_PROVINCE,
        "Già làng hiến 1.200 m² đất mở đường và vận động cả thôn cùng làm.",
        "Con đường vào thôn Đạ Nghiệt trước đây chỉ vừa một chiếc xe máy. Ông K’Brỏih là người đầu "
        "tiên dời hàng rào, hiến 1.200 m² đất trồng cà phê. Rồi ông đi từng nhà, nói chuyện cả "
        "tháng trời.\nBa mươi bảy hộ làm theo. Đường hoàn thành trước mùa thu hoạch, nông sản bán "
        "được giá hơn, trẻ con đi học không còn lấm bùn.",
        theme=_SKILFUL,
        position="Già làng, người có uy tín",
        look=1,
    ),
    _Told(
        "Đỗ Thị Kim Ngân",
        "LS-LD-02",
        _ONE,
        Level.BASE,
        _PAPER,
        _OF_WARD,
        "Y sĩ trạm y tế, nhớ lịch tiêm của từng đứa trẻ trong xã.",
        "Chị Ngân có một quyển sổ tay dày, ghi tên và lịch tiêm của hơn bốn trăm trẻ. Nhà nào "
        "quên, chị gọi; nhà nào không có điện thoại, chị tìm đến.\nBa năm liền, xã Lạc Đạ không có "
        "trẻ bỏ sót mũi tiêm.",
        position="Y sĩ",
        look=5,
    ),
    _Told(
        "Trần Gia Hưng",
        "LS-XH-01",
        _ONE,
        Level.BASE,
        _PAPER,
        _OF_WARD,
        "Học sinh lớp 11 nhặt được của rơi, tìm trả người mất.",
        "Trên đường đi học về, em nhặt được chiếc túi có 38 triệu đồng và mang ngay đến công an.",
        position="Học sinh",
        minor=True,
    ),
    _Told(
        "Lê Hữu Chiến",
        "LS-XH-03",
        _ONE,
        Level.BASE,
        _PAPER,
        _OF_WARD,
        "Công nhân cơ khí có bảy sáng kiến tiết kiệm điện và nước.",
        "Anh không muốn nêu tên rộng rãi.",
        position="Tổ trưởng tổ cơ điện",
        agreed=False,
    ),
    _Told(
        "Chi bộ thôn Hòa Thắng",
        "LS-TP-01",
        _MANY,
        Level.CITY,
        _MERIT,
        _OF_PROVINCE,
        "“Tuyến đường không rác” do chính bà con giữ, ba năm không một điểm tập kết tự phát.",
        "Mỗi đảng viên nhận một đoạn đường, mỗi sáng thứ Bảy cả thôn ra quét dọn. Tiền bán ve chai "
        "góp thành quỹ, năm qua tặng sách vở cho mười hai em nhỏ.",
        theme=_SKILFUL,
    ),
    _Told(
        "Đồn Biên phòng Phú Quân",
        "LS-PQ-01",
        _MANY,
        Level.PRIME_MINISTER,
        _MERIT,
        ("902/QĐ-TTg", date(2025, 8, 19)),
        "Nâng bước 26 em đến trường, dạy chữ cho ngư dân trên tàu.",
        "Từ năm 2019, cán bộ, chiến sĩ của đồn nhận đỡ đầu 26 em có hoàn cảnh khó khăn. Tối thứ Tư "
        "hằng tuần, lớp học mở ngay trên bến: ngư dân học chữ, học luật biển.",
    ),
)


def tell(base: Foundation, *, now: datetime) -> None:
    """Fill the registers of the province in the present unit of work.

    Args:
        base: units and cast.
        now: "today"; what is told happened before it.
    """
    root, lan = base.units["LS"], base.actors["lan"]
    chance = random.Random("honours")  # noqa: S311  (fiction needs no secrecy)
    book = unit_book()
    told = [_values(base, each) for each in _PEOPLE]
    rows = [
        commendation_row(each, book=book, register_unit_id=root.id, actor=lan, now=now)
        for each in (*told, *_further(base, chance))
    ]
    db.session.execute(insert(Commendation), rows)
    for each, row in zip(_PEOPLE, rows, strict=False):
        _put_on_the_roll(base, each, row["public_id"], now=now)
    _propose(base, now=now)
    _remember(base, now=now)


def _values(base: Foundation, each: _Told) -> CommendationValues:
    unit = base.units[each.unit]
    return CommendationValues(
        level=each.level,
        form=each.form,
        recipient_kind=each.kind,
        recipient_name=each.name,
        decision_number=each.decision[0],
        decided_on=each.decision[1],
        unit_id=unit.id,
        is_unit=unit.name == each.name,
        position=each.position,
        period_from=date(2021, 1, 1),
        period_to=date(2025, 12, 31),
        reason=_REASON,
        theme=each.theme,
        is_leader=False,
    )


def _further(base: Foundation, chance: random.Random) -> list[CommendationValues]:
    """The rest of those decisions: names in a list, as most of a register is."""
    codes = [
        each.code for each in UNITS if each.code.startswith("LS-") and each.code.count("-") > 1
    ]
    kinds = ((_OF_PROVINCE, Level.CITY, _MERIT, 14), (_OF_WARD, Level.BASE, _PAPER, 34))
    return [
        CommendationValues(
            level=level,
            form=form,
            recipient_kind=_ONE,
            recipient_name=person_name(chance),
            decision_number=decision[0],
            decided_on=decision[1],
            unit_id=base.units[codes[n % len(codes)]].id,
            birth_year=1966 + n,
            position=("Phó Bí thư" if n % 9 == 0 else "Cán bộ"),
            period_from=date(2021, 1, 1),
            period_to=date(2025, 12, 31),
            reason=_REASON,
            theme=_THEME,
            is_leader=n % 9 == 0,
        )
        for decision, level, form, count in kinds
        for n in range(count)
    ]


def _put_on_the_roll(base: Foundation, each: _Told, public_id: str, *, now: datetime) -> None:
    lan = base.actors["lan"]
    row = db.session.scalars(select(Commendation).where(Commendation.public_id == public_id)).one()
    profile = honours.open_profile(commendation=row, actor=lan, now=now)
    if each.look is not None:
        picture = read_picture(portrait(each.look))
        honours.set_portrait(profile=profile, picture=picture, actor=lan, now=now)
    values = honours.ProfileValues(
        summary=each.summary,
        story=each.story,
        theme=each.theme,
        is_minor=each.minor,
        name_agreed=each.agreed,
        photo_agreed=each.look is not None,
        guardian_agreed=False,
        portrait_text=f"Chân dung {each.name}" if each.look is not None else "",
    )
    honours.edit_profile(profile=profile, values=values, actor=lan, now=now)
    honours.publish_profile(profile=profile, published=True, actor=lan, now=now)


def _propose(base: Foundation, *, now: datetime) -> None:
    """Three nominations of the ward: one under way, one on the council's list, one sent back."""
    nhung, lan = base.actors["nhung"], base.actors["lan"]
    begun = now - timedelta(days=9)
    proposed = (
        ("Võ Thị Thu Thủy", "LS-XH-02", "Sáng kiến rút ngắn thời gian trả kết quả hồ sơ hộ tịch"),
        ("Phan Văn Kiên", "LS-XH-03", "Bảy năm giữ lớp học tình thương cho con công nhân"),
        ("Huỳnh Ngọc Loan", "LS-XH-01", "Câu lạc bộ đọc sách cuối tuần của học sinh"),
    )
    made = [
        nominations.propose(
            values=nominations.NominationValues(
                unit=base.units[code],
                recipient_kind=_ONE,
                recipient_name=name,
                level=Level.CITY,
                form=_MERIT,
                achievement=achievement,
                account=f"{achievement}. Việc làm được nhân dân và đồng nghiệp ghi nhận.",
            ),
            actor=nhung,
            now=begun,
        )
        for name, code, achievement in proposed
    ]
    for each in made:
        nominations.move_nomination(
            step=nominations.Step.SUBMIT,
            nomination=each,
            opinion="Đề nghị xem xét.",
            actor=nhung,
            now=begun,
        )
    _under_way, listed, returned = made
    nominations.move_nomination(
        step=nominations.Step.FORWARD,
        nomination=listed,
        opinion="Nhất trí, thành tích rõ, có xác nhận của công đoàn.",
        actor=nhung,
        now=begun + timedelta(days=2),
    )
    nominations.move_nomination(
        step=nominations.Step.LIST,
        nomination=listed,
        opinion="",
        actor=lan,
        now=begun + timedelta(days=5),
    )
    nominations.move_nomination(
        step=nominations.Step.RETURN,
        nomination=returned,
        opinion="Bổ sung số buổi sinh hoạt và số học sinh tham gia.",
        actor=nhung,
        now=begun + timedelta(days=3),
    )


_CONTESTS: Final[tuple[dict[str, Any], ...]] = (
    {
        "title": "Hội thi kể chuyện về tấm gương đạo đức Hồ Chí Minh",
        "kind": ContestKind.STORY,
        "held_from": date(2023, 5, 4),
        "held_to": date(2023, 5, 18),
        "categories": "Cán bộ, đảng viên, đoàn viên",
        "entries": 120,
        "entries_qualifier": Qualifier.MORE_THAN.value,
        "source": "Báo cáo tổng kết năm 2023",
    },
    {
        "title": "Cuộc thi viết “Những tấm gương bình dị mà cao quý”",
        "kind": ContestKind.ESSAY,
        "held_from": date(2024, 3, 1),
        "held_to": date(2024, 8, 31),
        "categories": "Mọi người dân trong tỉnh",
        "entries": 1_800,
        "entries_qualifier": Qualifier.ABOUT.value,
        "source": "Báo cáo sơ kết 2024",
    },
    {
        "title": "Hội thi sân khấu hóa “Dân vận khéo”",
        "kind": ContestKind.STAGE,
        "held_from": date(2025, 10, 6),
        "held_to": date(2025, 10, 8),
        "categories": "Đội thi của các đảng ủy xã, phường",
        "entries": 18,
        "persons": 216,
        "source": "Biên bản tổng kết hội thi",
    },
)
_MODELS: Final = (
    ("Tuyến đường không rác", "LS-TP-01", ProjectCategory.CULTURE_SOCIETY, ProjectState.DONE),
    ("Tổ tự quản an ninh vùng biên", "LS-PQ-01", ProjectCategory.SECURITY, ProjectState.UNDER_WAY),
    ("Chợ phiên nông sản sạch", "LS-LD-01", ProjectCategory.ECONOMY, ProjectState.UNDER_WAY),
    ("Một cửa thân thiện", "LS-XH-02", ProjectCategory.ADMINISTRATIVE_REFORM, ProjectState.DONE),
    (
        "Lớp học cuối tuần cho con công nhân",
        "LS-XH-03",
        ProjectCategory.CULTURE_SOCIETY,
        ProjectState.REGISTERED,
    ),
)


def _remember(base: Foundation, *, now: datetime) -> None:
    """Older contests, models, a target and a figure of an older report."""
    root, lan = base.units["LS"], base.actors["lan"]
    for values in _CONTESTS:
        records.add_record(register=records.CONTESTS, unit=root, values=values, actor=lan, now=now)
    for title, code, category, state in _MODELS:
        made: Any = records.add_record(
            register=records.PROJECTS,
            unit=base.units[code],
            values={
                "title": title,
                "kind": ProjectKind.MODEL,
                "category": category,
                "registered_on": date(2026, 1, 15),
                "objective": "Việc làm cụ thể, người dân thấy được kết quả.",
                "road_map": "Quý I: ra mắt\nQuý III: sơ kết\nQuý IV: nhân rộng",
            },
            actor=lan,
            now=now,
        )
        if state is not ProjectState.REGISTERED:
            records.set_project_state(project=made, state=state, actor=lan, now=now)
    year = date(2026, 1, 1), date(2026, 12, 31)
    for measure, value in ((Measure.PERSONS, 250), (Measure.ESSAYS, 60)):
        figures.set_target(
            unit=root,
            measure=measure,
            first=year[0],
            last=year[1],
            value=value,
            source="Kế hoạch số 18-KH/TU",
            actor=lan,
            now=now,
        )
    figures.add_reported_figure(
        unit=root,
        measure=Measure.ENTRIES,
        first=date(2021, 1, 1),
        last=date(2025, 12, 31),
        value=4_800,
        qualifier=Qualifier.MORE_THAN,
        source="Báo cáo tổng kết 5 năm thực hiện Chỉ thị 05-CT/TW",
        actor=lan,
        now=now,
    )
