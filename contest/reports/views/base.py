"""The blueprint of the reports room."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("reports", __name__)
