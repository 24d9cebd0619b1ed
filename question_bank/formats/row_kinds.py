"""Telling question rows from titles, sections, totals and signatures."""

import re
from collections.abc import Mapping
from typing import Final

from contest.core.spreadsheets import Cell
from contest.core.vietnamese import fold
from question_bank.formats.headers import Column, Role, readable

_MANY_WORDS: Final = 12

_NUMBERED = re.compile(r"(?:cau )?[0-9]{1,6}[.)]?")
_DECORATION = re.compile(
    r"(?:[ivxl]{1,6}|[0-9]{1,2}|[a-h])\s*[.):\-/]\s*\S.*(?<![?])$"
    r"|(?:phan|chuong|muc|tuan|dot|ky|bai|chu de|chuyen de|nhom|khoi|part|section|chapter)\b.*"
    r"|(?:tong cong|tong so|tong|cong|total)\b.*|(?:ghi chu|luu y|note|chu thich)\b.*"
    r"|(?:nguoi|can bo|giao vien) (?:lap|bien soan|ra de|soan|duyet|phan bien|tong hop|kiem tra).*"
    r"|(?:tm|t/m|kt|tl|tuq)\b\.?.*|\(?(?:ky|da ky|ky ten|ky, )\b.*|noi nhan.*|xac nhan.*"
    r"|(?:.{0,40}, )?ngay\b.{0,12}thang\b.{0,12}nam\b.*"
    r"|(?:ban to chuc|truong ban|bi thu|pho bi thu|chu tich|thu ky|hieu truong|to truong)\b.*"
    r"|(?:dang cong san|cong hoa xa hoi|doc lap - tu do|dang uy|dang bo|uy ban).*"
    r"|(?:het|\*+|-+|\.+/?\.*)$"
)
_LOOKS_LIKE_A_QUESTION = re.compile(r".*(?:\?|:|…|\.\.\.)\s*$", re.DOTALL)


def _is_numbered(cells: Mapping[Column, Cell]) -> bool:
    number, own_id = cells.get(Role.NUMBER), cells.get(Role.ID)
    if number is not None and _NUMBERED.fullmatch(fold(number.line)):
        return True
    return own_id is not None and number is None and not _DECORATION.fullmatch(fold(own_id.line))


def is_decoration(cell: Cell | None) -> bool:
    """Does a cell read like a title, a section, a total or a signature (or is it empty)?"""
    if cell is None:
        return True
    text = readable(cell)
    return bool(_DECORATION.fullmatch(fold(text))) or (text.isupper() and "?" not in text)


def is_question(cells: Mapping[Column, Cell]) -> bool:
    """Is this row meant as a question, good or bad, or does it only decorate the table?"""
    options = sum(isinstance(role, int) for role in cells)
    stem, key = cells.get(Role.STEM), cells.get(Role.KEY)
    if options > 1:
        return True
    if _is_numbered(cells) and (stem or key or options):
        return True
    if stem is None:
        return False
    if is_decoration(stem) and not _LOOKS_LIKE_A_QUESTION.match(readable(stem)):
        return False
    if key is not None:
        return not is_decoration(key) or len(key.line) == 1
    text = readable(stem)
    return bool(_LOOKS_LIKE_A_QUESTION.match(text)) or len(text.split()) >= _MANY_WORDS
