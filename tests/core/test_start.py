"""What the start of a server does not wait for."""

import json
import subprocess
import sys

from contest.config import PROJECT_ROOT

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
