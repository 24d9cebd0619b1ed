"""Scenarios of contests: 1,812 essays (S0), 73 contests with 4,812 entries (S1)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import insert

from contest.contests.actions import create_contest
from contest.contests.models import Contest, ContestKind, RankRun, Round, Stage
from contest.core.db import db, new_public_id
from contest.core.vietnamese import fold, name_sort_key
from contest.demo.fiction import person_name
from contest.demo.scenarios.ground import Ground, crowd, enter, lay, register_people
from contest.results.models import Allocation, Honour, PrizeAward, PrizeCode, PrizeLevel
from contest.submissions.models import Subject, Work, WorkState

_ESSAYS: Final = 1_812
_AUTHORS: Final = 1_500
_PRIZES: Final = (
    (PrizeCode.SPECIAL, "Giải đặc biệt", 1),
    (PrizeCode.FIRST, "Giải nhất", 2),
    (PrizeCode.SECOND, "Giải nhì", 4),
    (PrizeCode.THIRD, "Giải ba", 6),
    (PrizeCode.CONSOLATION, "Giải khuyến khích", 8),
)
# From leaders to guards and cleaners: whom the essays are about, not their authors.
_SUBJECTS: Final = (
    "Bí thư chi bộ",
    "Bảo vệ cơ quan",
    "Nhân viên tạp vụ",
    "Lái xe",
    "Bác sĩ",
    "Giáo viên",
    "Văn thư",
    "Phó giám đốc sở",
    "Thủ quỹ",
    "Kỹ thuật viên",
    "Điều dưỡng",
    "Chuyên viên",
    "Trưởng phòng",
    "Nhân viên nấu bếp",
)
_CONTESTS: Final = 73
_ENTRIES: Final = 4_812
_CONTESTANTS: Final = 3_640
_TOPICS: Final = (
    "Hội thi kể chuyện tấm gương đạo đức Hồ Chí Minh",
    "Hội thi báo cáo viên, tuyên truyền viên giỏi",
    "Hội thi cán bộ đoàn giỏi",
    "Hội thi nữ công gia chánh và học tập theo Bác",
    "Hội thi cán bộ y tế làm theo lời Bác",
    "Hội thi giáo viên kể chuyện về Bác",
    "Hội thi chức sắc, tín đồ sống tốt đời đẹp đạo",
)


def essays(now: datetime) -> None:
    """S0: 1,812 essays by 1,500 authors, 21 prizes, 14 honoured persons."""
    ground = lay("s0-essays", "Đảng ủy Khối các cơ quan", bases=48, now=now, headcount=9_200)
    opened = datetime(2019, 2, 3, 1, 0, tzinfo=UTC)
    contest = _announced(
        ground,
        "Cuộc thi viết “Gương sáng làm theo lời Bác”",
        "guong-sang-lam-theo-loi-bac",
        ContestKind.ESSAY,
        (opened.date(), date(2019, 6, 30)),
    )
    round_ = Round(
        contest_id=contest.id,
        number=1,
        title="Vòng chấm bài",
        kind=ContestKind.ESSAY,
        stage=Stage.PUBLISHED,
        opens_at=opened,
        closes_at=opened + timedelta(days=147),
        opened_at=opened,
        closed_at=opened + timedelta(days=147),
    )
    db.session.add(round_)
    db.session.flush()
    people = crowd(ground, _AUTHORS)
    registrations = register_people(ground, contest, people, opened)
    wanted = [(each, 1) for each in registrations]
    wanted += [(each, 2) for each in registrations[: _ESSAYS - _AUTHORS]]
    entries = enter(contest, wanted, opened)
    writers = [*people, *people[: _ESSAYS - _AUTHORS]]
    db.session.execute(
        insert(Work),
        [
            {
                "public_id": new_public_id(),
                "round_id": round_.id,
                "entry_id": entry_id,
                "person_id": person.id,
                "state": WorkState.SUBMITTED,
                "submitted_at": opened + timedelta(hours=place),
                "created_at": opened,
            }
            for place, (entry_id, person) in enumerate(zip(entries, writers, strict=True))
        ],
    )
    _prizes(round_, entries, people[0].id, opened + timedelta(days=180))
    _honours(ground, round_, opened + timedelta(days=180))


def _prizes(round_: Round, entries: Sequence[int], decided_by: int, at: datetime) -> None:
    run = RankRun(
        round_id=round_.id, number=1, keys=[], facts={}, entries=len(entries), digest="", made_at=at
    )
    levels = [
        PrizeLevel(round_id=round_.id, position=place, code=code, name=name, quota=quota)
        for place, (code, name, quota) in enumerate(_PRIZES, start=1)
    ]
    db.session.add_all([run, *levels])
    db.session.flush()
    allocation = Allocation(
        round_id=round_.id,
        rank_run_id=run.id,
        number=1,
        trace=[],
        digest="",
        decided_by_id=decided_by,
        decided_at=at,
    )
    db.session.add(allocation)
    db.session.flush()
    order = [level.id for level in levels for _each in range(level.quota)]
    db.session.add_all(
        PrizeAward(allocation_id=allocation.id, entry_id=entries[n * 7], level_id=level_id, place=n)
        for n, level_id in enumerate(order, start=1)
    )


def _honours(ground: Ground, round_: Round, at: datetime) -> None:
    for place, work in enumerate(_SUBJECTS, start=1):
        name = person_name(ground.chance)
        unit = ground.bases[place % len(ground.bases)]
        subject = Subject(
            full_name=name,
            name_folded=fold(name),
            sort_key=name_sort_key(name),
            unit_id=unit.id,
            unit_name=unit.name,
            created_at=at,
        )
        db.session.add(subject)
        db.session.flush()
        db.session.add(
            Honour(
                round_id=round_.id,
                subject_id=subject.id,
                position=place,
                full_name=name,
                unit_name=unit.name,
                citation=f"{work}, tận tụy với việc chung",
                added_at=at,
            )
        )


def contests(now: datetime) -> None:
    """S1: 73 contests in four years, 4,812 entries by fewer persons."""
    ground = lay("s1-contests", "Huyện ủy Đạ Tông", bases=18, now=now, headcount=12_400)
    people = crowd(ground, _CONTESTANTS)
    sizes = [_ENTRIES // _CONTESTS + (n < _ENTRIES % _CONTESTS) for n in range(_CONTESTS)]
    first = 0
    for number, size in enumerate(sizes, start=1):
        day = date(2016, 5, 19) + timedelta(days=19 * number)
        title = f"{_TOPICS[number % len(_TOPICS)]} lần thứ {number}"
        contest = _announced(
            ground, title, f"hoi-thi-{number}", ContestKind.STAGE, (day, day + timedelta(days=1))
        )
        # Everybody in turn, and from the first again: nobody twice in one contest.
        some = [people[(first + n) % len(people)] for n in range(size)]
        first += size
        at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        registrations = register_people(ground, contest, some, at)
        enter(contest, [(each, 1) for each in registrations], at)


def _announced(
    ground: Ground, title: str, slug: str, kind: ContestKind, days: tuple[date, date]
) -> Contest:
    first, last = days
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=30)
    contest = create_contest(
        title=title,
        unit=ground.root,
        actor=None,
        now=at,
        kind=kind,
        slug=slug,
        starts_on=first,
        ends_on=last,
    )
    contest.announced_at = at
    db.session.flush()
    return contest
