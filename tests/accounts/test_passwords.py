"""Passwords: the hash that stands in for none, and a server that is short of memory."""

import subprocess
import sys

import pytest

from contest.accounts.rules import needs_rehash, password_matches
from contest.accounts.rules.passwords import NOBODY
from contest.config import PROJECT_ROOT

pytestmark = pytest.mark.sqlite_only

SHORT_OF_MEMORY = """
import resource
from pathlib import Path
from contest.accounts.rules import hash_password, password_matches

kept = hash_password("mật khẩu đúng")
assert password_matches(kept, "mật khẩu đúng")
assert not password_matches(kept, "mật khẩu sai")
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 4_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
for password in ("mật khẩu đúng", "mật khẩu sai"):
    try:
        print(password_matches(kept, password))
    except MemoryError:
        print("no memory")
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(password_matches(kept, "mật khẩu đúng"), password_matches(kept, "mật khẩu sai"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process holds")
def test_lack_of_memory_is_not_a_wrong_password() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    told = (done.stdout.splitlines(), done.stderr)
    assert told == (["no memory", "no memory", "True False"], "")


def test_the_stand_in_costs_what_todays_hashes_cost_and_lets_nobody_in() -> None:
    assert not needs_rehash(NOBODY)
    assert not password_matches(NOBODY, "nobody has this password")
    assert not password_matches(None, "nobody has this password")
