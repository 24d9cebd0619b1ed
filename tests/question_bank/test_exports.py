"""Writing a bank into a file and reading it back gives the same bank."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import unit_of_work
from question_bank import actions, queries
from question_bank.exports import EXPORTS, ExportQuestion
from question_bank.formats import read_questions
from question_bank.formats.sieve import body_of
from question_bank.kinds import KINDS, kind_of
from question_bank.kinds.choice import Scoring, new_choice_body
from question_bank.media.mathml import read_formula
from question_bank.media.reading import read_medium
from question_bank.rules import clean_tags, revision_digest
from question_bank.tasks import export_questions_command
from tests.question_bank.conftest import SAMPLE, Room
from tests.question_bank.test_imports import GIFT
from tests.question_bank.test_media import mp3, picture
from tests.support.pages import CheckingClient

WORDS = st.text(
    st.sampled_from("abAB đếỗ12=~#{}:\\$%*->[]<&;,\"'()/.\n"), min_size=1, max_size=24
).map(lambda text: " ".join(("Lời", *text.split())))
SHORT = WORDS.map(lambda text: text.replace("*", "x").replace("->", "→"))


def composed_parts(texts: list[str]) -> list[dict[str, Any]]:
    """A part of each simple kind that other systems can say."""
    weighed = [{"text": texts[0], "share": "1"}, {"text": texts[1], "share": "1/2"}]
    return [
        {"kind": "short_answer", "weight": "2", "body": {"answers": weighed, "match_case": True}},
        {"kind": "numeric", "body": {"answers": [{"value": "1.5", "tolerance": "0.5"}]}},
        {"kind": "single", "feedback": texts[2], "body": new_choice_body(texts, [1])},
        {
            "kind": "multiple",
            "is_list": True,
            "body": new_choice_body(texts, [0, 2], fixed=range(3), scoring=Scoring.PARTIAL),
        },
    ]


@st.composite
def questions(draw: Callable[..., Any]) -> ExportQuestion:
    """A question of any kind with words full of the formats' own signs."""
    code = draw(st.sampled_from(list(KINDS)))
    kind = kind_of(code)
    few = st.lists(SHORT, min_size=3, max_size=5, unique_by=lambda text: text.casefold())
    texts = [f"{text} {place}" for place, text in enumerate(draw(few))]
    body: dict[str, Any] = {
        "single": lambda: new_choice_body(texts, [draw(st.integers(0, 2))]),
        "multiple": lambda: new_choice_body(texts, [0, 2], scoring=Scoring.PARTIAL),
        "true_false": lambda: new_choice_body(["Đúng", "Sai"], [draw(st.integers(0, 1))]),
        "short_answer": lambda: {
            "answers": [{"text": text, "share": "1"} for text in texts[:2]]
            + [{"text": texts[2], "share": "1/2"}]
        },
        "numeric": lambda: {
            "answers": [{"value": str(draw(st.integers(-99, 99)) / 4), "tolerance": "0.5"}]
        },
        "matching": lambda: {
            "pairs": [{"left": text, "right": f"{text} phải"} for text in texts],
            "extra": ["thừa"],
        },
        "ordering": lambda: {"items": [{"text": text} for text in texts]},
        "cloze": lambda: {"parts": composed_parts(texts)},
        "group": lambda: {
            "parts": [part | {"stem": f"{texts[0]} hỏi gì?"} for part in composed_parts(texts)]
        },
        "essay": dict,
        "description": dict,
    }[code]()
    return ExportQuestion(
        kind=code,
        stem=draw(WORDS) + (" [[1]] ở [[2]], [[3]] [[4]]" if code == "cloze" else ""),
        body=kind.dump(kind.parse(body)),
        difficulty=draw(st.sampled_from(["easy", "medium", "hard", "very_hard"])),
        mark=Decimal(0) if code == "description" else Decimal("0.25"),
        external_id=f"CH-{draw(st.integers(0, 10**6))}",
        topic=draw(st.sampled_from([(), ("Tiểu sử",), ("Tiểu sử", "Gia đình/Quê")])),
        explanation=draw(st.just("") | WORDS),
        source=draw(st.just("") | SHORT),
        name=draw(st.just("") | SHORT),
        tags=clean_tags(draw(st.lists(st.sampled_from(["quê", "thơ", "a b"]), unique=True))),
    )


def digest_of(kind: str, stem: str, body: Any) -> str:
    return revision_digest(kind, stem, body, explanation="", source="", mark=Decimal(1))


@given(questions())
@settings(max_examples=150, deadline=None)
def test_our_json_gives_the_same_question(question: ExportQuestion) -> None:
    report = read_questions(EXPORTS["json"].write([question]))
    assert report.errors == []
    (read,) = report.questions
    assert read.body == question.body
    again = ExportQuestion(
        kind=read.kind,
        stem=read.stem,
        body=read.body or {},
        difficulty=read.difficulty or "",
        mark=read.mark or Decimal(0),
        external_id=read.external_id or "",
        topic=tuple((read.topic or "").split(" > ")) if read.topic else (),
        explanation=read.explanation,
        source=read.source,
        tags=read.tags,
        name=read.name,
    )
    assert again == question


@pytest.mark.parametrize("code", ["gift", "moodle-xml"])
@given(question=questions())
@settings(max_examples=150, deadline=None)
def test_what_other_systems_can_say_comes_back_or_is_refused(
    code: str, question: ExportQuestion
) -> None:
    """The words, the key and its shares are the same; never another key without a word."""
    if question.kind not in EXPORTS[code].kinds:
        return
    report = read_questions(EXPORTS[code].write([question]), code)
    if report.errors:
        # Signs of a formula before the answers cannot be told from them: refused, not changed.
        assert {error.code for error in report.errors} <= {"formula_braces"}
        return
    (read,) = report.questions
    assert (read.kind, read.stem) == (question.kind, question.stem)
    kind = kind_of(read.kind)
    body = kind.dump(kind.parse(body_of(read)))
    assert kind.lines(kind.parse(body)) == kind.lines(kind.parse(question.body))
    assert read.external_id == question.external_id
    assert read.tags == question.tags
    if question.name:
        assert read.name == question.name
    if (code, read.kind) != ("gift", "description"):  # it has no block to hold one
        assert read.explanation == question.explanation
    assert read.topic == (" > ".join(question.topic) or None)


def test_signs_like_those_of_a_gap_stay_in_the_words_of_a_part() -> None:
    parts = [
        {
            "kind": "short_answer",
            "stem": "Điền [[1]] vào đâu?",
            "body": {"answers": [{"text": "a"}]},
        },
        {"kind": "numeric", "stem": "[[2]] là mấy?", "body": {"answers": [{"value": "2"}]}},
    ]
    kind = kind_of("group")
    body = kind.dump(kind.parse({"parts": parts}))
    question = ExportQuestion(
        kind="group",
        stem="Đọc [[1]] rồi trả lời.",
        body=body,
        difficulty="easy",
        mark=Decimal(1),
    )
    report = read_questions(EXPORTS["moodle-xml"].write([question]), "moodle-xml")
    assert report.errors == []
    (read,) = report.questions
    assert read.stem == "Đọc [[1]] rồi trả lời."
    assert [part["stem"] for part in body_of(read)["parts"]] == [part["stem"] for part in parts]


def with_pictures(kind: str, stem: str, body: dict[str, Any]) -> ExportQuestion:
    """A question that shows a photograph, an ornament, a sound and a formula."""
    shown = (
        read_medium(picture(kind="JPEG"), "Ngôi nhà <sàn> & ao cá"),
        read_medium(picture("#fff"), "", is_decorative=True),
        read_medium(mp3(), "Tiếng hát ru"),
        read_formula("<math><msup><mi>x</mi><mn>2</mn></msup></math>"),
    )
    parsed = kind_of(kind)
    return ExportQuestion(
        kind=kind,
        stem=stem + "\n" + " ".join(medium.token for medium in shown[:3]),
        body=parsed.dump(parsed.parse(body | {})),
        difficulty="easy",
        mark=Decimal(1),
        external_id="H-1",
        name="Câu có hình",
        explanation=f"Vì {shown[3].token} > 0.",
        media={medium.ref: medium for medium in shown},
    )


@pytest.mark.parametrize("code", ["json", "moodle-xml"])
def test_pictures_sounds_and_formulas_travel_with_their_question(code: str) -> None:
    formula = read_formula("<math><msup><mi>x</mi><mn>2</mn></msup></math>").token
    for kind, stem, body in (
        ("single", "Hình nào?", new_choice_body([f"Đúng {formula}", "Sai"], [0])),
        ("essay", "Kể lại.", {}),
        ("cloze", "Năm [[1]] ở [[2]], [[3]] và [[4]]", {"parts": composed_parts(["a", "b", "c"])}),
    ):
        question = with_pictures(kind, stem, body)
        written = EXPORTS[code].write([question])
        report = read_questions(written, code)
        assert [error.as_json() for error in (*report.errors, *report.flags)] == []
        (read,) = report.questions
        assert (read.kind, read.stem, read.name) == (kind, question.stem, question.name)
        assert read.explanation == question.explanation
        assert {medium.ref: medium for medium in read.media} == question.media
        again = ExportQuestion(
            kind=read.kind,
            stem=read.stem,
            body=question.body,
            difficulty="easy",
            mark=Decimal(1),
            external_id="H-1",
            name=read.name,
            explanation=read.explanation,
            media=question.media,
        )
        assert EXPORTS[code].write([again]) == written


def test_formats_without_pictures_say_them_in_words() -> None:
    question = with_pictures("single", "Hình nào?", new_choice_body(["Một", "Hai"], [0]))
    for code in ("gift", "csv"):
        text = EXPORTS[code].write([question]).decode()
        assert "[Ngôi nhà <sàn> & ao cá]" in text
        assert "Vì x² > 0." in text
        assert "⟦" not in text


def test_a_sign_that_xml_forbids_does_not_stop_the_file() -> None:
    question = ExportQuestion(
        kind="essay",
        stem="Kể\x0b về\x01 Bác\ufffe.",
        body={},
        difficulty="easy",
        mark=Decimal(1),
        external_id="CH-1",
        topic=(),
        explanation="",
        source="",
        tags=("a\x02",),
    )
    (read,) = read_questions(EXPORTS["moodle-xml"].write([question])).questions
    assert (read.stem, read.tags) == ("Kể về Bác.", ("a",))


@pytest.mark.parametrize("code", ["xlsx", "csv"])
def test_tables_give_choices_back(app: Flask, code: str) -> None:
    with app.test_request_context():
        sample = read_questions(SAMPLE.read_bytes())
        written = EXPORTS[code].write(
            ExportQuestion(
                kind=each.kind,
                stem=each.stem,
                body=body_of(each),
                difficulty=each.difficulty or "medium",
                mark=each.mark or Decimal(1),
                external_id=each.external_id or "",
                topic=(each.topic,) if each.topic else (),
                explanation=each.explanation,
                source=each.source,
                tags=each.tags,
            )
            for each in sample.questions
        )
        again = read_questions(written)
    assert again.errors == []
    for before, after in zip(sample.questions, again.questions, strict=True):
        parts = ("kind", "stem", "options", "key", "topic", "difficulty", "explanation", "tags")
        assert [getattr(after, part) for part in parts] == [getattr(before, part) for part in parts]


@pytest.mark.parametrize("code", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "signs", [("-", "=", "+"), ("@", "'", "'-"), ("'=", "", "''-"), ("'+", "-", "'@")]
)
def test_what_looks_like_a_formula_is_harmless_and_comes_back(
    app: Flask, code: str, signs: tuple[str, ...]
) -> None:
    texts = [f"{sign}{place}" for place, sign in enumerate(signs)]
    question = ExportQuestion(
        kind="single",
        stem=f"{signs[0]}5 + 3 bằng mấy?",
        body=KINDS["single"].dump(KINDS["single"].parse(new_choice_body(texts, [0]))),
        difficulty="easy",
        mark=Decimal(1),
        external_id="CH-1",
        topic=(),
        explanation=f"{signs[1]}8",
        source="",
        tags=(),
    )
    with app.test_request_context():
        written = EXPORTS[code].write([question])
        report = read_questions(written)
    assert report.errors == []
    (read,) = report.questions
    assert [option.text for option in read.options] == texts
    assert (read.stem, read.explanation) == (question.stem, question.explanation)
    if code == "csv":
        for line in written.decode("utf-8-sig").splitlines():
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line.split(";"))


def test_a_bank_goes_into_another_bank_and_out_again(
    app: Flask, room: Room, now: datetime, tmp_path: Path
) -> None:
    with app.app_context():
        with unit_of_work():
            other = actions.create_bank(
                name="Bản sao",
                unit_id=room.cast.province.id,
                unit_scope=room.cast.province.scope,
                actor=None,
                now=now,
            )
            for name, content in ((SAMPLE.name, SAMPLE.read_bytes()), ("a.gift", GIFT.encode())):
                actions.import_file(
                    bank=room.bank, content=content, file_name=name, actor=None, now=now
                )
        first = tmp_path / "bank.json"
        report, status = export_questions_command(room.bank.slug, "json", first)
        assert (status, report["written"], report["left_out"]) == (0, 72, 0)
        with unit_of_work():
            taken = actions.import_file(
                bank=other, content=first.read_bytes(), file_name="bank.json", actor=None, now=now
            )
            assert (taken.accepted, taken.rejected) == (72, 0)
        second = tmp_path / "again.json"
        export_questions_command(other.slug, "json", second)

        def known(path: Path) -> list[str]:
            entries = json.loads(path.read_text(encoding="utf-8"))["questions"]
            return sorted(json.dumps(entry, ensure_ascii=False) for entry in entries)

        assert known(second) == known(first)
        report, status = export_questions_command(room.bank.slug, "xlsx", tmp_path / "bank.xlsx")
        assert (status, report["written"], report["left_out"]) == (1, 67, 5)
        assert export_questions_command("none", "json", first)[1] == 2
        assert export_questions_command(room.bank.slug, "pdf", first)[1] == 2
        assert len(list(queries.export_questions(other.id))) == 72


def test_who_sees_the_bank_downloads_it_and_another_finds_nothing(
    app: Flask, room: Room, write: Callable[..., str], as_person: Callable[[Any], CheckingClient]
) -> None:
    write("Quê hương của Bác Hồ ở tỉnh nào?", topic="Tiểu sử")
    address = f"/banks/{room.bank.slug}/export/"
    lan, bao = as_person(room.cast.lan), as_person(room.cast.bao)
    for code, found in EXPORTS.items():
        answer = lan.get(address + code)
        assert answer.status_code == 200
        assert f"{room.bank.slug}.{found.suffix}" in answer.headers["Content-Disposition"]
        assert bao.get(address + code).status_code == 404
    assert lan.get(address + "pdf").status_code == 404
    with app.app_context():
        taken = db.session.scalars(
            select(AuditEvent.data).where(AuditEvent.kind == "question_bank.exported")
        ).all()
    assert list(taken) == [{"kind": code, "rows": 1} for code in EXPORTS]
    assert read_questions(lan.get(address + "json").data).accepted == 1
