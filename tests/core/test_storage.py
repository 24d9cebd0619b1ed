"""Files in a local folder and in S3-compatible storage: kept, read, thrown away, missing."""

import logging
from http.client import HTTPConnection

import obstore
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from contest.core import files, jobs
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work

pytestmark = pytest.mark.sqlite_only
CONTENT = "Bài viết có dấu".encode() * 1000


@pytest.fixture(scope="module")
def s3():
    """A server that speaks S3, on a free port; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    line = HTTPConnection("127.0.0.1", port)
    line.request("PUT", "/tep")
    assert line.getresponse().status == 200
    line.close()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def app_options(request, monkeypatch):
    """Storage is chosen by the environment alone."""
    if request.param == "folder":
        return {}
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3"))
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_REGION", "ap-southeast-1")
    return {"STORAGE_URL": "s3://tep/cuoc-thi"}


def kept(now):
    with unit_of_work():
        return files.store_file(
            CONTENT, name="bài viết.docx", media_type="text/plain", actor=None, now=now
        ).id


def keys(store):
    return {found["path"] for page in obstore.list(store) for found in page}


def test_a_file_comes_back_as_it_was_and_its_name_stands_in_no_path(context, now):
    file_id = kept(now)
    assert files.read_file(file_id) == CONTENT
    row = db.session.get_one(files.StoredFile, file_id)
    assert (row.byte_size, row.original_name) == (len(CONTENT), "bài viết.docx")
    assert row.storage_key in keys(files.file_store())
    assert not any("bài" in key or "docx" in key for key in keys(files.file_store()))


def test_bytes_go_when_nothing_names_them_and_going_twice_is_no_trouble(context, now):
    file_id, other_id = kept(now), kept(now)
    key = db.session.get_one(files.StoredFile, file_id).storage_key
    end_read()
    with unit_of_work():
        assert files.discard_files([file_id, 10_000], now=now) == 1
    assert key in keys(files.file_store())
    payload = db.session.scalars(
        select(jobs.Job.payload).where(jobs.Job.kind == "core.discard_bytes")
    ).one()
    end_read()
    for _time in range(2):
        files.discard_bytes(jobs.JobRun(1, payload, None, now))
    assert key not in keys(files.file_store())
    assert files.read_file(other_id) == CONTENT


def test_bytes_that_are_missing_say_so(context, now):
    file_id = kept(now)
    key = db.session.get_one(files.StoredFile, file_id).storage_key
    obstore.delete(files.file_store(), key)
    with pytest.raises(FileNotFoundError):
        files.read_file(file_id)


def test_a_rollback_leaves_no_row(context, now):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        files.store_file(CONTENT, name="a", media_type="text/plain", actor=None, now=now)
        raise ZeroDivisionError
    assert db.session.scalars(select(files.StoredFile)).all() == []
