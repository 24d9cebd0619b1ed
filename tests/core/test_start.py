"""What the start of a server does not wait for, and what becomes of its workers."""

import json
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from contest.config import PROJECT_ROOT
from tests.support.server import running_server

SERVE = """
import json, sys
from contest.app import create_app
create_app()
print(json.dumps(sorted(sys.modules)))
"""
SLOW = {
    "alembic",
    "contest.cli",
    "contest.demo",
    "mammoth",
    "numpy",
    "pypdf",
    "scipy",
    "xlsxwriter",
}


def test_a_server_imports_nothing_that_only_commands_and_few_requests_need(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SERVE],
        cwd=PROJECT_ROOT,
        env={"INSTANCE_DIR": str(tmp_path), "SECRET_KEY": "k" * 40, "LOG_LEVEL": "error"},
        stdout=subprocess.PIPE,
        check=True,
    )
    assert SLOW & set(json.loads(done.stdout)) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel which workers there are")
def test_a_worker_that_dies_is_replaced_and_the_server_goes_on(database, instance, tmp_path):
    environment = {
        "DATABASE_URL": database.url,
        "INSTANCE_DIR": str(instance),
        "SECRET_KEY": "k" * 40,
        "LOG_LEVEL": "error",
    }
    with running_server(environment, log=tmp_path / "server.log", workers=1) as server:
        died = _worker_of(server.pid)
        os.kill(died, signal.SIGKILL)
        replaced = _wait_for_another(server.pid, died)
        line = HTTPConnection("127.0.0.1", server.port, timeout=30)
        line.request("GET", "/sign-in")
        assert line.getresponse().status == 200
        assert _worker_of(server.pid) == replaced


def test_a_value_that_cannot_be_used_is_told_in_a_line_before_the_server_begins(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "contest", "--port", "0"],
        cwd=PROJECT_ROOT,
        env={"INSTANCE_DIR": str(tmp_path), "REDIS_URL": "somewhere:6379"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "REDIS_URL='somewhere:6379': it must begin with redis:// or rediss:// or unix://\n",
    )


def _worker_of(parent: int) -> int | None:
    """The one process that it has forked, from what the kernel tells."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(children[0]) if children else None


def _wait_for_another(parent: int, died: int) -> int:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = _worker_of(parent)
        if found not in (None, died):
            return found
        time.sleep(0.05)
    raise AssertionError("the worker was not replaced")
