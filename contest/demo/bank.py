"""A second bank of the demo, in which everything that a bank can hold is to be seen.

The first one, of plain questions, is what the demo's quizzes draw from.
"""

import io
from datetime import date, datetime, timedelta
from typing import Any, Final

from PIL import Image, ImageDraw
from sqlalchemy import select

from contest.core.db import db
from contest.demo.foundation import Foundation
from contest.quizzes.actions import report_question
from contest.quizzes.models import Attempt
from contest.quizzes.queries import own_sitting
from question_bank import actions, queries
from question_bank.actions import Content, SourceValues
from question_bank.alike import alike
from question_bank.kinds.choice import new_choice_body
from question_bank.media.mathml import read_formula
from question_bank.media.reading import read_medium
from question_bank.models import Bank, Difficulty, Question, QuestionState, ShareRight

SLUG: Final = "cau-hoi-co-hinh"
OLD_LAW: Final = "Luật Thi đua, khen thưởng năm 2003"
NEW_LAW: Final = "Luật số 06/2022/QH15"
_DAY: Final = timedelta(days=1)
_SUM: Final = (
    "<math><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"
    "<mi>i</mi><mo>=</mo><mfrac><mrow><mi>n</mi><mo>(</mo><mi>n</mi><mo>+</mo><mn>1</mn><mo>)</mo>"
    "</mrow><mn>2</mn></mfrac></math>"
)
_HALF: Final = "<math><mfrac><mi>n</mi><mn>2</mn></mfrac></math>"
_MEAN: Final = "<math><mfrac><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac></math>"


def tell(base: Foundation, *, now: datetime) -> None:
    """Open the bank and bring its questions to different stages, in this unit of work.

    Args:
        base: units, cast and the first bank.
        now: "today".
    """
    lan, dao, phuc = (base.actors[key] for key in ("lan", "dao", "phuc"))
    before = now - 20 * _DAY
    bank = actions.create_bank(
        name="Câu hỏi có hình ảnh, công thức và đoạn văn",
        slug=SLUG,
        unit_id=base.units["LS-BTG"].id,
        unit_scope=base.units["LS-BTG"].scope,
        two_person_review=True,
        actor=lan,
        now=before,
    )
    actions.hand_over_bank(
        bank=bank,
        to=base.people["dao"],
        reason="Chị Đào biên soạn phần lớn câu hỏi của ngân hàng này.",
        actor=lan,
        now=before + _DAY,
    )
    _sources(bank, base, before)
    written = [
        actions.create_question(bank=bank, content=content, actor=dao, now=before + number * _DAY)
        for number, content in enumerate(_contents(bank, base, before), start=2)
    ]
    # The group waits for its author, the two that cite a law for the review.
    for question in (*written[:6], *written[8:]):
        _step(bank, question, QuestionState.CHECKED, base, now - 4 * _DAY)
    for question in (*written[:4], written[5], *written[8:]):
        actions.change_state(
            bank=bank, question=question, to=QuestionState.APPROVED, actor=lan, now=now - 3 * _DAY
        )
    actions.write_comment(
        question=written[4],
        body="Câu 2 của nhóm nên ghi rõ “theo đoạn trích” để bạn đọc khỏi nhầm với cả bài.",
        actor=phuc,
        now=now - 2 * _DAY,
    )
    actions.keep_pairs(bank=bank, found=alike(list(queries.texts_to_compare(bank.id))), now=now)
    actions.share_bank(
        bank=bank,
        scope=base.units["LS-XH"].scope,
        right=ShareRight.READ,
        actor=lan,
        now=now - _DAY,
    )
    actions.save_filter(
        bank=bank,
        name="Văn bản đã hết hiệu lực",
        query={"flag": "lapsed"},
        is_shared=True,
        actor=lan,
        now=now - _DAY,
    )
    _report(base, now)


def _step(
    bank: Bank, question: Question, to: QuestionState, base: Foundation, now: datetime
) -> None:
    actions.change_state(bank=bank, question=question, to=to, actor=base.actors["phuc"], now=now)


def _sources(bank: Bank, base: Foundation, now: datetime) -> None:
    for values in (
        SourceValues(
            OLD_LAW,
            "Luật Thi đua, khen thưởng số 15/2003/QH11, đã sửa đổi, bổ sung",
            valid_from=date(2004, 7, 1),
            valid_to=date(2023, 12, 31),
            note="Thay bằng Luật số 06/2022/QH15.",
        ),
        SourceValues(NEW_LAW, "Luật Thi đua, khen thưởng năm 2022", valid_from=date(2024, 1, 1)),
    ):
        actions.put_source(bank=bank, source=None, values=values, actor=base.actors["lan"], now=now)


def _contents(bank: Bank, base: Foundation, now: datetime) -> list[Content]:
    """One question of each kind; two that say nearly the same, two that cite a law."""
    house = read_medium(_house(), "Tranh vẽ ngôi nhà sàn nhỏ giữa vườn cây, hai tầng, mái ngói đỏ")
    total, half, mean = (read_formula(each) for each in (_SUM, _HALF, _MEAN))
    actions.keep_media(
        bank_id=bank.id, media=(house, total, half, mean), actor=base.actors["dao"], now=now
    )

    def topic(*path: str) -> int:
        found = actions.ensure_topic(bank=bank, path=path)
        return 0 if found is None else found.id

    def content(kind: str, stem: str, body: dict[str, Any], *path: str, **more: Any) -> Content:
        more.setdefault("difficulty", Difficulty.MEDIUM)
        return Content(kind=kind, stem=stem, body=body, topic_id=topic(*path), **more)

    word = {"kind": "short_answer", "body": {"answers": [{"text": "Nghệ An"}]}}
    year = {"kind": "numeric", "body": {"answers": [{"value": "1911"}]}}
    law = "Danh hiệu thi đua nào dành cho cá nhân được quy định trong luật?"
    titles = [
        "Chiến sĩ thi đua toàn quốc",
        "Cờ thi đua của Chính phủ",
        "Tập thể lao động tiên tiến",
    ]
    return [
        content(
            "single",
            f"Ngôi nhà trong tranh gợi nhớ nơi ở nào của Bác Hồ tại Hà Nội?\n{house.token}",
            new_choice_body(
                ["Nhà sàn trong khu Phủ Chủ tịch", "Nhà 67", "Nhà 48 Hàng Ngang", "Nhà 54"], [0]
            ),
            "Hình ảnh", "Nơi ở và làm việc",
            tags=("tranh", "nhà sàn"),
        ),
        content(
            "single",
            f"Mỗi ngày tiết kiệm thêm 1 nghìn đồng so với hôm trước. Sau n ngày được {total.token} "
            "nghìn đồng. Trung bình mỗi ngày được bao nhiêu nghìn đồng?",
            new_choice_body(
                [mean.token, half.token, "n"],
                [0],
            ),
            "Cần, kiệm", difficulty=Difficulty.HARD, tags=("công thức",),
        ),
        content(
            "cloze",
            "Bác Hồ quê ở tỉnh [[1]], ra đi tìm đường cứu nước năm [[2]].",
            {"parts": [word, year]},
            "Tiểu sử", difficulty=Difficulty.EASY,
        ),
        content(
            "matching",
            "Ghép mỗi tác phẩm với năm ra đời.",
            {
                "pairs": [
                    {"left": "Đường Kách mệnh", "right": "1927"},
                    {"left": "Sửa đổi lối làm việc", "right": "1947"},
                ],
                "extra": ["1969"],
            },
            "Tác phẩm",
        ),
        content(
            "group",
            "Đọc đoạn trích: “Người có bốn đức: cần, kiệm, liêm, chính. Thiếu một đức, thì không "
            "thành người.”",
            {
                "parts": [
                    {
                        "kind": "numeric",
                        "stem": "Đoạn trích nói tới mấy đức?",
                        "body": {"answers": [{"value": "4"}]},
                    },
                    {
                        "kind": "single",
                        "stem": "Đức nào đứng đầu?",
                        "body": new_choice_body(["Cần", "Kiệm", "Liêm", "Chính"], [0]),
                    },
                ]
            },
            "Tác phẩm", difficulty=Difficulty.EASY,
        ),
        content(
            "ordering",
            "Sắp xếp theo thời gian những nơi Bác Hồ đã sống và hoạt động.",
            {"items": [{"text": each} for each in ("Pa-ri", "Quảng Châu", "Pác Bó", "Hà Nội")]},
            "Tiểu sử",
        ),
        content(
            "single", law, new_choice_body(titles, [0]), "Thi đua, khen thưởng",
            source=f"{OLD_LAW}, Điều 20",
        ),
        content(
            "single",
            law.replace("Danh hiệu", "Những danh hiệu").replace("trong luật", "ở trong luật"),
            new_choice_body(titles, [0]),
            "Thi đua, khen thưởng",
            source=f"{NEW_LAW}, Điều 19",
        ),
        content(
            "essay",
            "Kể về một người quanh bạn sống cần, kiệm, và điều bạn đã học được ở người ấy.",
            {},
            "Cần, kiệm", difficulty=Difficulty.VERY_HARD,
        ),
        content(
            "description",
            f"Đề có tranh, công thức và chỗ để điền. Bạn xem tranh trước nhé.\n{house.token}",
            {},
            "Hình ảnh", mark=0,
        ),
    ]  # fmt: skip


def _house() -> bytes:
    """A drawing of our own: a house on stilts among trees."""
    picture = Image.new("RGB", (720, 420), "#dfe9d8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, 720, 420), fill="#a9bf8f")
    for x, height in ((70, 150), (610, 170), (670, 120)):
        draw.rectangle((x - 8, 330 - height // 2, x + 8, 340), fill="#6b4a2f")
        draw.ellipse((x - 60, 250 - height, x + 60, 350 - height // 2), fill="#5f8a4c")
    draw.polygon(((150, 130), (360, 45), (570, 130)), fill="#a8402f")
    draw.rectangle((185, 130, 535, 225), fill="#b98552")
    for x in range(205, 520, 66):
        draw.rectangle((x, 150, x + 36, 205), fill="#f2e3c0")
    draw.rectangle((170, 225, 550, 238), fill="#7a5233")
    for x in range(190, 540, 56):
        draw.rectangle((x, 238, x + 12, 335), fill="#7a5233")
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _report(base: Foundation, now: datetime) -> None:
    """Minh says that a question of his attempt is wrong."""
    minh = base.people["minh"]
    public_id = db.session.scalar(
        select(Attempt.public_id)
        .where(Attempt.person_id == minh.id, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id)
        .limit(1)
    )
    sitting = None if public_id is None else own_sitting(minh.id, public_id)
    if sitting is not None:
        report_question(
            sitting=sitting,
            slot=1,
            body="Phương án A và C theo tôi đều đúng, vì sách giáo khoa ghi cả hai.",
            actor=base.actors["minh"],
            now=now - _DAY,
        )
