"""Pictures, sounds and formulas: scrubbed, named in texts, shown to who may see them."""

import io
import struct
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from contest.core.db import db
from contest.core.errors import BadFile
from contest.core.transactions import unit_of_work
from question_bank import actions
from question_bank.media import Medium, MediumKind, plain, refs_in, without_media
from question_bank.media.mathml import read_formula
from question_bank.media.reading import read_medium
from question_bank.media.typeset import typeset
from question_bank.models import Question, QuestionMedium, QuestionState
from question_bank.rules import MediaUndescribed
from question_bank.shown import with_media
from tests.question_bank.conftest import Room
from tests.support.cast import actor_of
from tests.support.pages import CheckingClient

SignIn = Callable[[Any], CheckingClient]
HOUSE = "Ngôi nhà sàn bên ao cá"


def picture(color: str = "#a31f1f", kind: str = "PNG", **options: Any) -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(file, kind, **options)
    return file.getvalue()


def with_place() -> bytes:
    """A photograph that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Nha ba Lan, ngo 5"
    return picture(kind="JPEG", exif=exif.tobytes())


def mp3(frames: int = 4) -> bytes:
    """An MP3 with a title: frames of 417 bytes (128 kbit/s, 44.1 kHz)."""
    title = b"ID3\x04\0\0" + bytes((0, 0, 0, 20)) + b"Bai hat cua thay Minh"[:20]
    return title + frames * (b"\xff\xfb\x90\0" + bytes(413)) + b"TAG" + b"Thay Minh".ljust(125)


def wave() -> bytes:
    """A WAV file with a list of names in it."""
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    names = b"LIST" + struct.pack("<I", 10) + b"INFOIARTMi"
    data = b"data" + struct.pack("<I", 4) + b"\1\2\3\4"
    body = b"WAVE" + form + names + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_what_stands_beside_a_picture_is_gone_and_the_rest_stays_as_it_is() -> None:
    sent = with_place()
    assert b"Nha ba Lan" in sent
    read = read_medium(sent, HOUSE)
    assert b"Nha ba Lan" not in read.content
    assert (read.kind, read.width, read.height) == (MediumKind.PICTURE, 60, 40)
    again = read_medium(read.content, HOUSE)
    assert (again.content, again.ref) == (read.content, read.ref)
    tailed = read_medium(picture() + b"<script>", HOUSE)
    assert b"<script>" not in tailed.content


def test_other_words_make_another_medium() -> None:
    first, second = read_medium(picture(), HOUSE), read_medium(picture(), "Nhà rường")
    assert first.ref != second.ref
    assert read_medium(picture(), "", is_decorative=True).is_described
    assert not read_medium(picture()).is_described


def test_titles_and_names_of_a_sound_are_gone() -> None:
    song = read_medium(mp3(), "Tiếng hát ru xứ Nghệ")
    assert (song.kind, song.media_type, len(song.content)) == (MediumKind.SOUND, "audio/mpeg", 1668)
    assert b"Minh" not in song.content
    talk = read_medium(wave(), "Lời đọc Tuyên ngôn")
    assert talk.media_type == "audio/wav"
    assert b"IART" not in talk.content
    assert read_medium(talk.content, talk.words).content == talk.content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<svg onload='alert(1)'/>", "svg"),
        (picture()[:60], "damaged"),
        (b"RIFF\0\0\0\0WAVEjunk", "not_a_sound"),
        (b"ID3\x04\0\0\0\0\0\0rest", "not_a_sound"),
        (b"GIF89a whatever", "not_a_picture"),
    ],
)
def test_what_is_no_medium_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_medium(content, HOUSE)
    assert refused.value.code == code


def test_a_formula_keeps_nothing_but_mathematics() -> None:
    read = read_formula(
        '<math xmlns="http://www.w3.org/1998/Math/MathML" onclick="steal()" display="block">'
        '<mfrac><mrow><mi>a</mi><mo>+</mo><mi href="javascript:1" style="x">b</mi></mrow>'
        "<msup><mi>c</mi><mn>2</mn></msup></mfrac><script>steal()</script>"
        '<annotation-xml encoding="text/html"><img src="x"/></annotation-xml></math>'
    )
    assert read.words == "(a+b)/c²"
    for bad in ("onclick", "href", "style", "script", "steal", "img", "annotation"):
        assert bad not in read.markup
    assert read_formula(read.markup).ref == read.ref
    for broken in (
        "<math>",
        "<p>x</p>",
        "<math/>",
        '<!DOCTYPE m [<!ENTITY e "x">]><math>&e;</math>',
    ):
        with pytest.raises(BadFile):
            read_formula(broken)


def test_a_text_shows_its_media_or_says_them_in_words() -> None:
    seen = Medium("a" * 20, MediumKind.PICTURE, 'Nhà "sàn"', width=60, height=40)
    text = f"Ngôi nhà <này> ⟦m:{'a' * 20}⟧ ⟦m:{'b' * 20}⟧ ở đâu?"
    shown = str(with_media(text, {seen.ref: seen}, "/media/"))
    assert shown.startswith("Ngôi nhà &lt;này&gt; <img")
    assert f'src="/media/{"a" * 20}" alt="Nhà &#34;sàn&#34;" width="60" height="40"' in shown
    assert "b" * 20 not in shown
    assert plain(text, {seen.ref: seen}) == 'Ngôi nhà <này> [Nhà "sàn"] ở đâu?'
    assert without_media(text) == "Ngôi nhà <này> ở đâu?"
    assert list(refs_in({"a": [text]})) == ["a" * 20, "b" * 20]


def standing(app: Flask) -> tuple[QuestionState, int, str]:
    """State, number of the version and stem of the one question there is."""
    with app.app_context():
        question = db.session.scalars(select(Question)).one()
        assert question.revision is not None
        return question.state, question.revision.number, question.revision.stem


def test_lan_puts_a_picture_into_a_question_and_needs_words_for_it(
    app: Flask, room: Room, as_person: SignIn
) -> None:
    lan = as_person(room.cast.lan)
    new = f"/banks/{room.bank.slug}/questions/new?kind=single"
    values = {
        "stem": "Ngôi nhà trong hình là nhà gì?",
        "options-0-text": "Nhà sàn",
        "options-1-text": "Nhà rường",
        "key": "0",
        "difficulty": "medium",
        "topic_id": "0",
        "mark": "1",
        "medium_place": "stem",
    }

    def send(**more: str) -> Any:
        file = (io.BytesIO(with_place()), "dap an la nha san.jpg")
        return lan.post(new, data={**values, **more, "medium_file": file})

    refused = send()
    assert refused.status_code == 422
    assert "Say what is seen or heard, or tick that it is decorative." in refused.text
    saved = send(medium_words=HOUSE)
    assert saved.status_code == 302
    page = lan.page(saved.headers["Location"])
    (image,) = page.all("//h:article//h:img")
    assert image.get("alt") == HOUSE
    fetched = lan.get(image.get("src"))
    assert fetched.mimetype == "image/jpeg"
    assert "nha" not in fetched.headers["Content-Disposition"]
    assert b"Nha ba Lan" not in fetched.data
    assert as_person(room.cast.bao).get(image.get("src")).status_code == 404
    listed = lan.page(f"/banks/{room.bank.slug}").text
    assert "Ngôi nhà trong hình là nhà gì?" in listed
    assert "⟦" not in listed


def test_other_words_for_a_picture_are_a_new_version(
    app: Flask, room: Room, as_person: SignIn, write: Callable[..., str], now: Any
) -> None:
    silent = read_medium(picture())
    with app.app_context(), unit_of_work():
        actions.keep_media(bank_id=room.bank.id, media=[silent], actor=None, now=now)
    public_id = write(f"Hình này là gì? {silent.token}")
    lan = as_person(room.cast.lan)
    address = f"/banks/{room.bank.slug}/questions/{public_id}"
    step = lan.submit(address, {"to": "approved"}, action="state")
    assert step.status_code == MediaUndescribed.status
    saved = lan.submit(f"{address}/edit", {f"words-{silent.ref}": HOUSE}, action="edit")
    assert saved.status_code == 302
    state, number, stem = standing(app)
    assert (state, number) == (QuestionState.DRAFT, 2)
    assert silent.ref not in stem
    assert lan.submit(address, {"to": "approved"}, action="state").status_code == 302
    assert standing(app)[0] is QuestionState.APPROVED


def test_a_copy_in_another_bank_brings_its_pictures_along(
    app: Flask, room: Room, write: Callable[..., str], now: Any
) -> None:
    seen = read_medium(picture(), HOUSE)
    with app.app_context():
        with unit_of_work():
            actions.keep_media(bank_id=room.bank.id, media=[seen], actor=None, now=now)
        write(f"Hình này là gì? {seen.token}")
        with unit_of_work():
            other = actions.create_bank(
                name="Bản sao",
                unit_id=room.cast.province.id,
                unit_scope=db.session.merge(room.cast.province).scope,
                actor=None,
                now=now,
            )
            question = db.session.scalars(select(Question)).one()
            actor = actor_of(db.session.merge(room.cast.lan), now)
            actions.copy_question(bank=other, question=question, actor=actor, now=now)
            kept = db.session.scalars(
                select(QuestionMedium).where(QuestionMedium.bank_id == other.id)
            ).one()
            assert (kept.ref, kept.words) == (seen.ref, HOUSE)


def test_texts_for_print_are_lines_of_pieces_and_formulas_keep_their_tree() -> None:
    house, song = read_medium(picture(), "Nhà sàn"), read_medium(mp3(), "Hát ru")
    half = read_formula("<math><mfrac><mi>x</mi><mn>2</mn></mfrac></math>")
    media = {
        each.ref: Medium(each.ref, each.kind, each.words, each.markup, width=40, height=30)
        for each in (house, song, half)
    }
    text = f"Nhà nào?\n{house.token} và [[1]] {half.token}⟦m:{'a' * 20}⟧"
    tree = {
        "n": "math",
        "c": [{"n": "mfrac", "c": [{"n": "mi", "x": "x"}, {"n": "mn", "x": "2"}]}],
    }
    shown = {"picture": house.ref, "width": 40, "height": 30, "words": "Nhà sàn"}
    first, second = typeset(text, media, with_gaps=True)
    assert first == [{"text": "Nhà nào?"}]
    assert second == [shown, {"text": " và "}, {"gap": 1}, {"text": " "}, {"formula": tree}]
    assert typeset("[[1]]", media) == [[{"text": "[[1]]"}]]
    assert typeset(song.token, media) != [[]]
