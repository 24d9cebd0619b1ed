"""Settings refuse to start on a wrong value, by name."""

import stat

import pytest

from contest.config import WrongSetting, read_settings


@pytest.fixture
def environ(tmp_path):
    return {"INSTANCE_DIR": str(tmp_path / "instance")}


def test_without_settings_everything_stays_in_the_instance_folder(environ, tmp_path):
    settings = read_settings(environ)
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/guong-sang.sqlite3"
    assert settings.storage_url == (tmp_path / "instance" / "files").as_uri()
    assert (settings.demo, settings.secure_cookies, settings.is_sqlite) == (False, False, True)


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(environ, tmp_path):
    key = read_settings(environ).secret_key
    assert (len(key), read_settings(environ).secret_key) == (64, key)
    assert stat.S_IMODE((tmp_path / "instance" / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://somewhere/db"),
        ("DEMO", "yes"),
        ("READ_DATABASE_URL", "sqlite:///copy"),
        ("READ_DATABASE_URL", "postgresql:///copy"),  # of what? the database is SQLite
        ("REDIS_URL", "somewhere:6379"),
        ("STORAGE_URL", "/var/files"),
        ("SECRET_KEY", "short"),
        ("SMTP_URL", "mail.vidu.example"),
        ("TEXT_HOOK_URL", "tin-nhan.vidu.example"),
        ("PUBLIC_URL", "guong-sang.vidu.example"),
        ("STAFF_SECOND_FACTOR", "never"),
        ("TRUSTED_PROXIES", "-1"),
        ("LOG_LEVEL", "loud"),
        ("MAX_UPLOAD_BYTES", "12"),
        ("SECURE_COOKIES", "true"),
    ],
)
def test_a_wrong_value_is_named(environ, name, value):
    with pytest.raises(WrongSetting) as refused:
        read_settings({**environ, name: value})
    assert refused.value.name == name


def test_a_wrong_key_is_not_repeated_in_the_message(environ):
    with pytest.raises(WrongSetting) as refused:
        read_settings({**environ, "SECRET_KEY": "hush"})
    assert "hush" not in str(refused.value)


def test_a_password_in_an_address_is_not_repeated_in_the_message(environ):
    with pytest.raises(WrongSetting) as refused:
        read_settings({**environ, "DATABASE_URL": "mysql://lan:hu@sh@db.vidu.example/contest"})
    assert str(refused.value) == (
        "DATABASE_URL='mysql://…@db.vidu.example/contest': sqlite:///… or postgresql://… is expected"
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_uses_one_driver(environ, scheme):
    settings = read_settings({**environ, "DATABASE_URL": f"{scheme}://db.example/gs"})
    assert settings.database_url == "postgresql+psycopg://db.example/gs"


def test_behind_https_cookies_are_secure(environ):
    assert read_settings({**environ, "PUBLIC_URL": "https://gs.example/"}).secure_cookies
    assert read_settings({**environ, "PUBLIC_URL": "https://gs.example/"}).public_url == (
        "https://gs.example"
    )


def test_short_messages_are_never_posted_without_a_secret(environ):
    url = {"TEXT_HOOK_URL": "https://tin-nhan.vidu.example/zalo"}
    with pytest.raises(WrongSetting) as refused:
        read_settings({**environ, **url, "TEXT_HOOK_SECRET": "short"})
    assert refused.value.name == "TEXT_HOOK_SECRET"
    secret = "x" * 32
    assert read_settings({**environ, **url, "TEXT_HOOK_SECRET": secret}).text_hook_secret == secret
