"""The server: `python -m contest --port 8000 --workers 2 --blocking-threads 4`.

It takes granian's options. The application is made here, before the workers are forked, so that
what it consists of lies in memory once (two workers on PostgreSQL: 242 MB instead of 310), a value
of the environment that cannot be used is told before anything runs, and a worker that dies is
replaced at once. Where a system starts processes anew instead of forking them, each worker makes
its own.
"""

import sys
from typing import Final

from granian.cli import cli

from contest.app import application
from contest.config import WrongSetting

_OURS: Final = (
    *("--interface", "wsgi", "--factory"),
    *("--log-level", "warning"),
    "--respawn-failed-workers",
)


def main() -> None:
    """Serve until stopped."""
    try:
        application()
    except WrongSetting as wrong:
        sys.exit(str(wrong))
    cli([*_OURS, *sys.argv[1:], "contest.app:application"], prog_name="python -m contest")


if __name__ == "__main__":
    main()
