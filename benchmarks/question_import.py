"""A bank of 50,000 questions from its file, against what the standard library needs for the same.

Also 10,000 questions from GIFT, and the search for duplicates among the 50,000.

Each file is read in a process of its own, so that its memory is its own.
"""

import csv
import io
import multiprocessing
import random
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple
from xml.parsers import expat

import xlsxwriter

from benchmarks import Figure, benchmark, measured
from benchmarks._database import NOW, bare_insert_seconds, empty_database, make_unit
from contest.core.db import db
from contest.core.jobs import JobRun
from contest.core.transactions import unit_of_work
from question_bank import actions, queries, tasks
from question_bank.alike import alike
from question_bank.formats import FORMATS, find_format

QUESTIONS: Final = 50_000
SIZES: Final = {"xlsx": (QUESTIONS, 30.0), "csv": (QUESTIONS, 30.0), "gift": (10_000, 10.0)}
"""Questions of each file, and the most CPU seconds from file to questions."""
HEAD: Final = (
    *("Mã", "Chủ đề", "Mức độ", "Câu hỏi", "A", "B", "C", "D", "Đáp án"),
    *("Giải thích", "Nguồn", "Nhãn"),
)
TEXT: Final = (
    "Bác Hồ Người ra đi tìm đường cứu nước từ bến cảng Nhà Rồng năm phong cách đạo đức tư tưởng "
    "cần kiệm liêm chính chí công vô tư dân là gốc đoàn kết học tập làm theo tấm gương thi đua ái "
    "quốc độc lập tự do hạnh phúc tuyên ngôn thanh niên thiếu nhi Đảng nhân dân cách mạng"
)
WORDS: Final = TEXT.split()
LEVELS: Final = ("Nhận biết", "Thông hiểu", "Vận dụng", "Vận dụng cao")
TABLES: Final = ("question_import_row", "question", "question_revision", "question_tag")


class Cost(NamedTuple):
    """What one file cost; CPU in seconds, memory in MB."""

    read: float
    whole: float
    peak: float
    plain: float
    bare: float
    alike: float


@benchmark("import")
def importing() -> Iterator[Figure]:
    """50,000 questions from .xlsx and .csv, 10,000 from .gift: read, staged, compared and taken."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_files(folder)
        for kind, (_size, most) in SIZES.items():
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
                cost = alone.submit(_import, folder / f"questions.{kind}").result()
            yield Figure(f".{kind}: the reader alone", cost.read, "s CPU")
            yield Figure(f".{kind}: file to questions", cost.whole, "s CPU", at_most=most)
            yield Figure(f".{kind}: most memory", cost.peak, "MB", at_most=400.0)
            yield Figure(
                f".{kind}: / plain parse and bare insert", cost.whole / (cost.plain + cost.bare)
            )
            yield Figure(f".{kind}: duplicates among them", cost.alike, "s CPU")


def _import(file: Path) -> Cost:
    """Read and take a file as the two jobs do."""
    kind = file.suffix[1:]
    size = SIZES[kind][0]
    with empty_database() as database:
        content = file.read_bytes()
        with unit_of_work():
            unit = make_unit()
            bank = actions.create_bank(
                name="Lớn", unit_id=unit.id, unit_scope=unit.scope, actor=None, now=NOW
            )
            bank_id = bank.id
            import_id = actions.begin_import(
                bank=bank,
                file_name=file.name,
                content=content,
                file_format=find_format(content),
                actor=None,
                now=NOW,
            ).id
        run = JobRun(0, {"import": import_id, "approve": True}, None, NOW)
        with measured() as whole:
            tasks.read_import(run)
            tasks.accept_import(run)
        peak = _peak()
        with unit_of_work():
            counts = queries.row_counts(import_id)
            assert counts.total == counts.chosen == size
            texts = list(queries.texts_to_compare(bank_id))
        with measured() as compared:
            alike(texts)
        db.session.remove()
        bare = bare_insert_seconds(database, TABLES)
    with measured() as plain:
        assert _plain_cells(content) >= size * (1 if kind == "gift" else 11)
    with measured() as read:
        assert sum(1 for _item in FORMATS[kind].read(content)) == size
    return Cost(read.cpu, whole.cpu, peak, plain.cpu, bare, compared.cpu)


def _peak() -> float:
    """The most memory of this process alone, in MB; what its parent held does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _plain_cells(content: bytes) -> int:
    """The same file through the standard library alone: how many cells there are."""
    if not content.startswith(b"PK"):
        return sum(map(len, csv.reader(io.StringIO(content.decode("utf-8-sig")))))
    cells = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal cells
        cells += name == "c"

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
            parser = expat.ParserCreate()
            parser.StartElementHandler = start
            parser.EndElementHandler = lambda _name: None
            parser.CharacterDataHandler = lambda _text: None
            with archive.open(part) as stream:
                parser.ParseFile(stream)
    return cells


def _write_files(folder: Path) -> None:
    rows = [HEAD, *map(_row, range(1, QUESTIONS + 1))]
    with (folder / "questions.csv").open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows(rows)
    gift = "\n".join(map(_gift, range(1, SIZES["gift"][0] + 1)))
    (folder / "questions.gift").write_text(gift, encoding="utf-8")
    with xlsxwriter.Workbook(folder / "questions.xlsx") as book:
        sheet = book.add_worksheet("Câu hỏi")
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text)


def _gift(number: int) -> str:
    own_id, topic, _level, stem, *options, key, because, _source, tags = _row(number)
    marks = ["=" if letter == key else "~" for letter in "ABCD"]
    answers = "\n".join(f"  {mark}{text}" for mark, text in zip(marks, options, strict=True))
    return (
        f"$CATEGORY: $course$/top/{topic}\n\n// [id:{own_id}] [tag:{tags.split(',')[0]}]\n"
        f"::{own_id}::{stem} {{\n{answers}\n  ####{because}\n}}\n"
    )


def _row(number: int) -> Sequence[str]:
    chance = random.Random(number)

    def words(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    return (
        f"CH-{number:05d}",
        f"Chủ đề {number % 25 + 1}",
        LEVELS[number % 4],
        f"Câu hỏi số {number}: {words(10, 25)}?",
        *(f"{words(3, 9)} {letter}" for letter in "abcd"),
        "ABCD"[chance.randrange(4)],
        words(8, 20),
        f"Hồ Chí Minh Toàn tập, tập {number % 15 + 1}, trang {number % 600 + 1}",
        f"tuần {number % 10 + 1}, {chance.choice(WORDS)}",
    )
