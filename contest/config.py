"""Settings: one frozen dataclass, read from the environment once at start.

A wrong value refuses to start and names the variable, because a server that guesses its
settings is found out on the evening when it matters.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
RETENTION_DAYS: Final[dict[str, int]] = {
    "sign_ins": 90,
    "codes": 30,
    "letters": 30,
    "job_reports": 90,
    "audit_traces": 90,
    "attempt_traces": 90,
    "fairness_findings": 90,
    "data_copies": 1,
    "made_files": 7,
    "rosters": 180,
    "drafts": 180,
    "subjects": 365,
    "unit_confirmations": 365,
    "screening_remarks": 365,
    "late_reasons": 365,
    "jury_lists": 180,
}
"""For how many days what is kept for a while only; `docs/retention.md` says what each means."""

_ACCOUNT: Final = re.compile(r"(?<=//).*@")
"""Who signs in with which password, in an address: a message goes into logs."""


class WrongSetting(Exception):
    """A variable of the environment has a value that cannot be used."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        shown = _ACCOUNT.sub("…@", value)
        super().__init__(f"{name}={shown!r}: {wanted}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between two installations.

    Attributes:
        database_url: SQLAlchemy URL; `sqlite:///…` or `postgresql+psycopg://…`.
        read_database_url: a PostgreSQL that follows it, which reports read; empty = there is none.
        ledger_partitions: each round's answers get a partition at its opening (PostgreSQL).
        redis_url: Redis for shared request limits; empty = counted in the process.
        storage_url: `file:///…` or `s3://bucket/prefix` for uploads.
        secret_key: signs cookies and CSRF tokens.
        instance: folder for what belongs to this installation.
        demo: sign-ins of the demo and the development mailbox are on.
        smtp_url: `smtp://user:password@host:port`; empty = mail stays in the mail table.
        mail_from: sender of mail.
        text_hook_url: where short messages are handed over; empty = none are written.
        text_hook_secret: signs them.
        public_url: address under which people reach the site, for links in mail.
        secure_cookies: cookies travel over HTTPS only.
        staff_second_factor: `offered` or `required` for roles with power over others.
        trusted_proxies: how many reverse proxies stand in front (X-Forwarded-For).
        log_level: level of the log on standard error.
        max_upload_bytes: largest request body of an upload form.
        retention_days: for how long what is kept for a while only; None for ever.
    """

    database_url: str
    read_database_url: str
    ledger_partitions: bool
    redis_url: str
    storage_url: str
    secret_key: str
    instance: Path
    demo: bool
    smtp_url: str
    mail_from: str
    text_hook_url: str
    text_hook_secret: str
    public_url: str
    secure_cookies: bool
    staff_second_factor: str
    trusted_proxies: int
    log_level: str
    max_upload_bytes: int
    retention_days: Mapping[str, int | None]

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def _flag(environ: Mapping[str, str], name: str, default: str) -> bool:
    value = environ.get(name, default)
    if value not in {"0", "1"}:
        raise WrongSetting(name, value, "0 or 1 is expected")
    return value == "1"


def _whole(environ: Mapping[str, str], name: str, default: int, least: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise WrongSetting(name, value, f"a whole number from {least} is expected")
    return int(value)


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environ.get(name, choices[0])
    if value not in choices:
        raise WrongSetting(name, value, "one of " + ", ".join(choices) + " is expected")
    return value


def _scheme(environ: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> str:
    value = environ.get(name, default)
    if value and not value.startswith(schemes):
        raise WrongSetting(name, value, "it must begin with " + " or ".join(schemes))
    return value


def _with_driver(value: str) -> str:
    for short in ("postgresql://", "postgres://"):
        if value.startswith(short):
            return "postgresql+psycopg://" + value.removeprefix(short)
    return value


def _read_database_url(environ: Mapping[str, str]) -> str:
    value = _with_driver(environ.get("READ_DATABASE_URL", ""))
    if value and not value.startswith("postgresql+psycopg://"):
        raise WrongSetting("READ_DATABASE_URL", value, "postgresql://… is expected")
    if value and not _with_driver(environ.get("DATABASE_URL", "")).startswith("postgresql"):
        raise WrongSetting("READ_DATABASE_URL", value, "only a PostgreSQL can be followed")
    return value


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    value = _with_driver(environ.get("DATABASE_URL", ""))
    value = value or f"sqlite:///{instance / 'guong-sang.sqlite3'}"
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting("DATABASE_URL", value, "sqlite:///… or postgresql://… is expected")
    return value


def _retention_days(environ: Mapping[str, str]) -> dict[str, int | None]:
    """The defaults with what `RETENTION_DAYS` says: "letters=14 rosters=never"."""
    days: dict[str, int | None] = dict(RETENTION_DAYS)
    value = environ.get("RETENTION_DAYS", "")
    for part in value.split():
        code, _equals, number = part.partition("=")
        if code not in days:
            raise WrongSetting(
                "RETENTION_DAYS", part, "one of " + ", ".join(sorted(days)) + " is expected"
            )
        if number != "never" and not (number.isdecimal() and int(number) >= 1):
            raise WrongSetting("RETENTION_DAYS", part, "days from 1, or never, are expected")
        days[code] = None if number == "never" else int(number)
    return days


def _secret_key(environ: Mapping[str, str], instance: Path) -> str:
    """The key from the environment, else one made on the first run and kept in `instance/`."""
    value = environ.get("SECRET_KEY", "")
    if value:
        if len(value) < 32:  # noqa: PLR2004  (256 bits written in hexadecimal are 64 signs)
            raise WrongSetting("SECRET_KEY", "…", "at least 32 signs are expected")
        return value
    path = instance / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key


def _text_hook_secret(environ: Mapping[str, str]) -> str:
    value = environ.get("TEXT_HOOK_SECRET", "")
    if environ.get("TEXT_HOOK_URL") and len(value) < 32:  # noqa: PLR2004  (as the secret key)
        raise WrongSetting("TEXT_HOOK_SECRET", "…", "at least 32 signs are expected")
    return value


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`.

    Raises:
        WrongSetting: a value cannot be used; the message names the variable.
    """
    instance = Path(environ.get("INSTANCE_DIR") or PROJECT_ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    return Settings(
        database_url=_database_url(environ, instance),
        read_database_url=_read_database_url(environ),
        ledger_partitions=_flag(environ, "LEDGER_PARTITIONS", "0"),
        redis_url=_scheme(environ, "REDIS_URL", "", ("redis://", "rediss://", "unix://")),
        storage_url=_scheme(
            environ, "STORAGE_URL", (instance / "files").as_uri(), ("file:///", "s3://")
        ),
        secret_key=_secret_key(environ, instance),
        instance=instance,
        demo=_flag(environ, "DEMO", "0"),
        smtp_url=_scheme(environ, "SMTP_URL", "", ("smtp://", "smtps://")),
        mail_from=environ.get("MAIL_FROM", "Gương Sáng <khong-tra-loi@guong-sang.example>"),
        text_hook_url=_scheme(environ, "TEXT_HOOK_URL", "", ("http://", "https://")),
        text_hook_secret=_text_hook_secret(environ),
        public_url=_scheme(
            environ, "PUBLIC_URL", "http://127.0.0.1:8000", ("http://", "https://")
        ).rstrip("/"),
        secure_cookies=_flag(environ, "SECURE_COOKIES", "0" if _is_local(environ) else "1"),
        staff_second_factor=_choice(environ, "STAFF_SECOND_FACTOR", ("offered", "required")),
        trusted_proxies=_whole(environ, "TRUSTED_PROXIES", 0, 0),
        log_level=_choice(environ, "LOG_LEVEL", ("info", "debug", "warning", "error")),
        max_upload_bytes=_whole(environ, "MAX_UPLOAD_BYTES", 20 * 1024 * 1024, 1024),
        retention_days=_retention_days(environ),
    )


def _is_local(environ: Mapping[str, str]) -> bool:
    """Whether the site is served without HTTPS, where secure cookies would never come back."""
    return not environ.get("PUBLIC_URL", "").startswith("https://")
