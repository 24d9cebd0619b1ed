"""Secrets that are sealed before they are stored."""

from pathlib import Path

from flask import Flask

from contest.app import create_app
from contest.core.sealing import seal, unseal
from tests.conftest import make_settings


def test_what_is_sealed_is_opened_for_its_purpose_only(app: Flask) -> None:
    with app.app_context():
        sealed = seal("JBSWY3DPEHPK3PXP", purpose="second factor")
        assert "JBSWY3DPEHPK3PXP" not in sealed
        assert sealed != seal("JBSWY3DPEHPK3PXP", purpose="second factor")
        assert unseal(sealed, purpose="second factor") == "JBSWY3DPEHPK3PXP"
        assert unseal(sealed, purpose="something else") is None
        assert unseal(sealed[:-4] + "AAAA", purpose="second factor") is None
        assert unseal(None, purpose="second factor") is None
        assert unseal("JBSWY3DPEHPK3PXP", purpose="second factor") is None


def test_with_another_key_nothing_opens(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        sealed = seal("JBSWY3DPEHPK3PXP", purpose="second factor")
    other = create_app(
        make_settings(
            f"sqlite:///{tmp_path}/x.db", tmp_path, SECRET_KEY="another-key-0123456789-0123456789"
        )
    )
    with other.app_context():
        assert unseal(sealed, purpose="second factor") is None
