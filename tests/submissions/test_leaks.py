"""Seven things that tell who wrote, searched for in every byte that a judge can fetch.

Each of them exists on the platform (that is asserted too) and none of them reaches Hoa, Tú or Cúc,
whatever they open.
"""

import io
from datetime import timedelta

import pytest
from PIL import Image

from contest.core.db import db
from contest.core.files import StoredFile, read_file
from contest.judging.actions import JudgingSettings
from contest.submissions.models import Work, WorkFile
from tests.submissions.test_blindness import NAMES, expected_of
from tests.support.telling import (
    CAMERA,
    COMPUTER,
    Told,
    fetched,
    judged_round,
    leaks,
    unzipped,
)


@pytest.fixture
def judged(live):
    """The three essays with their judges; what must not be told."""
    settings = JudgingSettings(marks_due_at=live.now + timedelta(days=9))
    told, judges, _jury = judged_round(live, settings)
    return told, judges


def test_nothing_that_tells_who_wrote_reaches_a_judge(live, signed_in, judged):
    told, judges = judged
    everything: dict[str, bytes] = {}
    for person in judges:
        client = signed_in(person)
        pages = fetched(client)
        sheets = [each for each in pages if each.startswith("/judge/sheets/")]
        pictures = [each for each in pages if each.startswith("/blind/")]
        assert len([each for each in sheets if "/abstain" not in each]) == 2
        assert len(pictures) == 4
        for each in pictures:
            with Image.open(io.BytesIO(client.get(each).data)) as drawn:
                assert not drawn.getexif()
                assert not {"comment", "xmp", "icc_profile", "exif"} & set(drawn.info)
            assert "Last-Modified" not in client.get(each).headers
        assert leaks(pages, told) == []
        everything |= pages
    # The subjects stay, and what was hidden is shown as hidden.
    words = b"".join(everything.values()).decode("utf-8", "replace")
    for name in NAMES:
        assert expected_of(name)["subject"]["name"] in words
    assert "tên đã ẩn" in words
    assert "liên hệ đã ẩn" in words


def test_what_could_leak_is_there(live, judged):
    """The test above would find nothing if there were nothing."""
    told, _judges = judged
    with live.app.app_context():
        for each in told:
            work = db.session.get_one(Work, each.work_id)
            author = work.authors[0]
            known = [author.full_name, work.person.email, work.person.phone, author.unit_name]
            documents = [file for file in work.files if file.clean_id is None]
            known += [file.original.original_name for file in documents]
            (document,) = documents
            raw = unzipped(read_file(document.original_id))
            for string in known:
                assert string in each.strings, string
            assert COMPUTER.encode() in raw
        # A photograph is kept only as drawn anew: even the secretary has no camera data.
        kept = db.session.query(StoredFile).join(WorkFile, WorkFile.clean_id == StoredFile.id)
        for file in kept:
            assert CAMERA.encode() not in read_file(file.id)


def test_a_judge_reaches_no_address_of_authors_or_secretary(live, signed_in, judged):
    told, judges = judged
    with live.app.app_context():
        works = [db.session.get_one(Work, each.work_id) for each in told]
        ids = [work.public_id for work in works]
        files = [file.public_id for work in works for file in work.files]
    desk = f"/organise/contests/{live.slug}/rounds/1"
    wanted = [f"/essays/{each}" for each in ids] + [f"/essays/{each}/preview" for each in ids]
    wanted += [f"/essays/files/{each}" for each in files]
    wanted += [f"{desk}/screening/{each}" for each in ids]
    wanted += [f"{desk}/screening/files/{each}" for each in files]
    wanted += [f"{desk}/screening", f"{desk}/copies", f"{desk}/assignment", f"{desk}/marking"]
    for person in judges:
        client = signed_in(person)
        reached = {each: client.get(each) for each in wanted}
        assert {answer.status_code for answer in reached.values()} <= {403, 404}
        pages = {each: answer.data for each, answer in reached.items()}
        # An address that was asked for stands in the page that says it is not there.
        strings = [Told(each.work_id, {**each.strings}) for each in told]
        for each, public_id in zip(strings, ids, strict=True):
            each.strings.pop(public_id)
        assert leaks(pages, strings) == []
