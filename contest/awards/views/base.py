"""The blueprint of the awards room."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("awards", __name__)
