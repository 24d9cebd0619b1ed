"""Broken files of every format: each is read or refused, never a traceback, never a hang.

The seeds are files of ours and those that organisers brought; they are cut, mixed, and changed byte
by byte, and inside the parts of office files too. The long run stands under `deep`.
"""

import io
import random
import tracemalloc
import zipfile
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.core.spreadsheets import UnreadableFile
from question_bank.exports import EXPORTS, ExportQuestion
from question_bank.formats import FORMATS, find_format
from question_bank.kinds import kind_of
from question_bank.kinds.choice import new_choice_body
from question_bank.media.mathml import read_formula
from question_bank.media.reading import read_medium
from question_bank.staging import Staging
from tests.question_bank.formats.test_docx import drawing, illustrated, line, run
from tests.question_bank.formats.test_input_files import INPUTS
from tests.question_bank.test_exports import composed_parts
from tests.question_bank.test_media import mp3, picture

AIKEN: Final = "Quê Bác ở đâu?\nA. Nghệ An\nB) Huế\nANSWER: A\n\nHai?\nA. x\nB. y\nANSWER: D\n"
PIECES: Final = (
    b"{", b"}", b"=", b"~", b"#", b"->", b"%50%", b"::", b"\\", b"\n\n", b"\0", b"\xff\xfe",
    b'<question type="cloze">', b"<![CDATA[", b"&#x0;", b"&lt;", b"<!DOCTYPE x [<!ENTITY e 'x'>]>",
    b"{1:MC:=a~b}", b"{1:NM:=1e999}", b"@@PLUGINFILE@@/a.png", b"1e999999", b"9" * 400, b'"key": [',
    b'{"id": ', b"null", b'"parts": []', b"ANSWER: ", b"A. ", b"C\xc3\xa2u 1. ", b"<w:p>",
    b"<m:oMath>", b"</w:tbl>", "⟦m:aaaaaaaaaaaaaaaaaaaa⟧".encode(), b"\xf0\x9f\x98\x80", b"\t",
    b"<math><mi>x</mi></math>", b'r:embed="r9"', b";" * 300, b'"', b"<sup>" * 50,
)  # fmt: skip
FIVE_SECONDS: Final = 5_000
A_LONG_RUN: Final = 3_600  # seconds for all examples together
MOST_BYTES: Final = 300 * 1024 * 1024


def every_kind() -> list[ExportQuestion]:
    """A question of each kind, one of them with all sorts of media."""
    texts = ["Nghệ An", "Hà Tĩnh", "Huế"]
    shown = (
        read_medium(picture(), "Nhà sàn"),
        read_medium(mp3(), "Hát ru"),
        read_formula("<math><msqrt><mn>2</mn></msqrt></math>"),
    )
    bodies: dict[str, Any] = {
        "single": new_choice_body([*texts, shown[2].token], [0]),
        "multiple": new_choice_body(texts, [0, 1]),
        "true_false": new_choice_body(["Đúng", "Sai"], [0]),
        "short_answer": {"answers": [{"text": "Bác *"}]},
        "numeric": {"answers": [{"value": "3.14", "tolerance": "0.01"}], "unit": "km"},
        "matching": {"pairs": [{"left": a, "right": f"{a}!"} for a in texts], "extra": ["x"]},
        "ordering": {"items": [{"text": text} for text in texts]},
        "cloze": {"parts": composed_parts(texts)},
        "group": {"parts": [part | {"stem": "Hỏi?"} for part in composed_parts(texts)]},
        "essay": {},
        "description": {},
    }
    return [
        ExportQuestion(
            kind=code,
            stem="Câu? [[1]] [[2]] [[3]] [[4]]" if code == "cloze" else f"Câu {shown[0].token}?",
            body=kind_of(code).dump(kind_of(code).parse(body)),
            difficulty="easy",
            mark=Decimal(1),
            external_id=f"Q-{place}",
            topic=("Tiểu sử", "Quê"),
            explanation=f"Vì {shown[1].token}",
            tags=("a",),
            media={medium.ref: medium for medium in shown},
        )
        for place, (code, body) in enumerate(bodies.items())
    ]


@cache
def seeds() -> tuple[bytes, ...]:
    """Whole files of every format."""
    questions = every_kind()
    written = [
        found.write([each for each in questions if each.kind in found.kinds])
        for found in EXPORTS.values()
    ]
    paper = illustrated(
        f"<w:p>{run('Câu 1. Nhà nào? ')}{drawing('r1', 'Nhà sàn')}</w:p>",
        "A. Một\tB. Hai",
        line("b|C. Ba"),
        "<w:p><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>",
    )
    brought = [path.read_bytes() for path in sorted(INPUTS.iterdir()) if path.suffix != ".json"]
    return (*written, AIKEN.encode(), paper, *brought)


def changed(data: bytes, chance: random.Random) -> bytes:
    """A file with a few random faults in it."""
    mixed = bytearray(data)
    for _fault in range(chance.randint(1, 6)):
        at = chance.randint(0, len(mixed))
        end = min(len(mixed), at + chance.choice((1, 2, 8, 64, 1024)))
        fault = chance.randint(0, 5)
        if fault == 0:
            del mixed[at:end]
        elif fault == 1:
            mixed[at:at] = chance.choice(PIECES)
        elif fault == 2:
            mixed[at:at] = mixed[at:end] * chance.randint(1, 20)
        elif fault == 3 and at < len(mixed):
            mixed[at] = chance.randint(0, 255)
        elif fault == 4:
            mixed[at:end] = chance.choice(PIECES)
        else:
            other = chance.randint(0, len(mixed))
            mixed[at:end] = mixed[other : other + end - at]
    return bytes(mixed[: chance.randint(0, len(mixed))] if chance.random() < 0.1 else mixed)


def repacked(data: bytes, chance: random.Random) -> bytes:
    """An office file with faults inside one of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as made:
        names = source.namelist()
        broken = chance.choice(names)
        for name in names:
            content = source.read(name)
            made.writestr(name, changed(content, chance) if name == broken else content)
    return target.getvalue()


def mutated(seed: int) -> bytes:
    chance = random.Random(seed)
    data = chance.choice(seeds())
    inside = data.startswith(b"PK") and chance.random() < 0.8
    return repacked(data, chance) if inside else changed(data, chance)


def read_to_the_end(data: bytes) -> None:
    """Read as every format that takes the content, and make rows ready for the bank."""
    refusals = []
    for code in ("auto", *FORMATS):
        try:
            found = find_format(data, code)
            for convert in (False, True):
                for row in Staging().rows(found.read(data, convert_legacy=convert)):
                    assert row["is_good"] or row["errors"]
        except UnreadableFile as refused:
            refusals.append(refused.words)
    assert all(refusals)


@given(st.integers(0, 2**32))
@settings(max_examples=120, deadline=FIVE_SECONDS, suppress_health_check=list(HealthCheck))
def test_a_broken_file_is_read_or_refused(seed: int) -> None:
    read_to_the_end(mutated(seed))


@given(st.binary(max_size=3_000) | st.text(max_size=2_000).map(str.encode))
@settings(max_examples=150, deadline=FIVE_SECONDS)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_to_the_end(data)


@pytest.mark.deep
@pytest.mark.timeout(A_LONG_RUN)
@given(st.integers(0, 2**63))
@settings(max_examples=5_000, deadline=FIVE_SECONDS, suppress_health_check=list(HealthCheck))
def test_many_broken_files_are_read_or_refused(seed: int) -> None:
    read_to_the_end(mutated(seed))


@pytest.mark.deep
@pytest.mark.timeout(A_LONG_RUN)
def test_no_broken_file_takes_more_memory_than_it_may() -> None:
    tracemalloc.start()
    try:
        for seed in range(500):
            read_to_the_end(mutated(seed))
            assert tracemalloc.get_traced_memory()[1] < MOST_BYTES, seed
            tracemalloc.reset_peak()
    finally:
        tracemalloc.stop()
